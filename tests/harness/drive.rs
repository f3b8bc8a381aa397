//! Drives the crate through each of its doors and writes down what came out, in the terms of the reference.

#![allow(dead_code, reason = "each test uses a part")]

use crate::reference::{Ending, Loss, Reading, Record, Verdict};
use sse_wire::{End, Event, Field, Overflow, Parser, Status, Storage, Text, Token, Tokenizer};

/// The ways through a parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Next,
    Advance,
    /// Chunk by chunk, the one and the other.
    Both,
}

pub const DOORS: [Door; 3] = [Door::Next, Door::Advance, Door::Both];

/// Cuts a stream at the given places, which must ascend. Two equal ones make an empty chunk.
pub fn cut<'s>(stream: &'s [u8], cuts: &[usize]) -> Vec<&'s [u8]> {
    let mut chunks = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for &end in cuts.iter().chain([&stream.len()]) {
        chunks.push(&stream[start..end]);
        start = end;
    }
    chunks
}

/// Turns any numbers into places to cut a stream at.
pub fn cuts_from(numbers: &[u8], len: usize) -> Vec<usize> {
    let mut cuts: Vec<usize> = numbers.iter().map(|&n| usize::from(n) * (len + 1) / 256).collect();
    cuts.sort_unstable();
    cuts
}

/// Every byte a chunk of its own, with an empty chunk before each.
pub fn bytes_and_empties(stream: &[u8]) -> Vec<&[u8]> {
    stream.chunks(1).flat_map(|byte| [&[][..], byte]).collect()
}

/// Feeds the chunks through a door, and ends the stream.
pub fn drive<B: Storage + ?Sized>(parser: &mut Parser<B>, chunks: &[&[u8]], door: Door) -> Reading {
    let verdicts = feed(parser, chunks, door);
    let ending = ending(parser.end());
    assert_eq!(parser.end(), End::Clean, "an end ends once");
    Reading { verdicts, last_event_id: parser.last_event_id().as_bytes().to_vec(), retry: parser.retry(), ending }
}

/// Feeds the chunks through a door, and leaves the parser where they stop.
pub fn feed<B: Storage + ?Sized>(parser: &mut Parser<B>, chunks: &[&[u8]], door: Door) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut before = 0;
    for (index, chunk) in chunks.iter().enumerate() {
        let through_next = door == Door::Next || (door == Door::Both && index % 2 == 0);
        let mut rest = *chunk;
        loop {
            let what = if through_next {
                match parser.next(&mut rest) {
                    None => break,
                    Some(Ok(event)) => Ok(record(&event)),
                    Some(Err(overflow)) => Err(loss(overflow)),
                }
            } else {
                let (consumed, status) = parser.advance(rest);
                rest = &rest[consumed..];
                assert_eq!(parser.event().is_some(), status == Status::Event, "an event shows when there is one");
                match status {
                    Status::NeedInput => break,
                    Status::Event => Ok(record(&parser.event().unwrap())),
                    Status::Overflow(overflow) => Err(loss(overflow)),
                }
            };
            let at = before + chunk.len() - rest.len();
            let last_event_id = parser.last_event_id().as_bytes().to_vec();
            verdicts.push(Verdict { at, what, last_event_id, retry: parser.retry() });
        }
        assert!(rest.is_empty(), "no verdict, so all of the chunk was read");
        before += chunk.len();
    }
    verdicts
}

pub fn record(event: &Event<'_>) -> Record {
    Record {
        event_type: event.event_type().as_bytes().to_vec(),
        data: event.data().as_bytes().to_vec(),
        last_event_id: event.last_event_id().as_bytes().to_vec(),
        id: event.id().map(|id| id.as_bytes().to_vec()),
    }
}

pub fn loss(overflow: Overflow) -> Loss {
    Loss { needed: overflow.needed, id_lost: overflow.id_lost }
}

pub fn ending(end: End<'_>) -> Ending {
    let End::Unfinished(rest) = end else { return Ending::default() };
    assert!(rest.is_mid_line() || rest.is_mid_event());
    Ending {
        mid_line: rest.is_mid_line(),
        mid_event: rest.is_mid_event(),
        event: rest.event().as_ref().map(record),
        line: rest.line().map(|(field, value)| (name(field), value.as_bytes().to_vec())),
        overflow: rest.overflow().map(loss),
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Data => "data",
        Field::Event => "event",
        Field::Id => "id",
        Field::Retry => "retry",
        Field::Comment => "",
        _ => panic!("{field:?} is new"),
    }
}

/// What a user of the tokenizer would put together, with buffers that grow: the events and where each was complete, and
/// the comments.
pub fn through_tokens(chunks: &[&[u8]]) -> (Vec<(usize, Record)>, Vec<Vec<u8>>) {
    let mut tokenizer = Tokenizer::new();
    let (mut events, mut comments) = (Vec::new(), Vec::new());
    let mut last_event_id = Vec::new();
    let mut value = Vec::new();
    let (mut event_type, mut id, mut data): (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>) = Default::default();
    let mut before = 0;
    for chunk in chunks {
        let mut tokens = tokenizer.tokens(chunk);
        while let Some(token) = tokens.next() {
            match token {
                Token::Value { field, bytes, end } => {
                    assert!(end || !bytes.is_empty(), "a piece is empty only where the line ends");
                    value.extend_from_slice(bytes);
                    if !end {
                        let is_at_end = tokens.rest().is_empty() || field == Field::Unknown;
                        assert!(is_at_end, "a piece of a known field stops only where the chunk does");
                        continue;
                    }
                    let value = std::mem::take(&mut value);
                    match field {
                        Field::Event => event_type = value,
                        Field::Data => match &mut data {
                            Some(data) => data.extend([&b"\n"[..], &value].concat()),
                            None => data = Some(value),
                        },
                        Field::Id if !value.contains(&0) => id = Some(value),
                        Field::Comment => comments.push(value),
                        _ => {}
                    }
                }
                Token::Blank => {
                    let event_type = std::mem::take(&mut event_type);
                    let id = id.take();
                    if let Some(id) = &id {
                        last_event_id = id.clone();
                    }
                    if let Some(data) = data.take() {
                        let event_type = if event_type.is_empty() { b"message".to_vec() } else { event_type };
                        let at = before + chunk.len() - tokens.rest().len();
                        events.push((at, Record { event_type, data, last_event_id: last_event_id.clone(), id }));
                    }
                }
            }
        }
        assert_eq!(tokens.next(), None, "the iterator is fused");
        before += chunk.len();
    }
    (events, comments)
}

/// The text that the standard makes of bytes, by way of the crate.
pub fn decoded(bytes: &[u8]) -> String {
    Text::new(bytes).to_string()
}
