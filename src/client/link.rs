//! The state machine of a connection: when to connect, how long to wait, when to give up. It knows nothing of what a stream
//! says.
//!
//! Time is in one place: [`tick`](Link::tick). Everything else leaves a mark, and the clock starts with the next
//! [`act`](Link::act).

use super::policy::Policy;
use crate::headers;
use crate::text::Text;
use core::fmt;

/// Says what to do next: see [`EventSource::poll`](super::EventSource::poll).
///
/// There will be no other cases, so the compiler checks every caller's loop. All times are in milliseconds from the `now` of
/// the call. `None`: no time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "nothing happens unless the caller does it"]
pub enum Action {
    /// Drop any connection and send a request with [`headers`](super::EventSource::headers). Tell what comes of it with
    /// [`response`](super::EventSource::response) or [`failed`](super::EventSource::failed). Poll then, and after so long if
    /// nothing has come of it.
    Connect(Option<u32>),
    /// Await the network. Tell what it brings, then poll. If it brings nothing for so long, poll, too. The time is never 0.
    Receive(Option<u32>),
    /// Drop the connection and poll in so long.
    Wait(u32),
    /// Drop the connection. All is over, and nothing starts it again.
    Closed(Closed),
}

/// Says why a connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Lost {
    /// The body ended: [`EventSource::ended`](super::EventSource::ended).
    Ended,
    /// The network failed, or the caller said so: [`EventSource::failed`](super::EventSource::failed).
    Failed,
    /// No response or no byte came for [as long as the policy allows](Policy::silence).
    Silent,
    /// The response had this status, which the policy [takes for an outage](Policy::retry_status).
    Status(u16),
}

/// Says why an event source is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Closed {
    /// The caller closed it: [`EventSource::close`](super::EventSource::close).
    ByCaller,
    /// The server said with status 204 that there is no more to come.
    Stopped,
    /// The response had this status, which is no event stream and no outage. A redirection is one, too: the HTTP library
    /// follows those.
    Status(u16),
    /// The response had status 200, but is no event stream.
    ContentType,
    /// The connection was lost, and the policy [allows no further attempt](Policy::attempts).
    Lost(Lost),
}

/// Tells how far an event source is, in the standard's terms and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum ReadyState {
    /// It has no connection, or awaits the response.
    Connecting = 0,
    /// It receives the stream.
    Open = 1,
    /// It is over: see [`Closed`].
    Closed = 2,
}

/// Holds what counts of an HTTP response. Bytes are as they came; a header that is absent is empty.
///
/// # Examples
///
/// ```
/// use sse_wire::client::Response;
///
/// let response = Response { status: 200, content_type: b"text/event-stream", ..Response::default() };
/// assert_eq!(response.retry_after, b"");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Response<'a> {
    /// The status, such as 200.
    pub status: u16,
    /// The value of `content-type`. Several of them are joined by commas.
    pub content_type: &'a [u8],
    /// The value of `retry-after`. Only seconds count, not a date.
    pub retry_after: &'a [u8],
}

/// Writes the headers as text.
impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("content_type", &Text::new(self.content_type))
            .field("retry_after", &Text::new(self.retry_after))
            .finish()
    }
}

/// Where a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The next call connects.
    Due,
    /// A request is on its way.
    Connecting,
    /// The body is being received.
    Open,
    /// The connection is gone, and what follows from it is for the next call to say.
    Lost(Lost),
    /// The time until the next request runs.
    Waiting,
    /// Final.
    Closed(Closed),
}

/// For how long the connection has been open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Uptime {
    /// It has not.
    Unopened,
    /// The response is here, and the clock starts with the next call.
    Opened,
    /// For so many milliseconds.
    Running(u32),
}

/// Decides what to do about a connection.
#[derive(Clone)]
pub(super) struct Link {
    /// With the reconnection time that the stream has named, if it has.
    policy: Policy,
    state: State,
    latest_loss: Option<Lost>,
    /// The losses in a row.
    failures: u32,
    /// What the caller's clock showed last.
    now: u64,
    /// The milliseconds since the request, since the last byte, or since the wait began.
    clock: u32,
    uptime: Uptime,
    /// When lost: the shortest wait that `Retry-After` allows. When waiting: how long the wait is.
    wait: u32,
    /// A response or a byte has come since the last call, and the link is open.
    is_heard: bool,
}

impl Link {
    pub(super) const fn new(policy: Policy) -> Self {
        Self {
            policy,
            state: State::Due,
            latest_loss: None,
            failures: 0,
            now: 0,
            clock: 0,
            uptime: Uptime::Unopened,
            wait: 0,
            is_heard: false,
        }
    }

    /// Takes the time. A clock that goes back shows that no time has passed, and goes on from there.
    pub(super) fn tick(&mut self, now: u64) {
        let passed = u32::try_from(now.saturating_sub(self.now)).unwrap_or(u32::MAX);
        self.now = now;
        self.clock = self.clock.saturating_add(passed);
        if let Uptime::Running(ms) = &mut self.uptime {
            *ms = ms.saturating_add(passed);
        }
    }

    /// Returns whether the connection has been silent for too long. It must count as lost then.
    pub(super) fn is_silent(&self) -> bool {
        matches!(self.state, State::Connecting | State::Open) && !self.is_heard && self.silence_left() == Some(0)
    }

    /// Returns how much longer silence is borne, if it has a limit.
    fn silence_left(&self) -> Option<u32> {
        (self.policy.silence > 0).then(|| self.policy.silence.saturating_sub(self.clock))
    }

    /// Returns what to do now. A connection that is [silent](Self::is_silent) must have been declared lost.
    pub(super) fn act(&mut self, random: impl FnOnce() -> u32) -> Action {
        match self.state {
            State::Due => self.connect(),
            State::Connecting => Action::Receive(self.silence_left()),
            State::Open => {
                if core::mem::take(&mut self.is_heard) {
                    self.clock = 0;
                }
                if self.uptime == Uptime::Opened {
                    self.uptime = Uptime::Running(0);
                }
                Action::Receive(self.silence_left())
            }
            State::Lost(lost) => self.judge(lost, random),
            State::Waiting => match self.wait.saturating_sub(self.clock) {
                0 => self.connect(),
                left => Action::Wait(left),
            },
            State::Closed(reason) => Action::Closed(reason),
        }
    }

    fn connect(&mut self) -> Action {
        self.state = State::Connecting;
        self.clock = 0;
        self.uptime = Uptime::Unopened;
        Action::Connect(self.silence_left())
    }

    /// Counts a loss, and gives up or begins to wait.
    fn judge(&mut self, lost: Lost, random: impl FnOnce() -> u32) -> Action {
        let is_stable = match self.uptime {
            Uptime::Unopened => false,
            Uptime::Opened => self.policy.stable == 0,
            Uptime::Running(ms) => ms >= self.policy.stable,
        };
        let losses_before = if is_stable { 0 } else { self.failures };
        self.failures = losses_before.saturating_add(1);
        if self.failures > self.policy.attempts {
            self.state = State::Closed(Closed::Lost(lost));
            return Action::Closed(Closed::Lost(lost));
        }
        self.state = State::Waiting;
        self.clock = 0;
        self.wait = self.policy.wait(losses_before, self.wait, random());
        Action::Wait(self.wait)
    }

    /// Takes the response to the request (section 9 of the rules), and returns whether the connection is open now. Without a
    /// request there is no response.
    pub(super) fn respond(&mut self, response: &Response<'_>) -> bool {
        if self.state != State::Connecting {
            return false;
        }
        self.state = match response.status {
            200 if headers::is_event_stream(response.content_type) => {
                self.uptime = Uptime::Opened;
                self.is_heard = true;
                State::Open
            }
            200 => State::Closed(Closed::ContentType),
            204 => State::Closed(Closed::Stopped),
            status if self.policy.is_outage(status) => {
                self.lose(Lost::Status(status), false);
                self.wait = self.policy.limit(headers::retry_after(response.retry_after).unwrap_or(0).into());
                self.state
            }
            status => State::Closed(Closed::Status(status)),
        };
        self.state == State::Open
    }

    /// Takes note of bytes, if there are any, and returns whether they belong to the stream. Once is enough until the next
    /// call of [`act`](Self::act), which keeps this from costing anything for each event.
    #[inline(always)]
    pub(super) fn hear(&mut self, bytes: &[u8]) -> bool {
        self.is_heard || self.hear_first(bytes)
    }

    #[inline(never)]
    fn hear_first(&mut self, bytes: &[u8]) -> bool {
        let is_open = self.state == State::Open;
        self.is_heard = is_open && !bytes.is_empty();
        is_open
    }

    /// Takes the reconnection time that the stream has named.
    pub(super) fn take_retry(&mut self, ms: u64) {
        self.policy.take_retry(ms);
    }

    /// Takes note that the connection is lost, if there is one. After progress the loss counts as the first in a row.
    pub(super) fn lose(&mut self, lost: Lost, has_progressed: bool) {
        if !matches!(self.state, State::Connecting | State::Open) {
            return;
        }
        self.state = State::Lost(lost);
        self.latest_loss = Some(lost);
        self.wait = 0;
        self.is_heard = false;
        if has_progressed {
            self.failures = 0;
        }
    }

    /// Ends a wait.
    pub(super) fn connect_now(&mut self) {
        if self.state == State::Waiting {
            self.state = State::Due;
        }
    }

    /// Closes the link for good, as the caller wants it. An earlier reason stays.
    pub(super) fn close(&mut self) {
        if !matches!(self.state, State::Closed(_)) {
            self.state = State::Closed(Closed::ByCaller);
            self.is_heard = false;
        }
    }

    pub(super) const fn ready_state(&self) -> ReadyState {
        match self.state {
            State::Due | State::Connecting | State::Lost(_) | State::Waiting => ReadyState::Connecting,
            State::Open => ReadyState::Open,
            State::Closed(_) => ReadyState::Closed,
        }
    }

    pub(super) const fn closed(&self) -> Option<Closed> {
        match self.state {
            State::Closed(reason) => Some(reason),
            _ => None,
        }
    }

    pub(super) const fn latest_loss(&self) -> Option<Lost> {
        self.latest_loss
    }

    pub(super) const fn failures(&self) -> u32 {
        self.failures
    }
}

// The derived one would call code that can panic.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("policy", &self.policy)
            .field("state", &self.state)
            .field("latest_loss", &self.latest_loss)
            .field("failures", &self.failures)
            .field("now", &self.now)
            .field("clock", &self.clock)
            .field("uptime", &self.uptime)
            .field("wait", &self.wait)
            .field("is_heard", &self.is_heard)
            .finish()
    }
}

#[cfg(test)]
impl Link {
    pub(super) const fn state(&self) -> State {
        self.state
    }
}
