//! A program that dies with events in its queue: with acknowledged IDs nothing is lost, without them it is known what.

use crate::script::random;
use sse_wire::EventId;
use sse_wire::client::{Action, EventSource, Policy, Response};
use std::collections::VecDeque;

/// How many events the server has to tell: 1, 2, and so on.
const EVENTS: u32 = 200;

/// Runs a client to the end of the events, through connections that break anywhere and queues that die, and returns what was
/// dealt with, in order, and what died undealt with.
fn run(seed: u64, acknowledges: bool) -> (Vec<u32>, Vec<u32>) {
    let mut choose = random(seed);
    let mut source = EventSource::new(Policy::STANDARD, [0; 16]);
    let mut queue: VecDeque<(String, u32)> = VecDeque::new();
    let (mut dealt_with, mut died, mut done) = (Vec::new(), Vec::new(), String::new());
    let mut body = Vec::new();
    let mut now = 0;
    for _ in 0..5000 {
        match source.poll(now, || 0) {
            Action::Connect(_) => {
                if acknowledges {
                    source.set_last_event_id(EventId::new(&done).unwrap()).unwrap();
                }
                // The server sends all that follows the ID.
                let last = source.headers().nth(2).map_or(0, |(_, id)| id.parse().unwrap());
                body = (last + 1..=EVENTS).flat_map(|n| format!("id: {n}\ndata: {n}\n\n").into_bytes()).collect();
                let status = if body.is_empty() { 204 } else { 200 };
                let _ = source.response(&Response { status, content_type: b"text/event-stream", retry_after: b"" });
            }
            Action::Receive(_) => {
                // Some bytes, and often the end.
                let len = body.len().min(choose(40) as usize);
                let rest = body.split_off(len);
                let mut chunk = &body[..];
                while let Some(event) = source.next(&mut chunk) {
                    let event = event.unwrap();
                    queue.push_back((event.last_event_id().to_string(), event.data().to_string().parse().unwrap()));
                }
                body = rest;
                if body.is_empty() || choose(8) == 0 {
                    source.ended();
                }
                for _ in 0..choose(3) {
                    if let Some((id, number)) = queue.pop_front() {
                        dealt_with.push(number);
                        done = id;
                    }
                }
                if choose(8) == 0 {
                    // What deals with the events dies, and takes the queue and the connection along.
                    died.extend(queue.drain(..).map(|(_, number)| number));
                    source.failed();
                }
            }
            Action::Wait(time) => {
                now += u64::from(time);
                if acknowledges {
                    // Events that are fetched twice need not be dealt with twice.
                    queue.clear();
                }
            }
            Action::Closed(_) => {
                dealt_with.extend(queue.drain(..).map(|(_, number)| number));
                return (dealt_with, died);
            }
        }
    }
    panic!("it goes on for ever");
}

#[test]
fn acknowledged_ids_lose_nothing() {
    let everything: Vec<u32> = (1..=EVENTS).collect();
    let mut deaths = 0;
    for seed in 0..200 {
        let (dealt_with, died) = run(seed, true);
        assert_eq!(dealt_with, everything, "seed {seed}");
        deaths += died.len();
    }
    assert!(deaths > 1000, "{deaths}: the queues held something when they died");
}

#[test]
fn without_them_exactly_the_queue_is_lost() {
    let mut lost = 0;
    for seed in 0..200 {
        let (mut dealt_with, died) = run(seed, false);
        lost += died.len();
        assert!(dealt_with.is_sorted(), "seed {seed}");
        dealt_with.extend(died);
        dealt_with.sort_unstable();
        assert_eq!(dealt_with, (1..=EVENTS).collect::<Vec<_>>(), "seed {seed}");
    }
    assert!(lost > 1000, "{lost}");
}

/// An empty ID is set as well as any other: what was delivered before must not count.
#[test]
fn nothing_acknowledged_starts_from_the_start() {
    let mut source = EventSource::new(Policy::STANDARD, [0; 16]);
    for _ in 0..2 {
        assert_eq!(source.poll(0, || 0), Action::Connect(None));
        source.set_last_event_id(EventId::new("").unwrap()).unwrap();
        assert_eq!(source.headers().count(), 2);
        let _ = source.response(&Response { status: 200, content_type: b"text/event-stream", retry_after: b"" });
        let mut chunk = &b"id: 1\ndata\n\n"[..];
        assert!(source.next(&mut chunk).is_some());
        assert_eq!(source.last_event_id(), "1");
        source.ended();
        assert_eq!(source.poll(0, || 0), Action::Wait(3000));
        source.connect_now();
    }
}
