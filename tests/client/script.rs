//! What happens to a client, from the first request on: a policy in plain numbers, and what the network does each time.

use sse_wire::client::Policy;
use std::fmt;

/// A policy's numbers, so that the model needs nothing of the crate's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub retry: u32,
    pub retry_min: u32,
    pub retry_max: u32,
    pub spread_max: u32,
    pub stable: u32,
    pub silence: u32,
    pub attempts: Option<u32>,
    pub retry_status: bool,
}

impl Numbers {
    pub const STANDARD: Self = Self {
        retry: 3000,
        retry_min: 500,
        retry_max: 4_294_967_295,
        spread_max: 0,
        stable: 0,
        silence: 0,
        attempts: None,
        retry_status: false,
    };

    pub const RESILIENT: Self = Self {
        retry: 3000,
        retry_min: 500,
        retry_max: 300_000,
        spread_max: 30_000,
        stable: 10_000,
        silence: 90_000,
        attempts: None,
        retry_status: true,
    };

    pub const ONCE: Self = Self { attempts: Some(0), ..Self::STANDARD };

    /// The policy with these numbers, each of them set.
    pub fn policy(&self) -> Policy {
        Policy::STANDARD
            .retry(self.retry)
            .retry_min(self.retry_min)
            .retry_max(self.retry_max)
            .spread_max(self.spread_max)
            .stable(self.stable)
            .silence(self.silence)
            .attempts(self.attempts)
            .retry_status(self.retry_status)
    }
}

#[derive(Clone, Debug)]
pub struct Script {
    pub numbers: Numbers,
    /// The size of the parser's buffer.
    pub capacity: usize,
    /// The last event ID at the start.
    pub id: &'static str,
    /// What the clock shows at the start.
    pub start: u64,
    /// How long the caller takes to deal with whatever the network brings, before it polls.
    pub busy: u64,
    /// Whether the network comes first when the time is over in the same millisecond.
    pub network_first: bool,
    /// The random bits of the first wait, the second, and so on from the start again.
    pub random: Vec<u32>,
    /// The caller closes when this many events have come.
    pub close_after: Option<usize>,
    /// The caller polls so often while it waits, though it need not.
    pub idle_poll: Option<u64>,
    pub connections: Vec<Connection>,
}

/// What becomes of one request.
#[derive(Clone)]
pub struct Connection {
    /// The time from the request to the answer.
    pub gap: u64,
    pub answer: Answer,
    /// Pieces of the body, each with the time before it.
    pub pieces: Vec<(u64, Vec<u8>)>,
    pub last_gap: u64,
    pub end: End,
    /// The caller ends the wait that follows after so long.
    pub hurry: Option<u64>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms: {:?}; ", self.gap, self.answer)?;
        for (gap, piece) in &self.pieces {
            write!(f, "{gap} ms: {}; ", piece.escape_ascii())?;
        }
        write!(f, "{} ms: {:?}; hurry {:?}", self.last_gap, self.end, self.hurry)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Unreachable,
    Never,
    Response {
        status: u16,
        content_type: &'static str,
        is_event_stream: bool,
        retry_after: &'static str,
        /// What that says in milliseconds, or 0 if it says nothing.
        least: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Ended,
    Failed,
    Never,
}

/// Returns a number below its argument.
pub type Choose<'a> = &'a mut dyn FnMut(u32) -> u32;

pub fn pick<T: Clone>(choose: Choose<'_>, from: &[T]) -> T {
    from[choose(from.len().try_into().unwrap()) as usize].clone()
}

fn maybe<T>(choose: Choose<'_>, one_in: u32, make: impl FnOnce(Choose<'_>) -> T) -> Option<T> {
    (choose(one_in) == 0).then(|| make(choose))
}

/// Lines, and whole blocks.
const LINES: [&str; 34] = [
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "data: a\n",
    "data: b\r\n",
    "data\n",
    "data: 0123456789012345678901234567890123456789\n",
    "data: a\n\n",
    "data: a\n\n",
    "id: 4\ndata: a\n\n",
    "id: 5\ndata: a\r\n\r\n",
    "retry: 8\ndata: a\n\n",
    "data: a\n\nretry: 8\n",
    "event: e\ndata: a\n\n",
    "event: e\n",
    "id: 1\n",
    "id: 2\n",
    "id: 3\n",
    "id\n",
    "id: a\0\n",
    "id: \x01\n",
    "id: Grüße\n",
    "id: 01234567890123456789\n",
    "retry: 0\n",
    "retry: 7\n",
    "retry: 20\n",
    "retry: 400000\n",
    "retry: 99999999999999999999\n",
    "retry: x\n",
    "retry\n",
    ": comment\n",
    "unknown: x\n",
];

impl Script {
    pub fn make(choose: Choose<'_>) -> Self {
        let numbers = numbers(choose);
        let connections = (0..=choose(7)).map(|_| connection(choose, &numbers)).collect();
        Self {
            numbers,
            capacity: pick(choose, &[0, 8, 32, 64, 64, 64]),
            id: "",
            start: pick(choose, &[0, 0, 1, 1 << 32, 1 << 62]),
            busy: pick(choose, &[0, 0, 0, 1, 10, 100_000]),
            network_first: choose(2) == 0,
            random: (0..3).map(|_| pick(choose, &[0, 1, 1 << 31, u32::MAX, 0x1234_5678])).collect(),
            close_after: maybe(choose, 6, |choose| choose(5) as usize + 1),
            idle_poll: maybe(choose, 3, |choose| pick(choose, &[1, 7, 1000, 100_000])),
            connections,
        }
        .seeded(choose)
    }

    /// Sets an ID that fits, if one does.
    fn seeded(self, choose: Choose<'_>) -> Self {
        let id = pick(choose, &["", "7", "\x01", "seven", " 7"]);
        if id.len() <= self.capacity { Self { id, ..self } } else { self }
    }
}

fn numbers(choose: Choose<'_>) -> Numbers {
    let presets = [Numbers::STANDARD, Numbers::RESILIENT, Numbers::ONCE];
    if let Some(preset) = presets.get(choose(8) as usize) {
        return *preset;
    }
    let time = |choose: Choose<'_>| pick(choose, &[0, 1, 10, 15, 20, 100, 500, 3000, 100_000, u32::MAX]);
    Numbers {
        retry: time(choose),
        retry_min: time(choose),
        retry_max: time(choose),
        spread_max: time(choose),
        stable: time(choose),
        silence: time(choose),
        attempts: pick(choose, &[None, None, None, Some(0), Some(1), Some(2), Some(5)]),
        retry_status: choose(2) == 0,
    }
}

/// A time at the edge of something.
fn gap(choose: Choose<'_>, numbers: &Numbers) -> u64 {
    let edge = pick(choose, &[0, 0, 1, 5, 10, 3000, numbers.stable, numbers.silence, numbers.stable / 2]);
    (u64::from(edge) + u64::from(choose(3))).saturating_sub(1)
}

fn connection(choose: Choose<'_>, numbers: &Numbers) -> Connection {
    let stream: Vec<u8> = (0..choose(12)).flat_map(|_| pick(choose, &LINES).bytes()).collect();
    let mut pieces = Vec::new();
    let mut rest = &stream[..];
    while !rest.is_empty() {
        // What has no more to choose from chooses 0, and must come to an end.
        let len = if choose(8) == 7 { 0 } else { rest.len().min(1 + choose(20) as usize) };
        pieces.push((gap(choose, numbers), rest[..len].to_vec()));
        rest = &rest[len..];
    }
    Connection {
        gap: gap(choose, numbers),
        answer: answer(choose),
        pieces,
        last_gap: gap(choose, numbers),
        end: pick(choose, &[End::Ended, End::Ended, End::Failed, End::Never]),
        hurry: maybe(choose, 6, |choose| gap(choose, numbers)),
    }
}

fn answer(choose: Choose<'_>) -> Answer {
    match choose(10) {
        0 => Answer::Unreachable,
        1 => Answer::Never,
        kind => {
            // Most of them open.
            let status =
                if kind > 3 { 200 } else { pick(choose, &[503, 503, 429, 500, 501, 404, 301, 204, 200, 0, 999]) };
            let (content_type, is_event_stream) = match choose(40) {
                0 => ("text/html", false),
                1 => ("", false),
                2 => ("Text/Event-Stream;x=y", true),
                _ => ("text/event-stream", true),
            };
            let (retry_after, least) =
                pick(choose, &[("", 0), ("", 0), ("0", 0), ("1", 1000), ("600", 600_000), ("soon", 0)]);
            Answer::Response { status, content_type, is_event_stream, retry_after, least }
        }
    }
}

/// Random numbers (SplitMix64), the same for the same seed.
pub fn random(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        (((bits >> 32) * u64::from(below)) >> 32) as u32
    }
}
