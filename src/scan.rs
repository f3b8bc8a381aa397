//! Where lines end.
//!
//! A line ends at a CR or an LF and at nothing else (section 1 of the rules). Both are ASCII, so they are looked for in raw
//! bytes: no byte of a longer UTF-8 sequence, well-formed or not, can be mistaken for one.
//!
//! Lines of an event stream are short, and what costs most is to get going. So the search changes gear twice:
//!
//! | bytes | technique | why |
//! |---|---|---|
//! | the first 8 | one `u64`, in plain code | half of all values end here, and nothing starts quicker |
//! | up to [`NEAR`] more | 16 at a time, with the vectors that every x86-64 has | no call and no choice of code at run time |
//! | the rest | `memchr2` | the widest vectors there are, after a call that costs as much as 100 bytes |
//!
//! Without the feature `memchr` all but the first word is searched by [`by_words`], in blocks that compilers turn into vector
//! code. On bare metal it goes byte by byte: see [`SMALL`]. What each alternative measured is in `benches/README.md`.

/// Whether code is chosen for its size and not for its speed: on bare metal, where flash is what is short. Then there is one
/// engine, the readable one, and it goes byte by byte. Nothing else differs, and all tests can be run that way anywhere, with
/// `RUSTFLAGS="--cfg sse_wire_small"`.
pub(crate) const SMALL: bool = cfg!(any(target_os = "none", sse_wire_small));

pub(crate) const LF: u8 = b'\n';
pub(crate) const CR: u8 = b'\r';

/// Returns the index of the first CR or LF.
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
#[cfg_attr(not(any(target_os = "none", sse_wire_small)), inline(always))]
pub(crate) fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes.split_first_chunk::<WORD>() {
        Some((word, rest)) if !SMALL => match hits(u64::from_le_bytes(*word)) {
            0 => after_a_word(rest).map(|at| WORD + at),
            hits => Some(first(hits)),
        },
        _ => bytes.iter().position(|&byte| byte == CR || byte == LF),
    }
}

/// Splits the first line off, without its end, if it has one.
#[inline(always)]
pub(crate) fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(line_end(bytes)?)?;
    match rest {
        [CR, LF, after @ ..] | [_, after @ ..] => Some((line, after)),
        [] => None,
    }
}

/// How far to search with short vectors first: a longer start is lost on long lines, a shorter one on lines of 100 bytes.
#[cfg(feature = "memchr")]
const NEAR: usize = 64;

/// What there must be behind that for a call of `memchr2` to pay.
#[cfg(feature = "memchr")]
const FAR: usize = 160;

#[cfg(feature = "memchr")]
#[inline(always)]
fn after_a_word(bytes: &[u8]) -> Option<usize> {
    match bytes.split_at_checked(NEAR) {
        Some((near, far)) if far.len() >= FAR => {
            by_vectors(near).or_else(|| memchr::memchr2(CR, LF, far).map(|at| NEAR + at))
        }
        _ => by_vectors(bytes),
    }
}

#[cfg(not(feature = "memchr"))]
#[inline(always)]
fn after_a_word(bytes: &[u8]) -> Option<usize> {
    by_words(bytes)
}

/// Searches 16 bytes at a time.
#[cfg(feature = "memchr")]
#[inline(always)]
fn by_vectors(bytes: &[u8]) -> Option<usize> {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    if let (16.., Some(vectors)) = (bytes.len(), memchr::arch::x86_64::sse2::memchr::Two::new(CR, LF)) {
        return vectors.find(bytes);
    }
    by_words(bytes)
}

/// Passes over blocks without a line end as a whole, then searches eight bytes at a time.
#[inline]
fn by_words(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<BLOCK>() {
        // Without a way out in the middle this becomes vector code.
        if block.iter().fold(false, |any, &byte| any | (byte == CR) | (byte == LF)) {
            break;
        }
        rest = after;
    }
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

const WORD: usize = 8;
const BLOCK: usize = 32;

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

    /// Each byte value before, and each line end at, every position of every length around the words, blocks and hand-overs.
    #[test]
    fn finds_the_first_line_end_wherever_it_is() {
        for fill in 0..=255_u8 {
            for len in [0, 1, 7, 8, 9, 15, 16, 23, 24, 31, 32, 33, 40, 63, 64, 65, 72, 73, 136, 231, 232, 233, 260] {
                let mut bytes = [fill; 260];
                let bytes = bytes.get_mut(..len).unwrap();
                assert_eq!(line_end(bytes), naive(bytes), "{len} bytes of {fill}");
                for at in 0..len {
                    for end in [b'\r', b'\n'] {
                        bytes[at] = end;
                        assert_eq!(line_end(bytes), naive(bytes), "{end} at {at} in {len} bytes of {fill}");
                        assert_eq!(by_words(bytes), naive(bytes), "{end} at {at} in {len} bytes of {fill}");
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
                    assert_eq!(line_end(&bytes), naive(&bytes));
                }
            }
        }
    }
}
