//! Data that comes in pieces, as slices that make its lines.

use super::message::Message;
use super::parts::Part;
use super::segments::Segments;
use crate::event_id::EventId;
use crate::event_type::EventType;
use crate::scan::{self, CR, LF};
use core::iter::FusedIterator;

/// Makes the lines of one event whose data comes in pieces, for any writer.
///
/// It does no I/O: each call returns slices, and the caller writes them, one after the other. One event takes these calls,
/// in this order:
///
/// | call | how often | the slices are |
/// |---|---|---|
/// | [`head`](Self::head) | once | the lines before the data, and the start of the first line of data |
/// | [`segments`](Self::segments) | for each piece | the piece, with each line break in it replaced by the start of a line |
/// | [`finish`](Self::finish) or [`abort`](Self::abort) | once | the end of the event |
///
/// CR, LF and CRLF are one line break each, even if the CR and the LF are in different pieces: all that it remembers from
/// one piece to the next is whether a CR was the last byte. Between two calls the stream is within a line, so nothing else
/// may be written to it, not even [`KEEP_ALIVE`](crate::KEEP_ALIVE).
///
/// What has been written cannot be taken back. If a write fails, or if it is given up half-way, close the connection.
///
/// Where the writer is a [`core::fmt::Write`], [`DataWriter`](crate::DataWriter) makes these calls, and where it is a
/// `std::io::Write`, `IoDataWriter` (feature `std`) does.
///
/// # Examples
///
/// With an async writer:
///
/// ```
/// use embedded_io_async::Write;
/// use sse_wire::{DataLines, Message, event_type};
///
/// async fn send<W: Write>(socket: &mut W, rows: &[&str]) -> Result<(), W::Error> {
///     let mut lines = DataLines::new();
///     for segment in lines.head(&Message::new().event(event_type!("report"))) {
///         socket.write_all(segment).await?;
///     }
///     for row in rows {
///         for segment in lines.segments(row.as_bytes()) {
///             socket.write_all(segment).await?;
///         }
///     }
///     socket.write_all(lines.finish()).await?;
///     socket.flush().await
/// }
///
/// let mut memory = [0; 64];
/// let mut socket = &mut memory[..];
/// // Memory is always ready, so one poll is enough.
/// # use core::{future::Future, pin::pin, task::{Context, Poll, Waker}};
/// # let poll = |future: core::pin::Pin<&mut dyn Future<Output = _>>| future.poll(&mut Context::from_waker(Waker::noop()));
/// assert_eq!(poll(pin!(send(&mut socket, &["total: 42\r", "\ndone"]))), Poll::Ready(Ok(())));
/// let free = socket.len();
/// assert_eq!(&memory[..64 - free], b"event: report\ndata: total: 42\ndata: done\n\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "an event that is not finished swallows the message after it"]
pub struct DataLines {
    /// The last byte was a CR. If the next is an LF, both are one line break.
    is_after_cr: bool,
}

impl DataLines {
    /// Makes the state of an event that has not begun.
    pub const fn new() -> Self {
        Self { is_after_cr: false }
    }

    /// Begins the event.
    ///
    /// The message holds what stands before the data: type, ID, reconnection time, comment. If it also has data, the event's
    /// data begins with that.
    #[must_use = "the slices are to be written"]
    pub fn head<'a>(&mut self, message: &Message<'a>) -> Segments<'a> {
        self.is_after_cr = message.data.is_some_and(|data| data.ends_with(&[CR]));
        Segments::open(*message)
    }

    /// Goes on with a piece of the data. It may be empty, and it may end anywhere: within a line or within a CRLF.
    ///
    /// None of the slices is empty. Slices that you do not take count as not sent: the next piece goes on there.
    #[inline]
    #[must_use = "the slices are to be written"]
    pub const fn segments<'l, 'a>(&'l mut self, piece: &'a [u8]) -> DataSegments<'l, 'a> {
        DataSegments { lines: self, rest: piece }
    }

    /// Completes the event: the end of its last line, and a blank line.
    #[must_use = "the bytes are to be written"]
    pub const fn finish(self) -> &'static [u8] {
        b"\n\n"
    }

    /// Completes the event under another type, by which the receiver can recognise that it was given up.
    ///
    /// If a block has several `event` lines, receivers take the last one. So they deliver an event of this type with the
    /// data written so far.
    ///
    /// **If the event has an ID, pass the last event ID that the client had before this event.** That is the ID of the event
    /// before, or an empty one if there was none. The `id` line has already been sent, so a client that reconnects would ask
    /// for what follows this event, and never receive it whole. Of several `id` lines receivers take the last one, too, so
    /// this takes it back. If the event has no ID, pass `None`. A reconnection time stays in effect.
    #[must_use = "the slices are to be written"]
    pub const fn abort<'a>(self, event_type: EventType<'a>, previous_id: Option<EventId<'a>>) -> Segments<'a> {
        let message = Message::new().event(event_type);
        Segments::behind_open_line(match previous_id {
            None => message,
            Some(id) => message.id(id),
        })
    }
}

/// Iterates over one piece of data as slices that are not copied: what stands between its line breaks, and for each line
/// break the end of a line and the name of the next. See [`DataLines::segments`].
#[derive(Debug)]
pub struct DataSegments<'l, 'a> {
    lines: &'l mut DataLines,
    rest: &'a [u8],
}

impl<'a> DataSegments<'_, 'a> {
    /// The end of a line of data and the name of the next.
    pub(super) const BREAK: &'static [u8] = Part::Data.name_after_line();

    /// Returns how many bytes of the piece are left. Drops an LF before that if it belongs to the CR before it.
    #[inline(always)]
    pub(super) fn left(&mut self) -> usize {
        if !self.rest.is_empty() && core::mem::take(&mut self.lines.is_after_cr) {
            self.rest = self.rest.strip_prefix(&[LF]).unwrap_or(self.rest);
        }
        self.rest.len()
    }

    /// Takes off what stands before the next line break.
    #[inline(always)]
    pub(super) fn line(&mut self) -> &'a [u8] {
        let (line, rest) = self.rest.split_at_checked(scan::line_end(self.rest)).unwrap_or_default();
        self.rest = rest;
        line
    }

    /// Takes off the line break that must come next. Returns whether there is one, or nothing is left.
    #[inline(always)]
    pub(super) fn line_break(&mut self) -> bool {
        let Some((&end, after)) = self.rest.split_first() else { return false };
        self.lines.is_after_cr = end == CR;
        self.rest = after;
        true
    }
}

impl<'a> Iterator for DataSegments<'_, 'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        self.left();
        if scan::is_line_end(*self.rest.first()?) {
            return self.line_break().then_some(Self::BREAK);
        }
        Some(self.line())
    }
}

impl FusedIterator for DataSegments<'_, '_> {}
