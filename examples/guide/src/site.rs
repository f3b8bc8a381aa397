//! What all systems share.

use crate::args::Options;
use crate::hub::Hub;
use crate::seats::lock;
use sse_wire::server::Limiter;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use tokio::sync::watch;

pub struct Site {
    pub options: Options,
    pub address: SocketAddr,
    /// The streams of each address. All systems count together.
    pub limiter: Mutex<Limiter<1024>>,
    /// Turns true when the server is asked to stop.
    pub stopping: watch::Sender<bool>,
    hubs: Mutex<Vec<Arc<Hub>>>,
    epoch: AtomicU64,
}

impl Site {
    pub fn new(options: Options, address: SocketAddr) -> Arc<Self> {
        Arc::new(Self {
            limiter: Mutex::new(Limiter::new(options.per_address, 4096)),
            options,
            address,
            stopping: watch::Sender::new(false),
            hubs: Mutex::default(),
            epoch: AtomicU64::new(now()),
        })
    }

    /// Returns an epoch that no other log has, in this run or an earlier one: the time of the start, and on from there.
    pub fn epoch(&self) -> u64 {
        self.epoch.fetch_add(1, Ordering::Relaxed)
    }

    /// Lets the hub say farewell when the server stops.
    pub fn register(&self, hub: &Arc<Hub>) {
        lock(&self.hubs).push(hub.clone());
    }

    /// Says farewell on every stream, and ends each where its client has all events.
    pub fn stop(&self) {
        for hub in lock(&self.hubs).iter() {
            hub.say_farewell();
        }
        self.stopping.send_replace(true);
    }
}

/// Returns the time in milliseconds since 1970.
pub fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis() as u64)
}
