//! As much of HTTP/1.1 as the page asks for: one request a connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// How long a browser may leave us waiting.
const TIMEOUT: Duration = Duration::from_secs(20);

pub struct Request {
    pub method: String,
    /// Without the number at its end.
    pub path: String,
    /// 7 in `/cut/7`.
    pub number: Option<usize>,
    pub body: String,
}

pub fn read_request(socket: &TcpStream) -> io::Result<Request> {
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    socket.set_write_timeout(Some(TIMEOUT))?;
    let mut reader = BufReader::new(socket);
    let first = read_line(&mut reader)?;
    let mut words = first.split(' ').map(str::to_string);
    let mut word = || words.next().unwrap_or_default();
    let (method, mut path) = (word(), word());
    let number = path.rsplit_once('/').and_then(|(_, number)| number.parse().ok());
    if number.is_some() {
        path.truncate(path.rfind('/').unwrap_or_default());
    }
    let mut length = 0;
    loop {
        let line = read_line(&mut reader)?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    Ok(Request { method, path, number, body })
}

/// Reads a line of the head. A last event ID need not be UTF-8.
fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_string())
}

/// Answers with a whole body.
pub fn answer(mut socket: &TcpStream, media_type: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    write!(
        socket,
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    finish(socket)
}

/// Answers with a status that an EventSource takes for the end, and without a body.
pub fn stop(mut socket: &TcpStream, status: &str) -> io::Result<()> {
    write!(socket, "HTTP/1.1 {status}\r\nconnection: close\r\n\r\n")?;
    finish(socket)
}

/// Answers with an event stream, each part as a chunk of its own.
pub fn stream(mut socket: &TcpStream, parts: &[&[u8]]) -> io::Result<()> {
    let mut head = String::from("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n");
    for (name, value) in sse_wire::headers::RESPONSE {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    socket.write_all(head.as_bytes())?;
    // An empty chunk would be the last.
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let length = format!("{:x}\r\n", part.len());
        socket.write_all(&[length.as_bytes(), part, b"\r\n"].concat())?;
    }
    socket.write_all(b"0\r\n\r\n")?;
    finish(socket)
}

/// Ends the answer, and waits until the browser has ended the connection: bytes that nobody has read would reset it.
fn finish(mut socket: &TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    io::copy(&mut socket, &mut io::sink())?;
    Ok(())
}
