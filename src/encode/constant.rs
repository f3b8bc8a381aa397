//! The encoder for constants. It goes byte by byte, because a `const fn` can call no iterator and no search.

use super::message::Message;
use super::parts::{Digits, Part, Value};
use crate::error::BufferTooSmall;
use crate::scan::{CR, LF};

impl Message<'_> {
    /// Returns the exact number of bytes that the message is written as, at compile time. At run time,
    /// [`encoded_len`](Self::encoded_len) returns this number faster.
    pub const fn const_len(&self) -> usize {
        Output::<0>::message(self).len
    }

    /// Writes the message into an array of exactly its length, at compile time. [`encoded!`](crate::encoded) calls this and
    /// finds the length by itself.
    ///
    /// # Errors
    ///
    /// Returns [`BufferTooSmall`] with the exact length if that is not `N`, even if it is less than `N`.
    pub const fn encode_array<const N: usize>(&self) -> Result<[u8; N], BufferTooSmall> {
        let out = Output::<N>::message(self);
        if out.len == N { Ok(out.bytes) } else { Err(BufferTooSmall { needed: out.len }) }
    }
}

/// Keeps the first `N` bytes that are written to it, and counts all of them.
pub(super) struct Output<const N: usize> {
    pub(super) bytes: [u8; N],
    pub(super) len: usize,
}

impl<const N: usize> Output<N> {
    const fn byte(&mut self, byte: u8) {
        if self.len < N {
            self.bytes[self.len] = byte;
        }
        self.len = self.len.saturating_add(1);
    }

    const fn bytes(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            self.byte(byte);
            rest = after;
        }
    }

    const fn line(&mut self, name: &[u8], value: &[u8]) {
        self.bytes(name);
        self.bytes(value);
        self.byte(LF);
    }

    /// Writes a line for each line of the text. An empty text has one.
    const fn lines(&mut self, name: &[u8], text: &[u8]) {
        let mut rest = text;
        self.bytes(name);
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            if byte == CR || byte == LF {
                if let (CR, [LF, after @ ..]) = (byte, rest) {
                    rest = after;
                }
                self.byte(LF);
                self.bytes(name);
            } else {
                self.byte(byte);
            }
        }
        self.byte(LF);
    }

    const fn number(&mut self, name: &[u8], number: u64) {
        self.bytes(name);
        let mut digits = Digits::of(number);
        while let Some(digit) = digits.pop() {
            self.byte(b'0' + digit);
        }
        self.byte(LF);
    }

    pub(super) const fn message(message: &Message<'_>) -> Self {
        let mut out = Self { bytes: [0; N], len: 0 };
        let mut parts = Part::ALL.as_slice();
        while let Some((&part, after)) = parts.split_first() {
            match message.value(part) {
                None => {}
                Some(Value::Line(line)) => out.line(part.name(), line),
                Some(Value::Number(number)) => out.number(part.name(), number),
                Some(Value::Text(text)) => out.lines(part.name(), text),
            }
            parts = after;
        }
        if message.ends_with_blank_line() {
            out.byte(LF);
        }
        out
    }
}

/// Encodes a constant [`Message`] at compile time. The result is a `&'static [u8]` among the program's constants.
///
/// # Examples
///
/// ```
/// use sse_wire::{Message, encoded, event_type};
///
/// static HELLO: &[u8] = encoded!(Message::new().event(event_type!("hello")).retry(500).data("welcome"));
/// assert_eq!(HELLO, b"event: hello\nretry: 500\ndata: welcome\n\n");
/// ```
#[macro_export]
macro_rules! encoded {
    ($message:expr) => {{
        // The expression sees the names of these constants, so they are names that it does not use by chance.
        const __SSE_WIRE_MESSAGE: $crate::Message<'static> = $message;
        const __SSE_WIRE_BYTES: [u8; __SSE_WIRE_MESSAGE.const_len()] = match __SSE_WIRE_MESSAGE.encode_array() {
            Ok(bytes) => bytes,
            Err(_) => panic!("the array has the length of the message"),
        };
        const __SSE_WIRE_ENCODED: &'static [u8] = &__SSE_WIRE_BYTES;
        __SSE_WIRE_ENCODED
    }};
}
