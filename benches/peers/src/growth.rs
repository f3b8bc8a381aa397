//! What the cost of a byte must not grow with: ours only, with one thing growing and all else as it is.

use crate::common::corpora::Corpus;
use crate::common::doors;
use crate::common::sums::Light;
use crate::lap::Lap;
use crate::race::{MEMORY, Task, race, row};
use crate::readers;
use crate::results::Row;
use std::hint::black_box;
use std::time::Duration;

/// The rows, each with its steps.
pub const ROWS: [(&str, &[usize]); 4] = [
    ("length of a line, in one chunk", &[256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10]),
    ("length of a line, in chunks of 1460 bytes", &[4 << 10, 16 << 10, 64 << 10, 256 << 10]),
    ("events in a chunk (48 bytes each)", &[1, 4, 16, 64, 256, 1024]),
    ("bytes of storage (ticker, chunks of 1460 bytes)", &[4 << 10, 64 << 10, 1 << 20, 16 << 20]),
];

/// How much is read each time.
const BYTES: usize = 1 << 20;

pub fn run(time: Duration) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, (what, steps)) in ROWS.iter().enumerate() {
        let corpora: Vec<(usize, Corpus, usize, usize)> = steps
            .iter()
            .map(|&step| match number {
                0 => (step, Corpus::of_lines(what, step, BYTES), usize::MAX, 4 * MEMORY),
                1 => (step, Corpus::of_lines(what, step, BYTES), 1460, 4 * MEMORY),
                2 => (step, Corpus::of_lines(what, 40, BYTES), 48 * step, MEMORY),
                _ => (step, Corpus::new("ticker", BYTES), 1460, step),
            })
            .collect();
        let tasks = corpora.iter().map(|(step, corpus, chunk, memory)| {
            let mut memory = vec![0; *memory];
            let work = move || {
                let mut sum = 0;
                let lap = Lap::of(|| sum = doors::next::<Light>(black_box(&corpus.stream), *chunk, &mut memory));
                (lap, sum)
            };
            let row = Row { corpus: what.to_string(), ..row("growth", corpus, &step.to_string(), "next") };
            Task { row, expected: readers::sum::<Light>(corpus), work: Box::new(work) }
        });
        rows.extend(race(tasks.collect(), time));
    }
    eprintln!("grew");
    rows
}
