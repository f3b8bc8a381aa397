//! Eight bytes at a time, as one number.

/// How many bytes a word has.
pub(crate) const WORD: usize = 8;

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

/// The index of the byte whose top bit is the lowest one set, or 8.
#[inline(always)]
pub(crate) const fn first(hits: u64) -> usize {
    (hits.trailing_zeros() >> 3) as usize
}

/// Sets the top bit of the first byte in `word` that is zero; bits above that one mean nothing.
///
/// `word - LOWS` borrows through the top of a byte exactly when the byte is zero, up to the first zero byte: below it nothing
/// borrows. `!word` takes out the bytes whose top bit was set already.
#[inline]
pub(crate) const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(LOWS) & !word & TOPS
}

pub(crate) const LOWS: u64 = u64::from_ne_bytes([0x01; 8]);
const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
