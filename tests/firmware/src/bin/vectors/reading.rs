//! Reads a stream through the doors of a parser, and compares with what `build.rs` wrote of it, step by step.

use crate::blob::Blob;
use crate::{Mistake, expect};
use core::fmt::{self, Write};
use core::iter;
use sse_wire::{End, Event, Field, Overflow, Parser, Status, Text, event_type};

#[derive(Clone, Copy, Debug)]
pub enum Door {
    Next,
    Advance,
    /// Piece by piece, the one and the other.
    Both,
}

pub const DOORS: [Door; 3] = [Door::Next, Door::Advance, Door::Both];

/// A way to cut a stream: one piece of the first size, which can be 0, and more of the second.
#[derive(Clone, Copy, Debug)]
pub struct Cut(pub usize, pub usize);

impl Cut {
    pub const WHOLE: Self = Self(usize::MAX, usize::MAX);

    fn pieces(self, stream: &[u8]) -> impl Iterator<Item = &[u8]> {
        let (first, rest) = stream.split_at(self.0.min(stream.len()));
        iter::once(first).chain(rest.chunks(self.1))
    }
}

/// How much has been read, all of it as it should be.
#[derive(Default)]
pub struct Counts {
    pub readings: u32,
    pub events: u32,
    pub losses: u32,
}

/// Reads a stream to its end, counts, and returns what of the blob comes after this reading.
pub fn read(
    parser: &mut Parser<&mut [u8]>,
    stream: &[u8],
    cut: Cut,
    door: Door,
    mut expected: Blob,
    counts: &mut Counts,
) -> Result<Blob, Mistake> {
    let mut verdicts = expected.number();
    let mut before = 0;
    for (index, piece) in cut.pieces(stream).enumerate() {
        let mut rest = piece;
        loop {
            let through_next = matches!((door, index % 2), (Door::Next, _) | (Door::Both, 0));
            let verdict = if through_next {
                parser.next(&mut rest)
            } else {
                let (consumed, status) = parser.advance(rest);
                rest = &rest[consumed..];
                match status {
                    Status::NeedInput => None,
                    Status::Event => Some(Ok(parser.event().ok_or("there is no event")?)),
                    Status::Overflow(overflow) => Some(Err(overflow)),
                }
            };
            let Some(verdict) = verdict else { break };
            verdicts = verdicts.checked_sub(1).ok_or("there are more events")?;
            let (event, overflow) = (verdict.ok(), verdict.err());
            counts.events += u32::from(event.is_some());
            counts.losses += u32::from(overflow.is_some());
            check_event(event, &mut expected)?;
            check_overflow(overflow, &mut expected)?;
            expect(before + piece.len() - rest.len() == expected.size(), "it came too early or too late")?;
            check_state(parser, &mut expected)?;
        }
        expect(rest.is_empty(), "a piece was not read to its end")?;
        before += piece.len();
    }
    expect(verdicts == 0, "there are fewer events")?;
    check_position(parser, &mut expected)?;
    check_end(parser.end(), &mut expected)?;
    expect(parser.end() == End::Clean, "it ended twice")?;
    check_state(parser, &mut expected)?;
    counts.readings += 1;
    Ok(expected)
}

fn check_event(event: Option<Event<'_>>, expected: &mut Blob) -> Result<(), Mistake> {
    expect(event.is_some() == expected.flag(), "an event instead of none, or none instead of an event")?;
    let Some(event) = event else { return Ok(()) };
    expect(shows(event.event_type(), expected.text()), "another type")?;
    expect(shows(event.data(), expected.text()), "other data")?;
    expect(shows(event.last_event_id(), expected.text()), "another last event ID")?;
    expect(event.id().is_some() == expected.flag(), "an ID instead of none, or none instead of an ID")?;
    let Some(id) = event.id() else { return Ok(()) };
    expect(shows(id, expected.text()), "another ID")
}

fn check_overflow(overflow: Option<Overflow>, expected: &mut Blob) -> Result<(), Mistake> {
    let expected = expected.option(|blob| (blob.size(), blob.flag()));
    expect(overflow.map(|overflow| (overflow.needed, overflow.id_lost)) == expected, "another loss")
}

fn check_state(parser: &Parser<&mut [u8]>, expected: &mut Blob) -> Result<(), Mistake> {
    expect(shows(parser.last_event_id(), expected.text()), "the parser has another last event ID")?;
    expect(parser.retry() == expected.option(Blob::number), "another reconnection time")
}

/// Where the stream stands, and how a gateway would end it there.
fn check_position(parser: &Parser<&mut [u8]>, expected: &mut Blob) -> Result<(), Mistake> {
    expect(parser.unknown_lines() as usize == expected.size(), "other lines are unknown")?;
    expect(parser.can_insert() == expected.flag(), "a line may be put in, or it may not")?;
    let bytes = expected.option(Blob::bytes);
    match (parser.sever(event_type!("aborted")), bytes) {
        (Ok(sever), Some(bytes)) => expect(sever.flatten().eq(bytes), "it is ended by other bytes"),
        (sever, bytes) => expect(sever.is_err() && bytes.is_none(), "it can be ended, or it cannot"),
    }
}

fn check_end(end: End<'_>, expected: &mut Blob) -> Result<(), Mistake> {
    let rest = match end {
        End::Clean => None,
        End::Unfinished(rest) => Some(rest),
    };
    expect(rest.is_some_and(|rest| rest.is_mid_line()) == expected.flag(), "it ended in a line, or it did not")?;
    expect(rest.is_some_and(|rest| rest.is_mid_event()) == expected.flag(), "it ended in an event, or it did not")?;
    check_event(rest.and_then(|rest| rest.event()), expected)?;
    let line = rest.and_then(|rest| rest.line());
    expect(line.is_some() == expected.flag(), "it ended in a value, or it did not")?;
    if let Some((field, value)) = line {
        let name = match field {
            Field::Data => "data",
            Field::Event => "event",
            Field::Id => "id",
            _ => "",
        };
        expect(name == expected.text() && shows(value, expected.text()), "it ended in another value")?;
    }
    check_overflow(rest.and_then(|rest| rest.overflow()), expected)
}

/// Returns whether the text, decoded as in a browser, is that.
fn shows(text: Text<'_>, expected: &str) -> bool {
    struct Rest<'a>(&'a str);

    impl Write for Rest<'_> {
        fn write_str(&mut self, piece: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(piece).ok_or(fmt::Error)?;
            Ok(())
        }
    }

    let mut rest = Rest(expected);
    write!(rest, "{text}").is_ok() && rest.0.is_empty()
}
