//! What the tests share: a stream and what it says, a server that cuts it badly, a client without a library, and traffic.

#![allow(dead_code, reason = "each test uses a part")]

pub mod http;
pub mod misbehaving;
pub mod net;
pub mod script;
pub mod server;
pub mod stacks;
pub mod traffic;

use sse_wire::{Event, Overflow};

/// What a reader makes of a block of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Event { event_type: String, data: String, id: String },
    Lost { needed: usize },
}

impl Seen {
    pub fn event(event_type: &str, data: &str, id: &str) -> Self {
        Self::Event { event_type: event_type.into(), data: data.into(), id: id.into() }
    }
}

impl From<Result<Event<'_>, Overflow>> for Seen {
    fn from(result: Result<Event<'_>, Overflow>) -> Self {
        match result {
            Ok(event) => Self::Event {
                event_type: event.event_type().to_string(),
                data: event.data().to_string(),
                id: event.last_event_id().to_string(),
            },
            Err(overflow) => Self::Lost { needed: overflow.needed },
        }
    }
}
