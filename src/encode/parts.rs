//! The parts of a message: their order, the names of their lines, and how a value becomes lines.
//!
//! Everything that writes a message takes its parts one by one from [`Part::ALL`] and [`Message::value`]. No other file
//! knows a name or the order.

use super::message::Message;
use crate::scan;

/// One part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Event,
    Id,
    Retry,
    Comment,
    Data,
}

/// What a part says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// Bytes without a CR or an LF: one line.
    Line(&'a [u8]),
    /// A number: one line with its decimal digits.
    Number(u32),
    /// Any bytes: a line for each of the text's [`Lines`].
    Text(&'a [u8]),
}

impl Part {
    /// All parts in the order in which they are written. The data comes last: a receiver that streams it needs the others
    /// first ([section 10 of the rules](crate::rules#10-servers)).
    pub(super) const ALL: [Self; 5] = [Self::Event, Self::Id, Self::Retry, Self::Comment, Self::Data];

    /// Returns the name with which each line of the part starts, and before it the LF that ends the line before.
    pub(super) const fn name_after_line(self) -> &'static [u8] {
        match self {
            Self::Event => b"\nevent: ",
            Self::Id => b"\nid: ",
            Self::Retry => b"\nretry: ",
            Self::Comment => b"\n: ",
            Self::Data => b"\ndata: ",
        }
    }

    /// Returns the name with which each line of the part starts: with the colon, and with the space, so that a value's own
    /// leading space survives.
    pub(super) const fn name(self) -> &'static [u8] {
        match self.name_after_line() {
            [_, name @ ..] => name,
            [] => &[],
        }
    }
}

impl<'a> Message<'a> {
    /// Returns what the part says, if the message has it.
    #[inline(always)]
    pub(super) const fn value(&self, part: Part) -> Option<Value<'a>> {
        match (part, self) {
            (Part::Event, Self { event: Some(event_type), .. }) => Some(Value::Line(event_type.as_bytes())),
            (Part::Id, Self { id: Some(id), .. }) => Some(Value::Line(id.as_bytes())),
            (Part::Retry, Self { retry: Some(milliseconds), .. }) => Some(Value::Number(*milliseconds)),
            (Part::Comment, Self { comment: Some(text), .. }) => Some(Value::Text(text)),
            (Part::Data, Self { data: Some(data), .. }) => Some(Value::Text(data)),
            _ => None,
        }
    }

    /// Returns whether a blank line ends the message.
    ///
    /// Only an event type, an ID and data wait for a blank line at the receiver: a reconnection time takes effect at the end
    /// of its line, and a comment has no effect.
    pub(super) const fn ends_with_blank_line(&self) -> bool {
        self.event.is_some() || self.id.is_some() || self.data.is_some()
    }
}

/// Iterates over the lines of a text: one more than the text has line breaks.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a>(Option<&'a [u8]>);

impl<'a> Lines<'a> {
    pub(super) const NONE: Self = Self(None);

    pub(super) const fn of(text: &'a [u8]) -> Self {
        Self(Some(text))
    }

    /// Returns the first line of a text, and the lines behind it.
    #[inline]
    pub(super) fn split(text: &'a [u8]) -> (&'a [u8], Self) {
        match scan::split_line(text) {
            Some((line, after)) => (line, Self::of(after)),
            None => (text, Self::NONE),
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (line, rest) = Self::split(self.0.take()?);
        *self = rest;
        Some(line)
    }
}

/// Iterates over the decimal digits of a number. Each is a slice of a constant, so that nothing has to be stored.
#[derive(Clone, Debug)]
pub(super) struct Digits {
    rest: u32,
    /// The number of digits that are left.
    count: u32,
}

impl Digits {
    pub(super) const NONE: Self = Self { rest: 0, count: 0 };
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

    /// Returns the highest digit that is left: how often its power of ten can be subtracted. A small processor without a
    /// division instruction would need a routine for `/` that is larger than all of this.
    fn next(&mut self) -> Option<&'static [u8]> {
        self.count = self.count.checked_sub(1)?;
        let power = 10_u32.wrapping_pow(self.count);
        let mut digit = 0;
        while let Some(rest) = self.rest.checked_sub(power) {
            self.rest = rest;
            digit += 1;
        }
        b"0123456789".get(digit..=digit)
    }
}
