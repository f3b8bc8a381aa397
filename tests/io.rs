//! `io::EventReader`: what the parser says of a stream, however a reader delivers it and whatever goes wrong in between.
#![cfg(feature = "std")]

mod harness;
mod reference;

use harness::script::{Script, Step};
use harness::{bytes_and_empties, cut, ending, loss, record, vectors};
use reference::{Reading, Verdict, read};
use sse_wire::io::EventReader;
use sse_wire::{BoxedEvent, Error, Event, Growing, Overflow, Parser, Storage};
use std::error::Error as _;
use std::io;

/// Memory that holds each event of the short vectors, and memory that holds few.
const SIZES: [usize; 2] = [256, 6];

/// Takes an event or a loss, or passes on the other two: the end (`None`) and a failure.
fn verdict(
    item: Result<Option<Event<'_>>, Error<io::Error>>,
) -> Result<Option<Result<reference::Record, reference::Loss>>, io::Error> {
    match item {
        Ok(event) => Ok(event.as_ref().map(record).map(Ok)),
        Err(Error::Overflow(overflow)) => Ok(Some(Err(loss(overflow)))),
        Err(Error::Transport(error)) => Err(error),
    }
}

/// Reads to the end, asking again after each failure. Every second event comes through the iterator.
fn drive<B: Storage + ?Sized>(events: &mut EventReader<Script, B>, failures: usize) -> Reading {
    let mut verdicts = Vec::new();
    let mut seen_failures = 0;
    for number in 0.. {
        let what = if number % 2 == 0 {
            verdict(events.next_event())
        } else {
            let item: Option<Result<BoxedEvent, _>> = events.next();
            verdict(item.as_ref().map(|item| item.as_ref().map(BoxedEvent::as_event)).transpose().map_err(again))
        };
        match what {
            Ok(None) => break,
            Ok(Some(what)) => {
                let at = events.get_ref().consumed;
                let last_event_id = events.parser().last_event_id().as_bytes().to_vec();
                verdicts.push(Verdict { at, what, last_event_id, retry: events.parser().retry() });
            }
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::TimedOut);
                seen_failures += 1;
            }
        }
    }
    assert_eq!(seen_failures, failures, "each failure is passed on once");
    assert!(events.next_event().is_ok_and(|event| event.is_none()), "the end stays");
    let ending = ending(events.parser_mut().end());
    let parser = events.parser();
    Reading { verdicts, last_event_id: parser.last_event_id().as_bytes().to_vec(), retry: parser.retry(), ending }
}

/// An error is not `Clone`.
fn again(error: &Error<io::Error>) -> Error<io::Error> {
    match error {
        Error::Overflow(overflow) => Error::Overflow(*overflow),
        Error::Transport(error) => Error::Transport(error.kind().into()),
    }
}

fn check(name: &str, chunks: &[&[u8]], whole: &Reading, size: usize) {
    for (between, failures) in [
        (&[][..], 0),
        (&[Step::Interrupted, Step::Interrupted], 0),
        (&[Step::Failed, Step::Interrupted, Step::Failed], 2),
    ] {
        let filled = chunks.iter().filter(|chunk| !chunk.is_empty()).count();
        let mut events =
            EventReader::with_parser(Script::of(chunks, between), Parser::new(vec![0; size].into_boxed_slice()));
        let reading = drive(&mut events, failures * (filled + 1));
        assert_eq!(&reading, whole, "{name} in {chunks:?}, with {between:?} between, in {size} bytes");
        assert_eq!(events.get_ref().consumed, chunks.concat().len(), "all was read");
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

/// A real buffered reader, of every size.
#[test]
fn any_capacity_of_a_buffered_reader() {
    for vector in vectors::short() {
        let expected = read(&vector.stream, 256, b"").verdicts;
        for capacity in 1..=vector.stream.len() + 1 {
            let reader = io::BufReader::with_capacity(capacity, &vector.stream[..]);
            let events: Vec<_> = EventReader::new(reader).map(|event| record(&event.unwrap().as_event())).collect();
            assert!(events.iter().eq(expected.iter().map(|verdict| verdict.what.as_ref().unwrap())), "{}", vector.name);
        }
    }
}

/// It can be taken apart after every event, and put together again.
#[test]
fn reader_and_parser_belong_together_wherever_they_part() {
    for vector in vectors::short() {
        let expected = read(&vector.stream, 256, b"").verdicts;
        let (mut reader, mut parser) =
            (Script::of(&cut(&vector.stream, &[vector.stream.len() / 2]), &[]), Parser::new([0; 256]));
        for verdict in &expected {
            let mut events = EventReader::with_parser(reader, parser);
            assert_eq!(record(&events.next_event().unwrap().unwrap()), *verdict.what.as_ref().unwrap());
            (reader, parser) = events.into_parts();
            assert_eq!(reader.consumed, verdict.at, "{}", vector.name);
        }
        assert!(EventReader::with_parser(reader, parser).next_event().unwrap().is_none());
    }
}

/// What grows behind its end, such as a file, is read on.
#[test]
fn an_end_that_was_none() {
    let end = || Step::Bytes(Vec::new());
    let bytes = |bytes: &[u8]| Step::Bytes(bytes.to_vec());
    let script = Script::new([bytes(b"data: a"), end(), bytes(b"b\n\n"), end()]);
    let mut events = EventReader::new(GrowingFile(script));
    assert!(events.next_event().unwrap().is_none());
    assert_eq!(events.next_event().unwrap().unwrap().data(), "ab");
    assert!(events.next_event().unwrap().is_none());
}

/// Goes on behind an empty buffer.
struct GrowingFile(Script);

impl io::Read for GrowingFile {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("an adapter reads from the buffer")
    }
}

impl io::BufRead for GrowingFile {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.0.skip_end() {
            return Ok(&[]);
        }
        self.0.fill_buf()
    }

    fn consume(&mut self, len: usize) {
        self.0.consume(len);
    }
}

#[test]
fn the_limit_is_on() {
    let event = |len: usize| format!("data: {}\n\n", "x".repeat(len));
    let stream = event(Growing::DEFAULT_LIMIT) + &event(Growing::DEFAULT_LIMIT + 1) + &event(3);
    let mut events = EventReader::new(stream.as_bytes());
    assert_eq!(events.next_event().unwrap().unwrap().data().len(), 1 << 20);
    assert!(matches!(events.next_event(), Err(Error::Overflow(Overflow { needed: 0x10_0001, id_lost: false, .. }))));
    assert_eq!(events.next_event().unwrap().unwrap().data(), "xxx");
    assert!(events.next_event().unwrap().is_none());
}

/// One function for readers of all sizes, and readers that are only lent.
#[test]
fn one_function_for_all_sizes() {
    fn count(events: &mut EventReader<&mut &[u8], [u8]>) -> usize {
        std::iter::from_fn(|| events.next()).filter(Result::is_ok).count()
    }
    let mut stream = &b"data: a\n\ndata: too large\n\n"[..];
    assert_eq!(count(&mut EventReader::with_parser(&mut stream, Parser::new([0; 4]))), 1);
    assert!(stream.is_empty());
}

#[test]
fn errors_name_their_cause() {
    let overflow = Parser::new([0; 1]).next(&mut &b"data: ab\n\n"[..]).unwrap().unwrap_err();
    let error: Error<io::Error> = overflow.into();
    assert_eq!(error.to_string(), "event lost: a buffer of 2 bytes was needed");
    assert_eq!(error.source().unwrap().downcast_ref::<Overflow>(), Some(&overflow));
    let error = Error::Transport(io::Error::other("no route"));
    assert_eq!(error.to_string(), "transport error: no route");
    assert_eq!(error.source().unwrap().downcast_ref::<io::Error>().unwrap().kind(), io::ErrorKind::Other);
}
