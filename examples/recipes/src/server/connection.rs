use super::common::{self, COME_BACK, Log, Place};
use super::http::{self, MAX_HEAD};
use mio::net::TcpStream;
use sse_wire::server::{Cursor, KeepAlive, Lagged};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::vec::Vec;

/// One connection. Its place is given back when it is removed.
pub struct Connection {
    pub stream: TcpStream,
    _place: Place,
    stage: Stage,
    /// What is not the log's: to be sent before anything else.
    own: Vec<u8>,
    /// How many bytes have been read.
    heard: usize,
    /// Whether the socket may have become readable, or writable.
    pub has_news: bool,
    /// Since when the client has let us wait for its request, or for room in its socket.
    waits_since: Option<u64>,
    keep_alive: KeepAlive,
}

enum Stage {
    /// This has arrived of the request.
    Asks(Vec<u8>),
    /// It gets events from the cursor on. The flag says whether its route is exact.
    Follows(Cursor, bool),
    /// It gets what is in `own`, and nothing more.
    Leaves,
}

impl Connection {
    pub fn new(stream: TcpStream, place: Place, keep_alive: KeepAlive, now: u64) -> Self {
        let (stage, waits_since) = (Stage::Asks(Vec::new()), Some(now));
        Self { stream, _place: place, stage, own: Vec::new(), heard: 0, has_news: false, waits_since, keep_alive }
    }

    /// Returns how long nothing has to be done for this client.
    pub fn wait(&self, now: u64, patience: u64) -> u64 {
        match self.waits_since {
            Some(since) => (since + patience).saturating_sub(now),
            None => self.keep_alive.wait(now),
        }
    }

    /// Returns whether the client has let us wait for longer than it may.
    pub fn is_too_late(&self, now: u64, patience: u64) -> bool {
        self.waits_since.is_some() && self.wait(now, patience) == 0
    }

    /// Returns whether the client was sent all that there will ever be for it.
    pub const fn has_all(&self) -> bool {
        self.own.is_empty() && matches!(self.stage, Stage::Leaves)
    }

    /// Does what can be done at once. Returns whether the connection goes on.
    pub fn turn(&mut self, log: &Log, now: u64) -> io::Result<bool> {
        let has_news = std::mem::take(&mut self.has_news);
        if has_news && !matches!(self.stage, Stage::Leaves) {
            match self.read(log) {
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                _ => {}
            }
        }
        if !has_news && self.waits_since.is_some() {
            return Ok(true);
        }
        match self.write(log, now) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.waits_since.get_or_insert(now);
                Ok(true)
            }
            result => result,
        }
    }

    /// Reads the request, and then only the end of the connection.
    fn read(&mut self, log: &Log) -> io::Result<()> {
        let mut bytes = [0; 1024];
        while self.heard < MAX_HEAD {
            let len = match self.stream.read(&mut bytes)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                len => len,
            };
            self.heard += len;
            let Stage::Asks(head) = &mut self.stage else { continue };
            head.extend_from_slice(&bytes[..len]);
            match http::request(head) {
                Ok(None) => continue,
                Ok(Some(request)) => {
                    self.own = http::head().into_bytes();
                    let (cursor, first) = common::start(log, request.last, request.is_exact);
                    self.own.extend(first);
                    self.stage = Stage::Follows(cursor, request.is_exact);
                }
                Err(status) => {
                    self.own = http::refusal(status).into_bytes();
                    self.stage = Stage::Leaves;
                    self.waits_since = None;
                    break;
                }
            }
            self.waits_since = None;
        }
        Ok(())
    }

    /// Writes until the socket is full, or there is nothing more. What is the log's goes straight from there, under its
    /// lock: a socket that does not block takes it at once, or not.
    fn write(&mut self, log: &Log, now: u64) -> io::Result<bool> {
        loop {
            while !self.own.is_empty() {
                let len = self.stream.write(&self.own)?;
                self.own.drain(..len);
                self.wrote(now);
            }
            let Stage::Follows(cursor, is_exact) = &mut self.stage else {
                return Ok(matches!(self.stage, Stage::Asks(_)));
            };
            match log.read(cursor) {
                Ok(chunk) if !chunk.is_empty() => {
                    let len = self.stream.write_vectored(&[chunk.front, chunk.back].map(IoSlice::new))?;
                    if log.advance(cursor, len).is_err() {
                        return Ok(false);
                    }
                    self.wrote(now);
                }
                Ok(_) if log.is_closed() => {
                    self.own = COME_BACK.to_vec();
                    self.stage = Stage::Leaves;
                }
                Ok(_) if self.keep_alive.is_due(now) => {
                    self.own = common::sign_of_life(log, cursor, *is_exact);
                    self.keep_alive.wrote(now);
                }
                Ok(_) => return Ok(true),
                Err(Lagged { missed, go_on: Some(oldest) }) => {
                    self.own = common::gap(missed);
                    *cursor = oldest;
                }
                // A client with half an event can get nothing else on this connection. It comes back and resumes.
                Err(Lagged { go_on: None, .. }) => return Ok(false),
            }
        }
    }

    fn wrote(&mut self, now: u64) {
        self.waits_since = None;
        self.keep_alive.wrote(now);
    }
}
