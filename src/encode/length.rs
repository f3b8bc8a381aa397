//! The length of a message before it is written.

use super::message::Message;
use super::parts::{Digits, Lines, Part, Value};

impl Message<'_> {
    /// Returns the exact number of bytes that the message is written as. Saturates at `usize::MAX`.
    pub fn encoded_len(&self) -> usize {
        self.len_with(
            |text, around| Lines::of(text).map(|line| line.len().saturating_add(around)).fold(0, usize::saturating_add),
            |number| Digits::of(number).len(),
        )
    }

    /// Returns a number of bytes that the message cannot exceed. It reads neither the texts nor the numbers.
    ///
    /// A text of `n` bytes has at most `n + 1` lines. It is longest if each of its bytes is a line break: any other byte
    /// adds one byte instead of a line.
    #[inline(always)]
    pub(super) fn longest(&self) -> usize {
        self.len_with(|text, around| text.len().saturating_add(1).saturating_mul(around), |_| Digits::MOST)
    }

    /// Adds up the lengths of all parts. `text_len` returns the length of a text, given the number of bytes that each line
    /// has around its value: those of the name and the LF. `number_len` returns the length of a number.
    #[inline(always)]
    fn len_with(&self, text_len: impl Fn(&[u8], usize) -> usize, number_len: impl Fn(u64) -> usize) -> usize {
        let blank_line = usize::from(self.ends_with_blank_line());
        Part::ALL.into_iter().fold(blank_line, |sum, part| {
            let around = part.name().len() + "\n".len();
            let len = match self.value(part) {
                None => 0,
                Some(Value::Line(line)) => line.len().saturating_add(around),
                Some(Value::Number(number)) => number_len(number).saturating_add(around),
                Some(Value::Text(text)) => text_len(text, around),
            };
            sum.saturating_add(len)
        })
    }
}
