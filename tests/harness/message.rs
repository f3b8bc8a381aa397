//! Writes a message through each of the encoder's doors.

#![allow(dead_code, reason = "each test uses a part")]

use crate::reference::encode::Said;
use sse_wire::{BufferTooSmall, DataLines, DataWriter, EventId, EventType, Message, Progress};

pub fn message(said: &Said) -> Message<'_> {
    let mut message = Message::new();
    if let Some(event_type) = &said.event {
        message = message.event(EventType::from_bytes(event_type).unwrap());
    }
    if let Some(id) = &said.id {
        message = message.id(EventId::from_bytes(id).unwrap());
    }
    if let Some(retry) = said.retry {
        message = message.retry(retry);
    }
    if let Some(comment) = &said.comment {
        message = message.comment_bytes(comment);
    }
    if let Some(data) = &said.data {
        message = message.data_bytes(data);
    }
    message
}

/// Messages with every part there and not there, and breaks at every place.
pub fn all_said() -> Vec<Said> {
    let texts: [&[u8]; 14] = [
        b"",
        b"a",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\r",
        b"a\nb",
        b"a\r\nb",
        b"\ra",
        b"a\r",
        b"a\n\n",
        b"\r\r\n\n",
        b" a",
        b"\xFF\0\r\xC3",
    ];
    let some = |text: &[u8]| Some(text.to_vec());
    let mut all = Vec::new();
    for data in [None].into_iter().chain(texts.map(some)) {
        for comment in [None, some(b""), some(b"c"), some(b"c\r\nd")] {
            for (event, id) in [(None, None), (some(b""), some(b"")), (some(b"tick"), None), (None, some(b"42"))] {
                for retry in [None, Some(0), Some(1230), Some(u64::MAX)] {
                    all.push(Said {
                        event: event.clone(),
                        id: id.clone(),
                        retry,
                        comment: comment.clone(),
                        data: data.clone(),
                    });
                }
            }
        }
    }
    all
}

pub fn by_segments(message: &Message<'_>) -> Vec<u8> {
    let segments: Vec<&[u8]> = message.segments().collect();
    assert!(segments.iter().all(|segment| !segment.is_empty()), "no segment is empty");
    segments.concat()
}

/// Into one buffer of exactly this size, which stays as it was if that is too small.
pub fn by_encode(message: &Message<'_>, size: usize) -> Result<Vec<u8>, BufferTooSmall> {
    let mut out = vec![b'~'; size];
    match message.encode(&mut out) {
        Ok(len) => {
            assert!(out[len..].iter().all(|&byte| byte == b'~'), "nothing is written behind the message");
            out.truncate(len);
            Ok(out)
        }
        Err(error) => {
            assert!(out.iter().all(|&byte| byte == b'~'), "nothing is written on an error");
            Err(error)
        }
    }
}

/// Through windows of these sizes, again and again.
pub fn by_windows(message: &Message<'_>, sizes: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = message.encoder();
    for &size in sizes.iter().cycle() {
        let mut window = vec![b'~'; size];
        let (len, progress) = encoder.write(&mut window);
        assert!(window[len..].iter().all(|&byte| byte == b'~'), "nothing is written behind the count");
        out.extend_from_slice(&window[..len]);
        match progress {
            Progress::OutputFull => assert_eq!(len, size, "a window is filled unless the message ends in it"),
            Progress::Done => break,
        }
    }
    assert_eq!(encoder.write(&mut [0; 8]), (0, Progress::Done), "done is done");
    out
}

/// The data in pieces, the rest as the head.
pub fn by_data_writer(head: &Message<'_>, pieces: &[&str]) -> String {
    use core::fmt::Write;
    let mut out = String::new();
    let mut writer = DataWriter::new(&mut out, *head).unwrap();
    for piece in pieces {
        writer.write_str(piece).unwrap();
    }
    writer.finish().unwrap();
    out
}

/// The data in pieces of any bytes, written by the caller.
pub fn by_data_lines(head: &Message<'_>, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut write = |segment: &[u8]| {
        assert!(!segment.is_empty(), "no segment is empty");
        out.extend_from_slice(segment);
    };
    let mut lines = DataLines::new();
    lines.head(head).for_each(&mut write);
    for piece in pieces {
        lines.segments(piece).for_each(&mut write);
    }
    write(lines.finish());
    out
}

#[cfg(feature = "std")]
pub fn by_data_writer_io(head: &Message<'_>, pieces: &[&[u8]]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = sse_wire::IoDataWriter::new(Vec::new(), *head).unwrap();
    for piece in pieces {
        writer.write_all(piece).unwrap();
    }
    writer.finish().unwrap()
}

/// Into vectors: one of its own, one that has something in it, and one that has room.
#[cfg(feature = "alloc")]
pub fn by_vec(message: &Message<'_>) -> Vec<u8> {
    let out = message.to_vec();
    assert_eq!(out.capacity(), out.len(), "a vector of exactly the length");

    let mut more = b"before".to_vec();
    message.append_to(&mut more);
    assert_eq!(more.strip_prefix(b"before"), Some(&out[..]), "what was there stays");

    let mut roomy = Vec::with_capacity(out.len());
    let room = (roomy.as_ptr(), roomy.capacity());
    message.append_to(&mut roomy);
    assert_eq!(roomy, out);
    assert_eq!((roomy.as_ptr(), roomy.capacity()), room, "a vector with room stays where it is");
    out
}
