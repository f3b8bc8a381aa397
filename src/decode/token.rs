//! The tokenizer: the state between two bytes of a stream, and what each byte does to it (1 to 6 of the rules).
//!
//! | state | byte | next state |
//! |---|---|---|
//! | `Mark` | the last one of a byte order mark | `LineStart` |
//! | | another byte: before the mark's first, or within it | `LineStart`, or `Value` of an unknown line |
//! | `LineStart` | a line end | a blank line |
//! | | a colon | `ValueStart`, of a comment |
//! | | `d`, `e`, `i`, `r` | `Name` |
//! | | anything else | `Value` of an unknown line |
//! | `Name` | the byte that comes next in the name | `Name` |
//! | | a colon, behind a whole name | `ValueStart` |
//! | | a line end, behind a whole name | an empty value |
//! | | anything else | `Value` of an unknown line |
//! | `ValueStart` | any byte; a space is dropped | `Value` |
//! | any in a line | CR, LF | `AfterCr`, `LineStart` |
//! | `AfterCr` | LF, which is dropped | `LineStart` |
//!
//! Two engines read lines. The slow one ([`step`](Tokenizer::step)) goes byte by byte up to the value, and is the home of
//! these rules. The fast one compares a whole name with its colon in one step ([`line`](super::line)), and leaves to the
//! slow one whatever it does not know. Both share the search for the line's end. A test runs both over the same streams.

use super::field::{Field, MARK, NAMES, field_at, is_complete, name_starting_with, read_up_to};
use super::line::{blank_line, known_name, without_space};
use crate::scan::{self, CR, LF};

/// One step of an event stream: a piece of a field's value, or the blank line that ends a block.
///
/// No line is left out: comments are [`Field::Comment`], and lines with a name that the format does not know are
/// [`Field::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token<'c> {
    /// A piece of the value of a field. A line makes one such token with `end` set, after any number without it.
    Value {
        /// The field that the line sets.
        field: Field,
        /// The next bytes of its value, without the one space that may follow the colon. They can be empty only where `end`
        /// is set, and can stop in the middle of a UTF-8 sequence only where it is not.
        ///
        /// They lie in the chunk, with one exception. An unknown line can begin like a known name or like a byte order mark,
        /// as `dat` begins. What has been read of it until that is clear comes as a constant piece, because it may lie in an
        /// earlier chunk.
        bytes: &'c [u8],
        /// Whether the line ends here. A line whose end never arrives has no effect.
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
    pub(super) state: State,
}

/// Where in a line the next byte stands.
///
/// The tag is a byte of its own, which is quick to read, and the start is all zeros, so that a static parser takes no flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub(super) enum State {
    /// At the start of the stream, after this many bytes of a byte order mark (2).
    Mark(u8),
    /// At the start of a line.
    LineStart,
    /// At the start of a line, after a CR: an LF that comes now belongs to it (3).
    AfterCr,
    /// In a name whose bytes so far are those of a known one (6). The next one expected stands in `NAMES` here.
    Name(u8),
    /// After the colon: a space that comes now is not part of the value (5).
    ValueStart(Field),
    /// In the value.
    Value(Field),
}

impl Tokenizer {
    /// Makes a tokenizer that stands at the start of a stream.
    pub const fn new() -> Self {
        Self { state: State::Mark(0) }
    }

    /// Returns the next token and takes what it consumed off the front of `input`, or returns `None` when `input` is used
    /// up.
    ///
    /// A token is handed out at the byte that completes it, and nothing beyond that byte is consumed: a CR ends its line at
    /// once, and the call after consumes an LF that belongs to it. An empty `input` changes nothing.
    #[inline]
    pub fn next<'c>(&mut self, input: &mut &'c [u8]) -> Option<Token<'c>> {
        let (token, rest) = self.read::<{ !scan::FOR_SIZE }>(input);
        *input = rest;
        token
    }

    /// Returns the tokens of a whole chunk, one after the other.
    ///
    /// An iterator dropped early has consumed what it handed out and no more: [`Tokens::rest`] is what it did not read.
    pub const fn tokens<'t, 'c>(&'t mut self, input: &'c [u8]) -> Tokens<'t, 'c> {
        Tokens { tokenizer: self, input }
    }

    /// Returns whether a line has begun whose end has not arrived: at the end of a stream, whether it was cut within one.
    pub const fn is_mid_line(&self) -> bool {
        !matches!(self.state, State::Mark(0) | State::LineStart | State::AfterCr)
    }

    /// Returns the field of the line in progress, once its colon has come.
    pub(super) const fn field_in_progress(&self) -> Option<Field> {
        match self.state {
            State::ValueStart(field) | State::Value(field) => Some(field),
            _ => None,
        }
    }

    /// Returns the field of the line in progress, once it is known whether a space comes first.
    #[inline(always)]
    pub(super) const fn field_of_value(&self) -> Option<Field> {
        if let State::Value(field) = self.state { Some(field) } else { None }
    }

    /// Reads up to the next token, and returns it and what follows. `FAST` adds the fast engine, which changes no result.
    #[inline(always)]
    pub(super) fn read<'c, const FAST: bool>(&mut self, input: &'c [u8]) -> (Option<Token<'c>>, &'c [u8]) {
        if FAST {
            if input.is_empty() {
                return (None, input);
            }
            if let Some(line) = self.line_start(input) {
                if let Some((end, after)) = blank_line(line) {
                    self.end_line(end);
                    return (Some(Token::Blank), after);
                }
                if let Some((field, after_colon)) = known_name(line) {
                    return self.value_from::<true>(field, after_colon);
                }
            } else if let State::Value(field) = self.state {
                return self.value(field, input);
            }
        }
        self.read_slowly(input)
    }

    /// The slow engine: goes byte by byte to the next value or the end of the line.
    #[inline(always)]
    fn read_slowly<'c>(&mut self, input: &'c [u8]) -> (Option<Token<'c>>, &'c [u8]) {
        let mut input = input;
        while let Some((&byte, rest)) = input.split_first() {
            match self.state {
                State::Value(field) => return self.value(field, input),
                _ => match self.step(byte) {
                    Effect::Takes => input = rest,
                    Effect::Leaves => {}
                    Effect::Completes(token) => return (Some(token), rest),
                    Effect::Precedes(token) => return (Some(token), input),
                },
            }
        }
        (None, input)
    }

    /// The definition: what one byte does, outside of values.
    #[inline(always)]
    fn step(&mut self, byte: u8) -> Effect {
        let is_line_end = scan::is_line_end(byte);
        match self.state {
            State::Mark(seen) => {
                if NAMES.get(usize::from(MARK + seen)) != Some(&byte) {
                    if seen == 0 {
                        self.state = State::LineStart;
                        return Effect::Leaves;
                    }
                    // Bytes that only looked like a mark are the start of an unknown name (2).
                    return self.unknown(MARK + seen);
                }
                self.state = if seen == 2 { State::LineStart } else { State::Mark(seen + 1) };
            }
            State::AfterCr => {
                self.state = State::LineStart;
                return if byte == LF { Effect::Takes } else { Effect::Leaves };
            }
            State::LineStart if is_line_end => {
                self.end_line(byte);
                return Effect::Completes(Token::Blank);
            }
            State::LineStart => {
                self.state = match name_starting_with(byte) {
                    Some(place) => State::Name(place),
                    None if byte == b':' => State::ValueStart(Field::Comment),
                    None => {
                        self.state = State::Value(Field::Unknown);
                        return Effect::Leaves;
                    }
                };
            }
            State::Name(place) if is_line_end && is_complete(place) => {
                self.end_line(byte);
                return Effect::Completes(Token::Value { field: field_at(place), bytes: &[], end: true });
            }
            State::Name(place) => {
                self.state = match NAMES.get(usize::from(place)) {
                    Some(&expected) if expected != byte => return self.unknown(place),
                    _ if byte == b':' => State::ValueStart(field_at(place)),
                    _ => State::Name(place + 1),
                };
            }
            State::ValueStart(field) => {
                self.state = State::Value(field);
                return if byte == b' ' { Effect::Takes } else { Effect::Leaves };
            }
            // The loop handles this one in one step, so it never gets here.
            State::Value(_) => return Effect::Leaves,
        }
        Effect::Takes
    }

    /// Goes on in an unknown line, which begins like a known name or a byte order mark up to this place. This is rare, and
    /// within the loop it would cost the other lines 3 % of their instructions.
    #[cfg_attr(any(target_os = "none", sse_wire_small), inline(always))]
    #[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline(never))]
    fn unknown(&mut self, place: u8) -> Effect {
        self.state = State::Value(Field::Unknown);
        Effect::Precedes(Token::Value { field: Field::Unknown, bytes: read_up_to(place), end: false })
    }

    /// Takes what `input` holds of the value in which the stream stands, and returns what follows.
    #[inline(always)]
    pub(super) fn value<'c>(&mut self, field: Field, input: &'c [u8]) -> (Option<Token<'c>>, &'c [u8]) {
        self.value_from::<false>(field, input)
    }

    /// Takes what `input` holds of a value. `START` says that the value starts here, so a space may come first.
    #[inline(always)]
    fn value_from<'c, const START: bool>(&mut self, field: Field, input: &'c [u8]) -> (Option<Token<'c>>, &'c [u8]) {
        // The search starts before the space, so that it need not wait for the byte that says whether it is one.
        if let Some((value, end, after)) = scan::split_at_line_end(input) {
            self.end_line(end);
            let bytes = if START { without_space(value) } else { value };
            return (Some(Token::Value { field, bytes, end: true }), after);
        }
        self.cut_value::<START>(field, input)
    }

    /// Does what [`value_from`](Self::value_from) does where the line's end is known to be missing.
    #[inline(always)]
    fn cut_value<'c, const START: bool>(&mut self, field: Field, input: &'c [u8]) -> (Option<Token<'c>>, &'c [u8]) {
        let bytes = if START { without_space(input) } else { input };
        // Before the first byte of a value it is not known whether a space comes.
        self.state = if START && input.is_empty() { State::ValueStart(field) } else { State::Value(field) };
        ((!bytes.is_empty()).then_some(Token::Value { field, bytes, end: false }), &[])
    }

    /// Takes the front of a line that starts here, where `input` is known to hold no line end: that saves a second search.
    /// Takes nothing unless the first eight bytes are there and show a known name.
    #[inline(always)]
    pub(super) fn cut_line<'c>(&mut self, input: &'c [u8]) -> (Option<Token<'c>>, &'c [u8]) {
        match known_name(input) {
            Some((field, after_colon)) => self.cut_value::<true>(field, after_colon),
            None => (None, input),
        }
    }

    /// Returns the part of `input` with which a line starts: all of it, or what follows the LF that belongs to a CR. Returns
    /// `None` if that is not known yet, or the stream stands elsewhere.
    #[inline(always)]
    pub(super) fn line_start<'c>(&self, input: &'c [u8]) -> Option<&'c [u8]> {
        match (self.state, input) {
            (State::LineStart, line) => Some(line),
            (State::AfterCr, [LF, line @ ..]) => Some(line),
            (State::AfterCr, line @ [_, ..]) => Some(line),
            _ => None,
        }
    }

    /// Returns what [`line_start`](Self::line_start) does, and at the start of a stream what follows the byte order mark, if
    /// three bytes are there to show whether there is one (home: [`step`](Self::step)).
    #[inline(always)]
    pub(super) fn first_line_start<'c>(&self, input: &'c [u8]) -> Option<&'c [u8]> {
        match (self.state, input) {
            (State::Mark(0), [first, second, third, line @ ..]) if [*first, *second, *third] == [0xEF, 0xBB, 0xBF] => {
                Some(line)
            }
            (State::Mark(0), line @ [_, _, _, ..]) => Some(line),
            _ => self.line_start(input),
        }
    }

    /// Moves on to `rest`, the end of `input` from the start of a line on. The byte before it ends a line, or a byte order
    /// mark. Changes nothing if `rest` is all of `input`.
    #[inline(always)]
    pub(super) fn skip_to(&mut self, rest: &[u8], input: &[u8]) {
        if let Some(&end) = input.len().checked_sub(rest.len() + 1).and_then(|at| input.get(at)) {
            self.end_line(end);
        }
    }

    /// Ends a line by this byte.
    #[inline(always)]
    pub(super) fn end_line(&mut self, end: u8) {
        self.state = if end == CR { State::AfterCr } else { State::LineStart };
    }
}

/// What one byte does.
enum Effect {
    /// It changes the state.
    Takes,
    /// It changes the state and comes again.
    Leaves,
    /// It completes a token.
    Completes(Token<'static>),
    /// It shows that a token ends before it, and comes again.
    Precedes(Token<'static>),
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

    /// Reads every short row of what matters with both engines: they give equal tokens, and are in equal states after each.
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
                let token;
                (token, for_fast) = fast.read::<true>(for_fast);
                assert_eq!((token, for_fast), slow.read::<false>(for_slow), "{:?}", row[..len].escape_ascii());
                assert_eq!(fast, slow);
                if token.is_none() {
                    break;
                }
                for_slow = for_fast;
            }
        }
    }
}
