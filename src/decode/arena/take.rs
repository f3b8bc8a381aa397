//! What comes in: pieces of values, to be lent, stored, or, once the event is lost, counted.

use super::{Arena, Lent, Part};
use crate::bytes::{copy, slide, write, write_block};
use crate::scan::{BLOCK, LF, SMALL};
use crate::storage::Storage;

/// The free part of the storage behind the data.
pub(crate) struct Room<'b>(&'b mut [u8]);

impl Room<'_> {
    #[inline(always)]
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes a line break and a line, if there is room for both.
    #[inline(always)]
    pub(crate) fn append_line(&mut self, line: &[u8]) -> bool {
        if line.len() >= self.0.len() {
            return false;
        }
        let Some((line_break, free)) = core::mem::take(&mut self.0).split_first_mut() else { return false };
        let Some((place, free)) = free.split_at_mut_checked(line.len()) else { return false };
        *line_break = LF;
        copy(line, place);
        self.0 = free;
        true
    }

    /// The same with a line of the first so many bytes of a block, if there is room for all of that.
    #[inline(always)]
    pub(crate) fn append_block(&mut self, block: &[u8; BLOCK], len: usize) -> bool {
        if self.0.len() <= BLOCK {
            return false;
        }
        let Some((line_break, free)) = core::mem::take(&mut self.0).split_first_mut() else { return false };
        *line_break = LF;
        self.0 = write_block(block, len, free).unwrap_or_default();
        true
    }
}

impl<B: Storage + ?Sized> Arena<B> {
    /// Stores a piece of a line in progress, if there is room for it as things are: the plain case of what
    /// [`take`](Self::take) does, in few steps. Otherwise does nothing.
    #[inline(always)]
    pub(crate) fn append(&mut self, part: Part, piece: &[u8]) -> bool {
        if SMALL || self.lost {
            return false;
        }
        // What is kept is no longer than the storage, so nothing can overflow.
        let start = self.data.wrapping_add(self.gap(part)).wrapping_add(self.line);
        let end = start.wrapping_add(piece.len());
        let block = end.wrapping_add(self.event_type).wrapping_add(self.id);
        let bytes = self.buffer.bytes_mut();
        if block.wrapping_add(self.committed) > bytes.len() {
            return false;
        }
        let Some(window) = bytes.get_mut(start..end) else { return false };
        copy(piece, window);
        self.line = self.line.wrapping_add(piece.len());
        self.block = block;
        true
    }

    /// The same with a `data` line that cannot be lent, which may end there.
    #[inline(always)]
    pub(crate) fn append_data<const LENDS: bool>(&mut self, piece: &[u8], last: bool, lent: &Lent<'_, LENDS>) -> bool {
        let can_lend = LENDS && last && self.line == 0 && !self.has_data;
        if can_lend || !lent.is_empty() || !self.append(Part::Data, piece) {
            return false;
        }
        if last {
            self.end_line(Part::Data);
        }
        true
    }

    /// Returns where further lines of data can be written, each with a line break before it.
    #[inline(always)]
    pub(crate) fn room(&mut self) -> Room<'_> {
        if self.lost {
            return Room(&mut []);
        }
        let back = self.committed.saturating_add(self.id).saturating_add(self.event_type);
        let bytes = self.buffer.bytes_mut();
        let end = bytes.len().saturating_sub(back);
        Room(bytes.get_mut(self.data..end).unwrap_or_default())
    }

    /// Puts so many bytes on the account that have been written to the room.
    #[inline(always)]
    pub(crate) fn extend_data(&mut self, len: usize) {
        self.data = self.data.saturating_add(len);
        self.block = self.block.saturating_add(len);
    }

    /// Takes a piece of a line's value, and ends the line if that was its `last`.
    pub(crate) fn take<'c, const LENDS: bool>(
        &mut self,
        part: Part,
        piece: &'c [u8],
        last: bool,
        lent: &mut Lent<'c, LENDS>,
    ) {
        let is_whole = last && self.line == 0;
        let gap = if self.line == 0 { self.gap(part) } else { 0 };
        self.line = self.line.saturating_add(piece.len());
        self.block = self.block.saturating_add(piece.len()).saturating_add(gap);
        let total = self.committed.saturating_add(self.block);
        let can_lend = LENDS && is_whole && !(part == Part::Data && self.has_data);
        if !self.lost && (total > self.limit() || !(can_lend || self.reserve(total))) {
            self.lose(piece.len(), lent);
        }
        if self.lost {
            return self.take_lost(part, piece, last, lent);
        }
        if can_lend {
            return self.lend(part, piece, lent);
        }
        self.keep(lent);
        self.write(part, piece);
        if last {
            self.end_line(part);
        }
    }

    /// The same once the event is lost: only an ID is kept, the rest is counted.
    fn take_lost<const LENDS: bool>(&mut self, part: Part, piece: &[u8], last: bool, lent: &mut Lent<'_, LENDS>) {
        if part == Part::Id {
            // An earlier one may be lent still: losing an event leaves its ID alone.
            let charge = self.id_charge(if LENDS { lent.id.map_or(0, <[u8]>::len) } else { 0 });
            let fits = charge <= self.limit() && self.reserve(charge);
            if fits {
                self.keep_id(lent);
                self.write(part, piece);
            }
            if last && fits {
                self.end_line(part);
            } else if last {
                self.uncount(part, lent);
                lent.id = None;
                self.remove(Part::Id);
                self.id = self.line;
                self.id_needed = charge;
                self.has_id = true;
            }
        } else if last && part == Part::Data {
            self.data = self.data.saturating_add(self.gap(part)).saturating_add(self.line);
            self.has_data = true;
        } else if last {
            self.uncount(part, lent);
            self.event_type = self.line;
        }
        if last {
            self.line = 0;
        }
    }

    /// Forgets the line in progress: it turned out to have no effect.
    pub(crate) fn forget_line(&mut self) {
        self.uncharge(self.line);
        self.line = 0;
    }

    /// Stores what the block has lent from the chunk, before that goes away.
    #[inline]
    pub(crate) fn keep<const LENDS: bool>(&mut self, lent: &mut Lent<'_, LENDS>) {
        if !lent.is_empty() {
            self.keep_all(lent);
        }
    }

    fn keep_all<const LENDS: bool>(&mut self, lent: &mut Lent<'_, LENDS>) {
        if !self.lost && !self.reserve(self.held()) {
            self.lose(0, lent);
        }
        self.keep_id(lent);
        if let Some(event_type) = lent.event_type.take() {
            self.event_type = event_type.len();
            self.id_is_inner = false;
            let start = self.start_of(Part::EventType);
            write(self.buffer.bytes_mut(), start, event_type);
        }
        if let Some(data) = lent.data.take() {
            self.data = data.len();
            write(self.buffer.bytes_mut(), 0, data);
        }
    }

    /// Stores the block's ID if it is lent.
    #[inline(always)]
    pub(crate) fn keep_id<const LENDS: bool>(&mut self, lent: &mut Lent<'_, LENDS>) {
        let Some(id) = lent.id.take().filter(|_| LENDS) else { return };
        // The room is made before the ID counts as kept, for what is kept moves when the buffer grows.
        let charge = self.held().saturating_add(if self.lost { id.len() } else { 0 });
        let has_room = self.reserve(charge);
        self.id = id.len();
        if has_room {
            self.id_is_inner = true;
            let start = self.start_of(Part::Id);
            write(self.buffer.bytes_mut(), start, id);
        } else {
            self.id_needed = charge;
        }
    }

    /// Leaves a whole value in the chunk.
    fn lend<'c, const LENDS: bool>(&mut self, part: Part, value: &'c [u8], lent: &mut Lent<'c, LENDS>) {
        self.uncount(part, lent);
        match part {
            Part::Data => {
                lent.data = Some(value);
                self.has_data = true;
            }
            Part::EventType => {
                self.remove(Part::EventType);
                lent.event_type = Some(value);
            }
            Part::Id => {
                self.remove(Part::Id);
                lent.id = Some(value);
                self.has_id = true;
            }
        }
        self.line = 0;
    }

    /// Writes a piece of the line in progress, which is counted already.
    fn write(&mut self, part: Part, piece: &[u8]) {
        let end = self.start_of_line(part).saturating_add(self.line);
        write(self.buffer.bytes_mut(), end.saturating_sub(piece.len()), piece);
    }

    /// Puts the finished line in progress into its place.
    #[inline(always)]
    fn end_line(&mut self, part: Part) {
        let from = self.start_of_line(part);
        self.uncount(part, &Lent::<false>::default());
        match part {
            Part::Data => {
                if self.has_data {
                    write(self.buffer.bytes_mut(), self.data, b"\n");
                }
                self.data = from.saturating_add(self.line);
                self.has_data = true;
            }
            Part::EventType => {
                self.remove(Part::EventType);
                self.event_type = self.line;
                self.id_is_inner = false;
            }
            Part::Id => {
                self.remove(Part::Id);
                self.id = self.line;
                self.has_id = true;
                self.id_is_inner = true;
            }
        }
        if part != Part::Data {
            let to = self.start_of(part);
            slide(self.buffer.bytes_mut(), from, to, self.line);
        }
        self.line = 0;
    }

    /// Gives the event up. Its lengths go on counting, with nothing behind them, and the line in progress, of which all
    /// but the `newest` bytes are stored, moves to the front.
    fn lose<const LENDS: bool>(&mut self, newest: usize, lent: &mut Lent<'_, LENDS>) {
        let stored = self.line.saturating_sub(newest);
        // Only an ID is worth moving, and it has no gap before it.
        slide(self.buffer.bytes_mut(), self.data, 0, stored);
        let len = |part: Option<&[u8]>| if LENDS { part.map_or(0, <[u8]>::len) } else { 0 };
        let event_type = self.event_type.saturating_add(len(lent.event_type.take()));
        self.remove(Part::EventType);
        self.event_type = event_type;
        self.data = self.data.saturating_add(len(lent.data.take()));
        self.lost = true;
    }
}

/// The account.
impl<B: Storage + ?Sized> Arena<B> {
    /// Takes a value off the account that the line in progress replaces.
    fn uncount<const LENDS: bool>(&mut self, part: Part, lent: &Lent<'_, LENDS>) {
        let (stored, lent) = match part {
            Part::Data => return,
            Part::EventType => (self.event_type, lent.event_type),
            Part::Id => (self.id, lent.id),
        };
        let lent = if LENDS { lent.map_or(0, <[u8]>::len) } else { 0 };
        self.uncharge(stored.saturating_add(lent));
    }

    #[cfg_attr(any(target_os = "none", sse_wire_small), inline(never))]
    fn uncharge(&mut self, len: usize) {
        self.peak = self.peak();
        self.block = self.block.saturating_sub(len);
    }

    /// Bytes that an ID line in progress needs when nothing else of the block is kept.
    pub(super) fn id_charge(&self, lent_id: usize) -> usize {
        self.committed.saturating_add(self.id).saturating_add(lent_id).saturating_add(self.line)
    }

    /// Bytes that have to be kept, without the line in progress if the event is lost.
    pub(super) fn held(&self) -> usize {
        self.committed.saturating_add(if self.lost { self.kept_id() } else { self.block })
    }
}
