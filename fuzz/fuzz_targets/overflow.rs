//! Promise: with any memory, what does not fit is reported once and exactly, at every cut, and the rest is delivered.

#![no_main]

#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use harness::{DOORS, cut, cuts_from, drive};
use libfuzzer_sys::fuzz_target;
use sse_wire::{Growing, InvalidId, Parser};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    capacity: u8,
    cuts: [u8; 4],
    seed: [u8; 2],
    stream: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let stream = input.stream;
    let capacity = usize::from(input.capacity);
    // Sometimes an ID is seeded, and sometimes it does not fit.
    let seed = "0123456789abcdef".get(..usize::from(input.seed[0] % 17)).unwrap_or_default();
    let is_seeded = seed.len() <= capacity;
    let expected = reference::read(stream, capacity, if is_seeded { seed.as_bytes() } else { b"" });

    let cuts = cuts_from(&input.cuts, stream.len());
    let mut memory = vec![0; capacity];
    for chunks in [vec![stream], cut(stream, &cuts), stream.chunks(1).collect()] {
        for door in DOORS {
            let mut parser = Parser::new(&mut memory[..]);
            let seeded = parser.set_last_event_id(seed);
            assert_eq!(seeded, if is_seeded { Ok(()) } else { Err(InvalidId::TooLong { needed: seed.len() }) });
            assert_eq!(drive(&mut parser, &chunks, door), expected, "{door:?}");

            let mut parser = Parser::new(Growing::new(capacity));
            let _ = parser.set_last_event_id(seed);
            assert_eq!(drive(&mut parser, &chunks, door), expected, "{door:?}, growing");
        }
    }

    // The parser is as good as new afterwards, whatever came before, and an ID set in mid-block is as if set before it.
    let mut parser = Parser::new(&mut memory[..]);
    let at = cuts.first().copied().unwrap_or_default();
    let mut rest = &stream[..at];
    while parser.next(&mut rest).is_some() {}
    let id = if input.seed[1] % 2 == 0 { "other" } else { "" };
    match parser.set_last_event_id(id) {
        Ok(()) => assert_eq!(parser.last_event_id(), id),
        Err(InvalidId::TooLong { needed }) => assert!(needed > capacity),
        Err(error) => panic!("{error}"),
    }
    let mut rest = &stream[at..];
    while parser.next(&mut rest).is_some() {}
    parser.reconnect();
    let last_event_id = parser.last_event_id().as_bytes().to_vec();
    let again = drive(&mut parser, &[stream], DOORS[0]);
    let expected = reference::read(stream, capacity, &last_event_id);
    assert_eq!(again.verdicts.len(), expected.verdicts.len());
    for (verdict, expected) in again.verdicts.iter().zip(&expected.verdicts) {
        assert_eq!((verdict.at, &verdict.what), (expected.at, &expected.what));
    }
});
