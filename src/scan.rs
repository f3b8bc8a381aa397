//! Where lines end.
//!
//! A line ends at a CR or an LF and at nothing else (section 1 of the rules). Both are ASCII, so they are looked for in raw
//! bytes: no byte of a longer UTF-8 sequence, well-formed or not, can be mistaken for one.
//!
//! Lines of an event stream are short, and a call of `memchr2` costs more than reading a short line. So the first
//! [`NEAR`] bytes are searched eight at a time as one `u64`, in plain code; only a line that goes on beyond them is handed
//! to `memchr2`, or, without the feature `memchr`, to the same plain code.

pub(crate) const LF: u8 = b'\n';
pub(crate) const CR: u8 = b'\r';

/// How far the plain search goes before it calls for help.
#[cfg(feature = "memchr")]
const NEAR: usize = 64;

/// Returns the index of the first CR or LF.
#[inline]
pub(crate) fn line_end(bytes: &[u8]) -> Option<usize> {
    #[cfg(feature = "memchr")]
    if let Some((near, far)) = bytes.split_at_checked(NEAR) {
        return by_words(near).or_else(|| memchr::memchr2(CR, LF, far).map(|at| NEAR + at));
    }
    by_words(bytes)
}

/// Searches eight bytes at a time.
#[inline]
fn by_words(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let hits = hits(u64::from_le_bytes(*word));
        if hits != 0 {
            return Some(bytes.len() - rest.len() + (hits.trailing_zeros() >> 3) as usize);
        }
        rest = after;
    }
    let at = rest.iter().position(|&byte| byte == CR || byte == LF)?;
    Some(bytes.len() - rest.len() + at)
}

/// Sets the top bit of the first byte in `word` that is a CR or an LF; bits above that one mean nothing.
///
/// `x - LOWS` borrows through the top of a byte exactly when the byte is zero, up to the first zero byte: below it nothing
/// borrows. `!x` takes out the bytes whose top bit was set already.
#[inline]
fn hits(word: u64) -> u64 {
    const LOWS: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    let zeros = |x: u64| x.wrapping_sub(LOWS) & !x & TOPS;
    zeros(word ^ (LOWS * CR as u64)) | zeros(word ^ (LOWS * LF as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(bytes: &[u8]) -> Option<usize> {
        bytes.iter().position(|&byte| byte == b'\r' || byte == b'\n')
    }

    /// Each byte value before, and each line end at, every position of every length around the word and the hand-over.
    #[test]
    fn finds_the_first_line_end_wherever_it_is() {
        for fill in 0..=255_u8 {
            for len in [0, 1, 7, 8, 9, 15, 16, 63, 64, 65, 72, 73, 130] {
                let mut bytes = [fill; 130];
                let bytes = bytes.get_mut(..len).unwrap();
                assert_eq!(line_end(bytes), naive(bytes), "{len} bytes of {fill}");
                for at in 0..len {
                    for end in [b'\r', b'\n'] {
                        bytes[at] = end;
                        assert_eq!(line_end(bytes), naive(bytes), "{end} at {at} in {len} bytes of {fill}");
                        assert_eq!(by_words(bytes), naive(bytes));
                        bytes[at] = fill;
                    }
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
