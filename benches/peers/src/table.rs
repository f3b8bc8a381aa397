//! The run as Markdown.

use crate::common::corpora::NAMES;
use crate::growth;
use crate::race::CHUNKS;
use crate::results::{Results, Row};
use crate::targets::{Target, targets};
use crate::{readers, writers};
use std::fmt::Write;

const READERS: [&str; 14] = [
    "next",
    "next+to_str",
    "advance",
    "tokens",
    "owned",
    "stream",
    "stream, boxed",
    "sse-core",
    "sse-parse",
    "sse-stream",
    "sseer",
    "eventsource-stream",
    "count line ends",
    "count and memcpy",
];
const WRITERS: [&str; 7] = ["encode", "encoder, 1460 B windows", "segments", "axum", "sse-stream", "russe", "memcpy"];

/// The page: the run with all features, and what the one without adds to it.
pub fn table(date: &str, full: &Results, bare: &Results) -> String {
    let mut page = format!("# Results\n\nWritten by `benches/compare.sh`. {date}, {}", full.about("machine"));
    _ = write!(page, " (load {} at the start: take the ratios).\n{}.\n", full.about("load"), full.about("rustc"));
    _ = writeln!(page, "{}.", full.about("versions"));
    page += "\nAll with default features, `simdutf8` and `std`, release, fat LTO, one codegen unit. Best of many repetitions in turn, ";
    page += "on the same bytes, with the same sum over what was delivered.\n";

    section(&mut page, "Targets", &rated(&targets(full, 1.0)));
    let allocations: u64 = full.rows.iter().filter(|row| is_ours(row)).map(|row| row.allocations).sum();
    _ = writeln!(page, "\nAllocations by ours, owned events aside: {allocations}.");
    section(&mut page, "Targets without any feature, at half", &rated(&targets(bare, 0.5)));

    page += "\nThe same targets, halved: what a target without vector instructions and without an allocator gets.\n";
    let sixteen = |name: &str, reader: &str| shown(full.row("read", name, "16384", reader), Row::speed, 2);
    section(&mut page, "Reading in chunks of 16 KiB, GB/s", &grid("corpus", &corpora(), &READERS, sixteen));
    for door in ["next", "advance"] {
        let against = |name: &str, size: &str| {
            let best = full.best("read", name, size, &readers::PEERS);
            let ours = full.speed("read", name, size, door);
            ours.zip(best).map_or("—".into(), |(ours, (best, peer))| format!("{:.1}× {peer}", ours / best))
        };
        let title = format!("`{door}` against the best peer, by size of chunk");
        section(&mut page, &title, &grid("corpus", &corpora(), &CHUNKS, against));
    }
    let written: Vec<&str> = corpora().into_iter().filter(|name| *name != "crlf").collect();
    let speed = |name: &str, writer: &str| shown(full.row("write", name, "-", writer), Row::speed, 2);
    section(&mut page, "Writing, GB/s", &grid("corpus", &written, &WRITERS, speed));

    let per_event = |row: &Row| row.time.map(|_| row.allocations as f64 / row.events as f64);
    let reading = |name: &str, reader: &str| shown(full.row("read", name, "1460", reader), per_event, 2);
    section(
        &mut page,
        "Allocations for each message: reading in chunks of 1460 bytes",
        &grid("corpus", &corpora(), &READERS[..12], reading),
    );
    let writing = |name: &str, writer: &str| shown(full.row("write", name, "-", writer), per_event, 2);
    section(&mut page, "Allocations for each message: writing", &grid("corpus", &written, &WRITERS[..6], writing));

    section(&mut page, "What the cost of a byte does not grow with", &growths(full));
    section(&mut page, "The corpora", &NAMES.map(|(name, what)| format!("* `{name}`: {what}\n")).concat());
    section(&mut page, "Who did not take part where", &absences(full));
    page
}

fn is_ours(row: &Row) -> bool {
    let is_peer = readers::PEERS.contains(&&row.name[..]) || writers::PEERS.contains(&&row.name[..]);
    !is_peer && !readers::OUR_OWNERS.contains(&&row.name[..])
}

fn corpora() -> Vec<&'static str> {
    NAMES.map(|(name, _)| name).to_vec()
}

fn section(page: &mut String, title: &str, text: &str) {
    _ = write!(page, "\n## {title}\n\n{text}");
}

fn rated(targets: &[Target]) -> String {
    let mut text = String::from("| what | wanted | measured | | where |\n|---|---|---|---|---|\n");
    for target in targets {
        let verdict = if target.is_met() { "pass" } else { "**fail**" };
        let Target { what, wanted, got, detail, .. } = target;
        _ = writeln!(text, "| {what} | {wanted:.2}× | {got:.2}× | {verdict} | {detail} |");
    }
    text
}

fn grid(corner: &str, rows: &[&str], columns: &[&str], cell: impl Fn(&str, &str) -> String) -> String {
    let mut text = format!("| {corner} | {} |\n|---|{}\n", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|column| cell(row, column)).collect();
        _ = writeln!(text, "| {row} | {} |", cells.join(" | "));
    }
    text
}

fn shown(row: Option<&Row>, value: impl Fn(&Row) -> Option<f64>, digits: usize) -> String {
    match row.map(|row| (value(row), &row.note[..])) {
        Some((Some(value), _)) => format!("{value:.digits$}"),
        _ => "—".into(),
    }
}

/// Each reason once.
fn absences(results: &Results) -> String {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for row in results.rows.iter().filter(|row| !row.note.is_empty()) {
        let (reason, place) = (format!("{}, {}", row.name, row.note), format!("{} {}", row.corpus, row.size));
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, places)) => places.push(place),
            None => reasons.push((reason, vec![place])),
        }
    }
    reasons.into_iter().map(|(reason, places)| format!("* {reason}: {}\n", places.join(", "))).collect()
}

fn growths(results: &Results) -> String {
    let mut text = String::new();
    for (what, steps) in growth::ROWS {
        let steps: Vec<String> = steps.iter().map(usize::to_string).collect();
        let names: Vec<&str> = steps.iter().map(|step| &step[..]).collect();
        let speed = |_: &str, step: &str| shown(results.row("growth", what, step, "next"), Row::speed, 2);
        _ = writeln!(text, "{}", grid(what, &["`next`, GB/s"], &names, speed));
    }
    text
}
