//! What was promised, and what was measured. Every figure is a ratio of speeds within one run.

use crate::common::corpora::{Corpus, NAMES};
use crate::growth;
use crate::race::CHUNKS;
use crate::results::Results;
use crate::{readers, writers};

/// One promise.
pub struct Target {
    pub what: String,
    pub wanted: f64,
    pub got: f64,
    /// Where it was measured, and what falls short.
    pub detail: String,
}

impl Target {
    pub fn is_met(&self) -> bool {
        self.got >= self.wanted
    }
}

/// Our speed against another at one task.
struct Cell {
    label: String,
    ratio: f64,
}

/// Events of one data line.
const SIMPLE: [&str; 6] = ["openai", "anthropic", "ticker", "crlf", "unicode", "tiny"];
const LARGE: [&str; 3] = ["whole", "16384", "1460"];

fn cells(results: &Results, part: &str, corpora: &[&str], sizes: &[&str], ours: &str, others: &[&str]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for corpus in corpora {
        for size in sizes {
            let other = results.best(part, corpus, size, others);
            if let (Some(speed), Some((other, name))) = (results.speed(part, corpus, size, ours), other) {
                let size = if part == "read" { format!(" {size}") } else { String::new() };
                cells.push(Cell { label: format!("{corpus}{size} ({name})"), ratio: speed / other });
            }
        }
    }
    cells
}

/// All promises, each lowered to `share` of itself.
pub fn targets(results: &Results, share: f64) -> Vec<Target> {
    let all = NAMES.map(|(name, _)| name);
    let long_lines = |name: &&'static str| Corpus::new(name, 64 << 10).longest_line() >= 100;
    let (long, short): (Vec<&str>, Vec<&str>) = NAMES.iter().map(|(name, _)| *name).partition(long_lines);
    let simple_long: Vec<&str> = long.iter().copied().filter(|name| *name != "long").collect();
    let written = all.map(|name| if name == "crlf" { "" } else { name });

    let mut targets = Vec::new();
    let mut each = |what: &str, wanted: f64, cells: Vec<Cell>| targets.push(worst(what, wanted * share, cells));
    let read =
        |corpora: &[&str], sizes: &[&str], ours, others: &[&str]| cells(results, "read", corpora, sizes, ours, others);
    let peers = &readers::PEERS[..];

    let simple = || read(&SIMPLE, &LARGE, "next", peers);
    each("`next`, one data line, chunks from 1460 B, against the best peer: each", 3.0, simple());
    each("the same: geometric mean", 5.0, mean(simple()));
    let validated = read(&SIMPLE, &LARGE, "next+to_str", peers);
    each("the same with `to_str`, against the best peer: each", 2.0, validated);
    each("`next`, heartbeats, chunks from 1460 B", 3.0, read(&["heartbeat"], &LARGE, "next", peers));
    each("`next`, 20 lines of data, chunks from 1460 B", 2.0, read(&["log"], &LARGE, "next", peers));
    each(
        "`next`, lines longer than the chunk, against the best peer",
        1.2,
        read(&["long"], &LARGE[1..], "next", peers),
    );
    let limit = read(&["long"], &LARGE[1..], "next", &["count and memcpy"]);
    each("the same against memchr2 and memcpy", 0.4, limit);
    each("`next`, chunks of 64 B", 1.5, read(&all, &["64"], "next", peers));
    each("`next`, chunks of 1 B", 1.0, read(&all, &["1"], "next", peers));
    let advance = || read(&all, &CHUNKS, "advance", peers);
    each("`advance` against the best peer, everywhere: each", 1.2, advance());
    each("the same: geometric mean", 1.5, mean(advance()));
    let owned = read(&all, &CHUNKS, "owned", &readers::OWNERS);
    if !owned.is_empty() {
        each("owned events against the best peer, everywhere: geometric mean", 1.3, mean(owned));
    }
    for (ours, wanted) in [("stream", 5.0), ("stream, boxed", 10.0)] {
        let streamed = read(&["openai"], &["1460"], ours, &["eventsource-stream"]);
        if !streamed.is_empty() {
            each(&format!("`{ours}`, LLM deltas in chunks of 1460 B, against eventsource-stream"), wanted, streamed);
        }
    }
    let lines = &["count line ends"];
    each("`next` against counting line ends, lines under 100 B", 1.0, read(&short, &LARGE, "next", lines));
    let mut longer = read(&simple_long, &LARGE, "next", lines);
    longer.extend(read(&["long"], &["whole"], "next", lines));
    each("the same, longer lines", 0.7, longer);
    each("tokens against `next`, everywhere", 0.8, read(&all, &CHUNKS, "tokens", &["next"]));
    let write = |corpora: &[&str], others: &[&str]| cells(results, "write", corpora, &["-"], "encode", others);
    each("`encode` against the best peer", 3.0, write(&written, &writers::PEERS));
    each("`encode` against memcpy of its output, data over 1 KiB", 0.5, write(&["log", "long"], &["memcpy"]));
    for (what, steps) in growth::ROWS {
        let speed = |step: usize| results.speed("growth", what, &step.to_string(), "next");
        let ends = (speed(steps[0]), speed(steps[steps.len() - 1]));
        if let (Some(first), Some(last), true) = (ends.0, ends.1, share == 1.0) {
            let label = format!("{} to {}", steps[0], steps[steps.len() - 1]);
            each(&format!("speed does not fall with the {what}"), 0.9, vec![Cell { label, ratio: last / first }]);
        }
    }
    targets
}

/// The smallest of the cells, and all that fall short.
fn worst(what: &str, wanted: f64, mut cells: Vec<Cell>) -> Target {
    cells.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    let short = cells.iter().filter(|cell| cell.ratio < wanted).count();
    let named: Vec<String> =
        cells.iter().take(short.clamp(1, 6)).map(|cell| format!("{} {:.2}", cell.label, cell.ratio)).collect();
    let counted = if cells.len() > 1 { format!("{short} of {} below; ", cells.len()) } else { String::new() };
    let got = cells.first().map_or(f64::NAN, |cell| cell.ratio);
    Target { what: what.into(), wanted, got, detail: format!("{counted}{}", named.join(", ")) }
}

/// The geometric mean of the cells, as one.
fn mean(cells: Vec<Cell>) -> Vec<Cell> {
    let sum: f64 = cells.iter().map(|cell| cell.ratio.ln()).sum();
    let label = format!("mean of {}", cells.len());
    vec![Cell { label, ratio: (sum / cells.len() as f64).exp() }]
}
