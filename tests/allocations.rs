//! Counts what the allocator is asked for. One test at a time: the count is the whole process's.

use sse_wire::{Parser, Status, Token, Tokenizer};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
/// The most bytes that one call is given.
static MOST: AtomicUsize = AtomicUsize::new(usize::MAX);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST.load(Relaxed) {
            return std::ptr::null_mut();
        }
        CALLS.fetch_add(1, Relaxed);
        LIVE.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often something calls the allocator.
fn calls(run: impl FnOnce()) -> usize {
    let before = CALLS.load(Relaxed);
    run();
    CALLS.load(Relaxed) - before
}

fn main() {
    // A counter that counts nothing would prove nothing.
    assert_eq!(calls(|| drop(std::hint::black_box(Box::new(1)))), 1);

    let stream = "id: 1\nevent: kind\ndata: one\ndata: two\n\nretry: 5\n: comment\ndata: more than fits in the buffer\n\n\
        data: x\nevent: late\nid: later\n\ndata: \u{FEFF}\n\n";
    let everything = stream.repeat(100);
    for chunk in [1, 7, 64, everything.len()] {
        let chunks = || everything.as_bytes().chunks(chunk);
        let mut events = 0;
        let decoding = calls(|| {
            let mut parser = Parser::new([0; 24]);
            for mut chunk in chunks() {
                while let Some(event) = parser.next(&mut chunk) {
                    events += usize::from(event.is_ok_and(|event| event.data().to_str().is_ok()));
                }
            }
            let _ = parser.end();
        });
        assert_eq!((decoding, events), (0, 300), "next, chunks of {chunk}");

        let mut events = 0;
        let decoding = calls(|| {
            let mut parser = Parser::new([0; 24]);
            for mut chunk in chunks() {
                loop {
                    let (consumed, status) = parser.advance(chunk);
                    chunk = &chunk[consumed..];
                    match status {
                        Status::NeedInput => break,
                        Status::Event => events += usize::from(parser.event().is_some()),
                        Status::Overflow(_) => {}
                    }
                }
            }
        });
        assert_eq!((decoding, events), (0, 300), "advance, chunks of {chunk}");

        let mut blanks = 0;
        let decoding = calls(|| {
            let mut tokenizer = Tokenizer::new();
            for chunk in chunks() {
                blanks += tokenizer.tokens(chunk).filter(|&token| token == Token::Blank).count();
            }
        });
        assert_eq!((decoding, blanks), (0, 400), "tokens, chunks of {chunk}");
    }

    encoding();
    serving();
    #[cfg(feature = "alloc")]
    {
        growing();
        growing_log();
    }
    #[cfg(feature = "std")]
    readers();
    #[cfg(all(feature = "embedded-io-v0.7", feature = "embedded-io-async-v0.7"))]
    readers_of_devices();
    #[cfg(feature = "futures-core-v0.3")]
    streams();
    println!("1 passed, 0 failed");
}

/// Every way to write a message, from borrowed parts into memory that is there.
fn encoding() {
    use core::fmt::Write;
    use sse_wire::{DataWriter, EventId, EventType, Message, Progress, SliceWriter};
    let data = "first\r\nsecond\rthird\n".repeat(50);
    let mut out = vec![0; 4096];
    let mut lens = [0; 4];
    let encoding = calls(|| {
        let message =
            Message::new().event(EventType::new("kind").unwrap()).id(EventId::new("id").unwrap()).retry(12345);
        let whole = message.comment("comment").data(&data);
        lens[0] = whole.segments().map(|segment| std::hint::black_box(segment).len()).sum();
        lens[1] = whole.encode(&mut out).unwrap();
        let mut encoder = whole.encoder();
        loop {
            let (len, progress) = encoder.write(&mut out[..7]);
            lens[2] += len;
            if progress == Progress::Done {
                break;
            }
        }
        let mut slice = SliceWriter::new(&mut out);
        let mut writer = DataWriter::new(&mut slice, message.comment("comment")).unwrap();
        write!(writer, "{data}").unwrap();
        writer.finish().unwrap();
        lens[3] = slice.written().len();
    });
    // Type, ID, retry and comment; 50 times three lines of data, and the empty one behind the last line break; the blank
    // line.
    let len = (12 + 7 + 13 + 10) + 50 * (12 + 13 + 12) + 7 + 1;
    assert_eq!((encoding, lens), (0, [len; 4]), "encoding");
}

/// A server in memory that is there, and what its clients do.
fn serving() {
    use core::fmt::Write;
    use sse_wire::server::{Board, EventLog, KeepAlive, Limiter, NumberedId, Resume};
    use sse_wire::{EventId, Message, event_id, event_type};
    let mut window = [0; 100];
    let mut sent = 0;
    let serving = calls(|| {
        let mut log = EventLog::new([0; 512], 9, 26);
        let mut cursors = [log.oldest(); 3];
        for round in 0..100 {
            let message = Message::new().event(event_type!("tick")).data("some\nlines");
            log.push(&message).unwrap();
            log.push_as(event_id!("given"), &message).unwrap();
            log.push_with(&message, 100, |data| write!(data, "{round}")).unwrap();
            for cursor in &mut cursors {
                sent += log.mark(cursor, &mut window);
                sent += log.fill(cursor, &mut window).0;
                sent += log.fill_if(cursor, &mut window, |kind| kind == "tick").0;
                log.advance(cursor, log.read(cursor).unwrap().len().min(7)).unwrap();
            }
            let id = NumberedId::new(26, round);
            assert_ne!(log.resume(id.as_event_id()), Resume::Unknown);
            assert_eq!(log.resume(EventId::new("lost").unwrap()), Resume::Unknown);
            let _ = log.resume_by(|id| id.bytes().cmp(*b"given"));
        }
        log.close();
        let (mut board, mut limiter, mut keep_alive) =
            (Board::<9>::new(), Limiter::<9>::new(2, 9), KeepAlive::new(15, 0));
        board.touch(3);
        assert_eq!(board.next(0), Some((3, 1)));
        limiter.connect(7).unwrap();
        limiter.disconnect(7);
        keep_alive.wrote(7);
    });
    assert_eq!(serving, 0);
    assert!(sent > 3 * 100 * 100, "{sent}");
}

/// A log grows before an event goes, keeps its events when it moves, and goes on if it is refused memory.
#[cfg(feature = "alloc")]
fn growing_log() {
    use sse_wire::server::{EventLog, PushError};
    use sse_wire::{Growing, Message};
    let large = "x".repeat(5000);
    let before = LIVE.load(Relaxed);
    let mut log = EventLog::new(Growing::new(4096), 100, 1);
    assert_eq!(LIVE.load(Relaxed), before);
    assert!(matches!(log.push(&Message::new().data(&large)), Err(PushError::TooLarge { .. })));
    assert_eq!(LIVE.load(Relaxed), before, "nothing grows in vain");

    let message = Message::new().data(&large[..83]);
    assert_eq!(calls(|| assert_eq!(log.push(&message), Ok(1))), 1);
    assert_eq!(LIVE.load(Relaxed) - before, 400 + 99);
    // 400 bytes of starts, and events of 99 and 100 bytes: 37 of them fit.
    for number in 2..=37 {
        assert_eq!(log.push(&message), Ok(number));
        assert_eq!(log.oldest().number(), 1);
    }
    assert_eq!(LIVE.load(Relaxed) - before, 4096);
    assert_eq!(calls(|| assert_eq!(log.push(&message), Ok(38))), 0);
    assert_eq!(log.oldest().number(), 2);
    drop(log);
    assert_eq!(LIVE.load(Relaxed), before);

    // The allocator refuses more than this: the log makes do with what it has, and asks again.
    let mut log = EventLog::new(Growing::new(4096), 4, 1);
    MOST.store(300, Relaxed);
    let results = [83, 83, 83, 283].map(|len| log.push(&Message::new().data(&large[..len])));
    MOST.store(usize::MAX, Relaxed);
    assert_eq!(results, [Ok(1), Ok(2), Ok(3), Err(PushError::TooLarge { needed: 315 })]);
    assert_eq!((log.oldest().number(), log.next_number()), (2, 4));
    assert_eq!(log.push(&Message::new().data(&large[..283])), Ok(4));
    assert_eq!(log.oldest().number(), 2);
    assert_eq!(log.read(&log.oldest()).unwrap().len(), 99 + 99 + 299);
}

/// Memory comes when it is needed, is doubled, and goes when the event has gone.
#[cfg(feature = "alloc")]
fn growing() {
    use sse_wire::{EventId, Growing, OwnedEvent, event_id};
    let live = || LIVE.load(Relaxed);
    let large = format!("data: {}\n\n", "x".repeat(1 << 20));
    let before = live();

    // What can be lent is not stored, but on bare metal everything is.
    let mut parser = Parser::new(Growing::new(1 << 20));
    let lent = calls(|| assert!(parser.next(&mut large.as_bytes()).unwrap().is_ok()));
    assert_eq!(lent, usize::from(cfg!(sse_wire_small)));

    // What cannot is, in few steps, and given back.
    let steps = calls(|| {
        for mut chunk in large.as_bytes().chunks(1000) {
            if let Some(event) = parser.next(&mut chunk) {
                assert_eq!(event.unwrap().data().len(), 1 << 20);
            }
        }
    });
    assert_eq!(steps, if cfg!(sse_wire_small) { 9 } else { 12 });
    assert_eq!(live() - before, 1 << 20);
    assert_eq!(parser.next(&mut &b"d"[..]), None);
    assert_eq!(live() - before, Growing::IDLE, "bytes that are still held");

    drop(parser);
    assert_eq!(live(), before);

    // A buffer that is borrowed is no exception.
    let mut buffer = Growing::new(1 << 20);
    let mut parser = Parser::new(&mut buffer);
    for mut chunk in large.as_bytes().chunks(1000) {
        let _ = parser.next(&mut chunk);
    }
    assert_eq!(live() - before, 1 << 20);
    assert_eq!(parser.next(&mut &b"d"[..]), None);
    assert_eq!(live() - before, Growing::IDLE, "bytes that a borrowed buffer still holds");
    drop(buffer);
    assert_eq!(live(), before);

    // The ID of a lent event is stored, because it outlives the chunk: once, if the next one is no longer.
    let mut parser = Parser::new(Growing::new(1 << 20));
    for (line, expected) in [("id: 1234\n", 1), ("id: 5678\n", 0), ("event: t\n", 0)] {
        let event = format!("{line}data: x\n\n");
        let stored = calls(|| assert!(parser.next(&mut event.as_bytes()).unwrap().is_ok()));
        assert_eq!(stored, expected, "{line}");
    }
    drop(parser);

    // Memory that a long ID has needed is given back when a shorter one follows, however the two came.
    let long = "x".repeat(100_000);
    let before = live();
    let mut parser = Parser::new(Growing::default());
    assert!(parser.next(&mut format!("id: {long}\ndata\n\n").as_bytes()).unwrap().is_ok());
    assert_eq!(live() - before, long.len());
    assert!(parser.next(&mut &b"id: 1\ndata\n\n"[..]).unwrap().is_ok());
    assert_eq!(parser.next(&mut &b""[..]), None);
    assert_eq!(live() - before, Growing::IDLE, "bytes that are held after a lent ID");
    parser.set_last_event_id(EventId::new(&long).unwrap()).unwrap();
    assert_eq!(live() - before, long.len());
    parser.set_last_event_id(event_id!("1")).unwrap();
    assert_eq!(live() - before, Growing::IDLE, "bytes that are held after an ID was set");
    drop(parser);
    assert_eq!(live(), before);

    // A limit is a limit while it fills, too.
    let mut parser = Parser::new(Growing::new(5000));
    let (mut most, mut losses) = (0, 0);
    for mut chunk in large.as_bytes().chunks(1000) {
        if let Some(event) = parser.next(&mut chunk) {
            assert_eq!(event.unwrap_err().needed, 1 << 20);
            losses += 1;
        }
        most = most.max(live() - before);
    }
    assert_eq!((most, losses), (5000, 1));
    drop(parser);
    assert_eq!(live(), before);

    // A hundred small events kept cost a hundred small allocations.
    let mut parser = Parser::new(Growing::default());
    let mut kept = Vec::with_capacity(100);
    let before = live();
    assert!(parser.next(&mut large.as_bytes()).is_some());
    let own = calls(|| {
        for _ in 0..100 {
            kept.push(OwnedEvent::from(parser.next(&mut &b"data: x\n\n"[..]).unwrap().unwrap()));
        }
    });
    // On bare metal each event is stored before it is copied, in memory that is kept.
    let stored = usize::from(cfg!(sse_wire_small));
    assert_eq!((own, live() - before), (100 + stored, 100 + stored * Growing::IDLE));
}

#[cfg(any(
    feature = "std",
    all(feature = "embedded-io-v0.7", feature = "embedded-io-async-v0.7"),
    feature = "futures-core-v0.3"
))]
/// A hundred events, without IDs and with: each of one data line, which is cut if the chunks are small.
fn hundred(id: &str) -> Vec<u8> {
    format!("{id}event: kind\ndata: 0123456789\n\n").repeat(100).into_bytes()
}

/// The parser's buffer, once: 64 bytes are enough. Then nothing for an event that is lent, and one for one that is owned.
#[cfg(feature = "std")]
fn readers() {
    use sse_wire::io::EventReader;
    for stream in [hundred(""), hundred("id: 7\n")] {
        for capacity in [7, 4096] {
            let reader = || std::io::BufReader::with_capacity(capacity, &stream[..]);
            let mut events = EventReader::new(reader());
            let mut seen = 0;
            let lent = calls(|| {
                while events.next_event().unwrap().is_some() {
                    seen += 1
                }
            });
            assert_eq!((lent, seen), (1, 100), "buffers of {capacity}");

            let mut events = EventReader::new(reader());
            let owned = calls(|| assert_eq!(events.by_ref().filter(Result::is_ok).count(), 100));
            assert_eq!(owned, 1 + 100, "buffers of {capacity}");
        }
    }
}

#[cfg(all(feature = "embedded-io-v0.7", feature = "embedded-io-async-v0.7"))]
fn readers_of_devices() {
    use sse_wire::embedded_io_v0_7::EventReader;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    let stream = hundred("id: 7\n");
    let mut seen = 0;
    let reading = calls(|| {
        let mut events = EventReader::new(&stream[..], [0; 64]);
        while events.next_event().unwrap().is_some() {
            seen += 1;
        }
        let mut events = EventReader::new(&stream[..], [0; 64]);
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(Ok(Some(_))) = pin!(events.next_event_async()).poll(&mut context) {
            seen += 1;
        }
    });
    assert_eq!((reading, seen), (0, 200));
}

/// One for each text that is not empty, or one for the whole event; and the parser's buffer, once, if an event spans chunks
/// or an ID is kept.
#[cfg(feature = "futures-core-v0.3")]
fn streams() {
    use futures_core::Stream;
    use sse_wire::stream::{EventStream, Eventsource};
    use sse_wire::{BoxedEvent, Parser};
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    struct Chunks<'s>(std::slice::Chunks<'s, u8>);

    impl<'s> Stream for Chunks<'s> {
        type Item = Result<&'s [u8], Infallible>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(self.0.next().map(Ok))
        }
    }

    fn count<S: Stream + Unpin>(mut stream: S) -> usize {
        let mut context = Context::from_waker(Waker::noop());
        let mut seen = 0;
        while let Poll::Ready(Some(_)) = Pin::new(&mut stream).poll_next(&mut context) {
            seen += 1;
        }
        seen
    }

    for (stream, texts) in [(hundred(""), 2), (hundred("id: 7\n"), 3)] {
        for chunk in [7, stream.len()] {
            let chunks = || Chunks(stream.chunks(chunk));
            let kept = usize::from(chunk == 7 || texts == 3 || cfg!(sse_wire_small));
            let of_strings = calls(|| assert_eq!(count(chunks().eventsource()), 100));
            assert_eq!(of_strings, kept + 100 * texts, "chunks of {chunk}");
            let boxed = || EventStream::<_, BoxedEvent>::with_parser(chunks(), Parser::default());
            let of_boxes = calls(|| assert_eq!(count(boxed()), 100));
            assert_eq!(of_boxes, kept + 100, "chunks of {chunk}");
        }
    }
}
