//! The test that the fast ways change nothing: it reads streams with them and without them, and compares after each step.

use super::event::Event;
use super::reader::{Reader, Step};
use crate::error::Overflow;
use std::format;

extern crate std;

/// The most that a buffer can hold here.
pub const CAPACITY: usize = 1024;

type Outcome<'r> = Option<Result<Event<'r>, Overflow>>;

/// Returns what one call of [`Reader::read`] comes to, however the event is held, and what follows.
fn read<'r, 'c: 'r, const FAST: bool>(reader: &'r mut Reader<&mut [u8]>, input: &'c [u8]) -> (Outcome<'r>, &'c [u8]) {
    let (step, rest) = reader.read::<FAST>(input);
    let outcome = match step {
        Step::NeedInput => None,
        Step::Borrowed(borrowed) => Some(Ok(reader.block.lend(borrowed))),
        Step::Stored => Some(Ok(reader.block.event())),
        Step::Lost => Some(Err(reader.block.overflow().unwrap())),
    };
    (outcome, rest)
}

/// Reads a stream in chunks, through the first `capacity` bytes of a buffer with the fast ways, and through as many of
/// another without them. Compares the outcome of each step, what is left of the chunk, and all that the readers know.
/// Returns the number of steps.
pub fn compare(stream: &[u8], chunk: usize, capacity: usize) -> usize {
    let (mut memory, mut other) = ([0; CAPACITY], [0xFF; CAPACITY]);
    let mut fast = Reader::new(memory.get_mut(..capacity).expect("at most CAPACITY"));
    let mut slow = Reader::new(other.get_mut(..capacity).expect("at most CAPACITY"));
    let mut steps = 0;
    for chunk in stream.chunks(chunk) {
        let mut input = chunk;
        loop {
            let case = || format!("\"{}\" in {capacity} bytes, in \"{}\"", stream.escape_ascii(), chunk.escape_ascii());
            let (outcome, rest) = read::<true>(&mut fast, input);
            assert_eq!((outcome, rest), read::<false>(&mut slow, input), "{}", case());
            let is_over = outcome.is_none();
            // The two hold the event differently, so both leave it before they are compared.
            fast.block.begin();
            slow.block.begin();
            assert_eq!(fast.tokenizer, slow.tokenizer, "{}", case());
            assert_eq!(fast.other_state(), slow.other_state(), "{}", case());
            assert!(fast.block.equals(&slow.block), "{}", case());
            input = rest;
            steps += 1;
            if is_over {
                break;
            }
        }
    }
    assert_eq!(fast.end(), slow.end(), "\"{}\"", stream.escape_ascii());
    steps
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, compare, std};
    use std::{format, vec::Vec};

    /// Every row of up to four lines out of all kinds, in chunks and buffers of several sizes, before three kinds of ends.
    #[test]
    fn fast_and_slow_are_one_machine() {
        const KINDS: [&[u8]; 16] = [
            b"\n",
            b"\r",
            b"\r\n",
            b"data: ab\n",
            b"data:c\r\n",
            b"data\n",
            b"data: \r",
            b"event: t\n",
            b"event:\r\n",
            b"id: 12\n",
            b"id:3\r",
            b"id: \0\n",
            b"id\n",
            b"retry: 7\n",
            b": x\n",
            b"datum: y\n",
        ];
        const ENDS: [&[u8]; 3] = [b"", b"data: long enough to be searched in steps\n\n", b"da"];
        let (mut streams, mut steps, mut stream) = (0, 0, Vec::new());
        for lines in 0..=4 {
            for number in 0..KINDS.len().pow(lines) {
                stream.clear();
                for line in 0..lines {
                    stream.extend(KINDS[number / KINDS.len().pow(line) % KINDS.len()]);
                }
                stream.extend(ENDS[number % ENDS.len()]);
                for (index, chunk) in [1, 2, 3, 7, 64].into_iter().enumerate() {
                    let capacity = [0, 1, 2, 3, 4, 6, 8, 64][(number + index) % 8];
                    steps += compare(&stream, chunk, capacity);
                }
                streams += 1;
            }
        }
        assert_eq!((streams, steps), (69_905, 5_573_043));
    }

    /// Lines of all lengths around those at which a search or a copy changes gear, cut anywhere.
    #[test]
    fn fast_and_slow_agree_on_long_lines() {
        for len in (0..70).chain([111, 112, 113, 117, 118, 119, 287, 288, 289]) {
            let line = "x".repeat(len);
            let stream =
                format!("event: {line}\ndata: {line}\ndata:{line}\r\ndata: y\n\ndata: {line}\n\nid: {line}\n\n");
            for chunk in [1, 5, 16, 17, 64, 118, 119, 120, stream.len()] {
                compare(stream.as_bytes(), chunk, 64);
                compare(stream.as_bytes(), chunk, CAPACITY);
            }
        }
    }
}
