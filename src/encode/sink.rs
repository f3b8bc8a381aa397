//! The writers that a [`DataWriter`](super::DataWriter) can write to.

use crate::bytes::copy;
use core::fmt;

/// Marks the writers that a [`DataWriter`](crate::DataWriter) can write to: every [`core::fmt::Write`] (`Via` is [`ViaFmt`])
/// and, with the feature `std`, every `std::io::Write` (`Via` is `ViaIo`).
///
/// The compiler infers `Via`, so you need not name it. The trait is sealed: you cannot implement it, and need not.
pub trait Sink<Via>: sealed::Sealed<Via> {
    /// The error of the writer: [`core::fmt::Error`] or `std::io::Error`.
    type Error;

    /// Writes all of the bytes.
    #[doc(hidden)]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;
}

mod sealed {
    pub trait Sealed<Via> {}
}

/// Says that a [`Sink`] is a [`core::fmt::Write`]. Bytes that are not UTF-8 are written to it as U+FFFD, which is what
/// receivers make of them.
#[derive(Clone, Copy, Debug)]
pub enum ViaFmt {}

impl<W: fmt::Write + ?Sized> sealed::Sealed<ViaFmt> for W {}

impl<W: fmt::Write + ?Sized> Sink<ViaFmt> for W {
    type Error = fmt::Error;

    fn put(&mut self, bytes: &[u8]) -> Result<(), fmt::Error> {
        for chunk in bytes.utf8_chunks() {
            self.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                self.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

/// Says that a [`Sink`] is a [`std::io::Write`].
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug)]
pub enum ViaIo {}

#[cfg(feature = "std")]
impl<W: std::io::Write + ?Sized> sealed::Sealed<ViaIo> for W {}

#[cfg(feature = "std")]
impl<W: std::io::Write + ?Sized> Sink<ViaIo> for W {
    type Error = std::io::Error;

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.write_all(bytes)
    }
}

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
