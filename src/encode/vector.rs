//! A message into a vector.

use super::message::Message;
use alloc::vec::Vec;

impl Message<'_> {
    /// Returns the message in a vector of exactly its length.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::Message;
    ///
    /// assert_eq!(Message::new().data("hello").to_vec(), b"data: hello\n\n");
    /// ```
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.encoded_len());
        self.append_to(&mut out);
        out
    }

    /// Appends the message to a vector, which grows at most once.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::Message;
    ///
    /// let mut out = Vec::new();
    /// for row in ["first", "second"] {
    ///     Message::new().data(row).append_to(&mut out);
    /// }
    /// assert_eq!(out, b"data: first\n\ndata: second\n\n");
    /// ```
    pub fn append_to(&self, out: &mut Vec<u8>) {
        out.reserve(self.encoded_len());
        self.segments().for_each(|segment| out.extend_from_slice(segment));
    }
}
