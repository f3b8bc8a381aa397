use httparse::{EMPTY_HEADER, Error, Status};
use sse_wire::headers::{self, LAST_EVENT_ID, LastEventId};
use sse_wire::server::Refused;
use std::collections::VecDeque;
use std::format;
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::string::String;

/// How many bytes of a client are read: those of its request.
pub const MAX_HEAD: usize = 8 << 10;

/// What a client asks for.
pub struct Request<'a> {
    /// Whether it is on a route whose clients are all browsers or ours.
    pub is_exact: bool,
    pub last: LastEventId<'a>,
}

/// Reads the head of a request. `Ok(None)` says that the rest of it has still to come, and an error is the status to answer
/// with.
pub fn request(bytes: &[u8]) -> Result<Option<Request<'_>>, &'static str> {
    let mut headers = [EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) if bytes.len() < MAX_HEAD => return Ok(None),
        Ok(Status::Partial) | Err(Error::TooManyHeaders) => return Err("431 Request Header Fields Too Large"),
        Err(_) => return Err("400 Bad Request"),
    }
    let is_exact = match request.path.and_then(|target| target.split('?').next()) {
        Some("/events") => false,
        Some("/exact") => true,
        _ => return Err("404 Not Found"),
    };
    if request.method != Some("GET") {
        return Err("405 Method Not Allowed\r\nallow: GET");
    }
    let id = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(LAST_EVENT_ID));
    Ok(Some(Request { is_exact, last: headers::last_event_id(id.map(|header| header.value), None) }))
}

/// The head of a response that is an event stream. It ends with the connection, so its body are the bytes of the log.
pub fn head() -> String {
    let headers = headers::RESPONSE.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{}\r\n", headers.collect::<String>())
}

/// A response without a body.
pub fn refusal(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
}

pub const fn status(refused: Refused) -> &'static str {
    match refused {
        Refused::Key => "429 Too Many Requests",
        Refused::Full => "503 Service Unavailable",
    }
}

/// The last connections that are over, but for what their clients have still to read. If they were closed, and anything that
/// a client has sent was never read, the system would reset the connection, and the client could lose the answer.
#[derive(Default)]
pub struct Leaving(VecDeque<TcpStream>);

impl Leaving {
    /// Takes leave of a client with a few words, without waiting for it.
    pub fn add(&mut self, mut stream: TcpStream, words: &str) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        stream.write_all(words.as_bytes())?;
        stream.shutdown(Shutdown::Write)?;
        self.0.truncate(63);
        self.0.push_front(stream);
        Ok(())
    }
}
