//! An event source: a link and a parser, and what counts as progress.

use super::link::{Action, Closed, Link, Lost, ReadyState, Response};
use super::policy::Policy;
use crate::decode::{End, Event, Parser, Status};
use crate::error::{BufferTooSmall, Overflow};
use crate::event_id::EventId;
use crate::headers;
use crate::storage::Storage;
use crate::text::Text;
use core::fmt;

/// Says from where the next request asks the server to go on: see [`EventSource::resume_from`].
///
/// There will be no other cases, so the compiler checks that a caller thinks of all three.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ResumeFrom<'a> {
    /// There is no last event ID: the server starts where it does for a new client.
    Start,
    /// The headers carry this last event ID.
    Id(&'a str),
    /// The last event ID cannot travel in a header, so the server starts where it does for a new client. What it sent since
    /// this ID may come again or be missing. The caller may want to close instead, or to send the ID in some other way.
    Unsendable(Text<'a>),
}

/// Writes an ID as [`Text`] does. The way of `str` takes tables that would cost a device kilobytes, and code that can panic.
impl fmt::Debug for ResumeFrom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Id(id) => f.debug_tuple("Id").field(&Text::from(*id)).finish(),
            Self::Unsendable(id) => f.debug_tuple("Unsendable").field(id).finish(),
        }
    }
}

/// Follows an event source over any HTTP library: says when to connect and when to wait, and reads the stream.
///
/// [The module](super) tells the whole loop. `B` is the memory of the [`Parser`], whose size is
/// [the one limit on an event](Parser#memory).
///
/// Besides that memory it takes 184 bytes on 64-bit targets and at most 152 bytes on 32-bit targets. It never allocates,
/// except through a `Growing` buffer. One function can take sources of all sizes, as `&mut EventSource<[u8]>`, and a source
/// can live in a `static`. On a device, make it at run time instead, as with `StaticCell`, or lend it the buffer: a policy
/// is not all zeros, so the whole source, buffer included, would lie in flash, too.
///
/// # Examples
///
/// One connection, step by step, at times that are made up:
///
/// ```
/// use sse_wire::client::{Action, EventSource, Lost, Policy, ReadyState, Response};
/// use sse_wire::event_id;
///
/// let mut source = EventSource::new(Policy::RESILIENT, [0; 1024]);
/// source.set_last_event_id(event_id!("6"))?;
/// let random = || 0x8000_0000;
///
/// assert_eq!(source.poll(0, random), Action::Connect(Some(90_000)));
/// assert_eq!(source.headers().last(), Some(("last-event-id", "6")));
/// let response = Response { status: 200, content_type: b"text/event-stream", ..Response::default() };
/// assert_eq!(source.response(&response), ReadyState::Open);
/// assert_eq!(source.poll(250, random), Action::Receive(Some(90_000)));
///
/// let mut chunk = &b"id: 7\ndata: a\n\nid: 8\ndata: b"[..];
/// while let Some(event) = source.next(&mut chunk) {
///     assert_eq!(event?.data(), "a");
/// }
/// source.ended();
/// assert_eq!(source.lost(), Some(Lost::Ended));
///
/// // The reconnection time and half of it again, since the random bits stand for one half.
/// assert_eq!(source.poll(1000, random), Action::Wait(4500));
/// assert_eq!(source.poll(3000, random), Action::Wait(2500));
/// assert_eq!(source.poll(5500, random), Action::Connect(Some(90_000)));
/// assert_eq!(source.headers().last(), Some(("last-event-id", "7")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EventSource<B: ?Sized> {
    link: Link,
    /// A fingerprint of the last event ID at the time of the opening.
    id_at_opening: u32,
    /// The connection has brought an event.
    has_event: bool,
    parser: Parser<B>,
}

impl<B> EventSource<B> {
    /// Makes an event source that has not connected yet, with no last event ID.
    ///
    /// The buffer's size is [the limit on events](Parser#memory). What it holds does not matter.
    // Each call that is not inlined may copy the buffer on the stack.
    #[inline(always)]
    pub const fn new(policy: Policy, buffer: B) -> Self {
        Self { link: Link::new(policy), id_at_opening: 0, has_event: false, parser: Parser::new(buffer) }
    }

    /// Returns the parser, as it stands. The reconnection time stays behind: the source takes it from the parser at each
    /// loss.
    pub fn into_parser(self) -> Parser<B> {
        self.parser
    }
}

impl<B: Storage + ?Sized> EventSource<B> {
    /// Returns what to do now. Call it at the start, after everything that happened, and when the time of the last answer is
    /// over.
    ///
    /// `now` is the time in milliseconds since any moment, by a clock that does not go back. (If it does, no time has
    /// passed.) More calls than necessary change nothing. `random` returns random bits. It is called once for each wait,
    /// when that begins.
    ///
    /// No other call takes the time, so what happened since the last `poll` counts as happening now. A wait begins now, a
    /// silence is counted from now, and a connection has been open since the first `poll` after its
    /// [`response`](Self::response).
    ///
    /// # Examples
    ///
    /// A connection on which nothing comes:
    ///
    /// ```
    /// use sse_wire::client::{Action, EventSource, Lost, Policy};
    ///
    /// let mut source = EventSource::new(Policy::STANDARD.silence(60_000), [0; 64]);
    /// assert_eq!(source.poll(0, || 0), Action::Connect(Some(60_000)));
    /// assert_eq!(source.poll(59_999, || 0), Action::Receive(Some(1)));
    /// assert_eq!(source.poll(60_000, || 0), Action::Wait(3000));
    /// assert_eq!(source.lost(), Some(Lost::Silent));
    /// ```
    pub fn poll(&mut self, now: u64, random: impl FnOnce() -> u32) -> Action {
        self.link.tick(now);
        if self.link.is_silent() {
            self.lose(Lost::Silent);
        }
        let action = self.link.act(random);
        if matches!(action, Action::Connect(_)) {
            self.parser.reconnect();
        }
        action
    }

    /// Returns the headers of the request: see [`headers::request`]. [`resume_from`](Self::resume_from) tells what they ask
    /// for.
    ///
    /// They are those of the present last event ID, so set that first if you [acknowledge IDs](super#nothing-is-lost).
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> + Clone {
        headers::request(self.last_event_id())
    }

    /// Returns from where the next request asks the server to go on: what the [`headers`](Self::headers) carry.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::client::{EventSource, Policy, ResumeFrom};
    /// use sse_wire::event_id;
    ///
    /// let mut source = EventSource::new(Policy::RESILIENT, [0; 64]);
    /// assert_eq!(source.resume_from(), ResumeFrom::Start);
    /// source.set_last_event_id(event_id!("7"))?;
    /// assert_eq!(source.resume_from(), ResumeFrom::Id("7"));
    /// source.set_last_event_id(event_id!("7\x01"))?;
    /// assert_eq!(source.resume_from(), ResumeFrom::Unsendable("7\x01".into()));
    /// # Ok::<(), sse_wire::BufferTooSmall>(())
    /// ```
    pub fn resume_from(&self) -> ResumeFrom<'_> {
        let id = self.last_event_id();
        match self.headers().find(|(name, _)| *name == headers::LAST_EVENT_ID) {
            Some((_, id)) => ResumeFrom::Id(id),
            None if id.is_empty() => ResumeFrom::Start,
            None => ResumeFrom::Unsendable(id),
        }
    }

    /// Takes the response to the request, and returns how far the source is now. Read the body exactly if that is
    /// [`ReadyState::Open`].
    ///
    /// Without a request since the last loss there is no response, so nothing happens.
    ///
    /// For a response after which to try again at once, such as a 401 with credentials to refresh, or for one of a captive
    /// portal, call [`failed`](Self::failed) instead.
    #[must_use = "the body is to be read exactly if the source is open"]
    pub fn response(&mut self, response: &Response<'_>) -> ReadyState {
        if self.link.respond(response) {
            self.id_at_opening = fingerprint(self.last_event_id());
            self.has_event = false;
        }
        self.ready_state()
    }

    /// Returns the next event in `input`, or its loss, and takes what it read off the front of `input`: see
    /// [`Parser::next`]. Returns `None` when `input` is used up.
    ///
    /// Unless the source is [open](ReadyState::Open), the bytes belong to no stream: it takes all of them and returns
    /// `None`.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if the event that ends here was too large for the buffer. The source goes on behind it with the next
    /// call.
    #[inline(always)]
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot lend from itself")]
    pub fn next<'s, 'c: 's>(&'s mut self, input: &mut &'c [u8]) -> Option<Result<Event<'s>, Overflow>> {
        if !self.link.hear(input) {
            *input = &[];
            return None;
        }
        match self.parser.next(input) {
            Some(Ok(event)) => {
                self.has_event = true;
                Some(Ok(event))
            }
            other => other,
        }
    }

    /// Reads on until an event is complete or lost, or the input is used up. Returns the number of bytes it read, and which
    /// of the three it was: see [`Parser::advance`].
    ///
    /// Unless the source is [open](ReadyState::Open), the bytes belong to no stream: it takes all of them and needs more.
    #[inline(always)]
    #[must_use = "the first number is how much of the input to consume"]
    pub fn advance(&mut self, input: &[u8]) -> (usize, Status) {
        if !self.link.hear(input) {
            return (input.len(), Status::NeedInput);
        }
        let (consumed, status) = self.parser.advance(input);
        self.has_event |= status == Status::Event;
        (consumed, status)
    }

    /// Returns the event that the last call of [`advance`](Self::advance) completed, if it completed one and the source is
    /// [open](ReadyState::Open).
    pub fn event(&self) -> Option<Event<'_>> {
        match self.ready_state() {
            ReadyState::Open => self.parser.event(),
            _ => None,
        }
    }

    /// Takes the end of the body, after which the connection is lost, and returns what it left unfinished: see
    /// [`Parser::end`].
    ///
    /// Without a connection it changes nothing. What a silent connection left unfinished, or one that
    /// [`close`](Self::close) ended, can be had by this call, too, once and before the next [`Action::Connect`].
    pub fn ended(&mut self) -> End<'_> {
        self.lose(Lost::Ended);
        self.parser.end()
    }

    /// Takes a failure of the network, after which the connection is lost, and returns what it left unfinished: see
    /// [`ended`](Self::ended).
    ///
    /// Call it, too, for a response that is to be asked for again, though the policy would close the source.
    pub fn failed(&mut self) -> End<'_> {
        self.lose(Lost::Failed);
        self.parser.end()
    }

    /// Closes the source for good. If it is closed already, the first reason stays.
    pub fn close(&mut self) {
        self.link.close();
    }

    /// Ends a wait: the next [`poll`](Self::poll) connects. Call it when the network is back, or the user asks for it.
    ///
    /// Only an [`Action::Wait`] that is in progress ends. At any other time nothing happens.
    pub fn connect_now(&mut self) {
        self.link.connect_now();
    }

    /// Replaces the last event ID: at the start, to resume where an earlier program stopped; or on each [`Action::Connect`],
    /// to resume [behind what has been dealt with](super#nothing-is-lost).
    ///
    /// At any other time it works as [`Parser::set_last_event_id`] does. While the source is open, it counts as if the
    /// stream had set the ID.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if there is no room for the ID. The last event ID is then as it was.
    pub fn set_last_event_id(&mut self, id: EventId<'_>) -> Result<(), BufferTooSmall> {
        self.parser.set_last_event_id(id)
    }

    /// Returns the last event ID: see [`Parser::last_event_id`].
    pub fn last_event_id(&self) -> Text<'_> {
        self.parser.last_event_id()
    }

    /// Returns how far the source is.
    pub fn ready_state(&self) -> ReadyState {
        self.link.ready_state()
    }

    /// Returns why the source is closed, or `None` if it is not.
    pub fn closed(&self) -> Option<Closed> {
        self.link.closed()
    }

    /// Returns why the latest connection that was lost was lost, or `None` if none was. It stays until the next loss.
    pub fn lost(&self) -> Option<Lost> {
        self.link.latest_loss()
    }

    /// Returns the number of losses in a row. A loss counts with the [`poll`](Self::poll) after it, and an opening does not
    /// end the row by itself: see [what does](super#what-ends-a-row-of-losses).
    pub fn failures(&self) -> u32 {
        self.link.failures()
    }

    /// Declares the connection lost, if there is one, and takes its reconnection time.
    fn lose(&mut self, lost: Lost) {
        let retry = self.parser.take_retry();
        if let Some(ms) = retry {
            self.link.take_retry(ms);
        }
        let has_new_id = || fingerprint(self.last_event_id()) != self.id_at_opening;
        let is_open = self.ready_state() == ReadyState::Open;
        let has_progressed = is_open && (retry.is_some() && self.has_event || has_new_id());
        self.link.lose(lost, has_progressed);
    }
}

/// Returns a number that tells IDs apart (FNV-1a), so that the one at the opening need not be kept. Two IDs look alike once
/// in four thousand million times. Then the progress of one connection goes unnoticed.
fn fingerprint(id: Text<'_>) -> u32 {
    id.as_bytes().iter().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

impl<B: Storage + ?Sized> fmt::Debug for EventSource<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSource").field("link", &self.link).field("parser", &&self.parser).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, fingerprint};

    /// The vectors that the authors of FNV-1a have published.
    #[test]
    fn fingerprints() {
        let vectors = [("", 0x811C_9DC5), ("a", 0xE40C_292C), ("b", 0xE70C_2DE5), ("foobar", 0xBF9C_F968)];
        for (id, expected) in vectors {
            assert_eq!(fingerprint(Text::from(id)), expected, "{id:?}");
        }
    }
}
