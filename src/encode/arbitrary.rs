//! Random lines, IDs and messages for fuzzers.

use super::line::{Id, Line};
use super::message::Message;
use arbitrary::{Arbitrary, Result, Unstructured};

/// Draws a text and keeps it up to its first line break.
impl<'a> Arbitrary<'a> for Line<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = <&str>::arbitrary(u)?;
        Ok(match Line::new(text) {
            Ok(line) => line,
            Err(error) => Line::trusted(text.as_bytes().get(..error.at).unwrap_or_default()),
        })
    }
}

/// Draws a text and keeps it up to its first line break or NUL.
impl<'a> Arbitrary<'a> for Id<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = <&str>::arbitrary(u)?;
        let len = text.find(['\r', '\n', '\0']).unwrap_or(text.len());
        Ok(Id::trusted(text.as_bytes().get(..len).unwrap_or_default()))
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
