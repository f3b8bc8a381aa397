//! Bytes that should be UTF-8, and the choice of what to do when they are not.

use core::cmp::Ordering;
use core::fmt::{self, Write as _};
use core::hash::{Hash, Hasher};
use core::ops::Range;
use core::str::Utf8Error;

/// Borrows a piece of a stream that should be UTF-8, without having checked it.
///
/// A stream is always UTF-8 and never invalid: a malformed sequence stands for U+FFFD
/// ([section 2 of the rules](crate::rules#2-decoding)). Decoding costs as much as parsing, so it happens on request, and
/// every caller picks the policy that suits the value:
///
/// | you want | call | cost |
/// |---|---|---|
/// | the bytes as they came | [`as_bytes`](Self::as_bytes), `text == "[DONE]"` | none |
/// | to refuse malformed text | [`to_str`](Self::to_str) | one check, no copy |
/// | what a browser would show | [`Display`](fmt::Display) | one check, no copy |
/// | the same as a `str` | `to_string_lossy` (feature `alloc`) | copies only if malformed |
///
/// Comparisons are of bytes: malformed text is equal to no `str`, not even to its own replacement decoding. One caution
/// follows from that: two texts that display alike can differ.
///
/// # Examples
///
/// ```
/// use sse_wire::Parser;
///
/// let mut parser = Parser::new([0; 64]);
/// let mut chunk = &b"data: caf\xC3\xA9\n\ndata: caf\xE9\n\n"[..];
///
/// let event = parser.next(&mut chunk).unwrap()?;
/// assert!(event.data() == "café");
/// assert_eq!(event.data().to_str(), Ok("café"));
///
/// let event = parser.next(&mut chunk).unwrap()?;
/// assert!(event.data().to_str().is_err());
/// assert!(event.data() == b"caf\xE9");
/// assert_eq!(event.data().to_string(), "caf\u{FFFD}");
/// # Ok::<(), sse_wire::Overflow>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    /// Wraps bytes, unchecked: every byte string is a text.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes as they stood in the stream.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Returns the text as a `str` if it is valid UTF-8, and where it stops being that if it is not.
    ///
    /// # Errors
    ///
    /// [`Utf8Error`], whose `valid_up_to` is the length in bytes of the valid beginning.
    pub fn to_str(self) -> Result<&'a str, Utf8Error> {
        // It says only whether the text is valid, but in a fraction of the time; where it is not, the standard library
        // knows.
        #[cfg(feature = "simdutf8")]
        if let Ok(text) = simdutf8::basic::from_utf8(self.0) {
            return Ok(text);
        }
        core::str::from_utf8(self.0)
    }

    /// Returns the standard's decoding: borrowed if the text is valid UTF-8, else a copy with one U+FFFD for each
    /// malformed sequence.
    #[cfg(feature = "alloc")]
    pub fn to_string_lossy(self) -> alloc::borrow::Cow<'a, str> {
        alloc::string::String::from_utf8_lossy(self.0)
    }

    /// Returns where in `chunk` the text lies, or `None` if it lies elsewhere: in the parser's buffer, for example, because
    /// it came in several chunks. An empty text lies in every chunk, at 0.
    ///
    /// It asks where the bytes are, not what they are. So a chunk that is counted by reference can be split without a copy.
    ///
    /// # Examples
    ///
    /// ```
    /// use bytes::Bytes;
    /// use sse_wire::{Parser, Text};
    ///
    /// /// Copies only what does not lie in the chunk.
    /// fn to_bytes(text: Text<'_>, chunk: &Bytes) -> Bytes {
    ///     match text.range_in(chunk) {
    ///         Some(range) => chunk.slice(range),
    ///         None => Bytes::copy_from_slice(text.as_bytes()),
    ///     }
    /// }
    ///
    /// let mut parser = Parser::new([0; 64]);
    /// let mut seen = Vec::new();
    /// for chunk in [Bytes::from("data: in one\n\ndata: in "), Bytes::from("two\n\n")] {
    ///     let mut rest = &chunk[..];
    ///     while let Some(event) = parser.next(&mut rest) {
    ///         seen.push(to_bytes(event?.data(), &chunk));
    ///     }
    /// }
    /// assert_eq!(seen, ["in one", "in two"]);
    /// # Ok::<(), sse_wire::Overflow>(())
    /// ```
    pub fn range_in(self, chunk: &[u8]) -> Option<Range<usize>> {
        if self.is_empty() {
            return Some(0..0);
        }
        let start = self.0.as_ptr().addr().checked_sub(chunk.as_ptr().addr())?;
        let end = start.checked_add(self.len())?;
        (end <= chunk.len()).then_some(start..end)
    }

    /// Writes the standard's decoding, whatever width or precision is asked for.
    pub(crate) fn write_to(self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            out.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                out.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }

    /// Returns the length in bytes, before any decoding.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no bytes at all.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// Writes the standard's decoding: one U+FFFD for each maximal malformed sequence.
///
/// Width, alignment and precision are those of `str` when the text is valid UTF-8, and are ignored when it is not.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_str() {
            Ok(valid) => f.pad(valid),
            Err(_) => self.write_to(f),
        }
    }
}

/// Writes the text between quotes, with control characters, quotes and backslashes escaped like those of a `str`, and `\xNN`
/// for each byte that is not UTF-8. Unlike those of a `str`, other characters that cannot be seen show as they are: the
/// tables that tell them would cost a device kilobytes, and code that can panic.
impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            for char in chunk.valid().chars() {
                match char {
                    '"' | '\\' => write!(f, "\\{char}")?,
                    '\n' => f.write_str("\\n")?,
                    '\r' => f.write_str("\\r")?,
                    '\t' => f.write_str("\\t")?,
                    '\0' => f.write_str("\\0")?,
                    control if control.is_control() => write!(f, "\\u{{{:x}}}", u32::from(control))?,
                    other => f.write_char(other)?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02X}")?;
            }
        }
        f.write_char('"')
    }
}

impl Hash for Text<'_> {
    /// Hashes like the `[u8]` that the text compares equal to.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

impl<'a> From<&'a [u8]> for Text<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

/// Compares with anything that has bytes, in both directions, so that `event.data() == "[DONE]"` decodes nothing.
macro_rules! compare_with {
    ($([$($generic:tt)*] $other:ty),+ $(,)?) => {$(
        impl<$($generic)*> PartialEq<$other> for Text<'_> {
            fn eq(&self, other: &$other) -> bool {
                let other: &[u8] = other.as_ref();
                self.0 == other
            }
        }

        impl<$($generic)*> PartialEq<Text<'_>> for $other {
            fn eq(&self, other: &Text<'_>) -> bool {
                other == self
            }
        }

        impl<$($generic)*> PartialOrd<$other> for Text<'_> {
            fn partial_cmp(&self, other: &$other) -> Option<Ordering> {
                let other: &[u8] = other.as_ref();
                self.0.partial_cmp(other)
            }
        }
    )+};
}

compare_with!([] str, ['s] &'s str, [] [u8], ['s] &'s [u8], [const N: usize] [u8; N], ['s, const N: usize] &'s [u8; N]);

#[cfg(feature = "alloc")]
compare_with!([] alloc::string::String, [] alloc::vec::Vec<u8>);

#[cfg(feature = "defmt")]
impl defmt::Format for Text<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self.to_str() {
            Ok(text) => defmt::write!(f, "{=str:?}", text),
            Err(_) => defmt::write!(f, "{=[u8]:a}", self.0),
        }
    }
}
