//! What is sent. What clients must make of it is in `expected/`, written by hand.

use core::fmt::Write;
use sse_wire::{DataWriter, KEEP_ALIVE, Message, Progress, event_id, event_type};

/// Where heartbeats are put.
#[derive(Clone, Copy)]
pub enum Heartbeats {
    Nowhere,
    /// Before each message, and after the last.
    Between,
    /// There, and after each line of each message.
    Lines,
    /// As between, but each with a blank line behind it: a mistake, which must be seen.
    Blank,
}

impl Heartbeats {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::Nowhere),
            "between" => Some(Self::Between),
            "lines" => Some(Self::Lines),
            "blank" => Some(Self::Blank),
            _ => None,
        }
    }

    fn add_between(self, stream: &mut Vec<u8>) {
        match self {
            Self::Nowhere => {}
            Self::Between | Self::Lines => stream.extend(KEEP_ALIVE),
            Self::Blank => stream.extend([KEEP_ALIVE, b"\n"].concat()),
        }
    }

    /// Adds a message, and what belongs into it.
    fn add(self, stream: &mut Vec<u8>, message: &[u8]) {
        for (number, line) in message.split_inclusive(|&byte| byte == b'\n').enumerate() {
            if number > 0 && matches!(self, Self::Lines) {
                stream.extend(KEEP_ALIVE);
            }
            stream.extend(line);
        }
    }
}

/// The bytes of a stream, if there is one of this name.
pub fn stream(name: &str, heartbeats: Heartbeats) -> Option<Vec<u8>> {
    let parts = match name {
        "messages" => messages(),
        "chat" => chat(),
        _ => lax(name)?,
    };
    let mut stream = Vec::new();
    for part in parts {
        heartbeats.add_between(&mut stream);
        heartbeats.add(&mut stream, &part);
    }
    heartbeats.add_between(&mut stream);
    Some(stream)
}

/// Messages of every kind. `end` tells clients that would come back that they need not.
fn messages() -> Vec<Vec<u8>> {
    let long = "0123456789".repeat(2000);
    let messages = [
        Message::new().data("hello"),
        Message::new().event(event_type!("tick")).data("a type"),
        Message::new().id(event_id!("1")).data("an ID"),
        Message::new().data("the ID stays"),
        Message::new().event(event_type!("all")).id(event_id!("2")).retry(5000).comment("a comment").data("everything"),
        Message::new().comment("a comment alone"),
        Message::new().retry(4000),
        Message::new().retry(3000).comment("and\nno more"),
        Message::new(),
        Message::new().retry(2_147_483_647).data("a reconnection time"),
        Message::new().comment("one\rtwo\r\nthree\n\ndata: four").data("behind a comment of many lines"),
        Message::new().data(""),
        Message::new().event(event_type!("nothing")).id(event_id!("3")).data(""),
        Message::new().data("\n"),
        Message::new().data("a\nb\nc"),
        Message::new().data("a\rb\r\nc"),
        Message::new().data("a line break at the end\n"),
        Message::new().data("\r\n\r\r\n"),
        Message::new().data("  leading spaces"),
        Message::new().data(" "),
        Message::new().data(":a colon"),
        Message::new().data("data: x\nid: 9\n\nevent: forged\ndata: y\n\n"),
        Message::new().data("Grüße, 世界, 😀, e\u{301}"),
        Message::new().data("\u{feff}a byte order mark"),
        Message::new().data("a\u{85}b\u{2028}c\u{2029}d\u{b}e\u{c}f\u{1c}g\th"),
        Message::new().data("a\0b"),
        Message::new().data("\0"),
        Message::new().event(event_type!(" a leading space")).data("kept"),
        Message::new().event(event_type!("größe: 世界")).data("any text"),
        Message::new().event(event_type!("message")).data("by its name"),
        Message::new().id(event_id!(" 4 ")).data("an ID with spaces"),
        Message::new().id(event_id!("fünf:😀")).data("any text"),
        Message::new().data(&long),
        Message::new().id(event_id!("")).data("no ID any more"),
        Message::new().data("nor here"),
        Message::new().id(event_id!("6")).data("an ID again"),
    ];
    let mut parts: Vec<_> =
        messages.iter().zip([segments, encode, encoder].iter().cycle()).map(|(m, by)| by(m)).collect();
    parts.push(data_writer(&Message::new().event(event_type!("pieces")), &["in ", "pieces\r", "\nCR at the end\r"]));
    parts.push(encode(&end()));
    parts
}

/// A chat completion as OpenAI's API streams it, each part with an ID to resume from. JSON may span lines.
fn chat() -> Vec<Vec<u8>> {
    let chunks = [
        r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
        r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}"#,
        "{\n  \"id\": \"c\",\n  \"object\": \"chat.completion.chunk\",\n  \"created\": 1,\n  \"model\": \"m\",\n  \
         \"choices\": [{\"index\": 0, \"delta\": {\"content\": \"lo,\\n\"}, \"finish_reason\": null}]\n}\n",
        r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":" wörld 😀"},"finish_reason":null}]}"#,
        r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        "[DONE]",
    ];
    let ids = [event_id!("1"), event_id!("2"), event_id!("3"), event_id!("4"), event_id!("5"), event_id!("6")];
    chunks.iter().zip(ids).map(|(chunk, id)| segments(&Message::new().id(id).data(chunk))).collect()
}

/// Blocks without data, which clients should not show. What some do is in the README's table.
fn lax(name: &str) -> Option<Vec<Vec<u8>>> {
    let numbered = encode(&Message::new().id(event_id!("7")).data("before"));
    let soon = encode(&Message::new().retry(20).data("soon"));
    let mut parts = match name {
        "id" => vec![encode(&Message::new().id(event_id!("7")))],
        "type" => vec![encode(&Message::new().event(event_type!("tick")))],
        // The crate puts no blank line behind these.
        "retry" => vec![b"retry: 3000\n\n".to_vec()],
        "comment" => vec![b": text\n\n".to_vec()],
        "event-after-id" => vec![numbered],
        "comment-after-id" => vec![numbered, b": text\n\n".to_vec()],
        "heartbeat-after-id" => vec![numbered, KEEP_ALIVE.to_vec()],
        // Here the connection ends, and clients that come back are told what they came with.
        "cut-event" => return Some(vec![soon, numbered]),
        "cut-id" => return Some(vec![soon, encode(&Message::new().id(event_id!("7")))]),
        _ => return None,
    };
    parts.extend([&Message::new().data("after"), &end()].map(encode));
    Some(parts)
}

/// What a client gets that has come back.
pub fn resumed(last_event_id: Option<&str>) -> Vec<u8> {
    let id = last_event_id.map_or("back without an ID".to_string(), |id| format!("back with ID {id}"));
    [Message::new().data(&id), end()].iter().flat_map(encode).collect()
}

fn end() -> Message<'static> {
    Message::new().event(event_type!("end")).data("")
}

fn segments(message: &Message<'_>) -> Vec<u8> {
    message.segments().flatten().copied().collect()
}

fn encode(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = vec![0; message.encoded_len()];
    let len = message.encode(&mut bytes).expect("a buffer as long as needed");
    assert_eq!(len, bytes.len());
    bytes
}

fn encoder(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = message.encoder();
    let mut window = [0; 7];
    loop {
        let (len, progress) = encoder.write(&mut window);
        bytes.extend(&window[..len]);
        match progress {
            Progress::OutputFull => {}
            Progress::Done => return bytes,
        }
    }
}

fn data_writer(message: &Message<'_>, pieces: &[&str]) -> Vec<u8> {
    let mut text = String::new();
    let mut writer = DataWriter::new(&mut text, *message).expect("a String takes everything");
    for piece in pieces {
        writer.write_str(piece).expect("a String takes everything");
    }
    writer.finish().expect("a String takes everything");
    text.into_bytes()
}
