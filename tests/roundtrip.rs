//! What goes in comes out, with CR and CRLF to LF as the only change, and never more than one event out of one message.
//!
//! As often as in `tests/properties.rs`.

mod harness;
mod reference;

use harness::message::{by_data_lines, by_data_writer, by_encode, by_segments, by_windows, message};
use harness::{DOORS, cut, cuts_from, drive};
use proptest::prelude::*;
use reference::encode::{MAX_RETRY, Said, encode, received};
use sse_wire::{EventId, EventType, Parser};

const CASES: u32 = 10_000;

fn config() -> ProptestConfig {
    let cases =
        std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().expect("PROPTEST_CASES is a number"));
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Text full of what could end a line, a field or an event.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![&b"\n"[..], b"\r", b"\r\n", b"\n\n", b"\r\r", b": ", b"data: x", b"id: 1", b" ", b"\0"])
            .prop_map(<[u8]>::to_vec),
        3 => "[a-z ]{0,12}".prop_map(String::into_bytes),
        1 => ".{0,8}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn without(forbidden: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    text().prop_map(|mut text| {
        text.retain(|byte| !forbidden.contains(byte));
        text
    })
}

fn said() -> impl Strategy<Value = Said> {
    use prop::option::of;
    let retry = prop_oneof![any::<u64>(), MAX_RETRY - 2..MAX_RETRY + 3, 0..100_000_u64];
    (of(without(b"\r\n")), of(without(b"\r\n\0")), of(retry), of(text()), of(text()))
        .prop_map(|(event, id, retry, comment, data)| Said { event, id, retry, comment, data })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_goes_in_comes_out(said in said(), cuts in prop::collection::vec(any::<u8>(), 0..6)) {
        let stream = by_segments(&message(&said));
        prop_assert_eq!(&stream, &encode(&said));

        let mut memory = vec![0; stream.len()];
        let chunks = cut(&stream, &cuts_from(&cuts, stream.len()));
        for door in DOORS {
            let reading = drive(&mut Parser::new(&mut memory[..]), &chunks, door);
            prop_assert_eq!(reading.retry, said.retry.map(|retry| retry.min(MAX_RETRY)));
            prop_assert_eq!(&reading.last_event_id, &said.id.clone().unwrap_or_default());
            prop_assert_eq!(&reading.ending, &reference::Ending::default());
            prop_assert_eq!(reading.verdicts.len(), usize::from(said.data.is_some()));
            if let (Some(data), Some(verdict)) = (&said.data, reading.verdicts.first()) {
                let event = verdict.what.as_ref().unwrap();
                let named = said.event.clone().filter(|name| !name.is_empty()).unwrap_or(b"message".to_vec());
                prop_assert_eq!(&event.event_type, &named);
                prop_assert_eq!(&event.data, &received(data));
                prop_assert_eq!(&event.id, &said.id);
            }
        }
        let comments: Vec<Vec<u8>> = said.comment.iter().flat_map(|text| reference::encode::lines(text)).collect();
        prop_assert_eq!(harness::through_tokens(&chunks).1, comments);
    }

    /// No line stands in the output that the message does not have.
    #[test]
    fn no_line_was_not_asked_for(said in said()) {
        let stream = by_segments(&message(&said));
        let lines: Vec<&[u8]> = stream.split(|&byte| byte == b'\n' || byte == b'\r').collect();
        let count = |name: &[u8]| lines.iter().filter(|line| line.starts_with(name)).count();
        let breaks = |text: &Option<Vec<u8>>| text.as_ref().map_or(0, |text| reference::encode::lines(text).len());
        let expected = [
            usize::from(said.event.is_some()),
            usize::from(said.id.is_some()),
            usize::from(said.retry.is_some()),
            breaks(&said.comment),
            breaks(&said.data),
        ];
        let found = [count(b"event: "), count(b"id: "), count(b"retry: "), count(b": "), count(b"data: ")];
        prop_assert_eq!(found, expected);
        // The blank line, if there is one, and nothing after the last LF.
        let blank_lines = usize::from(said.event.is_some() || said.id.is_some() || said.data.is_some());
        prop_assert_eq!(lines.len(), expected.iter().sum::<usize>() + blank_lines + 1);
        prop_assert!(!stream.contains(&b'\r'));
    }

    #[test]
    fn every_door_writes_the_same(said in said(), sizes in prop::collection::vec(0..40_usize, 0..5)) {
        let message = message(&said);
        let expected = encode(&said);
        prop_assert_eq!(message.encoded_len(), expected.len());
        prop_assert_eq!(message.const_len(), expected.len());
        prop_assert_eq!(by_encode(&message, expected.len()), Ok(expected.clone()));
        prop_assert_eq!(by_encode(&message, 8 * expected.len() + 100), Ok(expected.clone()));
        if let Some(size) = expected.len().checked_sub(1) {
            prop_assert_eq!(by_encode(&message, size).unwrap_err().needed, expected.len());
        }
        prop_assert_eq!(message.to_string(), String::from_utf8_lossy(&expected));
        #[cfg(feature = "alloc")]
        prop_assert_eq!(&harness::message::by_vec(&message), &expected);
        let sizes = [&sizes[..], &[1]].concat();
        prop_assert_eq!(by_windows(&message, &sizes), expected);
    }

    /// A number is the ID that has its digits, whatever else the message says.
    #[test]
    fn a_number_is_written_as_its_digits(said in said(), number in any::<u64>(), bits in 0..64_u32) {
        let number = number >> bits;
        let by_text = Said { id: Some(number.to_string().into_bytes()), ..said.clone() };
        let expected = encode(&by_text);
        let (message, by_text) = (message(&said).id_number(number), message(&by_text));
        prop_assert_eq!(by_segments(&message), &expected[..]);
        prop_assert_eq!(by_encode(&message, expected.len()), Ok(expected.clone()));
        prop_assert_eq!(by_encode(&message, 8 * expected.len() + 100), Ok(expected.clone()));
        prop_assert_eq!(by_windows(&message, &[3, 1]), &expected[..]);
        prop_assert_eq!((message.encoded_len(), message.const_len()), (expected.len(), expected.len()));
        prop_assert_eq!(message, by_text);
        prop_assert_ne!(message, by_text.id_number(number ^ 1));
    }

    #[test]
    fn a_data_writer_writes_the_same(said in said(), payload in "[a-c\r\n]{0,30}", cuts in prop::collection::vec(any::<u8>(), 0..6)) {
        // Text, since a text writer makes text of bytes.
        let clean = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned().into_bytes());
        let said = Said { event: clean(said.event), id: clean(said.id), comment: clean(said.comment), data: None, ..said };
        let pieces = cut(payload.as_bytes(), &cuts_from(&cuts, payload.len()));
        let pieces: Vec<&str> = pieces.into_iter().map(|piece| std::str::from_utf8(piece).unwrap()).collect();
        let written = by_data_writer(&message(&said), &pieces);
        prop_assert_eq!(written.into_bytes(), encode(&Said { data: Some(payload.into_bytes()), ..said }));
    }

    #[test]
    fn data_lines_write_the_same(said in said(), payload in text(), cuts in prop::collection::vec(any::<u8>(), 0..6)) {
        let head = Said { data: None, ..said };
        let expected = encode(&Said { data: Some(payload.clone()), ..head.clone() });
        let pieces = cut(&payload, &cuts_from(&cuts, payload.len()));
        prop_assert_eq!(by_data_lines(&message(&head), &pieces), &expected[..]);
        #[cfg(feature = "std")]
        prop_assert_eq!(harness::message::by_data_writer_io(&message(&head), &pieces), &expected[..]);
    }

    /// A line is valid exactly if it comes out of a stream as it went in.
    #[test]
    fn a_value_is_valid_if_it_survives(value in text()) {
        let line = EventType::from_bytes(&value);
        prop_assert_eq!(line.is_ok(), !value.iter().any(|byte| b"\r\n".contains(byte)));
        let id = EventId::from_bytes(&value);
        prop_assert_eq!(id.is_ok(), !value.iter().any(|byte| b"\r\n\0".contains(byte)));
    }
}
