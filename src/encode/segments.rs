//! A message as a row of borrowed slices.

use super::line::{Id, Line};
use super::message::Message;
use crate::scan;
use core::iter::FusedIterator;

impl<'a> Message<'a> {
    /// Returns the message's bytes as slices, without copying any.
    ///
    /// # Examples
    ///
    /// The whole glue for a writer that has `write_all`:
    ///
    /// ```
    /// use sse_wire::Message;
    /// use std::io::Write;
    ///
    /// let mut socket = Vec::new();
    /// for segment in Message::new().data(b"hello").segments() {
    ///     socket.write_all(segment)?;
    /// }
    /// assert_eq!(socket, b"data: hello\n\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn segments(&self) -> Segments<'a> {
        Segments::new(*self)
    }

    /// Returns the exact number of bytes that the message is written as. Saturates at `usize::MAX`.
    pub fn encoded_len(&self) -> usize {
        let line = |name: &str, value: &[u8]| value.len().saturating_add(name.len() + 1);
        let event_type = self.event.map_or(0, |event_type| line("event: ", event_type.as_bytes()));
        let id = self.id.map_or(0, |id| line("id: ", id.as_bytes()));
        let retry = self.retry.map_or(0, |milliseconds| "retry: \n".len() + Digits::of(milliseconds).count());
        let comment = Lines(self.comment).map(|text| line(": ", text));
        let data = Lines(self.data).map(|text| line("data: ", text));
        let blank_line = usize::from(self.ends_with_blank_line());
        [event_type, id, retry, blank_line].into_iter().chain(comment).chain(data).fold(0, usize::saturating_add)
    }

    /// Returns a length in bytes that the message cannot exceed, whatever lines there are in its comment and in its data.
    #[inline(always)]
    pub(super) fn longest(&self) -> usize {
        const NAMES: usize = "event: \nid: \nretry: 2147483647\n: \ndata: \n\n".len();
        let parts = [self.event.map(Line::as_bytes), self.id.map(Id::as_bytes), self.comment, self.data];
        let bytes = parts.into_iter().flatten().map(<[u8]>::len).fold(0, usize::saturating_add);
        bytes.saturating_mul("data: \n".len()).saturating_add(NAMES)
    }
}

/// Iterates over the bytes of a [`Message`] in slices that nobody copied: parts of the message, and constants.
///
/// The slices are never empty, and put together they are the encoded message. Each line makes two, and a `retry` makes one
/// for each digit; one more ends the message, if it has a line. So `out.write_all(slice)` for each is the whole integration with any writer.
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    message: Message<'a>,
    /// The value of the line whose name has just been handed out.
    value: &'a [u8],
    lines: Lines<'a>,
    digits: Digits,
    stage: Stage,
    /// Nothing has been handed out yet, so there is no line to end.
    is_first: bool,
    /// A blank line follows the last line.
    has_blank_line: bool,
}

/// What comes next, in the order in which receivers need it: all else before the data (section 10 of the rules).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Event,
    Id,
    Retry,
    Digits,
    Comment,
    CommentLines,
    Data,
    DataLines,
    End,
    Done,
}

impl<'a> Segments<'a> {
    const fn new(message: Message<'a>) -> Self {
        Self {
            message,
            value: &[],
            lines: Lines::NONE,
            digits: Digits::NONE,
            stage: Stage::Event,
            is_first: true,
            has_blank_line: message.ends_with_blank_line(),
        }
    }

    /// Returns the lines before the data, for a [`DataWriter`](super::DataWriter).
    pub(super) fn head(message: Message<'a>) -> Self {
        Self { has_blank_line: false, ..Self::new(Message { data: None, ..message }) }
    }

    /// Ends the line before this one, if there is one, and starts this one.
    fn start(&mut self, line_end_and_name: &'static [u8], value: &'a [u8]) -> Option<&'a [u8]> {
        let skip = usize::from(core::mem::take(&mut self.is_first));
        self.value = value;
        line_end_and_name.get(skip..)
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        if !self.value.is_empty() {
            return Some(core::mem::take(&mut self.value));
        }
        loop {
            match self.stage {
                Stage::Event => {
                    self.stage = Stage::Id;
                    if let Some(event_type) = self.message.event {
                        return self.start(b"\nevent: ", event_type.as_bytes());
                    }
                }
                Stage::Id => {
                    self.stage = Stage::Retry;
                    if let Some(id) = self.message.id {
                        return self.start(b"\nid: ", id.as_bytes());
                    }
                }
                Stage::Retry => {
                    self.stage = Stage::Comment;
                    if let Some(milliseconds) = self.message.retry {
                        self.stage = Stage::Digits;
                        self.digits = Digits::of(milliseconds);
                        return self.start(b"\nretry: ", b"");
                    }
                }
                Stage::Digits => match self.digits.next() {
                    None => self.stage = Stage::Comment,
                    digit => return digit,
                },
                Stage::Comment => {
                    self.stage = Stage::CommentLines;
                    self.lines = Lines(self.message.comment);
                }
                Stage::CommentLines => match self.lines.next() {
                    None => self.stage = Stage::Data,
                    Some(line) => return self.start(b"\n: ", line),
                },
                Stage::Data => {
                    self.stage = Stage::DataLines;
                    self.lines = Lines(self.message.data);
                }
                Stage::DataLines => match self.lines.next() {
                    None => self.stage = Stage::End,
                    Some(line) => return self.start(b"\ndata: ", line),
                },
                Stage::End => {
                    self.stage = Stage::Done;
                    return match (self.is_first, self.has_blank_line) {
                        (true, _) => None,
                        (false, true) => Some(b"\n\n"),
                        (false, false) => Some(b"\n"),
                    };
                }
                Stage::Done => return None,
            }
        }
    }
}

impl FusedIterator for Segments<'_> {}

/// The lines of a text, of which there is one more than there are breaks; none if there is no text.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a>(pub(super) Option<&'a [u8]>);

impl Lines<'_> {
    const NONE: Self = Self(None);
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.0.take()?;
        let Some((line, after)) = scan::split_line(text) else { return Some(text) };
        self.0 = Some(after);
        Some(line)
    }
}

/// The decimal digits of a number, each a slice of a constant.
#[derive(Clone, Debug)]
pub(super) struct Digits {
    rest: u32,
    /// How many are left.
    count: u32,
}

impl Digits {
    const NONE: Self = Self { rest: 0, count: 0 };
    /// The number of digits of `u32::MAX`.
    const MOST: u32 = 10;

    pub(super) const fn of(number: u32) -> Self {
        let mut count = 1;
        while count < Self::MOST && 10_u32.wrapping_pow(count) <= number {
            count += 1;
        }
        Self { rest: number, count }
    }
}

impl Iterator for Digits {
    type Item = &'static [u8];

    /// Subtracts instead of dividing: for that, a small processor needs a routine larger than all of this.
    fn next(&mut self) -> Option<&'static [u8]> {
        self.count = self.count.checked_sub(1)?;
        let weight = 10_u32.wrapping_pow(self.count);
        let mut digit = 0;
        while let Some(rest) = self.rest.checked_sub(weight) {
            self.rest = rest;
            digit += 1;
        }
        b"0123456789".get(digit..=digit)
    }
}
