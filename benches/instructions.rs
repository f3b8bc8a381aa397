//! One loop at a time, to be counted by callgrind: `instructions SHAPE BYTES CHUNK DOOR`. `linear.sh` and `guard.sh` drive
//! it, and read what it prints: how many bytes it went through, and how many messages.
//!
//! Only what happens within [`feed`] is counted.

mod common;

use common::corpora::{Corpus, NAMES};
use common::doors;
use common::sums::Light;
use std::hint::black_box;

/// Streams whose cost a careless parser squares, each of about so many bytes.
fn stream(shape: &str, bytes: usize) -> Option<Vec<u8>> {
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
        _ => return None,
    };
    Some(text.into_bytes())
}

#[inline(never)]
fn feed(door: &str, corpus: &Corpus, chunk: usize, memory: &mut [u8]) -> u64 {
    let (stream, mut sum) = (&corpus.stream, 0);
    let sent = |bytes: &[u8]| sum += bytes.len() as u64;
    match door {
        "next" => return doors::next::<Light>(stream, chunk, memory),
        "str" => return doors::next_str::<Light>(stream, chunk, memory),
        "advance" => return doors::advance::<Light>(stream, chunk, memory),
        "tokens" => return doors::tokens(stream, chunk),
        "encode" => doors::encode(&corpus.messages, memory, sent),
        "encoder" => doors::encoder(&corpus.messages, &mut memory[..chunk], sent),
        _ => panic!("no door {door}"),
    }
    sum
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [shape, bytes, chunk, door] = &arguments[..] else {
        return println!("usage: instructions SHAPE BYTES CHUNK next|str|advance|tokens|encode|encoder");
    };
    let (bytes, chunk) = (bytes.parse().expect("BYTES"), chunk.parse().expect("CHUNK, 0 for the whole stream"));
    let corpus = match NAMES.iter().find(|(name, _)| name == shape) {
        Some((name, _)) => Corpus::new(name, bytes),
        None => {
            let stream = stream(shape, bytes).unwrap_or_else(|| panic!("no shape {shape}"));
            Corpus { name: "", messages: Vec::new(), stream }
        }
    };
    let len = corpus.stream.len();
    let mut memory = vec![0; len];
    let sum = feed(black_box(door), black_box(&corpus), if chunk == 0 { len } else { chunk }, &mut memory);
    assert!(sum > 0 || shape == "unknown", "a loop that delivers nothing measures nothing");
    println!("{len} {}", corpus.messages.len());
}
