//! Neither where the network cuts the stream, nor the door, nor how often the caller polls changes anything.

use crate::harness::{Door, bytes_and_empties, cut, loss, record};
use crate::reference::{Loss, Record};
use sse_wire::client::{Action, EventSource, Policy, Response};
use sse_wire::{End, Status};

/// Streams in which progress, or none, hangs on single bytes.
const STREAMS: [&[u8]; 16] = [
    b"",
    b"retry: 7\n",
    b"retry: 7\ndata\n\n",
    b"data\n\nretry: 7\n",
    b"data\n\nretry: 7",
    b"data\r\n\r\nretry:7\r",
    b"retry:1\n\ndata\r\r",
    b"retry: 9\ndata\n",
    b"id: 2\n\n",
    b"id: 2\n",
    b"id: 1\ndata\n\n",
    b"id: 2\n\nid: 1\n\n",
    b"id\n\nretry: 0\n",
    b"\xEF\xBB\xBFid:3\n\n",
    b"data: 1234567890123456\n\nretry:6\n",
    b"retry: 6\nid: 1234567890123456\ndata\n\n",
];

/// All that can be told of a connection: what it brought, what it left, and what follows.
#[derive(Debug, PartialEq, Eq)]
struct Trace {
    events: Vec<(usize, Result<Record, Loss>)>,
    is_clean: bool,
    wait: Action,
    failures: u32,
    request: Option<String>,
}

/// Feeds a stream to a source that has lost twice and stands at the ID 1.
fn trace(chunks: &[&[u8]], door: Door, polls: bool) -> Trace {
    let policy = Policy::RESILIENT.retry(10).retry_min(0).stable(1);
    let mut source = EventSource::new(policy, [0; 16]);
    source.set_last_event_id(sse_wire::EventId::new("1").unwrap()).unwrap();
    for _ in 0..2 {
        assert!(matches!(source.poll(0, || 0), Action::Connect(_)));
        source.failed();
        assert!(matches!(source.poll(0, || 0), Action::Wait(_)));
        source.connect_now();
    }
    assert!(matches!(source.poll(0, || 0), Action::Connect(_)));
    let _ = source.response(&Response { status: 200, content_type: b"text/event-stream", retry_after: b"" });

    let (mut events, mut before) = (Vec::new(), 0);
    for (index, chunk) in chunks.iter().enumerate() {
        if polls {
            assert!(matches!(source.poll(0, || 0), Action::Receive(_)));
        }
        let mut rest = *chunk;
        // Every event takes a byte at least.
        for _ in 0..=chunk.len() {
            let what = if door == Door::Next || door == Door::Both && index % 2 == 0 {
                match source.next(&mut rest) {
                    None => break,
                    Some(Ok(event)) => Ok(record(&event)),
                    Some(Err(overflow)) => Err(loss(overflow)),
                }
            } else {
                let (consumed, status) = source.advance(rest);
                rest = &rest[consumed..];
                match status {
                    Status::NeedInput => break,
                    Status::Event => Ok(record(&source.event().unwrap())),
                    Status::Overflow(overflow) => Err(loss(overflow)),
                }
            };
            events.push((before + chunk.len() - rest.len(), what));
        }
        assert!(rest.is_empty());
        before += chunk.len();
    }
    let is_clean = source.ended() == End::Clean;
    let wait = source.poll(0, || u32::MAX);
    let failures = source.failures();
    source.connect_now();
    assert!(matches!(source.poll(0, || 0), Action::Connect(_)));
    let request = source.headers().nth(2).map(|(_, id)| id.to_owned());
    Trace { events, is_clean, wait, failures, request }
}

#[test]
fn every_chunking_leads_to_the_same() {
    let mut progress = Vec::new();
    let mut chunkings = 0_u32;
    for stream in STREAMS {
        let expected = trace(&[stream], Door::Next, false);
        let mut check = |chunks: &[&[u8]]| {
            for door in [Door::Next, Door::Advance, Door::Both] {
                for polls in [false, true] {
                    assert_eq!(trace(chunks, door, polls), expected, "{door:?}, {polls}: {chunks:?}");
                }
            }
            chunkings += 1;
        };
        check(&[stream]);
        check(&bytes_and_empties(stream));
        let places = stream.len().saturating_sub(1);
        if places <= 12 {
            // Every one there is.
            for bits in 0..1_u32 << places {
                let cuts: Vec<usize> =
                    (0..places).filter(|place| bits >> place & 1 == 1).map(|place| place + 1).collect();
                check(&cut(stream, &cuts));
            }
        } else {
            for first in 0..=stream.len() {
                for second in first..=stream.len() {
                    check(&cut(stream, &[first, second]));
                }
            }
        }
        progress.push(expected.failures == 1);
    }
    // A `retry` line needs an event, and an event a `retry` line; an ID needs to be another one.
    let t = true;
    let f = false;
    assert_eq!(progress, [f, f, t, t, f, t, t, f, t, f, f, f, t, t, f, f]);
    assert_eq!(chunkings, 8970);
}
