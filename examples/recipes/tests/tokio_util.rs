//! The decoder for tokio-util, in reads of every size.

mod common;

use common::{Seen, script};
use futures_lite::StreamExt;
use recipes::client::tokio_util::EventDecoder;
use sse_wire::{Growing, Parser};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::codec::FramedRead;

/// Reads at most this many bytes at a time.
struct Pieces<'b>(&'b [u8], usize);

impl AsyncRead for Pieces<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (piece, rest) = self.0.split_at(self.1.min(self.0.len()).min(buffer.remaining()));
        buffer.put_slice(piece);
        self.0 = rest;
        Poll::Ready(Ok(()))
    }
}

#[test]
fn every_event_is_a_frame_and_a_lost_one_does_not_end_them() {
    let blocks = script::first();
    let stream: Vec<u8> = blocks.iter().flat_map(|block| &block.bytes).chain(script::CUT_OFF).copied().collect();
    let expected: Vec<Seen> = blocks.into_iter().filter_map(|block| block.seen).collect();
    assert!(expected.iter().any(|seen| matches!(seen, Seen::Lost { .. })));
    for size in (1..=70).chain([stream.len()]) {
        let parser = Parser::new(Growing::new(script::CAPACITY));
        let mut frames = FramedRead::new(Pieces(&stream, size), EventDecoder(parser));
        let mut seen = Vec::new();
        futures_lite::future::block_on(async {
            while let Some(frame) = frames.next().await {
                seen.push(match frame.unwrap() {
                    Ok(event) => Seen::event(
                        event.event_type().to_str().unwrap(),
                        event.data().to_str().unwrap(),
                        event.last_event_id().to_str().unwrap(),
                    ),
                    Err(overflow) => Seen::Lost { needed: overflow.needed },
                });
            }
        });
        assert_eq!(seen, expected, "reads of {size} bytes");
        assert_eq!(frames.decoder().0.last_event_id(), "5");
    }
}
