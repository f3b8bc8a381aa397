//! Where the bytes of the block in progress lie in the caller's one buffer.
//!
//! ```text
//! [ data | value in progress →        free        ← ID ← event type ← … | last event ID ]
//! ```
//!
//! * Data starts at the front, only grows, and never moves. A value whose line has not ended is written behind it; a further
//!   `data` line leaves room for a line break in between.
//! * When a `data` line ends, its value is in its place already. When an `event` or `id` line ends, its value moves to the
//!   back, once. A value that it replaces stays where it is, unused. The [`budget`](super::budget) counts it, and moving the
//!   other values for every such line would take quadratic time.
//! * Places at the back are counted from the start of the last event ID, so they stay right when the buffer grows.
//!
//! This file decides nothing. The caller asks only for what fits, and knows that from the budget, which is never less than
//! what is used here.

use crate::bytes::{copy, copy_short, copy_within, window, write_at, write_slab};
use crate::scan::{LF, SLAB};
use crate::storage::Storage;

/// Holds what is stored of the block in progress, and the last event ID.
#[derive(Clone)]
pub(super) struct Regions<B: ?Sized> {
    /// Length of the data, with its inner line breaks.
    data_len: usize,
    /// Length of the value in progress.
    value_len: usize,
    event_type: Span,
    id: Span,
    /// Length of the last event ID.
    last_event_id_len: usize,
    buffer: B,
}

/// A value at the back.
#[derive(Clone, Copy)]
struct Span {
    /// How far its first byte is before the last event ID.
    distance: usize,
    len: usize,
}

impl Span {
    const EMPTY: Self = Self { distance: 0, len: 0 };
}

/// Free memory behind the data, for further lines of it.
pub(super) struct Room<'b>(&'b mut [u8]);

impl Room<'_> {
    #[inline(always)]
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes a line break and a line, and returns whether there was room for both. Without room it changes nothing.
    #[inline(always)]
    pub(super) fn append_line(&mut self, line: &[u8]) -> bool {
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

    /// Writes a line break and a slab whose first `len` bytes are a line, and returns whether there was room for all of it.
    /// Without room it changes nothing.
    #[inline(always)]
    pub(super) fn append_slab(&mut self, slab: &[u8; SLAB], len: usize) -> bool {
        if self.0.len() <= SLAB {
            return false;
        }
        let Some((line_break, free)) = core::mem::take(&mut self.0).split_first_mut() else { return false };
        *line_break = LF;
        self.0 = write_slab(slab, len, free).unwrap_or_default();
        true
    }
}

impl<B> Regions<B> {
    // Each call that is not inlined may copy the buffer on the stack.
    #[inline(always)]
    pub(super) const fn new(buffer: B) -> Self {
        Self { data_len: 0, value_len: 0, event_type: Span::EMPTY, id: Span::EMPTY, last_event_id_len: 0, buffer }
    }

    pub(super) fn into_buffer(self) -> B {
        self.buffer
    }
}

impl<B: Storage + ?Sized> Regions<B> {
    pub(super) fn limit(&self) -> usize {
        self.buffer.limit()
    }

    pub(super) fn data(&self) -> &[u8] {
        window(self.buffer.bytes(), 0, self.data_len)
    }

    pub(super) fn event_type(&self) -> &[u8] {
        self.at_back(self.event_type)
    }

    pub(super) fn id(&self) -> &[u8] {
        self.at_back(self.id)
    }

    pub(super) fn last_event_id(&self) -> &[u8] {
        window(self.buffer.bytes(), self.back(0), self.last_event_id_len)
    }

    pub(super) const fn last_event_id_len(&self) -> usize {
        self.last_event_id_len
    }

    /// Returns the value in progress, which starts behind the data and `line_break` bytes.
    pub(super) fn value(&self, line_break: usize) -> &[u8] {
        window(self.buffer.bytes(), self.data_len.saturating_add(line_break), self.value_len)
    }

    pub(super) const fn value_len(&self) -> usize {
        self.value_len
    }

    fn at_back(&self, span: Span) -> &[u8] {
        window(self.buffer.bytes(), self.back(span.distance), span.len)
    }

    /// Returns the index that is `distance` bytes before the last event ID.
    fn back(&self, distance: usize) -> usize {
        self.buffer.bytes().len().saturating_sub(self.last_event_id_len).saturating_sub(distance)
    }

    /// Returns how many bytes before the last event ID are taken, unused values among them: the value that came last lies
    /// furthest out.
    fn back_len(&self) -> usize {
        self.event_type.distance.max(self.id.distance)
    }

    /// Makes the buffer at least `len` bytes long, and returns whether that worked.
    #[inline(always)]
    pub(super) fn reserve(&mut self, len: usize) -> bool {
        !B::GROWS || len <= self.buffer.bytes().len() || self.grow(len)
    }

    #[inline(never)]
    fn grow(&mut self, len: usize) -> bool {
        let before = self.buffer.bytes().len();
        let has_grown = self.buffer.grow(len);
        let back = self.last_event_id_len.saturating_add(self.back_len());
        let after = self.buffer.bytes().len();
        copy_within(self.buffer.bytes_mut(), before.saturating_sub(back), after.saturating_sub(back), back);
        has_grown
    }

    /// Counts a piece of the value in progress, and stores nothing of it.
    #[inline(always)]
    pub(super) fn skip(&mut self, len: usize) {
        self.value_len = self.value_len.saturating_add(len);
    }

    /// Appends a piece to the value in progress, which starts behind the data and `line_break` bytes.
    #[inline(always)]
    pub(super) fn append(&mut self, line_break: usize, piece: &[u8]) {
        // What is stored is no longer than the buffer, so this is no more than its length.
        let start = self.data_len.wrapping_add(line_break).wrapping_add(self.value_len);
        write_at(self.buffer.bytes_mut(), start, piece);
        self.skip(piece.len());
    }

    /// Makes the value in progress a line of the data, and writes the line break before it if it has one.
    #[inline(always)]
    pub(super) fn end_data(&mut self, line_break: usize) {
        if line_break > 0 {
            write_at(self.buffer.bytes_mut(), self.data_len, &[LF]);
        }
        self.data_len = self.data_len.saturating_add(line_break).saturating_add(self.value_len);
        self.value_len = 0;
    }

    /// Makes the value in progress the event type.
    pub(super) fn end_event_type(&mut self) {
        self.event_type = self.move_value_to_back();
    }

    /// Makes the value in progress the ID.
    pub(super) fn end_id(&mut self) {
        self.id = self.move_value_to_back();
    }

    #[inline(never)]
    fn move_value_to_back(&mut self) -> Span {
        let span = Span { distance: self.back_len().saturating_add(self.value_len), len: self.value_len };
        let to = self.back(span.distance);
        copy_within(self.buffer.bytes_mut(), self.data_len, to, span.len);
        self.value_len = 0;
        span
    }

    /// Forgets the value in progress.
    pub(super) fn drop_value(&mut self) {
        self.value_len = 0;
    }

    /// Stores the parts of a block, of which nothing is stored yet.
    #[inline(always)]
    pub(super) fn store(&mut self, event_type: Option<&[u8]>, id: Option<&[u8]>, data: Option<&[u8]>) {
        if let Some(event_type) = event_type {
            self.event_type = self.store_at_back(event_type);
        }
        if let Some(id) = id {
            self.id = self.store_at_back(id);
        }
        if let Some(data) = data {
            self.data_len = data.len();
            write_at(self.buffer.bytes_mut(), 0, data);
        }
    }

    fn store_at_back(&mut self, value: &[u8]) -> Span {
        let span = Span { distance: self.back_len().saturating_add(value.len()), len: value.len() };
        let start = self.back(span.distance);
        write_at(self.buffer.bytes_mut(), start, value);
        span
    }

    /// Returns how many bytes there are in all.
    pub(super) fn len(&self) -> usize {
        self.buffer.bytes().len()
    }

    /// Lends the first `len` bytes behind the data, which are free.
    #[inline(always)]
    pub(super) fn room(&mut self, len: usize) -> Room<'_> {
        Room(self.buffer.bytes_mut().get_mut(self.data_len..).and_then(|free| free.get_mut(..len)).unwrap_or_default())
    }

    /// Makes `len` bytes that have been written to the [`room`](Self::room) part of the data.
    #[inline(always)]
    pub(super) fn extend_data(&mut self, len: usize) {
        self.data_len = self.data_len.saturating_add(len);
    }

    /// Drops data and event type, and all that is unused. The ID moves next to the last event ID, and the value in progress,
    /// which is worth keeping only if it is an ID, to the front.
    #[inline(never)]
    pub(super) fn drop_all_but_ids(&mut self) {
        copy_within(self.buffer.bytes_mut(), self.data_len, 0, self.value_len);
        self.data_len = 0;
        self.event_type = Span::EMPTY;
        let (from, to) = (self.back(self.id.distance), self.back(self.id.len));
        copy_within(self.buffer.bytes_mut(), from, to, self.id.len);
        self.id.distance = self.id.len;
    }

    /// Makes the ID the last event ID. Only [`clear`](Self::clear) may follow, because the event type may be overwritten.
    pub(super) fn commit_id(&mut self) {
        let from = self.back(self.id.distance);
        self.last_event_id_len = self.id.len;
        let to = self.back(0);
        copy_within(self.buffer.bytes_mut(), from, to, self.last_event_id_len);
    }

    /// Makes these bytes the last event ID. The caller has made sure that nothing else lies in their place.
    #[inline(always)]
    pub(super) fn set_last_event_id(&mut self, id: &[u8]) {
        self.last_event_id_len = id.len();
        let start = self.back(0);
        if let Some(place) = self.buffer.bytes_mut().get_mut(start..) {
            copy_short(id, place);
        }
    }

    /// Replaces the last event ID and keeps all else.
    pub(super) fn replace_last_event_id(&mut self, id: &[u8]) {
        let back = self.back_len();
        let from = self.back(back);
        self.last_event_id_len = id.len();
        let to = self.back(back);
        copy_within(self.buffer.bytes_mut(), from, to, back);
        self.set_last_event_id(id);
    }

    /// Drops all but the last event ID.
    #[inline(always)]
    pub(super) fn clear(&mut self) {
        self.data_len = 0;
        self.value_len = 0;
        self.event_type = Span::EMPTY;
        self.id = Span::EMPTY;
        self.give_back();
    }

    /// Gives back memory that only a larger event needed, while nothing but the last event ID is stored.
    #[inline(always)]
    pub(super) fn give_back(&mut self) {
        if B::GROWS {
            self.shrink();
        }
    }

    #[inline(never)]
    fn shrink(&mut self) {
        let len = self.last_event_id_len;
        let idle = self.buffer.idle_len(len);
        let (from, to) = (self.back(0), idle.saturating_sub(len));
        copy_within(self.buffer.bytes_mut(), from, to, len);
        self.buffer.shrink(idle);
    }
}
