//! How messages become bytes.
//!
//! ```text
//! line ──► message ──► parts ─┬─► length, buffer           into one buffer
//! event    what is     names, ├─► segments ─┬─► encoder    as slices; into windows of any size
//! types    said        order  │             └─► data_writer ─► sink    data that comes in pieces
//! and IDs                     └─► constant                 at compile time
//! ```
//!
//! `one_line` helps `buffer` to be fast.
//!
//! No input can add a line to the stream. An event type and an ID cannot be made from text with a line break, and in data and
//! in comments each line break starts a line with the name in front.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod buffer;
mod constant;
mod data_writer;
mod encoder;
mod length;
mod message;
mod one_line;
mod parts;
mod segments;
mod sink;
#[cfg(test)]
mod tests;

pub use data_writer::DataWriter;
pub use encoder::{Encoder, Progress};
pub use message::Message;
pub use segments::Segments;
#[cfg(feature = "std")]
pub use sink::ViaIo;
pub use sink::{Sink, SliceWriter, ViaFmt};

/// The shortest comment: a colon and an LF. Write it when nothing else has been sent for about 15 seconds, so that no proxy
/// closes the connection as idle.
///
/// It may stand between two messages and between two lines of a message, but not within a line: not while a [`DataWriter`]
/// is open, for example. If someone else writes the stream, put it only after an LF. After a CR, an LF that belongs to the CR
/// may follow, and behind this comment it would be a blank line.
///
/// It has no blank line of its own, because a blank line ends a block, and several popular clients deliver a block without
/// data as an empty event: openai-python, Anthropic's Python SDK, httpx-sse and fetch-event-source. All 13 decoders that were
/// tried ignore a colon and an LF. A hand-made client that splits the stream at two LFs holds the comment back until the next
/// event, and that is harmless.
pub const KEEP_ALIVE: &[u8] = b":\n";
