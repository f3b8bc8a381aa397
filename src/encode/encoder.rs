//! A message through a window of any size.

use super::message::Message;
use super::segments::Segments;

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
    pub(crate) fn new(message: Message<'a>) -> Self {
        let mut segments = Segments::new(message);
        let rest = segments.next().unwrap_or_default();
        Self { segments, rest }
    }

    /// Writes on into `out` and returns how many bytes it wrote and whether that was the end.
    ///
    /// It fills the window unless the message ends in it, and says [`Progress::Done`] with its last byte; after that it
    /// writes nothing and says so again. An empty window is allowed. What lies in `out` behind the count is as it was.
    #[must_use = "the first number is how much of the output was written"]
    pub fn write(&mut self, out: &mut [u8]) -> (usize, Progress) {
        let size = out.len();
        let mut free = out;
        while !self.rest.is_empty() {
            let len = self.rest.len().min(free.len());
            let (Some((part, rest)), Some((place, after))) =
                (self.rest.split_at_checked(len), core::mem::take(&mut free).split_at_mut_checked(len))
            else {
                break;
            };
            place.copy_from_slice(part);
            free = after;
            self.rest = rest;
            if !rest.is_empty() {
                return (size, Progress::OutputFull);
            }
            self.rest = self.segments.next().unwrap_or_default();
        }
        (size - free.len(), Progress::Done)
    }
}
