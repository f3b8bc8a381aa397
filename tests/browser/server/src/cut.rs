//! A stream whose source has died, and what a browser must make of it.

use crate::reference::{self, Line, Record};
use crate::vectors::Vector;
use sse_wire::{Parser, event_type};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The type, the data and the last event ID of an event, as a browser shows them.
pub type Seen = (String, String, String);

/// The message that follows.
pub const NEXT: &[u8] = b"data: next\n\n";

pub struct Cut {
    /// The vector, and how much of it is sent.
    pub about: String,
    pub before: Vec<u8>,
    /// What ends it, by the crate.
    pub end: Vec<u8>,
    /// What must come, by the naive reference.
    pub expected: Vec<Seen>,
    /// Whether the browser must come back within the time for which the page lets its EventSource live, if that is certain.
    pub must_come_back: Option<bool>,
    requests: AtomicUsize,
}

impl Cut {
    pub fn new(vector: &Vector, at: usize) -> Self {
        let before = vector.stream[..at].to_vec();
        let mut parser = Parser::new([0; 32_768]);
        let mut chunk = &before[..];
        while parser.next(&mut chunk).is_some() {}
        let end = parser.sever(event_type!("aborted")).expect("every ID fits").collect::<Vec<_>>().concat();

        // The events before the cut, the aborted one if its data has begun, and the message, with the last event ID from
        // before the block.
        let reading = reference::read(&before, usize::MAX, b"");
        let mut expected: Vec<Seen> = reading.verdicts.iter().flat_map(|verdict| &verdict.what).map(seen).collect();
        let last_event_id = text(&reading.last_event_id);
        if let Some(data) = data_begun(&before) {
            expected.push(("aborted".to_string(), text(&data), last_event_id.clone()));
        }
        expected.push(("message".to_string(), "next".to_string(), last_event_id));
        let about = format!("{} at {at}", vector.name);
        let must_come_back = must_come_back(&before, reading.retry);
        Self { about, before, end, expected, must_come_back, requests: AtomicUsize::new(0) }
    }

    /// Counts a request, and returns whether it is the first.
    pub fn is_first_request(&self) -> bool {
        self.requests.fetch_add(1, Ordering::Relaxed) == 0
    }

    /// Whether the EventSource has made another request while the page let it live.
    pub fn is_back(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 1
    }
}

/// Whether a browser comes back within 1500 ms, given the reconnection time that has arrived whole. Its own time is longer.
fn must_come_back(before: &[u8], retry: Option<u64>) -> Option<bool> {
    // The standard leaves open what an empty one means: nothing here, 0 in Firefox, its own in Chromium.
    let is_empty = |line: &Line<'_>| line.at.is_some() && matches!(reference::split(line.bytes), (b"retry", b"", _));
    if reference::lines(before).iter().any(is_empty) {
        return None;
    }
    match retry {
        // Firefox makes less than 500 of it 500.
        Some(0..=500) => Some(true),
        // With more than 31 bits, Firefox keeps the lower ones.
        None | Some(2000..=0x7FFF_FFFF) => Some(false),
        _ => None,
    }
}

fn seen(record: &Record) -> Seen {
    (text(&record.event_type), text(&record.data), text(&record.last_event_id))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns the data of the block that a stream ends in, if a `data` line has begun: a cut name says nothing yet.
fn data_begun(stream: &[u8]) -> Option<Vec<u8>> {
    let mut begun: Option<Vec<u8>> = None;
    for Line { bytes, at } in reference::lines(stream) {
        let (name, value, has_colon) = reference::split(bytes);
        if bytes.is_empty() {
            begun = None;
        } else if name == b"data" && (at.is_some() || has_colon) {
            begun = Some(begun.map_or(value.to_vec(), |data| [&data, &b"\n"[..], value].concat()));
        }
    }
    begun
}

/// Draws a vector and how much of it is sent, each as likely as any other, and the same in every run. It draws none twice.
pub struct Draws<'v> {
    vectors: &'v [Vector],
    state: u64,
    drawn: BTreeSet<(usize, usize)>,
}

impl<'v> Draws<'v> {
    pub fn new(vectors: &'v [Vector]) -> Self {
        Self { vectors, state: 0x9E37_79B9_7F4A_7C15, drawn: BTreeSet::new() }
    }

    /// Returns an xorshift generator's next number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 32) as usize % end
    }
}

impl Iterator for Draws<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        loop {
            let vector = self.below(self.vectors.len());
            let at = self.below(self.vectors[vector].stream.len() + 1);
            if self.drawn.insert((vector, at)) {
                return Some((vector, at));
            }
        }
    }
}
