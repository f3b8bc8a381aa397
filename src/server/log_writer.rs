//! A writer for the data of one event, straight into the log.

use super::cursor::PushError;
use super::ring::OpenEvent;
use crate::encode::{DataLines, Message};
use core::fmt;

/// Writes the data of one event into an [`EventLog`](super::EventLog): see [`push_with`](super::EventLog::push_with).
///
/// It is a [`core::fmt::Write`], and with the feature `std` also a `std::io::Write`. CR, LF and CRLF are one line break
/// each, even if the CR and the LF come in different writes. As soon as the event would become too large, this and every
/// later write fails.
pub struct LogWriter<'a> {
    event: OpenEvent<'a>,
    lines: DataLines,
}

impl<'a> LogWriter<'a> {
    /// Writes the beginning of an event.
    pub(super) fn new(mut event: OpenEvent<'a>, head: &Message<'_>) -> Self {
        let mut lines = DataLines::new();
        event.put_all(lines.head(head));
        Self { event, lines }
    }

    /// Returns whether there was room.
    fn write_bytes(&mut self, bytes: &[u8]) -> bool {
        self.lines.segments(bytes).all(|segment| self.event.put(segment))
    }

    /// Completes the event, or takes it back.
    pub(super) fn finish(self, result: fmt::Result, index_len: usize) -> Result<u64, PushError> {
        let Self { mut event, lines } = self;
        event.put(lines.finish());
        match (event.refused(), result) {
            (Some(len), _) => Err(PushError::TooLarge { needed: len.saturating_add(index_len) }),
            (None, Err(_)) => Err(PushError::Aborted),
            (None, Ok(())) => Ok(event.commit()),
        }
    }
}

impl fmt::Write for LogWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.write_bytes(text.as_bytes()) { Ok(()) } else { Err(fmt::Error) }
    }
}

/// Each write takes all of its bytes, or fails with `StorageFull`.
#[cfg(feature = "std")]
impl std::io::Write for LogWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.write_bytes(bytes) { Ok(bytes.len()) } else { Err(std::io::ErrorKind::StorageFull.into()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for LogWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogWriter").finish_non_exhaustive()
    }
}
