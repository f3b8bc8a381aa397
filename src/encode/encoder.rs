//! A message through windows of any size.

use super::message::Message;
use super::segments::Segments;
use crate::bytes::copy_short;

impl<'a> Message<'a> {
    /// Returns an encoder, which writes the message into windows of any size.
    ///
    /// # Examples
    ///
    /// Eight bytes at a time:
    ///
    /// ```
    /// use sse_wire::{Message, Progress};
    ///
    /// let mut socket = Vec::new();
    /// let mut encoder = Message::new().data("more than the window holds").encoder();
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

/// Writes a [`Message`] piece by piece into windows of any size, down to one byte: see [`Message::encoder`].
#[derive(Clone, Debug)]
pub struct Encoder<'a> {
    segments: Segments<'a>,
    /// The end of a segment whose beginning filled the last window.
    rest: &'a [u8],
}

/// Says why [`Encoder::write`] stopped.
///
/// No variant will ever be added, so a `match` needs no wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the progress says whether the message goes on"]
pub enum Progress {
    /// The window is full and the message goes on: call again with another window.
    OutputFull,
    /// The whole message has been written.
    Done,
}

impl<'a> Encoder<'a> {
    /// Writes the next bytes of the message to the front of `out`. Returns their number, and whether the message ends there.
    ///
    /// It fills the window unless the message ends in it. The call that writes the last byte returns [`Progress::Done`];
    /// later calls write nothing and return it again. The window may be empty. Bytes of `out` behind the number stay
    /// unchanged.
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
