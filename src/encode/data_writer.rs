//! Data lines on the fly, for payloads that come in pieces.

use super::line::Line;
use super::message::Message;
use super::segments::Segments;
use super::sink::{Sink, ViaFmt};
use crate::scan::{self, CR, LF};
use core::fmt;

/// Writes the data of one event, in any pieces, straight into lines of the event stream.
///
/// It is a [`core::fmt::Write`] over every writer that is one, and with the feature `std` a `std::io::Write` over every
/// writer that is one, so `write!`, `Display` and serializers write into it without an intermediate string. CR, LF and CRLF
/// are one line break each, also when the CR and the LF come in different writes.
///
/// What has been written cannot be unsent, so one of these ends it:
///
/// * [`finish`](Self::finish) completes the event.
/// * [`abort`](Self::abort) completes it under another event type, so that the receiver can tell.
/// * Dropping the writer leaves the event open: what is written to the stream next, be it another message, **becomes part of
///   it**, and if the stream ends first, the receiver discards it. Do so only if you close the connection.
///
/// When the writer underneath fails, what it has taken of the last piece is unknown: close the connection.
///
/// # Examples
///
/// ```
/// use core::fmt::Write;
/// use sse_wire::{DataWriter, Message, event_type};
///
/// let mut stream = String::new();
/// let mut data = DataWriter::new(&mut stream, Message::new().event(event_type!("report")))?;
/// write!(data, "total: {}\r\n", 42)?;
/// write!(data, "done")?;
/// data.finish()?;
/// assert_eq!(stream, "event: report\ndata: total: 42\ndata: done\n\n");
/// # Ok::<(), core::fmt::Error>(())
/// ```
///
/// Without an allocator, and given up half-way:
///
/// ```
/// use core::fmt::Write;
/// use sse_wire::{DataWriter, Message, SliceWriter, event_type};
///
/// let mut memory = [0; 64];
/// let mut stream = SliceWriter::new(&mut memory);
/// let mut data = DataWriter::new(&mut stream, Message::new())?;
/// write!(data, "half a rep")?;
/// data.abort(event_type!("aborted"))?;
/// assert_eq!(stream.written(), b"data: half a rep\nevent: aborted\n\n");
/// # Ok::<(), core::fmt::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an event that is not finished swallows the message after it"]
pub struct DataWriter<W> {
    sink: W,
    /// The last byte was a CR, so an LF that comes now belongs to it.
    is_after_cr: bool,
}

impl<W> DataWriter<W> {
    /// Writes the beginning of an event and returns a writer for its data.
    ///
    /// The message is what comes before the data: type, ID, reconnection time, comment. Data that it has already is the
    /// beginning of the data.
    ///
    /// # Errors
    ///
    /// That of the writer underneath.
    pub fn new<Via>(sink: W, message: Message<'_>) -> Result<Self, W::Error>
    where
        W: Sink<Via>,
    {
        let mut writer = Self { sink, is_after_cr: false };
        for segment in Segments::head(message) {
            writer.sink.put(segment)?;
        }
        writer.sink.put(b"data: ")?;
        writer.put(message.data.unwrap_or_default())?;
        Ok(writer)
    }

    /// Completes the event and returns the writer underneath. An event to which nothing was written has empty data.
    ///
    /// # Errors
    ///
    /// That of the writer underneath.
    pub fn finish<Via>(mut self) -> Result<W, W::Error>
    where
        W: Sink<Via>,
    {
        self.sink.put(b"\n\n")?;
        Ok(self.sink)
    }

    /// Completes the event under another type and returns the writer underneath.
    ///
    /// Of several `event` fields the last one wins, so receivers see an event of this type, with the data so far, and none
    /// of the type it began with. Its ID, if it has one, becomes their last event ID.
    ///
    /// # Errors
    ///
    /// That of the writer underneath.
    pub fn abort<Via>(mut self, event_type: Line<'_>) -> Result<W, W::Error>
    where
        W: Sink<Via>,
    {
        self.sink.put(b"\nevent: ")?;
        self.sink.put(event_type.as_bytes())?;
        self.sink.put(b"\n\n")?;
        Ok(self.sink)
    }

    /// Writes a piece of the data, a line at a time.
    #[inline(always)]
    fn put<Via>(&mut self, piece: &[u8]) -> Result<(), W::Error>
    where
        W: Sink<Via>,
    {
        let mut rest = piece;
        while let Some((&first, after_first)) = rest.split_first() {
            if core::mem::take(&mut self.is_after_cr) && first == LF {
                rest = after_first;
                continue;
            }
            let (line, from_end) = rest.split_at_checked(scan::line_end(rest)).unwrap_or_default();
            self.sink.put(line)?;
            let Some((&end, after)) = from_end.split_first() else { break };
            self.sink.put(b"\ndata: ")?;
            self.is_after_cr = end == CR;
            rest = after;
        }
        Ok(())
    }
}

impl<W: fmt::Write> fmt::Write for DataWriter<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put::<ViaFmt>(text.as_bytes())
    }
}

/// Every write takes all of its bytes or fails, and nothing is buffered here.
#[cfg(feature = "std")]
impl<W: std::io::Write> std::io::Write for DataWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.put::<super::sink::ViaIo>(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}
