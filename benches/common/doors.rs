//! Our ways in and out, each as the loop that a user would write. The same functions are counted by callgrind, timed by
//! criterion, and raced against the peers.

use super::corpora::Message;
use super::sums::Visit;
use sse_wire::{Encoder, Event, EventId, EventType, Parser, Progress, Status, Token, Tokenizer};

#[inline(always)]
fn visit<V: Visit>(visitor: &mut V, event: &Event<'_>, data: &[u8]) {
    visitor.event(event.event_type().as_bytes(), data, event.last_event_id().as_bytes());
}

/// Events lent by the chunk or the parser, in bytes.
pub fn next<V: Visit>(stream: &[u8], chunk: usize, memory: &mut [u8]) -> u64 {
    let (mut parser, mut visitor) = (Parser::new(memory), V::default());
    for mut chunk in stream.chunks(chunk) {
        while let Some(event) = parser.next(&mut chunk) {
            let event = event.expect("the memory is large enough");
            visit(&mut visitor, &event, event.data().as_bytes());
        }
    }
    visitor.sum()
}

/// The same with the data checked to be UTF-8.
pub fn next_str<V: Visit>(stream: &[u8], chunk: usize, memory: &mut [u8]) -> u64 {
    let (mut parser, mut visitor) = (Parser::new(memory), V::default());
    for mut chunk in stream.chunks(chunk) {
        while let Some(event) = parser.next(&mut chunk) {
            let event = event.expect("the memory is large enough");
            visit(&mut visitor, &event, event.data().to_str().expect("the corpora are text").as_bytes());
        }
    }
    visitor.sum()
}

/// Events held by the parser, with the chunk free to go.
pub fn advance<V: Visit>(stream: &[u8], chunk: usize, memory: &mut [u8]) -> u64 {
    let (mut parser, mut visitor) = (Parser::new(memory), V::default());
    for mut chunk in stream.chunks(chunk) {
        loop {
            let (consumed, status) = parser.advance(chunk);
            chunk = &chunk[consumed..];
            match status {
                Status::NeedInput => break,
                Status::Overflow(overflow) => panic!("{overflow}"),
                Status::Event => {
                    if let Some(event) = parser.event() {
                        visit(&mut visitor, &event, event.data().as_bytes());
                    }
                }
            }
        }
    }
    visitor.sum()
}

/// Values in pieces as they come. Adds up their lengths, and the blank lines.
pub fn tokens(stream: &[u8], chunk: usize) -> u64 {
    let (mut tokenizer, mut sum) = (Tokenizer::new(), 0);
    for chunk in stream.chunks(chunk) {
        for token in tokenizer.tokens(chunk) {
            sum += match token {
                Token::Value { bytes, .. } => bytes.len() as u64,
                Token::Blank => 1 << 40,
            };
        }
    }
    sum
}

/// Ours for one of the corpus, with its parts checked as the API asks for it.
#[inline(always)]
pub fn ours(message: &Message) -> sse_wire::Message<'_> {
    let mut ours = sse_wire::Message::new();
    if !message.event_type.is_empty() {
        ours = ours.event(EventType::new(&message.event_type).expect("the corpora's types are lines"));
    }
    if !message.id.is_empty() {
        ours = ours.id(EventId::new(&message.id).expect("the corpora's IDs are valid"));
    }
    if !message.comment.is_empty() {
        ours = ours.comment(&message.comment);
    }
    if let Some(data) = &message.data {
        ours = ours.data(data);
    }
    ours
}

/// Each message as a whole to the front of the buffer.
pub fn encode(messages: &[Message], out: &mut [u8], mut sent: impl FnMut(&[u8])) {
    for message in messages {
        let len = ours(message).encode(out).expect("the buffer is large enough");
        sent(&out[..len]);
    }
}

/// Each message through a window.
pub fn encoder(messages: &[Message], window: &mut [u8], mut sent: impl FnMut(&[u8])) {
    for message in messages {
        let mut encoder: Encoder<'_> = ours(message).encoder();
        loop {
            let (len, progress) = encoder.write(window);
            sent(&window[..len]);
            if progress == Progress::Done {
                break;
            }
        }
    }
}

/// Each message as slices, put together by the caller.
pub fn segments(messages: &[Message], out: &mut Vec<u8>, mut sent: impl FnMut(&[u8])) {
    for message in messages {
        out.clear();
        for segment in ours(message).segments() {
            out.extend_from_slice(segment);
        }
        sent(out);
    }
}
