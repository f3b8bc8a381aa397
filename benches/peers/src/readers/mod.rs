//! Everyone who reads, each in the form that is cheapest for it: all get slices of one stream that lives for ever, so that
//! nobody copies or counts references just to be handed a chunk.

mod chunks;
mod limits;
mod ours;
pub mod peers;

use crate::common::sums::{Full, Light, Visit};
use crate::common::{corpora::Corpus, doors};

/// The bytes of a stream.
pub type Bytes = &'static [u8];

/// Reads a stream in chunks of a size, with some memory, and returns the sum of what it delivered.
type Run = fn(Bytes, usize, &mut [u8]) -> u64;

/// The names of those that are not ours.
pub const PEERS: [&str; 5] = ["sse-core", "sse-parse", "sse-stream", "sseer", "eventsource-stream"];

/// Those of them whose events own their text alone. Those of sseer keep the whole chunk in memory.
pub const OWNERS: [&str; 4] = ["sse-core", "sse-parse", "sse-stream", "eventsource-stream"];

/// Those of ours whose events own their text. Only they may allocate.
pub const OUR_OWNERS: [&str; 3] = ["owned", "stream", "stream, boxed"];

/// Takes a corpus apart.
pub struct Reader {
    pub name: &'static str,
    /// Adds up what the clock allows.
    pub timed: Run,
    /// What the timed sum has to be.
    pub expected: fn(&Corpus) -> u64,
    /// Does the same, and hashes every byte. Not for the limits, which deliver nothing.
    pub checked: Option<Run>,
    /// Whether the time for this corpus in these chunks grows with the square of something, so that we do not wait for it.
    pub is_hopeless: fn(&str, usize) -> bool,
}

macro_rules! reader {
    ($name:literal, $module:ident::$run:ident) => {
        Reader {
            name: $name,
            timed: $module::$run::<Light>,
            expected: sum::<Light>,
            checked: Some($module::$run::<Full>),
            is_hopeless: |_, _| false,
        }
    };
}

/// All of them, in the order of the tables.
pub fn all() -> Vec<Reader> {
    vec![
        reader!("next", ours::next),
        reader!("next+to_str", ours::next_str),
        reader!("advance", ours::advance),
        Reader {
            timed: |stream, chunk, _| doors::tokens(stream, chunk),
            expected: Corpus::token_sum,
            ..reader!("tokens", ours::put_together)
        },
        #[cfg(feature = "full")]
        reader!("owned", ours::owned),
        #[cfg(feature = "full")]
        reader!("stream", ours::stream),
        #[cfg(feature = "full")]
        reader!("stream, boxed", ours::stream_boxed),
        reader!("sse-core", peers::sse_core),
        reader!("sse-parse", peers::sse_parse),
        reader!("sse-stream", peers::sse_stream),
        reader!("sseer", peers::sseer),
        Reader {
            // It searches an unfinished line from its start with each chunk, and moves the rest of a chunk for each line.
            is_hopeless: |name, chunk| chunk > 16384 || (name == "long" && chunk < 1460),
            ..reader!("eventsource-stream", peers::eventsource_stream)
        },
        limit("count line ends", limits::lines, |corpus| line_ends(&corpus.stream)),
        limit("memcpy", limits::copy, |corpus| corpus.stream.len() as u64),
        limit("count and memcpy", limits::lines_and_copy, |corpus| {
            line_ends(&corpus.stream) + corpus.stream.len() as u64
        }),
    ]
}

fn limit(name: &'static str, timed: Run, expected: fn(&Corpus) -> u64) -> Reader {
    Reader { name, timed, expected, checked: None, is_hopeless: |_, _| false }
}

/// What a correct reader of a corpus comes to.
pub fn sum<V: Visit>(corpus: &Corpus) -> u64 {
    let mut visitor = V::default();
    corpus.show(&mut visitor);
    visitor.sum()
}

fn line_ends(stream: &[u8]) -> u64 {
    stream.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count() as u64
}
