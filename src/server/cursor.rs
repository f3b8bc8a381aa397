//! Where a client stands in the log, and what the log answers.

use core::error::Error;
use core::fmt;

/// Tells where in an [`EventLog`](super::EventLog) a client stands: the event that it is sent next, and how much of that it
/// has already been sent.
///
/// It holds 16 bytes and borrows nothing, so the log may go on, and events that the client has not been sent may leave the
/// log. Then the log says [`Lagged`]. A cursor is valid for the log that made it, and for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cursor {
    pub(super) number: u64,
    /// The number of bytes of the event that have been sent: less than it has.
    pub(super) offset: u32,
    /// Tells the log by.
    pub(super) tag: u32,
}

impl Cursor {
    /// Returns the number of the event that is sent next, or of which a part has been sent.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Returns whether a part of an event has been sent. Then nothing but the rest of the event may be written to the
    /// client.
    pub const fn is_mid_event(&self) -> bool {
        self.offset > 0
    }
}

/// Says why [`fill`](super::EventLog::fill) has stopped.
///
/// There will be no other cases, so the compiler checks that a server thinks of all four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Fill {
    /// There is more to send: call again when the socket has room.
    OutputFull,
    /// The client has everything, up to the end of the last event. Wait for an event. A comment may be written.
    CaughtUp,
    /// The client has everything, and the log is closed: end the stream.
    End,
    /// The log no longer has what comes next. Nothing was written, and the cursor stays where it was.
    Lagged(Lagged),
}

/// Reports that a client was too slow: the log no longer has what comes next for it.
///
/// Tell the client what it has missed, in a message of your own, and go on at [`go_on`](Self::go_on). If that is `None`,
/// close the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lagged {
    /// How many events the client has missed, one that it has a part of included. `None` if the cursor is that of another
    /// log.
    pub missed: Option<u64>,
    /// Where the client may go on: at the oldest event in the log. `None` if it has a part of an event, which whatever is
    /// written next would become part of. When it comes back, its last event ID tells what it has.
    pub go_on: Option<Cursor>,
}

impl fmt::Display for Lagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.missed {
            Some(missed) => write!(f, "the client has missed {missed} events"),
            None => f.write_str("the cursor belongs to another log"),
        }
    }
}

impl Error for Lagged {}

/// Says where a client goes on that comes back with its last event ID.
///
/// There will be no other cases, so the compiler checks that a server thinks of all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Resume {
    /// The client has missed nothing: go on here.
    Found(Cursor),
    /// The ID is the log's own, but the log no longer has all that came after it.
    Expired {
        /// How many events the client has missed for good.
        missed: u64,
        /// Where it may go on after it was told: at the oldest event in the log.
        oldest: Cursor,
    },
    /// The log does not know the ID: it is from before a restart, from another source, or made up. What that means is the
    /// caller's to say: to start at [`oldest`](super::EventLog::oldest) may repeat events, to start at
    /// [`live`](super::EventLog::live) may leave some out.
    Unknown,
}

/// Says why a message was not pushed. There will be no other cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PushError {
    /// The log's memory cannot hold the message, not even alone, or [`push_with`](super::EventLog::push_with) was given a
    /// smaller limit, or the allocator has refused memory.
    TooLarge {
        /// The size in bytes of the smallest buffer that holds the message. For `push_with`, which gives up early, it is
        /// the size for what had been written by then.
        needed: usize,
    },
    /// The message has no data, so it is no event. Some clients would take it as an empty one: write it to the clients
    /// instead.
    NoData,
    /// The log is [closed](super::EventLog::close).
    Closed,
    /// The function that writes the data has returned an error.
    Aborted,
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { needed } => write!(f, "message too large for the log: {needed} bytes were needed"),
            Self::NoData => f.write_str("a message without data is no event"),
            Self::Closed => f.write_str("the log is closed"),
            Self::Aborted => f.write_str("the data could not be written"),
        }
    }
}

impl Error for PushError {}
