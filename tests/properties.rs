//! Random streams from a grammar of mistakes, random cuts, random memory, against the references.
//!
//! Each property runs [`CASES`] times, or as often as the environment variable `PROPTEST_CASES` says:
//! `PROPTEST_CASES=1000000 cargo test --release --test properties`.

mod harness;
mod reference;

use harness::{DOORS, Door, cut, cuts_from, decoded, drive, grammar, through_tokens};
use proptest::prelude::*;
use reference::{read, read_text};
use sse_wire::{EventId, Parser};

const CASES: u32 = 10_000;

fn config() -> ProptestConfig {
    let cases =
        std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().expect("PROPTEST_CASES is a number"));
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Bytes split and decoded afterwards give the text that the letter of the standard gives.
    #[test]
    fn the_references_agree(stream in grammar::stream()) {
        let reading = read(&stream, usize::MAX, b"");
        let (events, last_event_id, retry) = read_text(&stream);
        let expected: Vec<_> = reading.verdicts.iter().map(|verdict| {
            let event = verdict.what.as_ref().unwrap();
            (decoded(&event.event_type), decoded(&event.data), decoded(&event.last_event_id))
        }).collect();
        prop_assert_eq!(events, expected);
        prop_assert_eq!((last_event_id, retry), (decoded(&reading.last_event_id), reading.retry));
    }

    /// Every door, whole and cut anywhere, in much memory and in little.
    #[test]
    fn the_crate_agrees_with_the_reference(
        stream in grammar::stream(),
        cuts in prop::collection::vec(any::<u8>(), 0..12),
        capacity in prop_oneof![0..40_usize, 40..400_usize, Just(8192)],
        seed in "[a-z]{0,6}",
    ) {
        let mut memory = vec![0xAA; capacity];
        let seed = if seed.len() <= capacity { &seed[..] } else { "" };
        let expected = read(&stream, capacity, seed.as_bytes());
        let cuts = cuts_from(&cuts, stream.len());
        for door in DOORS {
            for chunks in [vec![&stream[..]], cut(&stream, &cuts), stream.chunks(1).collect()] {
                let mut parser = Parser::new(&mut memory[..]);
                parser.set_last_event_id(EventId::new(seed).unwrap()).unwrap();
                prop_assert_eq!(&drive(&mut parser, &chunks, door), &expected, "{:?}", door);
                #[cfg(feature = "alloc")]
                {
                    let mut parser = Parser::new(sse_wire::Growing::new(capacity));
                    parser.set_last_event_id(EventId::new(seed).unwrap()).unwrap();
                    prop_assert_eq!(&drive(&mut parser, &chunks, door), &expected, "{:?}, growing", door);
                }
            }
        }
    }

    /// What a user puts together from tokens, with memory that grows, is what the parser delivers.
    #[test]
    fn tokens_make_the_same_events(stream in grammar::stream(), cuts in prop::collection::vec(any::<u8>(), 0..12)) {
        let expected = read(&stream, usize::MAX, b"");
        let expected: Vec<_> = expected.verdicts.into_iter().map(|verdict| (verdict.at, verdict.what.unwrap())).collect();
        let comments = reference::comments(&stream);
        for chunks in [vec![&stream[..]], cut(&stream, &cuts_from(&cuts, stream.len())), stream.chunks(1).collect()] {
            let (events, seen) = through_tokens(&chunks);
            prop_assert_eq!(&events, &expected);
            prop_assert_eq!(&seen, &comments);
        }
    }

    /// Any bytes at all.
    #[test]
    fn noise_has_a_meaning(stream in prop::collection::vec(any::<u8>(), 0..300), capacity in 0..64_usize) {
        let mut memory = vec![0; capacity];
        let expected = read(&stream, capacity, b"");
        for door in DOORS {
            prop_assert_eq!(&drive(&mut Parser::new(&mut memory[..]), &[&stream], door), &expected);
        }
    }

    /// A stream that breaks off and a new one after it, through the same parser.
    #[test]
    fn a_connection_starts_afresh(first in grammar::stream(), second in grammar::stream(), capacity in 0..200_usize) {
        let mut memory = vec![0; capacity];
        let mut parser = Parser::new(&mut memory[..]);
        let before = drive(&mut parser, &[&first], Door::Both);
        let after = drive(&mut parser, &[&second], Door::Both);
        let expected = read(&second, capacity, &before.last_event_id);
        prop_assert_eq!(after.last_event_id, expected.last_event_id);
        prop_assert_eq!(after.retry, expected.retry.or(before.retry));
        prop_assert_eq!(after.ending, expected.ending);
        let whats = |reading: Vec<reference::Verdict>| reading.into_iter().map(|v| (v.at, v.what)).collect::<Vec<_>>();
        prop_assert_eq!(whats(after.verdicts), whats(expected.verdicts));
    }
}
