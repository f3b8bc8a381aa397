//! Reading, writing and moving parts of a buffer, with no way to panic.
//!
//! What the arena asks for always lies within the buffer; a debug build says so out loud.

/// Returns `len` bytes from `start` on. The account keeps every window within the bytes, unless nothing is in it.
#[inline]
pub(super) fn window(bytes: &[u8], start: usize, len: usize) -> &[u8] {
    if len == 0 {
        return &[];
    }
    let window = bytes.get(start..).and_then(|from| from.get(..len));
    debug_assert!(window.is_some(), "{len} bytes at {start} of {}", bytes.len());
    window.unwrap_or_default()
}

/// Copies `piece` into the bytes from `start` on.
#[inline]
pub(super) fn write(bytes: &mut [u8], start: usize, piece: &[u8]) {
    let window = bytes.get_mut(start..).and_then(|from| from.get_mut(..piece.len()));
    debug_assert!(window.is_some(), "{} bytes at {start}", piece.len());
    if let Some(window) = window {
        window.copy_from_slice(piece);
    }
}

/// Moves `len` bytes within the bytes; the two places may overlap.
#[inline]
pub(super) fn slide(bytes: &mut [u8], from: usize, to: usize, len: usize) {
    let fits = |start: usize| start <= bytes.len() && len <= bytes.len() - start;
    debug_assert!(fits(from) && fits(to), "{len} bytes from {from} to {to} of {}", bytes.len());
    if from != to && fits(from) && fits(to) {
        bytes.copy_within(from..from + len, to);
    }
}
