//! From fields to events: what a blank line completes, and what outlives it.

mod machine;
mod short;

use super::arena::{Arena, Lent, Part};
use super::end::{End, Unfinished};
use super::event::Event;
use super::name::Field;
use super::token::Tokenizer;
use crate::error::{InvalidId, Overflow};
use crate::scan::SMALL;
use crate::storage::Storage;
use crate::text::Text;
use core::fmt;

/// Turns the bytes of an event stream, in any chunks, into events, within the caller's buffer.
///
/// One parser serves one event source. It keeps what a browser would keep across connections: the last event ID and the
/// reconnection time.
///
/// # Two doors
///
/// * [`next`](Self::next) lends the event from the chunk whenever that holds it whole with one `data` line, and copies
///   nothing then.
/// * [`advance`](Self::advance), then [`event`](Self::event), borrows nothing between the two, which is what adapters need
///   that fill, parse and consume a buffer in one loop. It copies each event into the parser's buffer.
///
/// Both are doors to the same state. They can be mixed freely, and give the same events at the same bytes.
///
/// # Memory
///
/// There is one buffer and one budget. While a block is being read, the buffer holds the last event ID, the ID that the
/// block has set, its event type, and its data with one byte for each inner line break; a line that replaces an ID or a
/// type is counted beside the one it replaces until it ends, and of an ID with a NUL in it, what comes before the NUL. An
/// event is delivered exactly if the largest of these sums, over all its bytes, is at most the size of the buffer. What the
/// parser lends instead of storing counts too: whether an event fits never depends on where the network cut the stream.
/// So, with no ID in play, a buffer of N bytes takes every event whose type and data are N bytes together.
///
/// An event that does not fit is lost and reported, once, as an [`Overflow`] at its blank line. Comments and fields that
/// the format does not know cost nothing, however long they are.
///
/// Besides the buffer the parser takes 104 bytes on 64-bit targets and at most 64 on 32-bit targets. It never allocates,
/// except through a `Growing` buffer. The time for a stream is proportional to its length, however it is cut.
///
/// # Examples
///
/// The whole loop, when chunks come in from anywhere:
///
/// ```
/// use sse_wire::Parser;
///
/// let mut parser = Parser::new([0; 1024]);
/// let mut seen = String::new();
///
/// for mut chunk in [&b"data: Hello\nda"[..], b"ta: world\n\nid: 1\nda", b"ta: [DONE]\n\n"] {
///     while let Some(event) = parser.next(&mut chunk) {
///         match event {
///             Ok(event) if event.data() == "[DONE]" => seen.push_str("done"),
///             Ok(event) => seen.push_str(event.data().to_str()?),
///             Err(overflow) => eprintln!("{overflow}"),
///         }
///     }
/// }
/// assert_eq!(seen, "Hello\nworlddone");
/// assert_eq!(parser.last_event_id(), "1");
/// # Ok::<(), core::str::Utf8Error>(())
/// ```
///
/// A parser can live in a `static`, and its size can be forgotten:
///
/// ```
/// use sse_wire::{Parser, Status};
/// use std::sync::Mutex;
///
/// static PARSER: Mutex<Parser<[u8; 512]>> = Mutex::new(Parser::new([0; 512]));
///
/// /// Compiled once, whatever the size of the buffer.
/// fn feed(parser: &mut Parser<[u8]>, chunk: &[u8]) -> (usize, Status) {
///     parser.advance(chunk)
/// }
/// assert_eq!(feed(&mut *PARSER.lock().unwrap(), b"data\n\n"), (6, Status::Event));
/// ```
///
/// What [`next`](Self::next) hands out borrows the parser, so the parser cannot go on while the event is in use:
///
/// ```compile_fail,E0499
/// # use sse_wire::Parser;
/// # let mut parser = Parser::new([0; 64]);
/// let mut chunk = &b"data: a\n\ndata: b\n\n"[..];
/// let first = parser.next(&mut chunk);
/// let second = parser.next(&mut chunk);
/// assert_eq!(first, second);
/// ```
///
/// It may borrow the chunk too, so the chunk's memory cannot be filled again meanwhile:
///
/// ```compile_fail,E0506
/// # use sse_wire::Parser;
/// # let mut parser = Parser::new([0; 64]);
/// let mut memory = *b"data: a\n\n";
/// let mut chunk = &memory[..];
/// let event = parser.next(&mut chunk);
/// memory = *b"data: b\n\n";
/// assert!(event.is_some());
/// ```
///
/// But the parser never holds on to the chunk itself, so one read buffer serves the whole connection:
///
/// ```
/// # use sse_wire::Parser;
/// # let mut parser = Parser::new([0; 64]);
/// let mut memory = *b"data: a";
/// for refill in [*b" line\n\n", *b"data: b"] {
///     let mut chunk = &memory[..];
///     while let Some(event) = parser.next(&mut chunk) {
///         assert_eq!(event?.data(), "a line");
///     }
///     memory = refill;
/// }
/// # Ok::<(), sse_wire::Overflow>(())
/// ```
#[derive(Clone)]
pub struct Parser<B: ?Sized> {
    retry: Option<u64>,
    /// The digits so far of a `retry` line in progress.
    digits: u64,
    tokenizer: Tokenizer,
    line: Line,
    phase: Phase,
    arena: Arena<B>,
}

/// What is known of the value of the line in progress, beyond its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Nothing yet.
    Plain,
    /// It is a `retry` and all digits so far, of which there is at least one (section 6 of the rules).
    Digits,
    /// It has no effect: an `id` with a NUL, a `retry` with anything but digits (6).
    Void,
}

/// What the arena holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing yet of the block that is being read.
    Fresh,
    /// What the block has set so far.
    Block,
    /// A complete event that `event` shows.
    Event,
    /// What is left of a complete event that was handed out.
    Delivered,
    /// What is left of a block that the end of the stream cut off: to be dropped, its ID too.
    Ended,
}

/// Says why [`Parser::advance`] stopped where it did.
///
/// There will be no other cases, so a `match` needs no wildcard and the compiler checks every caller's loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the status says whether an event is ready or was lost"]
pub enum Status {
    /// The input is used up and completed nothing more.
    NeedInput,
    /// An event is complete: [`Parser::event`] is it, until the next call.
    Event,
    /// An event was lost, and the parser stands behind it.
    Overflow(Overflow),
}

impl<B> Parser<B> {
    /// Makes a parser that stands at the start of a stream, with no last event ID and no reconnection time.
    ///
    /// The buffer's size is the limit on its events ([the sum](Self#memory)); what is in it does not matter.
    pub const fn new(buffer: B) -> Self {
        Self {
            retry: None,
            digits: 0,
            tokenizer: Tokenizer::new(),
            line: Line::Plain,
            phase: Phase::Fresh,
            arena: Arena::new(buffer),
        }
    }

    /// Gives the buffer back, with unspecified contents.
    pub fn into_buffer(self) -> B {
        self.arena.into_buffer()
    }
}

impl<B: Storage + ?Sized> Parser<B> {
    /// Reads on until an event is complete or lost, or the input is used up, and returns how many bytes it read and which
    /// of the three it was.
    ///
    /// It reads up to the byte that completes the event and not one further, so the same bytes make the same events however
    /// they are cut. With [`Status::NeedInput`] the count is all of `input`. An empty `input` is allowed and changes
    /// nothing, except that the event of the call before is gone.
    ///
    /// # Examples
    ///
    /// The whole loop over a buffered reader; `consume` is free to move the buffer, for nothing borrows it:
    ///
    /// ```
    /// use sse_wire::{Parser, Status};
    /// use std::io::BufRead;
    ///
    /// fn print_all(mut reader: impl BufRead) -> std::io::Result<usize> {
    ///     let mut parser = Parser::new([0; 1024]);
    ///     let mut count = 0;
    ///     loop {
    ///         let chunk = reader.fill_buf()?;
    ///         if chunk.is_empty() {
    ///             return Ok(count);
    ///         }
    ///         let (consumed, status) = parser.advance(chunk);
    ///         reader.consume(consumed);
    ///         match status {
    ///             Status::NeedInput => {}
    ///             Status::Event => {
    ///                 count += 1;
    ///                 if let Some(event) = parser.event() {
    ///                     println!("{}", event.data());
    ///                 }
    ///             }
    ///             Status::Overflow(overflow) => eprintln!("{overflow}"),
    ///         }
    ///     }
    /// }
    /// assert_eq!(print_all(&b"data: a\n\ndata: b\n\n"[..])?, 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[inline(always)]
    #[must_use = "the first number is how much of the input to consume"]
    pub fn advance(&mut self, input: &[u8]) -> (usize, Status) {
        let mut rest = input;
        self.begin();
        let status = if self.rest_of_line(&mut rest) {
            Status::NeedInput
        } else if let Some(lent) = self.whole(&mut rest) {
            self.keep(lent)
        } else if self.blank_line(&mut rest) {
            Status::Event
        } else if !SMALL && rest.is_empty() {
            Status::NeedInput
        } else {
            self.read(&mut rest, &mut Lent::<false>::default())
        };
        if status == Status::Event {
            self.phase = Phase::Event;
        }
        (input.len() - rest.len(), status)
    }

    /// Returns the event that the last call of [`advance`](Self::advance) completed, if that is what it did.
    ///
    /// It borrows the parser, so it has to be done with before the next call:
    ///
    /// ```compile_fail,E0502
    /// # use sse_wire::Parser;
    /// # let mut parser = Parser::new([0; 64]);
    /// let (consumed, _) = parser.advance(b"data: a\n\n");
    /// let event = parser.event();
    /// let (consumed, _) = parser.advance(b"data: b\n\n");
    /// assert!(event.is_some());
    /// ```
    pub fn event(&self) -> Option<Event<'_>> {
        (self.phase == Phase::Event).then(|| self.assemble(Lent::<false>::default()))
    }

    /// Returns the next event in `input`, or its loss, and takes what it read off the front of `input`; returns `None`
    /// when `input` is used up.
    ///
    /// The event lies in the chunk if its lines do and only one of them is `data`; other events are put together in the
    /// buffer. It reads as far as [`advance`](Self::advance) does.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if the event that ends here was too large for the buffer. The parser stands behind it and goes on with
    /// the next call.
    #[inline(always)]
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot lend from itself")]
    pub fn next<'p, 'c: 'p>(&'p mut self, input: &mut &'c [u8]) -> Option<Result<Event<'p>, Overflow>> {
        self.begin();
        if self.rest_of_line(input) {
            return None;
        }
        if let Some(lent) = self.whole(input) {
            return Some(Ok(self.lend(lent)));
        }
        if self.blank_line(input) {
            return Some(Ok(self.assemble(Lent::<false>::default())));
        }
        if !SMALL && input.is_empty() {
            return None;
        }
        let mut lent = Lent::<true>::default();
        match self.read(input, &mut lent) {
            Status::NeedInput => None,
            Status::Event => Some(Ok(self.assemble(lent))),
            Status::Overflow(overflow) => Some(Err(overflow)),
        }
    }

    /// Ends the stream, says whether that cut anything off, and makes ready for the next connection, as
    /// [`reconnect`](Self::reconnect) does.
    ///
    /// A stream that ends without its last blank line leaves an unfinished event, which the standard discards (section 8):
    /// its ID was never committed, its `retry` has taken effect. Who wants to see it all the same finds it in
    /// [`Unfinished`].
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{End, Parser};
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut chunk = &b"data: done\n\n: and so to bed\n"[..];
    /// while let Some(event) = parser.next(&mut chunk) {
    ///     assert_eq!(event?.data(), "done");
    /// }
    /// assert_eq!(parser.end(), End::Clean);
    ///
    /// // A server that forgets the last blank line.
    /// let mut chunk = &b"id: 9\ndata: [DONE]\n"[..];
    /// assert_eq!(parser.next(&mut chunk), None);
    /// let End::Unfinished(rest) = parser.end() else { panic!("the blank line is missing") };
    /// assert!(!rest.is_mid_line() && rest.is_mid_event());
    /// assert_eq!(rest.event().unwrap().data(), "[DONE]");
    /// assert_eq!(parser.last_event_id(), "");
    /// # Ok::<(), sse_wire::Overflow>(())
    /// ```
    pub fn end(&mut self) -> End<'_> {
        self.begin();
        let cut = core::mem::take(&mut self.tokenizer);
        let line = core::mem::replace(&mut self.line, Line::Plain);
        self.digits = 0;
        self.phase = Phase::Ended;
        let is_mid_event = self.arena.is_mid_event();
        if !cut.is_mid_line() && !is_mid_event {
            return End::Clean;
        }
        let part = match cut.field() {
            Some(Field::Data) => Some((Field::Data, Part::Data)),
            Some(Field::Event) => Some((Field::Event, Part::EventType)),
            Some(Field::Id) if line == Line::Plain => Some((Field::Id, Part::Id)),
            _ => None,
        };
        let overflow = self.arena.is_lost().then(|| Overflow::new(self.arena.peak(), self.arena.is_id_lost()));
        End::Unfinished(Unfinished {
            event: (self.arena.has_data() && overflow.is_none()).then(|| self.assemble(Lent::<false>::default())),
            line: part.and_then(|(field, part)| Some((field, Text::new(self.arena.line(part)?)))),
            overflow,
            is_mid_line: cut.is_mid_line(),
            is_mid_event,
        })
    }

    /// Starts a new connection: drops the block in progress, expects a byte order mark again, and keeps the last event ID
    /// and the reconnection time (section 4 of the rules).
    pub fn reconnect(&mut self) {
        let _ = self.end();
    }

    /// Returns the last event ID: what goes into the `Last-Event-ID` header of the next request, unless it is empty.
    ///
    /// An ID is committed at the blank line of its block, also if the block had no data or its data did not fit.
    pub fn last_event_id(&self) -> Text<'_> {
        let is_committed = matches!(self.phase, Phase::Fresh | Phase::Block | Phase::Ended) || !self.arena.has_id();
        Text::new(if is_committed { self.arena.committed() } else { self.arena.id() })
    }

    /// Replaces the last event ID, to resume where an earlier program left off. It counts as set before the block in
    /// progress, which is kept. An event that [`event`](Self::event) still shows is gone afterwards.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] if no stream could have set such an ID, or if it does not fit into the buffer. The last event ID and
    /// the block in progress are then as they were.
    pub fn set_last_event_id(&mut self, id: &str) -> Result<(), InvalidId> {
        let mut bytes = id.bytes().enumerate();
        if let Some((at, byte)) = bytes.find(|(_, byte)| matches!(byte, b'\0' | b'\n' | b'\r')) {
            return Err(InvalidId::Forbidden { byte, at });
        }
        self.begin();
        self.arena.set_committed(id.as_bytes()).map_err(|needed| InvalidId::TooLong { needed })
    }

    /// Returns the reconnection time in milliseconds that the stream asked for, if it did. Numbers above `u64::MAX` are
    /// `u64::MAX`.
    ///
    /// A `retry` line takes effect as soon as it ends, whatever becomes of its block.
    pub const fn retry(&self) -> Option<u64> {
        self.retry
    }
}

impl<B: Storage + Default> Default for Parser<B> {
    fn default() -> Self {
        Self::new(B::default())
    }
}

impl<B: Storage + ?Sized> fmt::Debug for Parser<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parser")
            .field("event", &self.event())
            .field("is_mid_line", &self.tokenizer.is_mid_line())
            .field("last_event_id", &self.last_event_id())
            .field("retry", &self.retry)
            .field("limit", &self.arena.limit())
            .finish()
    }
}

#[cfg(feature = "defmt")]
impl<B: Storage + ?Sized> defmt::Format for Parser<B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Parser {{ event: {}, is_mid_line: {=bool}, last_event_id: {}, retry: {}, limit: {=usize} }}",
            self.event(),
            self.tokenizer.is_mid_line(),
            self.last_event_id(),
            self.retry,
            self.arena.limit(),
        );
    }
}
