//! Whether a text is one line: a question that is quicker to answer than where its first line ends.

use crate::scan::{self, CR, FOR_SIZE};

/// Returns whether the text has no CR and no LF.
///
/// This is right because a text whose lowest byte is above CR has neither, and any other text is searched. Nearly all texts
/// have no control characters, and to find the lowest byte takes one instruction for each vector, the fewest possible. That
/// saves 9 to 20 % of `encode`'s instructions for a line of 16 bytes or more.
#[inline(always)]
pub(super) fn is_one_line(text: &[u8]) -> bool {
    if FOR_SIZE || text.len() < 16 {
        return scan::line_end(text) == text.len();
    }
    let is_plain = match text.len() {
        // Large blocks make for few different numbers of blocks, so that the processor mostly guesses right when they end.
        ..32 => lowest::<16>(text) > CR,
        32..128 => lowest::<32>(text) > CR,
        128..FAR => lowest::<128>(text) > CR,
        _ => false,
    };
    is_plain || scan::line_end(text) == text.len()
}

/// The length from which the text is searched at once: long text often has many lines, and then the search ends soon.
const FAR: usize = 1024;

/// Returns the lowest of the bytes. There must be at least `N`.
///
/// This is right because the last block ends where the bytes end, so that the blocks cover all bytes; it may overlap the
/// block before. It is not inlined, so that it is the same vector code wherever it is called.
#[inline(never)]
fn lowest<const N: usize>(bytes: &[u8]) -> u8 {
    let mut lows = [u8::MAX; N];
    let mut lower = |block: &[u8; N]| lows.iter_mut().zip(block).for_each(|(low, byte)| *low = *byte.min(low));
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk() {
        lower(block);
        rest = after;
    }
    bytes.last_chunk().into_iter().for_each(lower);
    lows.into_iter().fold(u8::MAX, u8::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8]) {
        let has_line_end = text.iter().any(|&byte| byte == b'\r' || byte == b'\n');
        assert_eq!(is_one_line(text), !has_line_end, "{}", text.escape_ascii());
    }

    /// Fills lengths around each size of block with each byte value, and puts each line end at each place.
    #[test]
    fn sees_a_line_end_wherever_it_is() {
        for fill in 0..=255_u8 {
            for len in [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257] {
                let mut text = [fill; 257];
                let text = text.get_mut(..len).unwrap();
                check(text);
                for at in 0..len {
                    for end in [b'\r', b'\n'] {
                        text[at] = end;
                        check(text);
                        text[at] = fill;
                    }
                }
            }
        }
    }

    #[test]
    fn sees_a_line_end_in_long_text() {
        for len in [1022, 1023, 1024, 1025, 4096] {
            let mut text = [b'x'; 4096];
            let text = text.get_mut(..len).unwrap();
            check(text);
            for at in 0..len {
                text[at] = b'\n';
                check(text);
                text[at] = b'x';
            }
        }
    }
}
