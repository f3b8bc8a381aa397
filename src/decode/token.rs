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

use super::name::{Field, NAMES, field_at, is_colon, name_starting_with, whole_name};
use crate::scan::{self, CR, LF};

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
        // A byte of a value that comes alone needs no search.
        if let ([byte], State::Value(field), false) = (*input, self.state, scan::SMALL) {
            if *byte != LF && *byte != CR {
                return Some(Token::Value { field, bytes: core::mem::take(input), end: false });
            }
        }
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
            if FAST {
                self.starts_line(input);
            }
            let (&byte, rest) = input.split_first()?;
            let is_line_end = byte == LF || byte == CR;
            match self.state {
                State::LineStart if is_line_end => {
                    *input = rest;
                    self.end_line(byte);
                    return Some(Token::Blank);
                }
                // Where its text starts is known without a question, so the search need not wait for one.
                State::LineStart if FAST && byte == b':' && !rest.is_empty() => {
                    return self.value(Field::Comment, 1, input);
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
                    *input = input.get(scan::line_end(input)..).unwrap_or_default();
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
        let at = scan::line_end(from_name);
        let (line, end) = if at < from_name.len() {
            let (line, from_end) = from_name.split_at_checked(at)?;
            let (&end, after) = from_end.split_first()?;
            *input = after;
            self.end_line(end);
            (line, true)
        } else {
            self.state = State::Value(field);
            *input = &[];
            (from_name, false)
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
