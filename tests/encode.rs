//! What is written is what was meant, through every door, and nothing can make it more. `data_writer.rs` is about data that
//! comes in pieces.

mod harness;
mod reference;

use harness::message::{all_said, by_data_writer, by_encode, by_segments, by_windows, message};
use harness::readers::{Read, read_by_others, read_by_us};
use reference::encode::{MAX_RETRY, Said, encode};
use sse_wire::{
    Encoder, EventId, EventType, InvalidEventId, KEEP_ALIVE, Message, Parser, Segments, encoded, event_id, event_type,
};

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

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
    assert_eq!(message.to_string().as_bytes(), expected);
    #[cfg(feature = "alloc")]
    assert_eq!(harness::message::by_vec(&message), expected);
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

#[test]
fn an_id_can_be_a_number_of_any_length() {
    let powers = (0..20).map(|power| 10_u64.pow(power));
    let halves = (0..64).map(|bit| 1_u64 << bit);
    let more = [0, u64::MAX, u32::MAX.into(), 909, 1_000_000_007, 9_999_999_999, 12_345_678_901_234_567_890];
    for number in powers.chain(halves).flat_map(|number| [number - 1, number, number + 1]).chain(more) {
        let text = number.to_string();
        let said = Said { id: Some(text.clone().into_bytes()), data: Some(b"x".to_vec()), ..Said::default() };
        let (expected, message) = (encode(&said), Message::new().id_number(number).data("x"));
        assert_eq!(by_segments(&message), expected, "{number}");
        assert_eq!((message.encoded_len(), message.const_len()), (expected.len(), expected.len()));
        assert_eq!(by_windows(&message, &[1]), expected);
        assert_eq!(by_windows(&message, &[3, 64]), expected);
        assert_eq!(message.encode_array::<64>().unwrap_err().needed, expected.len());
        assert_eq!(by_data_writer(&message, &[]).as_bytes(), expected);
        for size in [expected.len(), 100] {
            assert_eq!(by_encode(&message, size), Ok(expected.clone()));
        }
        assert_eq!(by_encode(&message, expected.len() - 1).unwrap_err().needed, expected.len());
        // A number is the ID that has its digits as text.
        check(message, &[("message", "x", &text)]);
        is_same(&message, &Message::new().id(EventId::new(&text).unwrap()).data("x"));
    }
}

/// Checks that nothing tells two messages apart.
fn is_same(one: &Message<'_>, other: &Message<'_>) {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    assert_eq!(one, other);
    assert_eq!(hasher.hash_one(one), hasher.hash_one(other));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

#[test]
fn equal_ids_are_equal_messages_and_others_are_not() {
    let texts = ["", "0", "00", "7", "07", "7 ", "77", "18446744073709551615", "18446744073709551616"];
    let texts = texts.map(|text| (Some(text), Message::new().id(EventId::new(text).unwrap())));
    let numbers = [0, 7, 77, u64::MAX].map(|number| (None, Message::new().id_number(number)));
    let none = [(None, Message::new())];
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    for (text, one) in texts.iter().chain(&numbers).chain(&none) {
        for (other_text, other) in texts.iter().chain(&numbers).chain(&none) {
            let is_equal = one.to_string() == other.to_string();
            assert_eq!(one == other, is_equal, "{text:?} {one:?} and {other_text:?} {other:?}");
            assert_eq!(format!("{one:?}") == format!("{other:?}"), is_equal);
            assert_eq!(hasher.hash_one(one) == hasher.hash_one(other), is_equal);
        }
    }
}

#[test]
fn the_last_id_that_is_set_counts() {
    check_bytes(Message::new().id(event_id!("a")).id_number(10), b"id: 10\n\n");
    check_bytes(Message::new().id_number(10).id(event_id!("a")), b"id: a\n\n");
    check_bytes(Message::new().id_number(10).id_number(2), b"id: 2\n\n");
    check_bytes(Message::new().id_number(0), b"id: 0\n\n");
    check_bytes(Message::new().retry(250).id_number(1234).comment("c"), b"id: 1234\nretry: 250\n: c\n\n");
}

#[test]
fn a_log_shows_what_goes_over_the_wire() {
    let message = Message::new().event(EventType::from_bytes(b"\xFFe").unwrap()).data_bytes(b"\xE2\x82\rb\xC3");
    assert_eq!(message.to_string(), "event: \u{FFFD}e\ndata: \u{FFFD}\ndata: b\u{FFFD}\n\n");
    // Nothing pads or cuts the lines.
    assert_eq!(format!("{:>9.1}", Message::new().id_number(75).data("é")), "id: 75\ndata: é\n\n");
}

// Every door gives the same.

#[test]
fn every_door_writes_the_same_bytes_at_every_size() {
    for said in all_said() {
        let message = message(&said);
        let expected = encode(&said);
        assert_eq!(by_segments(&message), expected);
        assert_eq!(message.encoded_len(), expected.len());
        assert_eq!(message.const_len(), expected.len());
        assert_eq!(message.to_string(), String::from_utf8_lossy(&expected));
        #[cfg(feature = "alloc")]
        assert_eq!(harness::message::by_vec(&message), expected);
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

#[test]
fn constants_are_encoded_by_the_compiler() {
    const MESSAGE: Message<'_> =
        Message::new().event(event_type!("hello")).id(event_id!("1")).retry(1500).comment("c").data("a\r\nb\n");
    static FLASH: &[u8] = encoded!(MESSAGE);
    assert_eq!(FLASH, b"event: hello\nid: 1\nretry: 1500\n: c\ndata: a\ndata: b\ndata: \n\n");
    assert_eq!(FLASH, by_segments(&MESSAGE));
    static SHARED: Message<'_> = MESSAGE;
    assert_eq!(SHARED.encoded_len(), FLASH.len());

    static NUMBERED: &[u8] = encoded!(Message::new().id_number(u64::MAX).data("x"));
    assert_eq!(NUMBERED, b"id: 18446744073709551615\ndata: x\n\n");

    let message = Message::new().comment("");
    assert_eq!(message.encode_array(), Ok(*b": \n"));
    assert_eq!(message.encode_array::<2>().unwrap_err().needed, 3);
    assert_eq!(message.encode_array::<4>().unwrap_err().needed, 3);
}

#[derive(serde::Serialize)]
struct Reading<'a> {
    sensor: &'a str,
    celsius: f32,
    note: &'a str,
}

const READING: Reading<'_> = Reading { sensor: "cellar", celsius: 11.5, note: "a \"quoted\"\nline" };

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
    let (mut drawn, mut numbers) = ([0; 5], 0);
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
        let has_data = written.split(|&byte| byte == b'\n').any(|line| line.starts_with(b"data: "));
        assert_eq!(reference::read(&written, usize::MAX, b"").verdicts.len(), usize::from(has_data));
        for (count, name) in drawn.iter_mut().zip(["event: ", "id: ", "retry: ", ": ", "data: "]) {
            *count += usize::from(written.split(|&byte| byte == b'\n').any(|line| line.starts_with(name.as_bytes())));
        }
        let id = written.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"id: ")).unwrap_or_default();
        numbers += usize::from(!id.is_empty() && id.iter().all(u8::is_ascii_digit));
    }
    assert_eq!((drawn, numbers), ([955, 1036, 1202, 910, 1365], 279));
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
    let sizes = (size_of::<Message<'_>>(), size_of::<Segments<'_>>(), size_of::<Encoder<'_>>());
    match size_of::<usize>() {
        8 => assert_eq!(sizes, (80, 128, 144)),
        4 => assert_eq!(sizes, (40, 68, 76)),
        other => panic!("no figures for {other}-byte pointers"),
    }
}
