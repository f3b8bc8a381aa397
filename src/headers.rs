//! The names and values of the HTTP headers that go with an event stream, as pairs.
//!
//! They are plain strings, for any HTTP library, and in the usual capitals; names compare without regard to case.
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
//! assert!(head.contains("Content-Type: text/event-stream\r\n"));
//! # Ok::<(), std::fmt::Error>(())
//! ```

use crate::encode::Id;
use crate::text::Text;

/// The media type of an event stream.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// The name of the header in which a client that reconnects sends [the last event ID](last_event_id).
pub const LAST_EVENT_ID: &str = "Last-Event-ID";

/// What kind of body a response has.
pub const CONTENT_TYPE: (&str, &str) = ("Content-Type", MEDIA_TYPE);

/// Keeps caches from storing a stream, and proxies from compressing and so from holding it back.
pub const CACHE_CONTROL: (&str, &str) = ("Cache-Control", "no-store, no-transform");

/// Keeps nginx from buffering the response.
pub const X_ACCEL_BUFFERING: (&str, &str) = ("X-Accel-Buffering", "no");

/// What kind of body a client wants.
pub const ACCEPT: (&str, &str) = ("Accept", MEDIA_TYPE);

/// What a server sends before the stream (section 10 of the rules). `Connection: keep-alive` is for HTTP/1.1 only, and left
/// to it.
pub const RESPONSE: [(&str, &str); 3] = [CONTENT_TYPE, CACHE_CONTROL, X_ACCEL_BUFFERING];

/// What a client sends (section 9 of the rules), beside [`LAST_EVENT_ID`].
pub const REQUEST: [(&str, &str); 2] = [ACCEPT, ("Cache-Control", "no-store")];

/// Returns the value of [`LAST_EVENT_ID`] for the next request. If it is empty, the header must be left out: because there is
/// no last event ID, or because it is not [safe in a header](Id::is_header_safe) and might not come back the same.
///
/// # Examples
///
/// ```
/// use sse_wire::{Parser, headers};
///
/// let mut parser = Parser::new([0; 64]);
/// assert_eq!(headers::last_event_id(parser.last_event_id()), "");
///
/// parser.set_last_event_id("7")?;
/// assert_eq!(headers::last_event_id(parser.last_event_id()), "7");
///
/// parser.set_last_event_id("7 ")?;
/// assert_eq!(headers::last_event_id(parser.last_event_id()), "");
/// # Ok::<(), sse_wire::InvalidId>(())
/// ```
pub fn last_event_id(id: Text<'_>) -> &str {
    match id.to_str() {
        Ok(text) if Id::new(text).is_ok_and(Id::is_header_safe) => text,
        _ => "",
    }
}

/// Returns whether the `Content-Type` of a response says that it is an event stream, in whatever capitals and with
/// whatever parameters. A client must not read any other.
///
/// # Examples
///
/// ```
/// use sse_wire::headers;
///
/// assert!(headers::is_event_stream(b"Text/Event-Stream; charset=utf-8"));
/// assert!(!headers::is_event_stream(b"text/html"));
/// ```
pub fn is_event_stream(content_type: &[u8]) -> bool {
    let essence = content_type.split(|&byte| byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(MEDIA_TYPE.as_bytes())
}
