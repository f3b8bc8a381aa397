//! Where lines end.
//!
//! A line ends at a CR or an LF and at nothing else (section 1 of the rules). Both are ASCII, so they are looked for in raw
//! bytes: no byte of a longer UTF-8 sequence, well-formed or not, can be mistaken for one.
//!
//! Lines of an event stream are short and of a few lengths, and what costs most is to get going, and to be surprised. So the
//! search starts where the line starts, goes on in equal steps, and changes gear once:
//!
//! | bytes | technique | why |
//! |---|---|---|
//! | up to [`NEAR`] | 16 at a time, with the vectors that every x86-64 has | lines of one kind end in the same step, so the processor guesses right |
//! | the rest | `memchr2` | the widest vectors there are, after a call that costs as much as 100 bytes |
//!
//! Nothing here is aligned, and that is the point: steps from an aligned address cut each line elsewhere, and a wrong guess
//! costs as much as 200 bytes.
//!
//! Without the feature `memchr`, or on other processors, a step asks whether there is a line end at all, in plain code that
//! compilers turn into vector code (`is_in`), and then where, by words of eight bytes ([`hits`]). The rest goes by blocks, and
//! so does the question whether there is any line end ([`is_one_line`]): text has next to no control characters, and the lowest
//! of its bytes shows that, at one instruction for each vector. On bare metal all goes byte by byte: see [`SMALL`]. What each
//! alternative measured is in `benches/README.md`.

/// Whether code is chosen for its size and not for its speed: on bare metal, where flash is what is short. Then there is one
/// engine, the readable one, and it goes byte by byte. Nothing else differs, and all tests can be run that way anywhere, with
/// `RUSTFLAGS="--cfg sse_wire_small"`.
pub(crate) const SMALL: bool = cfg!(any(target_os = "none", sse_wire_small));

pub(crate) const LF: u8 = b'\n';
pub(crate) const CR: u8 = b'\r';

/// How far to go vector by vector: over the lines of nearly all events.
const NEAR: usize = 288;

const WORD: usize = 8;
const VECTOR: usize = 16;
/// As far as there is more to gain from not asking where than from `memchr2`.
const FAR: usize = 1024;

/// Returns the index of the first CR or LF.
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
#[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline(always))]
pub(crate) fn line_end(bytes: &[u8]) -> Option<usize> {
    if SMALL {
        return bytes.iter().position(|&byte| byte == CR || byte == LF);
    }
    match bytes.split_first_chunk() {
        // One call for all that use it, for most of the code is there.
        Some((start, rest)) => in_vector(start).or_else(|| call_beyond(rest).map(|at| VECTOR + at)),
        None => in_part(bytes),
    }
}

/// Splits the first line off, without its end, if it has one.
#[inline(always)]
pub(crate) fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    split_after(bytes, line_end(bytes)?)
}

/// The same without a call, for the one place where that pays.
#[inline(always)]
pub(crate) fn split_line_inline(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = match bytes.split_first_chunk() {
        _ if SMALL => line_end(bytes),
        Some((start, rest)) => in_vector(start).or_else(|| beyond(rest).map(|at| VECTOR + at)),
        None => call_few(bytes),
    };
    split_after(bytes, at?)
}

/// Splits at a line end, and takes both bytes of it away if it is a CRLF.
#[inline(always)]
fn split_after(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
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
    is_plain || line_end(bytes).is_none()
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
fn call_beyond(bytes: &[u8]) -> Option<usize> {
    if bytes.len() < NEAR - VECTOR { in_few(bytes) } else { beyond(bytes) }
}

/// Searches on behind the first vector.
#[inline(always)]
fn beyond(bytes: &[u8]) -> Option<usize> {
    let Some((near, far)) = bytes.split_first_chunk::<{ NEAR - VECTOR }>() else { return call_few(bytes) };
    let mut at = 0;
    // The compiler knows how often this goes round, and writes it out: each step is a guess of its own.
    while let Some(vector) = near.get(at..).and_then(<[u8]>::first_chunk) {
        if let Some(found) = in_vector(vector) {
            return Some(at + found);
        }
        at += VECTOR;
    }
    in_many(far).map(|at| near.len() + at)
}

#[inline(never)]
fn call_few(bytes: &[u8]) -> Option<usize> {
    in_few(bytes)
}

/// Searches fewer bytes than [`NEAR`]. If the last vector is cut short, the one that ends there is taken.
#[inline(always)]
fn in_few(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((vector, after)) = rest.split_first_chunk() {
        if let Some(at) = in_vector(vector) {
            return Some(bytes.len() - rest.len() + at);
        }
        rest = after;
    }
    match bytes.last_chunk() {
        Some(vector) if !rest.is_empty() => in_vector(vector).map(|at| bytes.len() - VECTOR + at),
        _ => in_part(rest).map(|at| bytes.len() - rest.len() + at),
    }
}

/// Searches fewer bytes than a vector has, as two words that may overlap.
#[inline(always)]
fn in_part(bytes: &[u8]) -> Option<usize> {
    let hits_in_front = hits(word(bytes));
    if hits_in_front != 0 {
        return Some(first(hits_in_front));
    }
    let hits_behind = hits(u64::from_le_bytes(*bytes.last_chunk()?));
    (hits_behind != 0).then(|| bytes.len() - WORD + first(hits_behind))
}

/// Searches as far as it takes.
#[cfg(feature = "memchr")]
#[inline(always)]
fn in_many(bytes: &[u8]) -> Option<usize> {
    memchr::memchr2(CR, LF, bytes)
}

#[cfg(not(feature = "memchr"))]
#[inline(always)]
fn in_many(bytes: &[u8]) -> Option<usize> {
    by_blocks(bytes)
}

/// Searches one vector.
#[inline(always)]
fn in_vector(vector: &[u8; VECTOR]) -> Option<usize> {
    #[cfg(all(feature = "memchr", target_arch = "x86_64", target_feature = "sse2"))]
    return memchr::arch::x86_64::sse2::memchr::Two::new(CR, LF)?.find(vector);
    #[cfg(not(all(feature = "memchr", target_arch = "x86_64", target_feature = "sse2")))]
    if is_in(vector) { by_words(vector) } else { None }
}

/// Returns whether there is a CR or an LF. With no way out in the middle, and bytes for truths, this becomes vector code.
#[cfg(any(not(feature = "memchr"), not(target_arch = "x86_64"), not(target_feature = "sse2"), test))]
#[inline(always)]
fn is_in<const N: usize>(bytes: &[u8; N]) -> bool {
    bytes.iter().fold(0, |any, &byte| any | u8::from(byte == CR) | u8::from(byte == LF)) != 0
}

/// Passes over blocks without a line end as a whole, most of them because they have no control character at all.
#[cfg(any(not(feature = "memchr"), test))]
#[inline(never)]
fn by_blocks(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<256>() {
        if block.iter().copied().fold(u8::MAX, u8::min) <= CR && is_in(block) {
            break;
        }
        rest = after;
    }
    in_few(rest).map(|at| bytes.len() - rest.len() + at)
}

/// Searches eight bytes at a time.
#[cfg(any(not(feature = "memchr"), not(target_arch = "x86_64"), not(target_feature = "sse2")))]
#[inline(always)]
fn by_words(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<WORD>() {
        let hits = hits(u64::from_le_bytes(*word));
        if hits != 0 {
            return Some(bytes.len() - rest.len() + first(hits));
        }
        rest = after;
    }
    let at = rest.iter().position(|&byte| byte == CR || byte == LF)?;
    Some(bytes.len() - rest.len() + at)
}

/// The first eight bytes as one number, the first byte lowest, and zeros for those that are not there.
#[inline(always)]
pub(crate) fn word(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(word), ..) => u64::from_le_bytes(*word),
        // Two halves that may overlap.
        (None, Some(low), Some(high)) => {
            u64::from(u32::from_le_bytes(*low)) | u64::from(u32::from_le_bytes(*high)) << (8 * (bytes.len() & 3))
        }
        _ => bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
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

/// The index of the byte whose top bit is the lowest one set.
#[inline(always)]
const fn first(hits: u64) -> usize {
    (hits.trailing_zeros() >> 3) as usize
}

/// Sets the top bit of the first byte in `word` that is a CR or an LF; bits above that one mean nothing.
#[inline]
pub(crate) const fn hits(word: u64) -> u64 {
    zeros(word ^ (LOWS * CR as u64)) | zeros(word ^ (LOWS * LF as u64))
}

/// Sets the top bit of the first byte in `word` that is zero; bits above that one mean nothing.
///
/// `word - LOWS` borrows through the top of a byte exactly when the byte is zero, up to the first zero byte: below it nothing
/// borrows. `!word` takes out the bytes whose top bit was set already.
#[inline]
pub(crate) const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(LOWS) & !word & TOPS
}

const LOWS: u64 = u64::from_ne_bytes([0x01; 8]);
const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(bytes: &[u8]) -> Option<usize> {
        bytes.iter().position(|&byte| byte == b'\r' || byte == b'\n')
    }

    fn check(bytes: &[u8]) {
        let wanted = naive(bytes);
        assert_eq!(line_end(bytes), wanted, "{}", bytes.escape_ascii());
        assert_eq!(by_blocks(bytes), wanted, "{}", bytes.escape_ascii());
        assert_eq!(is_one_line(bytes), wanted.is_none(), "{}", bytes.escape_ascii());
        assert_eq!(split_line_inline(bytes), split_line(bytes));
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
                    assert_eq!(line_end(&bytes), naive(&bytes));
                }
            }
        }
    }
}
