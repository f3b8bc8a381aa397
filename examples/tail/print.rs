//! What the user sees: events on standard output, everything else on standard error.
//!
//! Nothing here reaches the terminal with its control characters, for they could move the cursor or fake a line of ours.

use serde_json::Value;
use sse_wire::{Event, Text};
use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

/// What stands before each further line of what takes several.
const NEXT_LINE: &str = "\n    | ";

/// Makes the function that prints events, in one of the two formats.
pub fn printer(json: bool) -> impl FnMut(&Event<'_>) -> io::Result<()> {
    let format = if json { as_json } else { as_text };
    let mut stdout = io::stdout();
    move |event| {
        stdout.write_all(format(event).as_bytes())?;
        // Whoever reads the pipe wants each event now, not when some buffer is full.
        stdout.flush()
    }
}

/// Formats `#7 tick  the data`, with each further line of data on a line that starts with a space.
fn as_text(event: &Event<'_>) -> String {
    let [id, event_type, data] = [event.last_event_id(), event.event_type(), event.data()].map(visible);
    format!("#{id} {event_type}  {data}\n")
}

/// Formats one object on one line, in the order in which the standard names the three.
fn as_json(event: &Event<'_>) -> String {
    let [event_type, id, data] = [event.event_type(), event.last_event_id(), event.data()].map(json_string);
    format!("{{\"type\":{event_type},\"id\":{id},\"data\":{data}}}\n")
}

fn json_string(text: Text<'_>) -> String {
    let mut string = String::new();
    for char in Value::from(text.to_string()).to_string().chars() {
        // JSON itself escapes no control characters but the first 32.
        if char.is_control() {
            let _ = write!(string, "\\u{:04x}", u32::from(char));
        } else {
            string.push(char);
        }
    }
    string
}

/// Escapes control characters, and marks each line but the first.
fn visible(text: impl Display) -> String {
    let mut visible = String::new();
    for char in text.to_string().chars() {
        match char {
            '\n' => visible.push_str(NEXT_LINE),
            _ if char.is_control() => visible.extend(char.escape_debug()),
            _ => visible.push(char),
        }
    }
    visible
}

/// Writes a message to standard error. (`eprintln!` would panic if nobody reads that any more.)
pub fn notice(what: impl Display) {
    let _ = io::stderr().write_all(format!("tail: {}\n", visible(what)).as_bytes());
}

/// Writes the help to standard output.
pub fn help(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}
