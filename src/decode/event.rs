//! An event: borrowed from where its bytes are, or with memory of its own.

use crate::bytes::copy;
use crate::error::BufferTooSmall;
use crate::storage::Storage;
use crate::text::Text;
use core::fmt;
use core::hash::{Hash, Hasher};

/// Borrows one event of the stream: its type, its data and the last event ID.
///
/// The bytes lie in the chunk or in the parser's buffer, which makes no difference to the caller. To keep an event beyond
/// the next call on the parser, copy it: [`copy_into`](Self::copy_into) memory of your own, `to_boxed` with `alloc`, or
/// `to_heapless` with `heapless-v0.9`.
///
/// # Examples
///
/// ```
/// use sse_wire::Parser;
///
/// let mut parser = Parser::new([0; 64]);
/// let mut chunk = &b"id: 7\ndata: a\n\nevent: pong\ndata: b\n\n"[..];
///
/// let event = parser.next(&mut chunk).unwrap()?;
/// assert_eq!((event.event_type(), event.data()), ("message".into(), "a".into()));
/// assert_eq!((event.last_event_id(), event.id()), ("7".into(), Some("7".into())));
///
/// // The second event did not set an ID, and so has that of the first.
/// let event = parser.next(&mut chunk).unwrap()?;
/// assert_eq!((event.event_type(), event.data()), ("pong".into(), "b".into()));
/// assert_eq!((event.last_event_id(), event.id()), ("7".into(), None));
/// # Ok::<(), sse_wire::Overflow>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event<'a> {
    pub(crate) event_type: &'a [u8],
    pub(crate) data: &'a [u8],
    pub(crate) last_event_id: &'a [u8],
    pub(crate) has_id: bool,
}

impl<'a> Event<'a> {
    /// Returns the event's type, which is `message` if the stream named none
    /// ([section 7 of the rules](crate::rules#7-dispatch)).
    ///
    /// # Examples
    ///
    /// A `match` takes the bytes:
    ///
    /// ```
    /// # let mut parser = sse_wire::Parser::new([0; 64]);
    /// # let mut chunk = &b"event: delta\ndata: Hi\n\n"[..];
    /// # let event = parser.next(&mut chunk).unwrap()?;
    /// match event.event_type().as_bytes() {
    ///     b"delta" => print!("{}", event.data()),
    ///     b"done" => println!(),
    ///     other => eprintln!("unknown event type {}", other.escape_ascii()),
    /// }
    /// # Ok::<(), sse_wire::Overflow>(())
    /// ```
    pub const fn event_type(&self) -> Text<'a> {
        Text::new(if self.event_type.is_empty() { b"message" } else { self.event_type })
    }

    /// Returns the type that the stream named, or `None` if it named none. An empty `event` line names none.
    ///
    /// A stream can name `message`, too. Listeners cannot tell the difference, but a relay passes on what was sent, and two
    /// events are equal only if both named a type or neither did.
    pub const fn sent_event_type(&self) -> Option<Text<'a>> {
        if self.event_type.is_empty() { None } else { Some(Text::new(self.event_type)) }
    }

    /// Returns the data, its lines joined by one LF each. It can be empty: then the stream sent an empty `data` line.
    pub const fn data(&self) -> Text<'a> {
        Text::new(self.data)
    }

    /// Returns the last event ID as of this event: the ID that it set, or else the latest one that a block before it set or
    /// that was seeded. Empty if there is none.
    pub const fn last_event_id(&self) -> Text<'a> {
        Text::new(self.last_event_id)
    }

    /// Returns the ID that this very event set, if it set one. An empty ID resets the last event ID. A relay passes this ID
    /// on.
    pub const fn id(&self) -> Option<Text<'a>> {
        if self.has_id { Some(Text::new(self.last_event_id)) } else { None }
    }

    /// Copies the event into memory of any kind, in this order: event type, last event ID, data.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the size in bytes that is needed: the three lengths together (0 for a type that the stream
    /// did not name).
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{OwnedEvent, Parser};
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut kept: Vec<OwnedEvent<[u8; 16]>> = Vec::new();
    ///
    /// let mut chunk = &b"data: one\n\ndata: two\n\n"[..];
    /// while let Some(event) = parser.next(&mut chunk) {
    ///     kept.push(event?.copy_into([0; 16])?);
    /// }
    /// assert_eq!(kept[0].data(), "one");
    /// assert_eq!(kept[1].data(), "two");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copy_into<B: Storage>(&self, mut buffer: B) -> Result<OwnedEvent<B>, BufferTooSmall> {
        let needed = [self.event_type, self.last_event_id, self.data]
            .iter()
            .fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        if !buffer.grow(needed) {
            return Err(BufferTooSmall { needed });
        }
        let mut rest = buffer.bytes_mut();
        for part in [self.event_type, self.last_event_id, self.data] {
            let Some((place, after)) = rest.split_at_mut_checked(part.len()) else {
                return Err(BufferTooSmall { needed });
            };
            copy(part, place);
            rest = after;
        }
        Ok(self.owned_by(buffer))
    }

    /// Copies the event into one allocation of exactly its size.
    #[cfg(feature = "alloc")]
    pub fn to_boxed(&self) -> BoxedEvent {
        let buffer = match (self.event_type, self.last_event_id) {
            // Most events are data alone, and one copy is faster than joining three parts.
            ([], []) => self.data.into(),
            _ => [self.event_type, self.last_event_id, self.data].concat().into_boxed_slice(),
        };
        self.owned_by(buffer)
    }

    /// Copies the event into a [`heapless::Vec`](heapless_v0_9::Vec) of `N` bytes.
    ///
    /// # Errors
    ///
    /// As [`copy_into`](Self::copy_into).
    #[cfg(feature = "heapless-v0.9")]
    pub fn to_heapless<const N: usize>(&self) -> Result<OwnedEvent<heapless_v0_9::Vec<u8, N>>, BufferTooSmall> {
        self.copy_into(heapless_v0_9::Vec::new())
    }

    /// Makes an owned event of a buffer that holds the parts in order.
    fn owned_by<B>(&self, buffer: B) -> OwnedEvent<B> {
        OwnedEvent {
            event_type_len: self.event_type.len(),
            id_len: self.last_event_id.len(),
            data_len: self.data.len(),
            has_id: self.has_id,
            buffer,
        }
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_type", &self.event_type())
            .field("sent_event_type", &self.sent_event_type())
            .field("data", &self.data())
            .field("last_event_id", &self.last_event_id())
            .field("id", &self.id())
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Event<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Event {{ event_type: {}, sent_event_type: {}, data: {}, last_event_id: {}, id: {} }}",
            self.event_type(),
            self.sent_event_type(),
            self.data(),
            self.last_event_id(),
            self.id(),
        );
    }
}

/// Holds one event in memory of its own, of any kind that is a [`Storage`].
///
/// It has the accessors of an [`Event`]. Two are equal exactly if their events are, whatever memory they are in.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "alloc")] {
/// use sse_wire::{OwnedEvent, Parser};
///
/// let mut parser = Parser::new([0; 64]);
/// let mut chunk = &b"event: greeting\ndata: hello\n\n"[..];
/// let owned = OwnedEvent::from(parser.next(&mut chunk).unwrap()?);
///
/// std::thread::spawn(move || assert_eq!(owned.data(), "hello")).join().unwrap();
/// # }
/// # Ok::<(), sse_wire::Overflow>(())
/// ```
#[derive(Clone)]
pub struct OwnedEvent<B> {
    event_type_len: usize,
    id_len: usize,
    data_len: usize,
    has_id: bool,
    /// `[ event type | last event ID | data | whatever is left over ]`
    buffer: B,
}

impl<B: Storage> OwnedEvent<B> {
    /// Borrows the event.
    pub fn as_event(&self) -> Event<'_> {
        let bytes = self.buffer.bytes();
        let (event_type, rest) = bytes.split_at_checked(self.event_type_len).unwrap_or_default();
        let (last_event_id, rest) = rest.split_at_checked(self.id_len).unwrap_or_default();
        let (data, _) = rest.split_at_checked(self.data_len).unwrap_or_default();
        Event { event_type, data, last_event_id, has_id: self.has_id }
    }

    /// Returns the event's type: see [`Event::event_type`].
    pub fn event_type(&self) -> Text<'_> {
        self.as_event().event_type()
    }

    /// Returns the type that the stream named: see [`Event::sent_event_type`].
    pub fn sent_event_type(&self) -> Option<Text<'_>> {
        self.as_event().sent_event_type()
    }

    /// Returns the data: see [`Event::data`].
    pub fn data(&self) -> Text<'_> {
        self.as_event().data()
    }

    /// Returns the last event ID as of this event: see [`Event::last_event_id`].
    pub fn last_event_id(&self) -> Text<'_> {
        self.as_event().last_event_id()
    }

    /// Returns the ID that this very event set: see [`Event::id`].
    pub fn id(&self) -> Option<Text<'_>> {
        self.as_event().id()
    }
}

/// Holds one event in one allocation of exactly its size. [`Event::to_boxed`] makes it.
#[cfg(feature = "alloc")]
pub type BoxedEvent = OwnedEvent<alloc::boxed::Box<[u8]>>;

#[cfg(feature = "alloc")]
impl From<Event<'_>> for BoxedEvent {
    fn from(event: Event<'_>) -> Self {
        event.to_boxed()
    }
}

impl<A: Storage, B: Storage> PartialEq<OwnedEvent<B>> for OwnedEvent<A> {
    fn eq(&self, other: &OwnedEvent<B>) -> bool {
        self.as_event() == other.as_event()
    }
}

impl<B: Storage> Eq for OwnedEvent<B> {}

impl<B: Storage> PartialEq<Event<'_>> for OwnedEvent<B> {
    fn eq(&self, other: &Event<'_>) -> bool {
        self.as_event() == *other
    }
}

impl<B: Storage> Hash for OwnedEvent<B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_event().hash(state);
    }
}

impl<B: Storage> fmt::Debug for OwnedEvent<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_event().fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl<B: Storage> defmt::Format for OwnedEvent<B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.as_event().format(f);
    }
}
