//! Promise: data in pieces is written as data in one piece is, ends as it should, and merges with nothing.

#![no_main]

#[path = "../../tests/harness/message.rs"]
mod message;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use reference::encode::received;
use sse_wire::{EventId, EventType, IoDataWriter, Message};
use std::io::Write;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    abort: Option<(EventType<'a>, Option<EventId<'a>>)>,
    head: Message<'a>,
    pieces: Vec<&'a [u8]>,
}

fuzz_target!(|input: Input<'_>| {
    let payload = input.pieces.concat();
    let whole = message::by_segments(&input.head.data_bytes(&payload));
    let head = without_data(&whole);

    // Bytes, through `std::io::Write` and without a writer.
    let plain = input.head.data("");
    assert_eq!(message::by_data_writer_io(&plain, &input.pieces), whole);
    assert_eq!(message::by_data_lines(&plain, &input.pieces), whole);

    // Text, through `core::fmt::Write`, whose pieces are text each.
    let pieces: Vec<String> = input.pieces.iter().map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    let text = pieces.concat();
    let written = message::by_data_writer(&plain, &pieces.iter().map(String::as_str).collect::<Vec<_>>());
    let expected = message::by_segments(&input.head.data(&text));
    assert_eq!(written, String::from_utf8_lossy(&expected));

    // Given up: one event, of the other type, and the next message is an event of its own.
    let Some((event_type, previous_id)) = input.abort else { return };
    let mut writer = IoDataWriter::new(Vec::new(), plain).unwrap();
    for piece in &input.pieces {
        writer.write_all(piece).unwrap();
    }
    let mut stream = writer.abort(event_type, previous_id).unwrap();
    assert!(stream.starts_with(head));
    stream.extend(Message::new().data("next").segments().flatten());
    let reading = reference::read(&stream, usize::MAX, b"");
    let events: Vec<_> = reading.verdicts.iter().map(|verdict| verdict.what.as_ref().unwrap()).collect();
    let [aborted, next] = events[..] else { panic!("{} events", events.len()) };
    let named = if event_type.as_bytes().is_empty() { b"message" } else { event_type.as_bytes() };
    assert_eq!((&aborted.event_type[..], &aborted.data), (named, &received(&payload)));
    assert_eq!((&next.event_type[..], &next.data[..]), (&b"message"[..], &b"next"[..]));
    if let Some(id) = previous_id {
        assert_eq!(reading.last_event_id, id.as_bytes());
    }
});

/// What comes before the first `data` line that is not part of a comment or an ID.
fn without_data(whole: &[u8]) -> &[u8] {
    let mut len = 0;
    for line in whole.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b"data: ") {
            break;
        }
        len += line.len();
    }
    &whole[..len]
}
