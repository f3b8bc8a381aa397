//! Promise: no line is left out, and a stream that is forwarded can be ended at any byte.

#![no_main]

#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/harness/forwarding.rs"]
mod oracle;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use oracle::{check_sever, expected_lines, shown_lines};
use sse_wire::EventId;

/// The stream comes last: it is all the bytes that are left, so seeds and dictionary keep their meaning.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    seed: u8,
    capacity: u8,
    chunk: u8,
    stream: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    // The client of the check has a buffer of 4096 bytes.
    let stream = input.stream.get(..4000).unwrap_or(input.stream);
    let chunk = usize::from(input.chunk).max(1);
    let expected = expected_lines(stream);
    assert_eq!(shown_lines([stream]), expected);
    assert_eq!(shown_lines(stream.chunks(chunk)), expected);

    let seed = EventId::new("0123456".get(..usize::from(input.seed % 8)).unwrap_or_default()).unwrap();
    for capacity in [4000, usize::from(input.capacity).max(8)] {
        for by_next in [false, true] {
            check_sever("a stream", stream, capacity, seed, chunk, by_next);
        }
    }
});
