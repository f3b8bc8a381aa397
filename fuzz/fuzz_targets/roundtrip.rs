//! Promise: whatever goes in comes out, with line breaks made LF as the only change, and is never more than one event.

#![no_main]

#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/harness/message.rs"]
mod message;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use harness::{DOORS, cut, cuts_from, drive, through_tokens};
use libfuzzer_sys::fuzz_target;
use reference::encode::{MAX_RETRY, Said, encode, lines, received};
use sse_wire::{EventId, EventType, Parser};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: [u8; 4],
    event: Option<&'a [u8]>,
    id: Option<&'a [u8]>,
    number: Option<u64>,
    retry: Option<u64>,
    comment: Option<&'a [u8]>,
    data: Option<&'a [u8]>,
}

fuzz_target!(|input: Input<'_>| {
    // What cannot be said is refused, and nothing else is.
    let has = |bytes: &[u8], forbidden: &[u8]| bytes.iter().any(|byte| forbidden.contains(byte));
    let event = input.event.filter(|event| {
        assert_eq!(EventType::from_bytes(event).is_err(), has(event, b"\r\n"));
        EventType::from_bytes(event).is_ok()
    });
    let id = input.id.filter(|id| {
        assert_eq!(EventId::from_bytes(id).is_err(), has(id, b"\r\n\0"));
        EventId::from_bytes(id).is_ok()
    });
    let digits = input.number.map(|number| number.to_string());
    let own = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
    let id = digits.as_ref().map(String::as_bytes).or(id);
    let said =
        Said { event: own(event), id: own(id), retry: input.retry, comment: own(input.comment), data: own(input.data) };

    let mut written = message::message(&said);
    if let Some(number) = input.number {
        let by_text = written;
        written = written.id_number(number);
        assert_eq!(written, by_text);
    }
    let stream = message::by_segments(&written);
    assert_eq!(stream, encode(&said));

    let chunks = cut(&stream, &cuts_from(&input.cuts, stream.len()));
    let mut memory = vec![0; stream.len()];
    for door in DOORS {
        let reading = drive(&mut Parser::new(&mut memory[..]), &chunks, door);
        assert_eq!(reading, reference::read(&stream, usize::MAX, b""));
        assert_eq!(reading.verdicts.len(), usize::from(said.data.is_some()));
        let retry = said.retry.map(|retry| retry.min(MAX_RETRY));
        assert_eq!((reading.retry, reading.ending), (retry, reference::Ending::default()));
        assert_eq!(reading.last_event_id, said.id.clone().unwrap_or_default());
        if let (Some(verdict), Some(data)) = (reading.verdicts.first(), &said.data) {
            let record = verdict.what.as_ref().unwrap();
            let event_type = said.event.clone().filter(|event| !event.is_empty()).unwrap_or(b"message".to_vec());
            assert_eq!((&record.event_type, &record.id), (&event_type, &said.id));
            assert_eq!(record.data, received(data));
        }
    }
    let comments: Vec<Vec<u8>> = said.comment.iter().flat_map(|comment| lines(comment)).collect();
    assert_eq!(through_tokens(&chunks).1, comments);
});
