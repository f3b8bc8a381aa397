//! A million clients in one process: what a server sees when it has lost them all at once, and they come back.
//!
//! ```text
//! cargo run --release --example herd                            # 200 MB and some seconds
//! cargo run --release --example herd -- --svg docs/herd.svg     # the picture in the documentation of `Policy`
//! cargo run --release --example herd -- --seconds               # every number behind it
//! ```
//!
//! `EventSource` has no clock and no network. So time is a number here that goes up as fast as the processor can count, and
//! the server is a function. `simulation` is all of that; `report` prints, and `chart` draws.

mod args;
mod chart;
mod report;
mod simulation;

use args::{Command, Options};
use simulation::{Client, Outcome, Server};
use sse_wire::client::Policy;
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

/// The three ways to come back. The second is what back-off does without jitter: its waits are the mean waits of the third.
const CLIENTS: [Client; 3] = [
    Client {
        name: "STANDARD",
        about: "waits 3 s, each time; every status but 200 is final",
        policy: Policy::STANDARD,
        has_jitter: false,
    },
    Client {
        name: "without jitter",
        about: "waits 4.5, 6, 9, 15, 18, 18, … s: the means of RESILIENT, but all clients in step",
        policy: Policy::RESILIENT,
        has_jitter: false,
    },
    Client {
        name: "RESILIENT",
        about: "waits 3 s and a random time of up to 3, 6, 12, 24, 30, 30, … s",
        policy: Policy::RESILIENT,
        has_jitter: true,
    },
];

/// A server, and how to show what becomes of it.
struct Scenario {
    /// What it is called in the output for programs.
    name: &'static str,
    title: String,
    detail: String,
    server: Server,
    /// For how long to show it, in seconds, and how far apart the ticks are.
    shown: usize,
    tick: usize,
}

/// The three ways to be gone. The limit of the last one is in proportion to the number of clients.
fn scenarios(clients: u32) -> [Scenario; 3] {
    let limit = clients.div_ceil(20);
    [
        Scenario {
            name: "restart",
            title: "The server restarts".to_owned(),
            detail: "and is back after a second".to_owned(),
            server: Server { back: 1000, limit: u32::MAX },
            shown: 8,
            tick: 1,
        },
        Scenario {
            name: "away",
            title: "It is away for a minute".to_owned(),
            detail: "and connections are refused".to_owned(),
            server: Server { back: 60_000, limit: u32::MAX },
            shown: 96,
            tick: 20,
        },
        Scenario {
            name: "limit",
            title: format!("It accepts {} a second", report::grouped(limit.into())),
            detail: "and answers 503 to the others".to_owned(),
            server: Server { back: 1000, limit },
            shown: 330,
            tick: 60,
        },
    ]
}

/// What became of a scenario with each of the [`CLIENTS`].
type Outcomes = [Outcome; CLIENTS.len()];

fn main() -> ExitCode {
    let options = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(options)) => options,
        Ok(Command::Help) => {
            let _ = io::stdout().write_all(args::HELP.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(mistake) => {
            let _ = writeln!(io::stderr(), "herd: {mistake}; {}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has seen enough of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "herd: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if !options.seconds {
        report::heading(&mut out, options.clients)?;
    }
    let mut results = Vec::new();
    for scenario in scenarios(options.clients) {
        let outcomes = CLIENTS.each_ref().map(|client| simulation::run(client, &scenario.server, options.clients));
        if options.seconds {
            report::seconds(&mut out, &scenario, &outcomes)?;
        } else {
            report::summary(&mut out, &scenario, &outcomes, options.clients)?;
        }
        results.push((scenario, outcomes));
    }
    if let Some(file) = &options.svg {
        fs::write(file, chart::draw(&results, options.clients))?;
    }
    Ok(())
}
