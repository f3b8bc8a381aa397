//! Our doors. They take any slice; most of this only fits them into the table.

use super::Bytes;
#[cfg(feature = "full")]
use super::chunks::Chunks;
use crate::common::doors;
use crate::common::sums::Visit;
use sse_wire::{Field, Token, Tokenizer};

pub fn next<V: Visit>(stream: Bytes, chunk: usize, memory: &mut [u8]) -> u64 {
    doors::next::<V>(stream, chunk, memory)
}

pub fn next_str<V: Visit>(stream: Bytes, chunk: usize, memory: &mut [u8]) -> u64 {
    doors::next_str::<V>(stream, chunk, memory)
}

pub fn advance<V: Visit>(stream: Bytes, chunk: usize, memory: &mut [u8]) -> u64 {
    doors::advance::<V>(stream, chunk, memory)
}

/// Each event copied into an allocation of its own, as most peers deliver it.
#[cfg(feature = "full")]
pub fn owned<V: Visit>(stream: Bytes, chunk: usize, memory: &mut [u8]) -> u64 {
    let (mut parser, mut visitor) = (sse_wire::Parser::new(memory), V::default());
    for mut chunk in stream.chunks(chunk) {
        while let Some(event) = parser.next(&mut chunk) {
            let event = std::hint::black_box(event.expect("the memory is large enough").to_boxed());
            let event = event.as_event();
            visitor.event(event.event_type().as_bytes(), event.data().as_bytes(), event.last_event_id().as_bytes());
        }
    }
    visitor.sum()
}

/// A stream of events in strings, which has the names of eventsource-stream's.
#[cfg(feature = "full")]
pub fn stream<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    use sse_wire::stream::Eventsource;
    let mut visitor = V::default();
    super::chunks::drive(Chunks::new(stream, chunk).eventsource(), |event| {
        if let Ok(event) = event {
            visitor.event(event.event.as_bytes(), event.data.as_bytes(), event.id.as_bytes());
        }
    });
    visitor.sum()
}

/// A stream of events in one allocation each.
#[cfg(feature = "full")]
pub fn stream_boxed<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    use sse_wire::{BoxedEvent, Parser, stream::EventStream};
    let mut visitor = V::default();
    let events = EventStream::<_, BoxedEvent>::with_parser(Chunks::new(stream, chunk), Parser::default());
    super::chunks::drive(events, |event| {
        if let Ok(event) = event {
            let event = event.as_event();
            visitor.event(event.event_type().as_bytes(), event.data().as_bytes(), event.last_event_id().as_bytes());
        }
    });
    visitor.sum()
}

/// Events from tokens, to check that these say all that is needed.
pub fn put_together<V: Visit>(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    let (mut tokenizer, mut visitor) = (Tokenizer::new(), V::default());
    let (mut event_type, mut id, mut data, mut lines) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut is_new = true;
    for chunk in stream.chunks(chunk) {
        for token in tokenizer.tokens(chunk) {
            match token {
                Token::Value { field, bytes, end } => {
                    match field {
                        Field::Id if is_new => id.clear(),
                        Field::Data if is_new && lines > 0 => data.push(b'\n'),
                        _ => {}
                    }
                    match field {
                        Field::Event => event_type.extend_from_slice(bytes),
                        Field::Id => id.extend_from_slice(bytes),
                        Field::Data => data.extend_from_slice(bytes),
                        _ => {}
                    }
                    is_new = end;
                    lines += usize::from(end && field == Field::Data);
                }
                Token::Blank => {
                    if lines > 0 {
                        visitor.event(if event_type.is_empty() { b"message" } else { &event_type }, &data, &id);
                    }
                    event_type.clear();
                    data.clear();
                    lines = 0;
                }
            }
        }
    }
    visitor.sum()
}
