//! How messages become bytes.
//!
//! ```text
//! event    message,              ┌─► length, buffer ──► vector   into one buffer
//! types ─► id       ──► parts ───┼─► segments ─┬─► encoder       as slices; into windows of any size
//! and IDs  what is      names,   │             └─► data_lines ─► data_writer, io_data_writer
//!          said         order    └─► constant                    data that comes in pieces; at compile time
//! ```
//!
//! `one_line` helps `buffer` to be fast, and `slice_writer` is a writer where there is no allocator.
//!
//! No input can add a line to the stream. An event type and an ID cannot be made from text with a line break, and in data
//! and in comments each line break starts a line with the name in front.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod buffer;
mod constant;
mod data_lines;
mod data_writer;
mod encoder;
mod id;
#[cfg(feature = "std")]
mod io_data_writer;
mod length;
mod message;
mod one_line;
mod parts;
mod segments;
mod slice_writer;
#[cfg(test)]
mod tests;
#[cfg(feature = "alloc")]
mod vector;

pub use data_lines::{DataLines, DataSegments};
pub use data_writer::DataWriter;
pub use encoder::{Encoder, Progress};
#[cfg(feature = "std")]
pub use io_data_writer::IoDataWriter;
pub use message::Message;
pub(crate) use parts::{Digits, tenfold};
pub use segments::Segments;
pub use slice_writer::SliceWriter;

/// The shortest comment: a colon and an LF. Write it when nothing else has been sent for about 15 seconds, so that no proxy
/// closes the connection as idle.
///
/// It may stand between two messages and between two lines of a message, but not within a line: not while a [`DataWriter`]
/// is open, for example. If someone else writes the stream, put it only where
/// [`Parser::can_insert`](crate::Parser::can_insert) says yes. After a CR, an LF that belongs to the CR
/// may follow, and behind this comment it would be a blank line.
///
/// It has no blank line of its own, because a blank line ends a block, and several popular clients deliver a block without
/// data as an empty event: openai-python, Anthropic's Python SDK, httpx-sse and fetch-event-source. All 13 decoders that
/// were tried ignore a colon and an LF. A hand-made client that splits the stream at two LFs holds the comment back until
/// the next event, and that is harmless.
pub const KEEP_ALIVE: &[u8] = b":\n";
