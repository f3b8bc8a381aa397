//! Data that comes in pieces, written as lines while it comes.

use super::message::Message;
use super::parts::Part;
use super::segments::Segments;
use super::sink::{Sink, ViaFmt};
use crate::event_type::EventType;
use crate::scan::{self, CR, LF};
use core::fmt;

/// Writes the data of one event, piece by piece, as lines of the event stream.
///
/// It implements [`core::fmt::Write`] over any writer that implements it, and with the feature `std` also `std::io::Write`
/// over any writer that implements that. So `write!`, `Display` and serializers write into it without a string in between.
/// CR, LF and CRLF are one line break each, even if the CR and the LF come in different writes.
///
/// What has been written cannot be taken back. There are three ways to end an event:
///
/// * [`finish`](Self::finish) completes it.
/// * [`abort`](Self::abort) completes it under another event type, by which the receiver can recognise it.
/// * Dropping the writer leaves it open. Whatever is written to the stream next, even another message, **becomes part of
///   it**; if the stream ends first, the receiver discards it. So drop the writer only if you close the connection.
///
/// If the underlying writer fails, nobody knows how much of the last piece it has written: close the connection.
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
/// Without an allocator, and aborted:
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
    /// The last byte was a CR. If the next is an LF, both are one line break.
    is_after_cr: bool,
}

impl<W> DataWriter<W> {
    /// Writes the beginning of an event and returns a writer for its data.
    ///
    /// The message holds what stands before the data: type, ID, reconnection time, comment. If it also has data, the event's
    /// data begins with that.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn new<Via>(sink: W, message: Message<'_>) -> Result<Self, W::Error>
    where
        W: Sink<Via>,
    {
        let mut writer = Self { sink, is_after_cr: false };
        for segment in Segments::head(message) {
            writer.sink.put(segment)?;
        }
        writer.sink.put(Part::Data.name())?;
        writer.put(message.data.unwrap_or_default())?;
        Ok(writer)
    }

    /// Completes the event and returns the underlying writer. If nothing was written, the event has empty data.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn finish<Via>(mut self) -> Result<W, W::Error>
    where
        W: Sink<Via>,
    {
        self.sink.put(b"\n\n")?;
        Ok(self.sink)
    }

    /// Completes the event under another type and returns the underlying writer.
    ///
    /// If a block has several `event` lines, receivers take the last one. So they deliver an event of this type with the data
    /// written so far. If the event has an ID, that becomes their last event ID.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn abort<Via>(mut self, event_type: EventType<'_>) -> Result<W, W::Error>
    where
        W: Sink<Via>,
    {
        self.sink.put(Part::Event.name_after_line())?;
        self.sink.put(event_type.as_bytes())?;
        self.sink.put(b"\n\n")?;
        Ok(self.sink)
    }

    /// Writes a piece of the data, line by line.
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
            self.sink.put(Part::Data.name_after_line())?;
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

/// A write takes all of its bytes or fails. Nothing is buffered here.
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
