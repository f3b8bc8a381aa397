//! What is in a log, for readers. Nothing here depends on the kind of memory, so that it is compiled once.

use super::chunk::{Chunk, Head};
use super::cursor::{Cursor, Fill, Lagged, Resume};
use super::numbered_id::NumberedId;
use super::ring::Ring;
use crate::bytes::write_at;
use crate::event_id::EventId;
use core::cmp::Ordering;

/// All of a log but its memory.
pub(super) struct State {
    pub(super) ring: Ring,
    pub(super) epoch: u64,
    pub(super) is_closed: bool,
    /// Some IDs are not the log's own.
    pub(super) has_given_ids: bool,
}

pub(super) struct View<'a> {
    pub(super) state: &'a State,
    pub(super) memory: &'a [u8],
}

/// Where a cursor stands.
struct Place {
    /// The index of the event.
    index: usize,
    /// The offset of the next byte to send.
    offset: usize,
}

impl<'a> View<'a> {
    pub(super) fn oldest(&self) -> Cursor {
        self.cursor(0, 0)
    }

    pub(super) fn live(&self) -> Cursor {
        self.cursor(self.state.ring.count(), 0)
    }

    fn cursor(&self, index: usize, offset: usize) -> Cursor {
        let number = self.state.ring.first().wrapping_add(index as u64);
        Cursor { number, offset: offset as u32, tag: self.tag() }
    }

    const fn tag(&self) -> u32 {
        (self.state.epoch ^ (self.state.epoch >> 32)) as u32
    }

    fn locate(&self, cursor: &Cursor) -> Result<Place, Lagged> {
        let ring = &self.state.ring;
        let is_ours = cursor.tag == self.tag();
        // Below zero, this is beyond every count.
        let ahead = cursor.number.wrapping_sub(ring.first());
        if is_ours && ahead <= ring.count() as u64 {
            let index = ahead as usize;
            let start = ring.offset(self.memory, index);
            let offset = start.saturating_add(cursor.offset as usize);
            // A cursor of another log could be anywhere.
            if offset == start || offset < ring.offset(self.memory, index + 1) {
                return Ok(Place { index, offset });
            }
        }
        let missed = ring.first().checked_sub(cursor.number).filter(|&missed| is_ours && missed > 0);
        Err(Lagged { missed, go_on: if cursor.is_mid_event() { None } else { Some(self.oldest()) } })
    }

    pub(super) fn read(&self, cursor: &Cursor) -> Result<Chunk<'a>, Lagged> {
        let place = self.locate(cursor)?;
        Ok(self.state.ring.chunk(self.memory, place.offset, self.state.ring.used()))
    }

    pub(super) fn advance(&self, cursor: &mut Cursor, taken: usize) -> Result<(), Lagged> {
        match self.locate(cursor) {
            Ok(place) => {
                *cursor = self.at(place.offset.saturating_add(taken));
                Ok(())
            }
            // Where in the lost events the client stands, nobody knows.
            Err(lagged) if taken > 0 => Err(Lagged { go_on: None, ..lagged }),
            Err(lagged) => Err(lagged),
        }
    }

    /// Makes the cursor for an offset.
    fn at(&self, offset: usize) -> Cursor {
        let (index, start) = self.state.ring.find(self.memory, offset);
        self.cursor(index, offset.min(self.state.ring.used()) - start)
    }

    /// What is said when everything has been sent.
    const fn all_sent(&self) -> Fill {
        if self.state.is_closed { Fill::End } else { Fill::CaughtUp }
    }

    pub(super) fn fill(&self, cursor: &mut Cursor, out: &mut [u8]) -> (usize, Fill) {
        let from = match self.locate(cursor) {
            Ok(place) => place.offset,
            Err(lagged) => return (0, Fill::Lagged(lagged)),
        };
        let (used, limit) = (self.state.ring.used(), from.saturating_add(out.len()));
        let to = if limit >= used {
            *cursor = self.live();
            used
        } else {
            // The end of the last whole event, or else of a part of one.
            let (index, start) = self.state.ring.find(self.memory, limit);
            let to = if start > from { start } else { limit };
            *cursor = self.cursor(index, to - start);
            to
        };
        let len = copy(self.state.ring.chunk(self.memory, from, to), out, 0);
        (len, if to == used { self.all_sent() } else { Fill::OutputFull })
    }

    pub(super) fn fill_if(
        &self,
        cursor: &mut Cursor,
        out: &mut [u8],
        mut wants: impl FnMut(Chunk<'_>) -> bool,
    ) -> (usize, Fill) {
        let Place { mut index, mut offset } = match self.locate(cursor) {
            Ok(place) => place,
            Err(lagged) => return (0, Fill::Lagged(lagged)),
        };
        let mut len = 0;
        while index < self.state.ring.count() {
            let end = self.state.ring.offset(self.memory, index + 1);
            if cursor.is_mid_event() || wants(self.event_type(index)) {
                let (all, free) = (end - offset, out.len() - len);
                // Whole events first, and a part of one only if there is no whole one.
                let part = if len > 0 { 0 } else { free };
                let taken = if all > free { part } else { all };
                len += copy(self.state.ring.chunk(self.memory, offset, offset + taken), out, len);
                if taken < all {
                    *cursor = self.at(offset + taken);
                    return (len, Fill::OutputFull);
                }
            }
            (index, offset) = (index + 1, end);
            *cursor = self.cursor(index, 0);
        }
        (len, self.all_sent())
    }

    fn event_type(&self, index: usize) -> Chunk<'a> {
        let event_type = Head::of(self.state.ring.event(self.memory, index)).event_type;
        if event_type.is_empty() { Chunk { front: b"message", back: b"" } } else { event_type }
    }

    fn id(&self, index: usize) -> Chunk<'a> {
        Head::of(self.state.ring.event(self.memory, index)).id
    }

    pub(super) fn mark(&self, cursor: &Cursor, out: &mut [u8]) -> usize {
        let Ok(place) = self.locate(cursor) else { return 0 };
        if cursor.is_mid_event() {
            return 0;
        }
        let own = NumberedId::new(self.state.epoch, cursor.number.wrapping_sub(1));
        let id = match place.index.checked_sub(1) {
            Some(before) => self.id(before),
            None => Chunk { front: own.as_event_id().as_bytes(), back: b"" },
        };
        let (line, end) = (Chunk { front: b"id: ", back: id.front }, Chunk { front: id.back, back: b"\n\n" });
        if line.len() + end.len() > out.len() {
            return 0;
        }
        let len = copy(line, out, 0);
        len + copy(end, out, len)
    }

    pub(super) fn resume(&self, last: EventId<'_>) -> Resume {
        if let Some(number) = NumberedId::read(self.state.epoch, last) {
            return self.resume_behind(number);
        }
        let mut index = if self.state.has_given_ids { self.state.ring.count() } else { 0 };
        while let Some(before) = index.checked_sub(1) {
            if self.id(before) == *last.as_bytes() {
                return Resume::Found(self.cursor(index, 0));
            }
            index = before;
        }
        Resume::Unknown
    }

    /// The client has all events up to a number.
    fn resume_behind(&self, number: u64) -> Resume {
        let (first, next) = (self.state.ring.first(), self.state.ring.next());
        if number >= next {
            return Resume::Unknown;
        }
        match first.wrapping_sub(1).checked_sub(number) {
            Some(missed) if missed > 0 => Resume::Expired { missed, oldest: self.oldest() },
            _ => Resume::Found(Cursor { number: number.wrapping_add(1), offset: 0, tag: self.tag() }),
        }
    }

    pub(super) fn resume_by(&self, mut order: impl FnMut(Chunk<'_>) -> Ordering) -> Resume {
        let (mut low, mut high) = (0, self.state.ring.count());
        while low < high {
            let middle = low + (high - low) / 2;
            match order(self.id(middle)) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Resume::Found(self.cursor(middle + 1, 0)),
            }
        }
        Resume::Unknown
    }
}

/// Copies a chunk to a place in the bytes, which must have room, and returns its length.
#[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
fn copy(chunk: Chunk<'_>, out: &mut [u8], at: usize) -> usize {
    write_at(out, at, chunk.front);
    write_at(out, at + chunk.front.len(), chunk.back);
    chunk.len()
}
