//! The small parts of the server end, each beside a naive one.

#[path = "server/source.rs"]
mod source;

use source::{Random, Source};
use sse_wire::EventId;
use sse_wire::server::{Board, KeepAlive, Lagged, Limiter, NumberedId, PushError, Refused};
use std::collections::HashMap;

#[test]
fn chunks_compare_by_their_bytes() {
    use sse_wire::server::Chunk;
    let text = b"abc";
    let chunks: Vec<_> = (0..=3).map(|at| Chunk { front: &text[..at], back: &text[at..] }).collect();
    for chunk in &chunks {
        assert!(chunks.iter().all(|other| other == chunk));
        assert!(*chunk == text[..] && *chunk == "abc" && *chunk == *"abc");
        let (slice, other) = (&text[..], &b"abx"[..]);
        assert!(*chunk == slice && *chunk != other && *chunk != b"abx"[..]);
        assert!(*chunk != *"abx" && *chunk != *"abcd");
        assert!(*chunk != "abd" && *chunk != "ab" && *chunk != "abcd" && *chunk != Chunk::default());
        assert_eq!((chunk.len(), chunk.is_empty()), (3, false));
    }
    assert_eq!((Chunk::default().len(), Chunk::default().is_empty()), (0, true));
    assert!(!Chunk { front: b"", back: b"x" }.is_empty() && !Chunk { front: b"x", back: b"" }.is_empty());
}

#[test]
fn an_id_is_read_exactly_if_it_would_have_been_written() {
    let numbers = [0, 1, 9, 10, 11, 99, 100, 1 << 32, 999_999_999_999, 10_u64.pow(19), u64::MAX - 1, u64::MAX];
    let is_written = |epoch: u64, text: &str| {
        let number: u64 = text.rsplit('-').next()?.parse().ok()?;
        (format!("{epoch}-{number}") == text).then_some(number)
    };
    for epoch in numbers {
        for number in numbers {
            let (id, text) = (NumberedId::new(epoch, number), format!("{epoch}-{number}"));
            assert_eq!(id.as_event_id(), EventId::new(&text).unwrap());
            assert!(text.len() <= NumberedId::MOST);
            assert_eq!(format!("{id:?}"), format!("EventId({text:?})"));
            // Every byte is replaced, left out, and put in.
            for at in 0..=text.len() {
                for byte in ["", "0", "1", "5", "9", "-", "+", " ", "a", ":", "/", "é"] {
                    for left_out in 0..2 {
                        let end = (at + left_out).min(text.len());
                        let changed = format!("{}{byte}{}", &text[..at], &text[end..]);
                        let read = NumberedId::read(epoch, EventId::new(&changed).unwrap());
                        assert_eq!(read, is_written(epoch, &changed), "{changed}");
                    }
                }
            }
        }
    }
    // What would wrap to a number, and what is longer than any.
    for text in ["1-18446744073709551616", "1-18446744073709551617", "1-", "-1", "-", "", "1", "1--1"] {
        assert_eq!(NumberedId::read(1, EventId::new(text).unwrap()), None, "{text}");
    }
    let long = "1".repeat(100_000);
    assert_eq!(NumberedId::read(1, EventId::new(&long).unwrap()), None);
}

#[test]
fn a_board_is_a_list_of_changes() {
    for run in 0..300 {
        let mut source = Random(run + 1);
        let (mut board, mut changes) = (Board::<5>::new(), Vec::new());
        assert_eq!(board, Board::default());
        for _ in 0..60 {
            let key = source.below(7);
            let number = changes.len() as u64 + 1;
            assert_eq!(board.touch(key), (key < 5).then_some(number));
            if key < 5 {
                changes.push(key);
            }
            assert_eq!(board.last(), changes.len() as u64);
            let seen = source.below(changes.len() + 3);
            let from = if seen > changes.len() { 0 } else { seen };
            // The first change that no later one of its key follows.
            let next = (from..changes.len()).find(|&at| !changes[at + 1..].contains(&changes[at]));
            assert_eq!(board.next(seen as u64), next.map(|at| (changes[at], at as u64 + 1)));
        }
        // A client that takes one at a time has each key once, in the end.
        let (mut seen, mut keys) = (0, Vec::new());
        while let Some((key, number)) = board.next(seen) {
            keys.push(key);
            seen = number;
        }
        let mut expected: Vec<_> = (0..5).filter(|key| changes.contains(key)).collect();
        expected.sort_by_key(|key| changes.iter().rposition(|change| change == key));
        assert_eq!(keys, expected);
        assert_eq!(board.next(u64::MAX).map(|(key, _)| key), expected.first().copied());
    }
    assert_eq!((Board::<0>::new().touch(0), Board::<0>::new().next(0)), (None, None));
}

#[test]
fn a_keep_alive_is_a_clock_that_ticks() {
    for run in 0..300 {
        let mut source = Random(run + 1);
        let (interval, start) = (source.below(9) as u32, source.below(5) as u64);
        let mut keep_alive = KeepAlive::new(interval, start);
        let mut silent = 0;
        for now in start..start + 80 {
            assert_eq!(keep_alive.is_due(now), silent >= interval);
            // Wait as long as it says, tick by tick.
            let wait = (now..).take_while(|&later| !keep_alive.is_due(later)).count() as u64;
            assert_eq!(keep_alive.wait(now), wait);
            if source.one_in(5) {
                keep_alive.wrote(now);
                silent = 0;
                assert_eq!(keep_alive.is_due(now), interval == 0);
            }
            silent += 1;
        }
    }
    // A clock that goes back.
    let keep_alive = KeepAlive::new(u32::MAX, 1 << 40);
    assert_eq!((keep_alive.wait(1 << 40), keep_alive.wait((1 << 40) - 1)), (u64::from(u32::MAX), 0));
    assert_eq!(keep_alive.wait(u64::MAX), 0);
}

#[test]
fn a_limiter_is_a_map_of_counts() {
    const KEYS: usize = 6;
    for run in 0..500 {
        let mut source = Random(run + 1);
        let (per_key, total) = (source.below(4) as u16, source.below(12) as u32);
        let mut limiter = Limiter::<KEYS>::new(per_key, total);
        let new = limiter.clone();
        let mut counts: HashMap<u64, u16> = HashMap::new();
        let keys = [0, 1, 2, 3, 5, 8, 13, 1 << 40, u64::MAX];
        for _ in 0..100 {
            let key = keys[source.below(keys.len())];
            if source.one_in(3) {
                limiter.disconnect(key);
                if let Some(count) = counts.get_mut(&key) {
                    *count -= 1;
                    counts.retain(|_, count| *count > 0);
                }
                continue;
            }
            let expected = if counts.get(&key).copied().unwrap_or(0) >= per_key {
                Err(Refused::Key)
            } else if counts.values().map(|&count| u32::from(count)).sum::<u32>() >= total
                || (!counts.contains_key(&key) && counts.len() == KEYS)
            {
                Err(Refused::Full)
            } else {
                *counts.entry(key).or_default() += 1;
                Ok(())
            };
            assert_eq!(limiter.connect(key), expected);
        }
        // When all have gone, it is as new.
        for (key, count) in counts {
            (0..count).for_each(|_| limiter.disconnect(key));
        }
        assert_eq!(limiter, new);
    }
    let mut all = Limiter::<1>::new(u16::MAX, u32::MAX);
    assert_eq!((0..=u16::MAX).filter(|_| all.connect(7).is_ok()).count(), 65_535);
    assert_eq!(Limiter::<0>::new(1, 1).connect(7), Err(Refused::Full));
}

#[test]
fn what_goes_wrong_can_be_read() {
    let errors = [PushError::TooLarge { needed: 7 }, PushError::NoData, PushError::Closed, PushError::Aborted];
    assert_eq!(
        errors.map(|error| error.to_string()),
        [
            "message too large for the log: 7 bytes were needed",
            "a message without data is no event",
            "the log is closed",
            "the data could not be written"
        ]
    );
    let lagged = [Some(3), None].map(|missed| Lagged { missed, go_on: None }.to_string());
    assert_eq!(lagged, ["the client has missed 3 events", "the cursor belongs to another log"]);
    let refused = [Refused::Key, Refused::Full].map(|refused| refused.to_string());
    assert_eq!(refused, ["too many connections of this client", "too many connections"]);
}

#[cfg(feature = "std")]
#[test]
fn bytes_are_written_into_the_log() {
    use sse_wire::server::EventLog;
    use sse_wire::{Message, event_type};
    use std::io::Write;
    let mut log = EventLog::new([0; 256], 4, 1);
    let number = log.push_with(&Message::new().event(event_type!("a")).data("0\r"), 64, |data| {
        data.write_all(b"\n1\xFF\r").unwrap();
        data.write_all(b"\n2").unwrap();
        data.flush().unwrap();
        assert_eq!(data.write(&[b'x'; 64]).unwrap_err().kind(), std::io::ErrorKind::StorageFull);
        Ok(())
    });
    assert_eq!(number, Err(PushError::TooLarge { needed: 41 + 64 + 16 }));
    let number = log.push_with(&Message::new().data("0\r"), 64, |data| {
        data.write_all(b"\n1\xFF\r").unwrap();
        assert_eq!(data.write(b"\n2").unwrap(), 2);
        Ok(())
    });
    assert_eq!(number, Ok(1));
    assert!(log.read(&log.oldest()).unwrap() == b"id: 1-1\ndata: 0\ndata: 1\xFF\ndata: 2\n\n"[..]);
}
