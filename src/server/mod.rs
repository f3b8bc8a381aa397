//! The server end: one log of encoded events is broadcast, history, resuming and the eye on slow clients in one.
//!
//! ```text
//! push ─► EventLog, in memory that you give it ─► read or fill ─► the sockets of any number of clients
//!         [ 5 | 6 | 7 | 8 | 9 ]                   each has a Cursor of 16 bytes: an event's number and what was sent of it
//! ```
//!
//! There is no queue for each client: an event is encoded once, and stays in the log until newer ones need its place. A
//! client that is slow, or comes back, reads on where it was; one that is too slow is told how many events it has missed.
//! Nothing here does I/O, waits, locks, allocates or needs a clock, so it fits a microcontroller and a server with
//! thousands of clients alike.
//!
//! | you have | take |
//! |---|---|
//! | events that clients should all get | [`EventLog`] |
//! | values that change, of which clients should have the latest | [`Board`] |
//! | connections that proxies close when they are silent | [`KeepAlive`] |
//! | clients that open too many connections | [`Limiter`] |
//!
//! # From an HTTP stack to a server
//!
//! 1. For a request, ask the [`Limiter`]. Answer 429 or 503 if it refuses, and else see to it that the connection is taken
//!    out again when it ends, however it ends: a guard does that when it is dropped.
//! 2. Answer with status 200 and [`headers::RESPONSE`](crate::headers::RESPONSE).
//! 3. Read the [last event ID](crate::headers::last_event_id). It is absent, valid or invalid, and these are three cases:
//!    start where the route says, ask the log, or do as for an ID that is unknown. [`resume`](EventLog::resume) has the
//!    example. If the client has missed something, say so.
//! 4. Then, in a loop: [fill](EventLog::fill) a window, send it, and do what [`Fill`] says. It names all cases.
//! 5. When the server stops, push a farewell if there is one, and [close](EventLog::close) the log. Each client gets what
//!    it lacks and the farewell, and then [`Fill::End`].
//!
//! With a thread for each client:
//!
//! ```
//! use sse_wire::server::{Cursor, EventLog, Fill};
//! use sse_wire::{KEEP_ALIVE, Message, event_type};
//! use std::io::{self, Write};
//! use std::sync::{Condvar, Mutex};
//! use std::time::Duration;
//!
//! struct Hub {
//!     log: Mutex<EventLog<[u8; 4096]>>,
//!     changed: Condvar,
//! }
//!
//! impl Hub {
//!     fn push(&self, message: &Message<'_>) {
//!         self.log.lock().unwrap().push(message).expect("the messages are small and have data");
//!         self.changed.notify_all();
//!     }
//!
//!     fn close(&self) {
//!         self.log.lock().unwrap().close();
//!         self.changed.notify_all();
//!     }
//!
//!     /// Sends a client everything from the cursor on.
//!     fn serve(&self, mut cursor: Cursor, mut socket: impl Write) -> io::Result<()> {
//!         let mut window = [0; 1024];
//!         loop {
//!             let mut is_silent = false;
//!             let mut log = self.log.lock().unwrap();
//!             let (mut len, mut fill) = log.fill(&mut cursor, &mut window);
//!             if (len, fill) == (0, Fill::CaughtUp) {
//!                 let (woken, timeout) = self.changed.wait_timeout(log, Duration::from_secs(15)).unwrap();
//!                 (log, is_silent) = (woken, timeout.timed_out());
//!                 (len, fill) = log.fill(&mut cursor, &mut window);
//!             }
//!             // A socket can block for a long time, so nobody must wait for the lock meanwhile.
//!             drop(log);
//!             socket.write_all(&window[..len])?;
//!             match fill {
//!                 Fill::OutputFull => {}
//!                 Fill::CaughtUp if is_silent => socket.write_all(KEEP_ALIVE)?,
//!                 Fill::CaughtUp => {}
//!                 Fill::End => return Ok(()),
//!                 Fill::Lagged(lagged) => {
//!                     // With half an event sent, nothing else can be. The client comes back and resumes.
//!                     let Some(oldest) = lagged.go_on else { return Ok(()) };
//!                     let missed = lagged.missed.map_or(String::new(), |missed| missed.to_string());
//!                     for segment in Message::new().event(event_type!("gap")).data(&missed).segments() {
//!                         socket.write_all(segment)?;
//!                     }
//!                     cursor = oldest;
//!                 }
//!             }
//!         }
//!     }
//! }
//!
//! let hub = Hub { log: Mutex::new(EventLog::new([0; 4096], 64, 26)), changed: Condvar::new() };
//! let start = hub.log.lock().unwrap().live();
//! hub.push(&Message::new().data("hello"));
//! hub.push(&Message::new().event(event_type!("bye")).data(""));
//! hub.close();
//!
//! let mut socket = Vec::new();
//! hub.serve(start, &mut socket)?;
//! assert_eq!(socket, b"id: 26-1\ndata: hello\n\nevent: bye\nid: 26-2\ndata: \n\n");
//! # Ok::<(), io::Error>(())
//! ```
//!
//! | your sockets | take |
//! |---|---|
//! | lend their memory: `FnOnce(&mut [u8]) -> (usize, R)` | `socket.write_with(\|window\| log.fill(&mut cursor, window))` |
//! | want bytes to own, as the body of an HTTP library does | [`fill`](EventLog::fill) into a buffer of some 16 KiB |
//! | block, or are async, while others push | [`fill`](EventLog::fill) under the lock, send without it |
//! | take what they can and never wait | [`read`](EventLog::read), and [`advance`](EventLog::advance) over what they took: no copy at all |
//!
//! # How to wait
//!
//! Waking clients is yours: a condition variable, a channel, a poll. Wait for a *number* and not for a notice, and no event
//! is missed: note [`next_number`](EventLog::next_number), look into the log, and wait until it is another one or the log
//! is closed. A channel that keeps the latest value (`watch`) does exactly this.
//!
//! # What is promised
//!
//! * **Only whole events go**, the oldest first, and as few as make room.
//! * **Each event in the log is one whole message with data and an ID.** So between two of them anything may be written,
//!   and a client that comes back says which was its last.
//! * **A client gets each event once, in order, or is told how many it has missed.** A cursor yields all events from its
//!   number on, one after the other; only [`Lagged`] leaves some out.
//! * **Nothing falls into an event.** [`Fill::CaughtUp`] is said between two events, where a sign of life may be written. A
//!   client that was overtaken within an event cannot [go on](Lagged::go_on).
//! * **A message that is refused changes nothing.** [`push_with`](EventLog::push_with), which finds out while it writes,
//!   has dropped at most what makes room for its limit.
//! * **Clients cannot make the server work.** Whatever ID one sends, an answer takes constant time for the log's own, and
//!   O(log n) [comparisons](EventLog::resume_by) for those of an ordered source. Only [`resume`](EventLog::resume) in a log
//!   with [other IDs](EventLog::push_as) looks at each event.
//! * **Numbers do not wrap.** They have 64 bits on every processor, so an old cursor or ID is never taken for a new one.
//!
//! # Memory
//!
//! All is in the buffer: the events, going round, and behind them the place where each of them starts, going round, too.
//!
//! ```text
//! [ end of 9 |  free  |  5  |  6  |  7  |  8  | begin of 9 ][ start of each event: 4 bytes each ]
//! ```
//!
//! Nothing lies between two events. So all that a client lacks is one slice, or two where the memory goes round, and one
//! search and one copy fill a window, however many events that is.
//!
//! # What is left to you
//!
//! Sockets, HTTP, locks and waking. The words for a gap. What an unknown ID means: to start at the
//! [oldest](EventLog::oldest) event may repeat some, to start [live](EventLog::live) may leave some out, and either way the
//! client should be told.
//!
//! # Traps
//!
//! * **Never wait for a socket with the log locked.** One client that does not read would stop all.
//! * **Before its first event a client has no ID.** Cut off there, it comes back as a new one. Where all clients of a route
//!   follow the standard, [`mark`](EventLog::mark) on connecting closes this gap; others may take the block as an empty
//!   event.
//! * **A client whose events are filtered grows old**: its last ID is that of an event that may long have gone. `mark`
//!   helps here, too, as the sign of life.
//! * **Tell a gap first, then mark.** A client that is cut off between the two would otherwise never learn of it.
//! * **A new epoch for each start.** With the old one, a client's ID of yesterday would be found in the log of today.
//! * **No event without data.** A comment or a reconnection time is no event, and [`push`](EventLog::push) refuses it:
//!   write it to the clients, between two events.

mod board;
mod chunk;
mod cursor;
mod event_log;
mod keep_alive;
mod limiter;
mod log_writer;
mod numbered_id;
mod ring;
mod view;

pub use board::Board;
pub use chunk::Chunk;
pub use cursor::{Cursor, Fill, Lagged, PushError, Resume};
pub use event_log::EventLog;
pub use keep_alive::KeepAlive;
pub use limiter::{Limiter, Refused};
pub use log_writer::LogWriter;
pub use numbered_id::NumberedId;
