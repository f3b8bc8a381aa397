//! What a client must do, as a straight line in absolute time: one request after the other, no states, no timers, whole
//! bodies read by the naive reader, numbers so large that nothing overflows. It shares nothing with the crate.

use super::script::{Answer, Connection, End, Script};
use crate::reference::{self, Loss, Record};

/// What can be seen of a client, with the time at which it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// With this `Last-Event-ID`.
    Request(u128, Option<String>),
    Event(u128, Result<Record, Loss>),
    /// For so long, after so many losses in a row.
    Wait(u128, u128, u128),
    Closed(u128, String),
}

/// How long a caller waits when there is no limit.
pub const PATIENCE: u128 = 3_600_000;

/// What became of a connection, and when the caller notices.
enum Outcome {
    Closed(u128, String),
    Lost { at: u128, why: String, opened: Option<u128>, has_progressed: bool, least: u128 },
}

pub fn expected(script: &Script) -> Vec<Seen> {
    let numbers = &script.numbers;
    let mut seen = Vec::new();
    let mut memory = Memory { id: script.id.as_bytes().to_vec(), retry: None, events: 0 };
    let (mut now, mut losses, mut waits) = (u128::from(script.start), 0, 0);
    for connection in &script.connections {
        seen.push(Seen::Request(now, sendable(&memory.id)));
        let outcome = connect(script, connection, now, &mut memory, &mut seen);
        let (at, why, opened, has_progressed, least) = match outcome {
            Outcome::Closed(at, why) => {
                seen.push(Seen::Closed(at, why));
                return seen;
            }
            Outcome::Lost { at, why, opened, has_progressed, least } => (at, why, opened, has_progressed, least),
        };
        if has_progressed || opened.is_some_and(|opened| at - opened >= numbers.stable.into()) {
            losses = 0;
        }
        losses += 1;
        if numbers.attempts.is_some_and(|most| losses > u128::from(most)) {
            seen.push(Seen::Closed(at, format!("Lost({why})")));
            return seen;
        }
        let base = match memory.retry {
            Some(ms) => u128::from(ms).min(numbers.retry_max.into()),
            None => numbers.retry.into(),
        };
        let base = base.max(numbers.retry_min.into());
        let spread = (base.max(1) * 2_u128.pow((losses - 1) as u32)).min(numbers.spread_max.into());
        let random = u128::from(script.random[waits % script.random.len()]);
        let jitter = random * (spread + 1) / 2_u128.pow(32);
        let wait = base.max(least.min(numbers.retry_max.into())) + jitter;
        let wait = wait.min(u32::MAX.into());
        seen.push(Seen::Wait(at, wait, losses));
        waits += 1;
        now = at + wait.min(connection.hurry.map_or(wait, u128::from));
    }
    // Nothing more is known, so the caller closes.
    seen.push(Seen::Request(now, sendable(&memory.id)));
    seen.push(Seen::Closed(now, "ByCaller".into()));
    seen
}

/// What outlives a connection.
struct Memory {
    id: Vec<u8>,
    retry: Option<u64>,
    events: usize,
}

fn connect(
    script: &Script,
    connection: &Connection,
    start: u128,
    memory: &mut Memory,
    seen: &mut Vec<Seen>,
) -> Outcome {
    let busy = u128::from(script.busy);
    let silence = u128::from(script.numbers.silence);
    // Who comes first from now on: the network, at this time if ever, or the end of the time since the last sign of life.
    // What was no sign of life may have kept the caller busy until after that.
    let is_in_time = |network: Option<u128>, since: u128, now: u128| {
        let Some(at) = network else { return false };
        let end = since + silence;
        silence == 0 || now < end && (at < end || at == end && script.network_first)
    };
    let too_late = |since: u128, now: u128, opened: Option<u128>, has_progressed: bool| {
        if silence == 0 {
            return Outcome::Closed(now + PATIENCE, "ByCaller".into());
        }
        Outcome::Lost { at: now.max(since + silence), why: "Silent".into(), opened, has_progressed, least: 0 }
    };

    let answered = start + u128::from(connection.gap);
    if !is_in_time((connection.answer != Answer::Never).then_some(answered), start, start) {
        return too_late(start, start, None, false);
    }
    let mut now = answered + busy;
    let unopened = |why: String, least: u64| Outcome::Lost {
        at: answered + busy,
        why,
        opened: None,
        has_progressed: false,
        least: least.into(),
    };
    match connection.answer {
        Answer::Unreachable | Answer::Never => return unopened("Failed".into(), 0),
        Answer::Response { status: 200, is_event_stream: true, .. } => {}
        Answer::Response { status: 200, .. } => return Outcome::Closed(now, "ContentType".into()),
        Answer::Response { status: 204, .. } => return Outcome::Closed(now, "Stopped".into()),
        Answer::Response { status, least, .. } => {
            let is_outage = [408, 425, 429].contains(&status) || status / 100 == 5 && ![501, 505].contains(&status);
            if is_outage && script.numbers.retry_status {
                return unopened(format!("Status({status})"), least);
            }
            return Outcome::Closed(now, format!("Status({status})"));
        }
    }

    // The body, and when each part of it was there.
    let opened = now;
    let mut heard = now;
    let mut body = Vec::new();
    let mut arrivals = Vec::new();
    let mut is_silent = false;
    for (gap, piece) in &connection.pieces {
        let at = now + u128::from(*gap);
        if !is_in_time(Some(at), heard, now) {
            is_silent = true;
            break;
        }
        body.extend_from_slice(piece);
        arrivals.push((body.len(), at));
        now = at + busy;
        if !piece.is_empty() {
            heard = now;
        }
    }
    let reading = reference::read(&body, script.capacity, &memory.id);
    let mut has_event = false;
    for verdict in reading.verdicts {
        let (_, at) = *arrivals.iter().find(|(len, _)| verdict.at <= *len).unwrap();
        has_event |= verdict.what.is_ok();
        memory.events += usize::from(verdict.what.is_ok());
        let is_last = verdict.what.is_ok() && Some(memory.events) == script.close_after;
        seen.push(Seen::Event(at, verdict.what));
        if is_last {
            return Outcome::Closed(at + busy, "ByCaller".into());
        }
    }
    let has_progressed = reading.last_event_id != memory.id || reading.retry.is_some() && has_event;
    memory.id = reading.last_event_id;
    memory.retry = reading.retry.or(memory.retry);

    let ended = now + u128::from(connection.last_gap);
    if is_silent || !is_in_time((connection.end != End::Never).then_some(ended), heard, now) {
        return too_late(heard, now, Some(opened), has_progressed);
    }
    let why = if connection.end == End::Ended { "Ended" } else { "Failed" };
    Outcome::Lost { at: ended + busy, why: why.into(), opened: Some(opened), has_progressed, least: 0 }
}

/// The `Last-Event-ID` that HTTP can carry.
fn sendable(id: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(id).ok()?;
    let is_sendable =
        !text.is_empty() && text.trim_matches(' ') == text && !text.chars().any(|c| c < ' ' || c == '\x7F');
    is_sendable.then(|| text.to_owned())
}
