//! Section 9 of the rules as a table: every status with every kind of type, under each policy.

use sse_wire::client::{Action, Closed, EventSource, Lost, Policy, ReadyState, Response};

/// What a response leads to.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Open,
    Outage,
    Final(Closed),
}

const RIGHT: [&str; 4] =
    ["text/event-stream", "Text/Event-Stream", "text/event-stream; charset=utf-8", "text/html, text/event-stream;a=b"];
const WRONG: [&str; 6] =
    ["", "text/html", "text/event-stream2", "event-stream", "text/event-stream, text/html", "application/json"];

#[test]
fn every_status_with_every_type() {
    let policies = [
        (Policy::STANDARD, false),
        (Policy::RESILIENT, true),
        (Policy::ONCE, false),
        (Policy::ONCE.retry_status(true), true),
        (Policy::RESILIENT.retry_status(false), false),
    ];
    let mut counts = (0, 0, 0);
    for (policy, retries) in policies {
        for status in 100..=999 {
            for (content_type, is_right) in RIGHT.map(|t| (t, true)).into_iter().chain(WRONG.map(|t| (t, false))) {
                let expected = match status {
                    200 if is_right => Verdict::Open,
                    200 => Verdict::Final(Closed::ContentType),
                    204 => Verdict::Final(Closed::Stopped),
                    408 | 425 | 429 if retries => Verdict::Outage,
                    501 | 505 => Verdict::Final(Closed::Status(status)),
                    500..600 if retries => Verdict::Outage,
                    _ => Verdict::Final(Closed::Status(status)),
                };
                let seen = verdict(policy, status, content_type);
                match seen {
                    Verdict::Open => counts.0 += 1,
                    Verdict::Outage => counts.1 += 1,
                    Verdict::Final(_) => counts.2 += 1,
                }
                assert_eq!(seen, expected, "{policy:?}, {status}, {content_type:?}");
            }
        }
    }
    let all = 5 * 900 * 10;
    assert_eq!(counts, (5 * 4, 2 * 101 * 10, all - 5 * 4 - 2 * 101 * 10));
}

fn verdict(policy: Policy, status: u16, content_type: &str) -> Verdict {
    let mut source = EventSource::new(policy.attempts(None), [0; 16]);
    assert!(matches!(source.poll(0, || 0), Action::Connect(_)));
    let response = Response { status, content_type: content_type.as_bytes(), ..Response::default() };
    let state = source.response(&response);
    assert_eq!(state, source.ready_state());
    let action = source.poll(0, || 0);
    match state {
        ReadyState::Open => {
            assert!(matches!(action, Action::Receive(_)));
            assert_eq!((source.lost(), source.closed(), source.failures()), (None, None, 0));
            Verdict::Open
        }
        ReadyState::Connecting => {
            assert!(matches!(action, Action::Wait(_)));
            assert_eq!((source.lost(), source.closed(), source.failures()), (Some(Lost::Status(status)), None, 1));
            Verdict::Outage
        }
        ReadyState::Closed => {
            let reason = source.closed().unwrap();
            assert_eq!((action, source.lost(), source.failures()), (Action::Closed(reason), None, 0));
            Verdict::Final(reason)
        }
    }
}

/// Statuses that no HTTP has.
#[test]
fn numbers_that_are_no_status_are_final() {
    for status in (0..100).chain(1000..=u16::MAX) {
        assert_eq!(verdict(Policy::RESILIENT, status, "text/event-stream"), Verdict::Final(Closed::Status(status)));
    }
}

/// No attempt left: an outage is final, too, and says which it was.
#[test]
fn an_outage_without_another_attempt_is_final() {
    let mut source = EventSource::new(Policy::ONCE.retry_status(true), [0; 16]);
    assert_eq!(source.poll(0, || 0), Action::Connect(None));
    assert_eq!(source.response(&Response { status: 503, ..Response::default() }), ReadyState::Connecting);
    let reason = Closed::Lost(Lost::Status(503));
    assert_eq!((source.poll(0, || 0), source.closed()), (Action::Closed(reason), Some(reason)));
}
