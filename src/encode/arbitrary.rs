//! Random event types, IDs and messages for fuzzers.

use super::message::Message;
use crate::event_id::EventId;
use crate::event_type::EventType;
use arbitrary::{Arbitrary, Result, Unstructured};

/// Draws a text and keeps it up to its first line break.
impl<'a> Arbitrary<'a> for EventType<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = <&str>::arbitrary(u)?;
        Ok(match EventType::new(text) {
            Ok(event_type) => event_type,
            Err(error) => EventType::trusted(text.as_bytes().get(..error.at).unwrap_or_default()),
        })
    }
}

/// Draws a text and keeps it up to its first line break or NUL.
impl<'a> Arbitrary<'a> for EventId<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = <&str>::arbitrary(u)?;
        let len = text.find(['\r', '\n', '\0']).unwrap_or(text.len());
        Ok(EventId::trusted(text.as_bytes().get(..len).unwrap_or_default()))
    }
}

/// Draws each part or leaves it out. The ID is text or a number; the comment and the data are any bytes.
impl<'a> Arbitrary<'a> for Message<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut message = Message { event: u.arbitrary()?, ..Message::new() };
        if u.arbitrary()? {
            message = if u.arbitrary()? { message.id_number(u.arbitrary()?) } else { message.id(u.arbitrary()?) };
        }
        if let Some(milliseconds) = u.arbitrary()? {
            message = message.retry(milliseconds);
        }
        Ok(Message { comment: u.arbitrary()?, data: u.arbitrary()?, ..message })
    }
}
