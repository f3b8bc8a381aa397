//! A writer of bytes for data that comes in pieces.

use super::data_lines::{DataLines, DataSegments};
use super::message::Message;
use crate::event_id::EventId;
use crate::event_type::EventType;
use std::io::{Result, Write};

/// Writes the data of one event, piece by piece, as lines of the event stream.
///
/// It is a [`std::io::Write`] over any other, and the counterpart of [`DataWriter`](crate::DataWriter) for bytes. The rules
/// for line breaks, for the three ways to end an event, and for errors are those given there. Each write takes all of its
/// bytes or fails. Nothing is buffered here, and only `flush` flushes.
///
/// # Examples
///
/// ```
/// use sse_wire::{IoDataWriter, Message, event_type};
/// use std::io::Write;
///
/// let mut data = IoDataWriter::new(Vec::new(), Message::new().event(event_type!("report")))?;
/// write!(data, "total: {}\r", 42)?;
/// data.write_all(b"\ndone")?;
/// assert_eq!(data.finish()?, b"event: report\ndata: total: 42\ndata: done\n\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an event that is not finished swallows the message after it"]
pub struct IoDataWriter<W> {
    writer: W,
    lines: DataLines,
}

impl<W: Write> IoDataWriter<W> {
    /// Writes the beginning of an event and returns a writer for its data.
    ///
    /// The message holds what stands before the data: type, ID, reconnection time, comment. If it also has data, the event's
    /// data begins with that.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn new(mut writer: W, message: Message<'_>) -> Result<Self> {
        let mut lines = DataLines::new();
        put(&mut writer, lines.head(&message))?;
        Ok(Self { writer, lines })
    }

    /// Completes the event and returns the underlying writer. If nothing was written, the event has empty data.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn finish(mut self) -> Result<W> {
        put(&mut self.writer, [self.lines.finish()])?;
        Ok(self.writer)
    }

    /// Completes the event under another type and returns the underlying writer. If the event has an ID, pass the last event
    /// ID that the client had before, which takes it back: [`DataLines::abort`] tells why.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn abort(mut self, event_type: EventType<'_>, previous_id: Option<EventId<'_>>) -> Result<W> {
        put(&mut self.writer, self.lines.abort(event_type, previous_id))?;
        Ok(self.writer)
    }
}

impl<W> IoDataWriter<W> {
    /// Returns the underlying writer.
    pub const fn get_ref(&self) -> &W {
        &self.writer
    }

    /// Returns the underlying writer, to take out what has been written so far, for example. Whatever is written to it
    /// directly becomes part of the event's current line.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{IoDataWriter, Message};
    /// use std::io::Write;
    ///
    /// let mut sent = Vec::new();
    /// let mut data = IoDataWriter::new(Vec::new(), Message::new())?;
    /// for row in 1..=3 {
    ///     writeln!(data, "row {row}")?;
    ///     sent.append(data.get_mut());
    /// }
    /// sent.append(&mut data.finish()?);
    /// assert_eq!(sent, b"data: row 1\ndata: row 2\ndata: row 3\ndata: \n\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }
}

impl<W: Write> Write for IoDataWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut segments = self.lines.segments(bytes);
        // The iterator would do. But when a line break is a constant to the compiler, short lines take less time.
        while segments.left() > 0 {
            self.writer.write_all(segments.line())?;
            if segments.line_break() {
                self.writer.write_all(DataSegments::BREAK)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.writer.flush()
    }
}

/// Writes slices one after the other.
#[inline(always)]
fn put<'a>(writer: &mut impl Write, segments: impl IntoIterator<Item = &'a [u8]>) -> Result<()> {
    segments.into_iter().try_for_each(|segment| writer.write_all(segment))
}
