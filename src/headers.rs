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

/// The media type of an event stream.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// The name of the header in which a client that reconnects sends the last event ID, if that is not empty and
/// [is safe there](crate::Id::is_header_safe).
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
