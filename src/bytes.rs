//! Reading, writing and moving parts of a buffer, with no way to panic.
//!
//! Callers ask only for what lies within the bytes. A debug build checks that.

use crate::scan::{FOR_SIZE, SLAB};
use core::cell::Cell;

/// Returns `len` bytes from `start` on. An empty window may start anywhere.
#[inline]
pub(crate) fn window(bytes: &[u8], start: usize, len: usize) -> &[u8] {
    if len == 0 {
        return &[];
    }
    let window = bytes.get(start..).and_then(|from| from.get(..len));
    debug_assert!(window.is_some(), "{len} bytes at {start} of {}", bytes.len());
    window.unwrap_or_default()
}

/// The most bytes that are copied in one call.
///
/// C libraries copy more than that with one instruction (`rep movsb`). AMD processors take three times as long for it if the
/// two places have nearly equal addresses within a page, as large buffers often have.
const PIECE: usize = 2048;

/// Copies bytes to a place of the same length.
#[inline(always)]
pub(crate) fn copy(from: &[u8], to: &mut [u8]) {
    debug_assert_eq!(from.len(), to.len());
    if let ([from], [to], false) = (from, &mut *to, FOR_SIZE) {
        // One byte needs no call.
        *to = *from;
    } else if FOR_SIZE {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    } else if from.len() <= PIECE {
        copy_piece(from, to);
    } else {
        copy_pieces(from, to);
    }
}

/// Copies bytes to a place of the same length. The comparison lets the compiler drop `copy_from_slice`'s panic.
#[inline(always)]
fn copy_piece(from: &[u8], to: &mut [u8]) {
    if from.len() == to.len() {
        to.copy_from_slice(from);
    }
}

/// Copies many bytes. A function of its own, so that its loop costs short copies nothing.
#[cold]
#[inline(never)]
fn copy_pieces(from: &[u8], to: &mut [u8]) {
    for (from, to) in from.chunks(PIECE).zip(to.chunks_mut(PIECE)) {
        copy_piece(from, to);
    }
}

/// Copies bytes that are few most of the time: up to 32 without a call.
#[inline(always)]
pub(crate) fn copy_short(from: &[u8], to: &mut [u8]) {
    match from.len() {
        1 if !FOR_SIZE => copy_ends::<1>(from, to),
        2..4 if !FOR_SIZE => copy_ends::<2>(from, to),
        4..8 if !FOR_SIZE => copy_ends::<4>(from, to),
        8..16 if !FOR_SIZE => copy_ends::<8>(from, to),
        16..=32 if !FOR_SIZE => copy_ends::<16>(from, to),
        _ => copy(from, to),
    }
}

/// Copies `N` bytes at both ends, which is all if there are `N` to `2 * N`.
#[inline(always)]
fn copy_ends<const N: usize>(from: &[u8], to: &mut [u8]) {
    if let (Some(from), Some(to)) = (from.first_chunk::<N>(), to.first_chunk_mut()) {
        *to = *from;
    }
    if let (Some(from), Some(to)) = (from.last_chunk::<N>(), to.last_chunk_mut()) {
        *to = *from;
    }
}

/// Copies a slab to the front of the bytes, if there is room, and returns what is behind its first `len` bytes. Only those
/// are wanted, and the caller writes over the rest. To copy a constant number of bytes is faster.
#[inline(always)]
pub(crate) fn write_slab<'o>(slab: &[u8; SLAB], len: usize, bytes: &'o mut [u8]) -> Option<&'o mut [u8]> {
    *bytes.first_chunk_mut()? = *slab;
    bytes.get_mut(len..)
}

/// Copies a piece into the bytes from `start` on.
#[inline]
pub(crate) fn write_at(bytes: &mut [u8], start: usize, piece: &[u8]) {
    let window = bytes.get_mut(start..).and_then(|from| from.get_mut(..piece.len()));
    debug_assert!(window.is_some(), "{} bytes at {start}", piece.len());
    if let Some(window) = window {
        copy(piece, window);
    }
}

/// Moves `len` bytes within the bytes; the two places may overlap.
///
/// `copy_within` would do, but it is compiled with a panic that only whole-program knowledge could rule out.
pub(crate) fn copy_within(bytes: &mut [u8], from: usize, to: usize, len: usize) {
    if from == to || len == 0 {
        return;
    }
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
