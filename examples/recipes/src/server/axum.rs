use super::common::{self, COME_BACK, Log, Place, Places, Settings, WINDOW};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_lite::stream;
use sse_wire::Message;
use sse_wire::headers::{self, LAST_EVENT_ID};
use sse_wire::server::{Cursor, Fill, PushError, Refused};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;
use std::{vec, vec::Vec};
use tokio::sync::watch;

/// What all connections share.
pub struct Hub {
    log: RwLock<Log>,
    /// The log's next number. Whoever waits for another one misses none.
    next: watch::Sender<u64>,
    places: Places,
    sign_of_life: Duration,
}

impl Hub {
    pub fn new(settings: &Settings) -> Arc<Self> {
        Arc::new(Self {
            log: RwLock::new(settings.log()),
            next: watch::Sender::new(1),
            places: settings.places(),
            sign_of_life: settings.sign_of_life,
        })
    }

    /// Sends a message to all clients.
    pub fn push(&self, message: &Message<'_>) -> Result<u64, PushError> {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        let number = log.push(message)?;
        self.next.send_replace(log.next_number());
        Ok(number)
    }

    /// Sends a farewell, and ends every response once its client has all of it. Do this when the server begins to [shut
    /// down](axum::serve::Serve::with_graceful_shutdown).
    pub fn close(&self, farewell: &Message<'_>) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        let _ = log.push(farewell);
        log.close();
        self.next.send_replace(log.next_number());
    }

    fn log(&self) -> RwLockReadGuard<'_, Log> {
        self.log.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers a request with an event stream, for clients of all kinds: `get(events).with_state(hub)`.
pub async fn events(hub: State<Arc<Hub>>, peer: ConnectInfo<SocketAddr>, request: HeaderMap) -> Response {
    answer(hub, peer, &request, false)
}

/// Answers a request as `events` does, for a route whose clients are all browsers or ours.
pub async fn exact_events(hub: State<Arc<Hub>>, peer: ConnectInfo<SocketAddr>, request: HeaderMap) -> Response {
    answer(hub, peer, &request, true)
}

fn answer(
    State(hub): State<Arc<Hub>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: &HeaderMap,
    is_exact: bool,
) -> Response {
    let place = match Place::take(&hub.places, peer) {
        Ok(place) => place,
        Err(Refused::Key) => return StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(Refused::Full) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let last = headers::last_event_id(request.get(LAST_EVENT_ID).map(HeaderValue::as_bytes), None);
    let (cursor, first) = common::start(&hub.log(), last, is_exact);
    let client = Client { next: hub.next.subscribe(), hub, _place: place, cursor, first, is_exact };
    let body = stream::unfold(Some(client), async |client| client?.chunk().await);
    let mut response = Body::from_stream(body).into_response();
    for &(name, value) in headers::RESPONSE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// One connection.
struct Client {
    hub: Arc<Hub>,
    _place: Place,
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
            let (len, fill) = self.hub.log().fill(&mut self.cursor, &mut window);
            match fill {
                Fill::Lagged(lagged) => {
                    // A client with half an event can get nothing else on this connection. It comes back and resumes.
                    self.cursor = lagged.go_on?;
                    return Some((Ok(common::gap(lagged.missed).into()), Some(self)));
                }
                Fill::End if len == 0 => return Some((Ok(Bytes::from_static(COME_BACK)), None)),
                Fill::CaughtUp if len == 0 => {
                    if tokio::time::timeout(self.hub.sign_of_life, self.next.changed()).await.is_err() {
                        let sign = common::sign_of_life(&self.hub.log(), &self.cursor, self.is_exact);
                        return Some((Ok(sign.into()), Some(self)));
                    }
                }
                Fill::OutputFull | Fill::CaughtUp | Fill::End => {
                    window.truncate(len);
                    return Some((Ok(window.into()), Some(self)));
                }
            }
        }
    }
}
