//! The fields and their names: as bytes for the tokenizer's slow engine, as words for its fast one.

/// A field of an event stream, or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Field {
    /// A line of the event's data.
    Data,
    /// The event's type.
    Event,
    /// The event's ID. The format ignores a value that holds a NUL; the tokenizer hands it out as it is.
    Id,
    /// The reconnection time in milliseconds. The format ignores a value that is not all ASCII digits; the tokenizer hands
    /// it out as it is.
    Retry,
    /// A comment: the line began with a colon. It keeps the connection alive and means nothing.
    Comment,
    /// A line with a name that the format does not know. The format ignores it. Its value is the whole line, with the name,
    /// and with a space that follows the colon.
    Unknown,
}

/// The names that the format knows, each with its colon, and the byte order mark: each fills eight bytes up. A place says
/// which of them is being read, and how far.
pub(super) const NAMES: &[u8; 40] = b"data:\0\0\0event:\0\0id:\0\0\0\0\0retry:\0\0\xEF\xBB\xBF\0\0\0\0\0";

/// The place of the byte order mark.
pub(super) const MARK: u8 = 32;

/// Returns the place in [`NAMES`] behind the first byte of the only name that starts with this byte.
pub(super) const fn name_starting_with(byte: u8) -> Option<u8> {
    match byte {
        b'd' => Some(1),
        b'e' => Some(9),
        b'i' => Some(17),
        b'r' => Some(25),
        _ => None,
    }
}

/// Returns the field in whose name this place of [`NAMES`] is.
pub(super) const fn field_at(place: u8) -> Field {
    match place / 8 {
        0 => Field::Data,
        1 => Field::Event,
        2 => Field::Id,
        _ => Field::Retry,
    }
}

/// Returns what has been read at this place of [`NAMES`].
pub(super) fn read_up_to(place: u8) -> &'static [u8] {
    NAMES.get(usize::from(place / 8 * 8)..usize::from(place)).unwrap_or_default()
}

/// Returns whether a name is complete at this place of [`NAMES`].
pub(super) fn is_complete(place: u8) -> bool {
    NAMES.get(usize::from(place)) == Some(&b':')
}

/// A field's name with its colon, to be compared with the first word of a line in one step.
pub(super) struct Name {
    bytes: u64,
    mask: u64,
    pub(super) len: usize,
}

pub(super) const DATA: Name = Name::new(*b"data:\0\0\0");
/// With the space that all but always follows.
pub(super) const DATA_SPACE: Name = Name::new(*b"data: \0\0");
pub(super) const EVENT: Name = Name::new(*b"event:\0\0");
pub(super) const ID: Name = Name::new(*b"id:\0\0\0\0\0");
pub(super) const RETRY: Name = Name::new(*b"retry:\0\0");

impl Name {
    /// Takes a name that is filled up with NULs.
    const fn new(name: [u8; 8]) -> Self {
        let bytes = u64::from_le_bytes(name);
        let unused = bytes.leading_zeros() & !7;
        Self { bytes, mask: u64::MAX >> unused, len: 8 - unused as usize / 8 }
    }

    /// Returns whether a line whose first eight bytes are this word starts with these bytes.
    #[inline(always)]
    pub(super) const fn starts(&self, word: u64) -> bool {
        word & self.mask == self.bytes
    }
}

/// Takes the first word of a line. Returns the known field with which it starts, and the length of its name with the colon.
#[inline(always)]
pub(super) const fn name_in(word: u64) -> Option<(Field, usize)> {
    Some(if DATA.starts(word) {
        (Field::Data, DATA.len)
    } else if word & 0xFF == b':' as u64 {
        (Field::Comment, 1)
    } else if EVENT.starts(word) {
        (Field::Event, EVENT.len)
    } else if ID.starts(word) {
        (Field::Id, ID.len)
    } else if RETRY.starts(word) {
        (Field::Retry, RETRY.len)
    } else {
        return None;
    })
}

/// Returns the field of a line that is a name without a colon, so that its value is empty.
pub(super) const fn bare_name(line: &[u8]) -> Option<Field> {
    match line {
        b"data" => Some(Field::Data),
        b"event" => Some(Field::Event),
        b"id" => Some(Field::Id),
        b"retry" => Some(Field::Retry),
        _ => None,
    }
}
