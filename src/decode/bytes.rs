//! Reading, writing and moving parts of a buffer, with no way to panic.
//!
//! What the arena asks for always lies within the buffer; a debug build says so out loud.

use core::cell::Cell;

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
///
/// `copy_within` would do, but it is compiled with a panic that only whole-program knowledge could rule out.
pub(super) fn slide(bytes: &mut [u8], from: usize, to: usize, len: usize) {
    let cells = Cell::from_mut(bytes).as_slice_of_cells();
    let window = |start: usize| cells.get(start..).and_then(|from| from.get(..len));
    let (Some(source), Some(place)) = (window(from), window(to)) else {
        return debug_assert!(false, "{len} bytes from {from} to {to} of {}", cells.len());
    };
    let pairs = source.iter().zip(place);
    if to < from {
        pairs.for_each(|(byte, place)| place.set(byte.get()));
    } else {
        pairs.rev().for_each(|(byte, place)| place.set(byte.get()));
    }
}
