//! Where lines end.
//!
//! A line ends at a CR or an LF and at nothing else ([section 1 of the rules](crate::rules#1-grammar)). Both are ASCII, so
//! this file looks for them in raw bytes: no byte of a longer UTF-8 sequence, well-formed or not, equals one of them.
//!
//! Lines are short, and those of one stream have few different lengths. So the start of a search and the processor's wrong
//! guesses cost more than its bytes. The search starts where the line starts, and changes gear twice:
//!
//! | gear | bytes | why it is right | what it is worth |
//! |---|---|---|---|
//! | [`find_in_vector`] | 0 to 32 | it looks at each of its 16 bytes | it needs no call |
//! | [`has_no_control`] | to [`NEAR`] | a CR and an LF are control characters, so 64 bytes without any hold neither | without it, `next` reads LLM deltas at 0.77 of its speed |
//! | `memchr2` | the rest | it is `memchr`'s promise | its call costs as much as 100 bytes, and its vectors are the widest |
//!
//! Where fewer than [`NEAR`] bytes are left, [`find_without_memchr`] uses the first two gears only.
//!
//! Each step starts at the byte behind the last step, so no byte is left out. Steps are not aligned to addresses, on
//! purpose: so lines of one length end in the same step, and the processor guesses that. A wrong guess costs as much as 200
//! bytes.
//!
//! `find_in_vector` uses `memchr`'s vector code, which every x86-64 runs. On other processors, and without that feature,
//! [`has_line_end`] is plain code that compilers turn into vector code, and [`find_in_words`] looks at eight bytes at a
//! time; [`find_without_memchr`] searches the rest. On bare metal the search goes byte by byte: see [`FOR_SIZE`].
//! `benches/README.md` lists the alternatives and their figures.

use crate::word::{LOWS, WORD, first_hit, word, zeros};

/// Whether code is chosen for its size instead of its speed: on bare metal, where flash is short.
///
/// Then only the slow engine is compiled, and it goes byte by byte. No result differs: all tests run that way anywhere with
/// `RUSTFLAGS="--cfg sse_wire_small"`.
pub(crate) const FOR_SIZE: bool = cfg!(any(target_os = "none", sse_wire_small));

pub(crate) const LF: u8 = b'\n';
pub(crate) const CR: u8 = b'\r';

/// The bytes of a vector that every x86-64 has.
const VECTOR: usize = 16;
/// The bytes that are searched for control characters in one step.
const STEP: usize = 64;
/// The bytes that are searched before `memchr2` is called: more than the lines of nearly all events have.
const NEAR: usize = 2 * VECTOR + 4 * STEP;
/// The size of a slab: the bytes that are copied at once with a line of several, more than nearly all lines of a log have.
pub(crate) const SLAB: usize = 112;

/// Returns whether the byte ends a line, or is the first of two that do.
#[inline(always)]
pub(crate) const fn is_line_end(byte: u8) -> bool {
    byte == CR || byte == LF
}

/// Returns the index of the first CR or LF, or the number of bytes if there is none.
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
#[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline(always))]
pub(crate) fn line_end(bytes: &[u8]) -> usize {
    if FOR_SIZE {
        // Most bytes are above both, so one comparison passes over them.
        return bytes.iter().position(|&byte| byte <= CR && is_line_end(byte)).unwrap_or(bytes.len());
    }
    match bytes.split_first_chunk() {
        // Most of the code is behind this call, so that all callers share it.
        Some((start, rest)) => find_in_vector(start).unwrap_or_else(|| VECTOR + call_find_beyond(rest)),
        None => find_in_words(bytes),
    }
}

/// Splits at the first CR or LF, if there is one, into what comes before it, itself, and what comes after it.
#[inline(always)]
pub(crate) fn split_at_line_end(bytes: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let at = line_end(bytes);
    let (&end, after) = bytes.get(at..)?.split_first()?;
    Some((bytes.get(..at)?, end, after))
}

/// Splits the first line off and drops its end: a CR, an LF or both. Returns `None` if there is no line end.
#[inline(always)]
pub(crate) fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    split_line_at(bytes, line_end(bytes))
}

/// Splits the first line off as [`split_line`] does, and returns the first [`word`] of the bytes before it. Where at least
/// [`NEAR`] bytes are left, it finds a short line without a call, for the one caller where that pays.
#[inline(always)]
pub(crate) fn split_line_and_word(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let (word, at) = match bytes.split_first_chunk::<VECTOR>() {
        _ if FOR_SIZE => (word(bytes), line_end(bytes)),
        Some((start, rest)) => (word(start), find_in_vector(start).unwrap_or_else(|| VECTOR + find_beyond(rest))),
        None => (word(bytes), call_find_in_words(bytes)),
    };
    split_line_at(bytes, at).map(|(line, after)| (word, line, after))
}

/// Splits the first line off if it ends within the first slab, and returns that slab, the line's length, and what follows.
#[inline(always)]
pub(crate) fn split_line_in_slab(bytes: &[u8]) -> Option<(&[u8; SLAB], usize, &[u8])> {
    let block = bytes.first_chunk().filter(|_| !FOR_SIZE)?;
    let len = find_in_block(block)?;
    let (_, after) = split_line_at(bytes, len)?;
    Some((block, len, after))
}

/// Splits at an index, and drops the line end that must be there.
#[inline(always)]
fn split_line_at(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(at)?;
    match rest {
        [CR, LF, after @ ..] | [_, after @ ..] => Some((line, after)),
        [] => None,
    }
}

#[inline(never)]
fn call_find_beyond(bytes: &[u8]) -> usize {
    if bytes.len() < NEAR - VECTOR { find_without_memchr(bytes) } else { find_beyond(bytes) }
}

/// Searches on behind the first vector.
#[inline(always)]
fn find_beyond(bytes: &[u8]) -> usize {
    let Some(near) = bytes.first_chunk::<{ NEAR - VECTOR }>() else { return call_find_without_memchr(bytes) };
    if let Some(at) = near.first_chunk().and_then(find_in_vector) {
        return at;
    }
    let mut at = VECTOR;
    // The length is a constant, so the compiler writes each step out, and the processor guesses each on its own. As a loop,
    // this is worth 0.89 of its speed.
    while let Some(block) = near.get(at..).and_then(<[u8]>::first_chunk) {
        if !has_no_control::<STEP>(block) {
            break;
        }
        at += STEP;
    }
    if let Some(block) = near.get(at..).and_then(<[u8]>::first_chunk::<STEP>) {
        if let Some(found) = find_in_block(block) {
            return at + found;
        }
        // Another control character stood there.
        at += STEP;
    }
    at + find_far(bytes.get(at..).unwrap_or_default())
}

#[inline(never)]
fn call_find_without_memchr(bytes: &[u8]) -> usize {
    find_without_memchr(bytes)
}

/// Searches without `memchr2`. The last vector may overlap the one before it.
#[inline(always)]
fn find_without_memchr(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<STEP>() {
        if !has_no_control(block) {
            if let Some(at) = find_in_block(block) {
                return bytes.len() - rest.len() + at;
            }
        }
        rest = after;
    }
    // Two halves that may overlap cover all that is left.
    if let (Some(front), Some(back)) = (rest.first_chunk(), rest.last_chunk()) {
        if has_no_control::<{ STEP / 2 }>(front) && has_no_control::<{ STEP / 2 }>(back) {
            return bytes.len();
        }
    }
    while let Some((vector, after)) = rest.split_first_chunk() {
        if let Some(at) = find_in_vector(vector) {
            return bytes.len() - rest.len() + at;
        }
        rest = after;
    }
    match bytes.last_chunk() {
        Some(vector) if !rest.is_empty() => bytes.len() - VECTOR + find_in_vector(vector).unwrap_or(VECTOR),
        _ => bytes.len() - rest.len() + find_in_words(rest),
    }
}

/// Searches any number of bytes.
#[inline(never)]
fn find_far(bytes: &[u8]) -> usize {
    #[cfg(feature = "memchr")]
    return memchr::memchr2(CR, LF, bytes).unwrap_or(bytes.len());
    #[cfg(not(feature = "memchr"))]
    find_without_memchr(bytes)
}

/// Returns whether no byte is as low as a CR or lower. Compilers turn this into vector code, which needs a quarter of the
/// instructions of an exact search.
#[inline(always)]
fn has_no_control<const N: usize>(block: &[u8; N]) -> bool {
    let mut lows = [u8::MAX; VECTOR];
    for vector in block.chunks_exact(VECTOR) {
        for (low, &byte) in lows.iter_mut().zip(vector) {
            *low = byte.min(*low);
        }
    }
    lows.iter().fold(0, |any, &low| any | u8::from(low <= CR)) == 0
}

/// Searches a block, vector by vector.
#[inline(always)]
fn find_in_block<const N: usize>(block: &[u8; N]) -> Option<usize> {
    let mut at = 0;
    while let Some(vector) = block.get(at..).and_then(<[u8]>::first_chunk) {
        if let Some(found) = find_in_vector(vector) {
            return Some(at + found);
        }
        at += VECTOR;
    }
    None
}

/// Searches one vector.
#[inline(always)]
fn find_in_vector(vector: &[u8; VECTOR]) -> Option<usize> {
    #[cfg(all(feature = "memchr", target_arch = "x86_64", target_feature = "sse2"))]
    if let Some(searcher) = memchr::arch::x86_64::sse2::memchr::Two::new(CR, LF) {
        return searcher.find(vector);
    }
    has_line_end(vector).then(|| find_in_words(vector))
}

/// Returns whether there is a CR or an LF. Without a way out in the middle, compilers turn this into vector code.
#[inline(always)]
fn has_line_end(vector: &[u8; VECTOR]) -> bool {
    vector.iter().fold(0, |any, &byte| any | u8::from(byte == CR) | u8::from(byte == LF)) != 0
}

#[inline(never)]
fn call_find_in_words(bytes: &[u8]) -> usize {
    find_in_words(bytes)
}

/// Searches up to 16 bytes as two words, which may overlap.
#[inline(always)]
fn find_in_words(bytes: &[u8]) -> usize {
    if let [byte] = bytes {
        return usize::from(!is_line_end(*byte));
    }
    let hits_in_front = hits(word(bytes));
    if hits_in_front != 0 {
        return first_hit(hits_in_front);
    }
    let Some(behind) = bytes.last_chunk() else { return bytes.len() };
    bytes.len() - WORD + first_hit(hits(u64::from_le_bytes(*behind)))
}

/// Returns a word whose lowest set bit is the top bit of the first byte that is a CR or an LF. The bits above it mean
/// nothing.
#[inline]
pub(crate) const fn hits(word: u64) -> u64 {
    zeros(word ^ (LOWS * CR as u64)) | zeros(word ^ (LOWS * LF as u64))
}

/// Returns whether there is a NUL in the bytes, eight of them at a time.
#[inline(always)]
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    if FOR_SIZE {
        return bytes.contains(&0);
    }
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<WORD>() {
        if zeros(u64::from_le_bytes(*word)) != 0 {
            return true;
        }
        rest = after;
    }
    // The zeros that fill the last word up are no bytes of the text.
    first_hit(zeros(word(rest))) < rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(bytes: &[u8]) -> Option<usize> {
        bytes.iter().position(|&byte| byte == b'\r' || byte == b'\n')
    }

    fn check(bytes: &[u8]) {
        let wanted = naive(bytes);
        assert_eq!(line_end(bytes), wanted.unwrap_or(bytes.len()), "{}", bytes.escape_ascii());
        assert_eq!(find_without_memchr(bytes), wanted.unwrap_or(bytes.len()), "{}", bytes.escape_ascii());
        assert_eq!(split_line_and_word(bytes).map(|(_, line, after)| (line, after)), split_line(bytes));
        assert_eq!(split_line(bytes).map(|(line, _)| line.len()), wanted);
    }

    /// Each byte value before, and each line end at, every position of every length around the words, vectors, blocks and
    /// the change of gear.
    #[test]
    fn finds_the_first_line_end_wherever_it_is() {
        const LENS: [usize; 27] = [
            0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 31, 32, 33, 63, 64, 65, 79, 127, 128, 129, 255, 256, 257, 287, 288, 289,
            320,
        ];
        for fill in 0..=255_u8 {
            for len in LENS {
                let mut bytes = [fill; 320];
                let bytes = bytes.get_mut(..len).unwrap();
                check(bytes);
                for at in 0..len {
                    for end in [b'\r', b'\n'] {
                        bytes[at] = end;
                        check(bytes);
                        bytes[at] = fill;
                    }
                }
            }
        }
    }

    /// Each byte value around a NUL at every position of every short length.
    #[test]
    fn finds_a_nul_wherever_it_is() {
        for fill in 1..=255_u8 {
            for len in 0..20 {
                let mut bytes = [fill; 20];
                let bytes = bytes.get_mut(..len).unwrap();
                assert!(!has_nul(bytes), "{len} bytes of {fill}");
                for at in 0..len {
                    bytes[at] = 0;
                    assert!(has_nul(bytes), "at {at} in {len} bytes of {fill}");
                    bytes[at] = fill;
                }
            }
        }
    }

    /// Every pair of neighbouring bytes: a borrow out of one byte must not reach a hit below it.
    #[test]
    fn is_not_misled_by_the_byte_before() {
        for first in 0..=255_u8 {
            for second in 0..=255_u8 {
                for at in 0..7 {
                    let mut bytes = [b'x'; 8];
                    bytes[at] = first;
                    bytes[at + 1] = second;
                    assert_eq!(line_end(&bytes), naive(&bytes).unwrap_or(bytes.len()));
                }
            }
        }
    }
}
