//! What is written is what was meant, through every door, and nothing can make it more.

mod harness;
mod reference;

use harness::message::{by_data_writer, by_encode, by_segments, by_windows, message};
use reference::encode::{MAX_RETRY, Said, encode, received};
use sse_wire::{
    DataWriter, Encoder, EventId, EventType, InvalidEventId, KEEP_ALIVE, Message, Parser, Segments, SliceWriter,
    encoded, event_id, event_type,
};

/// An event as anybody reads it: type, data, last event ID.
type Read = (String, String, String);

/// As this crate reads it, with whole chunks and byte by byte.
fn read_by_us(stream: &[u8]) -> Vec<Read> {
    let read = |chunks: Vec<&[u8]>| {
        let mut memory = vec![0; stream.len()];
        let mut parser = Parser::new(&mut memory[..]);
        let mut events = Vec::new();
        for mut chunk in chunks {
            while let Some(event) = parser.next(&mut chunk) {
                let event = event.unwrap();
                events.push((
                    event.event_type().to_string(),
                    event.data().to_string(),
                    event.last_event_id().to_string(),
                ));
            }
        }
        events
    };
    let events = read(vec![stream]);
    assert_eq!(events, read(stream.chunks(1).collect()));
    events
}

/// As readers do that share nothing with this crate.
fn read_by_others(stream: &[u8]) -> [Vec<Read>; 2] {
    let mut parser = sse_parse::SseParser::new();
    parser.feed(stream);
    let first = std::iter::from_fn(|| parser.next_event()).map(|e| (e.event, e.data, e.id)).collect();

    let mut decoder = sse_core::SseDecoder::new();
    let mut rest = stream;
    let mut second = Vec::new();
    while let Some(event) = decoder.next(&mut rest) {
        if let sse_core::SseEvent::Message(e) = event.unwrap() {
            let last_event_id = e.last_event_id.as_deref().unwrap_or_default().to_string();
            second.push((e.event.into_owned(), e.data, last_event_id));
        }
    }
    [first, second]
}

/// Writes a message, and checks that we and others read these events out of it.
fn check(message: Message<'_>, expected: &[(&str, &str, &str)]) -> String {
    let stream = by_segments(&message);
    let expected: Vec<Read> = expected.iter().map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string())).collect();
    assert_eq!(read_by_us(&stream), expected);
    assert_eq!(read_by_others(&stream), [expected.clone(), expected]);
    String::from_utf8(stream).unwrap()
}

// What other encoders get wrong, one by one.

#[test]
fn an_event_type_with_a_line_break_is_an_error() {
    for (text, byte, at) in
        [("\n", b'\n', 0), ("tick\r", b'\r', 4), ("a\ndata: forged\n\n", b'\n', 1), ("é\r\n", b'\r', 2)]
    {
        let error = EventType::new(text).unwrap_err();
        assert_eq!((error.byte, error.at), (byte, at));
        assert_eq!(error.to_string(), format!("byte 0x{byte:02X} at index {at} cannot stand in an event type"));
    }
    for text in ["", " ", "tick", "a:b", "\0", "\u{85}\u{2028}\u{2029}\u{B}\u{C}", "\u{FEFF}"] {
        assert_eq!(EventType::new(text).unwrap().as_text(), text);
    }
}

#[test]
fn an_id_with_a_line_break_or_a_nul_is_an_error() {
    for (text, byte, at) in [("\n", b'\n', 0), ("7\r", b'\r', 1), ("7\0", 0, 1), ("7\nretry: 1\n\n", b'\n', 1)] {
        assert!(matches!(EventId::new(text), Err(InvalidEventId { byte: b, at: a, .. }) if (b, a) == (byte, at)));
    }
    for text in ["", " ", "7", "a:b", "\u{85}\u{2028}\u{2029}\u{B}\u{C}", "\u{FEFF}", "\t"] {
        assert_eq!(EventId::new(text).unwrap().as_text(), text);
    }
}

#[test]
fn a_break_in_data_is_one_break_of_any_kind() {
    for data in ["a\nb", "a\rb", "a\r\nb"] {
        let written = check(Message::new().data(data), &[("message", "a\nb", "")]);
        assert_eq!(written, "data: a\ndata: b\n\n");
    }
    check(Message::new().data("a\n\rb\r\r\nc"), &[("message", "a\n\nb\n\nc", "")]);
}

#[test]
fn data_cannot_forge_a_field() {
    let data = "x\nevent: forged\rid: forged\r\nretry: 1\n\ndata: forged\n\n";
    check(Message::new().data(data), &[("message", "x\nevent: forged\nid: forged\nretry: 1\n\ndata: forged\n\n", "")]);
}

#[test]
fn a_comment_cannot_forge_a_field() {
    let written = check(Message::new().comment("x\rdata: forged\r\n\nid: forged"), &[]);
    assert_eq!(written, ": x\n: data: forged\n: \n: id: forged\n");
}

#[test]
fn empty_data_is_an_event_and_no_data_is_none() {
    assert_eq!(check(Message::new().data(""), &[("message", "", "")]), "data: \n\n");
    assert_eq!(check(Message::new().event(event_type!("tick")), &[]), "event: tick\n\n");
    assert_eq!(check(Message::new(), &[]), "");
}

/// Checks the bytes that every door writes for a message.
fn check_bytes<const N: usize>(message: Message<'_>, expected: &[u8; N]) {
    assert_eq!(by_segments(&message), expected);
    assert_eq!((message.encoded_len(), message.const_len()), (N, N));
    assert_eq!(by_encode(&message, N), Ok(expected.to_vec()));
    assert_eq!(by_windows(&message, &[1]), expected);
    assert_eq!(message.encode_array(), Ok(*expected));
}

#[test]
fn a_message_without_parts_is_nothing() {
    check_bytes(Message::new(), b"");
}

#[test]
fn a_comment_alone_has_no_blank_line() {
    check_bytes(Message::new().comment("hi"), b": hi\n");
    check_bytes(Message::new().comment(""), b": \n");
    check_bytes(Message::new().comment("two\nlines"), b": two\n: lines\n");
}

#[test]
fn a_retry_alone_has_no_blank_line() {
    check_bytes(Message::new().retry(25), b"retry: 25\n");
    check_bytes(Message::new().retry(25).comment("hi"), b"retry: 25\n: hi\n");
}

#[test]
fn a_type_an_id_and_data_each_end_with_a_blank_line() {
    check_bytes(Message::new().event(event_type!("tick")), b"event: tick\n\n");
    check_bytes(Message::new().event(event_type!("")), b"event: \n\n");
    check_bytes(Message::new().id(event_id!("7")), b"id: 7\n\n");
    check_bytes(Message::new().id(event_id!("")), b"id: \n\n");
    check_bytes(Message::new().data("x"), b"data: x\n\n");
    check_bytes(Message::new().data(""), b"data: \n\n");
    check_bytes(Message::new().retry(25).comment("hi").data("x"), b"retry: 25\n: hi\ndata: x\n\n");
}

#[test]
fn a_longer_retry_than_timers_can_wait_is_the_longest() {
    let longest = Message::new().retry(MAX_RETRY);
    for longer in [MAX_RETRY + 1, u32::MAX.into(), 1 << 32, u64::MAX] {
        let message = Message::new().retry(longer);
        check_bytes(message, b"retry: 2147483647\n");
        assert_eq!((message, format!("{message:?}")), (longest, format!("{longest:?}")));
    }
}

/// Every line of a block in turn has the comment before it, and at last the comment follows the block.
#[test]
fn a_keep_alive_between_the_lines_of_a_block_changes_nothing() {
    assert_eq!(KEEP_ALIVE, b":\n");
    let message = Message::new().event(event_type!("e")).id(event_id!("i")).retry(5).comment("c").data("a\n\nb");
    let (stream, expected) = (by_segments(&message), [("e".into(), "a\n\nb".into(), "i".into())]);
    let lines: Vec<&[u8]> = stream.split_inclusive(|&byte| byte == b'\n').collect();
    assert_eq!(lines.len(), 8);
    for at in 0..=lines.len() {
        let stream = [lines[..at].concat(), KEEP_ALIVE.to_vec(), lines[at..].concat()].concat();
        assert_eq!(read_by_us(&stream), expected);
        assert_eq!(read_by_others(&stream), [expected.to_vec(), expected.to_vec()]);
    }
}

#[test]
fn a_break_at_the_end_survives() {
    assert_eq!(check(Message::new().data("a\n"), &[("message", "a\n", "")]), "data: a\ndata: \n\n");
    check(Message::new().data("\n"), &[("message", "\n", "")]);
    check(Message::new().data("\r\n\r\n"), &[("message", "\n\n", "")]);
}

#[test]
fn leading_spaces_survive() {
    check(
        Message::new().event(event_type!(" e")).id(event_id!("  i")).data(" a\n  b\n\tc"),
        &[(" e", " a\n  b\n\tc", "  i")],
    );
}

#[test]
fn the_data_comes_last_whatever_the_order_of_the_calls() {
    let message = Message::new().data("d").comment("c").retry(5).id(event_id!("i")).event(event_type!("e"));
    assert_eq!(check(message, &[("e", "d", "i")]), "event: e\nid: i\nretry: 5\n: c\ndata: d\n\n");
}

#[test]
fn silent_messages_say_what_they_say() {
    let mut parser = Parser::new([0; 16]);
    for message in [Message::new().id(event_id!("7")), Message::new().retry(25), Message::new().comment("hi")] {
        assert_eq!(parser.next(&mut &by_segments(&message)[..]), None);
    }
    assert_eq!((parser.last_event_id(), parser.retry()), ("7".into(), Some(25)));
    assert_eq!(parser.next(&mut &by_segments(&Message::new().id(event_id!("")))[..]), None);
    assert_eq!(parser.last_event_id(), "");
    assert_eq!(parser.next(&mut &KEEP_ALIVE[..]), None);
    assert_eq!(parser.end(), sse_wire::End::Clean);
}

#[test]
fn every_power_of_ten_and_its_neighbours_as_retry() {
    let powers = (0..20).map(|power| 10_u64.pow(power));
    let more = [MAX_RETRY - 1, MAX_RETRY, MAX_RETRY + 1, u32::MAX.into(), u64::MAX - 1, u64::MAX, 3000, 909];
    for number in powers.flat_map(|power| [power - 1, power, power + 1]).chain(more) {
        let message = Message::new().retry(number);
        let written = by_segments(&message);
        let number = number.min(MAX_RETRY);
        assert_eq!(written, format!("retry: {number}\n").as_bytes());
        assert_eq!(message.const_len(), written.len());
        let mut parser = Parser::new([0; 0]);
        assert_eq!(parser.next(&mut &written[..]), None);
        assert_eq!(parser.retry(), Some(number));
    }
}

// Every door gives the same.

/// Messages with every part there and not there, and breaks at every place.
fn all_said() -> Vec<Said> {
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

#[test]
fn every_door_writes_the_same_bytes_at_every_size() {
    for said in all_said() {
        let message = message(&said);
        let expected = encode(&said);
        assert_eq!(by_segments(&message), expected);
        assert_eq!(message.encoded_len(), expected.len());
        assert_eq!(message.const_len(), expected.len());
        for size in (0..expected.len() + 3).chain([8 * expected.len() + 100]) {
            match by_encode(&message, size) {
                Ok(written) => assert_eq!((written, size >= expected.len()), (expected.clone(), true)),
                Err(error) => assert_eq!((error.needed, size < expected.len()), (expected.len(), true)),
            }
            if size > 0 {
                assert_eq!(by_windows(&message, &[size]), expected);
                assert_eq!(by_windows(&message, &[size, 0, 1]), expected);
            }
        }
    }
}

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
                    #[cfg(feature = "std")]
                    {
                        let pieces = pieces.map(str::as_bytes);
                        assert_eq!(harness::message::by_data_writer_io(&head, &pieces), expected, "{pieces:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn constants_are_encoded_by_the_compiler() {
    const MESSAGE: Message<'_> =
        Message::new().event(event_type!("hello")).id(event_id!("1")).retry(1500).comment("c").data("a\r\nb\n");
    static FLASH: &[u8] = encoded!(MESSAGE);
    assert_eq!(FLASH, b"event: hello\nid: 1\nretry: 1500\n: c\ndata: a\ndata: b\ndata: \n\n");
    assert_eq!(FLASH, by_segments(&MESSAGE));
    static SHARED: Message<'_> = MESSAGE;
    assert_eq!(SHARED.encoded_len(), FLASH.len());

    let message = Message::new().comment("");
    assert_eq!(message.encode_array(), Ok(*b": \n"));
    assert_eq!(message.encode_array::<2>().unwrap_err().needed, 3);
    assert_eq!(message.encode_array::<4>().unwrap_err().needed, 3);
}

// Payloads of unknown size.

#[test]
fn an_aborted_event_comes_out_under_the_other_type_and_merges_with_nothing() {
    use std::fmt::Write;
    for payload in ["", "half", "half\r", "half\n", "event: forged\nx"] {
        let mut stream = String::new();
        let head = Message::new().event(event_type!("report")).id(event_id!("1"));
        let mut writer = DataWriter::new(&mut stream, head).unwrap();
        writer.write_str(payload).unwrap();
        writer.abort(event_type!("aborted")).unwrap();
        stream.push_str(std::str::from_utf8(&by_segments(&Message::new().data("next"))).unwrap());
        let data = String::from_utf8(received(payload.as_bytes())).unwrap();
        let expected: Vec<Read> =
            vec![("aborted".into(), data, "1".into()), ("message".into(), "next".into(), "1".into())];
        assert_eq!(read_by_us(stream.as_bytes()), expected);
        assert_eq!(read_by_others(stream.as_bytes()), [expected.clone(), expected]);
    }
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

#[derive(serde::Serialize)]
struct Reading<'a> {
    sensor: &'a str,
    celsius: f32,
    note: &'a str,
}

const READING: Reading<'_> = Reading { sensor: "cellar", celsius: 11.5, note: "a \"quoted\"\nline" };

/// JSON straight into the stream: pretty, so that there are line breaks.
#[cfg(feature = "std")]
#[test]
fn json_by_serde_json_without_a_string() {
    let mut writer = DataWriter::new(Vec::new(), Message::new().event(event_type!("reading"))).unwrap();
    serde_json::to_writer_pretty(&mut writer, &READING).unwrap();
    let stream = writer.finish().unwrap();
    let events = read_by_us(&stream);
    assert_eq!(read_by_others(&stream), [events.clone(), events.clone()]);
    assert_eq!(events[0].1, serde_json::to_string_pretty(&READING).unwrap());
}

/// JSON without an allocator: into a scratch array, and from there as data.
#[test]
fn json_by_serde_json_core_without_an_allocator() {
    let mut scratch = [0; 128];
    let len = serde_json_core::to_slice(&READING, &mut scratch).unwrap();
    let mut out = [0; 256];
    let len = Message::new().event(event_type!("reading")).data_bytes(&scratch[..len]).encode(&mut out).unwrap();
    let events = read_by_us(&out[..len]);
    let value: serde_json::Value = serde_json::from_str(&events[0].1).unwrap();
    assert_eq!(value, serde_json::to_value(&READING).unwrap());
}

// What goes into HTTP.

#[test]
fn ids_that_can_travel_in_a_header() {
    for safe in ["", "7", "a b", "ünï-cødé", "a,b;c=\"d\"", "~!@#$%^&*()"] {
        assert!(EventId::new(safe).unwrap().is_header_safe(), "{safe:?}");
    }
    for unsafe_id in [" a", "a ", " ", "\t", "a\tb", "\u{1}", "\u{1F}", "\u{7F}", "a\u{B}"] {
        assert!(!EventId::new(unsafe_id).unwrap().is_header_safe(), "{unsafe_id:?}");
    }
    // What is not UTF-8 would come back as something else.
    assert!(!EventId::from_bytes(b"\xFF").unwrap().is_header_safe());
}

/// Every character, alone and in the middle, by the grammar of HTTP's field values less the tab.
#[test]
fn header_safety_of_every_character() {
    for c in (1..=0x200_u32).filter_map(char::from_u32).filter(|c| !"\r\n".contains(*c)) {
        let is_control = (c as u32) < 0x20 || c as u32 == 0x7F;
        assert_eq!(EventId::new(&c.to_string()).unwrap().is_header_safe(), !is_control && c != ' ', "{c:?}");
        assert_eq!(EventId::new(&format!("a{c}b")).unwrap().is_header_safe(), !is_control, "{c:?}");
    }
}

// A gateway.

/// Whatever came in goes out as the same events, byte for byte the same to every receiver.
#[test]
fn a_relayed_stream_is_the_same_stream() {
    for vector in harness::vectors::all() {
        let mut memory = vec![0; 32 * 1024];
        let mut parser = Parser::new(&mut memory[..]);
        let mut relayed = Vec::new();
        let mut rest = &vector.stream[..];
        while let Some(event) = parser.next(&mut rest) {
            relayed.extend(Message::from(event.unwrap()).segments().flatten());
        }
        let before = reference::read(&vector.stream, usize::MAX, b"");
        let after = reference::read(&relayed, usize::MAX, b"");
        let whats = |reading: &reference::Reading| reading.verdicts.iter().map(|v| v.what.clone()).collect::<Vec<_>>();
        // An ID that came in a block without data shows on the events after it, but is not theirs to pass on.
        let own = |mut all: Vec<Result<reference::Record, reference::Loss>>| {
            all.iter_mut().flatten().for_each(|event| event.last_event_id.clear());
            all
        };
        assert_eq!(own(whats(&after)), own(whats(&before)), "{}", vector.name);
    }
}

/// Whatever a fuzzer draws is valid, and every part gets drawn.
#[cfg(feature = "arbitrary")]
#[test]
fn fuzzers_draw_valid_messages() {
    use arbitrary::{Arbitrary, Unstructured};
    let mut drawn = [0; 5];
    for seed in 0..2000_u32 {
        let bytes: Vec<u8> = (0..200_u32)
            .map(|i| (seed.wrapping_mul(2_654_435_761) ^ i.wrapping_mul(40_503)).to_le_bytes()[2])
            .collect();
        let mut u = Unstructured::new(&bytes);
        let line = EventType::arbitrary(&mut u).unwrap();
        assert_eq!(EventType::from_bytes(line.as_bytes()), Ok(line));
        let id = EventId::arbitrary(&mut u).unwrap();
        assert_eq!(EventId::from_bytes(id.as_bytes()), Ok(id));
        let written = by_segments(&Message::arbitrary(&mut u).unwrap());
        assert!(reference::read(&written, usize::MAX, b"").verdicts.len() <= 1);
        for (count, name) in drawn.iter_mut().zip(["event: ", "id: ", "retry: ", ": ", "data: "]) {
            *count += usize::from(written.split(|&byte| byte == b'\n').any(|line| line.starts_with(name.as_bytes())));
        }
    }
    assert_eq!(drawn, [955, 1036, 1083, 538, 1494]);
}

#[test]
fn debug_shows_text() {
    let message = Message::new().event(event_type!("e")).data_bytes(b"\xFF\n");
    let shown =
        r#"Message { event: Some(EventType("e")), id: None, retry: None, comment: None, data: Some("\xFF\n") }"#;
    assert_eq!(format!("{message:?}"), shown);
}

#[test]
fn states_are_small() {
    match size_of::<usize>() {
        8 => {
            assert_eq!((size_of::<Message<'_>>(), size_of::<Segments<'_>>(), size_of::<Encoder<'_>>()), (72, 120, 136))
        }
        4 => assert!(size_of::<Message<'_>>() <= 40 && size_of::<Encoder<'_>>() <= 76),
        other => panic!("no figures for {other}-byte pointers"),
    }
}
