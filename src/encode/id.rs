//! The ID of a message, as text or as a number.

use super::parts::Digits;
use crate::event_id::EventId;
use core::fmt;
use core::hash::{Hash, Hasher};

/// An ID. A number is the ID that has its decimal digits as text, and is equal to that.
#[derive(Clone, Copy)]
pub(super) enum Id<'a> {
    Text(EventId<'a>),
    Number(Number),
}

/// A `u64`. On 32-bit processors it needs no alignment of eight bytes, which would make a message eight bytes larger.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_pointer_width = "64"), repr(packed(4)))]
pub(super) struct Number(u64);

impl Number {
    pub(super) const fn new(number: u64) -> Self {
        Self(number)
    }

    pub(super) const fn get(self) -> u64 {
        self.0
    }
}

impl Id<'_> {
    /// Calls a function with the ID as text.
    fn with_text<R>(self, use_text: impl FnOnce(EventId<'_>) -> R) -> R {
        match self {
            Self::Text(id) => use_text(id),
            Self::Number(number) => {
                let (mut text, digits) = ([0; Digits::MOST], Digits::of(number.get()));
                let len = digits.len();
                text.iter_mut().zip(digits.flatten()).for_each(|(place, digit)| *place = *digit);
                use_text(EventId::trusted(text.get(..len).unwrap_or_default()))
            }
        }
    }
}

impl PartialEq for Id<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.with_text(|id| other.with_text(|other| id == other))
    }
}

impl Eq for Id<'_> {}

impl Hash for Id<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.with_text(|id| id.hash(state));
    }
}

impl fmt::Debug for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|id| id.fmt(f))
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Id<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.with_text(|id| id.format(f));
    }
}
