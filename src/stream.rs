//! Streams of events from [streams](futures_core::Stream) of chunks: what the crate
//! [eventsource-stream](https://docs.rs/eventsource-stream) does, under the same names.
//!
//! # Examples
//!
//! With reqwest (feature `stream`) and the `StreamExt` of futures-util, futures-lite or tokio-stream:
//!
//! ```
//! # use core::pin::{Pin, pin};
//! # use core::task::{Context, Poll, Waker};
//! # mod reqwest {
//! #     use core::pin::Pin;
//! #     use core::task::{Context, Poll};
//! #     pub type Error = std::io::Error;
//! #     pub struct Response(pub Vec<&'static str>);
//! #     pub struct Chunks(std::vec::IntoIter<&'static str>);
//! #     impl Response {
//! #         pub fn bytes_stream(self) -> Chunks { Chunks(self.0.into_iter()) }
//! #     }
//! #     impl futures_core::Stream for Chunks {
//! #         type Item = Result<&'static str, Error>;
//! #         fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
//! #             Poll::Ready(self.0.next().map(Ok))
//! #         }
//! #     }
//! # }
//! # trait StreamExt: futures_core::Stream + Unpin {
//! #     async fn next(&mut self) -> Option<Self::Item> {
//! #         core::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
//! #     }
//! # }
//! # impl<S: futures_core::Stream + Unpin> StreamExt for S {}
//! use sse_wire::stream::{EventStreamError, Eventsource};
//!
//! async fn answer(response: reqwest::Response) -> Result<String, reqwest::Error> {
//!     let mut events = response.bytes_stream().eventsource();
//!     let mut answer = String::new();
//!     while let Some(event) = events.next().await {
//!         match event {
//!             Ok(event) if event.data == "[DONE]" => break,
//!             Ok(event) => answer.push_str(&event.data),
//!             // One event was larger than 1 MiB. The stream goes on with the next.
//!             Err(EventStreamError::Overflow(overflow)) => eprintln!("{overflow}"),
//!             Err(EventStreamError::Transport(error)) => return Err(error),
//!         }
//!     }
//!     Ok(answer)
//! }
//! # let response = reqwest::Response(vec!["data: Hello,\n\nda", "ta:  wo", "rld\n\n", "data: [DONE]\n\n"]);
//! # let mut answer = pin!(answer(response));
//! # let Poll::Ready(answer) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
//! # assert_eq!(answer.unwrap(), "Hello, world");
//! ```
//!
//! # Moving from eventsource-stream
//!
//! Change `use eventsource_stream::Eventsource` to `use sse_wire::stream::Eventsource`. [`Event`] has the same four fields.
//! What differs:
//!
//! * An event of more than 1 MiB is lost and reported ([`EventStream::with_parser`] sets another limit). There it takes
//!   memory without a limit.
//! * [`EventStreamError`] has `Overflow`, and neither `Utf8` nor `Parser`: no stream is an error, as the standard has it.
//!   Malformed UTF-8 is decoded to U+FFFD. (There a malformed byte in mid-stream keeps back all that comes after it.)
//! * The rules of the format are followed where it deviates from them. A byte order mark is skipped (there it panics). A CR
//!   ends its line at once (there it waits for the next byte). A `retry` in a block without data goes with the next event
//!   (there it is lost), and takes digits only. A last event ID that was set stays until the stream sets another.
//! * [`EventStream::last_event_id`] returns a [`Text`], and [`EventStream::set_last_event_id`] takes an [`EventId`] and may
//!   fail.
//! * A struct that holds an [`EventStream<S>`](EventStream) needs the bound `S: TryStream`.

use crate::decode::{BoxedEvent, Parser};
use crate::error::{BufferTooSmall, Error};
use crate::event_id::EventId;
use crate::storage::Growing;
use crate::text::Text;
use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use futures_core::{Stream, TryStream};

/// The error of an [`EventStream`], by the name that eventsource-stream gives it.
pub type EventStreamError<E> = Error<E>;

/// Owns one event, as text: malformed UTF-8 has become U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Event {
    /// The event's type, which is `message` if the stream named none.
    pub event: String,
    /// The data, its lines joined by one LF each.
    pub data: String,
    /// The last event ID as of this event: the ID that it set, or else the latest one. Empty if there is none.
    pub id: String,
    /// The reconnection time, if the stream has set one since the event before: within this event, within one that was lost,
    /// or between events.
    pub retry: Option<Duration>,
}

/// The reconnection time is not the event's, so it is `None`.
impl From<crate::Event<'_>> for Event {
    fn from(event: crate::Event<'_>) -> Self {
        Self {
            event: decode(event.event_type()),
            data: decode(event.data()),
            id: decode(event.last_event_id()),
            retry: None,
        }
    }
}

/// Copies a text as the standard decodes it. The valid ones in one allocation of their size.
fn decode(text: Text<'_>) -> String {
    match text.to_str() {
        Ok(valid) => valid.into(),
        Err(_) => text.to_string_lossy().into_owned(),
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Event {
    fn format(&self, f: defmt::Formatter<'_>) {
        let (event, data, id) = (self.event.as_str(), self.data.as_str(), self.id.as_str());
        defmt::write!(f, "Event {{ event: {}, data: {}, id: {}, retry: {} }}", event, data, id, self.retry);
    }
}

mod sealed {
    use super::{BoxedEvent, Duration, Event};

    /// Is made of an event that is only lent.
    pub trait Item: for<'a> From<crate::Event<'a>> {
        /// Takes the reconnection time that came with the event.
        fn set_retry(&mut self, _retry: Option<Duration>) {}
    }

    impl Item for Event {
        fn set_retry(&mut self, retry: Option<Duration>) {
            self.retry = retry;
        }
    }

    impl Item for BoxedEvent {}
}

/// Turns any stream of chunks into a stream of events: `response.bytes_stream().eventsource()`.
///
/// A chunk is anything that has bytes: `Bytes`, `Vec<u8>`, `String`, `&[u8]`. An error of any type passes through.
pub trait Eventsource: TryStream + Sized {
    /// Makes a stream of events of at most [1 MiB](Growing::DEFAULT_LIMIT) each.
    fn eventsource(self) -> EventStream<Self>;
}

impl<S, B, E> Eventsource for S
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    fn eventsource(self) -> EventStream<Self> {
        EventStream::new(self)
    }
}

pin_project_lite::pin_project! {
    /// A stream of the events in a stream of chunks: see [`Eventsource`].
    ///
    /// `T` is what the events are: [`Event`], which has its text in a `String` each, or [`BoxedEvent`], which has its bytes
    /// in one allocation, undecoded. An event that lies in one chunk with one `data` line is copied once.
    ///
    /// # At the end, and after an error
    ///
    /// The stream of events ends with the stream of chunks, and then stays at its end. An unfinished event is discarded,
    /// unless you ask for it: [`parser_mut`](Self::parser_mut), then [`end`](Parser::end).
    ///
    /// After [`Error::Overflow`] the stream goes on with the next event. After [`Error::Transport`] it goes on as the stream
    /// of chunks does, with all that came before kept. Most streams of chunks end after an error.
    #[must_use = "streams do nothing unless polled"]
    pub struct EventStream<S: TryStream, T = Event> {
        #[pin]
        stream: S,
        // The chunk in progress, and how much of it has been read. There is none if all of it has.
        chunk: Option<S::Ok>,
        read: usize,
        parser: Parser<Growing>,
        // The reconnection time that the next event takes along.
        retry: Option<u64>,
        is_at_end: bool,
        events: PhantomData<fn() -> T>,
    }
}

impl<S: TryStream> EventStream<S> {
    /// Makes a stream of events of at most [1 MiB](Growing::DEFAULT_LIMIT) each.
    pub fn new(stream: S) -> Self {
        Self::with_parser(stream, Parser::default())
    }
}

impl<S: TryStream, T> EventStream<S, T> {
    /// Makes a stream of events with a parser, which goes on as it stands: for another limit, for [`BoxedEvent`]s, or for
    /// the next connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::stream::EventStream;
    /// use sse_wire::{BoxedEvent, Growing, Parser};
    /// # use core::{pin::{Pin, pin}, task::{Context, Poll, Waker}};
    /// # use futures_core::Stream;
    /// # struct Chunks(Option<&'static str>);
    /// # impl Stream for Chunks {
    /// #     type Item = Result<&'static str, std::io::Error>;
    /// #     fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
    /// #         Poll::Ready(self.0.take().map(Ok))
    /// #     }
    /// # }
    /// # fn next<S: Stream + Unpin>(stream: &mut S) -> S::Item {
    /// #     match Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop())) {
    /// #         Poll::Ready(Some(item)) => item,
    /// #         _ => panic!("no event"),
    /// #     }
    /// # }
    /// # let (first_body, second_body) = (Chunks(Some("id: 7\ndata: a\n\ndata: cut o")), Chunks(Some("data: b\n\n")));
    ///
    /// let limit = Growing::new(64 << 10);
    /// let mut events: EventStream<_, BoxedEvent> = EventStream::with_parser(first_body, Parser::new(limit));
    /// assert_eq!(next(&mut events)?.data(), "a");
    ///
    /// let mut parser = events.into_parser();
    /// // Without this, the new stream would go on in the middle of the old one.
    /// parser.reconnect();
    /// let mut events: EventStream<_, BoxedEvent> = EventStream::with_parser(second_body, parser);
    /// assert_eq!(next(&mut events)?.last_event_id(), "7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn with_parser(stream: S, parser: Parser<Growing>) -> Self {
        Self { stream, chunk: None, read: 0, parser, retry: None, is_at_end: false, events: PhantomData }
    }

    /// Returns the parser, which knows the last event ID and the reconnection time. What has not been read of the latest
    /// chunk is gone.
    pub fn into_parser(self) -> Parser<Growing> {
        self.parser
    }

    /// Returns the parser: for the reconnection time, for example.
    pub const fn parser(&self) -> &Parser<Growing> {
        &self.parser
    }

    /// Returns the parser, to [end](Parser::end) the stream, for example.
    pub const fn parser_mut(&mut self) -> &mut Parser<Growing> {
        &mut self.parser
    }

    /// Returns what [`parser_mut`](Self::parser_mut) does, if the stream is pinned.
    pub fn parser_pin_mut(self: Pin<&mut Self>) -> &mut Parser<Growing> {
        self.project().parser
    }

    /// Returns the last event ID: see [`Parser::last_event_id`].
    pub fn last_event_id(&self) -> Text<'_> {
        self.parser.last_event_id()
    }

    /// Replaces the last event ID, to resume where an earlier program stopped: see [`Parser::set_last_event_id`].
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if the ID is longer than the limit. The last event ID is then as it was.
    pub fn set_last_event_id(&mut self, id: EventId<'_>) -> Result<(), BufferTooSmall> {
        self.parser.set_last_event_id(id)
    }
}

impl<S, T> Stream for EventStream<S, T>
where
    S: TryStream,
    S::Ok: AsRef<[u8]>,
    T: sealed::Item,
{
    type Item = Result<T, EventStreamError<S::Error>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        loop {
            if let Some(chunk) = this.chunk {
                let mut rest = chunk.as_ref().get(*this.read..).unwrap_or_default();
                let unread = rest.len();
                // Taken out, so that a new one shows.
                let retry = this.parser.take_retry();
                let item = this.parser.next(&mut rest).map(|event| event.map(T::from));
                match (this.parser.retry(), retry) {
                    (Some(new), _) => *this.retry = Some(new),
                    (None, Some(before)) => this.parser.set_retry(before),
                    (None, None) => {}
                }
                *this.read = this.read.saturating_add(unread.saturating_sub(rest.len()));
                if rest.is_empty() {
                    *this.chunk = None;
                }
                match item {
                    None => {}
                    Some(Ok(mut event)) => {
                        event.set_retry(this.retry.take().map(Duration::from_millis));
                        return Poll::Ready(Some(Ok(event)));
                    }
                    Some(Err(overflow)) => return Poll::Ready(Some(Err(overflow.into()))),
                }
            }
            if *this.is_at_end {
                return Poll::Ready(None);
            }
            match ready!(this.stream.as_mut().try_poll_next(context)) {
                Some(Ok(chunk)) => (*this.chunk, *this.read) = (Some(chunk), 0),
                Some(Err(error)) => return Poll::Ready(Some(Err(Error::Transport(error)))),
                None => *this.is_at_end = true,
            }
        }
    }
}

impl<S: TryStream, T> fmt::Debug for EventStream<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("parser", &self.parser).finish_non_exhaustive()
    }
}
