//! The API of the parser. [`reader`](super::reader) tells what the parser does.

use super::end::End;
use super::event::Event;
use super::reader::{Reader, Step};
use crate::error::{BufferTooSmall, Overflow};
use crate::event_id::EventId;
use crate::scan::FOR_SIZE;
use crate::storage::Storage;
use crate::text::Text;
use core::fmt;

/// Turns the bytes of an event stream, in chunks of any size, into events, within the caller's buffer.
///
/// One parser serves one event source. Across connections it keeps what a browser keeps: the last event ID and the
/// reconnection time.
///
/// # Two ways to read
///
/// * [`next`](Self::next) lends an event from the chunk if it can. The chunk and the parser stay borrowed while the event is
///   in use.
/// * [`advance`](Self::advance), then [`event`](Self::event), borrows nothing between the two calls. Adapters need that if
///   they fill, parse and consume a buffer in one loop. Each event is stored in the parser's buffer.
///
/// Both read the same state. They can be mixed freely, and they give equal events at the same bytes.
///
/// # Memory
///
/// There is one buffer, and its size is the one limit on an event:
///
/// > An event fits exactly if the length of the last event ID before it, the lengths of the values of all its `event`,
/// > `id` and `data` lines, and one byte for each line break between two `data` lines are together at most the buffer's
/// > size.
///
/// Lines without effect count, too: a type or an ID that a later line replaces, and an ID with a NUL. So the sum only grows,
/// and it is the same for every chunking. The limit also applies to an event that is lent from the chunk: whether an event
/// fits never depends on where the network cut the stream. Comments and unknown fields cost nothing, however long they are.
///
/// An event that does not fit is lost, and [`Overflow`] reports it once, at its blank line. [`Overflow::needed`] is the sum:
/// with a buffer of that size and an equal last event ID before it, the event would have been delivered. (A larger buffer
/// may have kept an earlier ID that this one had lost; then the sum is larger, too.) The ID of a lost event is kept if the
/// same sum over the last event ID and all its `id` lines alone is at most the buffer's size.
///
/// With no ID in play, a buffer of `n` bytes takes every event whose type is set once and is `n` bytes together with the
/// data.
///
/// Besides its buffer a parser takes 104 bytes on 64-bit targets and at most 72 bytes on 32-bit targets. It never allocates,
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
/// A parser can live in a `static`, and a function can take parsers of all sizes:
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
/// An event from [`next`](Self::next) borrows the parser, so the parser cannot go on while the event is in use:
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
/// It may borrow the chunk, too, so the chunk's memory cannot be filled again meanwhile:
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
/// The parser itself never borrows the chunk, so one read buffer serves the whole connection:
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
    pub(super) reader: Reader<B>,
}

/// Says why [`Parser::advance`] stopped where it did.
///
/// There will be no other cases, so a `match` needs no wildcard, and the compiler checks every caller's loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the status says whether an event is ready or was lost"]
pub enum Status {
    /// The input is used up, and completed nothing more.
    NeedInput,
    /// An event is complete. [`Parser::event`] returns it until the next call.
    Event,
    /// An event was lost. The parser has read past it.
    Overflow(Overflow),
}

impl<B> Parser<B> {
    /// Makes a parser that stands at the start of a stream, with no last event ID and no reconnection time.
    ///
    /// The buffer's size is [the limit on events](Self#memory). What it holds does not matter.
    pub const fn new(buffer: B) -> Self {
        Self { reader: Reader::new(buffer) }
    }

    /// Returns the buffer. What it holds is unspecified.
    pub fn into_buffer(self) -> B {
        self.reader.block.into_buffer()
    }
}

impl<B: Storage + ?Sized> Parser<B> {
    /// Reads on until an event is complete or lost, or the input is used up. Returns the number of bytes it read, and which
    /// of the three it was.
    ///
    /// It stops at the byte that completes the event, so the same bytes make the same events however they are cut. With
    /// [`Status::NeedInput`] the number is the length of `input`. An empty `input` is allowed. The event of an earlier call
    /// is gone after any call.
    ///
    /// # Examples
    ///
    /// The whole loop over a buffered reader. Nothing borrows the buffer when `consume` is called, so that may move it:
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
        let (step, rest) = self.reader.read::<{ !FOR_SIZE }>(input);
        let block = &mut self.reader.block;
        match step {
            Step::NeedInput => return (input.len(), Status::NeedInput),
            Step::Borrowed(borrowed) => {
                block.adopt(&borrowed);
                block.blank_line();
            }
            Step::Stored | Step::Lost => {}
        }
        let status = block.overflow().map_or(Status::Event, Status::Overflow);
        if status == Status::Event {
            block.show();
        }
        (input.len() - rest.len(), status)
    }

    /// Returns the event that the last call of [`advance`](Self::advance) completed, if it completed one.
    ///
    /// The event borrows the parser, so it must be out of use before the next call:
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
        self.reader.block.shown()
    }

    /// Returns the next event in `input`, or its loss, and takes what it read off the front of `input`. Returns `None` when
    /// `input` is used up.
    ///
    /// The event is lent from the chunk whenever that holds its block whole, with one `data` line: whatever comments,
    /// `retry` lines, unknown lines, and second `event` or `id` lines the block has, and wherever in the stream it stands,
    /// except after a byte order mark that came in pieces. Only the ID is copied, because it outlives the chunk. Other
    /// events are put together in the buffer. On bare metal (`target_os = "none"`) every event is stored, which takes less
    /// flash.
    ///
    /// **`input` must be a variable that outlives the loop.** `while let Some(event) = parser.next(&mut &chunk[..])` makes a
    /// new slice of the whole chunk each time round, and so reads the first event for ever.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if the event that ends here was too large for the buffer. The parser goes on behind it with the next
    /// call.
    #[inline(always)]
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot lend from itself")]
    pub fn next<'p, 'c: 'p>(&'p mut self, input: &mut &'c [u8]) -> Option<Result<Event<'p>, Overflow>> {
        let (step, rest) = self.reader.read::<{ !FOR_SIZE }>(input);
        *input = rest;
        match step {
            Step::NeedInput => None,
            Step::Borrowed(borrowed) => Some(Ok(self.reader.block.lend(borrowed))),
            Step::Stored => Some(Ok(self.reader.block.event())),
            Step::Lost => self.reader.block.overflow().map(Err),
        }
    }

    /// Ends the stream, returns what that leaves unfinished, and makes ready for the next connection, as
    /// [`reconnect`](Self::reconnect) does.
    ///
    /// A stream that ends without its last blank line leaves an unfinished event, which the standard discards
    /// ([section 8 of the rules](crate::rules#8-end-of-stream)): its ID was never committed, its `retry` has taken effect.
    /// [`Unfinished`](crate::Unfinished) shows it to those who want to see it all the same.
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
        self.reader.end()
    }

    /// Starts a new connection: drops the block in progress, expects a byte order mark again, and keeps the last event ID
    /// and the reconnection time ([section 4 of the rules](crate::rules#4-state)).
    pub fn reconnect(&mut self) {
        let _ = self.end();
    }

    /// Returns the last event ID, which goes into the `Last-Event-ID` header of the next request unless it is empty.
    ///
    /// The blank line of a block commits its ID, also if the block has no data or its data does not fit.
    pub fn last_event_id(&self) -> Text<'_> {
        Text::new(self.reader.block.last_event_id())
    }

    /// Replaces the last event ID, to resume where an earlier program stopped.
    ///
    /// Within a block, the ID counts as set before it, and the block goes on. Once a value of the block has begun, the
    /// longer one of the new ID and the one that it replaces counts towards [what the event needs](Self#memory): a longer
    /// one adds the difference, and one that is no longer always has room. An event that [`event`](Self::event) still shows
    /// is gone afterwards.
    ///
    /// Every ID that the parser reports can be put back, also one that is not UTF-8.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if there is no room for the ID: the event must still fit with it, or, if the event is lost
    /// already, its IDs must. The last event ID and the block in progress are then as they were. `needed` counts the block
    /// in progress, too.
    ///
    /// # Examples
    ///
    /// An ID outlives its event in memory of its own, or in flash, as bytes:
    ///
    /// ```
    /// use sse_wire::{EventId, Parser};
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut acknowledged = Vec::new();
    /// let mut chunk = &b"id: 7\ndata: a\n\n"[..];
    /// while let Some(event) = parser.next(&mut chunk) {
    ///     let event = event?;
    ///     // Once the event is dealt with for good:
    ///     acknowledged = event.last_event_id().as_bytes().to_vec();
    /// }
    ///
    /// let mut next_time = Parser::new([0; 64]);
    /// next_time.set_last_event_id(EventId::from_bytes(&acknowledged)?)?;
    /// assert_eq!(next_time.last_event_id(), "7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_last_event_id(&mut self, id: EventId<'_>) -> Result<(), BufferTooSmall> {
        let block = &mut self.reader.block;
        block.begin();
        block.set_last_event_id(id.as_bytes()).map_err(|needed| BufferTooSmall { needed })
    }

    /// Returns the reconnection time in milliseconds that the stream has set, if it has. A number above `u64::MAX` counts as
    /// `u64::MAX`.
    ///
    /// A `retry` line takes effect at its end, whatever becomes of its block.
    pub fn retry(&self) -> Option<u64> {
        self.reader.retry()
    }

    /// Takes the reconnection time out of the parser: returns it, and [`retry`](Self::retry) then returns `None`. So a
    /// caller that asks after every event notices each `retry` line, also one that repeats the time before. To keep the time
    /// in the parser, put it back with [`set_retry`](Self::set_retry).
    pub fn take_retry(&mut self) -> Option<u64> {
        self.reader.take_retry()
    }

    /// Sets the reconnection time in milliseconds, as a `retry` line does: to resume where an earlier program stopped, or to
    /// begin with a time of your own.
    pub fn set_retry(&mut self, milliseconds: u64) {
        self.reader.set_retry(milliseconds);
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
            .field("is_mid_line", &self.reader.tokenizer.is_mid_line())
            .field("last_event_id", &self.last_event_id())
            .field("retry", &self.retry())
            .field("limit", &self.reader.block.limit())
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
            self.reader.tokenizer.is_mid_line(),
            self.last_event_id(),
            self.retry(),
            self.reader.block.limit(),
        );
    }
}
