//! The slow machine: what one token does to the block in progress, and what a blank line makes of it.
//!
//! This is the home of what the format says about fields and blocks (6, 7), but for `retry`, which is not part of a block.
//! [`borrowed`](super::borrowed) repeats some of it. This file knows no names and no line ends. Where bytes lie is for
//! [`regions`](super::regions) to know, and what they cost for [`budget`](super::budget).

use super::borrowed::Borrowed;
use super::budget::Budget;
use super::end::{End, Unfinished};
use super::event::Event;
use super::field::Field;
use super::regions::{Regions, Room};
use crate::error::Overflow;
use crate::scan;
use crate::storage::Storage;
use crate::text::Text;

/// Holds the block in progress, and the last event ID, which outlives it.
#[derive(Clone)]
pub(super) struct Block<B: ?Sized> {
    budget: Budget,
    has_data: bool,
    has_event_type: bool,
    has_id: bool,
    /// The value in progress will have no effect: it is an ID with a NUL in it.
    is_void: bool,
    /// An ID was lost, so the last event ID is not the one that the stream or the caller has set last.
    is_id_stale: bool,
    phase: Phase,
    regions: Regions<B>,
}

/// How far the block in progress is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No line that sets something has begun.
    Start,
    /// A line that sets something has begun.
    Lines,
    /// The block has ended with an event, which `next` lends.
    Delivered,
    /// The block has ended with an event, which `Parser::event` returns until the next call.
    Shown,
    /// The block has ended with a loss, which [`Block::overflow`] returns.
    Lost,
    /// The stream has ended within the block. Its ID does not count (8).
    Discarded,
}

/// What a blank line makes of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No event, and nothing lost.
    Silent,
    /// An event.
    Event,
    /// An event or an ID was lost.
    Lost,
}

impl<B> Block<B> {
    // Each call that is not inlined may copy the buffer on the stack.
    #[inline(always)]
    pub(super) const fn new(buffer: B) -> Self {
        Self {
            budget: Budget::new(0),
            has_data: false,
            has_event_type: false,
            has_id: false,
            is_void: false,
            is_id_stale: false,
            phase: Phase::Start,
            regions: Regions::new(buffer),
        }
    }

    pub(super) fn into_buffer(self) -> B {
        self.regions.into_buffer()
    }
}

impl<B: Storage + ?Sized> Block<B> {
    /// Takes a piece of the value of a `data`, `event` or `id` line, which is its last one if `end` is set (6).
    ///
    /// Every byte is charged. What belongs to a lost event, or has no effect, is not stored.
    #[inline(always)]
    pub(super) fn take(&mut self, field: Field, piece: &[u8], end: bool) {
        let line_break = self.line_break(field);
        self.phase = Phase::Lines;
        match field {
            Field::Id => {
                self.budget.charge_id(piece.len());
                self.is_void |= scan::has_nul(piece);
            }
            // The line break before a line is charged with its first piece.
            _ if self.regions.value_len() == 0 => self.budget.charge(piece.len().saturating_add(line_break)),
            _ => self.budget.charge(piece.len()),
        }
        let is_kept = (self.make_room_for_event() || field == Field::Id && self.make_room_for_ids()) && !self.is_void;
        if is_kept {
            self.regions.append(line_break, piece);
        } else {
            self.regions.skip(piece.len());
        }
        if end {
            self.end_line(field, line_break, is_kept);
        }
    }

    /// Lets the value in progress take effect: data is added to, a type or an ID is replaced.
    #[inline(always)]
    fn end_line(&mut self, field: Field, line_break: usize, is_kept: bool) {
        let is_void = core::mem::take(&mut self.is_void);
        match field {
            Field::Data => self.has_data = true,
            Field::Id => self.has_id |= !is_void,
            _ => self.has_event_type = self.regions.value_len() > 0,
        }
        match field {
            _ if !is_kept => self.regions.drop_value(),
            Field::Data => self.regions.end_data(line_break),
            Field::Id => self.regions.end_id(),
            _ => self.regions.end_event_type(),
        }
    }

    /// Ends the block (7). There is an event if there is data. The ID counts in any case, at once:
    /// [`last_event_id`](Self::last_event_id) returns it, and [`start_next`](Self::start_next) commits it.
    #[inline(always)]
    pub(super) fn blank_line(&mut self) -> Verdict {
        if self.phase == Phase::Start {
            return Verdict::Silent;
        }
        if self.overflow().is_some() {
            self.phase = Phase::Lost;
            return Verdict::Lost;
        }
        if self.has_data {
            self.phase = Phase::Delivered;
            return Verdict::Event;
        }
        self.start_next();
        Verdict::Silent
    }

    /// Starts the next block, if this one has ended.
    #[inline(always)]
    pub(super) fn begin(&mut self) {
        if !matches!(self.phase, Phase::Start | Phase::Lines) {
            self.start_next();
        }
    }

    /// Commits the ID, unless it is lost or the stream has ended within the block, and drops all else.
    #[inline(never)]
    fn start_next(&mut self) {
        if self.phase != Phase::Discarded && self.has_id {
            self.is_id_stale = self.are_ids_lost();
            if !self.is_id_stale {
                self.regions.commit_id();
            }
        }
        self.regions.clear();
        self.budget = self.fresh_budget();
        self.has_data = false;
        self.has_event_type = false;
        self.has_id = false;
        self.phase = Phase::Start;
    }

    pub(super) const fn fresh_budget(&self) -> Budget {
        Budget::new(self.regions.last_event_id_len())
    }

    /// Stores the lines of a block that have been borrowed. Nothing else of the block is stored yet.
    #[inline(always)]
    pub(super) fn adopt(&mut self, borrowed: &Borrowed<'_>) {
        self.budget = borrowed.budget;
        self.phase = Phase::Lines;
        self.has_data = borrowed.data.is_some();
        self.has_event_type = borrowed.event_type.is_some_and(|event_type| !event_type.is_empty());
        self.has_id = borrowed.id.is_some();
        if self.make_room_for_event() {
            self.regions.store(borrowed.event_type, borrowed.id, borrowed.data);
        } else if self.make_room_for_ids() {
            self.regions.store(None, borrowed.id, None);
        }
    }

    /// Returns whether the event can be lent from the chunk: it fits, and there is memory for the ID, which outlives the
    /// chunk.
    #[inline(always)]
    pub(super) fn prepare_to_lend(&mut self, borrowed: &Borrowed<'_>) -> bool {
        borrowed.budget.event() <= self.regions.limit()
            && borrowed.id.is_none_or(|id| self.regions.reserve(id.len().max(self.regions.last_event_id_len())))
    }

    /// Returns the event as it lies in the chunk, and starts the next block.
    #[inline(always)]
    pub(super) fn lend<'e>(&'e mut self, borrowed: Borrowed<'e>) -> Event<'e> {
        if let Some(id) = borrowed.id {
            self.regions.set_last_event_id(id);
            self.regions.give_back();
            self.is_id_stale = false;
            self.budget = self.fresh_budget();
        }
        Event {
            event_type: borrowed.event_type.unwrap_or_default(),
            data: borrowed.data.unwrap_or_default(),
            last_event_id: self.regions.last_event_id(),
            has_id: borrowed.id.is_some(),
        }
    }

    /// Lends the memory for further lines of data, if there is data already and the event is not lost.
    #[inline(always)]
    pub(super) fn room(&mut self) -> Room<'_> {
        let room = self.regions.len().saturating_sub(self.budget.event());
        self.regions.room(if self.has_data { room } else { 0 })
    }

    /// Takes `len` bytes of whole lines, each with its line break, that have been written to the [`room`](Self::room).
    #[inline(always)]
    pub(super) fn extend_data(&mut self, len: usize) {
        self.budget.charge(len);
        self.regions.extend_data(len);
    }

    /// Makes room for the event so far, and returns whether it fits. Drops what is stored of an event that does not.
    #[inline(always)]
    fn make_room_for_event(&mut self) -> bool {
        let needed = self.budget.event();
        let fits = needed <= self.regions.limit() && self.regions.reserve(needed);
        if !fits {
            self.regions.drop_all_but_ids();
        }
        fits
    }

    /// Makes room for the IDs so far, and returns whether they fit.
    fn make_room_for_ids(&mut self) -> bool {
        let needed = self.budget.ids();
        needed <= self.regions.limit() && self.regions.reserve(needed)
    }

    fn is_lost(&self) -> bool {
        self.budget.event() > self.regions.limit()
    }

    fn are_ids_lost(&self) -> bool {
        self.budget.ids() > self.regions.limit()
    }

    /// Returns what a blank line here loses, or has just lost. A block without data and without an ID loses nothing.
    pub(super) fn overflow(&self) -> Option<Overflow> {
        let id_lost = self.has_id && self.are_ids_lost();
        let needed = if self.has_data { self.budget.event() } else { self.budget.ids() };
        (id_lost || self.has_data && self.is_lost()).then(|| Overflow::new(needed, id_lost))
    }

    /// Returns the length of the line break before the value in progress: only a further `data` line has one.
    fn line_break(&self, field: Field) -> usize {
        usize::from(field == Field::Data && self.has_data)
    }

    pub(super) const fn is_at_start(&self) -> bool {
        matches!(self.phase, Phase::Start)
    }

    /// Makes [`shown`](Self::shown) return the complete event.
    pub(super) fn show(&mut self) {
        self.phase = Phase::Shown;
    }

    pub(super) fn shown(&self) -> Option<Event<'_>> {
        (self.phase == Phase::Shown).then(|| self.event())
    }

    /// Returns the event that is stored.
    #[inline]
    pub(super) fn event(&self) -> Event<'_> {
        Event {
            event_type: self.regions.event_type(),
            data: self.regions.data(),
            last_event_id: if self.has_id { self.regions.id() } else { self.regions.last_event_id() },
            has_id: self.has_id,
        }
    }

    /// Returns the last event ID. The ID of a block that has ended counts at once.
    pub(super) fn last_event_id(&self) -> &[u8] {
        match self.phase {
            Phase::Delivered | Phase::Shown | Phase::Lost if self.has_id && !self.are_ids_lost() => self.regions.id(),
            _ => self.regions.last_event_id(),
        }
    }

    /// Returns whether complete lines have set data, an ID or an event type, and no blank line has followed.
    pub(super) const fn is_mid_event(&self) -> bool {
        matches!(self.phase, Phase::Lines) && (self.has_data || self.has_event_type || self.has_id)
    }

    /// Returns whether a line has begun that sets something, and no blank line has followed.
    pub(super) const fn has_begun(&self) -> bool {
        matches!(self.phase, Phase::Lines)
    }

    /// Returns whether an `id` line of the block has brought anything, with or without effect. (The budget tells also of
    /// those without, since it counts every value. Where a shorter ID has been set within the block, it may say so without a
    /// line. Then the ID is written once more, which changes nothing.)
    pub(super) const fn has_id_line(&self) -> bool {
        self.has_begun() && (self.has_id || self.budget.ids() > self.regions.last_event_id_len())
    }

    /// Returns whether the last event ID is not the one that the stream has set last, because that was lost.
    pub(super) fn is_id_stale(&self) -> bool {
        if self.phase == Phase::Lost && self.has_id { self.are_ids_lost() } else { self.is_id_stale }
    }

    /// Ends the stream within the block, and returns what that leaves unfinished (8). `field` is that of the value in
    /// progress, if there is one.
    pub(super) fn end_stream(&mut self, is_mid_line: bool, field: Option<Field>) -> End<'_> {
        self.begin();
        self.phase = Phase::Discarded;
        let is_void = core::mem::take(&mut self.is_void);
        let is_mid_event = self.has_data || self.has_event_type || self.has_id;
        if !is_mid_line && !is_mid_event {
            return End::Clean;
        }
        let is_lost = self.is_lost();
        let shows = |field: &Field| match field {
            Field::Data | Field::Event => !is_lost,
            Field::Id => !is_void && !self.are_ids_lost(),
            _ => false,
        };
        End::Unfinished(Unfinished {
            event: (self.has_data && !is_lost).then(|| self.event()),
            line: field.filter(shows).map(|field| (field, Text::new(self.regions.value(self.line_break(field))))),
            overflow: is_lost.then(|| Overflow::new(self.budget.event(), self.has_id && self.are_ids_lost())),
            is_mid_line,
            is_mid_event,
        })
    }

    /// Replaces the last event ID and keeps the block in progress, or changes nothing and returns how much was needed. A
    /// block that has ended must be left behind.
    pub(super) fn set_last_event_id(&mut self, id: &[u8]) -> Result<(), usize> {
        // The old one is charged already.
        let mut budget = self.budget;
        budget.charge_id(id.len().saturating_sub(self.regions.last_event_id_len()));
        let needed = if self.is_lost() { budget.ids() } else { budget.event() };
        let has_room = budget == self.budget || needed <= self.regions.limit() && self.regions.reserve(needed);
        if has_room {
            self.budget = budget;
            self.regions.replace_last_event_id(id);
        }
        self.is_id_stale = !has_room;
        if self.is_at_start() {
            self.regions.give_back();
            self.budget = self.fresh_budget();
        }
        if has_room { Ok(()) } else { Err(needed) }
    }

    pub(super) fn limit(&self) -> usize {
        self.regions.limit()
    }
}

#[cfg(any(test, fuzzing))]
impl<B: Storage + ?Sized> Block<B> {
    /// Returns whether two blocks are equal, wherever their bytes lie.
    pub(super) fn equals(&self, other: &Self) -> bool {
        let flags = |block: &Self| (block.has_data, block.has_event_type, block.has_id, block.is_void, block.phase);
        let is_equal = |part: fn(&Regions<B>) -> &[u8]| part(&self.regions) == part(&other.regions);
        self.budget == other.budget
            && flags(self) == flags(other)
            && self.regions.value_len() == other.regions.value_len()
            && self.is_id_stale() == other.is_id_stale()
            && is_equal(Regions::last_event_id)
            && (self.are_ids_lost() || is_equal(Regions::id))
            && (self.is_lost() || is_equal(Regions::event_type) && is_equal(Regions::data))
    }
}
