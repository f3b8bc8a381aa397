//! What the user sees: events on standard output, everything else on standard error; on a terminal, below all that, a line
//! that tells how things stand.
//!
//! Nothing here reaches the terminal with its control characters, for they could move the cursor or fake a line of ours.

use serde_json::Value;
use sse_wire::{Event, Text};
use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write as _};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What stands before each further line of what takes several.
const NEXT_LINE: &str = "\n    | ";

/// Makes the function that prints events, in one of the two formats.
pub fn printer(json: bool) -> impl FnMut(&Event<'_>) -> io::Result<()> {
    let format = if json { as_json } else { as_text };
    let mut stdout = io::stdout();
    move |event| {
        erase_status();
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
    erase_status();
    let _ = io::stderr().write_all(format!("tail: {}\n", visible(what)).as_bytes());
}

/// Whether the user sees nothing but what we write, and sees it now. Whoever reads our output in a pipe may write to the
/// same terminal, and we would not know when.
static IS_LIVE: LazyLock<bool> = LazyLock::new(|| {
    let is_dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    io::stdout().is_terminal() && io::stderr().is_terminal() && !is_dumb
});

/// Whether the terminal shows a status: the cursor stands behind it.
static HAS_STATUS: AtomicBool = AtomicBool::new(false);

/// Shows a line on the terminal, in place of the last one, until something else is printed.
pub fn show_status(what: impl Display) {
    const NO_WRAP: &str = "\x1B[?7l";
    const WRAP: &str = "\x1B[?7h";
    const CHARS: usize = 200;

    if *IS_LIVE {
        // A line that is too long is cut off: it must not become two, for we erase one.
        let line: String = visible(what).chars().filter(|char| *char != '\n').take(CHARS).collect();
        let _ = io::stderr().write_all(format!("{ERASE}{NO_WRAP}tail: {line}{WRAP}").as_bytes());
        HAS_STATUS.store(true, Ordering::Relaxed);
    }
}

/// Clears the line, and puts the cursor where it begins.
const ERASE: &str = "\r\x1B[K";

/// Takes the status off the terminal, if there is one.
pub fn erase_status() {
    if HAS_STATUS.swap(false, Ordering::Relaxed) {
        let _ = io::stderr().write_all(ERASE.as_bytes());
    }
}

/// Writes the help to standard output.
pub fn help(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}
