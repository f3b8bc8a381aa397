//! Runs contenders in turn, again and again: whatever else the machine is doing, it does to all of them.

use crate::common::corpora::{Corpus, NAMES};
use crate::common::sums::Full;
use crate::lap::Lap;
use crate::readers::{self, Reader};
use crate::results::Row;
use crate::writers;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The sizes of chunks.
pub const CHUNKS: [&str; 5] = ["whole", "16384", "1460", "64", "1"];

/// The memory of a parser, and of an encoder's output. No corpus needs more.
pub const MEMORY: usize = 128 << 10;

/// The fewest repetitions, however long they take.
const FEWEST: usize = 9;

/// One contender at one task: a row to be completed, and the work. It returns the sum that it should, if it is right.
pub struct Task<'t> {
    pub row: Row,
    pub expected: u64,
    pub work: Box<dyn FnMut() -> (Lap, u64) + 't>,
}

/// Repeats the tasks in turn for so long, and completes their rows.
pub fn race(mut tasks: Vec<Task<'_>>, time: Duration) -> Vec<Row> {
    let mut laps: Vec<Vec<Lap>> = tasks.iter().map(|_| Vec::new()).collect();
    let start = Instant::now();
    let mut round = 0;
    while round < FEWEST || start.elapsed() < time {
        for turn in 0..tasks.len() {
            // Not always the same behind the same.
            let turn = (turn + round) % tasks.len();
            let task = &mut tasks[turn];
            if task.row.note.is_empty() {
                let (lap, sum) = (task.work)();
                laps[turn].push(lap);
                if sum != task.expected {
                    task.row.note = "another sum".into();
                }
            }
        }
        round += 1;
    }
    let complete = |(mut task, mut laps): (Task<'_>, Vec<Lap>)| {
        laps.sort_by_key(|lap| lap.time);
        if let (true, [best, ..]) = (task.row.note.is_empty(), &laps[..]) {
            let nanoseconds = |lap: &Lap| lap.time.as_nanos() as u64;
            task.row.time = Some((nanoseconds(best), nanoseconds(&laps[laps.len() / 2])));
            task.row.allocations = laps.iter().map(|lap| lap.allocations).min().unwrap_or(0);
        }
        task.row
    };
    tasks.into_iter().zip(laps).map(complete).collect()
}

/// A row that says nothing yet.
pub fn row(part: &str, corpus: &Corpus, size: &str, name: &str) -> Row {
    Row {
        part: part.into(),
        corpus: corpus.name.into(),
        size: size.into(),
        name: name.into(),
        bytes: corpus.stream.len() as u64,
        events: corpus.messages.len() as u64,
        time: None,
        allocations: 0,
        note: String::new(),
    }
}

/// A reader at a corpus, after the proof that it delivers every byte in its place.
fn reading(reader: &Reader, corpus: &'static Corpus, size: &str) -> Task<'static> {
    let stream = &corpus.stream[..];
    let chunk = size.parse().unwrap_or(stream.len());
    let mut memory = vec![0; MEMORY];
    let mut row = row("read", corpus, size, reader.name);
    if (reader.is_hopeless)(corpus.name, chunk) {
        row.note = "not run: quadratic".into();
    } else if reader.checked.is_some_and(|run| run(stream, chunk, &mut memory) != readers::sum::<Full>(corpus)) {
        row.note = "deviates".into();
    }
    let run = reader.timed;
    let work = move || {
        let mut sum = 0;
        let lap = Lap::of(|| sum = black_box(run(black_box(stream), chunk, &mut memory)));
        (lap, sum)
    };
    Task { row, expected: (reader.expected)(corpus), work: Box::new(work) }
}

/// All readers over all corpora in all chunks.
pub fn read_all(time: Duration) -> Vec<Row> {
    let readers = readers::all();
    let mut rows = Vec::new();
    for (name, _) in NAMES {
        // Byte by byte everyone is slow, so there are fewer.
        let corpora: [&'static Corpus; 2] =
            [1 << 20, 128 << 10].map(|bytes| &*Box::leak(Box::new(Corpus::new(name, bytes))));
        for size in CHUNKS {
            let corpus = corpora[usize::from(size == "1")];
            rows.extend(race(readers.iter().map(|reader| reading(reader, corpus, size)).collect(), time));
        }
        eprintln!("read {name}");
    }
    rows
}

/// All writers of all corpora.
pub fn write_all(time: Duration) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, _) in NAMES.into_iter().filter(|(name, _)| *name != "crlf") {
        // What a server writes it has just made, so it is in the cache.
        let corpus: &'static Corpus = Box::leak(Box::new(Corpus::new(name, 256 << 10)));
        let writing = |writer: writers::Writer| {
            let mut memory = vec![0; MEMORY];
            let mut row = row("write", corpus, "-", writer.name);
            if !writer.writes_comments && corpus.messages.iter().any(|message| message.data.is_none()) {
                row.note = "cannot".into();
            } else if (writer.checked)(corpus, &mut memory).1 != readers::sum::<Full>(corpus) {
                row.note = "deviates".into();
            }
            let expected = writer.expected(corpus);
            let work = move || (writer.timed)(black_box(corpus), &mut memory);
            Task { row, expected, work: Box::new(work) }
        };
        rows.extend(race(writers::all().into_iter().map(writing).collect(), time));
        eprintln!("wrote {name}");
    }
    rows
}
