//! The client end: an `EventSource` as browsers have it, without a network, a clock, or an allocator.
//!
//! You have a URL and an HTTP library, blocking or async. [`EventSource`] says when to send a request and with which
//! headers, reads the body, notices when a stream has died, and says how long to wait before the next request. Your part is
//! a loop of four cases.
//!
//! ```text
//!      your clock ──► poll ──► Action ───► your HTTP library ───┐
//! your random bits ───┘ ▲                                       │
//!                       │ what has happened                     │
//!                       ├── response ◄── status, content-type ──┤
//!                       ├── next, advance ◄── body ─────────────┼──► Event
//!                       └── ended, failed ◄─────────────────────┘
//! ```
//!
//! # The loop
//!
//! ```
//! use sse_wire::client::{Action, Closed, EventSource, Policy, Response};
//! use std::io::ErrorKind::{TimedOut, WouldBlock};
//! use std::time::{Duration, Instant};
//! # // A network that is not there: three requests, one piece of the body for each read.
//! # struct Reply { status: u16, content_type: &'static str, retry_after: &'static str, body: Vec<std::io::Result<&'static [u8]>> }
//! # impl Reply {
//! #     fn read(&mut self, memory: &mut [u8], _limit: Option<u32>) -> std::io::Result<usize> {
//! #         let piece = if self.body.is_empty() { &b""[..] } else { self.body.remove(0)? };
//! #         memory[..piece.len()].copy_from_slice(piece);
//! #         Ok(piece.len())
//! #     }
//! # }
//! # let mut requests: Vec<Vec<String>> = Vec::new();
//! # let mut get = |_url: &str, headers: &mut dyn Iterator<Item = (&'static str, &str)>, _limit: Option<u32>| {
//! #     requests.push(headers.map(|(name, value)| format!("{name}: {value}")).collect());
//! #     let reply = |status, body| Reply { status, content_type: "text/event-stream", retry_after: "", body };
//! #     match requests.len() {
//! #         1 => Err(std::io::Error::other("no route")),
//! #         2 => Ok(reply(200, vec![Ok(b"id: 1\ndata: a\n\nid: 2\nda"), Err(TimedOut.into()), Ok(b"ta: b\n\n")])),
//! #         3 => Ok(reply(503, vec![])),
//! #         _ => Ok(reply(204, vec![])),
//! #     }
//! # };
//! # let mut seen = Vec::new();
//! # let random_bits = || 0;
//!
//! let mut source = EventSource::new(Policy::RESILIENT, [0; 4096]);
//! # let mut source = EventSource::new(Policy::RESILIENT.retry(2).retry_min(2), [0; 4096]);
//! let mut connection = None;
//! let mut memory = [0; 1460];
//! let start = Instant::now();
//!
//! let reason = loop {
//!     match source.poll(start.elapsed().as_millis() as u64, random_bits) {
//!         Action::Connect(limit) => {
//!             let reply = get("https://example.org/events", &mut source.headers(), limit);
//!             if let Ok(reply) = &reply {
//!                 let _ = source.response(&Response {
//!                     status: reply.status,
//!                     content_type: reply.content_type.as_bytes(),
//!                     retry_after: reply.retry_after.as_bytes(),
//!                 });
//!             } else {
//!                 source.failed();
//!             }
//!             connection = reply.ok();
//!         }
//!         Action::Receive(limit) => match connection.as_mut().map(|reply| reply.read(&mut memory, limit)) {
//!             Some(Ok(0)) => {
//!                 source.ended();
//!             }
//!             Some(Ok(len)) => {
//!                 let mut chunk = &memory[..len];
//!                 while let Some(event) = source.next(&mut chunk) {
//!                     match event {
//!                         Ok(event) => println!("{}: {}", event.event_type(), event.data()),
//!                         Err(overflow) => eprintln!("{overflow}"),
//!                     }
//! #                   seen.push(event.unwrap().data().to_string());
//!                 }
//!             }
//!             // The time is over, and the next `poll` knows what follows.
//!             Some(Err(error)) if matches!(error.kind(), TimedOut | WouldBlock) => {}
//!             Some(Err(_)) | None => {
//!                 source.failed();
//!             }
//!         },
//!         Action::Wait(time) => {
//!             connection = None;
//!             std::thread::sleep(Duration::from_millis(time.into()));
//!         }
//!         Action::Closed(reason) => break reason,
//!     }
//! };
//! # assert_eq!((reason, seen), (Closed::Stopped, vec!["a".to_string(), "b".to_string()]));
//! # assert_eq!(requests.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 3, 3]);
//! # assert_eq!(requests[3][2], "last-event-id: 2");
//! println!("{reason:?}");
//! ```
//!
//! That is all of it. An async program writes the same loop with `.await`, and puts each time limit around what it awaits
//! (`tokio::time::timeout`, `embassy_time::with_timeout`). A program that waits for the response in an event loop of its own
//! goes on to poll meanwhile: it is told to [`Receive`](Action::Receive), which means to await the network.
//! [`poll`](EventSource::poll) is cheap, and to call it too often changes nothing.
//!
//! | the body comes as | you write |
//! |---|---|
//! | a chunk in hand | `while let Some(event) = source.next(&mut chunk)` |
//! | a reader with `fill_buf` and `consume` | [`source.advance(buffer)`](EventSource::advance), consume the count, look at [`event`](EventSource::event) |
//! | a socket that lends: `FnOnce(&mut [u8]) -> (usize, R)` | `socket.recv(\|bytes\| source.advance(bytes))` |
//!
//! **The random bits** keep the clients of one server from coming back all at once, so they must differ from client to
//! client: a generator such as `fastrand::u32(..)`, with `std` alone `RandomState::new().build_hasher().finish() as u32`, on
//! a device a hardware generator, or its serial number mixed with a counter. They need not be secret.
//!
//! # Nothing is lost
//!
//! Left alone, a source resumes behind the last event that it *delivered*. If your program dies with events in a queue, or
//! restarts, these are lost. To resume behind the last event that is *dealt with*, keep its ID and set it before each
//! request:
//!
//! ```
//! use sse_wire::EventId;
//! use sse_wire::client::{Action, EventSource, Policy, Response};
//! use std::collections::VecDeque;
//!
//! # let mut source = EventSource::new(Policy::RESILIENT.retry_min(0).retry(0).spread_max(0), [0; 256]);
//! # let mut now = 0;
//! # let mut requests = Vec::new();
//! // In memory that outlives what may die: a file, a row of the database that the events go into.
//! let mut done: Vec<u8> = Vec::new();
//! let mut queue = VecDeque::new();
//! # for round in 0..2 {
//! # let action = loop { match source.poll(now, || 0) { Action::Wait(_) => now += 1, action => break action } };
//!
//! // On each `Connect`, always, also if nothing is done yet and the ID is empty:
//! if let Action::Connect(_) = action {
//!     source.set_last_event_id(EventId::from_bytes(&done)?)?;
//!     // ... and send the request with `source.headers()`.
//! }
//! # requests.push(source.headers().nth(2).map(|(_, id)| id.to_owned()));
//! # let _ = source.response(&Response { status: 200, content_type: b"text/event-stream", ..Response::default() });
//! # let mut chunk = &b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n"[..];
//!
//! // For each event:
//! while let Some(event) = source.next(&mut chunk) {
//!     queue.push_back(event?.copy_into([0; 64])?);
//! }
//!
//! // Wherever an event is dealt with for good:
//! if let Some(event) = queue.pop_front() {
//!     done = event.last_event_id().as_bytes().to_vec();
//! }
//! # queue.clear();
//! # source.ended();
//! # }
//! # assert_eq!(requests, [None, Some("1".to_owned())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What was delivered and not yet dealt with is sent again, so deal with events in such a way that twice is like once.
//! Events without an ID that are sent while there is no connection are lost in any case; only a server with IDs and a memory
//! can send them again.
//!
//! # States
//!
//! | state | [`ReadyState`] | [`poll`](EventSource::poll) | [`response`](EventSource::response) | bytes | [`ended`](EventSource::ended), [`failed`](EventSource::failed) |
//! |---|---|---|---|---|---|
//! | due | `Connecting` | → connecting: `Connect` | – | dropped | – |
//! | connecting | `Connecting` | too long: → lost; else `Receive` | event stream: → open; outage: → lost; else → closed | dropped | → lost |
//! | open | `Open` | silent too long: → lost; else `Receive` | – | read | → lost |
//! | lost | `Connecting` | one loss too many: → closed; else → waiting: `Wait` | – | dropped | – |
//! | waiting | `Connecting` | over: → connecting: `Connect`; else `Wait` | – | dropped | – |
//! | closed | `Closed` | `Closed`, with the first reason | – | dropped | – |
//!
//! "–" changes nothing. [`close`](EventSource::close) closes from any state. [`connect_now`](EventSource::connect_now) makes
//! a waiting source due. A `poll` that finds the connection silent goes through "lost" at once.
//!
//! A response is an **event stream** if its status is 200 and its type is `text/event-stream`. It is an **outage** if the
//! policy [takes its status for one](Policy::retry_status); then its `Retry-After` in seconds counts for the wait that
//! follows. Status 204 closes the source with [`Closed::Stopped`], which is how a server says that there is no more to come.
//!
//! # What ends a row of losses
//!
//! The back-off and [`attempts`](Policy::attempts) count losses in a row. A loss is the first in a row if its connection
//!
//! * brought an ID, so that the last event ID differs from the one at the opening; or
//! * brought a `retry` line and an event: a server that says when to come back has thought of it; or
//! * was open for as long as the policy calls [`stable`](Policy::stable).
//!
//! An opening alone does not count (unless `stable` is 0), nor does an event: servers that are overloaded accept, send an
//! error as an event, and hang up. Nothing of this depends on how the network cuts the stream. An event that
//! [does not fit](crate::Overflow) was not brought.
//!
//! # Traps
//!
//! * **Silence.** [`Policy::RESILIENT`] takes a stream that sends nothing for 90 s for dead. If yours is quiet and its
//!   server sends no comments, say `silence(0)`; a connection that has died without a word is then never noticed.
//! * **Poll while you receive.** The clock moves only there. A program that reads a whole body without polling has, for the
//!   source, been open for no time, and hears no silence.
//! * **Drop the connection** on `Connect`, `Wait` and `Closed`. Bytes of an old one that still come are dropped only until
//!   the next one opens.
//! * **Redirects** are for the HTTP library to follow. One that gets here closes the source.
//! * **401 with credentials to refresh**: refresh them and call [`failed`](EventSource::failed) instead of `response`. It
//!   counts as a loss, so `attempts` ends a row of them.
//! * **A request that is not a GET** is repeated only if you do. Take [`Policy::ONCE`], or look at
//!   [`resume_from`](EventSource::resume_from) first.
//! * **IDs that HTTP cannot carry**, with control characters or a space at an end, are left out of the request, which then
//!   starts afresh: [`ResumeFrom::Unsendable`].
//! * **The clock** may be of any kind: milliseconds since any moment, as `u64`. If it goes back, no time has passed, and it
//!   goes on from there. So a `u32` that wraps every 49 days costs one poll's interval. If it jumps forward, as after a
//!   sleep of the whole machine, everything that is due happens at once.
//! * **Do not give two sources the same random bits**, as from a constant seed: they would move in lockstep.
//!
//! # Decisions
//!
//! * [`headers`](EventSource::headers) is a call of its own. A request that the action lent could not be kept beside the
//!   machine.
//! * The answers of `poll` are times from now, so they fit any timer, and no clock but the caller's has to be known.
//! * [`Policy`] is changed by setters. Numbers that come later change nothing for those who set others.

mod event_source;
mod link;
mod policy;
#[cfg(test)]
mod tests;

pub use event_source::{EventSource, ResumeFrom};
pub use link::{Action, Closed, Lost, ReadyState, Response};
pub use policy::Policy;
