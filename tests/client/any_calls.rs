//! Any calls in any order, by any clock: a defined state, and what the docs say of it.

use sse_wire::client::{Action, Closed, EventSource, Lost, Policy, ReadyState, Response, ResumeFrom};
use sse_wire::{End, EventId, Status};

/// The states of the docs, by what can be seen of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Due,
    Connecting,
    Open,
    Lost(Lost),
    Waiting,
    Closed(Closed),
}

#[test]
fn any_calls_in_any_order() {
    for seed in 0..crate::cases() / 10 {
        let mut choose = crate::script::random(seed);
        calls(&mut choose, 60, seed);
    }
}

/// Makes calls, and holds each against the table in the docs.
pub fn calls(choose: &mut dyn FnMut(u32) -> u32, count: u32, seed: u64) {
    let silence = [0, 1, 90_000, u32::MAX][choose(4) as usize];
    let attempts = [None, Some(0), Some(3), Some(u32::MAX)][choose(4) as usize];
    let policy = Policy::RESILIENT
        .silence(silence)
        .attempts(attempts)
        .retry_min([0, 500, u32::MAX][choose(3) as usize])
        .spread_max([0, u32::MAX][choose(2) as usize])
        .stable([0, 10, u32::MAX][choose(3) as usize]);
    let mut source = EventSource::new(policy, [0; 24]);
    let mut state = State::Due;
    let mut now = 0_u64;
    let mut losses = 0_u64;
    for step in 0..count {
        let context = (seed, step, state);
        match choose(16) {
            0..=5 => {
                now = match choose(12) {
                    0 => now.wrapping_add(1),
                    1 => now.wrapping_sub(1),
                    2 => 0,
                    3 => u64::MAX,
                    4 => now.wrapping_add(u64::from(u32::MAX)),
                    5 => now & 0xFFFF_FFFF,
                    6 => now.wrapping_add(1 << 40),
                    7 => now.wrapping_add(u64::from(silence)),
                    8 => u64::from(choose(u32::MAX)) << choose(33),
                    _ => now,
                };
                let mut draws = 0;
                let bits = choose(u32::MAX);
                let action = source.poll(now, || {
                    draws += 1;
                    bits
                });
                let next = match action {
                    Action::Connect(_) => State::Connecting,
                    Action::Receive(_) if matches!(state, State::Connecting) => State::Connecting,
                    Action::Receive(_) => State::Open,
                    Action::Wait(_) => State::Waiting,
                    Action::Closed(reason) => State::Closed(reason),
                };
                let limit = (silence > 0).then_some(silence);
                let is_right = match (state, action) {
                    (State::Due, Action::Connect(time)) => time == limit,
                    (State::Connecting | State::Open, Action::Receive(time)) => {
                        time.is_some() == limit.is_some() && time.is_none_or(|time| time > 0 && time <= silence)
                    }
                    (State::Connecting | State::Open, Action::Wait(_)) => {
                        silence > 0 && source.lost() == Some(Lost::Silent)
                    }
                    (State::Connecting | State::Open, Action::Closed(reason)) => {
                        silence > 0 && reason == Closed::Lost(Lost::Silent) && attempts.is_some()
                    }
                    (State::Lost(lost), Action::Wait(_)) => source.lost() == Some(lost),
                    (State::Lost(lost), Action::Closed(reason)) => reason == Closed::Lost(lost) && attempts.is_some(),
                    (State::Waiting, Action::Wait(time)) => time > 0,
                    (State::Waiting, Action::Connect(time)) => time == limit,
                    (State::Closed(reason), action) => action == Action::Closed(reason),
                    _ => false,
                };
                assert!(is_right, "{action:?}: {context:?}");
                let is_new_loss = matches!(state, State::Connecting | State::Open | State::Lost(_))
                    && matches!(action, Action::Wait(_) | Action::Closed(_));
                losses += u64::from(is_new_loss);
                assert_eq!(draws, u32::from(is_new_loss && matches!(action, Action::Wait(_))), "{context:?}");
                assert!(!is_new_loss || source.failures() > 0, "{context:?}");
                state = next;
            }
            6 | 7 => {
                let status = [200, 200, 200, 204, 503, 404][choose(6) as usize];
                let content_type = [&b"text/event-stream"[..], b"text/event-stream", b"\xFF,"][choose(3) as usize];
                let response =
                    Response { status, content_type, retry_after: [&b""[..], b"99999999999"][choose(2) as usize] };
                if state == State::Connecting {
                    state = match status {
                        200 if content_type != b"\xFF," => State::Open,
                        200 => State::Closed(Closed::ContentType),
                        204 => State::Closed(Closed::Stopped),
                        503 => State::Lost(Lost::Status(503)),
                        _ => State::Closed(Closed::Status(status)),
                    };
                }
                assert_eq!(source.response(&response), ready(state), "{context:?}");
            }
            8..=10 => {
                let stream =
                    [&b"id: 1\ndata: a\n\n"[..], b"data: a\n", b"\n\n", b"retry: 0\r", b"", b"id: \x01\n\n\xFF"];
                let mut chunk = stream[choose(6) as usize];
                if choose(2) == 0 {
                    let len = chunk.len();
                    let event = source.next(&mut chunk);
                    assert!(event.is_none() || state == State::Open, "{context:?}");
                    assert!(event.is_some() || chunk.is_empty(), "{context:?}");
                    assert!(state == State::Open || len == 0 || chunk.is_empty(), "{context:?}");
                } else {
                    let (consumed, status) = source.advance(chunk);
                    if state != State::Open {
                        assert_eq!((consumed, status), (chunk.len(), Status::NeedInput), "{context:?}");
                    }
                    assert_eq!(source.event().is_some(), status == Status::Event, "{context:?}");
                }
            }
            11 | 12 => {
                let is_ended = choose(2) == 0;
                let end = if is_ended { source.ended() } else { source.failed() };
                let is_clean = end == End::Clean;
                if matches!(state, State::Connecting | State::Open) {
                    state = State::Lost(if is_ended { Lost::Ended } else { Lost::Failed });
                }
                // What is unfinished shows once.
                assert!(is_clean || source.ended() == End::Clean, "{context:?}");
            }
            13 => {
                source.connect_now();
                if state == State::Waiting {
                    state = State::Due;
                }
            }
            14 => {
                let id = ["", "7", "a\x01", "an ID that does not fit into it"][choose(4) as usize];
                let before = source.last_event_id().as_bytes().to_vec();
                match source.set_last_event_id(EventId::new(id).unwrap()) {
                    Ok(()) => assert_eq!(source.last_event_id(), id, "{context:?}"),
                    Err(error) => {
                        assert!(error.needed > 24, "{context:?}");
                        assert_eq!(source.last_event_id(), before[..], "{context:?}");
                    }
                }
            }
            _ if choose(4) == 0 => {
                source.close();
                if !matches!(state, State::Closed(_)) {
                    state = State::Closed(Closed::ByCaller);
                }
            }
            _ => {}
        }

        // What shows from outside.
        assert_eq!(source.ready_state(), ready(state), "{context:?}");
        assert_eq!(source.closed(), if let State::Closed(reason) = state { Some(reason) } else { None }, "{context:?}");
        assert!(state == State::Open || source.event().is_none(), "{context:?}");
        assert!(u64::from(source.failures()) <= losses, "{context:?}");
        assert!(attempts.is_none_or(|most| source.failures() <= most.saturating_add(1)), "{context:?}");
        if let State::Lost(lost) = state {
            assert_eq!(source.lost(), Some(lost), "{context:?}");
        }
        let id = source.headers().nth(2);
        assert_eq!(source.headers().count(), 2 + usize::from(id.is_some()), "{context:?}");
        match source.resume_from() {
            ResumeFrom::Start => assert!(id.is_none() && source.last_event_id().is_empty(), "{context:?}"),
            ResumeFrom::Id(text) => assert_eq!(id, Some(("last-event-id", text)), "{context:?}"),
            ResumeFrom::Unsendable(text) => {
                assert!(id.is_none() && text == source.last_event_id() && !text.is_empty(), "{context:?}");
            }
        }
    }
}

fn ready(state: State) -> ReadyState {
    match state {
        State::Due | State::Connecting | State::Lost(_) | State::Waiting => ReadyState::Connecting,
        State::Open => ReadyState::Open,
        State::Closed(_) => ReadyState::Closed,
    }
}

/// What a connection left unfinished can still be seen when the source has found it silent, or has closed it.
#[test]
fn what_is_unfinished_shows_after_silence_and_after_closing() {
    let open = || {
        let mut source = EventSource::new(Policy::RESILIENT, [0; 24]);
        assert_eq!(source.poll(0, || 0), Action::Connect(Some(90_000)));
        let response = Response { status: 200, content_type: b"text/event-stream", ..Response::default() };
        assert_eq!(source.response(&response), ReadyState::Open);
        assert_eq!(source.advance(b"id: 7\ndata: a\n"), (14, Status::NeedInput));
        assert_eq!(source.poll(0, || 0), Action::Receive(Some(90_000)));
        source
    };
    let unfinished = |source: &mut EventSource<[u8]>| match source.ended() {
        End::Clean => None,
        End::Unfinished(rest) => Some(rest.event().unwrap().data().to_string()),
    };
    let mut silent = open();
    assert_eq!(silent.poll(90_000, || 0), Action::Wait(3000));
    assert_eq!(unfinished(&mut silent), Some("a".to_owned()));
    assert_eq!(unfinished(&mut silent), None);
    assert_eq!(silent.lost(), Some(Lost::Silent), "it was lost by silence all the same");

    let mut closed = open();
    closed.close();
    assert_eq!(unfinished(&mut closed), Some("a".to_owned()));
    assert_eq!(closed.closed(), Some(Closed::ByCaller));

    // A new connection starts afresh, and the unfinished block's ID never counted.
    let mut again = open();
    assert_eq!(again.poll(90_000, || 0), Action::Wait(3000));
    again.connect_now();
    assert_eq!(again.poll(90_000, || 0), Action::Connect(Some(90_000)));
    assert_eq!(unfinished(&mut again), None);
    assert_eq!(again.last_event_id(), "");
}
