//! `embedded_io_v0_7::EventReader`: what the parser says of a stream, however a reader delivers it, whatever goes wrong in
//! between, and wherever a future is dropped.
#![cfg(all(feature = "embedded-io-v0.7", feature = "embedded-io-async-v0.7"))]

mod harness;
mod reference;

use harness::script::{Failure, Script, Step};
use harness::{bytes_and_empties, cut, ending, loss, record, vectors};
use reference::{Loss, Reading, Record, Verdict, read};
use sse_wire::embedded_io_v0_7::EventReader;
use sse_wire::{Error, Event, Parser};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Memory that holds each event of the short vectors, and memory that holds few.
const SIZES: [usize; 2] = [256, 6];

/// How to wait for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Blocking,
    /// Each future is polled until it is ready.
    Awaited,
    /// Each future is dropped when it is pending, and another one made.
    Dropped,
}

const WAYS: [Way; 3] = [Way::Blocking, Way::Awaited, Way::Dropped];

/// An event or a loss. `None` is the end.
type What = Option<Result<Record, Loss>>;

fn what(item: Result<Option<Event<'_>>, Error<Failure>>) -> Result<What, Failure> {
    match item {
        Ok(event) => Ok(event.as_ref().map(record).map(Ok)),
        Err(Error::Overflow(overflow)) => Ok(Some(Err(loss(overflow)))),
        Err(Error::Transport(failure)) => Err(failure),
    }
}

/// Takes what comes next, and counts how often that was pending.
fn next(events: &mut EventReader<Script, &mut [u8]>, way: Way, pending: &mut usize) -> Result<What, Failure> {
    let mut context = Context::from_waker(Waker::noop());
    match way {
        Way::Blocking => what(events.next_event()),
        Way::Awaited => {
            let mut future = pin!(events.next_event_async());
            loop {
                match future.as_mut().poll(&mut context) {
                    Poll::Ready(item) => return what(item),
                    Poll::Pending => *pending += 1,
                }
            }
        }
        Way::Dropped => loop {
            match pin!(events.next_event_async()).poll(&mut context) {
                Poll::Ready(item) => return what(item),
                Poll::Pending => *pending += 1,
            }
        },
    }
}

/// Reads to the end, asking again after each failure.
fn drive(events: &mut EventReader<Script, &mut [u8]>, way: Way, pending: &mut usize) -> Reading {
    let mut verdicts = Vec::new();
    let mut failures = 0;
    loop {
        match next(events, way, pending) {
            Ok(None) => break,
            Ok(Some(what)) => {
                let at = events.get_ref().consumed;
                let last_event_id = events.parser().last_event_id().as_bytes().to_vec();
                verdicts.push(Verdict { at, what, last_event_id, retry: events.parser().retry() });
            }
            Err(failure) => {
                assert_eq!(failure, Failure::Failed, "what means nothing is not passed on");
                failures += 1;
            }
        }
    }
    assert_eq!(failures, events.get_ref().failures, "each failure is passed on once");
    assert_eq!(next(events, way, pending), Ok(None), "the end stays");
    let ending = ending(events.parser_mut().end());
    let parser = events.parser();
    Reading { verdicts, last_event_id: parser.last_event_id().as_bytes().to_vec(), retry: parser.retry(), ending }
}

fn check(name: &str, chunks: &[&[u8]], whole: &Reading, size: usize) {
    let filled = chunks.iter().filter(|chunk| !chunk.is_empty()).count();
    let (interrupted, failed, pending) = (Step::Interrupted, Step::Failed, Step::Pending);
    for way in WAYS {
        let between = match way {
            Way::Blocking => vec![interrupted.clone(), failed.clone(), interrupted.clone()],
            _ => [&interrupted, &pending, &pending, &failed, &interrupted, &pending].map(Step::clone).to_vec(),
        };
        for between in [&between[..], &[]] {
            let mut memory = [0; 256];
            let script = Script::of(chunks, between);
            let mut events = EventReader::with_parser(script, Parser::new(&mut memory[..size]));
            let mut waits = 0;
            let reading = drive(&mut events, way, &mut waits);
            assert_eq!(&reading, whole, "{name} in {chunks:?}, {way:?}, with {between:?} between, in {size} bytes");
            assert_eq!(events.get_ref().consumed, chunks.concat().len(), "all was read");
            let pending = between.iter().filter(|&step| *step == Step::Pending).count();
            assert_eq!(waits, pending * (filled + 1), "each time that there was nothing was waited for");
        }
    }
}

#[test]
fn every_cut_of_every_short_vector_with_anything_between() {
    let mut readings = 0;
    for vector in vectors::short() {
        for size in SIZES {
            let whole = read(&vector.stream, size, b"");
            for at in 0..=vector.stream.len() {
                check(&vector.name, &cut(&vector.stream, &[at]), &whole, size);
                readings += 1;
            }
            check(&vector.name, &bytes_and_empties(&vector.stream), &whole, size);
        }
    }
    assert_eq!(readings, 56_996, "where have the vectors gone?");
}

/// It can be taken apart after every event, and put together again.
#[test]
fn reader_and_parser_belong_together_wherever_they_part() {
    for vector in vectors::short() {
        let expected = read(&vector.stream, 256, b"").verdicts;
        let (mut reader, mut parser) = (&vector.stream[..], Parser::new([0; 256]));
        for verdict in &expected {
            let mut events = EventReader::with_parser(reader, parser);
            assert_eq!(record(&events.next_event().unwrap().unwrap()), *verdict.what.as_ref().unwrap());
            (reader, parser) = events.into_parts();
            assert_eq!(vector.stream.len() - reader.len(), verdict.at, "{}", vector.name);
        }
        assert_eq!(EventReader::with_parser(reader, parser).next_event(), Ok(None));
    }
}

/// A reader that is only lent is there afterwards.
#[test]
fn a_reader_that_is_lent() {
    let mut body = &b"data: a\n\nrest"[..];
    let mut events = EventReader::new(&mut body, [0; 16]);
    assert_eq!(events.next_event().unwrap().unwrap().data(), "a");
    assert_eq!(body, b"rest");
}
