use super::common::{Log, Place, Places, Settings};
use super::connection::Connection;
use super::http::{self, Leaving};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use sse_wire::Message;
use sse_wire::server::{KeepAlive, PushError};
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What the server shares with those who have something to say.
pub struct Hub {
    log: Mutex<Log>,
    waker: Waker,
}

impl Hub {
    /// Sends a message to all clients.
    pub fn push(&self, message: &Message<'_>) -> Result<u64, PushError> {
        let number = self.log().push(message)?;
        let _ = self.waker.wake();
        Ok(number)
    }

    /// Sends a farewell, and ends every response once its client has all of it. Then the server returns.
    pub fn close(&self, farewell: &Message<'_>) {
        let mut log = self.log();
        let _ = log.push(farewell);
        log.close();
        drop(log);
        let _ = self.waker.wake();
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One thread that serves all clients, and never waits for one of them.
pub struct Server {
    hub: Arc<Hub>,
    poll: Poll,
    listener: Option<TcpListener>,
    places: Places,
    clients: HashMap<Token, Connection>,
    leaving: Leaving,
    sign_of_life: u32,
}

impl Server {
    pub fn new(listener: std::net::TcpListener, settings: &Settings) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let mut listener = TcpListener::from_std(listener);
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, Token(0), Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), Token(0))?;
        Ok(Self {
            hub: Arc::new(Hub { log: Mutex::new(settings.log()), waker }),
            poll,
            listener: Some(listener),
            places: settings.places(),
            clients: HashMap::new(),
            leaving: Leaving::default(),
            sign_of_life: settings.sign_of_life.as_millis() as u32,
        })
    }

    pub fn hub(&self) -> Arc<Hub> {
        self.hub.clone()
    }

    /// Lets clients in until the hub is closed, and returns when the last one has gone. A client that takes longer than
    /// `patience` to ask, or to read anything, is sent away.
    pub fn run(mut self, patience: Duration) -> io::Result<()> {
        let (clock, patience) = (Instant::now(), patience.as_millis() as u64);
        let (mut events, mut last, mut now) = (Events::with_capacity(1024), Token(0), 0);
        loop {
            let wait = self.clients.values().map(|client| client.wait(now, patience)).min();
            match self.poll.poll(&mut events, wait.map(Duration::from_millis)) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => now = clock.elapsed().as_millis() as u64,
            }
            for event in &events {
                if let Some(client) = self.clients.get_mut(&event.token()) {
                    client.has_news = true;
                }
            }
            // At each turn, for there may not have been enough files at the last.
            while let Some(Ok((mut stream, peer))) = self.listener.as_ref().map(TcpListener::accept) {
                match Place::take(&self.places, peer) {
                    Ok(place) => {
                        last.0 += 1;
                        // Events leave at once, and not when there are more of them.
                        let _ = stream.set_nodelay(true);
                        let interest = Interest::READABLE | Interest::WRITABLE;
                        if self.poll.registry().register(&mut stream, last, interest).is_ok() {
                            let keep_alive = KeepAlive::new(self.sign_of_life, now);
                            self.clients.insert(last, Connection::new(stream, place, keep_alive, now));
                        }
                    }
                    Err(refused) => _ = self.leaving.add(stream.into(), &http::refusal(http::status(refused))),
                }
            }
            let is_over = |_: &Token, client: &mut Connection| {
                let goes_on = client.turn(&self.hub.log(), now).unwrap_or(false);
                !goes_on || client.is_too_late(now, patience)
            };
            for (_, mut client) in self.clients.extract_if(is_over) {
                let _ = self.poll.registry().deregister(&mut client.stream);
                if client.has_all() {
                    let _ = self.leaving.add(client.stream.into(), "");
                }
            }
            if self.hub.log().is_closed() {
                // New clients find the next server.
                self.listener = None;
                if self.clients.is_empty() {
                    return Ok(());
                }
            }
        }
    }
}
