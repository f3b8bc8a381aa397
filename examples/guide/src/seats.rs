//! The clients of a stream: how many, since when, and a way to reach each of them.

use crate::site::{Site, now};
use axum::extract::{ConnectInfo, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sse_wire::headers::LAST_EVENT_ID;
use sse_wire::server::Refused;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// A request for a stream.
pub struct StreamRequest {
    /// Where the client is. `X-Forwarded-For` is not asked: anyone can write it.
    pub peer: IpAddr,
    /// The header `Last-Event-ID`, or `lastEventId` in the query, as clients send it that cannot set headers.
    pub last_event_id: Option<Vec<u8>>,
    /// Under which name the page can speak of this client: `me` in the query.
    pub name: String,
    /// Whether the client is exact about blocks that only set an ID: `exact` in the query.
    pub is_exact: bool,
    pub query: HashMap<String, String>,
}

impl<S: Send + Sync> FromRequestParts<S> for StreamRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query =
            Query::<HashMap<String, String>>::try_from_uri(&parts.uri).map(|Query(query)| query).unwrap_or_default();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let header = parts.headers.get(LAST_EVENT_ID).map(|id| id.as_bytes().to_vec());
        Ok(Self {
            peer: peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip()),
            last_event_id: header.or_else(|| query.get("lastEventId").map(|id| id.clone().into_bytes())),
            name: query.get("me").map(|name| name.chars().take(32).collect()).unwrap_or_default(),
            is_exact: query.contains_key("exact"),
            query,
        })
    }
}

/// What a stream is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Flow,
    /// Send nothing, as if the client's line were stuck.
    Freeze,
    /// End the response.
    End,
    /// Break the connection within an event.
    Cut,
}

/// The clients of one stream.
#[derive(Default)]
pub struct Seats {
    taken: Mutex<BTreeMap<u64, Entry>>,
    next: AtomicU64,
    count: watch::Sender<usize>,
}

struct Entry {
    name: String,
    since: u64,
    order: watch::Sender<Order>,
}

impl Seats {
    /// Lets a client in, or says why not.
    pub fn take(self: &Arc<Self>, site: &Arc<Site>, request: &StreamRequest) -> Result<Seat, Box<Response>> {
        let key = match request.peer {
            IpAddr::V4(address) => u64::from(u32::from(address)),
            // A customer has a whole network of these.
            IpAddr::V6(address) => (u128::from(address) >> 64) as u64,
        };
        if let Err(refused) = lock(&site.limiter).connect(key) {
            let status = match refused {
                Refused::Key => StatusCode::TOO_MANY_REQUESTS,
                Refused::Full => StatusCode::SERVICE_UNAVAILABLE,
            };
            return Err(Box::new((status, [(header::RETRY_AFTER, "5")], "too many streams\n").into_response()));
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, order) = watch::channel(Order::Flow);
        let entry = Entry { name: request.name.clone(), since: now(), order: sender };
        let mut taken = lock(&self.taken);
        taken.insert(number, entry);
        self.count.send_replace(taken.len());
        Ok(Seat { seats: self.clone(), site: site.clone(), key, number, order })
    }

    /// Gives an order to the clients of this name, or to all, and returns how many they are.
    pub fn order(&self, name: Option<&str>, order: Order) -> usize {
        let (taken, mut count) = (lock(&self.taken), 0);
        for entry in taken.values().filter(|entry| name.is_none_or(|name| entry.name == name)) {
            entry.order.send_replace(order);
            count += 1;
        }
        count
    }

    /// Follows how many clients there are.
    pub fn count(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }

    /// Describes each client: its number and name, since when it is here, whether it is frozen.
    pub fn list(&self) -> serde_json::Value {
        let describe = |(number, entry): (&u64, &Entry)| {
            let is_frozen = *entry.order.borrow() == Order::Freeze;
            serde_json::json!({ "client": number, "name": entry.name, "since": entry.since, "frozen": is_frozen })
        };
        lock(&self.taken).iter().map(describe).collect()
    }
}

/// One client's place. It is given back when the response is dropped, however that ends.
pub struct Seat {
    pub site: Arc<Site>,
    pub order: watch::Receiver<Order>,
    seats: Arc<Seats>,
    key: u64,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.site.limiter).disconnect(self.key);
        let mut taken = lock(&self.seats.taken);
        taken.remove(&self.number);
        self.seats.count.send_replace(taken.len());
    }
}

/// No lock here is held across code that could leave its data half changed.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
