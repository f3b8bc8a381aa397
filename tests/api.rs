//! What users rely on beyond the rules of the format: sizes, auto traits, constants, conversions, errors, borrow rules.

mod harness;
mod reference;

use harness::{DOORS, drive};
use sse_wire::{
    BufferTooSmall, End, Event, EventId, EventType, Field, InvalidEventId, InvalidEventType, Message, Overflow,
    OwnedEvent, Parser, Status, Storage, Text, Token, Tokenizer, Unfinished, event_id,
};
use std::collections::HashSet;
use std::error::Error;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// The figures of the README's table and of the docs.
#[test]
fn sizes_are_as_documented() {
    let parser = size_of::<Parser<[u8; 0]>>();
    let others = (size_of::<Tokenizer>(), size_of::<Event<'_>>(), size_of::<Text<'_>>(), size_of::<Status>());
    match (size_of::<usize>(), align_of::<u64>()) {
        (8, 8) => assert_eq!((parser, others), (104, (2, 56, 16, 16))),
        // Arm and RISC-V.
        (4, 8) => assert_eq!((parser, others), (72, (2, 28, 8, 8))),
        // x86.
        (4, 4) => assert_eq!((parser, others), (68, (2, 28, 8, 8))),
        other => panic!("no figures for {other:?}"),
    }
}

/// Not one byte more per byte of buffer, and references cost what references cost.
#[test]
fn a_parser_is_its_state_and_its_buffer() {
    let state = size_of::<Parser<[u8; 0]>>();
    let with = [size_of::<Parser<[u8; 8]>>(), size_of::<Parser<[u8; 4096]>>()];
    assert_eq!(with, [state + 8, state + 4096]);
    assert_eq!(size_of::<Parser<&mut [u8]>>(), state + size_of::<&mut [u8]>());
    assert_eq!(align_of::<Parser<[u8; 0]>>(), align_of::<u64>());
}

#[test]
fn everything_is_send_sync_and_unpin() {
    fn check<T: Send + Sync + Unpin + std::panic::UnwindSafe + std::panic::RefUnwindSafe + 'static>() {}
    check::<Tokenizer>();
    check::<Token<'static>>();
    check::<Field>();
    check::<Parser<[u8; 16]>>();
    check::<OwnedEvent<[u8; 16]>>();
    check::<Event<'static>>();
    check::<Text<'static>>();
    check::<Status>();
    check::<End<'static>>();
    check::<Unfinished<'static>>();
    check::<Overflow>();
    check::<InvalidEventId>();
    check::<InvalidEventType>();
    check::<BufferTooSmall>();
    fn send<T: Send + Sync>() {}
    send::<Parser<&'static mut [u8]>>();
}

#[test]
fn constants_and_statics() {
    const TOKENIZER: Tokenizer = Tokenizer::new();
    const PARSER: Parser<[u8; 32]> = Parser::new([0; 32]);
    static SHARED: std::sync::Mutex<Parser<[u8; 32]>> = std::sync::Mutex::new(Parser::new([0; 32]));
    const TEXT: Text<'_> = Text::new(b"text");

    assert_eq!(TEXT, "text");
    assert_eq!(TOKENIZER.clone(), Tokenizer::default());
    assert_eq!(PARSER.clone().advance(b"data\n\n"), (6, Status::Event));
    assert_eq!(SHARED.lock().unwrap().advance(b"data\n\n"), (6, Status::Event));
}

/// One function for parsers of every size, also as a trait object would have it.
#[test]
fn the_size_of_the_buffer_can_be_forgotten() {
    fn feed<'p>(parser: &'p mut Parser<[u8]>, mut chunk: &'p [u8]) -> Option<Text<'p>> {
        parser.next(&mut chunk)?.ok().map(|event| event.data())
    }
    assert_eq!(feed(&mut Parser::new([0; 8]), b"data: a\n\n").unwrap(), "a");
    assert_eq!(feed(&mut Parser::new([0; 9]), b"data: a\n\n").unwrap(), "a");
    let mut boxed: Box<Parser<[u8]>> = Box::new(Parser::new([0; 10]));
    assert_eq!(feed(&mut boxed, b"data: a\n\n").unwrap(), "a");
}

fn same_in<B: Storage>(buffer: B) {
    let stream =
        b"id: 12\nevent: kind\ndata: one\ndata: two\n\ndata: far more than thirty-two bytes can be\n\ndata: x\n\ndata";
    let expected = reference::read(stream, 32, b"");
    assert_eq!(expected.verdicts.iter().filter(|verdict| verdict.what.is_err()).count(), 1);
    let mut parser = Parser::new(buffer);
    for chunks in [vec![&stream[..]], stream.chunks(1).collect()] {
        for door in DOORS {
            // An ID from the run before would count.
            parser.set_last_event_id(event_id!("")).unwrap();
            assert_eq!(drive(&mut parser, &chunks, door), expected);
        }
    }
    let _: B = parser.into_buffer();
}

#[test]
fn every_storage_gives_the_same() {
    let mut memory = [0; 32];
    same_in([0xFF; 32]);
    same_in(&mut memory[..]);
    let of_known_size: &mut [u8; 32] = &mut memory;
    same_in(of_known_size);
    let mut of_any_size: &mut [u8] = &mut memory;
    let twice = &mut of_any_size;
    same_in(twice);
}

#[cfg(feature = "alloc")]
#[test]
fn every_storage_on_the_heap_gives_the_same() {
    same_in(vec![0xFF; 32].into_boxed_slice());
    same_in(sse_wire::Growing::new(32));
    let mut growing = sse_wire::Growing::new(32);
    let borrowed = &mut growing;
    same_in(borrowed);
}

#[cfg(feature = "heapless-v0.9")]
#[test]
fn heapless_storage_gives_the_same_whatever_its_length() {
    same_in(heapless_v0_9::Vec::<u8, 32>::new());
    same_in(heapless_v0_9::Vec::<u8, 32>::from_slice(b"something").unwrap());
    same_in(heapless_v0_9::Vec::<u8, 32, u8>::new());
}

#[test]
fn what_the_memory_held_before_does_not_matter() {
    let stream = b"event: e\ndata: a\ndata\ndata: b\nid: i\n\ndata: c\n\n";
    let clean = drive(&mut Parser::new([0; 64]), &[stream], DOORS[0]);
    for fill in [b'\n', b':', 0xEF, 0xFF] {
        assert_eq!(drive(&mut Parser::new([fill; 64]), &[stream], DOORS[0]), clean);
    }
}

/// An event is lent whenever the chunk holds its block whole with one `data` line, whatever other lines the block has, and
/// whatever came before it. On bare metal every event is stored.
#[test]
fn next_lends_every_event_that_lies_in_the_chunk_with_one_data_line() {
    const OTHERS: [&str; 13] = [
        ": comment",
        ":",
        "retry: 5",
        "retry: x",
        "unknown: x",
        "unknown",
        "event: t",
        "event",
        "id: 1",
        "id",
        "id: \0",
        "data:y",
        "dat",
    ];
    const BEFORE: [&[u8]; 6] = [b"", b"\xEF\xBB\xBF", b"\n\n", b"data: z\n\n", b"id: 9\n\n", b"data: a\ndata: b\r\r"];
    let mut lent = 0;
    for number in 0..OTHERS.len().pow(2) * BEFORE.len() * 3 * 4 {
        let (number, end) = (number / 3, ["\n", "\r\n", "\r"][number % 3]);
        let (number, cut) = (number / 4, number % 4);
        let (number, before) = (number / BEFORE.len(), BEFORE[number % BEFORE.len()]);
        let (first, second) = (OTHERS[number % OTHERS.len()], OTHERS[number / OTHERS.len()]);
        let block = [first, "data: x", second, "", "data: next", "", ""].join(end);
        let stream = [before, block.as_bytes()].concat();
        let lines_of_data = 1 + usize::from(first == "data:y") + usize::from(second == "data:y");

        // What came before may have come in an earlier chunk, in part or as a whole, but a byte order mark only as a whole.
        let at = if before.starts_with(b"\xEF") { 3 * (cut / 2) } else { before.len() * cut / 3 };
        let (mut earlier, mut chunk) = stream.split_at(at);
        let lies_in_chunk = |text: Text<'_>| stream.as_ptr_range().contains(&text.as_bytes().as_ptr());
        let mut parser = Parser::new([0; 64]);
        while parser.next(&mut earlier).is_some() {}
        loop {
            let event = parser.next(&mut chunk).unwrap().unwrap();
            let data = event.data();
            if data == "next" {
                assert_eq!(lies_in_chunk(data), !cfg!(sse_wire_small), "after {block:?}");
                break;
            }
            if data == "x" || lines_of_data > 1 && data.len() >= 3 && data != "a\nb" {
                let is_lent = lines_of_data == 1 && !cfg!(sse_wire_small);
                assert_eq!(lies_in_chunk(data), is_lent, "{block:?} after {before:?}, cut at {at}");
                lent += usize::from(is_lent);
            }
        }
    }
    assert_eq!(lent, if cfg!(sse_wire_small) { 0 } else { 12 * 12 * BEFORE.len() * 3 * 4 });
}

#[test]
fn the_event_of_advance_stays_until_the_next_call() {
    let mut parser = Parser::new([0; 64]);
    assert_eq!(parser.event(), None);
    let stream = b"data: a\n\ndata: b\n\n";
    let (consumed, status) = parser.advance(stream);
    assert_eq!((consumed, status), (9, Status::Event));
    assert_eq!(parser.event().unwrap().data(), "a");
    assert_eq!(parser.event().unwrap().data(), "a");
    assert_eq!(parser.clone().event().unwrap().data(), "a");
    // Even nothing is a next call.
    assert_eq!(parser.advance(b""), (0, Status::NeedInput));
    assert_eq!(parser.event(), None);
    assert_eq!(parser.advance(&stream[consumed..]), (9, Status::Event));
    assert_eq!(parser.event().unwrap().data(), "b");
    assert_eq!(parser.end(), End::Clean);
    assert_eq!(parser.event(), None);
}

#[test]
fn a_clone_is_the_same_parser_from_there_on() {
    let stream = b"id: 1\nevent: e\ndata: abc\nid: 22\nretry: 33\ndata: d\n\ndata: rest\n\nretry: 4";
    for at in 0..=stream.len() {
        let mut parser = Parser::new([0; 64]);
        let mut rest = &stream[..at];
        while parser.next(&mut rest).is_some() {}
        let mut clone = parser.clone();
        let chunks = [&stream[at..]];
        assert_eq!(drive(&mut clone, &chunks, DOORS[1]), drive(&mut parser, &chunks, DOORS[0]));
    }
}

#[test]
fn a_seeded_id_shows_on_every_event_until_the_stream_sets_one() {
    let mut parser = Parser::new([0; 64]);
    parser.set_last_event_id(event_id!("seed")).unwrap();
    let mut chunk = &b"data: a\n\nid: own\ndata: b\n\nid\ndata: c\n\n"[..];
    for (last, own) in [("seed", None), ("own", Some("own")), ("", Some(""))] {
        let event = parser.next(&mut chunk).unwrap().unwrap();
        assert_eq!((event.last_event_id(), event.id()), (last.into(), own.map(Text::from)));
    }
}

/// Set in mid-block, the ID counts as set before the block, which goes on.
#[test]
fn an_id_can_be_set_at_any_time() {
    let stream = b"event: e\ndata: a\nid: own\ndata: b\n\n";
    for at in 0..=stream.len() {
        for seed in ["", "x", "longer"] {
            let mut parser = Parser::new([0; 64]);
            parser.set_last_event_id(event_id!("first")).unwrap();
            let mut rest = &stream[..at];
            assert_eq!(parser.next(&mut rest).is_some(), at == stream.len());
            parser.set_last_event_id(EventId::new(seed).unwrap()).unwrap();
            assert_eq!(parser.last_event_id(), seed);
            let mut rest = &stream[at..];
            let event = parser.next(&mut rest);
            assert_eq!(event.is_none(), at == stream.len());
            if let Some(event) = event {
                let event = event.unwrap();
                assert_eq!((event.event_type(), event.data()), ("e".into(), "a\nb".into()), "set at {at}");
                assert_eq!(event.last_event_id(), "own");
            }
        }
    }
}

#[test]
fn an_id_without_room_changes_nothing() {
    let mut parser = Parser::new([0; 8]);
    parser.set_last_event_id(event_id!("good")).unwrap();
    let error = parser.set_last_event_id(event_id!("far too long")).unwrap_err();
    assert_eq!(error.needed, 12);
    assert_eq!(parser.last_event_id(), "good");
    // Beside a block in progress there is less room.
    assert_eq!(parser.advance(b"data: abc\n"), (10, Status::NeedInput));
    assert_eq!(parser.set_last_event_id(event_id!("123456")).unwrap_err().needed, 9);
    parser.set_last_event_id(event_id!("12345")).unwrap();
    assert_eq!(parser.advance(b"\n"), (1, Status::Event));
    let event = parser.event().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("abc".into(), "12345".into()));
    // An event on show is gone afterwards.
    assert_eq!(parser.advance(b"data: d\n\n"), (9, Status::Event));
    parser.set_last_event_id(event_id!("far too long")).unwrap_err();
    assert_eq!((parser.event(), parser.last_event_id()), (None, "12345".into()));
}

#[test]
fn reconnect_keeps_id_and_retry_and_nothing_else() {
    let mut parser = Parser::new([0; 64]);
    let mut chunk = &b"\xEF\xBB\xBFid: 1\nretry: 20\ndata: a\n\nid: 2\nevent: e\ndata: b\ndat"[..];
    assert!(parser.next(&mut chunk).is_some());
    assert!(parser.next(&mut chunk).is_none());
    parser.reconnect();
    assert_eq!((parser.last_event_id(), parser.retry()), ("1".into(), Some(20)));
    let mut chunk = &b"\xEF\xBB\xBFdata: c\n\n"[..];
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!((event.event_type(), event.data(), event.last_event_id()), ("message".into(), "c".into(), "1".into()));
}

#[test]
fn the_end_shows_what_was_cut_off_on_request() {
    let mut parser = Parser::new([0; 64]);
    for (stream, mid_line, mid_event, data, line) in [
        ("", false, false, None, None),
        (": c\n", false, false, None, None),
        ("retry: 1\n", false, false, None, None),
        (": c", true, false, None, None),
        ("id: 1\n", false, true, None, None),
        ("data: a\n", false, true, Some("a"), None),
        ("data: a\ndata: b", true, true, Some("a"), Some((Field::Data, "b"))),
        ("data: b", true, false, None, Some((Field::Data, "b"))),
        ("data:", true, false, None, Some((Field::Data, ""))),
        ("data", true, false, None, None),
        ("event: b", true, false, None, Some((Field::Event, "b"))),
        ("id: b", true, false, None, Some((Field::Id, "b"))),
        ("id: b\0", true, false, None, None),
        ("retry: 5", true, false, None, None),
    ] {
        assert_eq!(parser.next(&mut stream.as_bytes()), None);
        match parser.end() {
            End::Clean => assert!(!mid_line && !mid_event, "{stream:?}"),
            End::Unfinished(rest) => {
                assert_eq!((rest.is_mid_line(), rest.is_mid_event()), (mid_line, mid_event), "{stream:?}");
                assert_eq!(rest.event().map(|event| event.data()), data.map(Text::from), "{stream:?}");
                assert_eq!(rest.line(), line.map(|(field, value)| (field, value.into())), "{stream:?}");
                assert_eq!(rest.overflow(), None);
            }
        }
        assert_eq!(parser.last_event_id(), "");
    }
    assert_eq!(parser.retry(), Some(1), "a retry line that was complete, and none that was not");
}

#[test]
fn text_is_bytes_until_asked() {
    let text = Text::new(b"caf\xC3\xA9");
    assert_eq!(text, "café");
    assert_eq!("café", text);
    assert_eq!(text, *"café");
    assert_eq!(text, b"caf\xC3\xA9");
    assert_eq!(text, b"caf\xC3\xA9"[..]);
    assert_eq!(text, *b"caf\xC3\xA9");
    assert_ne!(text, "cafe");
    assert!(text > "caf" && text < "cag");
    assert_eq!((text.len(), text.is_empty(), Text::default().is_empty()), (5, false, true));
    assert_eq!(text.to_str(), Ok("café"));
    assert_eq!(format!("{text}|{text:>6}|{text:<5}|{text:.2}"), "café|  café|café |ca");
    assert_eq!(text.as_ref(), text.as_bytes());
    assert_eq!(HashSet::from([text]).len(), HashSet::from([text, "café".into()]).len());

    let broken = Text::new(b"\"a\n\xF0\x9F\x98b\xFF\xE2\x82");
    assert_eq!(broken.to_str().unwrap_err().valid_up_to(), 3);
    assert_eq!(broken.to_string(), "\"a\n\u{FFFD}b\u{FFFD}\u{FFFD}");
    assert_eq!(format!("{broken:?}"), r#""\"a\n\xF0\x9F\x98b\xFF\xE2\x82""#);
    assert_ne!(broken, *broken.to_string());
}

/// Whatever can be seen, and every control character, shows as in a `str`.
#[test]
fn text_is_made_from_bytes() {
    let bytes = &b"a\xFFb"[..];
    assert_eq!(Text::from(bytes), Text::new(bytes));
    assert_eq!(Text::from(bytes).as_bytes(), bytes);
}

#[test]
fn text_shows_like_a_str() {
    for shown in (0..=0xFF).map(char::from).filter(|char| !['\u{A0}', '\u{AD}'].contains(char)).chain("'€中😀".chars())
    {
        let text = shown.to_string();
        assert_eq!(format!("{:?}", Text::from(&*text)), format!("{text:?}"));
    }
}

/// <https://encoding.spec.whatwg.org/#utf-8-decoder>, step by step.
fn decoded_by_the_letter(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut code_point, mut seen, mut needed, mut lower, mut upper) = (0, 0, 0, 0x80, 0xBF);
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if needed == 0 {
            match byte {
                0x00..=0x7F => text.push(char::from(byte)),
                0xC2..=0xDF => (needed, code_point) = (1, u32::from(byte & 0x1F)),
                0xE0..=0xEF => {
                    match byte {
                        0xE0 => lower = 0xA0,
                        0xED => upper = 0x9F,
                        _ => {}
                    }
                    (needed, code_point) = (2, u32::from(byte & 0xF));
                }
                0xF0..=0xF4 => {
                    match byte {
                        0xF0 => lower = 0x90,
                        0xF4 => upper = 0x8F,
                        _ => {}
                    }
                    (needed, code_point) = (3, u32::from(byte & 0x7));
                }
                _ => text.push('\u{FFFD}'),
            }
            continue;
        }
        let is_in_range = (lower..=upper).contains(&byte);
        (lower, upper) = (0x80, 0xBF);
        if !is_in_range {
            (code_point, needed, seen) = (0, 0, 0);
            text.push('\u{FFFD}');
            // The byte is read again.
            at -= 1;
            continue;
        }
        code_point = code_point << 6 | u32::from(byte & 0x3F);
        seen += 1;
        if seen == needed {
            text.push(char::from_u32(code_point).unwrap());
            (code_point, needed, seen) = (0, 0, 0);
        }
    }
    if needed > 0 {
        text.push('\u{FFFD}');
    }
    text
}

/// Decoding is the standard's for every sequence of four bytes out of those that matter.
#[test]
fn text_decodes_like_the_standard() {
    let bytes = [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4,
        0xF5,
    ];
    for a in bytes {
        for b in bytes {
            for c in bytes {
                for d in bytes {
                    let sequence = [a, b, c, d];
                    assert_eq!(Text::new(&sequence).to_string(), decoded_by_the_letter(&sequence));
                }
            }
        }
    }
}

#[cfg(feature = "alloc")]
#[test]
fn text_decodes_into_a_cow() {
    use std::borrow::Cow;
    assert!(matches!(Text::new(b"plain").to_string_lossy(), Cow::Borrowed("plain")));
    assert!(matches!(Text::new(b"\xFF").to_string_lossy(), Cow::Owned(text) if text == "\u{FFFD}"));
    assert_eq!(Text::new(b"a"), String::from("a"));
    assert_eq!(vec![b'a'], Text::new(b"a"));
}

const STREAM_OF_ONE: &[u8] = b"id: 12\nevent: kind\ndata: one\ndata: two\n\n";

#[test]
fn an_event_can_be_copied_into_any_memory() {
    let mut parser = Parser::new([0; 64]);
    let mut chunk = STREAM_OF_ONE;
    let event = parser.next(&mut chunk).unwrap().unwrap();
    let needed = 2 + 4 + 7;
    let mut memory = [0; 64];
    for size in 0..=64 {
        let copy = event.copy_into(&mut memory[..size]);
        if size < needed {
            let error = copy.unwrap_err();
            assert_eq!((error.needed, error.to_string()), (13, "buffer too small: 13 bytes were needed".into()));
        } else {
            let copy = copy.unwrap();
            assert_eq!(copy, event);
            assert_eq!(copy, event.copy_into([0; 20]).unwrap());
            assert_eq!((copy.event_type(), copy.data()), ("kind".into(), "one\ntwo".into()));
            assert_eq!((copy.last_event_id(), copy.id()), ("12".into(), Some("12".into())));
            assert_eq!(format!("{copy:?}"), format!("{event:?}"));
        }
    }
}

#[cfg(feature = "alloc")]
#[test]
fn an_event_can_own_itself_on_the_heap() {
    let mut parser = Parser::new([0; 64]);
    let mut chunk = STREAM_OF_ONE;
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!(event.to_boxed(), event);
    assert_eq!(OwnedEvent::from(event), event.copy_into(sse_wire::Growing::new(13)).unwrap());
    assert!(event.copy_into(sse_wire::Growing::new(12)).is_err());
}

#[cfg(feature = "heapless-v0.9")]
#[test]
fn an_event_can_own_itself_without_a_heap() {
    let mut parser = Parser::new([0; 64]);
    let mut chunk = STREAM_OF_ONE;
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!(event.to_heapless::<13>().unwrap(), event);
    assert_eq!(event.to_heapless::<12>().unwrap_err().needed, 13);
}

/// Owned events are equal, and hash alike, exactly if all their parts are equal, whatever memory they are in.
#[test]
fn owned_events_compare_by_their_parts() {
    let mut parser = Parser::new([0; 64]);
    let mut chunk = &b"event: t\ndata: a\n\ndata: a\n\nevent: t\ndata: b\n\nid: 1\ndata: b\n\ndata: b\n\n"[..];
    let mut small = Vec::new();
    let mut large = Vec::new();
    while let Some(event) = parser.next(&mut chunk) {
        small.push(event.unwrap().copy_into([0; 8]).unwrap());
        large.push(event.unwrap().copy_into([b'x'; 32]).unwrap());
    }
    assert_eq!(small.len(), 5);
    for (i, one) in small.iter().enumerate() {
        for (j, other) in large.iter().enumerate() {
            assert_eq!((one == other, *one == other.as_event()), (i == j, i == j), "{one:?} and {other:?}");
            assert_eq!(format!("{one:?}") == format!("{other:?}"), i == j);
        }
    }
    assert_eq!(small.into_iter().collect::<HashSet<_>>().len(), 5);
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let hashes: HashSet<u64> = large.iter().map(|event| hasher.hash_one(event)).collect();
    assert_eq!(hashes.len(), 5);
}

/// Two events that an accessor, `Debug` and a relay cannot tell apart are equal, and the other way round: a stream that
/// names `message` is not one that names no type.
#[test]
fn what_was_sent_can_be_seen() {
    let mut parser = Parser::new([0; 64]);
    let mut chunk = &b"data: a\n\nevent: message\ndata: a\n\nevent\ndata: a\n\nevent: Message\ndata: a\n\n"[..];
    let mut seen = Vec::new();
    while let Some(event) = parser.next(&mut chunk) {
        let event = event.unwrap();
        let relayed = Message::from(event);
        let owned = event.copy_into([0; 16]).unwrap();
        assert_eq!((owned.event_type(), owned.sent_event_type()), (event.event_type(), event.sent_event_type()));
        assert_eq!(Message::from(&owned), relayed);
        seen.push((
            owned,
            format!("{event:?}"),
            format!("{relayed:?}"),
            event.sent_event_type().map(|t| t.to_string()),
        ));
    }
    let sent: Vec<_> = seen.iter().map(|(.., sent)| sent.as_deref()).collect();
    assert_eq!(sent, [None, Some("message"), None, Some("Message")]);
    for one in &seen {
        for other in &seen {
            let is_equal = one.0 == other.0;
            assert_eq!((one.1 == other.1, one.2 == other.2, one.3 == other.3), (is_equal, is_equal, is_equal));
        }
    }
}

/// What the parser reports as an ID can be put back, whatever bytes it holds.
#[test]
fn every_reported_id_can_be_put_back() {
    for id in [&b"7"[..], b"\xFF\xFE", b" spaces ", b"\x01\x7F", b"", "ü:ñ".as_bytes()] {
        let mut parser = Parser::new([0; 64]);
        let stream = [b"id: ", id, b"\ndata\n\n"].concat();
        let mut chunk = &stream[..];
        let kept = parser.next(&mut chunk).unwrap().unwrap().last_event_id().as_bytes().to_vec();
        assert_eq!(kept, id);
        let mut other = Parser::new([0; 64]);
        other.set_last_event_id(EventId::from_bytes(&kept).unwrap()).unwrap();
        assert_eq!(other.last_event_id(), id);
    }
}

#[test]
fn errors_say_what_was_needed() {
    let mut parser = Parser::new([0; 4]);
    let mut chunk = &b"id: 12345\ndata: x\n\ndata: 12345\n\n"[..];
    let both = parser.next(&mut chunk).unwrap().unwrap_err();
    let one = parser.next(&mut chunk).unwrap().unwrap_err();
    let errors: [(Box<dyn Error>, &str); 5] = [
        (both.into(), "event and its id lost: a buffer of 6 bytes was needed"),
        (one.into(), "event lost: a buffer of 5 bytes was needed"),
        (EventId::new("a\0").unwrap_err().into(), "byte 0x00 at index 1 cannot stand in an event ID"),
        (EventType::new("ab\n").unwrap_err().into(), "byte 0x0A at index 2 cannot stand in an event type"),
        (parser.set_last_event_id(event_id!("12345")).unwrap_err().into(), "buffer too small: 5 bytes were needed"),
    ];
    for (error, message) in errors {
        assert_eq!(error.to_string(), message);
        assert!(error.source().is_none());
    }
}

#[test]
fn debug_shows_text_and_not_the_buffer() {
    let mut parser = Parser::new([b'~'; 64]);
    assert_eq!(parser.advance(b"data: a\n\n").1, Status::Event);
    assert_eq!(
        format!("{parser:?}"),
        r#"Parser { event: Some(Event { event_type: "message", sent_event_type: None, data: "a", last_event_id: "", id: None }), is_mid_line: false, last_event_id: "", retry: None, limit: 64 }"#
    );
}

#[test]
fn an_iterator_of_tokens_leaves_the_rest() {
    let mut tokenizer = Tokenizer::new();
    let mut tokens = tokenizer.tokens(b"data: a\ndata: b\n");
    assert_eq!(tokens.next(), Some(Token::Value { field: Field::Data, bytes: b"a", end: true }));
    assert_eq!(tokens.rest(), b"data: b\n");
    assert!(!tokenizer.is_mid_line());
    assert_eq!(tokenizer.tokens(b"da").next(), None);
    assert!(tokenizer.is_mid_line());
}
