//! The parser's part: bytes in, events out.

use crate::Failure;
use crate::print::notice;
use sse_wire::{End, Event, Field, Overflow, Parser, Text, Token, Tokenizer};
use std::io::{self, ErrorKind, Read};

/// What is done with each event.
pub type OnEvent<'a> = &'a mut dyn FnMut(&Event<'_>) -> io::Result<()>;

/// Hands on each event as soon as it is complete, until the stream ends.
///
/// Without the messages, this is all that it takes to use the parser.
pub fn read_events(
    mut stream: impl Read,
    parser: &mut Parser<&mut [u8]>,
    contents: &mut Contents,
    on_event: OnEvent<'_>,
) -> Result<(), Failure> {
    let mut buffer = [0; 4096];
    loop {
        let mut chunk = match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(len) => &buffer[..len],
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failure::unreadable(error)),
        };
        contents.add(chunk);
        while let Some(event) = parser.next(&mut chunk) {
            match event {
                Ok(event) => contents.deliver(&event, on_event)?,
                // One event did not fit. The parser is behind it already and goes on.
                Err(overflow) => contents.skip(overflow, parser.last_event_id()),
            }
        }
    }
}

/// Says where in the format a stream was cut off, if it was.
pub fn cut(end: End<'_>) -> Option<&'static str> {
    match end {
        End::Clean => None,
        End::Unfinished(rest) if !rest.is_mid_event() => Some("mid-line"),
        End::Unfinished(rest) if !rest.is_mid_line() => Some("mid-event"),
        End::Unfinished(_) => Some("mid-line and mid-event"),
    }
}

/// What one stream has held so far, so that an error page is not taken for a stream in which nothing happens.
pub struct Contents {
    limit: usize,
    bytes: u64,
    events: u64,
    /// Finds out whether any line means anything.
    tokenizer: Tokenizer,
    is_event_stream: bool,
}

impl Contents {
    /// Nothing yet, of a stream whose events may take `limit` bytes each.
    pub const fn new(limit: usize) -> Self {
        Self { limit, bytes: 0, events: 0, tokenizer: Tokenizer::new(), is_event_stream: false }
    }

    /// Takes note of bytes.
    pub fn add(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        // A blank line means something only behind another one, and an unknown one nothing.
        let is_known = |token| matches!(token, Token::Value { field, .. } if field != Field::Unknown);
        self.is_event_stream = self.is_event_stream || self.tokenizer.tokens(chunk).any(is_known);
    }

    /// Hands on an event.
    pub fn deliver(&mut self, event: &Event<'_>, on_event: OnEvent<'_>) -> Result<(), Failure> {
        self.events += 1;
        on_event(event).map_err(Failure::Output)
    }

    /// Tells the user of an event that did not fit.
    pub fn skip(&mut self, overflow: Overflow, last_event_id: Text<'_>) {
        self.events += 1;
        let (needed, limit) = (overflow.needed, self.limit);
        let id_lost = if overflow.id_lost { "its ID is lost, too, and " } else { "" };
        let id = match last_event_id.is_empty() {
            true => "there is no event ID".to_owned(),
            false => format!("the last event ID is {last_event_id:?}"),
        };
        notice(format_args!(
            "event lost: it needs {needed} bytes and the limit is {limit} (--buffer {needed} would do); {id_lost}{id}"
        ));
    }

    /// Complains of a stream that has ended without any event, or was cut off there. An empty one is fine.
    pub fn complaint(&self, cut: Option<&str>) -> Option<String> {
        let bytes = if self.bytes == 1 { "1 byte".to_owned() } else { format!("{} bytes", self.bytes) };
        match cut {
            Some(place) if self.has_events() => {
                Some(format!("the stream ended {place}: what it left unfinished is no event"))
            }
            _ if self.has_events() || self.bytes == 0 => None,
            _ if !self.is_event_stream => Some(format!("no events in {bytes}; this is not an event stream")),
            Some(place) => Some(format!("no events in {bytes}; the stream ended {place}")),
            None => Some(format!("no events in {bytes}")),
        }
    }

    /// Whether there was any event, be it one that did not fit.
    pub const fn has_events(&self) -> bool {
        self.events > 0
    }

    /// Whether any line had a meaning.
    pub const fn is_event_stream(&self) -> bool {
        self.is_event_stream
    }
}
