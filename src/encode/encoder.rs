//! A message into a buffer, or through a window of any size.

use super::message::Message;
use super::segments::{Digits, Segments};
use crate::bytes::{copy, copy_short};
use crate::error::BufferTooSmall;
use crate::scan;

impl<'a> Message<'a> {
    /// Writes the message to the front of `out` and returns its length in bytes.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the exact length that is needed; `out` is then untouched.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
        let size = out.len();
        let data = self.data.map(|data| match scan::is_one_line(data) {
            true => (data, None),
            false => scan::split_line(data).map_or((data, None), |(line, rest)| (line, Some(rest))),
        });
        // A buffer that could take every byte behind the first line as a line of its own needs no counting first.
        if self.longest(data) > size && self.encoded_len() > size {
            return Err(BufferTooSmall { needed: self.encoded_len() });
        }
        let mut free = Free(out);
        match free.message(self, data) {
            Some(()) => Ok(size - free.0.len()),
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

/// What of a buffer has not been written to. Everything here fails, and writes nothing, where there is no room.
struct Free<'o>(&'o mut [u8]);

impl Free<'_> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        let (place, rest) = core::mem::take(&mut self.0).split_at_mut_checked(bytes.len())?;
        copy(bytes, place);
        self.0 = rest;
        Some(())
    }

    /// The same for what is short most of the time.
    #[inline(always)]
    fn put_short(&mut self, bytes: &[u8]) -> Option<()> {
        let (place, rest) = core::mem::take(&mut self.0).split_at_mut_checked(bytes.len())?;
        copy_short(bytes, place);
        self.0 = rest;
        Some(())
    }

    #[inline(always)]
    fn line(&mut self, name: &[u8], value: &[u8]) -> Option<()> {
        self.put(name)?;
        self.put(value)?;
        self.put(b"\n")
    }

    /// Writes the message, with its data split behind the first line.
    #[inline(always)]
    fn message(&mut self, message: &Message<'_>, data: Option<(&[u8], Option<&[u8]>)>) -> Option<()> {
        if let Some(event_type) = message.event {
            self.line(b"event: ", event_type.as_bytes())?;
        }
        if let Some(id) = message.id {
            self.line(b"id: ", id.as_bytes())?;
        }
        if let Some(milliseconds) = message.retry {
            self.put(b"retry: ")?;
            Digits::of(milliseconds).try_for_each(|digit| self.put(digit))?;
            self.put(b"\n")?;
        }
        if let Some(text) = message.comment {
            // What keeps a connection alive is one short line.
            if scan::is_one_line(text) {
                self.put(b": ")?;
                self.put_short(text)?;
                self.put(b"\n")?;
            } else {
                self.lines(b": ", text)?;
            }
        }
        if let Some((line, rest)) = data {
            self.line(b"data: ", line)?;
            if let Some(rest) = rest {
                self.lines(b"data: ", rest)?;
            }
        }
        self.put(b"\n")
    }

    /// Writes a text as lines of this name.
    #[inline(always)]
    fn lines(&mut self, name: &[u8], text: &[u8]) -> Option<()> {
        let mut rest = text;
        while let Some((line, after)) = scan::split_line(rest) {
            self.line(name, line)?;
            rest = after;
        }
        self.line(name, rest)
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
