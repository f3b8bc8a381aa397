//! Both sets of traits, over readers and writers that take and give a few bytes at a time.

mod common;

use common::script::{self, CAPACITY, CUT_OFF, RETRY};
use common::{Seen, traffic};
use futures_lite::future::{block_on, yield_now};
use sse_wire::{Event, Overflow, Parser};
use std::convert::Infallible;

const SIZES: [usize; 4] = [1, 7, 64, usize::MAX];

/// At most so many bytes at a time, either way.
struct Narrow {
    size: usize,
    bytes: Vec<u8>,
    at: usize,
}

impl Narrow {
    fn new(size: usize, bytes: Vec<u8>) -> Self {
        Self { size, bytes, at: 0 }
    }

    fn window(&self) -> &[u8] {
        let rest = &self.bytes[self.at..];
        &rest[..rest.len().min(self.size)]
    }

    fn take(&mut self, out: &mut [u8]) -> usize {
        let len = self.window().len().min(out.len());
        out[..len].copy_from_slice(&self.window()[..len]);
        self.skip(len);
        len
    }

    fn skip(&mut self, len: usize) {
        assert!(len <= self.window().len(), "no more is consumed than was shown");
        self.at += len;
    }

    fn give(&mut self, bytes: &[u8]) -> usize {
        let len = bytes.len().min(self.size);
        self.bytes.extend(&bytes[..len]);
        len
    }
}

impl embedded_io::ErrorType for Narrow {
    type Error = Infallible;
}

impl embedded_io::Read for Narrow {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        Ok(self.take(out))
    }
}

impl embedded_io::BufRead for Narrow {
    fn fill_buf(&mut self) -> Result<&[u8], Infallible> {
        Ok(self.window())
    }

    fn consume(&mut self, len: usize) {
        self.skip(len);
    }
}

impl embedded_io::Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        Ok(self.give(bytes))
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// The same, never ready at once.
struct Slow(Narrow);

impl embedded_io_async::ErrorType for Slow {
    type Error = Infallible;
}

impl embedded_io_async::Read for Slow {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        yield_now().await;
        Ok(self.0.take(out))
    }
}

impl embedded_io_async::BufRead for Slow {
    async fn fill_buf(&mut self) -> Result<&[u8], Infallible> {
        yield_now().await;
        Ok(self.0.window())
    }

    fn consume(&mut self, len: usize) {
        self.0.skip(len);
    }
}

impl embedded_io_async::Write for Slow {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        yield_now().await;
        Ok(self.0.give(bytes))
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Has both connections of the script read by the same parser, for each size.
fn check_reader(mut follow: impl FnMut(Narrow, &mut Parser<[u8]>, &mut Vec<Seen>)) {
    let first = script::first().into_iter().flat_map(|block| block.bytes).chain(CUT_OFF.to_vec()).collect::<Vec<_>>();
    let second = script::second().into_iter().flat_map(|block| block.bytes).collect::<Vec<_>>();
    for size in SIZES {
        let mut parser = Parser::new([0; CAPACITY]);
        let mut seen = Vec::new();
        for (bytes, id) in [&first, &second].into_iter().zip(script::IDS) {
            parser.reconnect();
            follow(Narrow::new(size, bytes.clone()), &mut parser, &mut seen);
            assert_eq!(parser.last_event_id(), id);
        }
        assert_eq!(seen, script::seen(), "{size} bytes at a time");
        assert_eq!(parser.retry(), Some(RETRY));
    }
}

#[test]
fn read() {
    check_reader(|mut reader, parser, seen| {
        let Ok(()) = recipes::wire::embedded_io::read::follow(&mut reader, parser, |event| seen.push(event.into()));
    });
}

#[test]
fn buf_read() {
    check_reader(|mut reader, parser, seen| {
        while let Ok(Some(event)) = recipes::wire::embedded_io::buf_read::next(&mut reader, parser) {
            seen.push(event.into());
        }
    });
}

#[test]
fn async_read() {
    check_reader(|reader, parser, seen| {
        let on_event = async |event: Result<Event<'_>, Overflow>| {
            yield_now().await;
            seen.push(event.into());
        };
        let Ok(()) = block_on(recipes::wire::embedded_io_async::read::follow(&mut Slow(reader), parser, on_event));
    });
}

#[test]
fn async_buf_read() {
    check_reader(|reader, parser, seen| {
        let mut reader = Slow(reader);
        while let Ok(Some(event)) = block_on(recipes::wire::embedded_io_async::buf_read::next(&mut reader, parser)) {
            seen.push(event.into());
        }
    });
}

/// What was written must say what the messages say.
fn check_written(stream: &[u8]) {
    let mut parser = Parser::new([0; CAPACITY]);
    let mut chunk = stream;
    let mut seen = Vec::new();
    while let Some(event) = parser.next(&mut chunk) {
        seen.push(Seen::from(event));
    }
    assert_eq!(seen, traffic::seen());
    assert_eq!(seen, common::http::by_another(stream));
    assert_eq!(parser.retry(), Some(traffic::RETRY));
}

#[test]
fn write() {
    for size in SIZES {
        let mut writer = Narrow::new(size, Vec::new());
        for message in traffic::messages() {
            let Ok(()) = recipes::wire::embedded_io::write::send(&mut writer, &message);
        }
        check_written(&writer.bytes);
    }
}

#[test]
fn async_write() {
    for size in SIZES {
        let mut writer = Slow(Narrow::new(size, Vec::new()));
        for message in traffic::messages() {
            let Ok(()) = block_on(recipes::wire::embedded_io_async::write::send(&mut writer, &message));
        }
        check_written(&writer.0.bytes);
    }
}
