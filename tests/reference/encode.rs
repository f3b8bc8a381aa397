//! The encoder as one would write it on a napkin, after section 10 of `sse_wire::rules`.

#![allow(dead_code, reason = "each test uses a part")]

/// What a message says, in memory of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub event: Option<Vec<u8>>,
    pub id: Option<Vec<u8>>,
    pub retry: Option<u64>,
    pub comment: Option<Vec<u8>>,
    pub data: Option<Vec<u8>>,
}

/// No larger reconnection time is written.
pub const MAX_RETRY: u64 = 2_147_483_647;

/// CR, LF and CRLF are one break each.
pub fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new()];
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'\r' | b'\n' => {
                lines.push(Vec::new());
                at += if text[at..].starts_with(b"\r\n") { 2 } else { 1 };
            }
            byte => {
                lines.last_mut().unwrap().push(byte);
                at += 1;
            }
        }
    }
    lines
}

/// The data as a receiver sees it: nothing but the breaks has changed.
pub fn received(data: &[u8]) -> Vec<u8> {
    lines(data).join(&b'\n')
}

pub fn encode(said: &Said) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |name: &str, value: &[u8]| out.extend([name.as_bytes(), value, b"\n"].concat());
    if let Some(event_type) = &said.event {
        line("event: ", event_type);
    }
    if let Some(id) = &said.id {
        line("id: ", id);
    }
    if let Some(retry) = said.retry {
        line("retry: ", retry.min(MAX_RETRY).to_string().as_bytes());
    }
    for text in said.comment.iter().flat_map(|comment| lines(comment)) {
        line(": ", &text);
    }
    for text in said.data.iter().flat_map(|data| lines(data)) {
        line("data: ", &text);
    }
    if said.event.is_some() || said.id.is_some() || said.data.is_some() {
        line("", b"");
    }
    out
}
