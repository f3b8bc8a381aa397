//! A stream with everything in it that the format has, block by block, and by hand what each block says.

use super::Seen;

/// Some bytes of a stream, and what comes out at the last of them, if anything does.
pub struct Block {
    pub bytes: Vec<u8>,
    pub seen: Option<Seen>,
}

fn block(bytes: impl AsRef<[u8]>, seen: Option<Seen>) -> Block {
    Block { bytes: bytes.as_ref().to_vec(), seen }
}

fn says(bytes: impl AsRef<[u8]>, event_type: &str, data: &str, id: &str) -> Block {
    block(bytes, Some(Seen::event(event_type, data, id)))
}

/// The size of a parser that the large event of the stream does not fit into.
pub const CAPACITY: usize = 1024;

/// The reconnection time in the stream, in milliseconds.
pub const RETRY: u64 = 25;

/// What a client sends in its first two reconnections.
pub const IDS: [&str; 2] = ["5", "grüße 7"];

/// The first connection, which [`CUT_OFF`] ends.
pub fn first() -> Vec<Block> {
    let long = "0123456789".repeat(60);
    let too_long = "x".repeat(2000);
    vec![
        block("\u{FEFF}: welcome\n\n", None),
        block("retry: 25\n\n", None),
        says("data: plain\n\n", "message", "plain", ""),
        says("event: tick\nid: 1\ndata: {\"n\":1}\n\n", "tick", "{\"n\":1}", "1"),
        says("id: 2\rdata: CR\rdata: alone\r\r", "message", "CR\nalone", "2"),
        says("data: a\r\nid: 3\r\ndata:  b\r\ndata:\r\nevent: crlf\r\n\r\n", "crlf", "a\n b\n", "3"),
        block(": still here\n\n:\n\n:\n", None),
        says("id: no\0ne\ndata: an ID with NUL is none\n\n", "message", "an ID with NUL is none", "3"),
        says("data\n\n", "message", "", "3"),
        block(format!("data: {too_long}\n\n"), Some(Seen::Lost { needed: "3".len() + too_long.len() })),
        says("id: grüße\nevent: naïve\ndata: ünïcode ✓\n\n", "naïve", "ünïcode ✓", "grüße"),
        says(format!("event: long\ndata: {long}\n\n"), "long", &long, "grüße"),
        block("unknown: field\nevent: without data\nid: 5\n\n", None),
        says("data: last\n\n", "message", "last", "5"),
    ]
}

/// What the first connection breaks off in: none of it counts, the ID least of all.
pub const CUT_OFF: &[u8] = b"id: 6\nevent: cut\ndata: off\n";

/// The second connection, which ends as it should. Nothing of the first may be left in it.
pub fn second() -> Vec<Block> {
    vec![
        says("data: off no more\n\n", "message", "off no more", "5"),
        says("id\ndata: the ID is reset\n\n", "message", "the ID is reset", ""),
        says("id: grüße 7\ndata: end\n\n", "message", "end", "grüße 7"),
    ]
}

/// All that comes out of both.
pub fn seen() -> Vec<Seen> {
    first().into_iter().chain(second()).filter_map(|block| block.seen).collect()
}
