//! Streams of which a client wants the latest state of each key, and not each change.

use crate::hub::{Chunk, event_stream};
use crate::seats::{Order, Seat, Seats, StreamRequest, lock};
use crate::site::Site;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use futures_lite::stream;
use serde_json::Value;
use sse_wire::server::{Board, NumberedId};
use sse_wire::{EventId, KEEP_ALIVE, Message, event_type};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

pub struct Latest<const K: usize> {
    pub seats: Arc<Seats>,
    site: Arc<Site>,
    epoch: u64,
    board: Mutex<(Board<K>, [Value; K])>,
    changed: watch::Sender<u64>,
}

impl<const K: usize> Latest<K> {
    pub fn new(site: &Arc<Site>) -> Arc<Self> {
        let board = Mutex::new((Board::new(), std::array::from_fn(|_| Value::Null)));
        let (epoch, changed) = (site.epoch(), watch::Sender::new(0));
        Arc::new(Self { seats: Arc::default(), site: site.clone(), epoch, board, changed })
    }

    /// Changes the state of a key.
    pub fn set(&self, key: usize, state: Value) {
        let mut board = lock(&self.board);
        if let Some(number) = board.0.touch(key) {
            board.1[key] = state;
            self.changed.send_replace(number);
        }
    }

    /// Returns the latest state of each key, and the number of changes so far.
    pub fn states(&self) -> (u64, Value) {
        let board = lock(&self.board);
        (board.0.last(), board.1.iter().cloned().collect())
    }

    /// The route of the stream.
    pub fn route(self: &Arc<Self>) -> MethodRouter<Arc<Site>> {
        let latest = self.clone();
        get(async move |request: StreamRequest| latest.answer(&request))
    }

    /// Answers a request. A client that can take only one update in so many milliseconds says so by `pace`.
    pub fn answer(self: &Arc<Self>, request: &StreamRequest) -> Response {
        let seat = match self.seats.take(&self.site, request) {
            Ok(seat) => seat,
            Err(refusal) => return *refusal,
        };
        let id = request.last_event_id.as_deref().and_then(|id| EventId::from_bytes(id).ok());
        let seen = id.and_then(|id| NumberedId::read(self.epoch, id)).unwrap_or(0);
        let pace = request.query.get("pace").and_then(|pace| pace.parse().ok()).unwrap_or(0_u64).min(10_000);
        let (changed, stopping) = (self.changed.subscribe(), self.site.stopping.subscribe());
        let viewer = Viewer { latest: self.clone(), seat, seen, pace, changed, stopping };
        event_stream(Body::from_stream(stream::unfold(Some(viewer), async |viewer| viewer?.chunk().await)))
    }
}

struct Viewer<const K: usize> {
    latest: Arc<Latest<K>>,
    seat: Seat,
    /// The number of the last change that the client has seen.
    seen: u64,
    pace: u64,
    changed: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
}

impl<const K: usize> Viewer<K> {
    async fn chunk(mut self) -> Option<(Chunk, Option<Self>)> {
        if self.pace > 0 {
            tokio::time::sleep(Duration::from_millis(self.pace)).await;
        }
        loop {
            self.changed.mark_unchanged();
            if *self.stopping.borrow_and_update() {
                let farewell = Message::new().event(event_type!("farewell")).data("the server stops");
                return Some((Ok(farewell.to_vec().into()), None));
            }
            match *self.seat.order.borrow_and_update() {
                Order::End | Order::Cut => return None,
                Order::Flow | Order::Freeze => {}
            }
            // The state is looked up now that there is room for it, so it is never old.
            let next = {
                let board = lock(&self.latest.board);
                board.0.next(self.seen).map(|(key, number)| (number, board.1[key].to_string()))
            };
            if let Some((number, state)) = next {
                self.seen = number;
                let id = NumberedId::new(self.latest.epoch, number);
                return Some((Ok(Message::new().id(id.as_event_id()).data(&state).to_vec().into()), Some(self)));
            }
            tokio::select! {
                _ = self.changed.changed() => {}
                _ = self.stopping.changed() => {}
                _ = self.seat.order.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(15)) => {
                    return Some((Ok(KEEP_ALIVE.into()), Some(self)));
                }
            }
        }
    }
}
