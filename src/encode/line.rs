//! Event types and IDs: text that has been checked to fit on one line.

use crate::error::{InvalidId, InvalidLine};
use crate::scan::{self, CR, LF, SMALL};
use crate::text::Text;
use crate::word;

/// Holds an event type: text without CR or LF, so that it cannot add a line to the stream.
///
/// [`event_type!`](crate::event_type) makes a constant one and checks it at compile time.
///
/// # Examples
///
/// ```
/// use sse_wire::{Line, event_type};
///
/// const TICK: Line<'_> = event_type!("tick");
/// assert_eq!(Line::new("tick"), Ok(TICK));
///
/// let error = Line::new("tick\ndata: forged").unwrap_err();
/// assert_eq!((error.byte, error.at), (b'\n', 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Line<'a>(Text<'a>);

impl<'a> Line<'a> {
    /// Makes a line from a string.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidLine`] with the first CR or LF.
    pub const fn new(text: &'a str) -> Result<Self, InvalidLine> {
        Self::from_bytes(text.as_bytes())
    }

    /// Makes a line from bytes. They should be UTF-8 but need not be: receivers decode them as [`Text`] describes.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidLine`] with the first CR or LF.
    pub const fn from_bytes(bytes: &'a [u8]) -> Result<Self, InvalidLine> {
        match position(bytes, false) {
            Some((byte, at)) => Err(InvalidLine { byte, at }),
            None => Ok(Self(Text::new(bytes))),
        }
    }

    /// Makes a line from bytes without a check. They must come from one line of a stream.
    pub(crate) const fn trusted(bytes: &'a [u8]) -> Self {
        Self(Text::new(bytes))
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

/// Holds an event ID: text without CR, LF or NUL, so that every receiver takes it unchanged.
///
/// [`event_id!`](crate::event_id) makes a constant one and checks it at compile time.
///
/// # Examples
///
/// ```
/// use sse_wire::{Id, event_id};
///
/// const FIRST: Id<'_> = event_id!("1");
/// assert_eq!(Id::new("1"), Ok(FIRST));
/// assert!(FIRST.is_header_safe());
/// assert!(!event_id!(" 1").is_header_safe());
/// assert!(Id::new("1\0").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Id<'a>(Text<'a>);

impl<'a> Id<'a> {
    /// Makes an ID from a string. An empty ID is valid and resets the receiver's last event ID.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidId::Forbidden`] with the first CR, LF or NUL.
    pub const fn new(text: &'a str) -> Result<Self, InvalidId> {
        Self::from_bytes(text.as_bytes())
    }

    /// Makes an ID from bytes, such as those of a `Last-Event-ID` header. They should be UTF-8 but need not be.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidId::Forbidden`] with the first CR, LF or NUL.
    pub const fn from_bytes(bytes: &'a [u8]) -> Result<Self, InvalidId> {
        match position(bytes, true) {
            Some((byte, at)) => Err(InvalidId::Forbidden { byte, at }),
            None => Ok(Self(Text::new(bytes))),
        }
    }

    /// Makes an ID from bytes without a check. They must come from an `id` line of a stream.
    pub(crate) const fn trusted(bytes: &'a [u8]) -> Self {
        Self(Text::new(bytes))
    }

    /// Returns whether the ID comes back unchanged in the `Last-Event-ID` header of the next request: it is UTF-8, has no
    /// control character (a tab is one), and neither starts nor ends with a space (section 9 of the rules).
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

/// Finds the first CR or LF, or, for an ID, the first CR, LF or NUL. Returns the byte and its index.
///
/// Words without any of them are skipped: for types of 20 bytes that saves a fifth of the instructions of a whole message.
const fn position(bytes: &[u8], is_id: bool) -> Option<(u8, usize)> {
    let mut rest = bytes;
    while let (false, Some((word, after))) = (SMALL, rest.split_first_chunk()) {
        let word = u64::from_le_bytes(*word);
        if scan::hits(word) != 0 || (is_id && word::zeros(word) != 0) {
            break;
        }
        rest = after;
    }
    while let Some((&byte, after)) = rest.split_first() {
        if byte == CR || byte == LF || (is_id && byte == 0) {
            return Some((byte, bytes.len() - rest.len()));
        }
        rest = after;
    }
    None
}

/// Makes a constant [`Line`] from a string constant. A CR or an LF in it is a compile error.
///
/// # Examples
///
/// ```
/// use sse_wire::{Message, event_type};
///
/// let message = Message::new().event(event_type!("tick")).data(b"1");
/// # let _ = message;
/// ```
///
/// ```compile_fail,E0080
/// let forged = sse_wire::event_type!("tick\ndata: forged");
/// ```
#[macro_export]
macro_rules! event_type {
    ($text:expr) => {
        const {
            match $crate::Line::new($text) {
                Ok(line) => line,
                Err(_) => panic!("an event type holds no CR or LF"),
            }
        }
    };
}

/// Makes a constant [`Id`] from a string constant. A CR, an LF or a NUL in it is a compile error.
///
/// # Examples
///
/// ```
/// use sse_wire::{Message, event_id};
///
/// let message = Message::new().id(event_id!("1")).data(b"first");
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
            match $crate::Id::new($text) {
                Ok(id) => id,
                Err(_) => panic!("an event ID holds no CR, LF or NUL"),
            }
        }
    };
}
