//! The client end, held against a model, a table, and itself.
//!
//! `PROPTEST_CASES=1000000 cargo test --release --test client` runs so many random scripts instead of [`CASES`].

mod acknowledged;
mod any_calls;
mod chunking;
mod follow;
mod model;
mod responses;
mod script;

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../reference/mod.rs"]
mod reference;

use harness::Door;
use model::Seen;
use script::{Numbers, Script, random};
use sse_wire::EventId;
use sse_wire::client::{Action, Closed, EventSource, Lost, Policy, ReadyState, Response, ResumeFrom};
use std::sync::Mutex;

const CASES: u64 = 50_000;

fn cases() -> u64 {
    std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().expect("PROPTEST_CASES is a number"))
}

#[test]
fn the_policies_have_the_numbers_that_the_docs_tell() {
    assert_eq!(Numbers::STANDARD.policy(), Policy::STANDARD);
    assert_eq!(Numbers::RESILIENT.policy(), Policy::RESILIENT);
    assert_eq!(Numbers::ONCE.policy(), Policy::ONCE);
    assert_eq!(Policy::default(), Policy::RESILIENT);
}

/// The same sizes are in the docs.
#[test]
fn sizes() {
    let state = size_of::<EventSource<[u8; 0]>>();
    let others = (size_of::<Policy>(), size_of::<Action>(), size_of::<Response<'_>>());
    match (size_of::<usize>(), align_of::<u64>()) {
        (8, 8) => assert_eq!((state, others), (184, (32, 12, 40))),
        (4, 4) => assert_eq!((state, others), (148, (32, 12, 20))),
        // As on 32-bit Arm and RISC-V.
        (4, 8) => assert_eq!((state, others), (152, (32, 12, 20))),
        _ => {}
    }
    assert_eq!(size_of::<EventSource<[u8; 64]>>(), state + 64);
    assert_eq!(size_of::<EventSource<&mut [u8]>>(), state + size_of::<&mut [u8]>());
}

/// Sources live in statics, cross threads, and forget the size of their buffer.
#[test]
fn it_goes_where_it_is_needed() {
    static SOURCE: Mutex<EventSource<[u8; 64]>> = Mutex::new(EventSource::new(Policy::STANDARD, [0; 64]));

    fn poll(source: &mut EventSource<[u8]>) -> Action {
        source.poll(0, || 0)
    }
    assert_eq!(poll(&mut *SOURCE.lock().unwrap()), Action::Connect(None));

    fn is_send_and_sync<T: Send + Sync + Clone + std::fmt::Debug>(_: &T) {}
    let mut source = EventSource::new(Policy::ONCE, [0; 64]);
    is_send_and_sync(&source);
    is_send_and_sync(&(Policy::ONCE, Lost::Ended, Closed::Stopped, ReadyState::Open, Response::default()));
    source.set_last_event_id(EventId::new("7").unwrap()).unwrap();
    assert_eq!(source.clone().into_parser().last_event_id(), "7");
    assert_eq!([ReadyState::Connecting as u8, ReadyState::Open as u8, ReadyState::Closed as u8], [0, 1, 2]);
}

/// What cannot be derived, because it would have to be able to panic.
#[test]
fn debugging_shows_everything() {
    let policy = "Policy { retry: 3000, retry_min: 500, retry_max: 300000, spread_max: 30000, stable: 10000, \
         silence: 90000, attempts: None, retry_status: true }";
    assert_eq!(format!("{:?}", Policy::RESILIENT), policy);
    assert!(format!("{:?}", Policy::ONCE).contains("attempts: Some(0)"));
    let source = EventSource::new(Policy::RESILIENT, [0; 64]);
    let link =
        "state: Due, latest_loss: None, failures: 0, now: 0, clock: 0, uptime: Unopened, wait: 0, is_heard: false";
    let parser = format!("{:?}", source.clone().into_parser());
    assert_eq!(
        format!("{source:?}"),
        format!("EventSource {{ link: Link {{ policy: {policy}, {link} }}, parser: {parser} }}")
    );
    let response = Response { status: 200, content_type: b"text/\xFF", retry_after: b"1" };
    let expected = r#"Response { status: 200, content_type: "text/\xFF", retry_after: "1" }"#;
    assert_eq!(format!("{response:?}"), expected);
    assert_eq!(format!("{:?}", ResumeFrom::Start), "Start");
    assert_eq!(format!("{:?}", ResumeFrom::Id("7\u{301}")), "Id(\"7\u{301}\")");
    assert_eq!(format!("{:?}", ResumeFrom::Unsendable("7\x01".into())), r#"Unsendable("7\u{1}")"#);
}

/// Every request, event, wait and closing is what the model says, when the model says, through both doors.
#[test]
fn it_does_what_the_model_does() {
    for seed in 0..cases() {
        let script = Script::make(&mut random(seed));
        let expected = model::expected(&script);
        for door in [Door::Next, Door::Advance] {
            let seen = follow::follow(&script, door);
            assert_eq!(seen, expected, "seed {seed}, {door:?}: {script:#?}");
        }
    }
}

/// The scripts reach what they are to test, all of it many times.
#[test]
fn the_scripts_are_rich() {
    if cases() < CASES {
        return;
    }
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..CASES {
        for seen in model::expected(&Script::make(&mut random(seed))) {
            let what = match seen {
                Seen::Request(_, id) => format!("request {}", if id.is_some() { "with an ID" } else { "without" }),
                Seen::Event(_, Ok(_)) => "event".into(),
                Seen::Event(_, Err(loss)) => format!("overflow{}", if loss.id_lost { " with an ID" } else { "" }),
                Seen::Wait(_, _, losses) => format!("wait after {losses}"),
                Seen::Closed(_, why) => format!("closed: {why}"),
            };
            *counts.entry(what).or_insert(0) += 1;
        }
    }
    for (what, count) in [
        ("request with an ID", 10_000),
        ("request without", 10_000),
        ("event", 10_000),
        ("overflow", 1000),
        ("overflow with an ID", 1000),
        ("wait after 1", 10_000),
        ("wait after 3", 1000),
        ("wait after 6", 100),
        ("closed: ByCaller", 1000),
        ("closed: Stopped", 1000),
        ("closed: ContentType", 1000),
        ("closed: Status(301)", 1000),
        ("closed: Status(501)", 1000),
        ("closed: Status(503)", 1000),
        ("closed: Lost(Ended)", 1000),
        ("closed: Lost(Failed)", 1000),
        ("closed: Lost(Silent)", 1000),
        ("closed: Lost(Status(503))", 100),
    ] {
        assert!(counts.get(what).is_some_and(|&found| found >= count), "{what}: {counts:#?}");
    }
}
