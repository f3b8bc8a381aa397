//! A message into a buffer, or through a window of any size.

use super::message::Message;
use super::segments::{Digits, Segments};
use crate::bytes::{copy_short, write_block};
use crate::error::BufferTooSmall;
use crate::scan::{self, BLOCK, LF, SMALL};

impl<'a> Message<'a> {
    /// Writes the message to the front of `out` and returns its length in bytes.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the exact length that is needed; `out` is then untouched.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
        let size = out.len();
        let one_line = match *self {
            _ if SMALL => None,
            Self { event: None, id: None, retry: None, comment: None, data: Some(data) } => {
                one_line(b"data: ", data, b"\n\n", out)
            }
            Self { event: None, id: None, retry: None, comment: Some(text), data: None } => {
                one_line(b": ", text, b"\n", out)
            }
            _ => None,
        };
        if let Some(len) = one_line {
            return Ok(len);
        }
        // A buffer that could take every byte as a line of its own needs no counting first.
        if self.longest() > size && self.encoded_len() > size {
            return Err(BufferTooSmall { needed: self.encoded_len() });
        }
        match Free(out).message(self) {
            Some(free) => Ok(size - free.0.len()),
            None => Err(BufferTooSmall { needed: self.encoded_len() }),
        }
    }

    /// Returns a writer of the message into windows of any size.
    ///
    /// # Examples
    ///
    /// Through eight bytes at a time:
    ///
    /// ```
    /// use sse_wire::{Message, Progress};
    ///
    /// let mut socket = Vec::new();
    /// let mut encoder = Message::new().data(b"more than the window holds").encoder();
    /// loop {
    ///     let mut window = [0; 8];
    ///     let (len, progress) = encoder.write(&mut window);
    ///     socket.extend_from_slice(&window[..len]);
    ///     match progress {
    ///         Progress::OutputFull => {}
    ///         Progress::Done => break,
    ///     }
    /// }
    /// assert_eq!(socket, b"data: more than the window holds\n\n");
    /// ```
    pub const fn encoder(&self) -> Encoder<'a> {
        Encoder { segments: self.segments(), rest: &[] }
    }
}

/// Writes a message that is one line, as most messages are: its length is known at once. Writes nothing if the text has a
/// line break or if there is no room.
#[inline(always)]
fn one_line(name: &[u8], text: &[u8], end: &[u8], out: &mut [u8]) -> Option<usize> {
    let len = text.len().checked_add(name.len() + end.len())?;
    let free = Free(out.get_mut(..len)?);
    if !scan::is_one_line(text) {
        return None;
    }
    free.put(name)?.put(text)?.put(end)?;
    Some(len)
}

/// What of a buffer has not been written to. Everything here gives back what is free then, or fails, and writes nothing, where
/// there is no room.
struct Free<'o>(&'o mut [u8]);

impl Free<'_> {
    #[inline(always)]
    fn put(self, bytes: &[u8]) -> Option<Self> {
        let (place, free) = self.0.split_at_mut_checked(bytes.len())?;
        copy_short(bytes, place);
        Some(Self(free))
    }

    #[inline(always)]
    fn line(self, name: &[u8], value: &[u8]) -> Option<Self> {
        self.put(name)?.put(value)?.put(b"\n")
    }

    #[inline(always)]
    fn message(self, message: &Message<'_>) -> Option<Self> {
        let mut free = self;
        if let Some(event_type) = message.event {
            free = free.line(b"event: ", event_type.as_bytes())?;
        }
        if let Some(id) = message.id {
            free = free.line(b"id: ", id.as_bytes())?;
        }
        if let Some(milliseconds) = message.retry {
            free = free.put(b"retry: ")?;
            free = Digits::of(milliseconds).try_fold(free, Self::put)?.put(b"\n")?;
        }
        if let Some(text) = message.comment {
            free = free.lines(b": ", text)?;
        }
        if let Some(data) = message.data {
            free = if !SMALL && scan::is_one_line(data) {
                free.line(b"data: ", data)?
            } else {
                free.lines(b"data: ", data)?
            };
        }
        if message.ends_with_blank_line() { free.put(b"\n") } else { Some(free) }
    }

    /// Writes a text as lines of this name.
    #[inline(never)]
    fn lines<const N: usize>(self, name: &[u8; N], text: &[u8]) -> Option<Self> {
        let (mut free, mut rest) = (self, text);
        loop {
            let known = match scan::split_line_in_block_or(rest) {
                Ok((block, len, after)) if free.0.len() >= N + BLOCK => {
                    (free, rest) = (free.line_in_block(name, block, len)?, after);
                    continue;
                }
                Ok(_) => 0,
                Err(known) => known,
            };
            let Some((line, after)) = scan::split_line_beyond(known, rest) else { return free.line(name, rest) };
            (free, rest) = (free.line(name, line)?, after);
        }
    }

    /// Writes a line of the first so many bytes of a block, if there is room for all of that.
    #[inline(always)]
    fn line_in_block<const N: usize>(self, name: &[u8; N], block: &[u8; BLOCK], len: usize) -> Option<Self> {
        let (front, free) = self.0.split_first_chunk_mut()?;
        *front = *name;
        let (end, free) = write_block(block, len, free)?.split_first_mut()?;
        *end = LF;
        Some(Self(free))
    }
}

/// Writes a [`Message`] piece by piece into windows of any size, down to one byte: see [`Message::encoder`].
#[derive(Clone, Debug)]
pub struct Encoder<'a> {
    segments: Segments<'a>,
    /// What is left of the segment that the last window cut off.
    rest: &'a [u8],
}

/// Says why [`Encoder::write`] stopped where it did.
///
/// There will be no other cases, so a `match` needs no wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the progress says whether the message goes on"]
pub enum Progress {
    /// The window is full and there is more: call again.
    OutputFull,
    /// The message has been written.
    Done,
}

impl<'a> Encoder<'a> {
    /// Writes on into `out` and returns how many bytes it wrote and whether that was the end.
    ///
    /// It fills the window unless the message ends in it, and says [`Progress::Done`] with its last byte; after that it
    /// writes nothing and says so again. An empty window is allowed. What lies in `out` behind the count is as it was.
    #[must_use = "the first number is how much of the output was written"]
    pub fn write(&mut self, out: &mut [u8]) -> (usize, Progress) {
        let size = out.len();
        let mut free = out;
        loop {
            if self.rest.is_empty() {
                match self.segments.next() {
                    Some(segment) => self.rest = segment,
                    None => return (size - free.len(), Progress::Done),
                }
            }
            let len = self.rest.len().min(free.len());
            let (part, rest) = self.rest.split_at_checked(len).unwrap_or_default();
            let (place, after) = core::mem::take(&mut free).split_at_mut_checked(len).unwrap_or_default();
            copy_short(part, place);
            (self.rest, free) = (rest, after);
            if !rest.is_empty() {
                return (size, Progress::OutputFull);
            }
        }
    }
}
