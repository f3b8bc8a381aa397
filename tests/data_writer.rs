//! Data that comes in pieces: written as if it had come in one, taken out on the way, and given up.

mod harness;
mod reference;

use harness::message::{all_said, by_data_lines, by_data_writer, by_segments, message};
use harness::readers::{Read, read_by_others, read_by_us};
use reference::encode::{Said, encode, received};
use sse_wire::{DataLines, DataWriter, EventId, EventType, Message, Parser, SliceWriter, event_id, event_type};

/// The payload cut in two and in three at every place, the empty pieces included.
#[test]
fn a_data_writer_writes_the_same_for_every_split() {
    let payloads = ["", "a", "\r\n", "ab\r\ncd", "\r", "\n", "\r\r\n\n\r", "a\rb\nc\r\nd", "é\r\nü", "\n\r\n"];
    for said in all_said().into_iter().filter(|said| said.data.is_none()) {
        let head = message(&said);
        for payload in payloads {
            let expected = encode(&Said { data: Some(payload.as_bytes().to_vec()), ..said.clone() });
            let cuts = || (0..=payload.len()).filter(|&at| payload.is_char_boundary(at));
            for first in cuts() {
                for second in cuts().filter(|&second| second >= first) {
                    let pieces = [&payload[..first], &payload[first..second], &payload[second..]];
                    assert_eq!(by_data_writer(&head, &pieces).as_bytes(), expected, "{pieces:?}");
                    // The beginning of the data may be in the message already.
                    let written = by_data_writer(&head.data(pieces[0]), &pieces[1..]);
                    assert_eq!(written.as_bytes(), expected, "{pieces:?}");
                }
            }
            // Bytes may be cut within a character.
            for first in 0..=payload.len() {
                for second in first..=payload.len() {
                    let payload = payload.as_bytes();
                    let pieces = [&payload[..first], &payload[first..second], &payload[second..]];
                    assert_eq!(by_data_lines(&head, &pieces), expected, "{pieces:?}");
                    assert_eq!(by_data_lines(&head.data_bytes(pieces[0]), &pieces[1..]), expected, "{pieces:?}");
                    #[cfg(feature = "std")]
                    assert_eq!(harness::message::by_data_writer_io(&head, &pieces), expected, "{pieces:?}");
                }
            }
        }
    }
}

/// A caller that takes only some of the slices can give the rest of the piece again.
#[test]
fn slices_that_are_not_taken_have_not_been() {
    let payload = b"a\r\nbc\rd\n\r\n\n\re\r\n";
    let all: Vec<&[u8]> = DataLines::new().segments(payload).collect();
    assert_eq!(all.len(), 11);
    for taken in 0..=all.len() {
        let mut lines = DataLines::new();
        let some: Vec<&[u8]> = lines.segments(payload).take(taken).collect();
        assert_eq!(some, all[..taken]);
        let mut read = 0;
        for slice in some {
            let is_within_break = payload[..read].ends_with(b"\r") && payload[read] == b'\n';
            read += usize::from(is_within_break) + if slice == b"\ndata: " { 1 } else { slice.len() };
        }
        let rest: Vec<&[u8]> = lines.segments(&payload[read..]).collect();
        assert_eq!(rest, all[taken..], "after {taken}");
    }
}

/// The ways to begin an event, to write half of it, and to give it up.
fn aborted(head: Message<'_>, payload: &str, previous_id: Option<EventId<'_>>) -> Vec<u8> {
    use std::fmt::Write;
    let mut writer = DataWriter::new(String::new(), head).unwrap();
    writer.write_str(payload).unwrap();
    let stream = writer.abort(event_type!("aborted"), previous_id).unwrap().into_bytes();

    let mut lines = DataLines::new();
    let mut by_lines: Vec<u8> = lines.head(&head).flatten().copied().collect();
    by_lines.extend(lines.segments(payload.as_bytes()).flatten());
    by_lines.extend(lines.abort(event_type!("aborted"), previous_id).flatten());
    assert_eq!(by_lines, stream);

    #[cfg(feature = "std")]
    {
        use std::io::Write;
        let mut writer = sse_wire::IoDataWriter::new(Vec::new(), head).unwrap();
        writer.write_all(payload.as_bytes()).unwrap();
        assert_eq!(writer.abort(event_type!("aborted"), previous_id).unwrap(), stream);
    }
    stream
}

#[test]
fn an_aborted_event_comes_out_under_the_other_type_and_merges_with_nothing() {
    let head = Message::new().event(event_type!("report"));
    for payload in ["", "half", "half\r", "half\n", "event: forged\nid: 9\nx"] {
        for (head, previous_id, last_event_id) in [
            (head, None, "1"),
            (head, Some(event_id!("1")), "1"),
            (head.id(event_id!("2")), None, "2"),
            (head.id(event_id!("2")), Some(event_id!("1")), "1"),
            (head.id_number(2), Some(event_id!(" 1")), " 1"),
            (head.id_number(2), Some(event_id!("")), ""),
        ] {
            let mut stream = by_segments(&Message::new().id(event_id!("1")).data("before"));
            stream.extend(aborted(head, payload, previous_id));
            stream.extend(by_segments(&Message::new().data("after")));
            let data = String::from_utf8(received(payload.as_bytes())).unwrap();
            let read = |event_type: &str, data: &str, id: &str| (event_type.into(), data.into(), id.into());
            let expected: Vec<Read> = vec![
                read("message", "before", "1"),
                read("aborted", &data, last_event_id),
                read("message", "after", last_event_id),
            ];
            assert_eq!(read_by_us(&stream), expected);
            assert_eq!(read_by_others(&stream), [expected.clone(), expected]);
        }
    }
}

/// A client that reconnects after it has read an aborted event asks for that event again, not for the one behind it.
#[test]
fn an_aborted_event_leaves_the_last_event_id_as_it_was() {
    for previous in ["", "41", " é "] {
        let previous = EventId::new(previous).unwrap();
        let mut parser = Parser::new([0; 64]);
        parser.set_last_event_id(previous).unwrap();
        let stream = aborted(Message::new().id_number(42), "half", Some(previous));
        let event_type = parser.next(&mut &stream[..]).unwrap().unwrap().event_type().to_string();
        assert_eq!(event_type, "aborted");
        assert_eq!(parser.last_event_id(), previous.as_text());
        assert_eq!(parser.end(), sse_wire::End::Clean);
    }
}

#[test]
fn what_has_been_written_can_be_taken_out() {
    use std::fmt::Write;
    let mut writer = DataWriter::new(String::new(), Message::new()).unwrap();
    assert_eq!(writer.get_ref(), "data: ");
    let mut sent = std::mem::take(writer.get_mut());
    writer.write_str("a\r").unwrap();
    assert_eq!(writer.get_ref(), "a\ndata: ");
    sent += &std::mem::take(writer.get_mut());
    // It still knows of the CR.
    writer.write_str("\nb").unwrap();
    assert_eq!(writer.get_ref(), "b");
    sent += &writer.finish().unwrap();
    assert_eq!(sent, "data: a\ndata: b\n\n");
}

#[cfg(feature = "std")]
#[test]
fn what_has_been_written_as_bytes_can_be_taken_out() {
    use std::io::Write;
    let mut writer = sse_wire::IoDataWriter::new(Vec::new(), Message::new()).unwrap();
    assert_eq!(writer.get_ref(), b"data: ");
    writer.get_mut().clear();
    assert_eq!(writer.write(b"a\r").unwrap(), 2);
    assert_eq!(std::mem::take(writer.get_mut()), b"a\ndata: ");
    assert_eq!(writer.write(b"\nb").unwrap(), 2);
    assert_eq!(writer.finish().unwrap(), b"b\n\n");
}

/// A file of a user, who writes text to it in one place and bytes in another. No feature makes a call of it ambiguous.
#[derive(Default)]
struct Both {
    text: usize,
    #[cfg(feature = "std")]
    bytes: usize,
    #[cfg(feature = "std")]
    flushed: usize,
}

impl std::fmt::Write for Both {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.text += text.len();
        Ok(())
    }
}

#[cfg(feature = "std")]
impl std::io::Write for Both {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // One at a time, as a slow socket does.
        let taken = bytes.len().min(1);
        self.bytes += taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.flushed += 1;
        Ok(())
    }
}

#[test]
fn a_writer_of_text_and_bytes_is_no_riddle() {
    use std::fmt::Write;
    let mut writer = DataWriter::new(Both::default(), Message::new()).unwrap();
    writer.write_str("text").unwrap();
    assert_eq!(writer.finish().unwrap().text, "data: text\n\n".len());
    #[cfg(feature = "std")]
    {
        use std::io::Write;
        let mut writer = sse_wire::IoDataWriter::new(Both::default(), Message::new()).unwrap();
        assert_eq!(writer.write(b"by\ntes").unwrap(), 6);
        writer.flush().unwrap();
        let both = writer.finish().unwrap();
        assert_eq!((both.text, both.bytes, both.flushed), (0, "data: by\ndata: tes\n\n".len(), 1));
    }
}

#[cfg(feature = "std")]
#[test]
fn a_writer_of_bytes_passes_errors_on() {
    use sse_wire::IoDataWriter;
    use std::io::{ErrorKind, Write};
    let whole = b"id: 7\ndata: a\ndata: b\n\n";
    for room in 0..=whole.len() {
        let mut memory = vec![0; room];
        let mut free = &mut memory[..];
        let written = IoDataWriter::new(&mut free, Message::new().id_number(7)).and_then(|mut writer| {
            writer.write_all(b"a\rb")?;
            writer.finish().map(|_| ())
        });
        assert_eq!(written.map_err(|error| error.kind()).is_ok(), room == whole.len());
        let written = room - free.len();
        assert_eq!(&memory[..written], &whole[..written]);
        let mut none = &mut [][..];
        assert_eq!(IoDataWriter::new(&mut none, Message::new()).unwrap_err().kind(), ErrorKind::WriteZero);
    }
}

/// What was written outlives the writer.
#[test]
fn written_text_lives_as_long_as_its_memory() {
    use std::fmt::Write;
    fn digits(number: u64, memory: &mut [u8]) -> &mut [u8] {
        let mut writer = SliceWriter::new(memory);
        write!(writer, "{number}").unwrap();
        assert_eq!(writer.written(), number.to_string().as_bytes());
        writer.into_written()
    }
    let mut memory = [b'~'; 8];
    let written = digits(1234, &mut memory);
    written[0] = b'9';
    assert_eq!(written, b"9234");
    assert_eq!(memory, *b"9234~~~~");
    assert!(SliceWriter::new(&mut []).into_written().is_empty());
}

/// What the docs warn of.
#[test]
fn a_dropped_data_writer_leaves_the_event_open() {
    use std::fmt::Write;
    let mut stream = String::new();
    let mut writer = DataWriter::new(&mut stream, Message::new()).unwrap();
    writer.write_str("half").unwrap();
    drop(writer);
    assert_eq!(stream, "data: half");
    assert_eq!(read_by_us(stream.as_bytes()), []);
}

#[test]
fn a_data_writer_needs_no_allocator_and_passes_errors_on() {
    use std::fmt::Write;
    let mut memory = [0; 24];
    let mut out = SliceWriter::new(&mut memory);
    let mut writer = DataWriter::new(&mut out, Message::new()).unwrap();
    write!(writer, "{}\n{}", 12, 34).unwrap();
    assert!(writer.write_str("far too much for the memory").is_err());
    assert_eq!(out.written(), b"data: 12\ndata: 34");
    let mut none = [];
    assert!(DataWriter::new(SliceWriter::new(&mut none), Message::new()).is_err());
}

/// Bytes that are no text reach a text writer as every receiver would decode them.
#[test]
fn a_text_writer_gets_text() {
    let mut out = String::new();
    let head = Message::new().event(EventType::from_bytes(b"\xFF").unwrap()).data_bytes(b"\xE2\x82\n\xC3");
    DataWriter::new(&mut out, head).unwrap().finish().unwrap();
    assert_eq!(out, "event: \u{FFFD}\ndata: \u{FFFD}\ndata: \u{FFFD}\n\n");
}

/// JSON straight into the stream: pretty, so that there are line breaks.
#[cfg(feature = "std")]
#[test]
fn json_by_serde_json_without_a_string() {
    #[derive(serde::Serialize)]
    struct Reading<'a> {
        sensor: &'a str,
        celsius: f32,
        note: &'a str,
    }
    let reading = Reading { sensor: "cellar", celsius: 11.5, note: "a \"quoted\"\nline" };
    let head = Message::new().event(event_type!("reading"));
    let mut writer = sse_wire::IoDataWriter::new(Vec::new(), head).unwrap();
    serde_json::to_writer_pretty(&mut writer, &reading).unwrap();
    let stream = writer.finish().unwrap();
    let events = read_by_us(&stream);
    assert_eq!(read_by_others(&stream), [events.clone(), events.clone()]);
    assert_eq!(events[0].1, serde_json::to_string_pretty(&reading).unwrap());
}

#[test]
fn states_are_small() {
    assert_eq!((size_of::<DataLines>(), size_of::<DataWriter<&mut String>>()), (1, 2 * size_of::<usize>()));
}
