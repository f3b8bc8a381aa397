//! Clients, a server, and the time, which goes on by itself only where nothing happens.
//!
//! Answers take no time, and the comments that keep streams from falling silent are left out: nothing comes of them here.

use sse_wire::client::{Action, EventSource, Policy, ReadyState, Response};

/// A kind of client.
pub struct Client {
    pub name: &'static str,
    pub about: &'static str,
    pub policy: Policy,
    /// Whether its random bits are random. If not, they stand for one half, always.
    pub has_jitter: bool,
}

/// What the server does once it has lost all clients.
pub struct Server {
    /// It refuses connections for so long, in ms.
    pub back: usize,
    /// It accepts so many of them in a second of the clock. The others get a 503.
    pub limit: u32,
}

/// What the server has seen in one second.
#[derive(Clone, Copy, Default)]
pub struct Second {
    pub accepted: u32,
    /// Refused, or answered with 503.
    pub turned_away: u32,
}

impl Second {
    pub fn connects(self) -> u32 {
        self.accepted + self.turned_away
    }
}

/// What became of all clients.
pub struct Outcome {
    /// The seconds since the loss, up to the last one with a connect.
    pub seconds: Vec<Second>,
    /// When the last client was accepted, in ms after the loss.
    pub last_accepted: usize,
    /// The clients that receive the stream again.
    pub open: usize,
    /// The clients that have given up for good.
    pub closed: usize,
}

impl Outcome {
    pub fn connects(&self) -> u64 {
        self.seconds.iter().map(|second| u64::from(second.connects())).sum()
    }

    pub fn peak(&self) -> u32 {
        self.seconds.iter().map(|second| second.connects()).max().unwrap_or(0)
    }
}

/// An event without text, which is all that a buffer of no bytes can hold.
const EVENT: &[u8] = b"data\n\n";

type Source = EventSource<[u8; 0]>;

/// Lets all clients lose their connections at once, and waits until each is open again or closed.
pub fn run(client: &Client, server: &Server, clients: u32) -> Outcome {
    let mut herd = Herd {
        // They have all come to the same point by the same way.
        sources: vec![open(client.policy); clients as usize],
        waiting: Vec::new(),
        random: client.has_jitter.then_some(Random(0)),
        server,
        seconds: Vec::new(),
        last_accepted: 0,
    };
    for index in 0..herd.sources.len() {
        herd.sources[index].ended();
        herd.step(index, 0);
    }
    // A step at one time makes its client wait for a later one.
    let mut now = 0;
    while now < herd.waiting.len() {
        for index in std::mem::take(&mut herd.waiting[now]) {
            herd.step(index as usize, now);
        }
        now += 1;
    }
    let open = herd.sources.iter_mut().filter_map(|source| source.next(&mut &*EVENT)?.ok().map(drop)).count();
    let closed = herd.sources.iter().filter(|source| source.ready_state() == ReadyState::Closed).count();
    Outcome { seconds: herd.seconds, last_accepted: herd.last_accepted, open, closed }
}

/// Makes a source that is connected.
fn open(policy: Policy) -> Source {
    let mut source = EventSource::new(policy, []);
    let _ = source.poll(0, || 0);
    let _ = source.response(&answer(200));
    let _ = source.poll(0, || 0);
    source
}

fn answer(status: u16) -> Response<'static> {
    Response { status, content_type: b"text/event-stream", ..Response::default() }
}

/// A run. All times are in ms after the loss.
struct Herd<'a> {
    sources: Vec<Source>,
    /// Which sources to poll at each time.
    waiting: Vec<Vec<u32>>,
    random: Option<Random>,
    server: &'a Server,
    seconds: Vec<Second>,
    last_accepted: usize,
}

impl Herd<'_> {
    /// Does what a source asks for until it has to wait, or is open, or is closed.
    fn step(&mut self, index: usize, now: usize) {
        loop {
            let source = &mut self.sources[index];
            let random = || self.random.as_mut().map_or(1 << 31, Random::next);
            match source.poll(now as u64, random) {
                Action::Connect(_) => self.connect(index, now),
                Action::Wait(ms) => {
                    let due = now + ms as usize;
                    self.waiting.resize_with(self.waiting.len().max(due + 1), Vec::new);
                    self.waiting[due].push(index as u32);
                    return;
                }
                Action::Receive(_) | Action::Closed(_) => return,
            }
        }
    }

    /// Lets the server answer, and writes that down.
    fn connect(&mut self, index: usize, now: usize) {
        let source = &mut self.sources[index];
        self.seconds.resize(now / 1000 + 1, Second::default());
        let second = &mut self.seconds[now / 1000];
        if now < self.server.back {
            source.failed();
            second.turned_away += 1;
        } else if second.accepted < self.server.limit {
            let _ = source.response(&answer(200));
            second.accepted += 1;
            self.last_accepted = now;
        } else {
            let _ = source.response(&answer(503));
            second.turned_away += 1;
        }
    }
}

/// SplitMix64: the same numbers in each run, and on each machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ bits >> 31) >> 32) as u32
    }
}
