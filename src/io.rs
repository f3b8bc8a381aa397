//! Events from any [`std::io::BufRead`]: a file, standard input, a socket, the body of a response.
//!
//! [`EventReader`] fills, parses and consumes in one loop. It adds nothing to the [`Parser`], so all that is said there
//! about events, memory and losses holds here, too.
//!
//! # Examples
//!
//! A whole program that prints the events of a reader. An event that is too large is one report, and the loop goes on:
//!
//! ```
//! use sse_wire::{End, Error, io::EventReader};
//! use std::io::{self, BufRead};
//!
//! fn print_all(reader: impl BufRead) -> io::Result<usize> {
//!     let mut events = EventReader::new(reader);
//!     let mut count = 0;
//!     loop {
//!         match events.next_event() {
//!             Ok(Some(event)) => {
//!                 println!("{}: {}", event.event_type(), event.data());
//!                 count += 1;
//!             }
//!             Ok(None) => break,
//!             Err(Error::Overflow(overflow)) => eprintln!("{overflow}"),
//!             Err(Error::Transport(error)) => return Err(error),
//!         }
//!     }
//!     // The standard discards an event without its last blank line. Servers that forget it exist.
//!     if let End::Unfinished(rest) = events.parser_mut().end() {
//!         eprintln!("cut off: {:?}", rest.event());
//!     }
//!     Ok(count)
//! }
//!
//! // Any reader of bytes, behind a buffer.
//! let socket = &b"data: Hello\n\nevent: bye\ndata\n\ndata: cut off\n"[..];
//! assert_eq!(print_all(io::BufReader::new(socket))?, 2);
//! # Ok::<(), io::Error>(())
//! ```
//!
//! The reader is also an iterator, of events with memory of their own:
//!
//! ```
//! use sse_wire::{BoxedEvent, Error, io::EventReader};
//! use std::io;
//!
//! let events: Vec<BoxedEvent> = EventReader::new(&b"data: a\n\ndata: b\n\n"[..]).collect::<Result<_, _>>()?;
//! assert_eq!(events[1].data(), "b");
//! # Ok::<(), Error<io::Error>>(())
//! ```

use crate::decode::{BoxedEvent, Event, Parser, Status};
use crate::error::Error;
use crate::storage::{Growing, Storage};
use core::fmt;
use std::io::{self, BufRead};

/// Reads events from a [`BufRead`].
///
/// It takes from the reader exactly the bytes up to the end of the event that it returns. So reader and parser can be taken
/// apart at any time, and nothing is lost between them.
///
/// # At the end, and after an error
///
/// At the end of the reader there is no event, and an unfinished one is discarded, unless you ask for it:
/// [`parser_mut`](Self::parser_mut), then [`end`](Parser::end). Until then another call asks the reader again, and goes on
/// in mid-event if it has more, as a file that grows does.
///
/// After [`Error::Overflow`] the next call goes on with the next event. After [`Error::Transport`] the next call asks the
/// reader again, with all that came before it kept. So a timeout, as a socket has with `set_read_timeout`, costs nothing.
/// [`Interrupted`](io::ErrorKind::Interrupted) is no error: the reader is asked again at once.
#[derive(Clone)]
pub struct EventReader<R, B: ?Sized = Growing> {
    reader: R,
    parser: Parser<B>,
}

impl<R> EventReader<R> {
    /// Makes a reader of events of at most [1 MiB](Growing::DEFAULT_LIMIT) each. For another limit, or memory of another
    /// kind, see [`with_parser`](Self::with_parser).
    pub fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::default())
    }
}

impl<R, B> EventReader<R, B> {
    /// Makes a reader of events with a parser, which goes on as it stands.
    ///
    /// # Examples
    ///
    /// A limit of 64 KiB, and then a second connection. Its parser knows the last event ID and the reconnection time of the
    /// first:
    ///
    /// ```
    /// use sse_wire::{Growing, Parser, io::EventReader};
    ///
    /// let stream = &b"id: 7\ndata: a\n\ndata: cut o"[..];
    /// let mut events = EventReader::with_parser(stream, Parser::new(Growing::new(64 << 10)));
    /// while events.next_event()?.is_some() {}
    ///
    /// let (_, mut parser) = events.into_parts();
    /// // Without this, the new stream would go on in the middle of the old one.
    /// parser.reconnect();
    /// let mut events = EventReader::with_parser(&b"data: b\n\n"[..], parser);
    /// let event = events.next_event()?.unwrap();
    /// assert_eq!((event.data(), event.last_event_id()), ("b".into(), "7".into()));
    /// # Ok::<(), sse_wire::Error<std::io::Error>>(())
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

    /// Returns the reader, to change a timeout, for example. What is read from it directly is missing from the events.
    pub const fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }
}

impl<R: BufRead, B: Storage + ?Sized> EventReader<R, B> {
    /// Reads the next event, and lends it until the next call. Returns `None` at the end of the reader.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] if the event is too large for the parser's buffer, [`Error::Transport`] if the reader fails. Both
    /// leave the reader ready for [the next call](Self#at-the-end-and-after-an-error).
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<io::Error>> {
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok([]) => return Ok(None),
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
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

/// Owned events, each in one allocation. It is not fused: after `None`, and after an error, the next call asks the reader
/// again.
impl<R: BufRead, B: Storage + ?Sized> Iterator for EventReader<R, B> {
    type Item = Result<BoxedEvent, Error<io::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_event().map(|event| event.map(BoxedEvent::from)).transpose()
    }
}

impl<R, B: Storage + ?Sized> fmt::Debug for EventReader<R, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReader").field("parser", &&self.parser).finish_non_exhaustive()
    }
}
