//! What the end of a stream leaves.

use super::event::Event;
use super::name::Field;
use crate::error::Overflow;
use crate::text::Text;

/// Says what the end of the stream left unfinished: see [`Parser::end`](crate::Parser::end).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum End<'p> {
    /// Nothing waited for more.
    Clean,
    /// The stream stopped inside a line, or inside a block, or both.
    Unfinished(Unfinished<'p>),
}

/// Shows what the end of the stream cut off. By the standard all of it is to be discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unfinished<'p> {
    pub(super) event: Option<Event<'p>>,
    pub(super) line: Option<(Field, Text<'p>)>,
    pub(super) overflow: Option<Overflow>,
    pub(super) is_mid_line: bool,
    pub(super) is_mid_event: bool,
}

impl<'p> Unfinished<'p> {
    /// Returns whether the last line had begun and its end had not arrived.
    pub const fn is_mid_line(&self) -> bool {
        self.is_mid_line
    }

    /// Returns whether complete lines had set data, an ID or an event type, and the blank line had not arrived.
    pub const fn is_mid_event(&self) -> bool {
        self.is_mid_event
    }

    /// Returns the event that a blank line would have completed: what the complete lines say, if there was a `data` line
    /// among them and it was not lost.
    ///
    /// **This is outside the standard**, which discards it. It is here for servers that omit the last blank line.
    pub const fn event(&self) -> Option<Event<'p>> {
        self.event
    }

    /// Returns the field of the line that was cut off, if it was `data`, `event` or `id` and got beyond its colon, with
    /// what had arrived of its value.
    ///
    /// **This is outside the standard**, which discards it. It is here for servers that omit even the last line end.
    pub const fn line(&self) -> Option<(Field, Text<'p>)> {
        self.line
    }

    /// Returns the report of the event in progress if it was lost already. `needed` is what its bytes so far needed.
    pub const fn overflow(&self) -> Option<Overflow> {
        self.overflow
    }
}
