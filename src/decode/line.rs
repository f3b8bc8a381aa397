//! Whole lines: the fast engine without a state, for those who read many lines of one chunk.
//!
//! A line end within the chunk is taken whole: both bytes, if it is a CRLF.

use super::field::{DATA, DATA_SPACE, Field, bare_name, name_in};
use crate::scan::{self, BLOCK, CR, LF};
use crate::word::word;

/// A line that lies in the chunk with its end.
pub(super) struct Line<'c> {
    /// The field that it sets, if it is a known one.
    pub(super) field: Option<Field>,
    /// The length of its name with the colon.
    name: usize,
    bytes: &'c [u8],
    /// What follows behind the line and its end.
    pub(super) after: &'c [u8],
}

impl<'c> Line<'c> {
    /// Splits the line at the front of `input` off, if its end is there.
    #[inline(always)]
    pub(super) fn split(input: &'c [u8]) -> Option<Self> {
        let (word, bytes, after) = scan::split_line_and_word(input)?;
        let (field, name) = match name_in(word) {
            Some((field, name)) => (Some(field), name),
            None => (bare_name(bytes), bytes.len()),
        };
        Some(Self { field, name, bytes, after })
    }

    #[inline(always)]
    pub(super) fn value(&self) -> &'c [u8] {
        self.bytes.get(self.name..).map_or(&[], without_space)
    }
}

/// Splits the name with its colon off a line that starts with a known one, if there is a word of it to compare.
#[inline(always)]
pub(super) fn known_name(line: &[u8]) -> Option<(Field, &[u8])> {
    let (field, len) = name_in(u64::from_le_bytes(*line.first_chunk()?))?;
    Some((field, line.get(len..)?))
}

/// Takes the one space off that may follow a colon (5).
#[inline(always)]
pub(super) const fn without_space(value: &[u8]) -> &[u8] {
    match value {
        [b' ', rest @ ..] | rest => rest,
    }
}

/// Returns the byte that ends the blank line at the front of `input`, if there is one, and what follows. That can be the LF
/// that belongs to a CR.
#[inline(always)]
pub(super) fn blank_line(input: &[u8]) -> Option<(u8, &[u8])> {
    match input {
        [end, after @ ..] if scan::is_line_end(*end) => Some((*end, after)),
        _ => None,
    }
}

/// Returns what follows a blank line that `end` has ended, without the LF that belongs to a CR.
#[inline(always)]
pub(super) const fn after_blank_line(end: u8, after: &[u8]) -> &[u8] {
    match (end, after) {
        (CR, [LF, after @ ..]) => after,
        _ => after,
    }
}

/// What a line is to those who look for `data` lines.
pub(super) enum DataLine<'c> {
    /// A `data` line that lies in the chunk with its end: its value, and what follows.
    Whole(&'c [u8], &'c [u8]),
    /// A `data` line whose end is missing.
    Cut,
    /// Another line.
    Other,
}

/// Looks for a `data` line at the front of `input`.
#[inline(always)]
pub(super) fn data_line(input: &[u8]) -> DataLine<'_> {
    match input.get(DATA.len..) {
        Some(from_colon) if DATA.starts(word(input)) => match scan::split_line(from_colon) {
            Some((line, after)) => DataLine::Whole(without_space(line), after),
            None => DataLine::Cut,
        },
        _ => DataLine::Other,
    }
}

/// Splits off a whole `data` line that has the space and a value of less than [`BLOCK`] bytes, if that many are there:
/// the block with which the value starts, its length, and what follows. A block is copied faster than a slice.
#[inline(always)]
pub(super) fn data_block(input: &[u8]) -> Option<(&[u8; BLOCK], usize, &[u8])> {
    let (front, _) = input.split_first_chunk::<{ DATA_SPACE.len + BLOCK }>()?;
    if !DATA_SPACE.starts(word(front)) {
        return None;
    }
    scan::split_line_in_block(input.get(DATA_SPACE.len..)?)
}

/// Returns whether a line may be one of data, by its first byte.
#[inline(always)]
pub(super) fn may_be_data(line: &[u8]) -> bool {
    line.first() == Some(&b'd')
}
