//! A message as a row of borrowed slices.

use super::message::Message;
use super::parts::{Digits, Lines, Part, Value};
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
    /// for segment in Message::new().data("hello").segments() {
    ///     socket.write_all(segment)?;
    /// }
    /// assert_eq!(socket, b"data: hello\n\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn segments(&self) -> Segments<'a> {
        Segments::new(*self)
    }
}

/// Iterates over the bytes of a [`Message`] as slices that are not copied: parts of the message, and constants.
///
/// No slice is empty, and one after the other they are the encoded message, so `out.write_all(slice)` for each of them writes
/// it. Each line is two slices, its name and its value, or one if the value is empty; a `retry` has one for each digit. One
/// more ends the last line, together with the blank line if there is one.
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    message: Message<'a>,
    /// The number of parts that have been started.
    started: u8,
    /// The part whose lines are being written.
    part: Part,
    /// The value of the line whose name has just been handed out.
    value: &'a [u8],
    /// The digits that are left of a number.
    digits: Digits,
    /// The lines that are left of a text.
    lines: Lines<'a>,
    /// No slice has been handed out, so there is no line to end.
    is_first: bool,
    /// A blank line follows the last line.
    has_blank_line: bool,
}

impl<'a> Segments<'a> {
    const fn new(message: Message<'a>) -> Self {
        Self {
            message,
            started: 0,
            part: Part::Event,
            value: &[],
            digits: Digits::NONE,
            lines: Lines::NONE,
            is_first: true,
            has_blank_line: message.ends_with_blank_line(),
        }
    }

    /// Returns the lines before the data, for a [`DataWriter`](super::DataWriter).
    pub(super) fn head(message: Message<'a>) -> Self {
        Self { has_blank_line: false, ..Self::new(Message { data: None, ..message }) }
    }

    /// Ends the line before, if there is one, and starts a line of the current part.
    fn start_line(&mut self, value: &'a [u8]) -> Option<&'a [u8]> {
        self.value = value;
        let is_first = core::mem::take(&mut self.is_first);
        Some(if is_first { self.part.name() } else { self.part.name_after_line() })
    }

    /// Ends the last line, if there is one, and the message.
    fn end(&mut self) -> Option<&'a [u8]> {
        let is_empty_or_ended = core::mem::replace(&mut self.is_first, true);
        match (is_empty_or_ended, self.has_blank_line) {
            (true, _) => None,
            (false, true) => Some(b"\n\n"),
            (false, false) => Some(b"\n"),
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        if !self.value.is_empty() {
            return Some(core::mem::take(&mut self.value));
        }
        if let Some(digit) = self.digits.next() {
            return Some(digit);
        }
        if let Some(line) = self.lines.next() {
            return self.start_line(line);
        }
        loop {
            let Some(&part) = Part::ALL.get(usize::from(self.started)) else { return self.end() };
            (self.part, self.started) = (part, self.started + 1);
            match self.message.value(part) {
                None => {}
                Some(Value::Line(line)) => return self.start_line(line),
                Some(Value::Number(number)) => {
                    self.digits = Digits::of(number);
                    return self.start_line(&[]);
                }
                Some(Value::Text(text)) => {
                    let (line, rest) = Lines::split(text);
                    self.lines = rest;
                    return self.start_line(line);
                }
            }
        }
    }
}

impl FusedIterator for Segments<'_> {}
