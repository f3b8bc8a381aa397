//! Eight bytes at a time, as one number.

/// The number of bytes in a word.
pub(crate) const WORD: usize = 8;

/// Returns the first eight bytes as one number: the first byte is the lowest, and missing bytes are zeros.
#[inline(always)]
pub(crate) fn word(bytes: &[u8]) -> u64 {
    if let Some(word) = bytes.first_chunk() {
        return u64::from_le_bytes(*word);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // Two halves that may overlap.
        (Some(low), Some(high)) => {
            u64::from(u32::from_le_bytes(*low)) | u64::from(u32::from_le_bytes(*high)) << (8 * (bytes.len() & 3))
        }
        _ => bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// Returns the index of the byte whose top bit is the lowest one set, or 8 if none is set.
#[inline(always)]
pub(crate) const fn first_hit(hits: u64) -> usize {
    (hits.trailing_zeros() >> 3) as usize
}

/// Returns a word whose lowest set bit is the top bit of the first byte that is zero. The bits above it mean nothing.
///
/// Up to the first zero byte, `word - LOWS` borrows through the top of a byte exactly if the byte is zero. `!word` takes out
/// the bytes whose top bit was set already.
#[inline]
pub(crate) const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(LOWS) & !word & TOPS
}

pub(crate) const LOWS: u64 = u64::from_ne_bytes([0x01; 8]);
const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
