//! What the server says, and the client must hear: events from number 1 on, each different from the one before.

use core::fmt::Write;
use sse_wire::{EventType, SliceWriter, event_type};

/// How many events there are.
pub const COUNT: u32 = 6000;

/// In the middle of this one the server closes the first connection.
pub const CUT: u32 = 3001;

/// The last event IDs that the four requests must bring, as numbers: at the start, after the cut, after a 503, after the
/// end.
pub const ASKED_FOR: [u32; 4] = [0, CUT - 1, CUT - 1, COUNT];

/// What the 503 asks for, in seconds.
pub const RETRY_AFTER: u32 = 5;

/// How long the client must wait between the four, in milliseconds: as event 3000 says, as the 503 says, as event 6000 says.
pub const WAITS: [u32; 3] = [3000, 1000 * RETRY_AFTER, 6000];

/// Where the server listens.
pub const PORT: u16 = 80;

/// No data is longer, in bytes.
pub const LONGEST: usize = 1200;

/// No ID is longer, in bytes.
pub const LONGEST_ID: usize = 10;

pub fn event_type(number: u32) -> Option<EventType<'static>> {
    match number % 3 {
        0 => None,
        1 => Some(event_type!("tick")),
        _ => Some(event_type!("température")),
    }
}

/// One event in four has no ID. Then the last event ID stays that of the event before.
pub fn has_id(number: u32) -> bool {
    number % 4 != 3
}

/// Some events set the reconnection time, in milliseconds.
pub fn retry(number: u32) -> Option<u64> {
    number.is_multiple_of(100).then_some(number.into())
}

/// Data of one to seven lines, some of them with leading spaces, and of characters of two bytes. There are always more than
/// 256 bytes, so that no event goes through a socket in one piece.
pub fn data<'m>(number: u32, line_break: &str, memory: &'m mut [u8; LONGEST]) -> &'m [u8] {
    written(memory, |out| {
        for line in 0..=number % 7 {
            let line_break = if line == 0 { "" } else { line_break };
            let (indent, width) = (line as usize % 3, (number as usize * 31 + line as usize * 17) % 60);
            let width = if line == 0 { width + 128 } else { width };
            write!(out, "{line_break}{:indent$}line {line} of event {number} {:·<width$}", "", "")?;
        }
        Ok(())
    })
}

/// An ID: the number of its event.
pub fn id(number: u32, memory: &mut [u8; LONGEST_ID]) -> &str {
    let id = written(memory, |out| write!(out, "{number}"));
    core::str::from_utf8(id).expect("digits")
}

/// Returns what is written.
pub fn written(memory: &mut [u8], write: impl FnOnce(&mut SliceWriter<'_>) -> core::fmt::Result) -> &[u8] {
    let mut out = SliceWriter::new(memory);
    write(&mut out).expect("room for all of it");
    out.into_written()
}
