//! As much of HTTP/1.1 as an event source must read: one request, within limits.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const MAX_HEAD: usize = 8 * 1024;
const MAX_BODY: usize = 1024 * 1024;
/// How long a request may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(10);

pub struct Request {
    pub method: String,
    pub target: String,
    pub is_http_1_0: bool,
    /// The values are bytes: a client can send any.
    headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// Why there is no request.
pub enum Failure {
    Refused(&'static str),
    /// The client went away, or took too long.
    Gone,
}

const BAD_REQUEST: Failure = Failure::Refused("400 Bad Request");

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

impl Request {
    /// Reads a request, within the limits above.
    pub fn read(stream: &mut TcpStream) -> Result<Self, Failure> {
        let deadline = Instant::now() + TIMEOUT;
        let mut buffer = [0; MAX_HEAD];
        let mut len = 0;
        let head_len = loop {
            if let Some(at) = buffer[..len].windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at;
            }
            if len == MAX_HEAD {
                return Err(Failure::Refused("431 Request Header Fields Too Large"));
            }
            len += read(stream, &mut buffer[len..], deadline)?;
        };
        let mut request = Self::parse(&buffer[..head_len]).ok_or(BAD_REQUEST)?;

        let body_len = request.body_len()?;
        let rest = &buffer[head_len + 4..len];
        request.body = rest[..rest.len().min(body_len)].to_vec();
        while request.body.len() < body_len {
            let wanted = buffer.len().min(body_len - request.body.len());
            let len = read(stream, &mut buffer[..wanted], deadline)?;
            request.body.extend_from_slice(&buffer[..len]);
        }
        Ok(request)
    }

    /// Takes the head of a request apart, without the blank line at its end.
    fn parse(head: &[u8]) -> Option<Self> {
        let mut lines = head.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let mut words = std::str::from_utf8(lines.next()?).ok()?.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        let is_visible = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_visible(method) || !is_visible(target) || words.next().is_some() {
            return None;
        }
        let is_http_1_0 = match version {
            "HTTP/1.1" => false,
            "HTTP/1.0" => true,
            _ => return None,
        };
        let header = |line: &[u8]| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let name = std::str::from_utf8(&line[..colon]).ok().filter(|name| is_visible(name))?;
            Some((name.to_owned(), line[colon + 1..].trim_ascii().to_vec()))
        };
        let headers = lines.map(header).collect::<Option<_>>()?;
        Some(Self { method: method.into(), target: target.into(), is_http_1_0, headers, body: Vec::new() })
    }

    fn body_len(&self) -> Result<usize, Failure> {
        if self.header("Transfer-Encoding").is_some() {
            return Err(Failure::Refused("411 Length Required"));
        }
        let Some(value) = self.header("Content-Length") else {
            return Ok(0);
        };
        // `parse` would take a plus sign, too.
        let digits = std::str::from_utf8(value).ok().filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
        let len = digits.and_then(|digits| digits.parse().ok()).ok_or(BAD_REQUEST)?;
        if len > MAX_BODY { Err(Failure::Refused("413 Content Too Large")) } else { Ok(len) }
    }

    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter();
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
    }

    /// The target without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Reads at least one byte before the deadline.
fn read(stream: &mut TcpStream, buffer: &mut [u8], deadline: Instant) -> Result<usize, Failure> {
    // A timeout of zero is an error, which is what we want.
    stream.set_read_timeout(Some(deadline.saturating_duration_since(Instant::now())))?;
    match stream.read(buffer)? {
        0 => Err(Failure::Gone),
        len => Ok(len),
    }
}
