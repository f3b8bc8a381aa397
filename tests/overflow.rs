//! What does not fit is reported once, exactly, wherever the stream is cut, and the stream goes on.

mod harness;
mod reference;

use harness::{DOORS, bytes_and_empties, cut, drive, vectors};
use reference::{Loss, read};
use sse_wire::{Overflow, Parser, Status};

/// Streams that stress the account: values replaced by longer and shorter ones, late types and IDs, void lines, IDs that do
/// not fit although the rest does, and the reverse.
const STREAMS: &[&str] = &[
    "data: abc\n\n",
    "data\n\n",
    "data: a\ndata: bc\ndata\n\ndata: x\n\n",
    "event: type\ndata: abc\n\ndata: x\n\n",
    "data: abc\nevent: type\n\ndata: x\n\n",
    "id: 12\ndata: abc\n\nid: 345\ndata: d\n\ndata: e\n\n",
    "data: abc\nid: 12\nevent: t\n\nid\ndata: x\n\n",
    "event: long-type\nevent: t\ndata: x\n\n",
    "event: t\nevent: long-type\ndata: x\n\n",
    "id: long-id\nid: i\ndata: x\n\n",
    "id: i\nid: long-id\ndata: x\n\ndata\n\n",
    "id: 1\nid: long-id\nid: 22\n\nid: a\n\ndata: x\n\n",
    "id: 1\n\nid: long-id\n\ndata: x\n\n",
    "id: 1\n\nid: long-id\ndata\n\nid: 2\ndata: y\n\n",
    "data: abc\nid: lo\0ng\ndata: d\n\n",
    "id: keep\nid: \0\ndata: d\n\n",
    "id: keep\ndata: d\nid: longer\0\n\ndata\n\n",
    "event: long-type\n\ndata: x\n\n",
    "event: long-type\nid: 77\n\ndata: x\n\n",
    "event: a\nid: 1\nevent: bb\nid: 22\nevent: ccc\nid: 333\ndata: x\n\ndata: y\n\n",
    "id: 333\nevent: ccc\nid: 22\nevent: bb\nid: 1\nevent: a\ndata: x\n\ndata: y\n\n",
    "data: a\nid: 1\nevent: t\ndata: b\nid: 22\nevent: uu\ndata: c\n\ndata: y\n\n",
    "retry: 5\ndata: long data\nretry: 6\n\ndata: x\n\n",
    "id: 1\ndata: long data\nid: 2\ndata: more\nid: 3\n\ndata: x\n\n",
    ": a comment that is long\nunknown: as long as that\nretry: 0000000000000000001\ndata: x\n\n",
    "id: 1\ndata: abc\nevent: t\n",
    "id: 1\ndata: abc\nid: lon",
    "data: abc\ndata: defgh",
    "event: abc\ndata: d\nevent: defgh",
    "id: 12\ndata: x\n\nid: 345\ndata: long data that is lost\n",
    "id: 12\ndata: x\n\ndata: long data that is lost\nid: 345\n",
    "id: 12\n\nevent: t\nid: 345\nid: 6\ndata: long data that is lost\nid: 78",
    // The second line would start behind the end of a full buffer.
    "data: abc\ndata:",
];

fn streams() -> impl Iterator<Item = Vec<u8>> {
    let own = STREAMS.iter().map(|stream| stream.as_bytes().to_vec());
    own.chain(vectors::all().into_iter().map(|vector| vector.stream).filter(|stream| stream.len() <= 64))
}

/// A storage larger than any block of the stream can need.
fn enough(stream: &[u8]) -> usize {
    stream.len() + 1
}

#[test]
fn every_capacity_at_every_cut() {
    let mut losses = 0;
    let mut memory = [0; 128];
    for stream in streams() {
        // A capacity that is not the `needed` of any verdict behaves like the next smaller one that is.
        for capacity in 0..=enough(&stream) {
            let expected = read(&stream, capacity, b"");
            losses += expected.verdicts.iter().filter(|verdict| verdict.what.is_err()).count();
            for at in 0..=stream.len() {
                for door in DOORS {
                    let mut parser = Parser::new(&mut memory[..capacity]);
                    let reading = drive(&mut parser, &cut(&stream, &[at]), door);
                    let stream = stream.escape_ascii();
                    assert_eq!(reading, expected, "{stream} in {capacity} bytes, cut at {at}, {door:?}");
                }
            }
            for door in DOORS {
                let mut parser = Parser::new(&mut memory[..capacity]);
                let reading = drive(&mut parser, &bytes_and_empties(&stream), door);
                assert_eq!(reading, expected, "{} in {capacity} bytes, byte by byte", stream.escape_ascii());
            }
        }
    }
    assert!(losses > 1_000, "only {losses} losses");
}

/// Another last event ID within a block does not change what the block has needed before.
#[test]
fn what_was_needed_stays_needed() {
    let mut parser = Parser::new([0; 8]);
    parser.set_last_event_id("abc").unwrap();
    assert_eq!(parser.advance(b"data: long data\n"), (16, Status::NeedInput));
    parser.set_last_event_id("").unwrap();
    let Status::Overflow(overflow) = parser.advance(b"\n").1 else { panic!("nine bytes do not fit into eight") };
    assert_eq!(overflow.needed, "abclong data".len());
}

/// A buffer that grows moves what it holds, and must do so right at every step.
#[cfg(feature = "alloc")]
#[test]
fn growing_gives_the_same_as_fixed() {
    for stream in STREAMS {
        let long: Vec<String> = stream.split_inclusive('\n').map(stretched).collect();
        let long = long.concat().into_bytes();
        for capacity in (0..enough(&long)).step_by(31) {
            let expected = read(&long, capacity, b"");
            for at in (0..=long.len()).step_by(7) {
                for door in DOORS {
                    let mut parser = Parser::new(sse_wire::Growing::new(capacity));
                    let reading = drive(&mut parser, &cut(&long, &[at]), door);
                    assert_eq!(reading, expected, "{stream:?}, stretched, in {capacity} bytes, cut at {at}, {door:?}");
                }
            }
        }
    }
}

/// The line with its value 40 times over, so that a buffer has to grow several times.
#[cfg(feature = "alloc")]
fn stretched(line: &str) -> String {
    let (content, end) = line.split_at(line.trim_end_matches('\n').len());
    match content.split_once(": ") {
        Some((name, value)) => format!("{name}: {}{end}", value.repeat(40)),
        None => line.to_string(),
    }
}

/// `needed` is what it says, without asking any reference: one byte less loses the same event, that many deliver it.
#[test]
fn needed_is_the_smallest_buffer() {
    let mut checked = 0;
    for stream in streams() {
        for capacity in 0..enough(&stream) {
            let mut memory = vec![0; capacity];
            let mut parser = Parser::new(&mut memory[..]);
            let (mut rest, mut block) = (&stream[..], &stream[..]);
            loop {
                let before = parser.last_event_id().to_string();
                let (consumed, status) = parser.advance(rest);
                rest = &rest[consumed..];
                if let Status::Overflow(Overflow { needed, id_lost, .. }) = status {
                    // The same block in the same state, in other memory. What ran silently before it in one read, an
                    // ID without data, may have changed the state meanwhile: those streams are left to the reference.
                    if !(id_lost || silent_id_before(block, block.len() - rest.len())) {
                        let block = &block[..block.len() - rest.len()];
                        assert_eq!(retried(block, &before, needed), None, "{} in {needed}", block.escape_ascii());
                        let less = retried(block, &before, needed - 1);
                        assert_eq!(less, Some(needed), "{} in {needed} - 1", block.escape_ascii());
                        checked += 1;
                    }
                }
                if status == Status::NeedInput {
                    break;
                }
                block = rest;
            }
        }
    }
    assert!(checked > 1_000, "only {checked} were checked");
}

/// Whether more than one block lies in the bytes, so that an earlier one may have set an ID.
fn silent_id_before(block: &[u8], len: usize) -> bool {
    let blank_lines = block[..len].windows(2).filter(|pair| pair[0] == pair[1] || pair == b"\n\r").count();
    blank_lines > 1 || block[..len].contains(&b'\r')
}

/// What a parser with so much memory says it needed for a block, if it lost it.
fn retried(block: &[u8], last_event_id: &str, capacity: usize) -> Option<usize> {
    let mut memory = vec![0; capacity];
    let mut parser = Parser::new(&mut memory[..]);
    if parser.set_last_event_id(last_event_id).is_err() {
        // So little memory that the ID before was never in it.
        return Some(capacity + 1);
    }
    match parser.advance(block).1 {
        Status::Overflow(overflow) => Some(overflow.needed),
        Status::Event => None,
        Status::NeedInput => panic!("{} completes an event", block.escape_ascii()),
    }
}

#[test]
fn a_lost_event_leaves_its_id_and_retry() {
    let mut parser = Parser::new([0; 8]);
    let mut chunk = &b"id: 41\ndata: far too much\nid: 42\nretry: 7\ndata: and more\n\ndata: next\n\n"[..];
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap_err(), overflow(2 + 12 + 1 + 8, false));
    assert_eq!(parser.last_event_id(), "42");
    assert_eq!(parser.retry(), Some(7));
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("next".into(), "42".into()));
    assert_eq!(parser.next(&mut chunk), None);
}

#[test]
fn an_id_that_cannot_be_kept_is_reported_without_data_too() {
    let mut parser = Parser::new([0; 8]);
    parser.set_last_event_id("old").unwrap();
    let mut chunk = &b"id: longer\n\nid: new\n\ndata: x\n\n"[..];
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap_err(), overflow(3 + 6, true));
    assert_eq!(parser.last_event_id(), "old");
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("x".into(), "new".into()));
}

#[test]
fn nothing_to_keep_needs_no_memory() {
    let mut parser = Parser::new([]);
    let mut chunk = &b": comment\nretry: 9\nunknown\ndata\n\ndata: x\n\n"[..];
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap().data(), "");
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap_err(), overflow(1, false));
    assert_eq!(parser.retry(), Some(9));
}

/// A megabyte through sixteen bytes: nothing grows, nothing is partial, and the count is exact.
#[test]
fn an_event_far_larger_than_the_buffer() {
    let line = format!("data: {}\n", "x".repeat(999));
    let stream = format!("id: a\ndata: ok\n\n{}id: b\n\ndata: ok\n\n", line.repeat(1000));
    for chunk in [1, 7, 1460, stream.len()] {
        let chunks: Vec<&[u8]> = stream.as_bytes().chunks(chunk).collect();
        for door in DOORS {
            let reading = drive(&mut Parser::new([0; 16]), &chunks, door);
            let lost: Vec<_> = reading.verdicts.iter().filter_map(|verdict| verdict.what.as_ref().err()).collect();
            assert_eq!(lost, [&Loss { needed: 1 + 1_000_000 - 1 + 1, id_lost: false }]);
            assert_eq!(reading.verdicts.len(), 3);
            assert_eq!(reading.last_event_id, b"b");
        }
    }
}

fn overflow(needed: usize, id_lost: bool) -> Overflow {
    // The struct cannot be built from outside, on purpose.
    let mut parser = Parser::new([]);
    let mut value = parser.next(&mut &b"data: x\n\n"[..]).unwrap().unwrap_err();
    value.needed = needed;
    value.id_lost = id_lost;
    value
}
