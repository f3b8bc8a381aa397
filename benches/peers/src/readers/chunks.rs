//! What readers of streams read, and how: by `StreamExt::next`, without a runtime, and never pending.

use super::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A stream of chunks that are all there.
pub struct Chunks(std::slice::Chunks<'static, u8>);

impl Chunks {
    pub fn new(stream: Bytes, size: usize) -> Self {
        Self(stream.chunks(size))
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, Infallible>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

#[inline(always)]
pub fn drive<S: Stream>(stream: S, mut each: impl FnMut(S::Item)) {
    let all = async {
        let mut stream = pin!(stream);
        while let Some(item) = stream.next().await {
            each(item);
        }
    };
    assert!(pin!(all).poll(&mut Context::from_waker(Waker::noop())).is_ready(), "all chunks are there");
}
