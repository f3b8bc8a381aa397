//! The fields and what they are called: as bytes, for the readable way through a line, and as words, for the fast one.

use crate::word::word;

/// Names what a line of an event stream says, as far as the format gives it a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Field {
    /// A line of the event's data.
    Data,
    /// The event's type.
    Event,
    /// The event's ID. A value with a NUL in it is to be ignored: the tokenizer hands it out as it is.
    Id,
    /// The reconnection time in milliseconds. A value that is not all ASCII digits is to be ignored, likewise.
    Retry,
    /// A comment: the line began with a colon. Keeps the connection alive, and means nothing.
    Comment,
}

/// The names that the format knows, each with its colon.
pub(super) const NAMES: &[u8; 20] = b"data:event:id:retry:";

/// Where in `NAMES` the second byte stands of the only name that starts with this one.
pub(super) const fn name_starting_with(byte: u8) -> Option<u8> {
    match byte {
        b'd' => Some(1),
        b'e' => Some(6),
        b'i' => Some(12),
        b'r' => Some(15),
        _ => None,
    }
}

/// The field in whose name or colon this place of `NAMES` is.
pub(super) const fn field_at(place: u8) -> Field {
    match place {
        0..5 => Field::Data,
        5..11 => Field::Event,
        11..14 => Field::Id,
        _ => Field::Retry,
    }
}

/// Whether a name is complete at this place of `NAMES`.
pub(super) fn is_colon(place: u8) -> bool {
    NAMES.get(usize::from(place)) == Some(&b':')
}

/// The fast way through a name: the field and the length of its name with the colon, if the chunk holds a known name with
/// its colon and at least one byte more, so that it is known whether a space follows.
#[inline(always)]
pub(super) fn whole_name(input: &[u8]) -> Option<(Field, usize)> {
    let start = word(input);
    let (field, len) = if DATA.starts(start) {
        (Field::Data, DATA.len)
    } else if EVENT.starts(start) {
        (Field::Event, EVENT.len)
    } else if ID.starts(start) {
        (Field::Id, ID.len)
    } else if RETRY.starts(start) {
        (Field::Retry, RETRY.len)
    } else {
        return None;
    };
    (input.len() > len).then_some((field, len))
}

/// A field's name with its colon, to be compared in one step.
pub(super) struct Name {
    bytes: u64,
    mask: u64,
    pub(super) len: usize,
}

pub(super) const DATA: Name = Name::new(*b"data:\0\0\0");
/// The same with the space that all but always comes behind.
pub(super) const DATA_SPACE: Name = Name::new(*b"data: \0\0");
pub(super) const EVENT: Name = Name::new(*b"event:\0\0");
pub(super) const ID: Name = Name::new(*b"id:\0\0\0\0\0");
const RETRY: Name = Name::new(*b"retry:\0\0");

impl Name {
    /// Takes a name that is filled up with NULs.
    const fn new(name: [u8; 8]) -> Self {
        let bytes = u64::from_le_bytes(name);
        let unused = bytes.leading_zeros() & !7;
        Self { bytes, mask: u64::MAX >> unused, len: 8 - unused as usize / 8 }
    }

    #[inline(always)]
    pub(super) const fn starts(&self, word: u64) -> bool {
        word & self.mask == self.bytes
    }
}
