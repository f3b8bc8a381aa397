//! The events, each a pure function of its number, which is its ID.
//!
//! So the log takes no memory, goes back as far as anyone asks, and survives a restart of the server. A real server would
//! look its events up in some store by the ID; the rest is the same.

use sse_wire::{DataWriter, EventId, EventType, Message, event_type};
use std::error::Error;
use std::fmt::{self, Write};

/// Constants are checked by the compiler; text that comes from elsewhere goes through `EventType::new`.
const TICK: EventType<'_> = event_type!("tick");
const LOG: EventType<'_> = event_type!("log");

/// Encodes the event with this number.
pub fn encode(number: u64) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let id = number.to_string();
    let json = format!(r#"{{"number":{number},"tags":["one line","of JSON"]}}"#);

    let message = Message::new().id(EventId::new(&id)?);
    let message = match number % 9 {
        // Without a type it is an event of the type `message`.
        1 => message.data("Hello, world"),
        2 => message.event(TICK).data(&json),
        // However a line ends here, the browser sees an LF: each break starts a new `data` line.
        3 => message.event(LOG).data("ended by LF\nended by CR\rended by CRLF\r\nended by LF, twice\n\nnot ended"),
        4 => message.data("   three spaces in front"),
        5 => message.event(LOG).data("Grüße, 世界 🌍"),
        // Empty data is an event all the same; a message without data is none.
        6 => message.event(TICK).data(""),
        7 => return Ok(report(message.event(LOG), number)?),
        // Text cannot break out of its `data` lines, whatever it looks like.
        8 => message.data("event: tick\nid: 999\ndata: all of this is data\n\n: even this"),
        _ => message.event(LOG).data("a line break at the end\n"),
    };
    let mut bytes = vec![0; message.encoded_len()];
    message.encode(&mut bytes)?;
    Ok(bytes)
}

/// Encodes an event whose data is formatted straight into its lines, in pieces that end anywhere.
fn report(message: Message<'_>, number: u64) -> Result<Vec<u8>, fmt::Error> {
    let mut stream = String::new();
    let mut data = DataWriter::new(&mut stream, message)?;
    write!(data, "Report {number}:\r")?;
    // This LF belongs to that CR: together they are one line break.
    write!(data, "\n0x{number:04x} is {number:>6}")?;
    data.finish()?;
    Ok(stream.into_bytes())
}

/// Reads a number back from the ID that a client has sent, if this is how one of ours is written.
pub fn number(id: EventId<'_>) -> Option<u64> {
    let text = id.as_text().to_str().ok()?;
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}
