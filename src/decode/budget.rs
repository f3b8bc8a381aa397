//! What an event needs: two sums that only grow.
//!
//! The rule is told at [`Parser`](crate::Parser#memory). Because the sums only grow, they are equal for every chunking, and
//! an event is lost exactly if its sum is over the limit. (`Growing` lowers its limit until the event ends if the allocator
//! refuses memory.)

/// Adds up what the block in progress needs of the buffer, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    /// The last event ID before the block, and the values of all its `id` lines.
    ids: usize,
    /// The values of all its `event` and `data` lines, and one byte for each line break between two `data` lines.
    rest: usize,
}

impl Budget {
    /// Starts a block, with the length of the last event ID before it.
    pub(super) const fn new(last_event_id: usize) -> Self {
        Self { ids: last_event_id, rest: 0 }
    }

    /// Adds a part of a type or of data.
    pub(super) const fn charge(&mut self, len: usize) {
        self.rest = self.rest.saturating_add(len);
    }

    /// Adds a part of an ID.
    pub(super) const fn charge_id(&mut self, len: usize) {
        self.ids = self.ids.saturating_add(len);
    }

    /// Returns what the IDs need without the rest of the event.
    pub(super) const fn ids(&self) -> usize {
        self.ids
    }

    /// Returns what the whole event needs.
    pub(super) const fn event(&self) -> usize {
        self.ids.saturating_add(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up() {
        let mut budget = Budget::new(3);
        assert_eq!((budget.ids(), budget.event()), (3, 3));
        budget.charge(10);
        assert_eq!((budget.ids(), budget.event()), (3, 13));
        budget.charge_id(5);
        assert_eq!((budget.ids(), budget.event()), (8, 18));
    }

    /// A sum that wrapped would let a huge event fit. A saturated one is over every limit but `usize::MAX`.
    #[test]
    fn stops_at_the_largest_number() {
        let mut budget = Budget::new(usize::MAX - 1);
        budget.charge_id(2);
        assert_eq!((budget.ids(), budget.event()), (usize::MAX, usize::MAX));
        let mut budget = Budget::new(1);
        budget.charge(usize::MAX - 1);
        budget.charge(1);
        assert_eq!((budget.ids(), budget.event()), (1, usize::MAX));
    }
}
