//! One loop at a time, to be counted by callgrind: `instructions SHAPE COUNT CHUNK DOOR`. `benches/linear.sh` drives it.
//!
//! Only what happens within [`feed`] is counted.

use sse_wire::{Parser, Status, Tokenizer};
use std::hint::black_box;

/// Streams whose cost a careless parser squares, each of about so many bytes.
fn stream(shape: &str, bytes: usize) -> Vec<u8> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len());
    let text = match shape {
        // One event of one line.
        "line" => format!("data: {}\n\n", "x".repeat(bytes)),
        // Events of the smallest kind.
        "events" => fill("data\n\n"),
        // One event of the shortest lines.
        "lines" => format!("{}\n", fill("data:x\n")),
        // Types and IDs behind half a stream of data, replaced again and again, by longer and shorter ones in turn.
        "late" => format!(
            "data: {}\n{}\n",
            "x".repeat(bytes / 2),
            "event:abcdef\nid:1\nevent:a\nid:123456\n".repeat(bytes / 72)
        ),
        // The same behind a type that is half the stream.
        "type" => format!("event: {}\n{}data\n\n", "x".repeat(bytes / 2), "id:1\nid:123456\n".repeat(bytes / 30)),
        // A line that means nothing.
        "unknown" => format!("{}\n\n", "x".repeat(bytes)),
        // Many IDs that have to outlive their events.
        "ids" => fill("id:12345678\ndata\n\n"),
        _ => panic!("no shape {shape}"),
    };
    text.into_bytes()
}

#[inline(never)]
fn feed(stream: &[u8], chunk: usize, door: &str, memory: &mut [u8]) -> usize {
    let mut parser = Parser::new(memory);
    let mut tokenizer = Tokenizer::new();
    let mut count = 0;
    for mut chunk in stream.chunks(chunk) {
        match door {
            "next" => {
                while let Some(event) = parser.next(&mut chunk) {
                    count += usize::from(black_box(event).is_ok());
                }
            }
            "advance" => loop {
                let (consumed, status) = parser.advance(chunk);
                chunk = &chunk[consumed..];
                match status {
                    Status::NeedInput => break,
                    Status::Event => count += usize::from(black_box(parser.event()).is_some()),
                    Status::Overflow(_) => {}
                }
            },
            _ => count += tokenizer.tokens(chunk).map(black_box).count(),
        }
    }
    count
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [shape, bytes, chunk, door] = &arguments[..] else {
        return println!("usage: instructions SHAPE BYTES CHUNK next|advance|tokens");
    };
    let stream = stream(shape, bytes.parse().expect("BYTES is a number"));
    let chunk = chunk.parse().expect("CHUNK is a number, 0 for the whole stream");
    let mut memory = vec![0; stream.len()];
    let count = feed(black_box(&stream), if chunk == 0 { stream.len() } else { chunk }, door, &mut memory);
    assert!(count > 0 || shape == "unknown", "a loop that delivers nothing measures nothing");
    println!("{} {count}", stream.len());
}
