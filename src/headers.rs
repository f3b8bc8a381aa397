//! The HTTP headers that go with an event stream: what a client and a server send, and how to read what the other one sent.
//!
//! Names and values are plain strings, for any HTTP library. The names are in lower case, as HTTP/2 wants them and as
//! `http::HeaderName::from_static` does; HTTP/1.1 compares names without regard to case. All that a peer has sent is taken
//! as bytes, since it need not be text.
//!
//! # Examples
//!
//! The head of a response, for a server that writes its own HTTP:
//!
//! ```
//! use sse_wire::headers;
//! use std::fmt::Write;
//!
//! let mut head = String::from("HTTP/1.1 200 OK\r\n");
//! for (name, value) in headers::RESPONSE {
//!     write!(head, "{name}: {value}\r\n")?;
//! }
//! head.push_str("\r\n");
//! assert!(head.contains("content-type: text/event-stream\r\n"));
//! # Ok::<(), std::fmt::Error>(())
//! ```

use crate::event_id::EventId;
use crate::text::Text;

/// The media type of an event stream.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// The name of the header in which a client that reconnects sends the last event ID: see [`request`] and [`last_event_id`].
pub const LAST_EVENT_ID: &str = "last-event-id";

/// What a server sends before the stream ([section 10 of the rules](crate::rules#10-servers)).
///
/// `no-store` and `no-transform` keep caches from storing the stream, and proxies from compressing it and so from holding it
/// back. `x-accel-buffering` keeps nginx from holding it back. `connection: keep-alive` is for HTTP/1.1 only, and left to
/// it.
pub const RESPONSE: &[(&str, &str)] =
    &[("content-type", MEDIA_TYPE), ("cache-control", "no-store, no-transform"), ("x-accel-buffering", "no")];

/// What every client sends ([section 9 of the rules](crate::rules#9-connection)). [`request`] adds the last event ID.
const REQUEST: [(&str, &str); 2] = [("accept", MEDIA_TYPE), ("cache-control", "no-store")];

/// Returns the headers of a client's request, given [the last event ID](crate::Parser::last_event_id).
///
/// [`LAST_EVENT_ID`] comes last. It is left out if the ID is empty, and if the ID is not [safe in a
/// header](EventId::is_header_safe) and so might not arrive unchanged. Then the server starts where it does for a new
/// client.
///
/// # Examples
///
/// ```
/// use sse_wire::{Parser, event_id, headers};
///
/// let mut parser = Parser::new([0; 64]);
/// let accept = [("accept", "text/event-stream"), ("cache-control", "no-store")];
/// assert!(headers::request(parser.last_event_id()).eq(accept));
///
/// parser.set_last_event_id(event_id!("7"))?;
/// assert!(headers::request(parser.last_event_id()).eq([accept[0], accept[1], ("last-event-id", "7")]));
///
/// parser.set_last_event_id(event_id!("7 "))?;
/// assert!(headers::request(parser.last_event_id()).eq(accept));
/// # Ok::<(), sse_wire::BufferTooSmall>(())
/// ```
pub fn request(last_event_id: Text<'_>) -> impl Iterator<Item = (&'static str, &str)> + Clone {
    let id = match last_event_id.to_str() {
        Ok(id) if !id.is_empty() && EventId::trusted(id.as_bytes()).is_header_safe() => Some((LAST_EVENT_ID, id)),
        _ => None,
    };
    REQUEST.iter().copied().chain(id)
}

/// Says where a client wants to resume: see [`last_event_id`].
///
/// There will be no other cases, so the compiler checks that a server thinks of all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LastEventId<'a> {
    /// It sent no ID. (An empty ID is none.) Start where you start new clients.
    Absent,
    /// It sent this. It need not be an ID that the server ever gave: the client is free to send anything.
    Valid(EventId<'a>),
    /// It sent what no stream can set as an ID: a NUL, a CR or an LF is in it.
    Invalid,
}

/// Returns the last event ID that a client sent: in the header [`LAST_EVENT_ID`], or in the query of the URL.
///
/// Spaces and tabs around the header's value do not count. The header comes first: only clients that cannot set headers,
/// such as some replacements for a browser's `EventSource`, put the ID into the query. Which key they use is between them
/// and the server (`lastEventId` is frequent). Pass the query's value without its percent-encoding, and `None` for what was
/// not sent.
///
/// # Examples
///
/// ```
/// use sse_wire::{event_id, headers};
/// use sse_wire::headers::LastEventId;
///
/// assert_eq!(headers::last_event_id(Some(b"7"), Some(b"6")), LastEventId::Valid(event_id!("7")));
/// assert_eq!(headers::last_event_id(None, Some(b"6")), LastEventId::Valid(event_id!("6")));
/// assert_eq!(headers::last_event_id(None, Some(b"6\0")), LastEventId::Invalid);
/// assert_eq!(headers::last_event_id(None, None), LastEventId::Absent);
/// ```
pub fn last_event_id<'a>(header: Option<&'a [u8]>, query: Option<&'a [u8]>) -> LastEventId<'a> {
    let is_sent = |id: &&[u8]| !id.is_empty();
    match header.map(trim).filter(is_sent).or(query.filter(is_sent)).map(EventId::from_bytes) {
        None => LastEventId::Absent,
        Some(Ok(id)) => LastEventId::Valid(id),
        Some(Err(_)) => LastEventId::Invalid,
    }
}

/// Takes off the spaces and tabs that may stand around a header's value.
fn trim(value: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = value.iter().position(|byte| !is_blank(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last.saturating_add(1));
    value.get(start..end).unwrap_or_default()
}

/// Returns whether the `content-type` of a response says that it is an event stream, regardless of case and
/// parameters. A client must not read any other ([section 9 of the rules](crate::rules#9-connection)).
///
/// The value may be a list. Then the last media type that can be read counts, as in browsers, and `*/*` does not count. If
/// the response has several `content-type` headers, pass their values joined by commas.
///
/// # Examples
///
/// ```
/// use sse_wire::headers::is_event_stream;
///
/// assert!(is_event_stream(b"Text/Event-Stream; charset=utf-8"));
/// assert!(!is_event_stream(b"text/html"));
///
/// assert!(is_event_stream(b"text/html, text/event-stream"));
/// assert!(!is_event_stream(b"text/event-stream, text/plain"));
/// assert!(is_event_stream(b"text/event-stream, nonsense"));
/// ```
pub fn is_event_stream(content_type: &[u8]) -> bool {
    let (mut is_last, mut rest) = (false, content_type);
    loop {
        let (value, after) = split_list(rest);
        match essence(value) {
            Some((b"*", b"*")) | None => {}
            Some((kind, subtype)) => {
                is_last = kind.eq_ignore_ascii_case(b"text") && subtype.eq_ignore_ascii_case(b"event-stream");
            }
        }
        match after {
            Some(after) => rest = after,
            None => return is_last,
        }
    }
}

/// Splits the first value of a list off. A comma between quotes belongs to a value, and a backslash there to the next byte.
fn split_list(list: &[u8]) -> (&[u8], Option<&[u8]>) {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let comma = list.iter().position(|&byte| {
        let was_escaped = core::mem::replace(&mut is_escaped, false);
        match byte {
            b',' if !is_quoted => return true,
            b'\\' if is_quoted && !was_escaped => is_escaped = true,
            b'"' if !was_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        false
    });
    match comma.and_then(|at| list.split_at_checked(at)) {
        Some((value, after)) => (value, after.get(1..)),
        None => (list, None),
    }
}

/// Returns the type and the subtype of a media type, if it can be read.
fn essence(media_type: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let before_parameters = media_type.split(|&byte| byte == b';').next()?;
    let start = before_parameters.iter().position(|byte| !is_blank(byte))?;
    let end = before_parameters.iter().rposition(|byte| !is_blank(byte))?;
    let (kind, subtype) = split_once(before_parameters.get(start..=end)?, b'/')?;
    (is_token(kind) && is_token(subtype)).then_some((kind, subtype))
}

fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let (before, from) = bytes.split_at_checked(bytes.iter().position(|&byte| byte == separator)?)?;
    Some((before, from.get(1..)?))
}

/// Returns whether the bytes are a token of HTTP: one or more letters, digits and certain signs.
fn is_token(bytes: &[u8]) -> bool {
    let is_sign = |byte| matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    !bytes.is_empty() && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || is_sign(*byte))
}

/// Reads a `retry-after` header that gives seconds, and returns the time in milliseconds. Returns `None` for a date, which
/// takes a calendar and a clock to read, and for anything else.
///
/// A time of more than `u32::MAX` milliseconds (50 days) is `u32::MAX`.
///
/// # Examples
///
/// ```
/// use sse_wire::headers::retry_after;
///
/// assert_eq!(retry_after(b"120"), Some(120_000));
/// assert_eq!(retry_after(b"Thu, 26 Nov 2026 08:00:00 GMT"), None);
/// ```
pub fn retry_after(value: &[u8]) -> Option<u32> {
    let digits = value.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds =
        digits.iter().fold(0_u32, |sum, digit| sum.saturating_mul(10).saturating_add(u32::from(digit - b'0')));
    Some(seconds.saturating_mul(1000))
}
