//! Event types: text that has been checked to fit on one line.

use crate::error::InvalidEventType;
use crate::scan::{self, CR, FOR_SIZE, LF};
use crate::text::Text;
use crate::word;

/// Holds an event type: text without CR or LF, so that it cannot add a line to the stream.
///
/// [`event_type!`](crate::event_type) makes a constant one and checks it at compile time.
///
/// # Examples
///
/// ```
/// use sse_wire::{EventType, event_type};
///
/// const TICK: EventType<'_> = event_type!("tick");
/// assert_eq!(EventType::new("tick"), Ok(TICK));
///
/// let error = EventType::new("tick\ndata: forged").unwrap_err();
/// assert_eq!((error.byte, error.at), (b'\n', 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EventType<'a>(Text<'a>);

impl<'a> EventType<'a> {
    /// Makes an event type from a string.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidEventType`] with the first CR or LF.
    pub const fn new(text: &'a str) -> Result<Self, InvalidEventType> {
        Self::from_bytes(text.as_bytes())
    }

    /// Makes an event type from bytes. They should be UTF-8 but need not be: receivers decode them as [`Text`] describes.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidEventType`] with the first CR or LF.
    pub const fn from_bytes(bytes: &'a [u8]) -> Result<Self, InvalidEventType> {
        match first_forbidden(bytes, false) {
            Some((byte, at)) => Err(InvalidEventType { byte, at }),
            None => Ok(Self(Text::new(bytes))),
        }
    }

    /// Makes an event type from bytes without a check. They must come from one line of a stream.
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

/// Makes a constant [`EventType`] from a string constant. A CR or an LF in it is a compile error.
///
/// # Examples
///
/// ```
/// use sse_wire::{Message, event_type};
///
/// let message = Message::new().event(event_type!("tick")).data("1");
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
            match $crate::EventType::new($text) {
                Ok(event_type) => event_type,
                Err(_) => panic!("an event type holds no CR or LF"),
            }
        }
    };
}

/// Finds the first CR or LF, or, for an ID, the first CR, LF or NUL. Returns the byte and its index.
///
/// Words without any of them are skipped: for types of 20 bytes that saves a fifth of the instructions of a whole message.
pub(crate) const fn first_forbidden(bytes: &[u8], is_id: bool) -> Option<(u8, usize)> {
    let mut rest = bytes;
    while let (false, Some((word, after))) = (FOR_SIZE, rest.split_first_chunk()) {
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
