//! Event IDs: text that stays within its line, and that receivers do not ignore.

use crate::error::InvalidEventId;
use crate::event_type::first_forbidden;
use crate::text::Text;

/// Holds an event ID: text without CR, LF or NUL, so that it stays within its line, and receivers do not ignore it.
///
/// [`event_id!`](crate::event_id) makes a constant one and checks it at compile time.
///
/// # Examples
///
/// ```
/// use sse_wire::{EventId, event_id};
///
/// const FIRST: EventId<'_> = event_id!("1");
/// assert_eq!(EventId::new("1"), Ok(FIRST));
/// assert!(FIRST.is_header_safe());
/// assert!(!event_id!(" 1").is_header_safe());
/// assert!(EventId::new("1\0").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EventId<'a>(Text<'a>);

impl<'a> EventId<'a> {
    /// Makes an ID from a string. An empty ID is valid and resets the receiver's last event ID.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidEventId`] with the first CR, LF or NUL.
    pub const fn new(text: &'a str) -> Result<Self, InvalidEventId> {
        Self::from_bytes(text.as_bytes())
    }

    /// Makes an ID from bytes, such as those of a `Last-Event-ID` header. They should be UTF-8 but need not be.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidEventId`] with the first CR, LF or NUL.
    pub const fn from_bytes(bytes: &'a [u8]) -> Result<Self, InvalidEventId> {
        match first_forbidden(bytes, true) {
            Some((byte, at)) => Err(InvalidEventId { byte, at }),
            None => Ok(Self(Text::new(bytes))),
        }
    }

    /// Makes an ID from bytes without a check. They must come from an `id` line of a stream.
    pub(crate) const fn trusted(bytes: &'a [u8]) -> Self {
        Self(Text::new(bytes))
    }

    /// Returns whether the ID comes back unchanged in the `Last-Event-ID` header of the next request: it is UTF-8, has no
    /// control character (a tab is one), and neither starts nor ends with a space
    /// ([section 9 of the rules](crate::rules#9-connection)).
    ///
    /// An empty ID is safe: a client sends no header for it, and that means an empty ID. Receivers deliver an ID that is not
    /// safe with their events, but a client cannot send it when it reconnects: it has to leave the header out or to give up.
    pub const fn is_header_safe(self) -> bool {
        let bytes = self.0.as_bytes();
        if core::str::from_utf8(bytes).is_err() || matches!(bytes, [b' ', ..] | [.., b' ']) {
            return false;
        }
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            if byte < b' ' || byte == 0x7F {
                return false;
            }
            rest = after;
        }
        true
    }

    /// Returns the text.
    pub const fn as_text(self) -> Text<'a> {
        self.0
    }

    /// Returns the bytes.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0.as_bytes()
    }
}

/// Makes a constant [`EventId`] from a string constant. A CR, an LF or a NUL in it is a compile error.
///
/// # Examples
///
/// ```
/// use sse_wire::{Message, event_id};
///
/// let message = Message::new().id(event_id!("1")).data("first");
/// # let _ = message;
/// ```
///
/// ```compile_fail,E0080
/// let forged = sse_wire::event_id!("1\0");
/// ```
#[macro_export]
macro_rules! event_id {
    ($text:expr) => {
        const {
            match $crate::EventId::new($text) {
                Ok(id) => id,
                Err(_) => panic!("an event ID holds no CR, LF or NUL"),
            }
        }
    };
}
