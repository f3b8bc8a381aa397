//! A block that lies in the chunk with all its lines.

use super::budget::Budget;
use crate::scan::has_nul;

/// Holds what the lines of a block say, as slices of the chunk, and what the block needs.
#[derive(Clone, Copy)]
pub(super) struct Borrowed<'c> {
    pub(super) event_type: Option<&'c [u8]>,
    pub(super) id: Option<&'c [u8]>,
    pub(super) data: Option<&'c [u8]>,
    pub(super) budget: Budget,
}

impl<'c> Borrowed<'c> {
    /// Starts a block with the budget of a fresh one.
    pub(super) const fn new(budget: Budget) -> Self {
        Self { event_type: None, id: None, data: None, budget }
    }

    #[inline(always)]
    pub(super) fn set_data(&mut self, value: &'c [u8]) {
        self.budget.charge(value.len());
        self.data = Some(value);
    }

    #[inline(always)]
    pub(super) fn set_event_type(&mut self, value: &'c [u8]) {
        self.budget.charge(value.len());
        self.event_type = Some(value);
    }

    /// An ID with a NUL needs its room, but has no effect: see `Block::take` (6).
    #[inline(always)]
    pub(super) fn set_id(&mut self, value: &'c [u8]) {
        self.budget.charge_id(value.len());
        if !has_nul(value) {
            self.id = Some(value);
        }
    }

    /// Returns whether no line has set anything, so that the budget is still the `fresh` one.
    pub(super) fn is_empty(&self, fresh: Budget) -> bool {
        self.event_type.is_none() && self.id.is_none() && self.data.is_none() && self.budget == fresh
    }
}
