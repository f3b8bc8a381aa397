//! Promise: the parser's fast ways change nothing: after every step, events, state and what an event needs are what the
//! slow machine makes of the same chunk.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sse_wire::fuzzing::{CAPACITY, compare};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    chunk: u8,
    capacity: u8,
    stream: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let capacity = usize::from(input.capacity) % (CAPACITY + 1);
    for chunk in [1, usize::from(input.chunk).max(1), input.stream.len().max(1)] {
        compare(input.stream, chunk, capacity);
        compare(input.stream, chunk, CAPACITY);
    }
});
