//! What a [`DataWriter`](super::DataWriter) writes to.

use crate::bytes::copy;
use core::fmt;

/// Marks the writers that a [`DataWriter`](crate::DataWriter) can write to: everything that is a [`core::fmt::Write`]
/// (`Via` = [`ViaFmt`]) and, with the feature `std`, everything that is a `std::io::Write` (`Via` = `ViaIo`).
///
/// Nobody needs to name `Via`: the compiler finds it out. Nobody needs to implement this trait either; it is sealed.
pub trait Sink<Via>: sealed::Sealed<Via> {
    /// What the writer fails with: [`core::fmt::Error`] or `std::io::Error`.
    type Error;

    /// Writes all of the bytes.
    #[doc(hidden)]
    fn put(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;
}

mod sealed {
    pub trait Sealed<Via> {}
}

/// Says that a [`Sink`] is a [`core::fmt::Write`]. Bytes that are not UTF-8 reach it as receivers would decode them.
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

/// Writes text into a slice, for [`DataWriter`](crate::DataWriter) and `write!` where there is no allocator.
///
/// A piece of text that does not fit as a whole is refused with [`fmt::Error`], and nothing of it is written.
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
    /// Makes a writer that starts at the front of `memory`.
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
