//! The memory of a log: a ring of encoded events, and behind it a ring of where each of them starts.
//!
//! ```text
//! memory   [ end of 9 |  free  |  5  |  6  |  7  |  8  | begin of 9 ][ start of 9 | of 5 | of 6 | of 7 | of 8 ]
//!                              ^ start                              ^ size        ^ slot
//! ```
//!
//! Nothing lies between two events, so everything from one of them on is one slice, or two where the memory goes round.
//! Because starts are kept, and not lengths, an event is found by its number in one step, and by a place within it in O(log
//! n).
//!
//! A *position* is a place in the memory. An *offset* is a number of bytes behind the oldest event, so it grows from event
//! to event, and `used` is the offset of the end. An *index* is the number of an event in the ring, from 0 for the oldest.

use super::chunk::Chunk;
use crate::bytes::{copy_within, window, write_at};
use crate::encode::Segments;

/// The bytes of the start of one event: a `u32` in little endian.
const START: usize = size_of::<u32>();

pub(super) struct Ring {
    /// The number of the oldest event, or of the next one if there is none.
    first: u64,
    /// The bytes of memory for events. 0 until the memory has been [adopted](Self::adopt).
    size: usize,
    /// The position of the oldest event.
    start: usize,
    /// The bytes of all events.
    used: usize,
    /// The most events.
    slots: usize,
    /// Which slot has the start of the oldest event.
    slot: usize,
    /// How many events there are.
    count: usize,
}

impl Ring {
    pub(super) const fn new(events: usize) -> Self {
        let slots = if events == 0 { 1 } else { events };
        Self { first: 1, size: 0, start: 0, used: 0, slots, slot: 0, count: 0 }
    }

    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    /// The number of the next event. No log lives long enough to reach the end of these numbers.
    pub(super) const fn next(&self) -> u64 {
        self.first.wrapping_add(self.count as u64)
    }

    pub(super) const fn size(&self) -> usize {
        self.size
    }

    pub(super) const fn used(&self) -> usize {
        self.used
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The bytes of all starts.
    pub(super) const fn index_len(&self) -> usize {
        self.slots.saturating_mul(START)
    }

    /// The bytes for events in a memory of this length. Starts are of 32 bits, so more than 4 GiB are of no use.
    pub(super) fn size_in(&self, len: usize) -> usize {
        len.saturating_sub(self.index_len()).min(u32::MAX as usize)
    }

    /// Takes up memory that has become longer, or that is new: moves the starts to where they belong, and the events that
    /// stand at the old end to the new one.
    pub(super) fn adopt(&mut self, memory: &mut [u8]) {
        let size = self.size_in(memory.len());
        let more = size.saturating_sub(self.size);
        if more == 0 {
            return;
        }
        copy_within(memory, self.size, size, self.index_len());
        let (old_size, old_start) = (self.size, self.start);
        self.size = size;
        if old_start + self.used > old_size {
            self.start += more;
            copy_within(memory, old_start, self.start, old_size - old_start);
            for index in 0..self.count {
                let start = self.position(memory, index);
                if start >= old_start {
                    self.set_position(memory, index, start + more);
                }
            }
        }
    }

    /// Returns the place of the start of an event.
    fn place(&self, index: usize) -> usize {
        self.size + START * wrap(self.slot + index, self.slots)
    }

    /// Returns the position of an event.
    fn position(&self, memory: &[u8], index: usize) -> usize {
        let bytes = memory.get(self.place(index)..).and_then(<[u8]>::first_chunk);
        debug_assert!(bytes.is_some(), "start {index} of {}", self.count);
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
    }

    fn set_position(&self, memory: &mut [u8], index: usize, position: usize) {
        write_at(memory, self.place(index), &(position as u32).to_le_bytes());
    }

    /// Returns the offset of an event, or that of the end if there are not so many.
    pub(super) fn offset(&self, memory: &[u8], index: usize) -> usize {
        if index >= self.count {
            return self.used;
        }
        let position = self.position(memory, index);
        if position >= self.start { position - self.start } else { position + self.size - self.start }
    }

    /// Returns the index and the offset of the event that has the byte at an offset. At the end that is the event to come.
    pub(super) fn find(&self, memory: &[u8], offset: usize) -> (usize, usize) {
        if offset >= self.used {
            return (self.count, self.used);
        }
        // The event is one of `low..high`, and starts at `found` if it is the first of these.
        let (mut low, mut high, mut found) = (0, self.count, 0);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let start = self.offset(memory, middle);
            if start <= offset {
                (low, found) = (middle, start);
            } else {
                high = middle;
            }
        }
        (low, found)
    }

    /// Lends the bytes between two offsets.
    pub(super) fn chunk<'a>(&self, memory: &'a [u8], from: usize, to: usize) -> Chunk<'a> {
        let (position, len) = (wrap(self.start + from, self.size), to - from);
        let front = len.min(self.size - position);
        Chunk { front: window(memory, position, front), back: window(memory, 0, len - front) }
    }

    /// Lends one event.
    pub(super) fn event<'a>(&self, memory: &'a [u8], index: usize) -> Chunk<'a> {
        self.chunk(memory, self.offset(memory, index), self.offset(memory, index + 1))
    }

    /// Drops the oldest event.
    fn evict(&mut self, memory: &[u8]) {
        let len = self.offset(memory, 1);
        self.start = wrap(self.start + len, self.size);
        self.used -= len;
        self.slot = wrap(self.slot + 1, self.slots);
        self.count -= 1;
        self.first = self.first.wrapping_add(1);
    }

    /// Writes behind what is there, `offset` being at least `used`. There must be room.
    fn write(&self, memory: &mut [u8], offset: usize, bytes: &[u8]) {
        let position = wrap(self.start + offset, self.size);
        match bytes.split_at_checked(self.size - position) {
            Some((front, back)) => {
                write_at(memory, position, front);
                write_at(memory, 0, back);
            }
            None => write_at(memory, position, bytes),
        }
    }

    /// Begins an event of at most `max` bytes, and of no more than there are for events.
    pub(super) fn open<'a>(&'a mut self, memory: &'a mut [u8], max: usize) -> OpenEvent<'a> {
        let max = max.min(self.size);
        OpenEvent { ring: self, memory, len: 0, max, refused: None }
    }
}

/// Takes a place or a slot back to the beginning that is at most once round.
const fn wrap(at: usize, size: usize) -> usize {
    if at < size { at } else { at - size }
}

/// An event that is being written behind the newest one. Until it is [committed](Self::commit), no one sees it.
pub(super) struct OpenEvent<'a> {
    ring: &'a mut Ring,
    memory: &'a mut [u8],
    len: usize,
    max: usize,
    /// How many bytes it would have had with the first piece that was too much.
    refused: Option<usize>,
}

impl OpenEvent<'_> {
    /// Appends a piece, and drops as few of the oldest events as make room. Returns whether the event has it: if the piece
    /// is too much, neither that nor any later one is appended.
    pub(super) fn put(&mut self, piece: &[u8]) -> bool {
        let len = self.len.saturating_add(piece.len());
        if self.refused.is_some() {
            return false;
        }
        if len > self.max {
            self.refused = Some(len);
            return false;
        }
        while self.ring.size - self.ring.used < len {
            self.ring.evict(self.memory);
        }
        self.ring.write(self.memory, self.ring.used + self.len, piece);
        self.len = len;
        true
    }

    /// Appends a message, and returns whether the event has all of it.
    pub(super) fn put_all(&mut self, mut segments: Segments<'_>) -> bool {
        segments.all(|segment| self.put(segment))
    }

    /// How many bytes it would have had with the first piece that was too much, if there was one.
    pub(super) const fn refused(&self) -> Option<usize> {
        self.refused
    }

    /// Makes it the newest event, and returns its number.
    pub(super) fn commit(self) -> u64 {
        let Self { ring, memory, len, .. } = self;
        if ring.count == ring.slots {
            ring.evict(memory);
        }
        let number = ring.next();
        ring.set_position(memory, ring.count, wrap(ring.start + ring.used, ring.size));
        ring.used += len;
        ring.count += 1;
        number
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    #[test]
    fn no_event_starts_where_32_bits_cannot_say() {
        let most = u32::MAX as usize;
        let sizes = [0, 8, 9, most + 7, most + 8, most + 9, usize::MAX].map(|len| Ring::new(2).size_in(len));
        assert_eq!(sizes, [0, 0, 1, most - 1, most, most, most]);
    }
}
