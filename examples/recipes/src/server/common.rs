use sse_wire::headers::LastEventId;
use sse_wire::server::{Cursor, EventLog, Limiter, Refused, Resume};
use sse_wire::{KEEP_ALIVE, Message, encoded, event_type};
use std::net::{IpAddr, SocketAddr};
use std::string::ToString;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{boxed::Box, vec, vec::Vec};

pub type Log = EventLog<Box<[u8]>>;
pub type Places = Arc<Mutex<Limiter<1024>>>;

/// How many bytes are copied under the lock at once.
pub const WINDOW: usize = 16 << 10;
/// The last lines of a server that stops: its clients come back in five seconds.
pub const COME_BACK: &[u8] = encoded!(Message::new().retry(5000));

/// What a server holds, and whom it lets in.
pub struct Settings {
    /// The log's memory.
    pub bytes: usize,
    /// How many events the log has at most.
    pub events: usize,
    /// It must differ each time the server starts. Its time in milliseconds does.
    pub epoch: u64,
    pub clients_of_an_address: u16,
    pub clients: u32,
    /// How long a connection may be silent: 15 seconds, say. Proxies close one after 30 to 60.
    pub sign_of_life: Duration,
}

impl Settings {
    pub fn log(&self) -> Log {
        EventLog::new(vec![0; self.bytes].into_boxed_slice(), self.events, self.epoch)
    }

    pub fn places(&self) -> Places {
        Arc::new(Mutex::new(Limiter::new(self.clients_of_an_address, self.clients)))
    }
}

/// Returns where a client starts, and what it is told before anything else. New clients get what comes from now on.
pub fn start(log: &Log, last: LastEventId<'_>, is_exact: bool) -> (Cursor, Vec<u8>) {
    let (cursor, mut first) = match last {
        LastEventId::Absent => (log.live(), Vec::new()),
        LastEventId::Invalid => (log.oldest(), gap(None)),
        LastEventId::Valid(id) => match log.resume(id) {
            Resume::Found(cursor) => (cursor, Vec::new()),
            Resume::Expired { missed, oldest } => (oldest, gap(Some(missed))),
            Resume::Unknown => (log.oldest(), gap(None)),
        },
    };
    if is_exact {
        // After the gap: a client that is cut off between the two must still hear of it.
        first.extend(sign_of_life(log, &cursor, true));
    }
    (cursor, first)
}

/// Returns an event that tells a client how many events it has missed. `None` is an unknown number.
pub fn gap(missed: Option<u64>) -> Vec<u8> {
    let missed = missed.map_or("unknown".to_string(), |missed| missed.to_string());
    Message::new().event(event_type!("gap")).data(&missed).to_vec()
}

/// Returns what shows a client that has everything that the connection lives. Where all clients are browsers or ours, it
/// moves their last event ID, so that they lose nothing even if they have not seen an event yet. Others could take that for
/// an empty event.
pub fn sign_of_life(log: &Log, cursor: &Cursor, is_exact: bool) -> Vec<u8> {
    if !is_exact {
        return KEEP_ALIVE.to_vec();
    }
    let mut mark = vec![0; 64];
    let len = log.mark(cursor, &mut mark);
    mark.truncate(len);
    mark
}

/// A client's place among those that the limiter lets in, given back when the connection ends, however it ends.
pub struct Place {
    places: Places,
    key: u64,
}

impl Place {
    pub fn take(places: &Places, peer: SocketAddr) -> Result<Self, Refused> {
        let key = match peer.ip() {
            IpAddr::V4(address) => u64::from(u32::from(address)),
            // Whoever has one address of a network has all of them.
            IpAddr::V6(address) => (u128::from(address) >> 64) as u64,
        };
        places.lock().unwrap_or_else(PoisonError::into_inner).connect(key)?;
        Ok(Self { places: places.clone(), key })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).disconnect(self.key);
    }
}
