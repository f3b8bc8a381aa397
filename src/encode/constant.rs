//! The encoder for constants: one byte at a time, with nothing that a `const fn` cannot call.
//!
//! It is the definition that the segments are tested against.

use super::message::Message;
use crate::error::BufferTooSmall;
use crate::scan::{CR, LF};

impl Message<'_> {
    /// Returns what [`encoded_len`](Self::encoded_len) does, also in constants, one byte at a time.
    pub const fn const_len(&self) -> usize {
        Output::<0>::message(self).len
    }

    /// Writes the message into an array of exactly its length, also in constants: [`encoded!`](crate::encoded) is the
    /// comfortable way to call this.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the exact length, if that is not `N`, be it smaller or larger.
    pub const fn encode_array<const N: usize>(&self) -> Result<[u8; N], BufferTooSmall> {
        let out = Output::<N>::message(self);
        if out.len == N { Ok(out.bytes) } else { Err(BufferTooSmall { needed: out.len }) }
    }
}

/// Writes what fits and counts all of it.
struct Output<const N: usize> {
    bytes: [u8; N],
    len: usize,
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

    /// One line for each line of the text, of which an empty text has one.
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

    const fn number(&mut self, number: u32) {
        let (mut tens, mut rest) = (1, number / 10);
        while rest > 0 {
            tens *= 10;
            rest /= 10;
        }
        while tens > 0 {
            self.byte(b'0' + (number / tens % 10) as u8);
            tens /= 10;
        }
    }

    const fn message(message: &Message<'_>) -> Self {
        let mut out = Self { bytes: [0; N], len: 0 };
        if let Some(event_type) = message.event {
            out.line(b"event: ", event_type.as_bytes());
        }
        if let Some(id) = message.id {
            out.line(b"id: ", id.as_bytes());
        }
        if let Some(milliseconds) = message.retry {
            out.bytes(b"retry: ");
            out.number(milliseconds);
            out.byte(LF);
        }
        if let Some(text) = message.comment {
            out.lines(b": ", text);
        }
        if let Some(data) = message.data {
            out.lines(b"data: ", data);
        }
        if message.ends_with_blank_line() {
            out.byte(LF);
        }
        out
    }
}

/// Encodes a constant [`Message`] at compile time: a `&'static [u8]` that lies with the program's constants.
///
/// # Examples
///
/// ```
/// use sse_wire::{Message, encoded, event_type};
///
/// static HELLO: &[u8] = encoded!(Message::new().event(event_type!("hello")).retry(500).data(b"welcome"));
/// assert_eq!(HELLO, b"event: hello\nretry: 500\ndata: welcome\n\n");
/// ```
#[macro_export]
macro_rules! encoded {
    ($message:expr) => {{
        // Constants are not hygienic: the names are such that the expression does not mean them.
        const __SSE_WIRE_MESSAGE: $crate::Message<'static> = $message;
        const __SSE_WIRE_BYTES: [u8; __SSE_WIRE_MESSAGE.const_len()] = match __SSE_WIRE_MESSAGE.encode_array() {
            Ok(bytes) => bytes,
            Err(_) => panic!("the length has just been asked for"),
        };
        const __SSE_WIRE_ENCODED: &'static [u8] = &__SSE_WIRE_BYTES;
        __SSE_WIRE_ENCODED
    }};
}
