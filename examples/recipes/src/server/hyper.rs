use super::common::{self, COME_BACK, Log, Place, Places, Settings, WINDOW};
use bytes::Bytes;
use futures_lite::{future, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::Frame;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::{Method, Request, Response, StatusCode, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use sse_wire::Message;
use sse_wire::headers::{self, LAST_EVENT_ID};
use sse_wire::server::{Cursor, Fill, PushError, Refused};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;
use std::{vec, vec::Vec};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

type Body = UnsyncBoxBody<Bytes, Infallible>;

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

    /// Sends a farewell, and ends every response once its client has all of it.
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

/// Lets clients in until `shutdown` is over, which awaits a signal and closes the hub. Returns when the last client has
/// gone: a client that does not read can take any time, so give it a limit.
pub async fn serve(listener: TcpListener, hub: Arc<Hub>, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(async {
        shutdown.await;
        None
    });
    let mut connections = JoinSet::new();
    while let Some(accepted) = future::or(async { Some(listener.accept().await) }, shutdown.as_mut()).await {
        let Ok((stream, peer)) = accepted else {
            // Too many open files, say. Some are closed in a moment.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Events leave at once, and not when there are more of them.
        let _ = stream.set_nodelay(true);
        let hub = hub.clone();
        let service = service_fn(move |request| future::ready(Ok::<_, Infallible>(answer(&hub, peer, &request))));
        let mut http = http1::Builder::new();
        http.keep_alive(false).timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(10));
        connections.spawn(http.serve_connection(TokioIo::new(stream), service));
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Answers with an event stream: on `/events` for clients of all kinds, on `/exact` for browsers and our own alone.
fn answer<B>(hub: &Arc<Hub>, peer: SocketAddr, request: &Request<B>) -> Response<Body> {
    let is_exact = match (request.method(), request.uri().path()) {
        (&Method::GET, "/events") => false,
        (&Method::GET, "/exact") => true,
        _ => return refuse(StatusCode::NOT_FOUND),
    };
    let place = match Place::take(&hub.places, peer) {
        Ok(place) => place,
        Err(Refused::Key) => return refuse(StatusCode::TOO_MANY_REQUESTS),
        Err(Refused::Full) => return refuse(StatusCode::SERVICE_UNAVAILABLE),
    };
    let last = headers::last_event_id(request.headers().get(LAST_EVENT_ID).map(HeaderValue::as_bytes), None);
    let (cursor, first) = common::start(&hub.log(), last, is_exact);
    let client = Client { next: hub.next.subscribe(), hub: hub.clone(), _place: place, cursor, first, is_exact };
    let body = stream::unfold(Some(client), async |client| {
        let (bytes, client) = client?.chunk().await?;
        Some((Ok(Frame::data(bytes)), client))
    });
    let mut response = Response::new(StreamBody::new(body).boxed_unsync());
    for &(name, value) in headers::RESPONSE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refuse(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Empty::new().boxed_unsync());
    *response.status_mut() = status;
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
    async fn chunk(mut self) -> Option<(Bytes, Option<Self>)> {
        if !self.first.is_empty() {
            return Some((std::mem::take(&mut self.first).into(), Some(self)));
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
                    return Some((common::gap(lagged.missed).into(), Some(self)));
                }
                Fill::End if len == 0 => return Some((Bytes::from_static(COME_BACK), None)),
                Fill::CaughtUp if len == 0 => {
                    if tokio::time::timeout(self.hub.sign_of_life, self.next.changed()).await.is_err() {
                        let sign = common::sign_of_life(&self.hub.log(), &self.cursor, self.is_exact);
                        return Some((sign.into(), Some(self)));
                    }
                }
                Fill::OutputFull | Fill::CaughtUp | Fill::End => {
                    window.truncate(len);
                    return Some((window.into(), Some(self)));
                }
            }
        }
    }
}
