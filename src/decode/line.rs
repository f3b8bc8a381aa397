//! Lines that lie in the chunk with their ends, for the fast engine of the tokenizer and the fast ways of the reader.
//!
//! What a line means is told in [`token`](super::token): `Tokenizer::step` is the home of the rules that are repeated here.
//! A CRLF is taken whole.

use super::field::{DATA, DATA_SPACE, Field, bare_name, name_in};
use crate::scan::{self, SLAB};
use crate::word::word;

/// A line that lies in the chunk with its end.
pub(super) struct Line<'c> {
    /// The field that it sets, if it is a known one.
    pub(super) field: Option<Field>,
    /// The length of a known name with its colon; of an unknown or bare name, that of the line.
    name_len: usize,
    bytes: &'c [u8],
    /// What follows behind the line and its end.
    pub(super) after: &'c [u8],
}

impl<'c> Line<'c> {
    /// Splits the line at the front of `input` off, if its end is there.
    #[inline(always)]
    pub(super) fn split(input: &'c [u8]) -> Option<Self> {
        let (word, bytes, after) = scan::split_line_and_word(input)?;
        let (field, name_len) = match name_in(word) {
            Some((field, name_len)) => (Some(field), name_len),
            None => (bare_name(bytes), bytes.len()),
        };
        Some(Self { field, name_len, bytes, after })
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    #[inline(always)]
    pub(super) fn value(&self) -> &'c [u8] {
        self.bytes.get(self.name_len..).map_or(&[], without_space)
    }
}

/// Splits a known name and its colon off the line that starts here, if eight bytes are there to compare.
#[inline(always)]
pub(super) fn known_name(from_line: &[u8]) -> Option<(Field, &[u8])> {
    let (field, len) = name_in(u64::from_le_bytes(*from_line.first_chunk()?))?;
    Some((field, from_line.get(len..)?))
}

/// Takes the one space off that may follow a colon (5).
#[inline(always)]
pub(super) const fn without_space(value: &[u8]) -> &[u8] {
    match value {
        [b' ', rest @ ..] | rest => rest,
    }
}

/// Returns the byte that ends the blank line at the front of `input`, if there is one, and what follows. A line must start
/// there: the LF that belongs to a CR looks like a blank line.
#[inline(always)]
pub(super) fn blank_line(input: &[u8]) -> Option<(u8, &[u8])> {
    match input {
        [end, after @ ..] if scan::is_line_end(*end) => Some((*end, after)),
        _ => None,
    }
}

/// What stands at the start of a line, for a caller that looks for `data` lines.
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
        Some(after_colon) if DATA.starts(word(input)) => match scan::split_line(after_colon) {
            Some((line, after)) => DataLine::Whole(without_space(line), after),
            None => DataLine::Cut,
        },
        _ => DataLine::Other,
    }
}

/// Splits off a whole `data: ` line of less than [`SLAB`] bytes, if that many follow its space. Returns these bytes, the
/// length of the value with which they start, and what follows the line. A slab is copied faster than a slice of any length.
#[inline(always)]
pub(super) fn data_slab(input: &[u8]) -> Option<(&[u8; SLAB], usize, &[u8])> {
    let (front, _) = input.split_first_chunk::<{ DATA_SPACE.len + SLAB }>()?;
    if !DATA_SPACE.starts(word(front)) {
        return None;
    }
    scan::split_line_in_slab(input.get(DATA_SPACE.len..)?)
}

/// Returns whether a `data` line may start here, by its first byte.
#[inline(always)]
pub(super) fn may_be_data(from_line: &[u8]) -> bool {
    from_line.first() == Some(&b'd')
}
