use super::common::{self, COME_BACK, Log, Place, Places, Settings, WINDOW};
use super::http::{self, Leaving, MAX_HEAD};
use sse_wire::Message;
use sse_wire::server::{Fill, PushError};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{thread, vec};

/// What all threads share.
pub struct Hub {
    log: Mutex<Log>,
    /// Wakes those who wait for the log's next number to be another one, or for its end.
    changed: Condvar,
    places: Places,
    sign_of_life: Duration,
    leaving: Mutex<Leaving>,
    address: SocketAddr,
}

impl Hub {
    /// The address is that of the listener, at which the server can be reached from here.
    pub fn new(settings: &Settings, address: SocketAddr) -> Self {
        Self {
            log: Mutex::new(settings.log()),
            changed: Condvar::new(),
            places: settings.places(),
            sign_of_life: settings.sign_of_life,
            leaving: Mutex::default(),
            address,
        }
    }

    /// Sends a message to all clients.
    pub fn push(&self, message: &Message<'_>) -> Result<u64, PushError> {
        let number = self.log().push(message)?;
        self.changed.notify_all();
        Ok(number)
    }

    /// Sends a farewell, and ends every response once its client has all of it. Then `serve` returns.
    pub fn close(&self, farewell: &Message<'_>) {
        let mut log = self.log();
        let _ = log.push(farewell);
        log.close();
        drop(log);
        self.changed.notify_all();
        // `serve` waits for a connection: here is one.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }

    /// Lets clients in until the hub is closed, and returns when the last one has gone. A client that takes longer than
    /// `patience` to ask, or to read anything, is sent away.
    pub fn serve(&self, listener: TcpListener, patience: Duration) {
        // Its end waits for the threads.
        thread::scope(|scope| {
            // Closed before that, so new clients find the next server.
            let listener = listener;
            loop {
                let accepted = listener.accept();
                if self.log().is_closed() {
                    return;
                }
                let Ok((stream, peer)) = accepted else {
                    // Too many open files, say. Some are closed in a moment.
                    thread::sleep(Duration::from_millis(100));
                    continue;
                };
                match Place::take(&self.places, peer) {
                    Ok(place) => {
                        let client = move || {
                            let _place = place;
                            self.client(stream, patience)
                        };
                        // Without a thread, the client and its place are dropped.
                        let _ = thread::Builder::new().spawn_scoped(scope, client);
                    }
                    Err(refused) => _ = self.leave(stream, &http::refusal(http::status(refused))),
                }
            }
        });
    }

    /// Serves a client until there is nothing more for it, or it has gone. That shows when something is written: two signs
    /// of life after it went, at the latest.
    fn client(&self, mut stream: TcpStream, patience: Duration) -> io::Result<()> {
        // Events leave at once, and not when there are more of them.
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(patience))?;

        let deadline = Instant::now() + patience;
        let mut window = vec![0; WINDOW.max(MAX_HEAD)];
        let mut len = 0;
        let (mut cursor, first, is_exact) = loop {
            // A time of zero is an error, which is right here.
            stream.set_read_timeout(Some(deadline.saturating_duration_since(Instant::now())))?;
            len += match stream.read(&mut window[len..MAX_HEAD])? {
                0 => return Ok(()),
                len => len,
            };
            match http::request(&window[..len]) {
                Ok(None) => {}
                Ok(Some(request)) => {
                    let (cursor, first) = common::start(&self.log(), request.last, request.is_exact);
                    break (cursor, first, request.is_exact);
                }
                Err(status) => return self.leave(stream, &http::refusal(status)),
            }
        };
        stream.write_all(http::head().as_bytes())?;
        stream.write_all(&first)?;

        // Nothing is written with the log locked: a client can take any time.
        loop {
            let log = self.log();
            match log.fill(&mut cursor, &mut window) {
                (0, Fill::CaughtUp) => {
                    let next = log.next_number();
                    let is_silent = |log: &mut Log| log.next_number() == next && !log.is_closed();
                    let woken = self.changed.wait_timeout_while(log, self.sign_of_life, is_silent);
                    let (log, time) = woken.unwrap_or_else(PoisonError::into_inner);
                    if time.timed_out() {
                        let sign = common::sign_of_life(&log, &cursor, is_exact);
                        drop(log);
                        stream.write_all(&sign)?;
                    }
                }
                (0, Fill::End) => {
                    drop(log);
                    stream.write_all(COME_BACK)?;
                    return self.leave(stream, "");
                }
                (_, Fill::Lagged(lagged)) => {
                    drop(log);
                    // A client with half an event can get nothing else on this connection. It comes back and resumes.
                    let Some(oldest) = lagged.go_on else { return Ok(()) };
                    stream.write_all(&common::gap(lagged.missed))?;
                    cursor = oldest;
                }
                (len, Fill::OutputFull | Fill::CaughtUp | Fill::End) => {
                    drop(log);
                    stream.write_all(&window[..len])?;
                }
            }
        }
    }

    fn leave(&self, stream: TcpStream, words: &str) -> io::Result<()> {
        self.leaving.lock().unwrap_or_else(PoisonError::into_inner).add(stream, words)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
