use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_lite::stream;
use sse_wire::headers::{self, LAST_EVENT_ID, LastEventId};
use sse_wire::server::{Cursor, EventLog, Fill, Limiter, PushError, Refused, Resume};
use sse_wire::{KEEP_ALIVE, Message, encoded, event_type};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::string::{String, ToString};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use std::{boxed::Box, vec, vec::Vec};
use tokio::sync::watch;

/// How many bytes are copied under the lock at once.
const WINDOW: usize = 16 << 10;
/// Shorter than the 30 to 60 seconds after which proxies close a silent connection.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// The last lines of a server that stops: its clients come back in five seconds.
const COME_BACK: &[u8] = encoded!(Message::new().retry(5000));

/// What all connections share.
pub struct Hub {
    log: RwLock<EventLog<Box<[u8]>>>,
    /// The log's next number. Whoever waits for another one misses none.
    next: watch::Sender<u64>,
    limiter: Mutex<Limiter<1024>>,
}

impl Hub {
    /// The epoch must differ each time the server starts. Its time in milliseconds does.
    pub fn new(bytes: usize, events: usize, epoch: u64, clients_of_an_address: u16, clients: u32) -> Arc<Self> {
        Arc::new(Self {
            log: RwLock::new(EventLog::new(vec![0; bytes].into_boxed_slice(), events, epoch)),
            next: watch::Sender::new(1),
            limiter: Mutex::new(Limiter::new(clients_of_an_address, clients)),
        })
    }

    /// Sends a message to all clients.
    pub fn push(&self, message: &Message<'_>) -> Result<u64, PushError> {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        let number = log.push(message)?;
        self.next.send_replace(log.next_number());
        Ok(number)
    }

    /// Sends a farewell, and ends every response once its client has all of it.
    pub fn close(&self, farewell: &Message<'_>) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        let _ = log.push(farewell);
        log.close();
        self.next.send_replace(log.next_number());
    }
}

/// Answers a request with an event stream, for clients of all kinds: `get(events).with_state(hub)`. New clients get what
/// comes from now on.
pub async fn events(hub: State<Arc<Hub>>, peer: ConnectInfo<SocketAddr>, request: HeaderMap) -> Response {
    answer(hub, peer, &request, false)
}

/// Answers a request as `events` does, for a route whose clients are all browsers or ours. On connection and as a sign of
/// life, it moves their last event ID, so that they lose nothing even if they have not seen an event yet.
pub async fn exact_events(hub: State<Arc<Hub>>, peer: ConnectInfo<SocketAddr>, request: HeaderMap) -> Response {
    answer(hub, peer, &request, true)
}

fn answer(
    State(hub): State<Arc<Hub>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: &HeaderMap,
    is_exact: bool,
) -> Response {
    let place = match Place::take(&hub, peer) {
        Ok(place) => place,
        Err(Refused::Key) => return StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(Refused::Full) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let last = headers::last_event_id(request.get(LAST_EVENT_ID).map(|id| id.as_bytes()), None);
    let mut client = {
        let log = hub.log.read().unwrap_or_else(PoisonError::into_inner);
        let (cursor, missed) = match last {
            LastEventId::Absent => (log.live(), None),
            LastEventId::Invalid => (log.oldest(), Some(unknown())),
            LastEventId::Valid(id) => match log.resume(id) {
                Resume::Found(cursor) => (cursor, None),
                Resume::Expired { missed, oldest } => (oldest, Some(missed.to_string())),
                Resume::Unknown => (log.oldest(), Some(unknown())),
            },
        };
        let first = missed.map_or_else(Vec::new, |missed| gap(&missed));
        Client { next: hub.next.subscribe(), place, cursor, first, is_exact }
    };
    if is_exact {
        let mark = client.sign_of_life();
        client.first.extend(mark);
    }
    let body = stream::unfold(Some(client), async |client| client?.chunk().await);
    let mut response = Body::from_stream(body).into_response();
    for &(name, value) in headers::RESPONSE {
        response.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
    }
    response
}

/// One connection.
struct Client {
    place: Place,
    cursor: Cursor,
    next: watch::Receiver<u64>,
    /// What it is told before anything else.
    first: Vec<u8>,
    is_exact: bool,
}

impl Client {
    /// Returns the next bytes to send, and the client, unless these are the last ones.
    async fn chunk(mut self) -> Option<(Result<Bytes, Infallible>, Option<Self>)> {
        if !self.first.is_empty() {
            return Some((Ok(std::mem::take(&mut self.first).into()), Some(self)));
        }
        let mut window = vec![0; WINDOW];
        loop {
            // Before the look into the log, so that nothing can come in between.
            self.next.mark_unchanged();
            let (len, fill) = {
                let log = self.place.hub.log.read().unwrap_or_else(PoisonError::into_inner);
                log.fill(&mut self.cursor, &mut window)
            };
            match fill {
                Fill::Lagged(lagged) => {
                    // A client with half an event can get nothing else on this connection. It comes back and resumes.
                    self.cursor = lagged.go_on?;
                    let notice = gap(&lagged.missed.map_or_else(unknown, |missed| missed.to_string()));
                    return Some((Ok(notice.into()), Some(self)));
                }
                Fill::End if len == 0 => return Some((Ok(Bytes::from_static(COME_BACK)), None)),
                Fill::CaughtUp if len == 0 => {
                    if tokio::time::timeout(SIGN_OF_LIFE, self.next.changed()).await.is_err() {
                        return Some((Ok(self.sign_of_life().into()), Some(self)));
                    }
                }
                Fill::OutputFull | Fill::CaughtUp | Fill::End => {
                    window.truncate(len);
                    return Some((Ok(window.into()), Some(self)));
                }
            }
        }
    }

    /// Returns what shows that the connection lives.
    fn sign_of_life(&self) -> Vec<u8> {
        if !self.is_exact {
            return KEEP_ALIVE.to_vec();
        }
        let mut mark = vec![0; 64];
        let len = self.place.hub.log.read().unwrap_or_else(PoisonError::into_inner).mark(&self.cursor, &mut mark);
        mark.truncate(len);
        mark
    }
}

fn unknown() -> String {
    "unknown".to_string()
}

/// Returns an event that tells a client how many events it has missed.
fn gap(missed: &str) -> Vec<u8> {
    Message::new().event(event_type!("gap")).data(missed).to_vec()
}

/// A client's place among those that the limiter lets in, given back when the connection ends, however it ends.
struct Place {
    hub: Arc<Hub>,
    key: u64,
}

impl Place {
    fn take(hub: &Arc<Hub>, peer: SocketAddr) -> Result<Self, Refused> {
        let key = match peer.ip() {
            IpAddr::V4(address) => u64::from(u32::from(address)),
            // Whoever has one address of a network has all of them.
            IpAddr::V6(address) => (u128::from(address) >> 64) as u64,
        };
        hub.limiter.lock().unwrap_or_else(PoisonError::into_inner).connect(key)?;
        Ok(Self { hub: hub.clone(), key })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hub.limiter.lock().unwrap_or_else(PoisonError::into_inner).disconnect(self.key);
    }
}
