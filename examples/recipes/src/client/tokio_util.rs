use bytes::{Buf, BytesMut};
use sse_wire::{BoxedEvent, Overflow, Parser, Storage};
use std::io;
use tokio_util::codec::Decoder;

/// Decodes what tokio reads into events: `FramedRead::new(reader, EventDecoder(parser))`.
///
/// An error would end the frames, so an event that was too large is an item, and the stream goes on behind it.
pub struct EventDecoder<B>(pub Parser<B>);

impl<B: Storage> Decoder for EventDecoder<B> {
    type Item = Result<BoxedEvent, Overflow>;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        let mut chunk = &buffer[..];
        let item = self.0.next(&mut chunk).map(|event| event.map(|event| event.to_boxed()));
        let left = chunk.len();
        buffer.advance(buffer.len() - left);
        Ok(item)
    }
}
