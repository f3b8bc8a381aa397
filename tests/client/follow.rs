//! Plays a script to an `EventSource`, as a caller with a network and a clock would, and writes down what can be seen.

use super::model::{PATIENCE, Seen};
use super::script::{Answer, End, Script};
use crate::harness::{Door, loss, record};
use sse_wire::client::{Action, Closed, EventSource, Lost, ReadyState, Response};
use sse_wire::{EventId, Status, Storage};
use std::collections::VecDeque;

/// What the network brings next.
enum Network<'s> {
    Unreachable,
    Response(Response<'s>),
    Piece(&'s [u8]),
    Ended,
    Failed,
}

pub fn follow(script: &Script, door: Door) -> Vec<Seen> {
    let mut memory = vec![0; script.capacity];
    let mut source = EventSource::new(script.numbers.policy(), &mut memory[..]);
    source.set_last_event_id(EventId::new(script.id).unwrap()).unwrap();
    let mut caller = Caller { source: &mut source, door, seen: Vec::new(), now: script.start.into(), events: 0 };
    caller.follow(script);
    caller.seen
}

struct Caller<'c, B: ?Sized> {
    source: &'c mut EventSource<B>,
    door: Door,
    seen: Vec<Seen>,
    now: u128,
    events: usize,
}

impl<B: Storage> Caller<'_, B> {
    fn follow(&mut self, script: &Script) {
        let mut connections = script.connections.iter();
        let mut network = VecDeque::new();
        let (mut draws, mut is_waiting, mut hurry) = (0, false, None);
        for _ in 0..20_000 {
            let action = self.source.poll(self.now.try_into().unwrap(), || {
                draws += 1;
                script.random[(draws - 1) % script.random.len()]
            });
            let is_new_wait = matches!(action, Action::Wait(_)) && !is_waiting;
            is_waiting = matches!(action, Action::Wait(_));
            match action {
                Action::Connect(limit) => {
                    assert_eq!(self.source.ready_state(), ReadyState::Connecting);
                    let headers = self.source.headers().find(|(name, _)| *name == "last-event-id");
                    self.seen.push(Seen::Request(self.now, headers.map(|(_, id)| id.to_owned())));
                    let Some(connection) = connections.next() else {
                        self.source.close();
                        continue;
                    };
                    network = queue(connection);
                    hurry = connection.hurry.map(u128::from);
                    self.receive(script, limit, &mut network);
                }
                Action::Receive(limit) => {
                    assert!(limit.is_none_or(|limit| 0 < limit && limit <= script.numbers.silence));
                    assert_eq!(limit.is_none(), script.numbers.silence == 0);
                    self.receive(script, limit, &mut network);
                }
                Action::Wait(time) => {
                    assert_eq!(self.source.ready_state(), ReadyState::Connecting);
                    if is_new_wait {
                        self.seen.push(Seen::Wait(self.now, time.into(), self.source.failures().into()));
                    }
                    // What an old connection still brings is nothing to the source.
                    let mut stale = &b"id: stale\ndata: stale\nretry: 1\n\n"[..];
                    assert_eq!((self.source.next(&mut stale), stale), (None, &b""[..]));
                    assert_eq!(self.source.advance(b"data\n\n"), (6, Status::NeedInput));
                    let _ = self.source.ended();
                    let is_cut_short = hurry.is_some_and(|hurry| hurry < time.into());
                    let time = if is_cut_short { hurry.unwrap() } else { time.into() };
                    match script.idle_poll {
                        Some(idle) if u128::from(idle) < time && time < 100 * u128::from(idle) => {
                            self.now += u128::from(idle);
                            hurry = hurry.map(|hurry| hurry - u128::from(idle));
                        }
                        _ => {
                            self.now += time;
                            if is_cut_short {
                                self.source.connect_now();
                            }
                        }
                    }
                }
                Action::Closed(reason) => {
                    assert_eq!(self.source.ready_state(), ReadyState::Closed);
                    assert_eq!(self.source.closed(), Some(reason));
                    self.seen.push(Seen::Closed(self.now, closed(reason)));
                    return;
                }
            }
        }
        panic!("it goes on for ever");
    }

    /// Awaits the network, so long at most, and passes on what it brings.
    fn receive(&mut self, script: &Script, limit: Option<u32>, network: &mut VecDeque<(u128, Network<'_>)>) {
        let limit = limit.map(u128::from);
        let gap = network.front().map(|(gap, _)| *gap);
        let first = match (gap, limit) {
            (None, None) => {
                self.now += PATIENCE;
                return self.source.close();
            }
            (gap, limit) => gap.unwrap_or(u128::MAX).min(limit.unwrap_or(u128::MAX)),
        };
        if let Some(idle) = script.idle_poll.map(u128::from) {
            if idle < first && first < 100 * idle {
                self.now += idle;
                network.iter_mut().take(1).for_each(|(gap, _)| *gap -= idle);
                return;
            }
        }
        self.now += first;
        if limit.is_some_and(|limit| gap.is_none_or(|gap| limit < gap || limit == gap && !script.network_first)) {
            return;
        }
        let (_, what) = network.pop_front().unwrap();
        match what {
            Network::Unreachable | Network::Failed => drop(self.source.failed()),
            Network::Ended => drop(self.source.ended()),
            Network::Response(response) => {
                let state = self.source.response(&response);
                assert_eq!(state, self.source.ready_state());
            }
            Network::Piece(piece) => self.read(piece, script.close_after),
        }
        self.now += u128::from(script.busy);
    }

    fn read(&mut self, piece: &[u8], close_after: Option<usize>) {
        let mut rest = piece;
        // Every event takes a byte at least.
        for _ in 0..=piece.len() {
            let what = match self.door {
                Door::Next => match self.source.next(&mut rest) {
                    None => break,
                    Some(Ok(event)) => Ok(record(&event)),
                    Some(Err(overflow)) => Err(loss(overflow)),
                },
                _ => {
                    let (consumed, status) = self.source.advance(rest);
                    rest = &rest[consumed..];
                    match status {
                        Status::NeedInput => break,
                        Status::Event => Ok(record(&self.source.event().unwrap())),
                        Status::Overflow(overflow) => Err(loss(overflow)),
                    }
                }
            };
            self.events += usize::from(what.is_ok());
            let is_last = what.is_ok() && Some(self.events) == close_after;
            self.seen.push(Seen::Event(self.now, what));
            if is_last {
                self.source.close();
                assert_eq!(self.source.event(), None);
            }
        }
        assert!(rest.is_empty());
    }
}

/// What the network brings after a request, each with the time before it.
fn queue(connection: &super::script::Connection) -> VecDeque<(u128, Network<'_>)> {
    let answer = match &connection.answer {
        Answer::Never => return VecDeque::new(),
        Answer::Unreachable => Network::Unreachable,
        Answer::Response { status, content_type, retry_after, .. } => Network::Response(Response {
            status: *status,
            content_type: content_type.as_bytes(),
            retry_after: retry_after.as_bytes(),
        }),
    };
    let end = match connection.end {
        End::Ended => Some(Network::Ended),
        End::Failed => Some(Network::Failed),
        End::Never => None,
    };
    let pieces = connection.pieces.iter().map(|(gap, piece)| (u128::from(*gap), Network::Piece(piece)));
    [(u128::from(connection.gap), answer)]
        .into_iter()
        .chain(pieces)
        .chain(end.map(|end| (u128::from(connection.last_gap), end)))
        .collect()
}

/// A reason in the words of the model.
fn closed(reason: Closed) -> String {
    match reason {
        Closed::ByCaller => "ByCaller".into(),
        Closed::Stopped => "Stopped".into(),
        Closed::ContentType => "ContentType".into(),
        Closed::Status(status) => format!("Status({status})"),
        Closed::Lost(Lost::Ended) => "Lost(Ended)".into(),
        Closed::Lost(Lost::Failed) => "Lost(Failed)".into(),
        Closed::Lost(Lost::Silent) => "Lost(Silent)".into(),
        Closed::Lost(Lost::Status(status)) => format!("Lost(Status({status}))"),
        other => panic!("{other:?} is new"),
    }
}
