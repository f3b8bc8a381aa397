//! Every way out writes the bytes that [`Message::encode`] writes.
//!
//! They share the names and the order, and each has its own way through them. `tests/encode.rs` compares the result with an
//! encoder that shares nothing with this crate.

extern crate std;

use super::constant::Output;
use super::{DataWriter, Message, Progress, SliceWriter};
use crate::{EventId, EventType};
use core::fmt::Write;
use std::vec::Vec;

/// Texts around the line breaks and around what is copied at once, each also with something before and behind.
fn texts() -> Vec<Option<Vec<u8>>> {
    let short = ["", " ", ":", "x", "\n", "\r", "\r\n", "\n\r", "a\nb", "a\r\nb\r", "\r\ra\n\n", "\0\u{FEFF}\u{2028}é"];
    let mut texts: Vec<_> = short.iter().map(|text| text.as_bytes().to_vec()).collect();
    for len in [30, 111, 112, 113, 300] {
        let line = std::vec![b'x'; len];
        texts.push(line.clone());
        texts.push([&line, &b"\r\n"[..], &line, b"\n", &line].concat());
    }
    texts.into_iter().map(Some).chain([None]).collect()
}

/// Calls `check` with every combination of parts.
fn for_all_messages(mut check: impl FnMut(Message<'_>)) {
    let texts = texts();
    for (comment, data) in texts.iter().flat_map(|comment| texts.iter().map(move |data| (comment, data))) {
        for event in [None, Some(""), Some("tick")] {
            for id in [None, Some(""), Some("42"), Some("1742")] {
                for retry in [None, Some(0), Some(1230), Some(u64::MAX)] {
                    let event = event.map(|event| EventType::new(event).unwrap());
                    let parts = (comment.as_deref(), data.as_deref());
                    let mut message = Message { event, comment: parts.0, data: parts.1, ..Message::new() };
                    if let Some(milliseconds) = retry {
                        message = message.retry(milliseconds);
                    }
                    // This one is a number.
                    check(match id {
                        Some("1742") => message.id_number(1742),
                        Some(id) => message.id(EventId::new(id).unwrap()),
                        None => message,
                    });
                }
            }
        }
    }
}

fn encoded(message: Message<'_>) -> Vec<u8> {
    let mut out = std::vec![b'~'; message.encoded_len()];
    assert_eq!(message.encode(&mut out), Ok(out.len()));
    out
}

#[test]
fn one_buffer_of_any_size_is_enough_or_too_small() {
    for_all_messages(|message| {
        let expected = encoded(message);
        let len = expected.len();
        assert!(message.longest() >= len);
        let mut large = std::vec![b'~'; message.longest() + 200];
        for size in [len + 1, len + 120, large.len()] {
            assert_eq!(message.encode(&mut large[..size]), Ok(len));
            assert!(large[..len] == expected && large[len..].iter().all(|&byte| byte == b'~'), "{message:?} in {size}");
            large.fill(b'~');
        }
        for size in (0..len).rev().step_by(97).take(4) {
            assert_eq!(message.encode(&mut large[..size]).map_err(|error| error.needed), Err(len));
            assert!(large.iter().all(|&byte| byte == b'~'), "{message:?} in {size}");
        }
    });
}

#[test]
fn segments_are_the_bytes_of_the_buffer() {
    for_all_messages(|message| {
        let mut segments = message.segments();
        let slices: Vec<&[u8]> = segments.by_ref().collect();
        assert!(slices.concat() == encoded(message) && !slices.contains(&&b""[..]), "{message:?}");
        assert_eq!(segments.next(), None);
    });
}

#[test]
fn windows_are_the_bytes_of_the_buffer() {
    for_all_messages(|message| {
        let expected = encoded(message);
        for size in [1, 7, 64] {
            let (mut encoder, mut written) = (message.encoder(), Vec::new());
            loop {
                let mut window = [b'~'; 64];
                let (len, progress) = encoder.write(&mut window[..size]);
                written.extend_from_slice(&window[..len]);
                if progress == Progress::Done {
                    break;
                }
                assert_eq!(len, size);
            }
            assert!(written == expected, "{message:?} through windows of {size}");
        }
    });
}

#[test]
fn constants_are_the_bytes_of_the_buffer() {
    for_all_messages(|message| {
        let expected = encoded(message);
        let output = Output::<2048>::message(&message);
        assert!(output.bytes[..output.len] == expected, "{message:?}");
        assert_eq!(message.const_len(), expected.len());
    });
}

#[test]
fn a_data_writer_writes_the_bytes_of_the_buffer() {
    for_all_messages(|message| {
        let Some(data) = message.data else { return };
        let data = core::str::from_utf8(data).unwrap();
        let head = Message { data: None, ..message };
        let mut memory = [0; 2048];
        let mut writer = DataWriter::new(SliceWriter::new(&mut memory), head).unwrap();
        for char in data.chars() {
            writer.write_char(char).unwrap();
        }
        assert!(writer.finish().unwrap().written() == encoded(message), "{message:?}");
        let writer = DataWriter::new(SliceWriter::new(&mut memory), message).unwrap();
        assert!(writer.finish().unwrap().written() == encoded(message), "{message:?}");
    });
}
