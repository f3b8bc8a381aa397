//! How messages become bytes.
//!
//! ```text
//! line ─────► message ──┬─► segments ─► encoder     whole messages, borrowed
//! what may    what is   ├─► constant                whole messages, at compile time
//! stand on    said      └─► data_writer ─► sink     payloads that come in pieces
//! one line
//! ```
//!
//! What is written can never be more lines than were asked for: an event type and an ID cannot be made of text that holds a
//! line break, and in data and comments each break starts a line with its name in front.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod constant;
mod data_writer;
mod encoder;
mod line;
mod message;
mod segments;
mod sink;

pub use data_writer::DataWriter;
pub use encoder::{Encoder, Progress};
pub use line::{Id, Line};
pub use message::Message;
pub use segments::Segments;
#[cfg(feature = "std")]
pub use sink::ViaIo;
pub use sink::{Sink, SliceWriter, ViaFmt};

/// The smallest sign of life, for when nothing else has been sent for about 15 seconds: an empty comment, with a blank line
/// for receivers that wait for one. It must not be written into the middle of a message.
pub const KEEP_ALIVE: &[u8] = b":\n\n";
