//! What a gateway asks that forwards a stream byte by byte: what every line says, where it may put a line of its own, and
//! how it ends a stream whose source has died.

mod harness;
#[path = "harness/forwarding.rs"]
mod oracle;
mod reference;

use harness::{Door, drive, grammar, vectors};
use oracle::{check_sever, expected_lines, read_all, shown_lines};
use proptest::prelude::*;
use reference::{open, read};
use sse_wire::{EventId, Field, KEEP_ALIVE, Parser, Text, Tokenizer, event_id, event_type};

#[test]
fn no_line_is_left_out() {
    let (mut cuts, mut unknown) = (0, 0);
    for vector in vectors::all() {
        let stream = &vector.stream[..];
        let expected = expected_lines(stream);
        assert_eq!(shown_lines([stream]), expected, "{}", vector.name);
        assert_eq!(shown_lines(stream.chunks(1)), expected, "{} byte by byte", vector.name);
        unknown += expected.iter().flatten().filter(|line| line.0 == Field::Unknown).count();
        if stream.len() <= 500 {
            for at in 0..=stream.len() {
                let (before, after) = stream.split_at(at);
                assert_eq!(shown_lines([before]), expected_lines(before), "{} up to {at}", vector.name);
                assert_eq!(shown_lines([before, after]), expected, "{} cut at {at}", vector.name);
                cuts += 1;
            }
        }
    }
    assert_eq!((cuts, unknown), (32_619, 682));
}

/// Every position of every vector but the six longest: where the parser stands, and that a comment changes nothing where it
/// may be put in.
#[test]
fn where_the_parser_stands() {
    let (mut positions, mut insertions, mut too_early) = (0, 0, 0);
    for vector in vectors::all().iter().filter(|vector| vector.stream.len() <= 500) {
        let stream = &vector.stream[..];
        let whole = read(stream, 4096, b"");
        for at in 0..=stream.len() {
            let (before, after) = stream.split_at(at);
            let ending = read(before, 4096, b"").ending;
            let unknown = open::unknown_lines(before);
            let is_unknown = |line: &&(Field, Vec<u8>, bool)| line.0 == Field::Unknown;
            assert_eq!(expected_lines(before).iter().flatten().filter(is_unknown).count(), unknown);
            let can_insert = open::can_insert(before);
            for (chunk, by_next) in [(4096, true), (4096, false), (1, true), (1, false), (7, true)] {
                let about = format!("{} at {at}, chunks of {chunk}, next: {by_next}", vector.name);
                let mut parser = Parser::new([0; 4096]);
                read_all(&mut parser, before, chunk, by_next);
                assert_eq!(
                    (parser.is_mid_line(), parser.is_mid_event()),
                    (ending.mid_line, ending.mid_event),
                    "{about}"
                );
                assert_eq!(parser.unknown_lines() as usize, unknown, "{about}");
                assert_eq!(parser.can_insert(), can_insert, "{about}");
            }
            let mut tokenizer = Tokenizer::new();
            for _ in tokenizer.tokens(before) {}
            assert_eq!((tokenizer.can_insert(), tokenizer.is_mid_line()), (can_insert, ending.mid_line));

            let inserted = [before, KEEP_ALIVE, after].concat();
            let reading = drive(&mut Parser::new([0; 4096]), &[&inserted], Door::Next);
            let is_harmless = reading.last_event_id == whole.last_event_id
                && reading.retry == whole.retry
                && reading.ending == whole.ending
                && reading.verdicts.iter().map(|verdict| &verdict.what).eq(whole.verdicts.iter().map(|v| &v.what));
            assert!(is_harmless || !can_insert, "{} at {at}", vector.name);
            positions += 1;
            insertions += usize::from(can_insert);
            // Where the parser says no, a comment can do harm, so the answer is worth having.
            too_early += usize::from(!is_harmless && !ending.mid_line);
        }
    }
    assert_eq!((positions, insertions, too_early), (32_619, 4265, 181));
}

#[test]
fn a_repeated_reconnection_time_can_be_noticed() {
    let mut parser = Parser::new([0; 64]);
    parser.set_retry(500);
    assert_eq!(parser.retry(), Some(500));
    let mut seen = Vec::new();
    for line in ["retry: 3000\n", "data\n", "\n", "retry: 3000\n", "retry\n", "retry: x\n", "retry: 1"] {
        let mut chunk = line.as_bytes();
        while parser.next(&mut chunk).is_some() {}
        seen.push(parser.take_retry());
        assert_eq!(parser.retry(), None);
    }
    assert_eq!(seen, [Some(3000), None, None, Some(3000), None, None, None]);
    parser.set_retry(u64::MAX);
    assert_eq!((parser.retry(), parser.take_retry(), parser.take_retry()), (Some(u64::MAX), Some(u64::MAX), None));
}

#[test]
fn unknown_lines_are_counted_from_the_start_of_each_stream() {
    let mut parser = Parser::new([0; 8]);
    for answer in ["{\n  \"error\": {}\n}\n", "<!DOCTYPE html>\r\n<html>\r\n<p>404"] {
        let mut chunk = answer.as_bytes();
        assert_eq!(parser.next(&mut chunk), None);
        assert_eq!(parser.unknown_lines(), 3, "{answer}");
        parser.reconnect();
        assert_eq!(parser.unknown_lines(), 0);
    }
}

/// Every vector but the six longest, cut at every byte: in all of a buffer, and in one that loses most IDs.
#[test]
fn a_stream_can_be_ended_at_every_byte() {
    let (mut cuts, mut closed, mut silent) = (0, 0, 0);
    for vector in vectors::all().iter().filter(|vector| vector.stream.len() <= 500) {
        for at in 0..=vector.stream.len() {
            let before = &vector.stream[..at];
            for (capacity, seed) in
                [(4000, event_id!("")), (4000, event_id!("seed")), (6, event_id!("")), (2, event_id!("7"))]
            {
                for (chunk, by_next) in [(500, true), (1, false)] {
                    let about = format!("{} at {at}, {capacity} bytes, {seed:?}, chunks of {chunk}", vector.name);
                    let sent = check_sever(&about, before, capacity, seed, chunk, by_next);
                    cuts += 1;
                    closed += usize::from(sent.is_none());
                    silent += usize::from(sent.is_some_and(|sent| sent.is_empty()));
                }
            }
        }
    }
    assert_eq!((cuts, closed, silent), (260_952, 258, 22_928));
}

proptest! {
    #[test]
    fn a_random_stream_can_be_ended(
        stream in grammar::stream(), seed in "[0-9]{0,6}", at in any::<prop::sample::Index>(), capacity in 6_usize..40, chunk in 1_usize..9
    ) {
        let before = &stream[..at.index(stream.len() + 1)];
        let seed = EventId::new(&seed).unwrap();
        for by_next in [false, true] {
            check_sever("random", before, capacity, seed, chunk, by_next);
            check_sever("random", before, 4000, seed, chunk, by_next);
        }
    }
}

#[test]
fn what_is_sent_where_a_stream_is_cut() {
    for (before, sent) in [
        ("", ""),
        ("data: a\n\n", ""),
        ("data: a\r\n\r", ""),
        ("\u{FEFF}", ""),
        (": comm", "\n"),
        ("unknown", "\n"),
        ("retry: 30", "x\n"),
        ("retry:", "x\n"),
        ("retry: 30\n", ""),
        ("dat", "-\n"),
        ("data", "-\n"),
        ("id", "-\n"),
        ("data:", "\nevent: aborted\n\n"),
        ("data: Hel", "\nevent: aborted\n\n"),
        ("data: Hel\n", "event: aborted\n\n"),
        ("data: Hel\r", "event: aborted\n\n"),
        ("event: x\nretry: 1", "x\nevent: aborted\n\n"),
        ("id: 12", "\nevent: aborted\nid: \n\n"),
        ("id: 1\n\nid: 12\nda", "-\nevent: aborted\nid: 1\n\n"),
        ("id: 1\n\ndata: x", "\nevent: aborted\n\n"),
    ] {
        let found = check_sever(before, before.as_bytes(), 64, event_id!(""), 64, true).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), sent, "{before:?}");
    }
    // Not even the first ID fits, so the client has one that the gateway does not know.
    let mut gateway = Parser::new([0; 2]);
    read_all(&mut gateway, b"id: 123\n\n", 64, true);
    assert!(gateway.sever(event_type!("aborted")).unwrap().next().is_none(), "nothing is open");
    read_all(&mut gateway, b"data: x\n", 64, true);
    assert!(gateway.sever(event_type!("aborted")).is_ok(), "no ID is open");
    read_all(&mut gateway, b"id: 4", 64, true);
    let error = gateway.sever(event_type!("aborted")).unwrap_err();
    assert_eq!(error.to_string(), "the last event ID was too large for the buffer: close the connection");
    // An ID that the client has sent, and that does not fit, is not known either.
    let mut other = Parser::new([0; 4]);
    other.set_last_event_id(event_id!("12345")).unwrap_err();
    read_all(&mut other, b"id: 8", 64, true);
    assert!(other.sever(event_type!("aborted")).is_err());
    // With the next ID that fits it knows again.
    read_all(&mut gateway, b"\n\nid: 5\n\nid: 6", 64, true);
    assert!(gateway.sever(event_type!("aborted")).is_ok());
}

/// Events through `next` can be split off their chunk without a copy exactly if they lie in it.
#[test]
fn where_text_lies_in_its_chunk() {
    let (mut inside, mut outside) = (0, 0);
    for vector in vectors::short() {
        for at in 0..=vector.stream.len() {
            let (before, after) = vector.stream.split_at(at);
            let mut parser = Parser::new([0; 4096]);
            for chunk in [before, after] {
                let mut rest = chunk;
                while let Some(event) = parser.next(&mut rest) {
                    let event = event.unwrap();
                    let parts = [event.data(), event.event_type(), event.last_event_id()];
                    for text in parts.into_iter().filter(|text| !text.is_empty()) {
                        let bytes = text.as_bytes().as_ptr_range();
                        let chunk_range = chunk.as_ptr_range();
                        let lies_inside = chunk_range.contains(&bytes.start) && bytes.end <= chunk_range.end;
                        let range = text.range_in(chunk);
                        assert_eq!(range.is_some(), lies_inside);
                        if let Some(range) = range {
                            assert_eq!(text, chunk[range]);
                            inside += 1;
                        } else {
                            outside += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!((inside, outside), if cfg!(sse_wire_small) { (0, 67_440) } else { (8006, 59_434) });
    let bytes = *b"0123456789";
    for start in 0..=10 {
        for end in start..=10 {
            let text = Text::new(&bytes[start..end]);
            for chunk_start in 0..=10 {
                for chunk_end in chunk_start..=10 {
                    let chunk = &bytes[chunk_start..chunk_end];
                    let expected = if text.is_empty() {
                        Some(0..0)
                    } else {
                        (chunk_start <= start && end <= chunk_end).then(|| start - chunk_start..end - chunk_start)
                    };
                    assert_eq!(text.range_in(chunk), expected);
                }
            }
        }
    }
}
