//! The machine that knows lines and fields, and keeps nothing but its state.
//!
//! ```text
//!                 ┌────────── line end ─────────────────────────────┐
//!   Bom ──► LineStart ──► Name ──':'──► ValueStart ──► Value ───────┤
//!              ▲  │        └── no known name ──► Unknown ───────────┤
//!              │  └── ':' (a comment) ──► ValueStart                │
//!            AfterCr ◄── CR ── line end ── LF ──► LineStart ◄───────┘
//! ```
//!
//! There are two ways through a line. The readable one goes byte by byte up to the value, and is the definition. The fast
//! one sees a whole name with its colon in the chunk and goes to `Value` in one step. Both share the search for the line's
//! end, so no byte is looked at twice.

use crate::scan::{self, CR, LF};

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

/// Is one step of an event stream: a piece of a field's value, or the blank line that ends a block.
///
/// Lines with a name that the format does not know make no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token<'c> {
    /// A piece of the value of a field. A line makes one such token with `end` set, after any number without it.
    Value {
        /// The field that the line sets.
        field: Field,
        /// The next bytes of its value, without the one space that may follow the colon. They lie in the chunk, are empty
        /// only where `end` is set, and may stop in the middle of a UTF-8 sequence where it is not.
        bytes: &'c [u8],
        /// Whether the line ends here. What came of a line whose end never arrives has no effect.
        end: bool,
    },
    /// A blank line: what the lines since the last one have set is now complete.
    Blank,
}

#[cfg(feature = "defmt")]
impl defmt::Format for Token<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self {
            Self::Value { field, bytes, end } => {
                defmt::write!(f, "Value {{ field: {}, bytes: {}, end: {=bool} }}", field, crate::Text::new(bytes), end);
            }
            Self::Blank => defmt::write!(f, "Blank"),
        }
    }
}

/// Splits an event stream into the values of its fields, in any chunks, and keeps no byte of it.
///
/// The state is a few bytes ([two](#memory)), whatever the stream holds: a field of any length comes out in pieces as its
/// chunks come in. This is the layer for those who see data go by (a proxy, an idle timer that wants to see comments) or
/// who write a large value somewhere else as it arrives. For whole events use the [`Parser`](crate::Parser).
///
/// What is left to the caller, because it needs memory: to put the lines of one value together (an LF between two `data`
/// lines), to ignore an `id` with a NUL and a `retry` that is not all digits, and to drop, at the end of the stream,
/// everything since the last [`Token::Blank`].
///
/// # Memory
///
/// `size_of::<Tokenizer>()` is 2 bytes on every target. Each byte of a chunk is read a small constant number of times, and
/// one call does work in proportion to the bytes it consumes.
///
/// # Examples
///
/// The whole loop, with a value that arrives in two chunks:
///
/// ```
/// use sse_wire::{Field, Token, Tokenizer};
///
/// let mut tokenizer = Tokenizer::new();
/// let mut data = Vec::new();
/// let mut comments = 0;
///
/// for chunk in ["data: Hel", "lo\n: still here\n", "\n"] {
///     for token in tokenizer.tokens(chunk.as_bytes()) {
///         match token {
///             Token::Value { field: Field::Data, bytes, .. } => data.extend_from_slice(bytes),
///             Token::Value { field: Field::Comment, end: true, .. } => comments += 1,
///             Token::Value { .. } => {}
///             Token::Blank => assert_eq!(data, b"Hello"),
///         }
///     }
/// }
/// assert_eq!(comments, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tokenizer {
    state: State,
}

/// Where in a line the next byte stands. The numbers are the sections of the rules.
///
/// The tag is a byte of its own, which is quick to read, and the start is all zeros, so that a static parser takes no flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
enum State {
    /// At the start of the stream, after so many bytes of a byte order mark (2).
    Bom(u8),
    /// At the start of a line.
    LineStart,
    /// At the start of a line, after a CR: an LF that comes now belongs to it (3).
    AfterCr,
    /// In a name that so far is the beginning of a known one, or all of it (6): what comes next of it stands in `NAMES` here.
    Name(u8),
    /// In a line that sets nothing, to be skipped (6).
    Unknown,
    /// After the colon: a space that comes now is not part of the value (5).
    ValueStart(Field),
    /// In the value.
    Value(Field),
}

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The names that the format knows, each with its colon.
const NAMES: &[u8; 20] = b"data:event:id:retry:";

/// Where in `NAMES` the second byte stands of the only name that starts with this one.
const fn name_starting_with(byte: u8) -> Option<u8> {
    match byte {
        b'd' => Some(1),
        b'e' => Some(6),
        b'i' => Some(12),
        b'r' => Some(15),
        _ => None,
    }
}

/// The field in whose name or colon this place of `NAMES` is.
const fn field_at(place: u8) -> Field {
    match place {
        0..5 => Field::Data,
        5..11 => Field::Event,
        11..14 => Field::Id,
        _ => Field::Retry,
    }
}

/// Whether a name is complete at this place of `NAMES`.
fn is_colon(place: u8) -> bool {
    NAMES.get(usize::from(place)) == Some(&b':')
}

impl Tokenizer {
    /// Makes a tokenizer that stands at the start of a stream.
    pub const fn new() -> Self {
        Self { state: State::Bom(0) }
    }

    /// Returns the next token and takes what it consumed off the front of `input`, or returns `None` when `input` is used up.
    ///
    /// A token is handed out at the byte that completes it, and nothing beyond that byte is consumed: a line end that is a
    /// CR is not waited upon, and an LF that belongs to it is consumed by the call after. An empty `input` changes nothing.
    #[inline]
    pub fn next<'c>(&mut self, input: &mut &'c [u8]) -> Option<Token<'c>> {
        self.read::<{ !scan::SMALL }>(input)
    }

    /// Returns the tokens of a whole chunk, one after the other.
    ///
    /// An iterator dropped early has consumed what it handed out and no more: [`Tokens::rest`] is what it did not read.
    pub const fn tokens<'t, 'c>(&'t mut self, input: &'c [u8]) -> Tokens<'t, 'c> {
        Tokens { tokenizer: self, input }
    }

    /// Returns whether a line has begun whose end has not arrived: at the end of a stream, whether it was cut within one.
    pub const fn is_mid_line(&self) -> bool {
        !matches!(self.state, State::Bom(0) | State::LineStart | State::AfterCr)
    }

    /// Returns the field whose value the stream stands in, which may be before its first byte.
    pub(crate) const fn field(&self) -> Option<Field> {
        match self.state {
            State::ValueStart(field) | State::Value(field) => Some(field),
            _ => None,
        }
    }

    /// Takes the LF of a CR off the front of `input`, and says whether the next byte starts a line.
    #[inline(always)]
    pub(super) fn starts_line(&mut self, input: &mut &[u8]) -> bool {
        if self.state == State::AfterCr {
            if let Some((&first, rest)) = input.split_first() {
                self.state = State::LineStart;
                if first == LF {
                    *input = rest;
                }
            }
        }
        self.state == State::LineStart
    }

    /// Both engines in one: without `FAST` every name is read byte by byte.
    #[inline(always)]
    fn read<'c, const FAST: bool>(&mut self, input: &mut &'c [u8]) -> Option<Token<'c>> {
        loop {
            let (&byte, rest) = input.split_first()?;
            let is_line_end = byte == LF || byte == CR;
            match self.state {
                State::LineStart if is_line_end => {
                    *input = rest;
                    self.end_line(byte);
                    return Some(Token::Blank);
                }
                State::LineStart if FAST => {
                    if let Some((field, name)) = whole_name(input) {
                        return self.value(field, name, input);
                    }
                }
                State::Name(place) if is_line_end && is_colon(place) => {
                    *input = rest;
                    self.end_line(byte);
                    return Some(Token::Value { field: field_at(place), bytes: &[], end: true });
                }
                State::Value(field) => return self.value(field, 0, input),
                State::Unknown if !is_line_end => {
                    *input = scan::line_end(input).and_then(|at| input.get(at..)).unwrap_or_default();
                    continue;
                }
                _ => {}
            }
            if self.step(byte) {
                *input = rest;
            }
        }
    }

    /// Takes a byte that makes no token, and returns whether it did: a byte that makes one is left as it is, and one that only
    /// changes the state comes again.
    #[inline(always)]
    pub(super) fn step(&mut self, byte: u8) -> bool {
        let is_line_end = byte == LF || byte == CR;
        match self.state {
            State::LineStart if !is_line_end => {
                self.state = match name_starting_with(byte) {
                    Some(place) => State::Name(place),
                    None if byte == b':' => State::ValueStart(Field::Comment),
                    None => State::Unknown,
                };
            }
            State::AfterCr => {
                self.state = State::LineStart;
                return byte == LF;
            }
            State::Name(place) if is_line_end => {
                if is_colon(place) {
                    return false;
                }
                self.end_line(byte);
            }
            State::Name(place) => {
                self.state = match NAMES.get(usize::from(place)) {
                    Some(expected) if *expected != byte => State::Unknown,
                    _ if byte == b':' => State::ValueStart(field_at(place)),
                    _ => State::Name(place + 1),
                };
            }
            State::Unknown if is_line_end => self.end_line(byte),
            State::Unknown => {}
            State::ValueStart(field) => {
                self.state = State::Value(field);
                return byte == b' ';
            }
            State::Bom(seen) => {
                if BOM.get(usize::from(seen)) != Some(&byte) {
                    // Bytes that only looked like a mark are the start of a name that nobody knows (2).
                    self.state = if seen == 0 { State::LineStart } else { State::Unknown };
                    return false;
                }
                self.state = if seen == 2 { State::LineStart } else { State::Bom(seen + 1) };
            }
            State::LineStart | State::Value(_) => return false,
        }
        true
    }

    /// Returns the field in whose value the stream stands, behind the space that may come first.
    #[inline(always)]
    pub(super) const fn in_value(&self) -> Option<Field> {
        if let State::Value(field) = self.state { Some(field) } else { None }
    }

    /// Takes as much of the value as `input` holds, behind a name that is so many bytes there, and a space.
    #[inline(always)]
    pub(super) fn value<'c>(&mut self, field: Field, name: usize, input: &mut &'c [u8]) -> Option<Token<'c>> {
        let from_name = input.get(name..)?;
        // The search starts before the space, so as not to wait for the byte that says whether it is one.
        let (line, end) = match scan::line_end(from_name) {
            Some(at) => {
                let (line, end, after) = split_around(from_name, at)?;
                *input = after;
                self.end_line(end);
                (line, true)
            }
            None => {
                self.state = State::Value(field);
                *input = &[];
                (from_name, false)
            }
        };
        let bytes = match line {
            [b' ', value @ ..] if name > 0 => value,
            value => value,
        };
        (end || !bytes.is_empty()).then_some(Token::Value { field, bytes, end })
    }

    #[inline(always)]
    pub(super) fn is_at_line_start(&self) -> bool {
        self.state == State::LineStart
    }

    /// Goes into a value, behind the space that may come first.
    #[inline(always)]
    pub(super) fn enter_value(&mut self, field: Field) {
        self.state = State::Value(field);
    }

    #[inline(always)]
    pub(super) fn end_line(&mut self, end: u8) {
        self.state = if end == CR { State::AfterCr } else { State::LineStart };
    }
}

impl Default for Tokenizer {
    fn default() -> Self {
        Self::new()
    }
}

/// The fast way through a name: the field and the length of its name with the colon, if the chunk holds a known name with
/// its colon and at least one byte more, so that it is known whether a space follows.
#[inline(always)]
fn whole_name(input: &[u8]) -> Option<(Field, usize)> {
    let start = scan::word(input);
    let (field, len) = if DATA.starts(start) {
        (Field::Data, DATA.len)
    } else if let [b':', ..] = input {
        (Field::Comment, 1)
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

/// Returns what is before the byte at `at`, that byte, and what is after it. Always `Some` where `at` is in the bytes.
#[inline(always)]
fn split_around(bytes: &[u8], at: usize) -> Option<(&[u8], u8, &[u8])> {
    let (before, from) = bytes.split_at_checked(at)?;
    let (&byte, after) = from.split_first()?;
    Some((before, byte, after))
}

/// Iterates over the tokens of one chunk: see [`Tokenizer::tokens`].
#[derive(Debug)]
pub struct Tokens<'t, 'c> {
    tokenizer: &'t mut Tokenizer,
    input: &'c [u8],
}

impl<'c> Tokens<'_, 'c> {
    /// Returns the part of the chunk that has not been read yet.
    pub const fn rest(&self) -> &'c [u8] {
        self.input
    }
}

impl<'c> Iterator for Tokens<'_, 'c> {
    type Item = Token<'c>;

    #[inline]
    fn next(&mut self) -> Option<Token<'c>> {
        self.tokenizer.next(&mut self.input)
    }
}

impl core::iter::FusedIterator for Tokens<'_, '_> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every short row of what matters, through both engines: the same tokens, and the same state after each.
    #[test]
    fn both_engines_are_one_machine() {
        const PIECES: [&[u8]; 12] =
            [b"data", b"event", b"id", b"retry", b"d", b":", b" ", b"\n", b"\r", b"x", b"\0", b"\xEF\xBB\xBF"];
        let mut row = [0; 20];
        for number in 0..PIECES.len().pow(4) {
            let mut len = 0;
            for place in 0..4 {
                let piece = PIECES[number / PIECES.len().pow(place) % PIECES.len()];
                row[len..len + piece.len()].copy_from_slice(piece);
                len += piece.len();
            }
            let (mut fast, mut slow) = (Tokenizer::new(), Tokenizer::new());
            let (mut for_fast, mut for_slow) = (&row[..len], &row[..len]);
            loop {
                let token = fast.read::<true>(&mut for_fast);
                assert_eq!(token, slow.read::<false>(&mut for_slow), "{:?}", row[..len].escape_ascii());
                assert_eq!((&fast, for_fast), (&slow, for_slow));
                if token.is_none() {
                    break;
                }
            }
        }
    }
}
