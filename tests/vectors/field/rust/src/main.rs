//! Runs the implementations in Rust over the vectors.
//!
//! Prints for each vector, each implementation and each cut what came out, as `compare.py` reads it.

#[allow(dead_code, reason = "only the streams are of use here")]
#[path = "../../../../harness/vectors.rs"]
mod vectors;

use futures_core::Stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

type Run = fn(Chunks, &mut Vec<Value>) -> Result<(), String>;

/// Each with what it shows of IDs, as in `node.mjs`.
const IMPLEMENTATIONS: [(&str, &str, Run); 6] = [
    ("sse-wire", "carried", sse_wire),
    ("sse-core", "carried", sse_core),
    ("sse-parse", "carried", sse_parse),
    ("sse-stream", "own", sse_stream),
    ("sseer", "carried", sseer),
    ("eventsource-stream", "carried", eventsource_stream),
];

fn main() {
    // A panic is a result here.
    std::panic::set_hook(Box::new(|_| {}));
    for (name, ids, run) in IMPLEMENTATIONS {
        let version = version(name);
        for vector in vectors::all() {
            let stream: &'static [u8] = vector.stream.leak();
            for (cut, size) in [("whole", stream.len().max(1)), ("bytes", 1)] {
                let mut events = Vec::new();
                let done = catch_unwind(AssertUnwindSafe(|| run(Chunks(stream.chunks(size)), &mut events)));
                let error = done.unwrap_or_else(|_| Err("panic".into())).err();
                println!(
                    "{}",
                    json!({
                        "implementation": name, "version": version, "registry": "crates.io", "ids": ids,
                        "vector": vector.name, "cut": cut, "events": events, "error": error,
                    })
                );
            }
        }
    }
}

/// The version in the lock file.
fn version(name: &str) -> &'static str {
    let package = include_str!("../Cargo.lock").split(&format!("name = \"{name}\"\nversion = \"")).nth(1);
    package.and_then(|rest| rest.split('"').next()).expect("a dependency")
}

fn event(event_type: &str, data: impl Into<Value>, id: impl Into<Value>) -> Value {
    let event_type = if event_type.is_empty() { "message" } else { event_type };
    json!({ "type": event_type, "data": data.into(), "id": id.into() })
}

fn sse_wire(chunks: Chunks, events: &mut Vec<Value>) -> Result<(), String> {
    let mut parser = sse_wire::Parser::new([0; 32 * 1024]);
    for mut chunk in chunks.0 {
        while let Some(next) = parser.next(&mut chunk) {
            let next = next.map_err(text)?;
            let [event_type, data, id] = [next.event_type(), next.data(), next.last_event_id()].map(text);
            events.push(event(&event_type, data, id));
        }
    }
    Ok(())
}

fn sse_core(chunks: Chunks, events: &mut Vec<Value>) -> Result<(), String> {
    let mut decoder = sse_core::SseDecoder::new();
    for mut chunk in chunks.0 {
        while let Some(next) = decoder.next(&mut chunk) {
            if let sse_core::SseEvent::Message(next) = next.map_err(text)? {
                let id = next.last_event_id.as_deref().unwrap_or_default();
                events.push(event(&next.event, next.data.to_string(), id));
            }
        }
    }
    Ok(())
}

fn sse_parse(chunks: Chunks, events: &mut Vec<Value>) -> Result<(), String> {
    let mut parser = sse_parse::SseParser::new();
    for chunk in chunks.0 {
        parser.feed(chunk);
        while let Some(next) = parser.next_event() {
            events.push(event(&next.event, next.data.as_str(), next.id.as_str()));
        }
    }
    Ok(())
}

fn sse_stream(chunks: Chunks, events: &mut Vec<Value>) -> Result<(), String> {
    drive(sse_stream::SseByteStream::new(chunks), |next| {
        let next = next.map_err(text)?;
        // It delivers blocks without data, and says that they have none: so this is not an event.
        if next.data.is_some() {
            events.push(event(next.event.as_deref().unwrap_or_default(), next.data, next.id));
        }
        Ok(())
    })
}

fn sseer(chunks: Chunks, events: &mut Vec<Value>) -> Result<(), String> {
    drive(sseer::EventStream::new(chunks), |next| {
        let next = next.map_err(text)?;
        events.push(event(&next.event, next.data.to_string(), next.id.to_string()));
        Ok(())
    })
}

fn eventsource_stream(chunks: Chunks, events: &mut Vec<Value>) -> Result<(), String> {
    drive(eventsource_stream::EventStream::new(chunks), |next| {
        let next = next.map_err(text)?;
        events.push(event(&next.event, next.data, next.id));
        Ok(())
    })
}

fn text(shown: impl Display) -> String {
    shown.to_string()
}

/// A stream of chunks that are all there.
struct Chunks(std::slice::Chunks<'static, u8>);

impl Stream for Chunks {
    type Item = Result<&'static [u8], Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

/// Polls by hand: no runtime, and never pending.
fn drive<S: Stream>(stream: S, mut each: impl FnMut(S::Item) -> Result<(), String>) -> Result<(), String> {
    let (mut stream, mut context) = (pin!(stream), Context::from_waker(Waker::noop()));
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut context) {
        each(item)?;
    }
    Ok(())
}
