//! Lines of every length around the steps in which they are searched and copied, where a fast way could lose or add a byte.

mod harness;
mod reference;

use harness::message::{by_encode, by_segments, by_windows};
use harness::{DOORS, cut, drive};
use reference::encode::{Said, encode};
use reference::read;
use sse_wire::{Message, Parser};

/// All lengths up to where the last gear is in use, and those around the pieces in which long data is copied.
fn lengths() -> impl Iterator<Item = usize> {
    (0..=360).chain([1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097, 10_000])
}

/// Text of so many bytes, of which no two that are near are the same.
fn text(len: usize) -> String {
    ('!'..='~').cycle().take(len).collect()
}

/// What `len` bytes of data become between other lines of data.
fn lines(len: usize) -> [Vec<String>; 4] {
    let (line, with_tabs) = (text(len), text(len).replace('5', "\t"));
    [
        vec![line.clone()],
        vec![String::from("first"), line.clone(), String::new(), text(100)],
        vec![text(100), line.clone(), line],
        vec![with_tabs.clone(), text(111), text(112), text(113), with_tabs],
    ]
}

#[test]
fn every_length_is_read_whole() {
    let mut memory = vec![0; 64 << 10];
    for len in lengths() {
        for lines in lines(len) {
            for (name, end) in [("data: ", "\n"), ("data:", "\r\n"), ("data: ", "\r")] {
                let mut stream = format!("id: 7{end}event: t{end}");
                for line in &lines {
                    stream.extend([name, line, end]);
                }
                stream.extend([end, "data: next", end, end]);
                let stream = stream.as_bytes();
                // What the event needs, and so is delivered with and lost without.
                let needed = 2 + lines.iter().map(|line| line.len() + 1).sum::<usize>() - 1;
                for capacity in [needed, needed - 1, needed + 1, needed + 64, needed + 112, needed + 113] {
                    let expected = read(stream, capacity, b"");
                    assert_eq!(expected.verdicts[0].what.is_ok(), capacity >= needed);
                    for door in DOORS {
                        for chunks in [vec![stream], cut(stream, &[stream.len() / 3, stream.len() / 2])] {
                            let mut parser = Parser::new(&mut memory[..capacity]);
                            let reading = drive(&mut parser, &chunks, door);
                            assert!(reading == expected, "lines of {len} bytes in {capacity}, {end:?}, {door:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn every_length_is_written_whole() {
    for len in lengths() {
        for lines in lines(len) {
            for end in ["\n", "\r\n", "\r"] {
                let data = lines.join(end).into_bytes();
                for said in [
                    Said { data: Some(data.clone()), ..Said::default() },
                    Said { comment: Some(data.clone()), data: Some(b"x".to_vec()), ..Said::default() },
                    Said { event: Some(b"t".to_vec()), id: Some(b"7".to_vec()), data: Some(data), ..Said::default() },
                ] {
                    let message = harness::message::message(&said);
                    let expected = encode(&said);
                    let size = expected.len();
                    assert_eq!(message.encoded_len(), size);
                    assert_eq!(by_encode(&message, size - 1).unwrap_err().needed, size);
                    // The last is a buffer that could take any message of as many bytes.
                    for size in [size, size + 1, size + 112, 8 * size + 100] {
                        assert!(by_encode(&message, size).as_ref() == Ok(&expected), "lines of {len} bytes in {size}");
                    }
                    assert!(by_segments(&message) == expected);
                    assert!(by_windows(&message, &[64, 1, 4096]) == expected);
                }
            }
        }
    }
}

/// One line is the front of the other, and what is cut off is a line end or not.
#[test]
fn a_line_end_is_seen_wherever_it_is() {
    for len in lengths() {
        let one = text(len);
        let two = format!("{one}\n{}", text(200));
        for (data, expected) in [(&one, 1), (&two, 2)] {
            let written = by_segments(&Message::new().data(data));
            assert_eq!(written.split(|&byte| byte == b'\n').count(), expected + 2);
            assert_eq!(by_encode(&Message::new().data(data), written.len()), Ok(written));
        }
    }
}
