//! A connection that does what it is told, as a reader of each kind and as a stream: bytes in pieces, and between them
//! whatever can go wrong.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::VecDeque;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Bytes(Vec<u8>),
    /// An error that means nothing.
    Interrupted,
    /// An error that is passed on.
    Failed,
    /// Nothing yet.
    Pending,
}

/// The error of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Interrupted,
    Failed,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Failure {}

#[derive(Clone, Debug)]
pub struct Script {
    steps: VecDeque<Step>,
    /// How many bytes have been taken.
    pub consumed: usize,
    /// How many errors have been passed on.
    pub failures: usize,
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), consumed: 0, failures: 0 }
    }

    /// The chunks, with the steps before each and behind the last. Empty chunks are left out: they would be an end.
    pub fn of(chunks: &[&[u8]], between: &[Step]) -> Self {
        let mut steps = between.to_vec();
        for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
            steps.push(Step::Bytes(chunk.to_vec()));
            steps.extend_from_slice(between);
        }
        Self::new(steps)
    }

    /// What fills a buffer: the bytes at the front, which stay there. `None` is pending.
    fn fill(&mut self) -> Option<Result<&[u8], Failure>> {
        match self.steps.front() {
            Some(Step::Bytes(_)) => {}
            None => return Some(Ok(&[])),
            Some(_) => {
                return match self.steps.pop_front() {
                    Some(Step::Interrupted) => Some(Err(Failure::Interrupted)),
                    Some(Step::Failed) => {
                        self.failures += 1;
                        Some(Err(Failure::Failed))
                    }
                    _ => None,
                };
            }
        }
        let Some(Step::Bytes(bytes)) = self.steps.front() else { unreachable!() };
        Some(Ok(bytes))
    }

    /// Takes a piece without bytes off the front, which is an end, and returns whether there was one.
    pub fn skip_end(&mut self) -> bool {
        let is_end = self.steps.front() == Some(&Step::Bytes(Vec::new()));
        if is_end {
            self.steps.pop_front();
        }
        is_end
    }

    fn take(&mut self, len: usize) {
        self.consumed += len;
        if len > 0 {
            let Some(Step::Bytes(bytes)) = self.steps.front_mut() else { panic!("consumed what was not lent") };
            bytes.drain(..len);
            if bytes.is_empty() {
                self.steps.pop_front();
            }
        }
    }
}

mod std_io {
    use super::{Failure, Script};
    use std::io::{BufRead, Error, ErrorKind, Read, Result};

    impl BufRead for Script {
        fn fill_buf(&mut self) -> Result<&[u8]> {
            let kind = |failure| match failure {
                Failure::Interrupted => ErrorKind::Interrupted,
                Failure::Failed => ErrorKind::TimedOut,
            };
            self.fill().expect("a blocking reader is never pending").map_err(|failure| Error::from(kind(failure)))
        }

        fn consume(&mut self, len: usize) {
            self.take(len);
        }
    }

    impl Read for Script {
        fn read(&mut self, _: &mut [u8]) -> Result<usize> {
            panic!("an adapter reads from the buffer")
        }
    }
}

#[cfg(any(feature = "embedded-io-v0.7", feature = "embedded-io-async-v0.7"))]
mod embedded {
    use super::{Failure, Script};
    use embedded_io_async::{Error, ErrorKind, ErrorType};

    impl Error for Failure {
        fn kind(&self) -> ErrorKind {
            match self {
                Self::Interrupted => ErrorKind::Interrupted,
                Self::Failed => ErrorKind::TimedOut,
            }
        }
    }

    impl ErrorType for Script {
        type Error = Failure;
    }
}

#[cfg(feature = "embedded-io-v0.7")]
mod embedded_blocking {
    use super::{Failure, Script};
    use embedded_io::{BufRead, Read};

    impl BufRead for Script {
        fn fill_buf(&mut self) -> Result<&[u8], Failure> {
            self.fill().expect("a blocking reader is never pending")
        }

        fn consume(&mut self, len: usize) {
            self.take(len);
        }
    }

    impl Read for Script {
        fn read(&mut self, _: &mut [u8]) -> Result<usize, Failure> {
            panic!("an adapter reads from the buffer")
        }
    }
}

#[cfg(feature = "embedded-io-async-v0.7")]
mod embedded_async {
    use super::{Failure, Script, Step};
    use embedded_io_async::{BufRead, Read};
    use std::future::poll_fn;
    use std::task::Poll;

    impl BufRead for Script {
        async fn fill_buf(&mut self) -> Result<&[u8], Failure> {
            poll_fn(|_| {
                if self.steps.front() != Some(&Step::Pending) {
                    return Poll::Ready(());
                }
                self.steps.pop_front();
                Poll::Pending
            })
            .await;
            self.fill().expect("pending steps are gone")
        }

        fn consume(&mut self, len: usize) {
            self.take(len);
        }
    }

    impl Read for Script {
        async fn read(&mut self, _: &mut [u8]) -> Result<usize, Failure> {
            panic!("an adapter reads from the buffer")
        }
    }
}

/// Whole chunks. It must not be asked again at its end.
#[cfg(feature = "futures-core-v0.3")]
mod stream {
    use super::{Failure, Script, Step};
    use futures_core::Stream;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    impl Stream for Script {
        type Item = Result<Vec<u8>, Failure>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            match self.steps.pop_front() {
                Some(Step::Bytes(bytes)) => {
                    self.consumed += bytes.len();
                    Poll::Ready(Some(Ok(bytes)))
                }
                Some(Step::Pending) => Poll::Pending,
                Some(_) => {
                    self.failures += 1;
                    Poll::Ready(Some(Err(Failure::Failed)))
                }
                None => {
                    // So that a poll behind the end is noticed.
                    assert_ne!(self.consumed, usize::MAX, "polled behind its end");
                    self.consumed = usize::MAX;
                    Poll::Ready(None)
                }
            }
        }
    }
}
