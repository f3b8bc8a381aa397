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

/// Draws each part or leaves it out. The comment and the data are any bytes.
impl<'a> Arbitrary<'a> for Message<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (event, id, retry) = (u.arbitrary()?, u.arbitrary()?, u.arbitrary::<Option<u64>>()?);
        let message = Message { event, id, retry: None, comment: u.arbitrary()?, data: u.arbitrary()? };
        Ok(retry.map_or(message, |milliseconds| message.retry(milliseconds)))
    }
}
