//! As much of HTTP/1.1 as both sides need beside the event stream.

use crate::net::{Closed, Socket};
use core::fmt::Write;
use httparse::Header;
use sse_wire::{Message, Progress, SliceWriter};

/// The largest head, in bytes.
pub const HEAD: usize = 384;

/// Reads a head up to its blank line, and not a byte further. One that is too large is as good as none.
pub async fn read_head<'m>(socket: &Socket<'_, '_>, memory: &'m mut [u8; HEAD]) -> Result<&'m [u8], Closed> {
    let mut len = 0;
    while !memory[..len].ends_with(b"\r\n\r\n") {
        let read = socket.recv(|bytes| {
            let line = bytes.split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default();
            let room = memory[len..].get_mut(..line.len());
            let fits = room.map(|room| room.copy_from_slice(line));
            (line.len(), fits.map(|()| line.len()).ok_or(Closed))
        });
        len += read.await??;
    }
    Ok(&memory[..len])
}

/// Finds a header's value.
pub fn value<'h>(headers: &[Header<'h>], name: &str) -> Option<&'h [u8]> {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

/// Sends a message as a chunk of its own: its size is known beforehand, so it is encoded straight into the socket.
pub async fn send_message(socket: &Socket<'_, '_>, message: &Message<'_>) -> Result<(), Closed> {
    send_size(socket, message.encoded_len()).await?;
    let mut encoder = message.encoder();
    while socket.send(|window| encoder.write(window)).await? == Progress::OutputFull {}
    socket.write_all(b"\r\n").await
}

/// Sends the line in front of a chunk.
pub async fn send_size(socket: &Socket<'_, '_>, size: usize) -> Result<(), Closed> {
    let mut memory = [0; 10];
    let mut line = SliceWriter::new(&mut memory);
    write!(line, "{size:x}\r\n").expect("a size has eight digits at most");
    socket.write_all(line.written()).await
}
