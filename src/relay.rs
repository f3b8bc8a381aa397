//! Makes a message from an event that came in. This is the only file that knows both directions.

use crate::decode::{Event, OwnedEvent};
use crate::encode::Message;
use crate::event_id::EventId;
use crate::event_type::EventType;
use crate::storage::Storage;

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
