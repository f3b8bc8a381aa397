//! What a gateway asks that forwards a stream byte by byte: what every line says, where it may put a line of its own, and how
//! it ends a stream whose source has died.

mod harness;
mod reference;

use harness::{Door, drive, grammar, vectors};
use proptest::prelude::*;
use reference::{Line, Record, lines, read, split};
use sse_wire::{EventId, Field, KEEP_ALIVE, Parser, Storage, Text, Token, Tokenizer, event_id, event_type};

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line as the tokenizer should show it: its field, its value, and whether it has ended. `None` is a blank line.
type Shown = Option<(Field, Vec<u8>, bool)>;

/// What the lines of a stream say, by the rules. A last line that has no end shows once it is certain which field it is.
fn expected_lines(stream: &[u8]) -> Vec<Shown> {
    if MARK.starts_with(stream) {
        return Vec::new();
    }
    let show = |Line { bytes, at }: &Line<'_>| {
        let (name, value, _) = split(bytes);
        let (field, value) = match name {
            _ if bytes.is_empty() => return Some(None),
            b"" => (Field::Comment, value),
            b"data" => (Field::Data, value),
            b"event" => (Field::Event, value),
            b"id" => (Field::Id, value),
            b"retry" => (Field::Retry, value),
            _ => (Field::Unknown, *bytes),
        };
        let may_go_on = || ["data", "event", "id", "retry"].iter().any(|name| name.as_bytes().starts_with(bytes));
        let is_certain = at.is_some() || if field == Field::Unknown { !may_go_on() } else { !value.is_empty() };
        is_certain.then(|| Some((field, value.to_vec(), at.is_some())))
    };
    lines(stream).iter().filter_map(show).collect()
}

fn shown_lines<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> Vec<Shown> {
    let mut tokenizer = Tokenizer::new();
    let (mut shown, mut in_progress) = (Vec::new(), None);
    for mut chunk in chunks {
        while let Some(token) = tokenizer.next(&mut chunk) {
            match token {
                Token::Blank => shown.push(None),
                Token::Value { field, bytes, end } => {
                    let (begun, mut value) = in_progress.take().unwrap_or((field, Vec::new()));
                    assert_eq!(begun, field, "a line has one field");
                    value.extend(bytes);
                    if end {
                        shown.push(Some((field, value, true)));
                    } else {
                        assert!(!bytes.is_empty());
                        in_progress = Some((field, value));
                    }
                }
            }
        }
    }
    shown.extend(in_progress.map(|(field, value)| Some((field, value, false))));
    shown
}

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

/// Reads all of a stream in chunks of this size, through either way to read.
fn read_all<B: Storage>(parser: &mut Parser<B>, stream: &[u8], chunk: usize, by_next: bool) {
    for mut chunk in stream.chunks(chunk) {
        while !chunk.is_empty() {
            if by_next {
                let _ = parser.next(&mut chunk);
            } else {
                let (consumed, _) = parser.advance(chunk);
                chunk = &chunk[consumed..];
            }
        }
    }
}

/// Every position of every vector: where the parser stands, and that a comment changes nothing where it may be put in.
#[test]
fn where_the_parser_stands() {
    let (mut positions, mut insertions, mut too_early) = (0, 0, 0);
    for vector in vectors::all().iter().filter(|vector| vector.stream.len() <= 500) {
        let stream = &vector.stream[..];
        let whole = read(stream, 4096, b"");
        for at in 0..=stream.len() {
            let (before, after) = stream.split_at(at);
            let ending = read(before, 4096, b"").ending;
            let unknown = expected_lines(before).iter().flatten().filter(|line| line.0 == Field::Unknown).count();
            let can_insert = before.ends_with(b"\n") || before == MARK;
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

/// What a cut leaves open, and what a client should make of its end.
#[derive(Debug, Default)]
struct Open {
    /// The data of the event that is aborted, if a `data` line had begun.
    data: Option<Vec<u8>>,
    /// A line had begun that sets something.
    is_set: bool,
    has_id_line: bool,
    /// The stream's own last event ID does not fit a buffer of the capacity.
    is_id_lost: bool,
}

/// Finds what is open by reading the lines one after the other.
fn open(stream: &[u8], capacity: usize, seed: &[u8]) -> Open {
    let mut open = Open::default();
    let mut committed = seed.to_vec();
    let (mut id, mut ids) = (None, committed.len());
    for Line { bytes, at } in lines(stream) {
        if bytes.is_empty() {
            if let Some(id) = id.take() {
                open.is_id_lost = ids > capacity;
                committed = if open.is_id_lost { committed } else { id };
            }
            ids = committed.len();
            open = Open { is_id_lost: open.is_id_lost, ..Open::default() };
            continue;
        }
        let (name, value, has_colon) = split(bytes);
        if at.is_none() && !has_colon {
            continue;
        }
        open.is_set |= matches!(name, b"data" | b"event" | b"id");
        match name {
            b"data" => match &mut open.data {
                Some(data) => data.extend([b"\n", value].concat()),
                None => open.data = Some(value.to_vec()),
            },
            b"id" => {
                open.has_id_line = true;
                ids += value.len();
                if !value.contains(&0) && at.is_some() {
                    id = Some(value.to_vec());
                }
            }
            _ => {}
        }
    }
    open
}

/// Ends a stream as the gateway's parser says, and checks what a client makes of that, and of a message behind it. Returns the bytes
/// that were sent, or `None` if the gateway must close the connection.
fn check_sever(
    about: &str,
    before: &[u8],
    capacity: usize,
    seed: EventId<'_>,
    chunk: usize,
    by_next: bool,
) -> Option<Vec<u8>> {
    let open = open(before, capacity, seed.as_bytes());
    let mut memory = [0; 4096];
    let mut gateway = Parser::new(&mut memory[..capacity]);
    gateway.set_last_event_id(seed).unwrap();
    read_all(&mut gateway, before, chunk, by_next);
    let sent = gateway.sever(event_type!("aborted")).map(|sever| sever.collect::<Vec<_>>().concat());
    assert_eq!(sent.is_err(), open.has_id_line && open.is_id_lost, "{about}");
    let sent = sent.ok()?;

    // A client with room for everything: the events before the cut, then the aborted one or nothing, then the message.
    let expected = read(before, usize::MAX, seed.as_bytes());
    let mut verdicts = expected.verdicts;
    let record = |event_type: &[u8], data: Vec<u8>| Record {
        event_type: event_type.to_vec(),
        data,
        last_event_id: expected.last_event_id.clone(),
        id: None,
    };
    let aborted = open.data.map(|data| {
        let id = open.has_id_line.then(|| expected.last_event_id.clone());
        Record { id, ..record(b"aborted", data) }
    });
    let behind = [aborted, Some(record(b"message", b"next".to_vec()))].into_iter().flatten();

    let received = [before, &sent, b"data: next\n\n"].concat();
    let seen = read(&received, usize::MAX, seed.as_bytes());
    let behind: Vec<_> = behind.map(Ok).collect();
    let what: Vec<_> = verdicts.drain(..).map(|verdict| verdict.what).chain(behind).collect();
    assert!(seen.verdicts.iter().map(|verdict| &verdict.what).eq(&what), "{about}: {}", received.escape_ascii());
    assert_eq!(seen.last_event_id, expected.last_event_id, "{about}");
    assert_eq!(seen.retry, expected.retry, "{about}");
    // The crate as the client, in the chunks in which it would come.
    let mut client = Parser::new([0; 4096]);
    client.set_last_event_id(seed).unwrap();
    let reading = drive(&mut client, &[before, &sent, b"data: next\n\n"], Door::Next);
    assert!(reading.verdicts.iter().map(|verdict| &verdict.what).eq(&what), "{about}");
    assert_eq!((reading.last_event_id, reading.retry), (expected.last_event_id, expected.retry), "{about}");

    assert_eq!(sent.is_empty(), !open.is_set && !expected.ending.mid_line, "{about}: nothing for nothing");
    assert_eq!(sent.ends_with(b"\n\n"), open.is_set, "{about}: a blank line only for a block");
    Some(sent)
}

/// Every vector, cut at every byte: in all of a buffer, and in one that loses most IDs.
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
