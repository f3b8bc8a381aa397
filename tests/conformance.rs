//! Every published vector, through every door, and as both references read it.

mod harness;
mod reference;

use harness::vectors::{self, Expected, Vector};
use harness::{DOORS, decoded, drive, through_tokens};
use reference::{Record, read, read_text};
use sse_wire::Parser;
use std::collections::{BTreeMap, BTreeSet};

fn expected(record: &Record, at: Option<usize>) -> Expected {
    Expected {
        event_type: decoded(&record.event_type),
        data: decoded(&record.data),
        last_event_id: decoded(&record.last_event_id),
        id: record.id.as_deref().map(decoded),
        at,
    }
}

/// Compares all that a vector says with a reading of its stream.
fn check(vector: &Vector, reading: &reference::Reading, who: &str) {
    let who = format!("{} (section {}) by {who}", vector.name, vector.section);
    let events: Vec<Expected> = reading
        .verdicts
        .iter()
        .map(|verdict| expected(verdict.what.as_ref().expect("nothing overflows"), Some(verdict.at)))
        .collect();
    assert_eq!(events, vector.events, "events of {who}");
    assert_eq!(decoded(&reading.last_event_id), vector.last_event_id, "last event ID of {who}");
    assert_eq!(reading.retry, vector.retry, "retry of {who}");
    assert_eq!(reading.ending.mid_line, vector.mid_line, "mid-line of {who}");
    assert_eq!(reading.ending.mid_event, vector.mid_event, "mid-event of {who}");
    assert_eq!(reading.ending.event.as_ref().map(|e| expected(e, None)), vector.unfinished, "unfinished of {who}");
}

#[test]
fn the_crate_reads_every_vector_through_every_door() {
    // Larger than the longest vector, so that nothing overflows.
    let mut memory = [0; 32 * 1024];
    for vector in vectors::all() {
        for door in DOORS {
            let reading = drive(&mut Parser::new(&mut memory), &[&vector.stream], door);
            check(&vector, &reading, &format!("{door:?}, whole"));
            let bytes: Vec<&[u8]> = vector.stream.chunks(1).collect();
            let reading = drive(&mut Parser::new(&mut memory), &bytes, door);
            check(&vector, &reading, &format!("{door:?}, byte by byte"));
        }
    }
}

#[test]
fn the_tokenizer_reads_every_vector() {
    for vector in vectors::all() {
        for chunks in [vec![&vector.stream[..]], vector.stream.chunks(1).collect()] {
            let (events, comments) = through_tokens(&chunks);
            let events: Vec<Expected> = events.iter().map(|(at, record)| expected(record, Some(*at))).collect();
            assert_eq!(events, vector.events, "{}", vector.name);
            let comments: Vec<String> = comments.iter().map(|comment| decoded(comment)).collect();
            assert_eq!(comments, vector.comments, "{}", vector.name);
        }
    }
}

#[test]
fn the_references_read_every_vector() {
    for vector in vectors::all() {
        check(&vector, &read(&vector.stream, usize::MAX, b""), "the reference");
        let comments: Vec<String> = reference::comments(&vector.stream).iter().map(|c| decoded(c)).collect();
        assert_eq!(comments, vector.comments, "{}", vector.name);

        let (events, last_event_id, retry) = read_text(&vector.stream);
        let expected: Vec<_> =
            vector.events.iter().map(|e| (e.event_type.clone(), e.data.clone(), e.last_event_id.clone())).collect();
        assert_eq!(events, expected, "{} by the letter", vector.name);
        assert_eq!((last_event_id, retry), (vector.last_event_id, vector.retry), "{} by the letter", vector.name);
    }
}

/// The data file itself: no name twice, and the counts that its README states.
#[test]
fn the_vectors_are_complete() {
    let vectors = vectors::all();
    let names: BTreeSet<&str> = vectors.iter().map(|vector| vector.name.as_str()).collect();
    assert_eq!(names.len(), vectors.len(), "each name once");
    assert_eq!(vectors.len(), 1074);
    let mut sections = BTreeMap::new();
    for vector in &vectors {
        *sections.entry(vector.section.as_str()).or_insert(0) += 1;
    }
    let counts =
        [("1", 119), ("11", 41), ("2", 262), ("3", 89), ("4", 9), ("5", 68), ("6", 289), ("7", 33), ("8", 164)];
    assert_eq!(sections, BTreeMap::from(counts));

    let readme = include_str!("vectors/README.md");
    assert!(readme.contains("`vectors.jsonl` holds 1074 streams") && readme.contains("| | **Total** | **1074** |"));
    for (section, count) in counts {
        let is_row =
            |line: &str| line.starts_with(&format!("| {section} |")) && line.ends_with(&format!("| {count} |"));
        assert!(readme.lines().any(is_row), "section {section}");
    }
    let decisions = |name| vectors.iter().filter(|vector| vector.decision.as_deref() == name).count();
    assert_eq!([None, Some("retry-too-large"), Some("retry-empty")].map(decisions), [1051, 11, 12]);
    for vector in &vectors {
        assert_eq!(vector.valid_utf8, std::str::from_utf8(&vector.stream).is_ok(), "{}", vector.name);
    }
    assert!(include_str!("../README.md").contains("1074 [published vectors](tests/vectors/README.md)"));
}
