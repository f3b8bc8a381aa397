//! Where in a stream a parser stands: questions that change nothing, for whoever forwards the bytes that it reads.

use super::field::Field;
use super::parser::Parser;
use super::token::{State, Tokenizer};
use crate::storage::Storage;

/// What is cut off if the stream ends here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing: the last line has ended.
    Nothing,
    /// A name, or a byte order mark.
    Name,
    /// The value of a `retry` line.
    Retry,
    /// Another value.
    Value,
}

impl Tokenizer {
    /// Returns whether a line of your own may be put into the stream here, if somebody else writes it: a comment such as
    /// [`KEEP_ALIVE`](crate::KEEP_ALIVE), or a message if no block is in progress either.
    ///
    /// That is so at the start of a line, with two exceptions:
    ///
    /// * **After a CR** an LF that belongs to it may follow. Behind your line it would be a blank line, and end the block.
    /// * **Before the first byte of a stream** a byte order mark may follow. Behind your line it would be the start of an
    ///   unknown name. If you strip the mark, you may insert there.
    pub const fn can_insert(&self) -> bool {
        matches!(self.state, State::LineStart)
    }

    /// Returns what would have to be added to end the line in progress without effect, if there is a line in progress.
    pub(super) const fn cut(&self) -> Cut {
        match self.state {
            State::Mark(0) | State::LineStart | State::AfterCr => Cut::Nothing,
            State::Mark(_) | State::Name(_) => Cut::Name,
            State::ValueStart(Field::Retry) | State::Value(Field::Retry) => Cut::Retry,
            State::ValueStart(_) | State::Value(_) => Cut::Value,
        }
    }
}

impl<B: Storage + ?Sized> Parser<B> {
    /// Returns whether a line has begun whose end has not arrived.
    ///
    /// This, [`is_mid_event`](Self::is_mid_event), [`can_insert`](Self::can_insert) and
    /// [`unknown_lines`](Self::unknown_lines) tell where in the stream the parser stands, and change nothing. The answers
    /// are equal for every chunking.
    pub fn is_mid_line(&self) -> bool {
        self.reader.tokenizer.is_mid_line()
    }

    /// Returns whether complete lines have set data, an ID or an event type, and no blank line has followed.
    pub fn is_mid_event(&self) -> bool {
        self.reader.block.is_mid_event()
    }

    /// Returns whether a line of your own may be put into the stream here, if you forward the bytes that somebody else
    /// writes: a comment such as [`KEEP_ALIVE`](crate::KEEP_ALIVE), or, if the parser is not [in
    /// mid-event](Self::is_mid_event) either, a message.
    ///
    /// That is so at the start of a line, with two exceptions:
    ///
    /// * **After a CR** an LF that belongs to it may follow. Behind your line it would be a blank line, and end the event.
    /// * **Before the first byte of a stream** a byte order mark may follow. Behind your line it would be the start of an
    ///   unknown name. If you strip the mark, you may insert there.
    ///
    /// # Examples
    ///
    /// A proxy that keeps an idle connection open. It must have forwarded all that the parser has read, and no more:
    ///
    /// ```
    /// use sse_wire::{KEEP_ALIVE, Parser};
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut forwarded: Vec<u8> = Vec::new();
    /// for chunk in [&b"data: a\nda"[..], b"ta: b\n", b"\r", b"\n"] {
    ///     let mut rest = chunk;
    ///     while parser.next(&mut rest).is_some() {}
    ///     forwarded.extend(chunk);
    ///     // Nothing came for a while.
    ///     if parser.can_insert() {
    ///         forwarded.extend(KEEP_ALIVE);
    ///     }
    /// }
    /// assert_eq!(forwarded, b"data: a\ndata: b\n:\n\r\n:\n");
    /// ```
    pub fn can_insert(&self) -> bool {
        self.reader.tokenizer.can_insert()
    }

    /// Returns how many lines with names that the format does not know have begun since the stream began. Stops at
    /// `u32::MAX`.
    ///
    /// A server that answers with a JSON error or an HTML page makes such lines, and no events. So an answer without events
    /// and with unknown lines was probably no event stream. A line counts once it is certain that its name is unknown, with
    /// its end or without: text that begins with `data` is not certain before the fifth byte.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::Parser;
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut chunk = &br#"{"error": "the model is overloaded"}"#[..];
    /// assert_eq!(parser.next(&mut chunk), None);
    /// assert_eq!(parser.unknown_lines(), 1);
    /// ```
    pub fn unknown_lines(&self) -> u32 {
        self.reader.unknown_lines()
    }

    pub(crate) fn cut(&self) -> Cut {
        self.reader.tokenizer.cut()
    }

    /// Returns whether anything of the block in progress would have to be undone if the stream ended here: a line that sets
    /// something has begun.
    pub(crate) fn has_open_block(&self) -> bool {
        let is_setting = |field| matches!(field, Field::Data | Field::Event | Field::Id);
        self.reader.block.has_begun() || self.reader.tokenizer.field_in_progress().is_some_and(is_setting)
    }

    /// Returns whether an `id` line of the block in progress has begun.
    pub(crate) fn has_id_line(&self) -> bool {
        self.reader.block.has_id_line() || self.reader.tokenizer.field_in_progress() == Some(Field::Id)
    }

    /// Returns whether the last event ID is not the one that the stream has set last, because that was lost.
    pub(crate) fn is_id_stale(&self) -> bool {
        self.reader.block.is_id_stale()
    }
}
