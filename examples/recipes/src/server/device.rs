use core::cell::RefCell;
use core::net::IpAddr;
use embassy_sync::blocking_mutex::CriticalSectionMutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::watch::{Receiver, Watch};
use embassy_time::{Duration, with_timeout};
use sse_wire::headers::{self, LastEventId};
use sse_wire::server::{Cursor, EventLog, Fill, Limiter, PushError, Refused, Resume};
use sse_wire::{KEEP_ALIVE, Message, encoded, event_type};

/// The memory of the log.
pub const BYTES: usize = 4096;
/// How many clients there may be at once.
pub const CLIENTS: usize = 4;
/// Shorter than the 30 to 60 seconds after which proxies close a silent connection.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// The last lines of a server that stops: its clients come back in five seconds.
const COME_BACK: &[u8] = encoded!(Message::new().retry(5000));

/// What all connections share. It fits into a static, and nothing awaits while the log is borrowed.
pub struct Hub {
    /// The log's next number. It counts as changed until a client has been told, so nobody misses one.
    next: Watch<CriticalSectionRawMutex, u64, CLIENTS>,
    limiter: CriticalSectionMutex<RefCell<Limiter<CLIENTS>>>,
    log: CriticalSectionMutex<RefCell<EventLog<[u8; BYTES]>>>,
}

impl Hub {
    /// The epoch must differ each time the device starts: a counter in flash, or a random number.
    pub const fn new(events: usize, epoch: u64, clients_of_an_address: u16) -> Self {
        Self {
            next: Watch::new(),
            limiter: CriticalSectionMutex::new(RefCell::new(Limiter::new(clients_of_an_address, CLIENTS as u32))),
            log: CriticalSectionMutex::new(RefCell::new(EventLog::new([0; BYTES], events, epoch))),
        }
    }

    /// Sends a message to all clients.
    pub fn push(&self, message: &Message<'_>) -> Result<u64, PushError> {
        self.change(|log| log.push(message))
    }

    /// Sends a farewell, and ends every response once its client has all of it.
    pub fn close(&self, farewell: &Message<'_>) {
        self.change(|log| {
            let _ = log.push(farewell);
            log.close();
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut EventLog<[u8; BYTES]>) -> T) -> T {
        self.log.lock(|log| {
            let mut log = log.borrow_mut();
            let result = change(&mut log);
            self.next.sender().send(log.next_number());
            result
        })
    }

    /// Lets a client in, and finds out where it goes on. New clients get what comes from now on.
    ///
    /// On connection and as a sign of life, exact clients get a block that moves their last event ID, so that they lose
    /// nothing even if they have not seen an event yet. That is for routes whose clients are all browsers or ours.
    pub fn connect(&self, address: IpAddr, last: Option<&[u8]>, is_exact: bool) -> Result<Client<'_>, Refused> {
        let place = Place::take(self, address)?;
        let next = self.next.receiver().ok_or(Refused::Full)?;
        let (cursor, gap) = self.log.lock(|log| {
            let log = log.borrow();
            match headers::last_event_id(last, None) {
                LastEventId::Absent => (log.live(), None),
                LastEventId::Invalid => (log.oldest(), Some(None)),
                LastEventId::Valid(id) => match log.resume(id) {
                    Resume::Found(cursor) => (cursor, None),
                    Resume::Expired { missed, oldest } => (oldest, Some(Some(missed))),
                    Resume::Unknown => (log.oldest(), Some(None)),
                },
            }
        });
        let mut client = Client { next, place, cursor, notice: heapless::Vec::new(), is_exact, is_over: false };
        if let Some(missed) = gap {
            client.tell_gap(missed);
        }
        if is_exact {
            client.tell_sign_of_life();
        }
        Ok(client)
    }
}

/// One connection.
pub struct Client<'h> {
    next: Receiver<'h, CriticalSectionRawMutex, u64, CLIENTS>,
    place: Place<'h>,
    cursor: Cursor,
    /// What it is told before anything else: at most a gap and a mark.
    notice: heapless::Vec<u8, 96>,
    is_exact: bool,
    is_over: bool,
}

/// What to do when the bytes have been sent.
pub enum Step {
    Fill,
    Wait,
    End,
}

impl Client<'_> {
    /// Copies what comes next to the front of a window, and returns how many bytes it is.
    pub fn fill(&mut self, window: &mut [u8]) -> (usize, Step) {
        if !self.notice.is_empty() {
            let len = window.len().min(self.notice.len());
            window.iter_mut().zip(self.notice.drain(..len)).for_each(|(to, byte)| *to = byte);
            return (len, Step::Fill);
        }
        if self.is_over {
            return (0, Step::End);
        }
        let (len, fill) = self.place.hub.log.lock(|log| log.borrow().fill(&mut self.cursor, window));
        match fill {
            Fill::OutputFull => (len, Step::Fill),
            Fill::CaughtUp => (len, Step::Wait),
            Fill::End => {
                self.tell(COME_BACK);
                self.is_over = true;
                (len, Step::Fill)
            }
            Fill::Lagged(lagged) => match lagged.go_on {
                Some(oldest) => {
                    self.cursor = oldest;
                    self.tell_gap(lagged.missed);
                    (0, Step::Fill)
                }
                // A client with half an event can get nothing else on this connection. It comes back and resumes.
                None => (0, Step::End),
            },
        }
    }

    /// Waits for the next event, unless one has come since the last wait. If none comes for a while, a sign of life is what
    /// comes next.
    pub async fn wait(&mut self) {
        if with_timeout(SIGN_OF_LIFE, self.next.changed()).await.is_err() {
            self.tell_sign_of_life();
        }
    }

    fn tell_sign_of_life(&mut self) {
        if !self.is_exact {
            return self.tell(KEEP_ALIVE);
        }
        let mut mark = [0; 47];
        let len = self.place.hub.log.lock(|log| log.borrow().mark(&self.cursor, &mut mark));
        self.tell(mark.get(..len).unwrap_or_default());
    }

    /// Tells how many events it has missed, if anyone knows.
    fn tell_gap(&mut self, missed: Option<u64>) {
        let missed = missed.and_then(|missed| heapless::format!(20; "{missed}").ok());
        let missed = missed.as_deref().unwrap_or("unknown");
        Message::new().event(event_type!("gap")).data(missed).segments().for_each(|segment| self.tell(segment));
    }

    fn tell(&mut self, bytes: &[u8]) {
        let _ = self.notice.extend_from_slice(bytes);
    }
}

/// A client's place among those that the limiter lets in, given back when the connection ends, however it ends.
struct Place<'h> {
    hub: &'h Hub,
    key: u64,
}

impl<'h> Place<'h> {
    fn take(hub: &'h Hub, address: IpAddr) -> Result<Self, Refused> {
        let key = match address {
            IpAddr::V4(address) => u64::from(u32::from(address)),
            // Whoever has one address of a network has all of them.
            IpAddr::V6(address) => (u128::from(address) >> 64) as u64,
        };
        hub.limiter.lock(|limiter| limiter.borrow_mut().connect(key))?;
        Ok(Self { hub, key })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.hub.limiter.lock(|limiter| limiter.borrow_mut().disconnect(self.key));
    }
}
