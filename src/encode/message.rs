//! A message: one event, or lines that need no event.

use super::id::{Id, Number};
use crate::event_id::EventId;
use crate::event_type::EventType;
use crate::text::Text;
use core::fmt;

/// Describes one message of a server: an event type, an ID, a reconnection time, a comment and data. Each is optional and
/// borrowed.
///
/// The lines are always written in this order, whatever the order of the calls: `event`, `id`, `retry`, comment, `data`. The
/// data comes last because a receiver that streams it needs the other parts first.
///
/// **A blank line ends the message exactly if it has an event type, an ID or data.** An empty event type, an empty ID and
/// empty data count, too.
///
/// | the message has | it is written as | the receiver |
/// |---|---|---|
/// | data, with or without other parts | its lines and a blank line | delivers an event; empty data is an event with empty data |
/// | an ID, but no data | its lines and a blank line | changes its last event ID and delivers nothing |
/// | an event type, but neither an ID nor data | its lines and a blank line | ignores it |
/// | only a reconnection time, a comment or both | its lines | takes the time at once and ignores the comment |
/// | nothing | nothing | |
///
/// The lines of the fourth row do without a blank line because some clients deliver a block without data as an empty event:
/// [`KEEP_ALIVE`](crate::KEEP_ALIVE) names them. For the same reason, send an ID without data only to clients that are known
/// to follow the standard, such as browsers.
///
/// In data and in comments CR, LF and CRLF are one line break each. The receiver sees an LF, because the format cannot carry
/// a CR. A line break at the end survives. All other bytes arrive unchanged: NUL, leading spaces, bytes that are not UTF-8.
///
/// | call | gives | for |
/// |---|---|---|
/// | [`segments`](Self::segments) | borrowed slices | `write_all` and vectored writes |
/// | [`encode`](Self::encode) | the whole message in a buffer, or nothing | one write, one HTTP chunk |
/// | [`encoder`](Self::encoder) | as much as fits, call after call | windows of a ring buffer, small devices |
/// | [`encoded!`](crate::encoded) | a constant | messages that never change, in flash |
/// | [`to_vec`](Self#method.to_vec), [`append_to`](Self#method.append_to) | a vector, or more of one (feature `alloc`) | servers |
/// | [`DataWriter`](crate::DataWriter), [`DataLines`](crate::DataLines) | a writer for the data, or its lines | data of unknown size |
/// | [`Display`](fmt::Display) | text | logs |
///
/// Two messages are equal exactly if all their parts are. An ID from a number is equal to the ID that has its digits as
/// text.
///
/// # Examples
///
/// ```
/// use sse_wire::{EventId, Message, event_type};
///
/// let message = Message::new().event(event_type!("log")).id(EventId::new("7")?).data("two\r\nlines");
///
/// let mut out = [0; 64];
/// let len = message.encode(&mut out)?;
/// assert_eq!(&out[..len], b"event: log\nid: 7\ndata: two\ndata: lines\n\n");
/// assert_eq!(message.segments().collect::<Vec<_>>().concat(), out[..len]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Message<'a> {
    pub(super) event: Option<EventType<'a>>,
    pub(super) id: Option<Id<'a>>,
    pub(super) retry: Retry,
    pub(super) comment: Option<&'a [u8]>,
    pub(super) data: Option<&'a [u8]>,
}

/// A reconnection time in milliseconds of at most [`Self::MAX`], or none. An `Option` would take four bytes more.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Retry(u32);

impl Retry {
    pub(super) const NONE: Self = Self(u32::MAX);
    /// About 25 days: Node's timers count in 31 bits.
    const MAX: u32 = i32::MAX as u32;

    /// Makes a longer time the longest.
    const fn of(milliseconds: u64) -> Self {
        Self(if milliseconds < Self::MAX as u64 { milliseconds as u32 } else { Self::MAX })
    }

    pub(super) const fn milliseconds(self) -> Option<u32> {
        if self.0 <= Self::MAX { Some(self.0) } else { None }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::NONE
    }
}

impl<'a> Message<'a> {
    /// Makes a message without any part. It is written as 0 bytes.
    pub const fn new() -> Self {
        Self { event: None, id: None, retry: Retry::NONE, comment: None, data: None }
    }

    /// Sets the event type. If it is empty or not set, the receiver takes `message`.
    #[must_use = "a message does nothing until it is written"]
    pub const fn event(mut self, event_type: EventType<'a>) -> Self {
        self.event = Some(event_type);
        self
    }

    /// Sets the ID, which becomes the receiver's last event ID. An empty ID resets that. For a number:
    /// [`id_number`](Self::id_number).
    #[must_use = "a message does nothing until it is written"]
    pub const fn id(mut self, id: EventId<'a>) -> Self {
        self.id = Some(Id::Text(id));
        self
    }

    /// Sets the ID to the decimal digits of a number, without any memory for its text. Of this and
    /// [`id`](Self::id), the last call wins.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{Message, event_id};
    ///
    /// let message = Message::new().id_number(1742).data("x");
    /// assert_eq!(message.segments().collect::<Vec<_>>().concat(), b"id: 1742\ndata: x\n\n");
    /// assert_eq!(message, Message::new().id(event_id!("1742")).data("x"));
    /// ```
    #[must_use = "a message does nothing until it is written"]
    pub const fn id_number(mut self, number: u64) -> Self {
        self.id = Some(Id::Number(Number::new(number)));
        self
    }

    /// Sets the receiver's reconnection time in milliseconds.
    ///
    /// A time above 2147483647 (about 25 days) becomes 2147483647. Clients on Node pass the time to a timer that counts in
    /// 31 bits: a larger one fires at once, and they reconnect hundreds of times a second.
    #[must_use = "a message does nothing until it is written"]
    pub const fn retry(mut self, milliseconds: u64) -> Self {
        self.retry = Retry::of(milliseconds);
        self
    }

    /// Sets the comment, which has one or more lines. Receivers ignore it.
    #[must_use = "a message does nothing until it is written"]
    pub const fn comment(self, text: &'a str) -> Self {
        self.comment_bytes(text.as_bytes())
    }

    /// Sets the comment from bytes, such as those that a [`Tokenizer`](crate::Tokenizer) hands out. They should be UTF-8 but
    /// need not be.
    #[must_use = "a message does nothing until it is written"]
    pub const fn comment_bytes(mut self, text: &'a [u8]) -> Self {
        self.comment = Some(text);
        self
    }

    /// Sets the data, which has one or more lines.
    #[must_use = "a message does nothing until it is written"]
    pub const fn data(self, text: &'a str) -> Self {
        self.data_bytes(text.as_bytes())
    }

    /// Sets the data from bytes. They should be UTF-8 but need not be: receivers decode them as [`Text`](crate::Text)
    /// describes.
    #[must_use = "a message does nothing until it is written"]
    pub const fn data_bytes(mut self, text: &'a [u8]) -> Self {
        self.data = Some(text);
        self
    }

    /// Returns whether the message has data, so that receivers deliver it as an event.
    pub(crate) const fn has_data(&self) -> bool {
        self.data.is_some()
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("event", &self.event)
            .field("id", &self.id)
            .field("retry", &self.retry.milliseconds())
            .field("comment", &self.comment.map(Text::new))
            .field("data", &self.data.map(Text::new))
            .finish()
    }
}

/// Writes the message as it goes over the wire, line breaks included, for logs. Bytes that are not UTF-8 become U+FFFD, so
/// to send it, take one of the other ways out.
///
/// # Examples
///
/// ```
/// use sse_wire::Message;
///
/// let message = Message::new().id_number(7).data_bytes(b"caf\xC3\xA9\ncaf\xE9");
/// assert_eq!(message.to_string(), "id: 7\ndata: café\ndata: caf\u{FFFD}\n\n");
/// ```
impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments().try_for_each(|segment| Text::new(segment).write_to(f))
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Message<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let (event, id, retry) = (self.event, self.id, self.retry.milliseconds());
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
