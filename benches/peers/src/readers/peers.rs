//! The readers that are not ours.

use super::Bytes;
use super::chunks::{Chunks, drive};
use crate::common::sums::Visit;

pub fn sse_core<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    let (mut decoder, mut visitor) = (sse_core::SseDecoder::new(), V::default());
    for mut chunk in stream.chunks(chunk) {
        while let Some(event) = decoder.next(&mut chunk) {
            if let Ok(sse_core::SseEvent::Message(event)) = event {
                let id = event.last_event_id.as_deref().unwrap_or("");
                visitor.event(event.event.as_bytes(), event.data.as_bytes(), id.as_bytes());
            }
        }
    }
    visitor.sum()
}

pub fn sse_parse<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    let (mut parser, mut visitor) = (sse_parse::SseParser::new(), V::default());
    for chunk in stream.chunks(chunk) {
        parser.feed(chunk);
        while let Some(event) = parser.next_event() {
            visitor.event(event.event.as_bytes(), event.data.as_bytes(), event.id.as_bytes());
        }
    }
    visitor.sum()
}

/// Knows no last event ID, so the caller keeps it.
pub fn sse_stream<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    let (mut visitor, mut last_id) = (V::default(), String::new());
    drive(sse_stream::SseByteStream::new(Chunks::new(stream, chunk)), |event| {
        let Ok(event) = event else { return };
        if let Some(id) = event.id {
            last_id = id;
        }
        if let Some(data) = &event.data {
            let event_type = event.event.as_deref().filter(|name| !name.is_empty()).unwrap_or("message");
            visitor.event(event_type.as_bytes(), data.as_bytes(), last_id.as_bytes());
        }
    });
    visitor.sum()
}

pub fn sseer<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    let mut visitor = V::default();
    drive(sseer::EventStream::new(Chunks::new(stream, chunk)), |event| {
        if let Ok(event) = event {
            visitor.event(event.event.as_bytes(), event.data.as_bytes(), event.id.as_bytes());
        }
    });
    visitor.sum()
}

pub fn eventsource_stream<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    let mut visitor = V::default();
    drive(eventsource_stream::EventStream::new(Chunks::new(stream, chunk)), |event| {
        if let Ok(event) = event {
            visitor.event(event.event.as_bytes(), event.data.as_bytes(), event.id.as_bytes());
        }
    });
    visitor.sum()
}
