//! The parts of a message: their order, the names of their lines, and how a value becomes lines.
//!
//! Everything that writes a message takes its parts one by one from [`Part::ALL`] and [`Message::value`]. No other file
//! knows a name or the order.

use super::id::{Id, Number};
use super::message::Message;
use crate::scan::{self, FOR_SIZE};

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
    Number(u64),
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
            (Part::Id, Self { id: Some(Id::Text(id)), .. }) => Some(Value::Line(id.as_bytes())),
            (Part::Id, Self { id: Some(Id::Number(number)), .. }) => Some(Value::Number(number.get())),
            (Part::Retry, _) => match self.retry.milliseconds() {
                Some(milliseconds) => Some(Value::Number(milliseconds as u64)),
                None => None,
            },
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

/// Iterates over the decimal digits of a number. Each is a slice of a constant, so that nothing has to be stored.
#[derive(Clone, Debug)]
pub(crate) struct Digits {
    rest: Number,
    /// The number of digits that are left.
    count: u32,
}

impl Digits {
    /// The number of digits of `u64::MAX`.
    pub(crate) const MOST: usize = 20;

    // Most messages have no number, so its code is in one place and not in the way.
    #[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline(never))]
    pub(crate) const fn of(number: u64) -> Self {
        let mut count = 1;
        while count < Self::MOST as u32 && power_of_ten(count) <= number {
            count += 1;
        }
        Self { rest: Number::new(number), count }
    }

    /// Returns how many digits are left.
    pub(super) const fn len(&self) -> usize {
        self.count as usize
    }

    /// Takes off the highest digit that is left: how often its power of ten can be subtracted. A small processor would need
    /// a routine for a division of 64 bits that is larger than all of this, so there it is subtracted.
    pub(crate) const fn pop(&mut self) -> Option<u8> {
        let Some(count) = self.count.checked_sub(1) else { return None };
        let (power, mut rest, mut digit) = (power_of_ten(count), self.rest.get(), 0);
        if FOR_SIZE {
            while rest >= power {
                rest = rest.wrapping_sub(power);
                digit += 1;
            }
        } else if let Some(times) = rest.checked_div(power) {
            digit = times as u8;
            rest = rest.wrapping_sub(times.wrapping_mul(power));
        }
        (self.rest, self.count) = (Number::new(rest), count);
        Some(digit)
    }
}

/// Returns the power of ten with this exponent, which must be less than [`Digits::MOST`].
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
const fn power_of_ten(exponent: u32) -> u64 {
    if !FOR_SIZE {
        return 10_u64.wrapping_pow(exponent);
    }
    let (mut power, mut left) = (1, exponent);
    while left > 0 {
        power = tenfold(power);
        left -= 1;
    }
    power
}

/// Returns ten times the number, wrapping.
///
/// For a multiplication of 64 bits a small processor would need a routine, too. So there each half is multiplied on its own:
/// the higher one gets what the lower one loses when it is shifted by 3 bits and by 1, and when both are added up.
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
pub(crate) const fn tenfold(number: u64) -> u64 {
    if !FOR_SIZE {
        return number.wrapping_mul(10);
    }
    let (high, low) = ((number >> 32) as u32, number as u32);
    let (tenfold, carry) = (low << 3).overflowing_add(low << 1);
    let high = high.wrapping_mul(10).wrapping_add(low >> 29).wrapping_add(low >> 31).wrapping_add(carry as u32);
    (high as u64) << 32 | tenfold as u64
}

impl Iterator for Digits {
    type Item = &'static [u8];

    fn next(&mut self) -> Option<&'static [u8]> {
        const DIGITS: [[u8; 1]; 10] = [*b"0", *b"1", *b"2", *b"3", *b"4", *b"5", *b"6", *b"7", *b"8", *b"9"];
        DIGITS.get(usize::from(self.pop()?)).map(<[u8; 1]>::as_slice)
    }
}
