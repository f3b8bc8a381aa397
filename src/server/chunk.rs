//! Bytes of a ring, which may go round its end.

use crate::bytes::window;
use crate::scan;
use core::iter::{Chain, Copied};
use core::slice::Iter;

/// Lends bytes of a log: one slice, or two where the memory goes round. The bytes are those of `front`, then those of
/// `back`.
///
/// `back` is empty unless the memory goes round, and `front` is empty only if both are. Two chunks are equal if their bytes
/// are, and so are a chunk and a slice or a string.
///
/// # Examples
///
/// ```
/// use sse_wire::server::Chunk;
///
/// let chunk = Chunk { front: b"ti", back: b"ck" };
/// assert!(chunk == "tick");
/// assert_eq!(chunk.len(), 4);
/// assert!(chunk.bytes().lt(*b"tock"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Chunk<'a> {
    /// The bytes that come first.
    pub front: &'a [u8],
    /// The bytes that come after those.
    pub back: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Returns the number of bytes.
    pub const fn len(&self) -> usize {
        self.front.len() + self.back.len()
    }

    /// Returns whether there are no bytes.
    pub const fn is_empty(&self) -> bool {
        self.front.is_empty() && self.back.is_empty()
    }

    /// Iterates over the bytes.
    pub fn bytes(&self) -> Chain<Copied<Iter<'a, u8>>, Copied<Iter<'a, u8>>> {
        self.front.iter().copied().chain(self.back.iter().copied())
    }

    /// Splits the bytes at an index, which must be no more than their number.
    fn split_at(self, at: usize) -> (Self, Self) {
        match at.checked_sub(self.front.len()) {
            None => {
                let after = Self { front: window(self.front, at, self.front.len() - at), back: self.back };
                (Self { front: window(self.front, 0, at), back: &[] }, after)
            }
            Some(at) => {
                let after = window(self.back, at, self.back.len().saturating_sub(at));
                (Self { front: self.front, back: window(self.back, 0, at) }, Self { front: after, back: &[] })
            }
        }
    }

    /// Splits the first line off, without its LF. The bytes must be those of an entry.
    fn split_line(self) -> (Self, Self) {
        let at = match scan::line_end(self.front) {
            at if at < self.front.len() => at,
            at => at + scan::line_end(self.back),
        };
        let (line, rest) = self.split_at(at);
        (line, rest.split_at(1).1)
    }

    fn strip_prefix(self, prefix: &[u8]) -> Option<Self> {
        let (start, rest) = self.split_at(prefix.len().min(self.len()));
        (start == *prefix).then_some(rest)
    }
}

/// What stands at the head of an entry of the log. Messages are written with the type and the ID first, and each entry has
/// an ID.
pub(super) struct Head<'a> {
    /// Empty if the message names none.
    pub(super) event_type: Chunk<'a>,
    pub(super) id: Chunk<'a>,
}

impl<'a> Head<'a> {
    pub(super) fn of(entry: Chunk<'a>) -> Self {
        let (first, rest) = entry.split_line();
        let (event_type, line) = match first.strip_prefix(b"event: ") {
            Some(event_type) => (event_type, rest.split_line().0),
            None => (Chunk::default(), first),
        };
        Self { event_type, id: line.strip_prefix(b"id: ").unwrap_or_default() }
    }
}

impl PartialEq for Chunk<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (front, back) = other.split_at(self.front.len().min(other.len()));
        front == *self.front && back == *self.back
    }
}

impl Eq for Chunk<'_> {}

impl PartialEq<[u8]> for Chunk<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        let halves = other.split_at_checked(self.front.len());
        halves.is_some_and(|(front, back)| self.front == front && self.back == back)
    }
}

impl PartialEq<&[u8]> for Chunk<'_> {
    fn eq(&self, other: &&[u8]) -> bool {
        *self == **other
    }
}

impl PartialEq<str> for Chunk<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == *other.as_bytes()
    }
}

impl PartialEq<&str> for Chunk<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}
