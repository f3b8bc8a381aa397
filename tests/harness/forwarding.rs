//! What a gateway should be told that forwards a stream byte by byte: worked out line by line, from the whole stream.

use crate::harness::{Door, drive};
use crate::reference::open::{open, sever};
use crate::reference::{Line, Record, lines, read, split};
use sse_wire::{EventId, Field, Parser, Storage, Token, Tokenizer, event_type};

pub const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line as the tokenizer should show it: its field, its value, and whether it has ended. `None` is a blank line.
pub type Shown = Option<(Field, Vec<u8>, bool)>;

/// What the lines of a stream say, by the rules. A last line that has no end shows once it is certain which field it is.
pub fn expected_lines(stream: &[u8]) -> Vec<Shown> {
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

pub fn shown_lines<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> Vec<Shown> {
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

/// Reads all of a stream in chunks of this size, through either way to read.
pub fn read_all<B: Storage>(parser: &mut Parser<B>, stream: &[u8], chunk: usize, by_next: bool) {
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

/// Ends a stream as the gateway's parser says, and checks what a client makes of that, and of a message behind it. Returns
/// the bytes that were sent, or `None` if the gateway must close the connection.
pub fn check_sever(
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
    assert_eq!(sent.clone().ok(), sever(before, capacity, seed.as_bytes()), "{about}");
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
