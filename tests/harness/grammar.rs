//! Streams that look like event streams, line by line, with everything that a careless reader gets wrong.

use proptest::prelude::*;

/// A whole stream: perhaps a byte order mark, then lines, the last of which may have no end.
pub fn stream() -> impl Strategy<Value = Vec<u8>> {
    let mark = prop_oneof![
        6 => Just(&b""[..]),
        2 => Just(&b"\xEF\xBB\xBF"[..]),
        1 => Just(&b"\xEF\xBB\xBF\xEF\xBB\xBF"[..]),
        1 => Just(&b"\xEF\xBB"[..]),
        1 => Just(&b"\xEF"[..]),
    ];
    let lines = prop::collection::vec(line(), 0..24);
    let tail = prop_oneof![3 => Just(Vec::new()), 1 => content()];
    (mark, lines, tail).prop_map(|(mark, lines, tail)| [mark, &lines.concat(), &tail].concat())
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let blank = Just(Vec::new());
    (prop_oneof![2 => blank, 5 => content()], line_end()).prop_map(|(content, end)| [&content, end].concat())
}

fn line_end() -> impl Strategy<Value = &'static [u8]> {
    prop_oneof![4 => Just(&b"\n"[..]), 2 => Just(&b"\r"[..]), 3 => Just(&b"\r\n"[..])]
}

/// A line without its end.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let colon = prop::sample::select(vec!["", ":", ": ", ":  ", ":\t", " :", "::"]);
    (name(), prop_oneof![1 => colon, 3 => Just(": ")], value())
        .prop_map(|(name, colon, value)| [name, colon.as_bytes(), &value].concat())
}

fn name() -> impl Strategy<Value = &'static [u8]> {
    let odd = prop::sample::select(vec![
        &b"d"[..],
        b"dat",
        b"datab",
        b"Data",
        b" data",
        b"\0data",
        b"data\0",
        b"\xEF\xBB\xBFdata",
        b"events",
        b"even",
        b"i",
        b"idd",
        b"ID",
        b"retr",
        b"retryy",
        b"x",
        b"\xC3",
        b"\xFF\xFE",
        b"unknown-name-longer-than-a-word",
    ]);
    prop_oneof![
        6 => Just(&b"data"[..]),
        3 => Just(&b"event"[..]),
        4 => Just(&b"id"[..]),
        2 => Just(&b"retry"[..]),
        1 => Just(&b""[..]),
        1 => odd,
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let odd = prop::sample::select(vec![
        &b"\0"[..],
        b"a\0b",
        b"\xEF\xBB\xBF",
        b"\xC0\x8A",
        b"\xE2\x82",
        b"\xF0\x9F\x98\x80",
        b"\xED\xA0\x80",
        b" ",
        b":",
        b"data: x",
        b"18446744073709551615",
        b"18446744073709551616",
        b"007",
        b"+5",
        b"5 ",
        b"\xE2\x80\xA8",
        b"\x0B\x0C",
    ]);
    prop_oneof![
        2 => Just(Vec::new()),
        4 => "[a-z]{1,12}".prop_map(String::into_bytes),
        2 => "[0-9]{1,6}".prop_map(String::into_bytes),
        2 => odd.prop_map(<[u8]>::to_vec),
        1 => "[a-z :]{60,200}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>().prop_filter("no line end", |b| !b"\r\n".contains(b)), 0..20),
    ]
}
