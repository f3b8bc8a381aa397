//! What the user sees: events on standard output, everything else on standard error.

use serde_json::Value;
use sse_wire::{Event, Text};
use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

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
    let data = visible(event.data(), "\n    | ");
    format!("#{} {}  {data}\n", visible(event.last_event_id(), ""), visible(event.event_type(), ""))
}

/// Formats one object on one line, in the order in which the standard names the three.
fn as_json(event: &Event<'_>) -> String {
    let string = |text: Text<'_>| Value::from(text.to_string());
    let (event_type, id, data) = (event.event_type(), event.last_event_id(), event.data());
    format!("{{\"type\":{},\"id\":{},\"data\":{}}}\n", string(event_type), string(id), string(data))
}

/// Decodes a text and escapes its control characters, so that a server cannot move the cursor or fake an event of ours.
fn visible(text: Text<'_>, line_break: &str) -> String {
    let mut visible = String::new();
    for char in text.to_string().chars() {
        match char {
            '\n' => visible.push_str(line_break),
            _ if char.is_control() => visible.extend(char.escape_debug()),
            _ => visible.push(char),
        }
    }
    visible
}

/// Writes one line to standard error. (`eprintln!` would panic if nobody reads that any more.)
pub fn notice(what: impl Display) {
    let mut line = String::from("tail: ");
    let _ = writeln!(line, "{what}");
    let _ = io::stderr().write_all(line.as_bytes());
}

/// Writes the help to standard output.
pub fn help(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}
