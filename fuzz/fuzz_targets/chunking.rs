//! Promise: neither the cuts, nor the door, nor the kind of storage changes anything.

#![no_main]

#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use harness::{DOORS, bytes_and_empties, cut, cuts_from, drive, through_tokens};
use libfuzzer_sys::fuzz_target;
use sse_wire::{Growing, Parser};

/// The stream comes last: it is all the bytes that are left, so seeds and dictionary keep their meaning.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: [u8; 8],
    stream: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let stream = input.stream;
    let whole = reference::read(stream, stream.len(), b"");
    let chunkings = [
        vec![stream],
        cut(stream, &cuts_from(&input.cuts[..1], stream.len())),
        cut(stream, &cuts_from(&input.cuts, stream.len())),
        bytes_and_empties(stream),
    ];
    let mut memory = vec![0; stream.len()];
    let tokens = through_tokens(&[stream]);
    for chunks in &chunkings {
        for door in DOORS {
            assert_eq!(drive(&mut Parser::new(&mut memory[..]), chunks, door), whole, "{door:?}");
            assert_eq!(drive(&mut Parser::new(Growing::default()), chunks, door), whole, "{door:?}, growing");
        }
        assert_eq!(through_tokens(chunks), tokens);
    }
});
