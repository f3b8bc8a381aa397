//! Races sse-wire against its peers: `peers measure FILE SECONDS`, then `peers render DATE FULL BARE TABLE CHART`.
//! `benches/compare.sh` does both.

#[path = "../../common/mod.rs"]
mod common;

mod chart;
mod growth;
mod lap;
mod race;
mod readers;
mod results;
mod table;
mod targets;
mod writers;

use results::Results;
use std::fs;
use std::process::Command;
use std::time::Duration;

type Anything<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Anything {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(|argument| &argument[..]).collect::<Vec<_>>()[..] {
        ["measure", file, seconds] => measure(file, seconds.parse()?),
        ["render", date, full, bare, table, chart] => {
            let read = |file: &str| -> Anything<Results> {
                Ok(Results::read(&fs::read_to_string(file)?).ok_or("not a file of results")?)
            };
            let (full, bare) = (read(full)?, read(bare)?);
            fs::write(table, table::table(date, &full, &bare))?;
            fs::write(chart, chart::chart(date, &full))?;
            Ok(())
        }
        _ => Err("usage: peers measure FILE SECONDS | peers render DATE FULL BARE TABLE CHART".into()),
    }
}

/// Takes so many seconds for each task.
fn measure(file: &str, seconds: f64) -> Anything {
    let time = Duration::from_secs_f64(seconds);
    let mut results = Results { about: about()?, rows: Vec::new() };
    results.rows.extend(race::read_all(time));
    results.rows.extend(race::write_all(time));
    results.rows.extend(growth::run(time));
    Ok(fs::write(file, results.write())?)
}

/// What the figures depend on.
fn about() -> Anything<Vec<(String, String)>> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("?", |it| it.1);
    let cores = std::thread::available_parallelism()?;
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let rustc = String::from_utf8(Command::new("rustc").arg("-V").output()?.stdout)?;
    let features = if cfg!(feature = "full") { "default features, simdutf8 and std" } else { "no features" };
    let lock = include_str!("../Cargo.lock");
    let version = |name: &str| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", rest.split_once('"')?.0))
    };
    let versions =
        ["sse-wire", "sse-core", "sse-parse", "sse-stream", "sseer", "eventsource-stream", "axum", "russe", "memchr"];
    Ok([
        ("machine", format!("{model}, {cores} cores, {} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("load", load.split(' ').next().unwrap_or("?").into()),
        ("rustc", rustc.trim().into()),
        ("features", features.into()),
        ("versions", versions.into_iter().filter_map(version).collect::<Vec<_>>().join(", ")),
    ]
    .map(|(name, value)| (name.into(), value))
    .into())
}
