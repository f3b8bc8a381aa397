//! Where lines end.
//!
//! A line ends at a CR or an LF and at nothing else (section 1 of the rules). Both are ASCII, so they are looked for in raw
//! bytes: no byte of a longer UTF-8 sequence, well-formed or not, can be mistaken for one.
//!
//! Lines of an event stream are short and of a few lengths, and what costs most is to get going, and to be surprised. So the
//! search starts where the line starts, goes on in equal steps, and changes gear twice:
//!
//! | bytes | technique | why |
//! |---|---|---|
//! | up to 32 | [`in_vector`]: 16 at a time | short lines are done before anything else is worth while |
//! | up to [`NEAR`] | [`is_plain`]: 64 at a time, is there any control character? Then [`in_vector`] in these | text has next to none, and that is known at a quarter of the instructions |
//! | the rest | `memchr2` | the widest vectors there are, after a call that costs as much as 100 bytes |
//!
//! Nothing here is aligned, and that is the point: lines of one kind end in the same step, so the processor guesses right. Steps
//! from an aligned address cut each line elsewhere, and a wrong guess costs as much as 200 bytes.
//!
//! That it is right is easily seen: each step looks at the bytes that follow those of the step before, none is left out, and one
//! that says no has seen that there is no CR and no LF in its bytes. What [`is_plain`] says no to is looked at again.
//!
//! `in_vector` uses the vectors that every x86-64 has, by way of `memchr`. Without that feature, and on other processors, it asks
//! in plain code that compilers turn into vector code ([`is_in`]), and then looks by words of eight bytes ([`hits`]); the rest
//! goes by blocks of 64 to the end. On bare metal all goes byte by byte: see [`SMALL`]. What each alternative measured is in
//! `benches/README.md`.

use crate::word::{LOWS, WORD, first, word, zeros};

/// Whether code is chosen for its size and not for its speed: on bare metal, where flash is what is short. Then there is one
/// engine, the readable one, and it goes byte by byte. Nothing else differs, and all tests can be run that way anywhere, with
/// `RUSTFLAGS="--cfg sse_wire_small"`.
pub(crate) const SMALL: bool = cfg!(any(target_os = "none", sse_wire_small));

pub(crate) const LF: u8 = b'\n';
pub(crate) const CR: u8 = b'\r';

const VECTOR: usize = 16;
const STEP: usize = 64;
/// How far to go without `memchr2`: over the lines of nearly all events.
const NEAR: usize = 2 * VECTOR + 4 * STEP;
/// How far to ask whether there is any line end at all, with `memchr2` at hand.
const FAR: usize = 1024;
/// How much is copied with a line of several: over nearly all lines of a log.
pub(crate) const BLOCK: usize = 112;

/// Returns the index of the first CR or LF, or how many bytes there are.
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
#[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline(always))]
pub(crate) fn line_end(bytes: &[u8]) -> usize {
    if SMALL {
        return bytes.iter().position(|&byte| byte == CR || byte == LF).unwrap_or(bytes.len());
    }
    match bytes.split_first_chunk() {
        // One call for all that use it, for most of the code is there.
        Some((start, rest)) => in_vector(start).unwrap_or_else(|| VECTOR + call_beyond(rest)),
        None => in_part(bytes),
    }
}

/// Splits the first line off, without its end, if it has one.
#[inline(always)]
pub(crate) fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    split_line_beyond(0, bytes)
}

/// The same if so many bytes are known to be of the line.
#[inline(always)]
pub(crate) fn split_line_beyond(known: usize, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    split_at_end(bytes, known + line_end(bytes.get(known..)?))
}

/// The same with the first [`word`] of the bytes, and without a call, for the one place where that pays.
#[inline(always)]
pub(crate) fn split_line_and_word(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let (word, at) = match bytes.split_first_chunk::<VECTOR>() {
        _ if SMALL => (word(bytes), line_end(bytes)),
        Some((start, rest)) => (word(start), in_vector(start).unwrap_or_else(|| VECTOR + beyond(rest))),
        None => (word(bytes), call_few(bytes)),
    };
    split_at_end(bytes, at).map(|(line, after)| (word, line, after))
}

/// Splits the first line off, as the block with which it starts, and its length. If it does not end there, returns how many
/// bytes are known to be of the line. For lines that are copied as a block, which is quick.
#[inline(always)]
pub(crate) fn split_line_in_block(bytes: &[u8]) -> Result<(&[u8; BLOCK], usize, &[u8]), usize> {
    let Some(block) = bytes.first_chunk().filter(|_| !SMALL) else { return Err(0) };
    let at = in_vectors(block).ok_or(BLOCK)?;
    let (_, after) = split_at_end(bytes, at).ok_or(at)?;
    Ok((block, at, after))
}

/// Splits at a line end, and takes both bytes of it away if it is a CRLF.
#[inline(always)]
fn split_at_end(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(at)?;
    match rest {
        [CR, LF, after @ ..] | [_, after @ ..] => Some((line, after)),
        [] => None,
    }
}

/// Returns whether the bytes are one line, with no CR and no LF.
///
/// Where one is does not matter, so there is less to do. Long text is often many lines, and then the search is over soon.
#[inline(always)]
pub(crate) fn is_one_line(bytes: &[u8]) -> bool {
    let is_plain = match bytes.len() {
        _ if SMALL => false,
        // Large blocks, for few different numbers of steps: a wrong guess at that costs the most.
        16..32 => lowest::<16>(bytes) > CR,
        32..128 => lowest::<32>(bytes) > CR,
        128..FAR => lowest::<128>(bytes) > CR,
        _ => false,
    };
    is_plain || line_end(bytes) == bytes.len()
}

/// Returns the lowest of the bytes, which are at least `N`. On its own, so that it becomes the same vector code wherever it
/// is used.
#[inline(never)]
fn lowest<const N: usize>(bytes: &[u8]) -> u8 {
    let mut lows = [u8::MAX; N];
    let mut lower = |block: &[u8; N]| lows.iter_mut().zip(block).for_each(|(low, byte)| *low = *byte.min(low));
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk() {
        lower(block);
        rest = after;
    }
    // What is left is the end of the last block, which may overlap the one before.
    bytes.last_chunk().into_iter().for_each(lower);
    lows.into_iter().fold(u8::MAX, u8::min)
}

#[inline(never)]
fn call_beyond(bytes: &[u8]) -> usize {
    if bytes.len() < NEAR - VECTOR { in_few(bytes) } else { beyond(bytes) }
}

/// Searches on behind the first vector.
#[inline(always)]
fn beyond(bytes: &[u8]) -> usize {
    let Some(near) = bytes.first_chunk::<{ NEAR - VECTOR }>() else { return call_few(bytes) };
    if let Some(at) = near.first_chunk().and_then(in_vector) {
        return at;
    }
    let mut at = VECTOR;
    // The compiler knows how often this goes round, and writes it out: each step is a guess of its own.
    while let Some(block) = near.get(at..).and_then(<[u8]>::first_chunk) {
        if !is_plain::<STEP>(block) {
            break;
        }
        at += STEP;
    }
    if let Some(block) = near.get(at..).and_then(<[u8]>::first_chunk::<STEP>) {
        if let Some(found) = in_vectors(block) {
            return at + found;
        }
        at += STEP;
    }
    at + in_many(bytes.get(at..).unwrap_or_default())
}

#[inline(never)]
fn call_few(bytes: &[u8]) -> usize {
    in_few(bytes)
}

/// Searches fewer bytes than [`NEAR`]. If the last vector is cut short, the one that ends there is taken.
#[inline(always)]
fn in_few(bytes: &[u8]) -> usize {
    let mut rest = skip_plain(bytes);
    // Less than a block is plain if its two halves are, which may overlap.
    if let (Some(front), Some(back), ..STEP) = (rest.first_chunk(), rest.last_chunk(), rest.len()) {
        if is_plain::<{ STEP / 2 }>(front) && is_plain::<{ STEP / 2 }>(back) {
            return bytes.len();
        }
    }
    while let Some((vector, after)) = rest.split_first_chunk() {
        if let Some(at) = in_vector(vector) {
            return bytes.len() - rest.len() + at;
        }
        rest = after;
    }
    match bytes.last_chunk() {
        Some(vector) if !rest.is_empty() => bytes.len() - VECTOR + in_vector(vector).unwrap_or(VECTOR),
        _ => bytes.len() - rest.len() + in_part(rest),
    }
}

/// Searches as far as it takes.
#[inline(never)]
fn in_many(bytes: &[u8]) -> usize {
    #[cfg(feature = "memchr")]
    return memchr::memchr2(CR, LF, bytes).unwrap_or(bytes.len());
    #[cfg(not(feature = "memchr"))]
    by_blocks(bytes)
}

/// Searches block by block as far as it takes.
#[cfg(any(not(feature = "memchr"), test))]
fn by_blocks(bytes: &[u8]) -> usize {
    let mut rest = skip_plain(bytes);
    while let Some((block, after)) = rest.split_first_chunk::<STEP>() {
        if let Some(at) = in_vectors(block) {
            return bytes.len() - rest.len() + at;
        }
        rest = skip_plain(after);
    }
    bytes.len() - rest.len() + in_few(rest)
}

/// Passes over plain blocks.
#[inline(always)]
fn skip_plain(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk() {
        if !is_plain::<STEP>(block) {
            break;
        }
        rest = after;
    }
    rest
}

/// Returns whether there is no byte up to CR.
#[inline(always)]
fn is_plain<const N: usize>(block: &[u8; N]) -> bool {
    let mut lows = [u8::MAX; VECTOR];
    for vector in block.chunks_exact(VECTOR) {
        for (low, &byte) in lows.iter_mut().zip(vector) {
            *low = byte.min(*low);
        }
    }
    lows.iter().fold(0, |any, &low| any | u8::from(low <= CR)) == 0
}

/// Searches the vectors of a block.
#[inline(always)]
fn in_vectors<const N: usize>(block: &[u8; N]) -> Option<usize> {
    let mut at = 0;
    while let Some(vector) = block.get(at..).and_then(<[u8]>::first_chunk) {
        if let Some(found) = in_vector(vector) {
            return Some(at + found);
        }
        at += VECTOR;
    }
    None
}

/// Searches one vector.
#[inline(always)]
fn in_vector(vector: &[u8; VECTOR]) -> Option<usize> {
    #[cfg(all(feature = "memchr", target_arch = "x86_64", target_feature = "sse2"))]
    return memchr::arch::x86_64::sse2::memchr::Two::new(CR, LF)?.find(vector);
    #[cfg(not(all(feature = "memchr", target_arch = "x86_64", target_feature = "sse2")))]
    is_in(vector).then(|| in_part(vector))
}

/// Returns whether there is a CR or an LF. With no way out in the middle, and bytes for truths, this becomes vector code.
#[cfg(any(not(feature = "memchr"), not(target_arch = "x86_64"), not(target_feature = "sse2")))]
#[inline(always)]
fn is_in(vector: &[u8; VECTOR]) -> bool {
    vector.iter().fold(0, |any, &byte| any | u8::from(byte == CR) | u8::from(byte == LF)) != 0
}

/// Searches up to two words, which may overlap.
#[inline(always)]
fn in_part(bytes: &[u8]) -> usize {
    if let [byte] = bytes {
        return usize::from(!matches!(*byte, CR | LF));
    }
    let hits_in_front = hits(word(bytes));
    if hits_in_front != 0 {
        return first(hits_in_front);
    }
    let Some(behind) = bytes.last_chunk() else { return bytes.len() };
    bytes.len() - WORD + first(hits(u64::from_le_bytes(*behind)))
}

/// Sets the top bit of the first byte in `word` that is a CR or an LF; bits above that one mean nothing.
#[inline]
pub(crate) const fn hits(word: u64) -> u64 {
    zeros(word ^ (LOWS * CR as u64)) | zeros(word ^ (LOWS * LF as u64))
}

/// Returns whether there is a NUL in the bytes. They are few, so there is no call for help.
#[inline(always)]
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let (false, Some((word, after))) = (SMALL, rest.split_first_chunk::<WORD>()) {
        if zeros(u64::from_le_bytes(*word)) != 0 {
            return true;
        }
        rest = after;
    }
    rest.contains(&0)
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
        assert_eq!(by_blocks(bytes), wanted.unwrap_or(bytes.len()), "{}", bytes.escape_ascii());
        assert_eq!(is_one_line(bytes), wanted.is_none(), "{}", bytes.escape_ascii());
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

    /// The same for the longer lengths at which one line is looked for in another way.
    #[test]
    fn knows_long_lines() {
        for len in [1022, 1023, 1024, 1025, 4096] {
            let mut bytes = [b'x'; 4096];
            let bytes = bytes.get_mut(..len).unwrap();
            check(bytes);
            for at in 0..len {
                bytes[at] = b'\n';
                check(bytes);
                bytes[at] = b'x';
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
