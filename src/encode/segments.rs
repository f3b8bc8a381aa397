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
/// No slice is empty, and one after the other they are the encoded message, so `out.write_all(slice)` for each of them
/// writes it. Each line is two slices, its name and its value, or one if the value is empty; a number (a `retry`, or an ID
/// from [`id_number`](Message::id_number)) has one for each digit. One more ends the last line, together with the blank line
/// if there is one.
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    message: Message<'a>,
    /// The number of parts that have been started.
    started: u8,
    /// The part whose lines are being written.
    part: Part,
    /// The value of the line whose name has just been handed out.
    value: &'a [u8],
    /// What is left of the part behind that.
    rest: Rest<'a>,
    /// No slice has been handed out, so there is no line to end.
    is_first: bool,
    end: End,
}

#[derive(Clone, Debug)]
enum Rest<'a> {
    /// The digits that are left of a number.
    Digits(Digits),
    /// The lines that are left of a text.
    Lines(Lines<'a>),
}

/// What comes behind the last value.
#[derive(Clone, Copy, Debug)]
enum End {
    /// Nothing: the last line goes on.
    Open,
    /// The end of the last line.
    Line,
    /// That and a blank line.
    Block,
}

impl<'a> Segments<'a> {
    const fn new(message: Message<'a>) -> Self {
        Self {
            message,
            started: 0,
            part: Part::Event,
            value: &[],
            rest: Rest::Lines(Lines::NONE),
            is_first: true,
            end: if message.ends_with_blank_line() { End::Block } else { End::Line },
        }
    }

    /// Returns a message whose last line of data goes on.
    pub(super) const fn open(message: Message<'a>) -> Self {
        let data = match message.data {
            None => &[],
            Some(data) => data,
        };
        Self { end: End::Open, ..Self::new(message.data_bytes(data)) }
    }

    /// Returns more lines, which follow a line that has not been ended.
    pub(super) const fn behind_open_line(message: Message<'a>) -> Self {
        Self { is_first: false, ..Self::new(message) }
    }

    /// Ends the line before, if there is one, and starts a line of the current part.
    fn start_line(&mut self, value: &'a [u8]) -> Option<&'a [u8]> {
        self.value = value;
        let name = self.part.name_after_line();
        if core::mem::take(&mut self.is_first) { name.get(1..) } else { Some(name) }
    }

    /// Ends the last line, if there is one, and the message.
    fn end(&mut self) -> Option<&'a [u8]> {
        let is_empty_or_ended = core::mem::replace(&mut self.is_first, true);
        match self.end {
            _ if is_empty_or_ended => None,
            End::Open => None,
            End::Line => Some(b"\n"),
            End::Block => Some(b"\n\n"),
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a [u8];

    #[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline)]
    fn next(&mut self) -> Option<&'a [u8]> {
        if !self.value.is_empty() {
            return Some(core::mem::take(&mut self.value));
        }
        loop {
            match &mut self.rest {
                Rest::Digits(digits) => {
                    if let Some(digit) = digits.next() {
                        return Some(digit);
                    }
                }
                Rest::Lines(lines) => {
                    if let Some(line) = lines.next() {
                        return self.start_line(line);
                    }
                }
            }
            let value = loop {
                let Some(&part) = Part::ALL.get(usize::from(self.started)) else { return self.end() };
                (self.part, self.started) = (part, self.started + 1);
                if let Some(value) = self.message.value(part) {
                    break value;
                }
            };
            match value {
                Value::Line(line) => return self.start_line(line),
                Value::Number(number) => {
                    self.rest = Rest::Digits(Digits::of(number));
                    return self.start_line(&[]);
                }
                Value::Text(text) => self.rest = Rest::Lines(Lines::of(text)),
            }
        }
    }
}

impl FusedIterator for Segments<'_> {}
