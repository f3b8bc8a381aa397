//! A writer of text for data that comes in pieces.

use super::data_lines::{DataLines, DataSegments};
use super::message::Message;
use crate::event_id::EventId;
use crate::event_type::EventType;
use crate::text::Text;
use core::fmt;

/// Writes the data of one event, piece by piece, as lines of the event stream.
///
/// It is a [`core::fmt::Write`] over any other. So `write!`, `Display` and serializers write into it without a string in
/// between. CR, LF and CRLF are one line break each, even if the CR and the LF come in different writes. Bytes of the
/// message that are not UTF-8 are written as U+FFFD, which is what receivers make of them.
///
/// Over a `std::io::Write`, take `IoDataWriter` (feature `std`); over an async writer, [`DataLines`].
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
/// Without an allocator, and given up:
///
/// ```
/// use core::fmt::Write;
/// use sse_wire::{DataWriter, Message, SliceWriter, event_id, event_type};
///
/// let mut memory = [0; 64];
/// let mut stream = SliceWriter::new(&mut memory);
/// let mut data = DataWriter::new(&mut stream, Message::new().id_number(8))?;
/// write!(data, "half a rep")?;
/// data.abort(event_type!("aborted"), Some(event_id!("7")))?;
/// assert_eq!(stream.written(), b"id: 8\ndata: half a rep\nevent: aborted\nid: 7\n\n");
/// # Ok::<(), core::fmt::Error>(())
/// ```
///
/// A byte writer such as `Vec<u8>` does not compile here; use `IoDataWriter` (feature `std`):
///
/// ```compile_fail,E0277
/// use sse_wire::{DataWriter, Message};
///
/// let data = DataWriter::new(Vec::<u8>::new(), Message::new());
/// ```
#[derive(Clone, Debug)]
#[must_use = "an event that is not finished swallows the message after it"]
pub struct DataWriter<W> {
    writer: W,
    lines: DataLines,
}

impl<W: fmt::Write> DataWriter<W> {
    /// Writes the beginning of an event and returns a writer for its data.
    ///
    /// The message holds what stands before the data: type, ID, reconnection time, comment. If it also has data, the event's
    /// data begins with that.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn new(mut writer: W, message: Message<'_>) -> Result<Self, fmt::Error> {
        let mut lines = DataLines::new();
        put(&mut writer, lines.head(&message))?;
        Ok(Self { writer, lines })
    }

    /// Completes the event and returns the underlying writer. If nothing was written, the event has empty data.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn finish(mut self) -> Result<W, fmt::Error> {
        put(&mut self.writer, [self.lines.finish()])?;
        Ok(self.writer)
    }

    /// Completes the event under another type and returns the underlying writer. If the event has an ID, pass the last event
    /// ID that the client had before, which takes it back: [`DataLines::abort`] tells why.
    ///
    /// # Errors
    ///
    /// Returns the error of the underlying writer.
    pub fn abort(mut self, event_type: EventType<'_>, previous_id: Option<EventId<'_>>) -> Result<W, fmt::Error> {
        put(&mut self.writer, self.lines.abort(event_type, previous_id))?;
        Ok(self.writer)
    }
}

impl<W> DataWriter<W> {
    /// Returns the underlying writer.
    pub const fn get_ref(&self) -> &W {
        &self.writer
    }

    /// Returns the underlying writer, to take out what has been written so far, for example. Whatever is written to it
    /// directly becomes part of the event's current line.
    ///
    /// # Examples
    ///
    /// Sent while it is written, so that no more than one row is in memory:
    ///
    /// ```
    /// use core::fmt::Write;
    /// use sse_wire::{DataWriter, Message};
    ///
    /// let mut socket: Vec<u8> = Vec::new();
    /// let mut data = DataWriter::new(String::new(), Message::new())?;
    /// for row in 1..=3 {
    ///     writeln!(data, "row {row}")?;
    ///     socket.extend(data.get_mut().drain(..).as_str().as_bytes());
    /// }
    /// socket.extend(data.finish()?.as_bytes());
    /// assert_eq!(socket, b"data: row 1\ndata: row 2\ndata: row 3\ndata: \n\n");
    /// # Ok::<(), core::fmt::Error>(())
    /// ```
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }
}

impl<W: fmt::Write> fmt::Write for DataWriter<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut segments = self.lines.segments(text.as_bytes());
        while segments.left() > 0 {
            // A line is cut at line breaks, so it is text, too. To cut the text again takes less time than to check that.
            let start = text.len().saturating_sub(segments.left());
            let len = segments.line().len();
            let line = text.get(start..).and_then(|from| from.get(..len));
            self.writer.write_str(line.ok_or(fmt::Error)?)?;
            if segments.line_break() {
                self.writer.write_str(BREAK)?;
            }
        }
        Ok(())
    }
}

/// [`DataSegments::BREAK`] as text.
const BREAK: &str = match core::str::from_utf8(DataSegments::BREAK) {
    Ok(text) => text,
    Err(_) => panic!("names are ASCII"),
};

/// Writes slices one after the other. A character never spans two of them, because they are cut at line breaks.
#[inline(always)]
fn put<'a>(writer: &mut impl fmt::Write, segments: impl IntoIterator<Item = &'a [u8]>) -> fmt::Result {
    segments.into_iter().try_for_each(|segment| Text::new(segment).write_to(writer))
}
