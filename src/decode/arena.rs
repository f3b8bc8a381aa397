//! The parser's memory: what of an event is kept, where it lies, and what the event needs in all.
//!
//! Everything lives in the caller's one buffer, at its two ends:
//!
//! ```text
//! [ data | line in progress →        free        ← event type / staged id | committed id ]
//! ```
//!
//! * Data only ever grows, so it starts at the front and is never moved, and a line whose end has not arrived is written
//!   straight behind it. When a `data` line ends, it is in its place already; an `event` or `id` line is moved to the back.
//! * Event type and staged ID can each be replaced by a later line. The one that was written last lies on the inside, where
//!   replacing it moves nothing. Replacing the outer one moves the inner one outwards, once: its bytes have come in since
//!   the last such move, so all moves together cost no more than reading the stream did. (With all of it in one row at the
//!   front, a late `event` line would have to move the data, and a stream of them would cost the square of its length.)
//! * Whatever lies in the chunk as a whole is lent from there and stored only when the chunk goes away.
//!
//! The lengths are also the account. [`Arena::peak`] is the most bytes that the block would have held at once if nothing
//! were lent and nothing were refused, so it is the same for every chunking. As soon as it is over the storage's limit the
//! event is lost: type and data go, their lengths go on counting, and only an ID is still kept, if it fits alone.

mod take;

use crate::bytes::{slide, window, write};
use crate::storage::Storage;

/// What can be kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Data,
    EventType,
    Id,
}

/// Whole values of the block that lie in the chunk, not in the arena. Who lends nothing says so by the type, and pays nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lent<'c, const LENDS: bool> {
    pub(crate) event_type: Option<&'c [u8]>,
    pub(crate) id: Option<&'c [u8]>,
    pub(crate) data: Option<&'c [u8]>,
}

impl<const LENDS: bool> Lent<'_, LENDS> {
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        !LENDS || self.event_type.is_none() && self.id.is_none() && self.data.is_none()
    }

    #[inline]
    fn len(&self) -> usize {
        if !LENDS {
            return 0;
        }
        let len = |part: Option<&[u8]>| part.map_or(0, <[u8]>::len);
        len(self.event_type).saturating_add(len(self.id)).saturating_add(len(self.data))
    }
}

#[derive(Clone)]
pub(crate) struct Arena<B: ?Sized> {
    /// Length of the data, with its inner line breaks.
    data: usize,
    /// Length of the value of the line in progress.
    line: usize,
    /// Length of the event type.
    event_type: usize,
    /// Length of the ID that the block has set.
    id: usize,
    /// Length of the last event ID.
    committed: usize,
    /// Bytes of the block so far, kept, lent or lost, with the line in progress.
    block: usize,
    /// The most bytes that the block needed before `block` last shrank, with the last event ID.
    peak: usize,
    /// What the block's ID alone would have needed, if it could not be kept; otherwise 0.
    id_needed: usize,
    has_data: bool,
    has_id: bool,
    /// Type and data are not kept any more: the event is lost.
    lost: bool,
    /// Of the values at the back the ID was written last.
    id_is_inner: bool,
    buffer: B,
}

impl<B> Arena<B> {
    pub(crate) const fn new(buffer: B) -> Self {
        Self {
            data: 0,
            line: 0,
            event_type: 0,
            id: 0,
            committed: 0,
            block: 0,
            peak: 0,
            id_needed: 0,
            has_data: false,
            has_id: false,
            lost: false,
            id_is_inner: false,
            buffer,
        }
    }

    pub(crate) fn into_buffer(self) -> B {
        self.buffer
    }
}

/// What the block says.
impl<B: ?Sized> Arena<B> {
    pub(crate) const fn has_data(&self) -> bool {
        self.has_data
    }

    /// Whether there is data, and nothing was lost.
    pub(crate) const fn is_simple_event(&self) -> bool {
        self.has_data && !self.lost && self.id_needed == 0
    }

    pub(crate) const fn has_id(&self) -> bool {
        self.has_id
    }

    pub(crate) const fn is_lost(&self) -> bool {
        self.lost
    }

    /// The most bytes that the block has needed so far, with the last event ID.
    pub(crate) fn peak(&self) -> usize {
        self.peak.max(self.committed.saturating_add(self.block))
    }

    pub(crate) const fn is_id_lost(&self) -> bool {
        self.id_needed > 0
    }

    /// Whether complete lines wait for a blank one.
    pub(crate) const fn is_mid_event(&self) -> bool {
        self.has_data || self.has_id || self.event_type > 0
    }

    /// The smallest storage with which nothing of the block would have been lost.
    pub(crate) fn needed(&self) -> usize {
        if self.has_data { self.peak() } else { self.id_needed }
    }
}

/// What is kept.
impl<B: Storage + ?Sized> Arena<B> {
    pub(crate) fn limit(&self) -> usize {
        self.buffer.limit()
    }

    pub(crate) fn data(&self) -> &[u8] {
        window(self.buffer.bytes(), 0, if self.lost { 0 } else { self.data })
    }

    pub(crate) fn event_type(&self) -> &[u8] {
        let start = self.start_of(Part::EventType);
        window(self.buffer.bytes(), start, self.kept_event_type())
    }

    pub(crate) fn id(&self) -> &[u8] {
        window(self.buffer.bytes(), self.start_of(Part::Id), self.kept_id())
    }

    pub(crate) fn committed(&self) -> &[u8] {
        window(self.buffer.bytes(), self.start_of_committed(), self.committed)
    }

    /// The value of the line in progress, which is one of `part`, if it is kept.
    pub(crate) fn line(&self, part: Part) -> Option<&[u8]> {
        let is_kept = match part {
            Part::Id => self.id_charge(0) <= self.limit(),
            _ => !self.lost,
        };
        is_kept.then(|| window(self.buffer.bytes(), self.start_of_line(part), self.line))
    }

    fn kept_event_type(&self) -> usize {
        if self.lost { 0 } else { self.event_type }
    }

    fn kept_id(&self) -> usize {
        if self.is_id_lost() { 0 } else { self.id }
    }

    fn start_of_committed(&self) -> usize {
        self.buffer.bytes().len().saturating_sub(self.committed)
    }

    /// Where the value of this part at the back starts.
    #[inline(always)]
    fn start_of(&self, part: Part) -> usize {
        let (own, other, is_inner) = match part {
            Part::Id => (self.kept_id(), self.kept_event_type(), self.id_is_inner),
            _ => (self.kept_event_type(), self.kept_id(), !self.id_is_inner),
        };
        let outside = if is_inner { other } else { 0 };
        self.start_of_committed().saturating_sub(outside).saturating_sub(own)
    }

    /// Where the line in progress starts: behind the data, with room for the line break that will join them.
    fn start_of_line(&self, part: Part) -> usize {
        if self.lost {
            return 0;
        }
        self.data.saturating_add(self.gap(part))
    }

    /// One for the line break before a `data` line that is not the first.
    fn gap(&self, part: Part) -> usize {
        usize::from(part == Part::Data && self.has_data)
    }
}

/// What moves.
impl<B: Storage + ?Sized> Arena<B> {
    /// Removes the event type or the ID, so that the other one is the outer one.
    #[inline(always)]
    fn remove(&mut self, part: Part) {
        if part == Part::Id && (self.id > 0 || self.id_needed > 0) || part == Part::EventType && self.event_type > 0 {
            self.close_up(part);
        }
    }

    fn close_up(&mut self, part: Part) {
        let other = if part == Part::Id { Part::EventType } else { Part::Id };
        let from = self.start_of(other);
        if part == Part::Id {
            self.id = 0;
            self.id_needed = 0;
        } else {
            self.event_type = 0;
        }
        let to = self.start_of(other);
        let len = if other == Part::Id { self.kept_id() } else { self.kept_event_type() };
        slide(self.buffer.bytes_mut(), from, to, len);
    }

    /// Makes the storage at least `len` bytes long, and says whether that worked.
    #[inline]
    fn reserve(&mut self, len: usize) -> bool {
        // What is within the limit is there already, where nothing grows.
        let before = self.buffer.bytes().len();
        if !B::GROWS || len <= before {
            return true;
        }
        let has_grown = self.buffer.grow(len);
        let back = self.committed.saturating_add(self.kept_id()).saturating_add(self.kept_event_type());
        let after = self.buffer.bytes().len();
        slide(self.buffer.bytes_mut(), before.saturating_sub(back), after.saturating_sub(back), back);
        has_grown
    }
}

/// Blocks that lie in the chunk as a whole, each part at most once.
impl<B: Storage + ?Sized> Arena<B> {
    /// Whether a fresh block of these parts fits, from lines of so many bytes in all, and its ID can be stored.
    #[inline(always)]
    pub(crate) fn has_room(&mut self, lent: &Lent<'_, true>, lines: usize) -> bool {
        let fits = |len: usize| self.committed.saturating_add(len) <= self.buffer.limit();
        (fits(lines) || fits(lent.len())) && lent.id.is_none_or(|id| self.reserve(self.committed.max(id.len())))
    }

    /// Puts a fresh block of these parts, which have room, on the account.
    pub(crate) fn account<const LENDS: bool>(&mut self, lent: &Lent<'_, LENDS>) {
        self.block = lent.len();
        self.has_data = lent.data.is_some();
        self.has_id = lent.id.is_some();
    }

    /// Makes the ID of such a block, which has room, the last event ID.
    #[inline(always)]
    pub(crate) fn commit_lent(&mut self, id: &[u8]) {
        self.committed = id.len();
        let start = self.start_of_committed();
        write(self.buffer.bytes_mut(), start, id);
    }
}

/// What ends a block.
impl<B: Storage + ?Sized> Arena<B> {
    /// Makes the block's ID, if it set one that is kept, the last event ID.
    ///
    /// The event type must not be used afterwards.
    pub(crate) fn commit(&mut self) {
        if self.has_id && !self.is_id_lost() {
            let from = self.start_of(Part::Id);
            let len = self.id;
            self.committed = len;
            let to = self.start_of_committed();
            slide(self.buffer.bytes_mut(), from, to, len);
        }
    }

    /// Starts the next block with nothing of this one.
    pub(crate) fn discard(&mut self) {
        self.data = 0;
        self.line = 0;
        self.event_type = 0;
        self.id = 0;
        self.block = 0;
        self.peak = 0;
        self.id_needed = 0;
        self.has_data = false;
        self.has_id = false;
        self.lost = false;
        if !B::GROWS {
            return;
        }
        let now = self.buffer.bytes().len();
        let idle = self.buffer.idle_len(self.committed);
        if idle < now {
            let from = self.start_of_committed();
            slide(self.buffer.bytes_mut(), from, idle.saturating_sub(self.committed), self.committed);
        }
        self.buffer.shrink(idle);
    }

    /// Replaces the last event ID and keeps the block in progress, or changes nothing and says how much was needed.
    pub(crate) fn set_committed(&mut self, id: &[u8]) -> Result<(), usize> {
        let beside = if self.lost { self.kept_id().saturating_add(self.line) } else { self.block };
        let needed = beside.saturating_add(id.len());
        if needed > self.limit() || !self.reserve(needed) {
            return Err(needed);
        }
        let back = self.kept_id().saturating_add(self.kept_event_type());
        let from = self.start_of_committed().saturating_sub(back);
        self.peak = self.peak();
        self.committed = id.len();
        let to = self.start_of_committed().saturating_sub(back);
        slide(self.buffer.bytes_mut(), from, to, back);
        let start = self.start_of_committed();
        write(self.buffer.bytes_mut(), start, id);
        Ok(())
    }
}
