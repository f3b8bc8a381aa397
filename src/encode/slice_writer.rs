//! Text into a slice, where there is no allocator.

use crate::bytes::copy;
use core::fmt;

/// Writes text into a slice, so that [`DataWriter`](crate::DataWriter) and `write!` need no allocator.
///
/// If a piece of text does not fit as a whole, it is refused with [`fmt::Error`] and none of it is written.
///
/// # Examples
///
/// ```
/// use core::fmt::Write;
/// use sse_wire::SliceWriter;
///
/// let mut memory = [0; 8];
/// let mut writer = SliceWriter::new(&mut memory);
/// write!(writer, "{}-{}", 12, 345)?;
/// assert!(writer.write_str("678").is_err());
/// assert_eq!(writer.written(), b"12-345");
/// # Ok::<(), core::fmt::Error>(())
/// ```
#[derive(Debug)]
pub struct SliceWriter<'a> {
    memory: &'a mut [u8],
    len: usize,
}

impl<'a> SliceWriter<'a> {
    /// Makes a writer that writes to the front of `memory`.
    pub const fn new(memory: &'a mut [u8]) -> Self {
        Self { memory, len: 0 }
    }

    /// Returns what has been written so far.
    pub fn written(&self) -> &[u8] {
        self.memory.get(..self.len).unwrap_or_default()
    }

    /// Returns what has been written, for as long as the memory is borrowed.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::fmt::Write;
    /// use sse_wire::SliceWriter;
    ///
    /// fn hex(number: u32, memory: &mut [u8; 8]) -> Result<&[u8], core::fmt::Error> {
    ///     let mut writer = SliceWriter::new(memory);
    ///     write!(writer, "{number:x}")?;
    ///     Ok(writer.into_written())
    /// }
    /// assert_eq!(hex(48879, &mut [0; 8])?, b"beef");
    /// # Ok::<(), core::fmt::Error>(())
    /// ```
    pub fn into_written(self) -> &'a mut [u8] {
        self.memory.get_mut(..self.len).unwrap_or_default()
    }
}

impl fmt::Write for SliceWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let free = self.memory.get_mut(self.len..).unwrap_or_default();
        let place = free.get_mut(..text.len()).ok_or(fmt::Error)?;
        copy(text.as_bytes(), place);
        self.len += text.len();
        Ok(())
    }
}
