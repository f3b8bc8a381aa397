//! The log: what a server pushes, and what its clients read.

use super::chunk::Chunk;
use super::cursor::{Cursor, Fill, Lagged, PushError, Resume};
use super::log_writer::LogWriter;
use super::numbered_id::NumberedId;
use super::ring::Ring;
use super::view::{State, View};
use crate::encode::Message;
use crate::event_id::EventId;
use crate::storage::Storage;
use core::cmp::Ordering;
use core::fmt;

/// Keeps the latest events of a stream, encoded, in memory that you give it, for any number of clients.
///
/// Broadcast, history, resuming and telling slow clients are one structure: [the module](super) shows how to use it, and
/// says what it promises.
///
/// Events have numbers, from 1 on. An event that is [pushed](Self::push) is sent under the ID `epoch-number`; one that is
/// [pushed under another ID](Self::push_as) has a number, too, but clients never see it.
///
/// # Memory
///
/// The log takes four bytes of the buffer for each event that it may hold, and the rest for the bytes of the events. It
/// uses no more than 4 GiB for these. When an event comes for which there is no room, as few of the oldest as make room go.
///
/// Storage that grows does so up to its limit before an event goes, and keeps what it has.
///
/// Beside the buffer the log takes 72 bytes, at most 48 on 32-bit processors. A client's [`Cursor`] takes 16.
///
/// # Examples
///
/// ```
/// use sse_wire::server::{EventLog, Fill, Resume};
/// use sse_wire::{Message, event_id};
///
/// // It may live in a static. The epoch must be new for each start of the program.
/// let mut log = EventLog::new([0; 1024], 16, 26);
/// let mut cursor = log.live();
/// log.push(&Message::new().data("first"))?;
///
/// let mut window = [0; 256];
/// let (len, fill) = log.fill(&mut cursor, &mut window);
/// assert_eq!(&window[..len], b"id: 26-1\ndata: first\n\n");
/// assert_eq!(fill, Fill::CaughtUp);
///
/// // Later, the client comes back.
/// assert_eq!(log.resume(event_id!("26-1")), Resume::Found(cursor));
/// # Ok::<(), sse_wire::server::PushError>(())
/// ```
// The buffer comes last, so that a log of an array can be lent as a log of a slice.
pub struct EventLog<B: ?Sized> {
    state: State,
    buffer: B,
}

impl<B> EventLog<B> {
    /// Makes an empty log for at most `events` events. Zero counts as 1.
    ///
    /// The epoch is the first half of each ID: `epoch-number`. It must differ for each log and for each start of the
    /// program: a counter that survives the start, the time, or a random number. Else a client that comes back after a
    /// restart would be told that an event it has seen is another one.
    pub const fn new(buffer: B, events: usize, epoch: u64) -> Self {
        Self { state: State { ring: Ring::new(events), epoch, is_closed: false, has_given_ids: false }, buffer }
    }
}

impl<B: Storage + ?Sized> EventLog<B> {
    /// Appends an event under the log's next ID, which replaces one that the message has, and returns its number. As few of
    /// the oldest events as make room go. It takes time in proportion to the message's bytes and to the events that go.
    ///
    /// # Errors
    ///
    /// [`PushError::NoData`], [`PushError::TooLarge`] or [`PushError::Closed`]. Then no event has gone, and none has come.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::server::{EventLog, PushError};
    /// use sse_wire::{Message, event_type};
    ///
    /// let mut log = EventLog::new([0; 64], 2, 26);
    /// assert_eq!(log.push(&Message::new().event(event_type!("tick")).data("1")), Ok(1));
    /// assert_eq!(log.push(&Message::new().comment("no event")), Err(PushError::NoData));
    /// let large = "x".repeat(100);
    /// assert_eq!(log.push(&Message::new().data(&large)), Err(PushError::TooLarge { needed: 125 }));
    /// ```
    pub fn push(&mut self, message: &Message<'_>) -> Result<u64, PushError> {
        let id = self.next_id();
        self.append(&message.id(id.as_event_id()))
    }

    /// Appends an event under an ID of another source, such as a database or a queue, as [`push`](Self::push) does.
    ///
    /// The ID must be unique in this log: if there are two, the newer one is found. It should be [safe in a
    /// header](EventId::is_header_safe), or the client cannot send it back. An empty one would reset the client's last
    /// event ID, so the log's own takes its place.
    ///
    /// Clients that come back with such an ID are found by [`resume_by`](Self::resume_by) in few steps if the IDs are in
    /// some order, and else by [`resume`](Self::resume), which looks at each.
    ///
    /// # Errors
    ///
    /// As for [`push`](Self::push).
    pub fn push_as(&mut self, id: EventId<'_>, message: &Message<'_>) -> Result<u64, PushError> {
        if id.as_bytes().is_empty() {
            return self.push(message);
        }
        let number = self.append(&message.id(id))?;
        self.state.has_given_ids = true;
        Ok(number)
    }

    /// Appends an event of which the data is written straight into the log, under the log's next ID.
    ///
    /// The head holds what stands before the data: type, reconnection time, comment. If it also has data, the event's data
    /// begins with that. The encoded event may have at most `max` bytes, so one that turns out to be huge does not cost all
    /// history.
    ///
    /// # Errors
    ///
    /// [`PushError::TooLarge`] if there would be more, [`PushError::Aborted`] if `write` returns an error,
    /// [`PushError::Closed`]. Then no event has come, and no more of the oldest have gone than make room for `max` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::fmt::Write;
    /// use sse_wire::server::{EventLog, PushError};
    /// use sse_wire::{Message, event_type};
    ///
    /// let mut log = EventLog::new([0; 1024], 16, 26);
    /// let head = Message::new().event(event_type!("report"));
    /// assert_eq!(log.push_with(&head, 256, |data| write!(data, "total: {}\nfree: {}", 42, 7)), Ok(1));
    ///
    /// let cursor = log.oldest();
    /// let report = b"event: report\nid: 26-1\ndata: total: 42\ndata: free: 7\n\n";
    /// assert!(log.read(&cursor).unwrap() == report[..]);
    /// ```
    pub fn push_with(
        &mut self,
        head: &Message<'_>,
        max: usize,
        write: impl FnOnce(&mut LogWriter<'_>) -> fmt::Result,
    ) -> Result<u64, PushError> {
        if self.state.is_closed {
            return Err(PushError::Closed);
        }
        self.reserve(max);
        let id = self.next_id();
        let index_len = self.state.ring.index_len();
        let event = self.state.ring.open(self.buffer.bytes_mut(), max);
        let mut writer = LogWriter::new(event, &head.id(id.as_event_id()));
        let result = write(&mut writer);
        writer.finish(result, index_len)
    }

    fn append(&mut self, message: &Message<'_>) -> Result<u64, PushError> {
        if self.state.is_closed {
            return Err(PushError::Closed);
        }
        if !message.has_data() {
            return Err(PushError::NoData);
        }
        let len = message.segments().map(<[u8]>::len).fold(0, usize::saturating_add);
        if len <= self.most() {
            self.reserve(len);
        }
        if len > self.state.ring.size() {
            return Err(PushError::TooLarge { needed: len.saturating_add(self.state.ring.index_len()) });
        }
        let mut event = self.state.ring.open(self.buffer.bytes_mut(), len);
        let is_whole = event.put_all(message.segments());
        debug_assert!(is_whole, "the length was exact");
        Ok(event.commit())
    }

    fn next_id(&self) -> NumberedId {
        NumberedId::new(self.state.epoch, self.state.ring.next())
    }

    /// The most bytes that an event can have.
    fn most(&self) -> usize {
        self.state.ring.size_in(self.buffer.limit())
    }

    /// Makes room for `len` bytes more, as far as the memory can grow.
    fn reserve(&mut self, len: usize) {
        let allocated = self.buffer.bytes().len();
        let wanted =
            self.state.ring.used().saturating_add(len).min(self.most()).saturating_add(self.state.ring.index_len());
        if !self.buffer.grow(wanted) {
            // The allocator has refused. Next time it is asked again.
            self.buffer.shrink(allocated);
        }
        self.state.ring.adopt(self.buffer.bytes_mut());
    }

    /// Takes no more events. Clients are still sent what is there, and then [`Fill::End`]. So push a farewell before, if
    /// there is one.
    pub fn close(&mut self) {
        self.state.is_closed = true;
    }

    /// Returns whether the log was closed.
    pub fn is_closed(&self) -> bool {
        self.state.is_closed
    }

    /// Returns the number that the next event gets: what to wait for a change of. It grows with each event, and never else.
    ///
    /// Note it *before* you look into the log. Then an event that comes in between is seen by one of the two.
    pub fn next_number(&self) -> u64 {
        self.state.ring.next()
    }

    /// Returns a cursor for a client that is to be sent all events that there are, and those to come.
    pub fn oldest(&self) -> Cursor {
        self.view().oldest()
    }

    /// Returns a cursor for a client that is to be sent the events to come.
    pub fn live(&self) -> Cursor {
        self.view().live()
    }

    /// Tells where a client goes on that comes back with this last event ID.
    ///
    /// For an ID `epoch-number` of this log the answer takes constant time, whatever ID the event was pushed under. If
    /// [`push_as`](Self::push_as) was used, each other ID is looked for in all events, from the newest on. Clients are free
    /// to send any ID, so in a large log with such IDs that are in some order prefer [`resume_by`](Self::resume_by).
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::headers::{self, LastEventId};
    /// use sse_wire::server::{Cursor, EventLog, Resume};
    ///
    /// /// Where a client starts, and how many events it has missed.
    /// fn start(log: &EventLog<[u8]>, header: Option<&[u8]>) -> (Cursor, u64) {
    ///     match headers::last_event_id(header, None) {
    ///         LastEventId::Absent => (log.live(), 0),
    ///         LastEventId::Invalid => (log.oldest(), 0),
    ///         LastEventId::Valid(id) => match log.resume(id) {
    ///             Resume::Found(cursor) => (cursor, 0),
    ///             Resume::Expired { missed, oldest } => (oldest, missed),
    ///             Resume::Unknown => (log.oldest(), 0),
    ///         },
    ///     }
    /// }
    ///
    /// let mut log = EventLog::new([0; 256], 2, 26);
    /// for data in ["1", "2", "3"] {
    ///     log.push(&sse_wire::Message::new().data(data))?;
    /// }
    /// assert_eq!(start(&log, Some(b"26-2")).0.number(), 3);
    /// assert_eq!(start(&log, Some(b"26-0")), (log.oldest(), 1));
    /// assert_eq!(start(&log, None), (log.live(), 0));
    /// # Ok::<(), sse_wire::server::PushError>(())
    /// ```
    pub fn resume(&self, last: EventId<'_>) -> Resume {
        self.view().resume(last)
    }

    /// Tells where a client goes on, where all events were [pushed under IDs](Self::push_as) of one source that are in
    /// order, as those of Redis streams and ULIDs are. It takes O(log n) calls of `order`, which compares the ID of an
    /// event with the client's: `Less` says that the event came before. Only an event whose ID is equal is
    /// [`Found`](Resume::Found), else the answer is [`Unknown`](Resume::Unknown): ask the source.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::server::{EventLog, Resume};
    /// use sse_wire::{Message, event_id};
    ///
    /// let mut log = EventLog::new([0; 1024], 16, 26);
    /// for id in [event_id!("a"), event_id!("c"), event_id!("d")] {
    ///     log.push_as(id, &Message::new().data("x"))?;
    /// }
    /// let Resume::Found(cursor) = log.resume_by(|id| id.bytes().cmp(*b"c")) else { panic!() };
    /// assert_eq!(cursor.number(), 3);
    /// assert_eq!(log.resume_by(|id| id.bytes().cmp(*b"b")), Resume::Unknown);
    /// # Ok::<(), sse_wire::server::PushError>(())
    /// ```
    pub fn resume_by(&self, order: impl FnMut(Chunk<'_>) -> Ordering) -> Resume {
        self.view().resume_by(order)
    }

    /// Lends everything behind a cursor. If it is empty, the client has everything: wait, or end the stream if the log is
    /// [closed](Self::is_closed).
    ///
    /// Send any number of these bytes, and [`advance`](Self::advance) over them before the log is pushed to again.
    ///
    /// # Errors
    ///
    /// [`Lagged`] if the log no longer has what comes next.
    pub fn read(&self, cursor: &Cursor) -> Result<Chunk<'_>, Lagged> {
        self.view().read(cursor)
    }

    /// Moves a cursor over what was sent of the bytes that [`read`](Self::read) has lent: any number of them, within an
    /// event, too. It takes O(log n) steps. More bytes than there are count as all.
    ///
    /// # Errors
    ///
    /// [`Lagged`] if the cursor's event has gone since. Then nobody knows what the client has, so if it was sent anything,
    /// its connection has to be closed. Hence read, send without waiting, and advance under one lock; or copy with
    /// [`fill`](Self::fill).
    pub fn advance(&self, cursor: &mut Cursor, taken: usize) -> Result<(), Lagged> {
        self.view().advance(cursor, taken)
    }

    /// Copies what comes next for a client to the front of a window, moves the cursor behind that, and returns how many
    /// bytes it is. These are as many whole events as fit, or a part of one if that does not fit.
    ///
    /// It has the shape of what sockets call that lend their memory: `socket.write_with(|window| log.fill(&mut cursor,
    /// window))`. It takes O(log n) steps, and copies once.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::server::{EventLog, Fill, Lagged};
    /// use sse_wire::{Message, event_id};
    ///
    /// let mut log = EventLog::new([0; 64], 2, 26);
    /// let (mut slow, mut window) = (log.live(), [0; 30]);
    /// for data in ["1", "2", "3"] {
    ///     log.push(&Message::new().data(data))?;
    /// }
    /// let (len, Fill::Lagged(Lagged { missed: Some(1), go_on: Some(go_on) })) = log.fill(&mut slow, &mut window) else {
    ///     panic!("the first of three has gone")
    /// };
    /// assert_eq!(len, 0);
    /// slow = go_on;
    /// assert_eq!(log.fill(&mut slow, &mut window), (18, Fill::OutputFull));
    /// assert_eq!(&window[..18], b"id: 26-2\ndata: 2\n\n");
    /// # Ok::<(), sse_wire::server::PushError>(())
    /// ```
    #[must_use = "the first bytes of the window are to be sent"]
    pub fn fill(&self, cursor: &mut Cursor, out: &mut [u8]) -> (usize, Fill) {
        self.view().fill(cursor, out)
    }

    /// Copies what comes next for a client, as [`fill`](Self::fill) does, but only events whose type passes. An event
    /// without one has the type `message`, as at the receiver. It goes from event to event, and asks once for each, but for
    /// one that did not fit.
    ///
    /// The last event ID of a client whose events are rare grows old: see [`mark`](Self::mark).
    #[must_use = "the first bytes of the window are to be sent"]
    pub fn fill_if(&self, cursor: &mut Cursor, out: &mut [u8], wants: impl FnMut(Chunk<'_>) -> bool) -> (usize, Fill) {
        self.view().fill_if(cursor, out, wants)
    }

    /// Writes a block to the front of `out` that moves the client's last event ID to where the cursor stands, silently:
    /// `id: …` and a blank line. Returns how many bytes it is: 0, and nothing is written, if they do not fit, if the cursor
    /// is within an event, or if the log no longer has what comes next. 47 bytes are enough for the log's own IDs.
    ///
    /// The ID is that of the event before the cursor. If the log no longer has that, or never had it, it is `epoch-number`,
    /// which [`resume`](Self::resume) takes.
    ///
    /// Write it on connecting, so that a client that is cut off before its first event can resume, and as a sign of life.
    /// But do so only where all clients of the route follow the standard, as browsers do: some others take it as an empty
    /// event. [`KEEP_ALIVE`](crate::KEEP_ALIVE) is for all. If there is a gap to be told, tell it first: a client that is
    /// cut off between the two would never learn of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::server::EventLog;
    ///
    /// let log = EventLog::new([0; 1024], 16, 26);
    /// let mut out = [0; 47];
    /// let len = log.mark(&log.live(), &mut out);
    /// assert_eq!(&out[..len], b"id: 26-0\n\n");
    /// ```
    #[must_use = "the first bytes of the window are to be sent"]
    pub fn mark(&self, cursor: &Cursor, out: &mut [u8]) -> usize {
        self.view().mark(cursor, out)
    }

    fn view(&self) -> View<'_> {
        View { state: &self.state, memory: self.buffer.bytes() }
    }
}

/// Shows where the log stands, not what it holds.
impl<B: ?Sized> fmt::Debug for EventLog<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLog")
            .field("epoch", &self.state.epoch)
            .field("first", &self.state.ring.first())
            .field("next", &self.state.ring.next())
            .field("bytes", &self.state.ring.used())
            .field("is_closed", &self.state.is_closed)
            .finish_non_exhaustive()
    }
}
