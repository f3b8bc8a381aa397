//! The errors: values that say what was needed.

use core::fmt;

/// Reports that one event of the stream was lost because the parser's buffer could not hold it.
///
/// This is a value and not the end: the parser has already skipped the rest of that event, and goes on with the next one. It
/// is reported once for each lost event, at the blank line at which the event would have been delivered, and it is equal for
/// every chunking.
///
/// What the lost event said about the connection still counts: its `retry` has taken effect, and its `id` is now the last
/// event ID unless [`id_lost`](Self::id_lost) is set. (A client that reconnected with the older ID would be sent the same
/// oversized event for ever.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Overflow {
    /// The size in bytes of the smallest buffer that would have held the event, with an equal last event ID before it:
    /// [the sum](crate::Parser#memory) over the last event ID and all lines of the event. If the block had no data, only its
    /// IDs count. Saturates at `usize::MAX`.
    pub needed: usize,
    /// Whether the event's `id` was lost, too, because the IDs alone did not fit. Then the last event ID is still the one
    /// from before this event. A block without data is reported only for this. It is never set if no `id` line had an
    /// effect.
    pub id_lost: bool,
}

impl Overflow {
    pub(crate) const fn new(needed: usize, id_lost: bool) -> Self {
        Self { needed, id_lost }
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.id_lost { "event and its id" } else { "event" };
        write!(f, "{what} lost: a buffer of {} bytes was needed", self.needed)
    }
}

impl core::error::Error for Overflow {}

/// Says why a reader of events that does its own I/O has no event to give: one was lost, or the transport failed.
///
/// All readers of this crate that do I/O return it: `io`, `embedded_io_v0_7` and `stream`. It is the report of one failure,
/// not the end: after either, ask for the next event again.
///
/// There will be no other cases, so the compiler checks that a caller thinks of both.
///
/// # Examples
///
/// ```
/// use sse_wire::{Error, Parser};
/// use std::io;
///
/// /// Ends with the transport, and goes on after a lost event.
/// fn check(result: Result<(), Error<io::Error>>) -> io::Result<()> {
///     match result {
///         Ok(()) => Ok(()),
///         Err(Error::Overflow(overflow)) => Ok(eprintln!("{overflow}")),
///         Err(Error::Transport(error)) => Err(error),
///     }
/// }
///
/// let overflow = Parser::new([0; 4]).next(&mut &b"data: Hello\n\n"[..]).unwrap().unwrap_err();
/// assert!(check(Err(overflow.into())).is_ok());
/// assert!(check(Err(Error::Transport(io::ErrorKind::TimedOut.into()))).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Error<E> {
    /// An event was too large for the parser's buffer and is lost. The next call goes on behind it.
    Overflow(Overflow),
    /// The reader or the stream below failed. What it had delivered before is kept: the next call asks it again, and if it
    /// goes on where it stopped, nothing is lost.
    Transport(E),
}

impl<E> From<Overflow> for Error<E> {
    fn from(overflow: Overflow) -> Self {
        Self::Overflow(overflow)
    }
}

/// Writes the cause, too, so that one line of a log says everything.
impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow(overflow) => overflow.fmt(f),
            Self::Transport(error) => write!(f, "transport error: {error}"),
        }
    }
}

/// The source is the [`Overflow`], or the error of the transport.
impl<E: core::error::Error + 'static> core::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Overflow(overflow) => Some(overflow),
            Self::Transport(error) => Some(error),
        }
    }
}

/// Reports that a string cannot be an event type, because it does not fit on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct InvalidEventType {
    /// The first byte that would end the line: `0x0A` (LF) or `0x0D` (CR).
    pub byte: u8,
    /// Its index in the string.
    pub at: usize,
}

impl fmt::Display for InvalidEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte 0x{:02X} at index {} cannot stand in an event type", self.byte, self.at)
    }
}

impl core::error::Error for InvalidEventType {}

/// Reports that a string cannot be an event ID: no stream can set it ([section 1](crate::rules#1-grammar) and
/// [section 6 of the rules](crate::rules#6-fields)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct InvalidEventId {
    /// The first byte that cannot stand in an ID: `0x00` (NUL), `0x0A` (LF) or `0x0D` (CR).
    pub byte: u8,
    /// Its index in the string.
    pub at: usize,
}

impl fmt::Display for InvalidEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte 0x{:02X} at index {} cannot stand in an event ID", self.byte, self.at)
    }
}

impl core::error::Error for InvalidEventId {}

/// Reports that a stream cannot be [severed](crate::Parser::sever), because the parser does not know the client's last event
/// ID: it was too large for the parser's buffer. Close the client's connection instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct LastEventIdLost;

impl fmt::Display for LastEventIdLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the last event ID was too large for the buffer: close the connection")
    }
}

impl core::error::Error for LastEventIdLost {}

/// Reports that a buffer was too small. Nothing was written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct BufferTooSmall {
    /// The size in bytes of the smallest buffer that would have been enough.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "buffer too small: {} bytes were needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}
