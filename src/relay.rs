//! Where the two directions meet: an event that came in makes a message, and a stream that is cut off gets an end.

use crate::decode::{Cut, Event, OwnedEvent, Parser};
use crate::encode::{Message, Segments};
use crate::error::LastEventIdLost;
use crate::event_id::EventId;
use crate::event_type::EventType;
use crate::storage::Storage;
use core::iter::FusedIterator;

/// Makes a message that sends the event on: with its data, with its type if the stream named one, and with its ID if this
/// event set one.
///
/// This cannot fail, because a value that came out of a line fits on a line. So a gateway is a loop of two lines:
///
/// ```
/// use sse_wire::{Message, Parser};
///
/// let mut parser = Parser::new([0; 1024]);
/// let mut out: Vec<u8> = Vec::new();
/// let mut chunk = &b"id: 1\rdata: a\rdata: b\r\rdata\n\n"[..];
///
/// while let Some(event) = parser.next(&mut chunk) {
///     out.extend(Message::from(event?).segments().flatten());
/// }
/// assert_eq!(out, b"id: 1\ndata: a\ndata: b\n\ndata: \n\n");
/// # Ok::<(), sse_wire::Overflow>(())
/// ```
///
/// Comments and reconnection times are not part of an event. A gateway that passes them on finds the time in
/// [`Parser::retry`](crate::Parser::retry) and the comments with a [`Tokenizer`](crate::Tokenizer) beside the parser. The
/// message of a comment ends without a blank line, so it may be sent between any two events:
///
/// ```
/// use sse_wire::{Field, Message, Token, Tokenizer};
///
/// let mut tokenizer = Tokenizer::new();
/// let mut out: Vec<u8> = Vec::new();
/// for token in tokenizer.tokens(b": still here\n\n") {
///     if let Token::Value { field: Field::Comment, bytes, end: true } = token {
///         out.extend(Message::new().comment_bytes(bytes).segments().flatten());
///     }
/// }
/// assert_eq!(out, b": still here\n");
/// ```
impl<'a> From<Event<'a>> for Message<'a> {
    fn from(event: Event<'a>) -> Self {
        let mut message = Self::new().data_bytes(event.data);
        if !event.event_type.is_empty() {
            message = message.event(EventType::trusted(event.event_type));
        }
        if event.has_id {
            message = message.id(EventId::trusted(event.last_event_id));
        }
        message
    }
}

/// Makes a message that sends a kept event on, as for an [`Event`].
impl<'a, B: Storage> From<&'a OwnedEvent<B>> for Message<'a> {
    fn from(event: &'a OwnedEvent<B>) -> Self {
        event.as_event().into()
    }
}

impl<B: Storage + ?Sized> Parser<B> {
    /// Returns the bytes that end a stream which was forwarded byte by byte, and whose source has died: whatever line and
    /// event it died in, a message of your own can follow, on the same connection.
    ///
    /// A gateway that passes bytes on as they come cannot take them back. If upstream dies within `id: 123`, a line end
    /// would make that the ID `12`; within `data: Hel`, the next message would become part of the event. These bytes end
    /// what is open:
    ///
    /// | what is open | what is sent | what the client makes of it |
    /// |---|---|---|
    /// | nothing | nothing | |
    /// | a comment, or an unknown line | a line end | nothing |
    /// | a name | `-`, so that it is unknown, and a line end | nothing |
    /// | a `retry` value | `x`, so that it is not a number, and a line end | nothing |
    /// | a block with an event type, an ID or data | an `event` line with this type, and a blank line | an event of this type, if a `data` line had begun, whole or cut; else nothing |
    /// | a block with an `id` line, whole or cut | before that, an `id` line with the last event ID from before the block | it reconnects with that ID, and is sent the event again |
    ///
    /// Give the event a type of its own, such as `aborted`. Its data is what had arrived.
    ///
    /// The parser must have read every byte that the client was sent, and no more, from the start of the connection. It must
    /// have been [given the last event ID](Self::set_last_event_id) that the client sent with its request. Call this before
    /// [`end`](Self::end) and [`reconnect`](Self::reconnect), since both drop what is open.
    ///
    /// To go on with another source on the same connection, call `reconnect` afterwards, and **take a byte order mark off
    /// the front of what that source sends**. The parser expects one there, but for the client it would stand in mid-stream,
    /// and make the first line an unknown one.
    ///
    /// # Errors
    ///
    /// [`LastEventIdLost`] if an `id` line is open, and the parser does not know the client's last event ID: that of the
    /// stream, or the one that it was to be given, was too large for the buffer. Then nothing can end the block safely:
    /// close the client's connection, and it reconnects.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{Parser, event_type};
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut sent = b"id: 1\ndata: a\n\nid: 12".to_vec();
    /// let mut chunk = &sent[..];
    /// while parser.next(&mut chunk).is_some() {}
    ///
    /// // Upstream has died.
    /// sent.extend(parser.sever(event_type!("aborted"))?.flatten());
    /// assert_eq!(sent, b"id: 1\ndata: a\n\nid: 12\nevent: aborted\nid: 1\n\n");
    /// # Ok::<(), sse_wire::LastEventIdLost>(())
    /// ```
    pub fn sever<'p>(&'p self, event_type: EventType<'p>) -> Result<Sever<'p>, LastEventIdLost> {
        // A NUL would do instead of `-` and `x`, but Firefox drops it.
        let line_end = match self.cut() {
            Cut::Nothing => None,
            Cut::Name => Some(&b"-\n"[..]),
            Cut::Retry => Some(&b"x\n"[..]),
            Cut::Value => Some(&b"\n"[..]),
        };
        let mut message = Message::new();
        if self.has_open_block() {
            message = message.event(event_type);
        }
        if self.has_id_line() {
            if self.is_id_stale() {
                return Err(LastEventIdLost);
            }
            message = message.id(EventId::trusted(self.last_event_id().as_bytes()));
        }
        Ok(Sever { line_end, block_end: message.segments() })
    }
}

/// Iterates over the bytes that end a stream that was cut off, as slices to be written one after the other: see
/// [`Parser::sever`].
#[derive(Clone, Debug)]
pub struct Sever<'p> {
    line_end: Option<&'p [u8]>,
    block_end: Segments<'p>,
}

impl<'p> Iterator for Sever<'p> {
    type Item = &'p [u8];

    fn next(&mut self) -> Option<&'p [u8]> {
        self.line_end.take().or_else(|| self.block_end.next())
    }
}

impl FusedIterator for Sever<'_> {}
