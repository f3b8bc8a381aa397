//! As much of HTTP/1.1 as an event source must write: one answer, and then the connection is closed.

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// How long a client may leave unread what we send.
const TIMEOUT: Duration = Duration::from_secs(30);

pub struct Answer {
    pub status: &'static str,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: Body,
}

pub enum Body {
    Text(&'static str),
    /// The events after the one with the number `sent`.
    Events {
        is_chunked: bool,
        sent: u64,
    },
}

impl Answer {
    pub const OK: Self = Self::new("200 OK");
    pub const NOT_ALLOWED: Self = Self::new("405 Method Not Allowed");

    pub const fn new(status: &'static str) -> Self {
        Self { status, headers: &[], body: Body::Text("") }
    }

    /// Makes the head, up to where the headers that describe the body go.
    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {}\r\nConnection: close\r\n", self.status);
        for (name, value) in self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head
    }
}

/// Sends an answer and closes the connection.
pub fn send(mut stream: TcpStream, answer: &Answer, text: &str) -> io::Result<()> {
    let mut bytes = answer.head();
    if !answer.status.starts_with("204") {
        let _ = write!(bytes, "Content-Length: {}\r\n", text.len());
    }
    bytes.push_str("\r\n");
    bytes.push_str(text);
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(bytes.as_bytes())?;
    close(stream)
}

/// Closes the connection so that all of the answer arrives: if there were bytes of the client that nobody has read, the
/// system would reset the connection, and the client could lose what is under way to it.
fn close(stream: TcpStream) -> io::Result<()> {
    const ENOUGH: u64 = 2 * 1024 * 1024;
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    io::copy(&mut stream.take(ENOUGH), &mut io::sink())?;
    Ok(())
}

/// The body of an answer that is written bit by bit.
pub struct BodyWriter {
    stream: TcpStream,
    /// HTTP/1.0 has no chunks: there the body ends with the connection.
    is_chunked: bool,
}

/// Sends the head of an answer whose length nobody knows.
pub fn open(mut stream: TcpStream, answer: &Answer, is_chunked: bool) -> io::Result<BodyWriter> {
    let mut head = answer.head();
    head.push_str(if is_chunked { "Transfer-Encoding: chunked\r\n\r\n" } else { "\r\n" });
    // What is written leaves at once, and not when there is more of it.
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(head.as_bytes())?;
    Ok(BodyWriter { stream, is_chunked })
}

impl BodyWriter {
    /// Sends some bytes, but not none: that would be the end.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.is_chunked {
            return self.stream.write_all(bytes);
        }
        let size = format!("{:x}\r\n", bytes.len());
        self.stream.write_all(&[size.as_bytes(), bytes, b"\r\n"].concat())
    }

    pub fn end(mut self) -> io::Result<()> {
        if self.is_chunked {
            self.stream.write_all(b"0\r\n\r\n")?;
        }
        close(self.stream)
    }
}
