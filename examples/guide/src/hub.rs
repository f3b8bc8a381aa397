//! One event log, and any number of clients that read from it.

use crate::seats::{Order, Seat, Seats, StreamRequest};
use crate::site::Site;
use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use futures_lite::stream;
use serde_json::Value;
use sse_wire::headers::{self, LastEventId};
use sse_wire::server::{Cursor, EventLog, Fill, PushError, Resume};
use sse_wire::{EventId, EventType, KEEP_ALIVE, Message, Parser, encoded, event_type};
use std::fmt;
use std::io;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::watch;

/// How many bytes are copied under the lock at once.
const WINDOW: usize = 16 << 10;
/// Says when to come back. It is no event, so it stands behind the farewell.
const COME_BACK: &[u8] = encoded!(Message::new().retry(1000));

pub type Chunk = Result<Bytes, io::Error>;

/// What differs from hub to hub.
#[derive(Clone, Copy)]
pub struct Kind {
    /// How many events and bytes the log holds.
    pub events: usize,
    pub bytes: usize,
    /// Whether a new client gets all of these, and not only what comes from now on.
    pub from_oldest: bool,
    /// What a new connection is told about reconnecting, in milliseconds. 0: nothing.
    pub retry: u64,
    /// How long a stream may be silent. Proxies close silent connections after 30 to 60 seconds.
    pub sign_of_life: Duration,
}

impl Default for Kind {
    fn default() -> Self {
        Self { events: 256, bytes: 64 << 10, from_oldest: false, retry: 1000, sign_of_life: Duration::from_secs(15) }
    }
}

pub struct Hub {
    pub seats: Arc<Seats>,
    site: Arc<Site>,
    kind: Kind,
    log: RwLock<EventLog<Box<[u8]>>>,
    /// Changes with each event. To compare a number loses no wake-up.
    changed: watch::Sender<u64>,
}

impl Hub {
    pub fn new(site: &Arc<Site>, kind: Kind) -> Arc<Self> {
        let log = RwLock::new(new_log(site, &kind));
        let hub = Self { seats: Arc::default(), site: site.clone(), kind, log, changed: watch::Sender::new(0) };
        let hub = Arc::new(hub);
        site.register(&hub);
        hub
    }

    /// Sends a message to all clients.
    pub fn push(&self, message: &Message<'_>) -> Result<u64, PushError> {
        let number = self.write().push(message)?;
        self.wake();
        Ok(number)
    }

    /// Sends JSON to all clients. It is written straight into the log.
    pub fn push_json(&self, event_type: Option<EventType<'_>>, data: &Value) -> Result<u64, PushError> {
        let head = event_type.map_or(Message::new(), |event_type| Message::new().event(event_type));
        let max = self.kind.bytes / 4;
        let number =
            self.write().push_with(&head, max, |log| serde_json::to_writer(log, data).map_err(|_| fmt::Error))?;
        self.wake();
        Ok(number)
    }

    /// Returns whether a restart is under way.
    pub fn is_away(&self) -> bool {
        self.read().is_closed()
    }

    /// Ends all streams, each where its client has all events and the farewell.
    pub fn say_farewell(&self) {
        let mut log = self.write();
        let _ = log.push(&Message::new().event(event_type!("farewell")).data("the server stops"));
        log.close();
        drop(log);
        self.wake();
    }

    /// Does what a restart does: for a while nobody is served, then a new log begins, which may know the history.
    pub async fn restart(&self, is_graceful: bool, keep_history: bool, away: Duration) {
        if is_graceful {
            self.say_farewell();
        } else {
            self.write().close();
            self.seats.order(None, Order::Cut);
        }
        let history = self.history();
        tokio::time::sleep(away).await;
        // Those that have still not read the farewell are not worth waiting for.
        self.seats.order(None, Order::End);
        let mut log = new_log(&self.site, &self.kind);
        if keep_history {
            restore(&mut log, &history);
        }
        *self.write() = log;
        self.wake();
    }

    /// The route of the stream.
    pub fn route(self: &Arc<Self>) -> MethodRouter<Arc<Site>> {
        let hub = self.clone();
        get(async move |request: StreamRequest| hub.answer(&request))
    }

    /// Answers a request with the stream. Resumes behind the client's last event ID, and tells what is lost.
    pub fn answer(self: &Arc<Self>, request: &StreamRequest) -> Response {
        if self.is_away() {
            return hang_up();
        }
        let seat = match self.seats.take(&self.site, request) {
            Ok(seat) => seat,
            Err(refusal) => return *refusal,
        };
        let changed = self.changed.subscribe();
        let log = self.read();
        let start = if self.kind.from_oldest { log.oldest() } else { log.live() };
        let (cursor, gap) = match headers::last_event_id(request.last_event_id.as_deref(), None) {
            LastEventId::Absent => (start, None),
            LastEventId::Invalid => (log.oldest(), Some(None)),
            LastEventId::Valid(id) => match log.resume(id) {
                Resume::Found(cursor) => (cursor, None),
                Resume::Expired { missed, oldest } => (oldest, Some(Some(missed))),
                Resume::Unknown => (log.oldest(), Some(None)),
            },
        };
        let retry = self.kind.retry;
        let mut first = if retry > 0 { Message::new().retry(retry).to_vec() } else { Vec::new() };
        gap.inspect(|&missed| first.extend(gap_notice(missed)));
        drop(log);
        let is_exact = request.is_exact;
        let mut client = Client { hub: self.clone(), seat, cursor, changed, first, is_exact, is_broken: false };
        if is_exact {
            // A client that is cut before its first event comes back with this place.
            let mark = client.sign_of_life();
            client.first.extend(mark);
        }
        event_stream(Body::from_stream(stream::unfold(Some(client), async |client| client?.chunk().await)))
    }

    fn history(&self) -> Vec<u8> {
        let log = self.read();
        log.read(&log.oldest()).map(|history| history.bytes().collect()).unwrap_or_default()
    }

    fn wake(&self) {
        self.changed.send_modify(|number| *number += 1);
    }

    fn read(&self) -> RwLockReadGuard<'_, EventLog<Box<[u8]>>> {
        self.log.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, EventLog<Box<[u8]>>> {
        self.log.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection.
struct Client {
    hub: Arc<Hub>,
    seat: Seat,
    cursor: Cursor,
    changed: watch::Receiver<u64>,
    /// What it is told before anything else.
    first: Vec<u8>,
    is_exact: bool,
    is_broken: bool,
}

impl Client {
    /// Returns the next bytes to send, and the client, unless these are the last ones.
    async fn chunk(mut self) -> Option<(Chunk, Option<Self>)> {
        if !self.first.is_empty() {
            return Some((Ok(std::mem::take(&mut self.first).into()), Some(self)));
        }
        let mut window = vec![0; WINDOW];
        loop {
            // Before the look into the log, so that nothing can come in between.
            self.changed.mark_unchanged();
            let order = *self.seat.order.borrow_and_update();
            match order {
                Order::Freeze => {
                    self.seat.order.changed().await.ok()?;
                    continue;
                }
                Order::End if !self.cursor.is_mid_event() => return None,
                Order::Cut if self.is_broken => {
                    // Lets the half event go out first.
                    tokio::task::yield_now().await;
                    return Some((Err(io::ErrorKind::ConnectionReset.into()), None));
                }
                Order::Cut => window.truncate(16),
                Order::Flow | Order::End => {}
            }
            let (len, fill) = self.hub.read().fill(&mut self.cursor, &mut window);
            match fill {
                Fill::Lagged(lagged) => {
                    // A client with half an event, or of another log, comes back and resumes.
                    let (missed, go_on) = (lagged.missed?, lagged.go_on?);
                    self.cursor = go_on;
                    return Some((Ok(gap_notice(Some(missed)).into()), Some(self)));
                }
                Fill::End if len == 0 && order != Order::Cut => return Some((Ok(Bytes::from_static(COME_BACK)), None)),
                Fill::CaughtUp | Fill::End if len == 0 => {
                    let sign_of_life = self.hub.kind.sign_of_life;
                    let is_closed = fill == Fill::End;
                    tokio::select! {
                        _ = self.changed.changed() => {}
                        _ = self.seat.order.changed() => {}
                        () = std::future::ready(()), if is_closed => self.is_broken = true,
                        () = tokio::time::sleep(sign_of_life) => {
                            return Some((Ok(self.sign_of_life().into()), Some(self)));
                        }
                    }
                }
                Fill::OutputFull | Fill::CaughtUp | Fill::End => {
                    self.is_broken = order == Order::Cut;
                    window.truncate(len);
                    return Some((Ok(window.into()), Some(self)));
                }
            }
        }
    }

    /// Returns what shows that the connection lives: a comment, or for exact clients the ID of their place.
    fn sign_of_life(&self) -> Vec<u8> {
        if !self.is_exact {
            return KEEP_ALIVE.to_vec();
        }
        let mut mark = vec![0; 64];
        let len = self.hub.read().mark(&self.cursor, &mut mark);
        mark.truncate(len);
        mark
    }
}

/// Returns an answer that is an event stream.
pub fn event_stream(body: Body) -> Response {
    let mut response = body.into_response();
    for &(name, value) in headers::RESPONSE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Breaks the connection, as a server does that is not there. A status would tell browsers to give up for good.
pub fn hang_up() -> Response {
    event_stream(Body::from_stream(stream::once(Chunk::Err(io::ErrorKind::ConnectionReset.into()))))
}

fn new_log(site: &Site, kind: &Kind) -> EventLog<Box<[u8]>> {
    EventLog::new(vec![0; kind.bytes + 4 * kind.events].into_boxed_slice(), kind.events, site.epoch())
}

/// Puts events back under the IDs that clients know them by.
fn restore(log: &mut EventLog<Box<[u8]>>, mut history: &[u8]) {
    let mut parser = Parser::new(vec![0; history.len() + 64].into_boxed_slice());
    while let Some(event) = parser.next(&mut history) {
        let Ok(event) = event else { continue };
        let mut message = Message::new().data_bytes(event.data().as_bytes());
        if let Some(Ok(event_type)) = event.sent_event_type().map(|text| EventType::from_bytes(text.as_bytes())) {
            message = message.event(event_type);
        }
        if let Ok(id) = EventId::from_bytes(event.last_event_id().as_bytes()) {
            let _ = log.push_as(id, &message);
        }
    }
}

/// Returns an event that tells how many events are lost: `{"missed":7}`, or `null` where nobody knows.
fn gap_notice(missed: Option<u64>) -> Vec<u8> {
    Message::new().event(event_type!("gap")).data(&serde_json::json!({ "missed": missed }).to_string()).to_vec()
}
