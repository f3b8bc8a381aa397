//! Events from any `BufRead` of the crates [embedded-io](https://docs.rs/embedded-io) 0.7 and
//! [embedded-io-async](https://docs.rs/embedded-io-async) 0.7: what HTTP clients for devices return as the body of a
//! response.
//!
//! [`EventReader`] fills, parses and consumes in one loop, without an allocator. It adds nothing to the [`Parser`], so all
//! that is said there about events, memory and losses holds here, too.
//!
//! # Examples
//!
//! The events of a connection. Only `async` and `await` tell it from the blocking one:
//!
//! ```
//! use embedded_io_async::BufRead;
//! use sse_wire::{Error, embedded_io_v0_7::EventReader};
//!
//! async fn blink_all<R: BufRead>(body: R) -> Result<usize, R::Error> {
//!     let mut events = EventReader::new(body, [0; 512]);
//!     let mut count = 0;
//!     loop {
//!         match events.next_event_async().await {
//!             Ok(Some(event)) if event.event_type() == "blink" => count += 1,
//!             Ok(Some(_)) => {}
//!             Ok(None) => return Ok(count),
//!             // One event was larger than 512 bytes. The loop goes on with the next.
//!             Err(Error::Overflow(overflow)) => println!("{overflow}"),
//!             Err(Error::Transport(error)) => return Err(error),
//!         }
//!     }
//! }
//! # use std::{pin::pin, task::{Context, Poll, Waker}};
//! # fn block_on<F: Future>(future: F) -> F::Output {
//! #     let mut future = pin!(future);
//! #     loop {
//! #         if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
//! #             return output;
//! #         }
//! #     }
//! # }
//!
//! let body = &b"event: blink\ndata: 1\n\n: alive\n\nevent: blink\ndata: 2\n\n"[..];
//! assert_eq!(block_on(blink_all(body)), Ok(2));
//! ```

use crate::decode::{Event, Parser, Status};
use crate::error::Error;
use crate::storage::Storage;
use core::fmt;

/// Reads events from a `BufRead`, blocking with [`next_event`](Self::next_event) or not with
/// [`next_event_async`](Self::next_event_async).
///
/// It takes from the reader exactly the bytes up to the end of the event that it returns. So reader and parser can be taken
/// apart at any time, and nothing is lost between them. With `R = &mut Body` the reader is only borrowed.
///
/// `B` is the memory of the parser, whose size is [the one limit on an event](Parser#memory). One function can take readers
/// of all sizes, as `&mut EventReader<R, [u8]>`.
///
/// # At the end, and after an error
///
/// At the end of the reader there is no event, and an unfinished one is discarded, unless you ask for it:
/// [`parser_mut`](Self::parser_mut), then [`end`](Parser::end). Until then another call asks the reader again, and goes on
/// in mid-event if it has more.
///
/// After [`Error::Overflow`] the next call goes on with the next event. After [`Error::Transport`] the next call asks the
/// reader again, with all that came before it kept.
#[derive(Clone)]
pub struct EventReader<R, B: ?Sized> {
    reader: R,
    parser: Parser<B>,
}

impl<R, B> EventReader<R, B> {
    /// Makes a reader of events that fit into the buffer.
    pub const fn new(reader: R, buffer: B) -> Self {
        Self::with_parser(reader, Parser::new(buffer))
    }

    /// Makes a reader of events with a parser, which goes on as it stands. For the next connection of one event source, take
    /// the parser of the one before, after a [`reconnect`](Parser::reconnect): it knows the last event ID and the
    /// reconnection time.
    ///
    /// # Examples
    ///
    /// One parser outlives the connections:
    ///
    /// ```
    /// # #[cfg(feature = "embedded-io-v0.7")] {
    /// use sse_wire::{Parser, embedded_io_v0_7::EventReader};
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut seen = Vec::new();
    /// for body in [&b"id: 7\ndata: a\n\ndata: cut o"[..], b"data: b\n\n"] {
    ///     parser.reconnect();
    ///     let mut events = EventReader::with_parser(body, parser);
    ///     while let Some(event) = events.next_event().unwrap() {
    ///         seen.push(format!("{} after {}", event.data(), event.last_event_id()));
    ///     }
    ///     (_, parser) = events.into_parts();
    /// }
    /// assert_eq!(seen, ["a after 7", "b after 7"]);
    /// # }
    /// ```
    pub const fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, parser }
    }

    /// Returns the reader, which stands behind the last event, and the parser.
    pub fn into_parts(self) -> (R, Parser<B>) {
        (self.reader, self.parser)
    }
}

impl<R, B: ?Sized> EventReader<R, B> {
    /// Returns the parser: for the last event ID and the reconnection time, for example.
    pub const fn parser(&self) -> &Parser<B> {
        &self.parser
    }

    /// Returns the parser, to [set the last event ID](Parser::set_last_event_id) or to [end](Parser::end) the stream, for
    /// example.
    pub const fn parser_mut(&mut self) -> &mut Parser<B> {
        &mut self.parser
    }

    /// Returns the reader.
    pub const fn get_ref(&self) -> &R {
        &self.reader
    }

    /// Returns the reader. What is read from it directly is missing from the events.
    pub const fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }
}

#[cfg(feature = "embedded-io-v0.7")]
impl<R: embedded_io::BufRead, B: Storage + ?Sized> EventReader<R, B> {
    /// Reads the next event, and lends it until the next call. Returns `None` at the end of the reader.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] if the event is too large for the parser's buffer, [`Error::Transport`] if the reader fails. Both
    /// leave the reader ready for [the next call](Self#at-the-end-and-after-an-error). An error of the kind
    /// [`Interrupted`](embedded_io::ErrorKind::Interrupted) is none: the reader is asked again at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{Error, embedded_io_v0_7::EventReader};
    ///
    /// let mut events = EventReader::new(&b"data: Hi\n\ndata: too large\n\ndata: Ho\n\n"[..], [0; 4]);
    /// assert_eq!(events.next_event().unwrap().unwrap().data(), "Hi");
    /// assert!(matches!(events.next_event(), Err(Error::Overflow(overflow)) if overflow.needed == 9));
    /// assert_eq!(events.next_event().unwrap().unwrap().data(), "Ho");
    /// assert_eq!(events.next_event(), Ok(None));
    /// ```
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<R::Error>> {
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok([]) => return Ok(None),
                Ok(chunk) => chunk,
                Err(error) if is_interrupted(&error) => continue,
                Err(error) => return Err(Error::Transport(error)),
            };
            let (consumed, status) = self.parser.advance(chunk);
            self.reader.consume(consumed);
            match status {
                Status::NeedInput => {}
                Status::Event => return Ok(self.parser.event()),
                Status::Overflow(overflow) => return Err(overflow.into()),
            }
        }
    }
}

#[cfg(feature = "embedded-io-v0.7")]
fn is_interrupted(error: &impl embedded_io::Error) -> bool {
    error.kind() == embedded_io::ErrorKind::Interrupted
}

#[cfg(feature = "embedded-io-async-v0.7")]
impl<R: embedded_io_async::BufRead, B: Storage + ?Sized> EventReader<R, B> {
    /// Reads the next event, and lends it until the next call. Returns `None` at the end of the reader.
    ///
    /// **The future may be dropped at any time**, by a timeout or a `select`: no byte is lost, and the next call goes on. It
    /// waits only for the reader's `fill_buf`, so that must not lose bytes either when it is dropped, and a reader with a
    /// buffer of its own has no reason to.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] if the event is too large for the parser's buffer, [`Error::Transport`] if the reader fails. Both
    /// leave the reader ready for [the next call](Self#at-the-end-and-after-an-error). An error of the kind
    /// [`Interrupted`](embedded_io_async::ErrorKind::Interrupted) is none: the reader is asked again at once.
    pub async fn next_event_async(&mut self) -> Result<Option<Event<'_>>, Error<R::Error>> {
        use embedded_io_async::Error as _;
        loop {
            let chunk = match self.reader.fill_buf().await {
                Ok([]) => return Ok(None),
                Ok(chunk) => chunk,
                Err(error) if error.kind() == embedded_io_async::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::Transport(error)),
            };
            let (consumed, status) = self.parser.advance(chunk);
            self.reader.consume(consumed);
            match status {
                Status::NeedInput => {}
                Status::Event => return Ok(self.parser.event()),
                Status::Overflow(overflow) => return Err(overflow.into()),
            }
        }
    }
}

impl<R, B: Storage + ?Sized> fmt::Debug for EventReader<R, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReader").field("parser", &&self.parser).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<R, B: Storage + ?Sized> defmt::Format for EventReader<R, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "EventReader {{ parser: {} }}", &self.parser);
    }
}
