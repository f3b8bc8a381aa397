//! A message into one buffer: the fast way out.

use super::message::{Message, Retry};
use super::one_line::is_one_line;
use super::parts::{Digits, Part, Value};
use crate::bytes::{copy_short, write_slab};
use crate::error::BufferTooSmall;
use crate::scan::{self, FOR_SIZE, LF, SLAB};
use crate::word::{self, WORD};

impl Message<'_> {
    /// Writes the message to the front of `out` and returns its length in bytes.
    ///
    /// # Errors
    ///
    /// Returns [`BufferTooSmall`] with the exact length that is needed, and leaves `out` untouched.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
        let size = out.len();
        let written = match *self {
            _ if FOR_SIZE => None,
            Self { event: None, id: None, retry: Retry::NONE, comment: None, data: Some(data) } => {
                write_one_line(Part::Data, data, b"\n\n", out)
            }
            Self { event: None, id: None, retry: Retry::NONE, comment: Some(text), data: None } => {
                write_one_line(Part::Comment, text, b"\n", out)
            }
            _ => None,
        };
        if let Some(len) = written {
            return Ok(len);
        }
        // The exact length takes a search for all line breaks. Most buffers are large enough for the bound, and that saves
        // 40 % of the instructions.
        if self.longest() > size && self.encoded_len() > size {
            return Err(BufferTooSmall { needed: self.encoded_len() });
        }
        match Free(out).message(self) {
            Some(free) => Ok(size - free.0.len()),
            None => Err(BufferTooSmall { needed: self.encoded_len() }),
        }
    }
}

/// Writes a message that is one line of text, as most messages are, and returns its length. Writes nothing if the text has a
/// line break or if there is no room.
///
/// The length is known without counting, so one check of the room is enough. That saves 13 % of the instructions for LLM
/// deltas, a fifth for comments and a third for one byte of data.
#[inline(always)]
fn write_one_line(part: Part, text: &[u8], end: &[u8], out: &mut [u8]) -> Option<usize> {
    let name = part.name();
    let len = text.len().checked_add(name.len() + end.len())?;
    let free = Free(out.get_mut(..len)?);
    if !is_one_line(text) {
        return None;
    }
    free.put(name)?.put(text)?.put(end)?;
    Some(len)
}

/// The part of a buffer that is still free.
///
/// Every method writes to its front and returns what is free then, or `None` if there is no room. [`Message::encode`] makes
/// sure that there is room, so `None` never comes back. The methods say so with a value since they must not panic.
struct Free<'o>(&'o mut [u8]);

impl Free<'_> {
    /// Writes all parts of a message.
    ///
    /// The calls are written out because the compiler does not unroll a loop over the parts: it would take 20 % more
    /// instructions for messages of several parts.
    #[inline(always)]
    fn message(self, message: &Message<'_>) -> Option<Self> {
        let [first, second, third, fourth, last] = Part::ALL;
        let free = self.part(message, first)?.part(message, second)?.part(message, third)?;
        let free = free.part(message, fourth)?.part(message, last)?;
        if message.ends_with_blank_line() { free.put(b"\n") } else { Some(free) }
    }

    /// Writes the lines of one part, if the message has it.
    #[inline(always)]
    fn part(self, message: &Message<'_>, part: Part) -> Option<Self> {
        let name = part.name();
        match message.value(part) {
            None => Some(self),
            Some(Value::Line(line)) => self.line(name, line),
            Some(Value::Number(number)) => self.number(name, number),
            Some(Value::Text(text)) if !FOR_SIZE && is_one_line(text) => self.line(name, text),
            Some(Value::Text(text)) => self.lines(name, text),
        }
    }

    /// Writes a number as a line.
    ///
    /// Most messages have none: for those it saves up to 4 % of the instructions that the compiler takes this for rare.
    #[cfg_attr(any(target_os = "none", sse_wire_small), inline(always))]
    #[cfg_attr(not(any(target_os = "none", sse_wire_small)), cold, inline(never))]
    fn number(self, name: &[u8], number: u64) -> Option<Self> {
        Digits::of(number).try_fold(self.put(name)?, Self::put)?.put(b"\n")
    }

    /// Writes a text as lines of this name.
    ///
    /// A line that ends within the next [`SLAB`] bytes of the text is copied as that whole slab: that nearly halves the
    /// instructions for a log. There is always room for the slab. It is part of the text that is still to be written, and
    /// that takes at least as many bytes as it has now: a line break has at most two bytes, and an LF and a name replace it.
    #[inline(never)]
    fn lines(self, name: &[u8], text: &[u8]) -> Option<Self> {
        // No name is longer than a word.
        let padded_name = word::word(name).to_le_bytes();
        let (mut free, mut rest) = (self, text);
        loop {
            (free, rest) = if let Some((slab, len, after)) = scan::split_line_in_slab(rest) {
                (free.line_in_slab(&padded_name, name.len(), slab, len)?, after)
            } else if let Some((line, after)) = scan::split_line(rest) {
                (free.line(name, line)?, after)
            } else {
                return free.line(name, rest);
            };
        }
    }

    /// Writes a line whose name and value are the first bytes of a word and a slab.
    ///
    /// Both are copied whole, since a copy of a fixed length is quick, and what follows overwrites the rest of each:
    /// the value overwrites that of the name, and the next lines, which hold the rest of the text, that of the value.
    #[inline(always)]
    fn line_in_slab(self, name: &[u8; WORD], name_len: usize, value: &[u8; SLAB], value_len: usize) -> Option<Self> {
        *self.0.first_chunk_mut()? = *name;
        let free = self.0.get_mut(name_len..)?;
        let (line_end, free) = write_slab(value, value_len, free)?.split_first_mut()?;
        *line_end = LF;
        Some(Self(free))
    }

    #[inline(always)]
    fn line(self, name: &[u8], value: &[u8]) -> Option<Self> {
        self.put(name)?.put(value)?.put(b"\n")
    }

    #[inline(always)]
    fn put(self, bytes: &[u8]) -> Option<Self> {
        let (place, free) = self.0.split_at_mut_checked(bytes.len())?;
        copy_short(bytes, place);
        Some(Self(free))
    }
}
