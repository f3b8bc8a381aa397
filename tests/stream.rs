//! `stream::EventStream`: what the parser says of a stream, however its chunks come and whatever goes wrong in between.
#![cfg(feature = "futures-core-v0.3")]

mod harness;
mod reference;

use futures_core::{Stream, TryStream};
use harness::script::{Failure, Script, Step};
use harness::{bytes_and_empties, cut, decoded, ending, loss, record, vectors};
use reference::{Loss, Record, lines, read};
use sse_wire::stream::{Event, EventStream, EventStreamError, Eventsource};
use sse_wire::{BoxedEvent, Error, Growing, Overflow, Parser, event_id};
use std::marker::PhantomPinned;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Limits that hold each event of the short vectors, and few.
const SIZES: [usize; 2] = [256, 6];

/// Polls until something is ready, and counts how often nothing was.
fn next<S: Stream>(mut stream: Pin<&mut S>, pending: &mut usize) -> Option<S::Item> {
    loop {
        match stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(item) => return item,
            Poll::Pending => *pending += 1,
        }
    }
}

/// The items of a stream, losses among them, asking again after each failure; and how many failures there were.
fn drive<S, T>(mut events: Pin<&mut EventStream<S, T>>, pending: &mut usize) -> (Vec<Result<T, Loss>>, usize)
where
    S: TryStream<Error = Failure>,
    EventStream<S, T>: Stream<Item = Result<T, EventStreamError<Failure>>>,
{
    let (mut items, mut failures) = (Vec::new(), 0);
    while let Some(item) = next(events.as_mut(), pending) {
        match item {
            Ok(event) => items.push(Ok(event)),
            Err(Error::Overflow(overflow)) => items.push(Err(loss(overflow))),
            Err(Error::Transport(failure)) => {
                assert_eq!(failure, Failure::Failed);
                failures += 1;
            }
        }
    }
    // The script panics when it is asked behind its end.
    assert!(next(events.as_mut(), pending).is_none(), "the end stays");
    (items, failures)
}

/// Where the `retry` lines end that have an effect, and what they say.
fn retries(stream: &[u8]) -> Vec<(usize, u64)> {
    let retry = |line: &reference::Line<'_>| {
        let value = line.bytes.strip_prefix(b"retry:")?;
        let digits = std::str::from_utf8(value.strip_prefix(b" ").unwrap_or(value)).ok()?;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let milliseconds = is_number.then(|| digits.parse().unwrap_or(u64::MAX))?;
        Some((line.at?, milliseconds))
    };
    lines(stream).iter().filter_map(retry).collect()
}

/// What a stream says, as [`Event`]s and as their bytes.
struct Expected {
    events: Vec<Result<Event, Loss>>,
    records: Vec<Result<Record, Loss>>,
}

impl Expected {
    fn new(stream: &[u8], size: usize) -> Self {
        let verdicts = read(stream, size, b"").verdicts;
        let retries = retries(stream);
        let mut before = 0;
        let events = verdicts.iter().map(|verdict| {
            let event = verdict.what.as_ref().map_err(Loss::clone)?;
            let since = retries.iter().rfind(|(at, _)| (before + 1..=verdict.at).contains(at));
            before = verdict.at;
            Ok(Event {
                event: decoded(&event.event_type),
                data: decoded(&event.data),
                id: decoded(&event.last_event_id),
                retry: since.map(|(_, milliseconds)| Duration::from_millis(*milliseconds)),
            })
        });
        Self { events: events.collect(), records: verdicts.iter().map(|verdict| verdict.what.clone()).collect() }
    }
}

fn check(name: &str, stream: &[u8], chunks: &[&[u8]], expected: &Expected, size: usize) {
    let whole = read(stream, size, b"");
    for between in [&[][..], &[Step::Pending, Step::Failed, Step::Bytes(Vec::new()), Step::Pending]] {
        let script = || Script::of(chunks, between);
        let filled = chunks.iter().filter(|chunk| !chunk.is_empty()).count();
        let who = format!("{name} in {chunks:?}, with {between:?} between, in {size} bytes");
        let times = |step| between.iter().filter(|&other| *other == step).count() * (filled + 1);
        let mut pending = 0;

        let mut events: EventStream<_> = EventStream::with_parser(script(), Parser::new(Growing::new(size)));
        let (items, failures) = drive(Pin::new(&mut events), &mut pending);
        assert_eq!(items, expected.events, "{who}");
        assert_eq!((pending, failures), (times(Step::Pending), times(Step::Failed)), "{who}");
        assert_eq!(ending(events.parser_mut().end()), whole.ending, "{who}");
        assert_eq!(events.last_event_id(), whole.last_event_id[..], "{who}");
        assert_eq!(events.into_parser().retry(), whole.retry, "the parser knows what the events have told, {who}");

        let mut events: EventStream<_, BoxedEvent> =
            EventStream::with_parser(script(), Parser::new(Growing::new(size)));
        let (items, failures) = drive(Pin::new(&mut events), &mut pending);
        let records: Vec<_> = items.into_iter().map(|item| item.map(|event| record(&event.as_event()))).collect();
        assert_eq!(records, expected.records, "{who}");
        assert_eq!((pending, failures), (2 * times(Step::Pending), times(Step::Failed)), "{who}");
        assert_eq!(events.parser().retry(), whole.retry, "{who}");
    }
}

#[test]
fn every_cut_of_every_short_vector_with_anything_between() {
    let mut readings = 0;
    for vector in vectors::short() {
        for size in SIZES {
            let expected = Expected::new(&vector.stream, size);
            for at in 0..=vector.stream.len() {
                check(&vector.name, &vector.stream, &cut(&vector.stream, &[at]), &expected, size);
                readings += 1;
            }
            check(&vector.name, &vector.stream, &bytes_and_empties(&vector.stream), &expected, size);
        }
    }
    assert_eq!(readings, 56_996, "where have the vectors gone?");
}

/// A `retry` goes with the next event, whatever it came with, and with no other.
#[test]
fn the_reconnection_time_goes_with_the_next_event() {
    let chunks =
        ["retry: 1\n\nre", "try: 2\ndata: a\n\nret", "ry: 2\ndata: too large\n\n", "data: b\n\ndata: c\n\nretry: 3\n"];
    let steps = chunks.map(|chunk| Step::Bytes(chunk.into()));
    let mut parser = Parser::new(Growing::new(4));
    parser.set_retry(9);
    let mut events: EventStream<_> = EventStream::with_parser(Script::new(steps), parser);
    let (items, _) = drive(Pin::new(&mut events), &mut 0);
    let retries: Vec<_> =
        items.iter().map(|item| item.as_ref().map(|event| event.retry.map(|retry| retry.as_millis())).ok()).collect();
    assert_eq!(retries, [Some(Some(2)), None, Some(Some(2)), Some(None)]);
    assert_eq!(events.parser().retry(), Some(3));
}

/// Streams that must not be moved once they are polled, chunks of any kind, streams of any kind.
#[test]
fn any_stream_of_any_chunks() {
    struct Chunks<B>(std::vec::IntoIter<B>, PhantomPinned);

    impl<B> Stream for Chunks<B> {
        type Item = Result<B, Failure>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            // SAFETY: nothing is moved out of the pin.
            Poll::Ready(unsafe { self.get_unchecked_mut() }.0.next().map(Ok))
        }
    }

    fn check<B: AsRef<[u8]>>(chunks: [B; 2]) {
        let stream = || chunks.into_iter().collect::<Vec<_>>().into_iter();
        let mut events = pin!(Chunks(stream(), PhantomPinned).eventsource());
        let event = next(events.as_mut(), &mut 0).unwrap().unwrap();
        assert_eq!((&event.data[..], &event.id[..]), ("ab", "1"));
        assert!(next(events.as_mut(), &mut 0).is_none());
        assert!(ending(events.as_mut().parser_pin_mut().end()).mid_line);
    }
    let chunks = ["id: 1\ndata: a", "b\n\ndata: c"];
    check(chunks);
    check(chunks.map(str::as_bytes));
    check(chunks.map(String::from));
    check(chunks.map(|chunk| chunk.as_bytes().to_vec()));
    check(chunks.map(bytes::Bytes::from));

    let boxed: Pin<Box<dyn Stream<Item = Result<&str, Failure>> + Send>> =
        Box::pin(Chunks(chunks.map(|chunk| chunk).to_vec().into_iter(), PhantomPinned));
    let mut events = boxed.eventsource();
    assert_eq!(next(Pin::new(&mut events), &mut 0).unwrap().unwrap().data, "ab");
}

/// What a server's task needs of it.
#[test]
fn it_is_as_free_as_its_stream() {
    fn is_free<T: Send + Sync + Unpin + 'static>(_: &T) {}
    is_free(&Script::new([]).eventsource());
    is_free(&EventStream::<_, BoxedEvent>::with_parser(Script::new([]), Parser::default()));
}

#[test]
fn the_limit_is_on() {
    let event = |len: usize| format!("data: {}\n\n", "x".repeat(len));
    let stream = event(Growing::DEFAULT_LIMIT) + &event(Growing::DEFAULT_LIMIT + 1) + &event(3);
    let chunks: Vec<&[u8]> = stream.as_bytes().chunks(1000).collect();
    let mut events = Script::of(&chunks, &[]).eventsource();
    let (items, _) = drive(Pin::new(&mut events), &mut 0);
    let lens: Vec<_> = items.iter().map(|item| item.as_ref().map(|event| event.data.len())).collect();
    assert_eq!(lens, [Ok(1 << 20), Err(&Loss { needed: (1 << 20) + 1, id_lost: false }), Ok(3)]);
}

#[test]
fn the_last_event_id_can_be_set() {
    let mut events = Script::of(&[b"data: a\n\n"], &[]).eventsource();
    events.set_last_event_id(event_id!("7")).unwrap();
    assert_eq!(events.last_event_id(), "7");
    let event = next(Pin::new(&mut events), &mut 0).unwrap().unwrap();
    assert_eq!(event, Event { event: "message".into(), data: "a".into(), id: "7".into(), retry: None });
}

#[test]
fn errors_are_those_of_all_readers() {
    let error: EventStreamError<Failure> = Error::Transport(Failure::Failed);
    assert_eq!(error.to_string(), "transport error: Failed");
    assert!(!matches!(error, EventStreamError::Overflow(Overflow { .. })));
}
