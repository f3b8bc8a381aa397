//! What no reader can do without: looking for line ends, and copying what does not lie in one chunk.

use super::Bytes;
use memchr::memchr2_iter;
use std::hint::black_box;

/// How much is copied to one place after another before it starts over: an event's worth.
const EVENT: usize = 64 << 10;

pub fn lines(stream: Bytes, chunk: usize, _: &mut [u8]) -> u64 {
    stream.chunks(chunk).map(|chunk| memchr2_iter(b'\r', b'\n', chunk).count() as u64).sum()
}

pub fn copy(stream: Bytes, chunk: usize, memory: &mut [u8]) -> u64 {
    let mut at = 0;
    stream.chunks(chunk).map(|chunk| copy_to(&mut at, chunk, memory)).sum()
}

pub fn lines_and_copy(stream: Bytes, chunk: usize, memory: &mut [u8]) -> u64 {
    let mut at = 0;
    let both = |chunk| memchr2_iter(b'\r', b'\n', chunk).count() as u64 + copy_to(&mut at, chunk, memory);
    stream.chunks(chunk).map(both).sum()
}

#[inline(always)]
fn copy_to(at: &mut usize, bytes: &[u8], memory: &mut [u8]) -> u64 {
    for part in bytes.chunks(EVENT) {
        if *at + part.len() > EVENT {
            *at = 0;
        }
        memory[*at..][..part.len()].copy_from_slice(part);
        *at += part.len();
        black_box(&mut *memory);
    }
    bytes.len() as u64
}
