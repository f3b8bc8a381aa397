//! Writes messages through the doors of the encoder, and reads them back.

use crate::{Mistake, expect};
use core::fmt::Write;
use sse_wire::{DataLines, DataWriter, End, Event, EventId, EventType, Message, Parser, Progress, SliceWriter};

/// Streams of so many bytes or fewer are made messages of.
pub const LONGEST: usize = 128;

/// Every message goes through windows of each size up to this.
pub const WINDOWS: usize = 64;

/// No larger reconnection time is written.
const MAX_RETRY: u64 = 2_147_483_647;

/// What a message says.
#[derive(Default)]
pub struct Said<'a> {
    event_type: Option<&'a [u8]>,
    id: Option<&'a [u8]>,
    retry: Option<u64>,
    comment: Option<&'a [u8]>,
    data: Option<&'a [u8]>,
}

impl<'a> Said<'a> {
    /// Says a stream, which is full of line breaks, and of lines that must not become lines. The bits of `parts` tell
    /// which parts the message has.
    pub fn new(stream: &'a [u8], parts: usize) -> Self {
        let line = stream.split(|byte| b"\r\n\0".contains(byte)).next().unwrap_or_default();
        Self {
            event_type: (parts & 1 != 0).then_some(line),
            id: (parts & 2 != 0).then_some(line),
            retry: (parts & 4 != 0).then_some(u64::MAX >> (stream.len() % 64)),
            comment: (parts & 8 != 0).then_some(stream),
            data: (parts & 16 != 0).then_some(stream),
        }
    }

    fn message(&self) -> Message<'a> {
        let mut message = Message::new();
        if let Some(event_type) = self.event_type {
            message = message.event(EventType::from_bytes(event_type).expect("a line"));
        }
        if let Some(id) = self.id {
            message = message.id(EventId::from_bytes(id).expect("an ID"));
        }
        if let Some(retry) = self.retry {
            message = message.retry(retry);
        }
        if let Some(comment) = self.comment {
            message = message.comment_bytes(comment);
        }
        if let Some(data) = self.data {
            message = message.data_bytes(data);
        }
        message
    }
}

/// Writes it through every door, which must all write the same, and reads that back.
pub fn write(said: &Said<'_>, memory: &mut [u8]) -> Result<(), Mistake> {
    let (out, memory) = memory.split_at_mut(memory.len() / 2);
    let message = said.message();
    let len = message.encoded_len();
    if let Some(size) = len.checked_sub(1) {
        expect(message.encode(&mut out[..size]).is_err_and(|error| error.needed == len), "it fits where it cannot")?;
    }
    expect(message.encode(&mut out[..len]) == Ok(len), "it does not fit where it must")?;
    let bytes = &out[..len];

    let mut rest = bytes;
    for segment in message.segments() {
        rest = rest.strip_prefix(segment).ok_or("the segments are other bytes")?;
    }
    expect(rest.is_empty(), "the segments are fewer bytes")?;

    for size in 1..=WINDOWS {
        through_windows(said, bytes, size, memory)?;
    }

    let Some(data) = said.data else { return Ok(()) };
    let head = Said { data: None, ..*said }.message();
    for size in [1, data.len().max(1)] {
        let mut lines = DataLines::new();
        let mut rest = bytes;
        let mut write = |segment: &[u8]| {
            rest = rest.strip_prefix(segment).ok_or("DataLines makes other bytes")?;
            Ok(())
        };
        lines.head(&head).try_for_each(&mut write)?;
        data.chunks(size).try_for_each(|piece| lines.segments(piece).try_for_each(&mut write))?;
        write(lines.finish())?;
        expect(rest.is_empty(), "DataLines makes fewer bytes")?;
    }
    if let Ok(text) = core::str::from_utf8(data) {
        let mut writer = DataWriter::new(SliceWriter::new(memory), head).map_err(|_| "no room for the head")?;
        writer.write_str(text).map_err(|_| "no room for the data")?;
        expect(writer.finish().is_ok_and(|out| out.written() == bytes), "a DataWriter writes other bytes")?;

        let mut writer = DataWriter::new(SliceWriter::new(memory), head).map_err(|_| "no room for the head")?;
        text.chars().try_for_each(|char| writer.write_char(char)).map_err(|_| "no room for the data")?;
        expect(
            writer.finish().is_ok_and(|out| out.into_written() == bytes),
            "one for each character writes other bytes",
        )?;
    }
    Ok(())
}

/// Writes IDs that are numbers, of every number of digits, and their digits as text. Returns how many.
pub fn write_numbers() -> Result<usize, Mistake> {
    let mut count = 0;
    for number in core::iter::successors(Some(u64::MAX), |&number| (number > 0).then_some(number / 7)) {
        let mut memory = [0; 20];
        let mut digits = SliceWriter::new(&mut memory);
        write!(digits, "{number}").map_err(|_| "a number has more than 20 digits")?;
        let id = EventId::from_bytes(digits.into_written()).map_err(|_| "digits are no ID")?;
        let (by_number, by_text) = (Message::new().id_number(number), Message::new().id(id));
        expect(by_number == by_text, "a number is another ID than its digits")?;
        let (mut out, mut expected) = ([0; 32], [0; 32]);
        expect(by_number.encode(&mut out) == by_text.encode(&mut expected), "a number has another length")?;
        expect(out == expected, "a number has other digits")?;
        let mut rest = &expected[..by_text.encoded_len()];
        for segment in by_number.segments() {
            rest = rest.strip_prefix(segment).ok_or("the segments of a number are other bytes")?;
        }
        expect(rest.is_empty(), "the segments of a number are fewer bytes")?;
        count += 1;
    }
    Ok(count)
}

/// From a window to the parser, again and again, and nothing is kept of it.
fn through_windows(said: &Said<'_>, bytes: &[u8], size: usize, memory: &mut [u8]) -> Result<(), Mistake> {
    let mut memory_of_window = [0; WINDOWS];
    let mut encoder = said.message().encoder();
    let mut parser = Parser::new(memory);
    let (mut rest, mut events) = (bytes, 0);
    loop {
        let (len, progress) = encoder.write(&mut memory_of_window[..size]);
        let mut window = &memory_of_window[..len];
        rest = rest.strip_prefix(window).ok_or("the windows are other bytes")?;
        while let Some(event) = parser.next(&mut window) {
            is_said(&event.map_err(|_| "it is too large")?, said)?;
            events += 1;
        }
        match progress {
            Progress::OutputFull => expect(len == size, "a window is not full")?,
            Progress::Done => break,
        }
    }
    expect(rest.is_empty(), "the windows are fewer bytes")?;
    expect(encoder.write(&mut memory_of_window) == (0, Progress::Done), "it goes on after its end")?;
    expect(events == usize::from(said.data.is_some()), "it is read as more events, or as fewer")?;
    expect(parser.last_event_id() == said.id.unwrap_or_default(), "it is read with another last event ID")?;
    expect(
        parser.retry() == said.retry.map(|retry| retry.min(MAX_RETRY)),
        "it is read with another reconnection time",
    )?;
    expect(parser.end() == End::Clean, "it is read as unfinished")
}

fn is_said(event: &Event<'_>, said: &Said<'_>) -> Result<(), Mistake> {
    let event_type = said.event_type.filter(|name| !name.is_empty()).unwrap_or(b"message");
    expect(event.event_type() == event_type, "it is read with another type")?;
    expect(event.id().map(|id| id.as_bytes()) == said.id, "it is read with another ID")?;
    let data = received(said.data.unwrap_or_default());
    expect(data.eq(event.data().as_bytes().iter().copied()), "it is read with other data")
}

/// CR and CRLF arrive as LF; nothing else changes.
fn received(data: &[u8]) -> impl Iterator<Item = u8> {
    let mut before = 0;
    data.iter().filter_map(move |&byte| match (core::mem::replace(&mut before, byte), byte) {
        (b'\r', b'\n') => None,
        (_, b'\r') => Some(b'\n'),
        (_, byte) => Some(byte),
    })
}
