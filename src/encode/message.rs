//! What a server says at once: one event, or what needs no event.

use super::line::{Id, Line};
use crate::text::Text;
use core::fmt;

/// Describes one message of a server: up to one event type, ID, reconnection time, comment and payload, all borrowed.
///
/// A message is written in this order, whatever the order of the calls, since a receiver that streams the data needs all
/// else first: `event`, `id`, `retry`, comment, data, and a blank line. Every part is optional:
///
/// * Data makes it an event. **Empty data is an event with empty data; no data is no event.**
/// * An ID without data moves the receiver's last event ID silently; a reconnection time takes effect likewise.
/// * A comment alone keeps the connection alive: [`KEEP_ALIVE`](crate::KEEP_ALIVE) is the smallest.
/// * An event type without data says nothing.
///
/// In data and in comments CR, LF and CRLF are one line break each, and the receiver sees an LF: no CR survives the format.
/// A break at the end survives. Everything else comes out as it went in: NUL, leading spaces, bytes that are not UTF-8.
///
/// | call | gives | for |
/// |---|---|---|
/// | [`segments`](Self::segments) | borrowed slices | `write_all` and vectored writes |
/// | [`encode`](Self::encode) | all of it in a buffer, or nothing | one write, one HTTP chunk |
/// | [`encoder`](Self::encoder) | as much as fits, again and again | windows of a ring buffer, small devices |
/// | [`encoded!`](crate::encoded) | a constant | messages that never change, in flash |
/// | [`DataWriter`](crate::DataWriter) | a writer for the data | payloads whose size is not known |
///
/// # Examples
///
/// ```
/// use sse_wire::{Id, Message, event_type};
///
/// let message = Message::new().event(event_type!("log")).id(Id::new("7")?).data(b"two\r\nlines");
///
/// let mut out = [0; 64];
/// let len = message.encode(&mut out)?;
/// assert_eq!(&out[..len], b"event: log\nid: 7\ndata: two\ndata: lines\n\n");
/// assert_eq!(message.segments().collect::<Vec<_>>().concat(), out[..len]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Message<'a> {
    pub(super) event: Option<Line<'a>>,
    pub(super) id: Option<Id<'a>>,
    pub(super) retry: Option<u64>,
    pub(super) comment: Option<&'a [u8]>,
    pub(super) data: Option<&'a [u8]>,
}

impl<'a> Message<'a> {
    /// Makes a message that says nothing yet: as it is, it would be written as a blank line.
    pub const fn new() -> Self {
        Self { event: None, id: None, retry: None, comment: None, data: None }
    }

    /// Sets the event type. Without it, and with an empty one, it is `message`.
    #[must_use = "a message does nothing until it is written"]
    pub const fn event(mut self, event_type: Line<'a>) -> Self {
        self.event = Some(event_type);
        self
    }

    /// Sets the ID, which becomes the receiver's last event ID. An empty one resets that.
    #[must_use = "a message does nothing until it is written"]
    pub const fn id(mut self, id: Id<'a>) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the receiver's reconnection time, in milliseconds.
    #[must_use = "a message does nothing until it is written"]
    pub const fn retry(mut self, milliseconds: u64) -> Self {
        self.retry = Some(milliseconds);
        self
    }

    /// Adds a comment of one or more lines, which receivers ignore.
    #[must_use = "a message does nothing until it is written"]
    pub const fn comment(self, text: &'a str) -> Self {
        self.comment_bytes(text.as_bytes())
    }

    /// Adds a comment that should be UTF-8 and need not be, such as one that a [`Tokenizer`](crate::Tokenizer) has shown.
    #[must_use = "a message does nothing until it is written"]
    pub const fn comment_bytes(mut self, text: &'a [u8]) -> Self {
        self.comment = Some(text);
        self
    }

    /// Sets the data, which should be UTF-8 and need not be: receivers decode it as [`Text`](crate::Text) says.
    #[must_use = "a message does nothing until it is written"]
    pub const fn data(mut self, data: &'a [u8]) -> Self {
        self.data = Some(data);
        self
    }

    /// Sets the data.
    #[must_use = "a message does nothing until it is written"]
    pub const fn data_str(self, data: &'a str) -> Self {
        self.data(data.as_bytes())
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("event", &self.event)
            .field("id", &self.id)
            .field("retry", &self.retry)
            .field("comment", &self.comment.map(Text::new))
            .field("data", &self.data.map(Text::new))
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Message<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let Self { event, id, retry, .. } = *self;
        let (comment, data) = (self.comment.map(Text::new), self.data.map(Text::new));
        defmt::write!(
            f,
            "Message {{ event: {}, id: {}, retry: {}, comment: {}, data: {} }}",
            event,
            id,
            retry,
            comment,
            data
        );
    }
}
