//! What the end of a stream leaves unfinished.

use super::event::Event;
use super::field::Field;
use crate::error::Overflow;
use crate::text::Text;

/// Says what the end of the stream left unfinished: see [`Parser::end`](crate::Parser::end).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum End<'p> {
    /// Nothing was unfinished.
    Clean,
    /// The stream stopped within a line, within a block, or both.
    Unfinished(Unfinished<'p>),
}

/// Shows what the end of the stream cut off. The standard discards all of it.
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
    /// Returns whether a line had begun whose end had not arrived.
    pub const fn is_mid_line(&self) -> bool {
        self.is_mid_line
    }

    /// Returns whether complete lines had set data, an ID or an event type, and no blank line had followed.
    pub const fn is_mid_event(&self) -> bool {
        self.is_mid_event
    }

    /// Returns the event that a blank line would have completed: what the complete lines say, if one of them is a `data`
    /// line and the event is not lost.
    ///
    /// **This is outside the standard**, which discards it. Use it for servers that omit the last blank line.
    pub const fn event(&self) -> Option<Event<'p>> {
        self.event
    }

    /// Returns the field of the line that was cut off and what had arrived of its value, if the field is `data`, `event` or
    /// `id`, its colon had arrived, and the value is not lost. An ID with a NUL is never shown, since it has no effect.
    ///
    /// **This is outside the standard**, which discards it. Use it for servers that omit even the last line end.
    pub const fn line(&self) -> Option<(Field, Text<'p>)> {
        self.line
    }

    /// Returns the report of the event in progress, if it is lost already. `needed` is the sum over the bytes that had
    /// arrived. It need not come to a report: without a `data` line, a blank line reports only the loss of an ID.
    pub const fn overflow(&self) -> Option<Overflow> {
        self.overflow
    }
}
