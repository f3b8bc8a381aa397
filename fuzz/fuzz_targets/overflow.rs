//! Promise: in a buffer of any size, at any cut, an event that does not fit is reported once with the exact sum, and the
//! rest is delivered. A last event ID that is set at any byte is kept or refused, through every door alike.

#![no_main]

#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use harness::{DOORS, cut, cuts_from, drive, feed};
use libfuzzer_sys::fuzz_target;
use sse_wire::{BufferTooSmall, EventId, Growing, Parser};

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
            let seeded = parser.set_last_event_id(EventId::new(seed).unwrap());
            assert_eq!(seeded.map_err(|error| error.needed), if is_seeded { Ok(()) } else { Err(seed.len()) });
            assert_eq!(drive(&mut parser, &chunks, door), expected, "{door:?}");

            let mut parser = Parser::new(Growing::new(capacity));
            let _ = parser.set_last_event_id(EventId::new(seed).unwrap());
            assert_eq!(drive(&mut parser, &chunks, door), expected, "{door:?}, growing");
        }
    }

    // An ID that is set at any byte is kept or refused, and counts the same through every door.
    let at = cuts[0];
    let (before, after) = stream.split_at(at);
    let id = "0123456789abcdef".get(..usize::from(input.seed[1] % 17)).unwrap_or_default();
    let ending = reference::read(before, capacity, b"").ending;
    let fits = (ending.mid_line || ending.mid_event) && ending.overflow.is_none();
    let mut first = None;
    for door in DOORS {
        for size in [stream.len().max(1), 1] {
            let mut parser = Parser::new(&mut memory[..]);
            let mut verdicts = feed(&mut parser, &before.chunks(size).collect::<Vec<_>>(), door);
            let last_event_id = parser.last_event_id().as_bytes().to_vec();
            let result = parser.set_last_event_id(EventId::new(id).unwrap());
            match result {
                Ok(()) => assert_eq!(parser.last_event_id(), id),
                Err(BufferTooSmall { needed, .. }) => {
                    assert!(needed > capacity);
                    assert_eq!(parser.last_event_id(), last_event_id[..], "a refused ID changes nothing");
                    // An ID that is no longer than the one before it adds nothing.
                    assert!(!fits || id.len() > last_event_id.len());
                }
            }
            verdicts.extend(feed(&mut parser, &after.chunks(size).collect::<Vec<_>>(), door));
            let seen = (result, verdicts, parser.last_event_id().as_bytes().to_vec());
            assert_eq!(*first.get_or_insert_with(|| seen.clone()), seen, "{door:?}, by {size}");
        }
    }

    // The parser is as good as new afterwards, whatever came before.
    let mut parser = Parser::new(&mut memory[..]);
    feed(&mut parser, &[before], DOORS[0]);
    let _ = parser.set_last_event_id(EventId::new(id).unwrap());
    feed(&mut parser, &[after], DOORS[0]);
    parser.reconnect();
    let last_event_id = parser.last_event_id().as_bytes().to_vec();
    let again = drive(&mut parser, &[stream], DOORS[0]);
    let expected = reference::read(stream, capacity, &last_event_id);
    assert_eq!(again.verdicts.len(), expected.verdicts.len());
    for (verdict, expected) in again.verdicts.iter().zip(&expected.verdicts) {
        assert_eq!((verdict.at, &verdict.what), (expected.at, &expected.what));
    }
});
