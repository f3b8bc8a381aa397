//! HTTP by hand: what clients must have asked for, and a client that reads what servers answer, with two parsers.

use super::{Seen, traffic};
use eventsource_stream::Eventsource;
use futures_lite::StreamExt;
use sse_wire::{Parser, Text, headers};
use std::convert::Infallible;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Returns the values of a header, of which there should be at most one.
fn values<'h>(head: &'h str, name: &str) -> Vec<&'h str> {
    let fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

/// The requests of a client that has connected, and then reconnected after each of these IDs.
pub fn check_requests(heads: &[String], ids: &[&str]) {
    assert_eq!(heads.len(), 1 + ids.len());
    for (number, head) in heads.iter().enumerate() {
        assert!(head.starts_with("GET /events HTTP/1.1\r\n"), "{head}");
        assert_eq!(values(head, "Host").len(), 1, "{head}");
        let id = number.checked_sub(1).map(|last| ids[last]);
        for (name, value) in headers::request(Text::from(id.unwrap_or_default())) {
            assert_eq!(values(head, name), [value], "{head}");
        }
        assert_eq!(values(head, headers::LAST_EVENT_ID), Vec::from_iter(id), "{head}");
    }
}

/// Follows a server of [`traffic::messages`] to its end, with a call of `arrives` for each event. If the client `closes`
/// every connection, nothing may be sent in chunks.
pub fn check_server(addr: SocketAddr, closes: bool, mut arrives: impl FnMut()) {
    let (mut seen, mut seen_by_another) = (Vec::new(), Vec::new());
    for (last_event_id, count) in [("", 8), ("8", 4)] {
        let answer = get(addr, last_event_id, closes, &mut arrives).unwrap();
        assert_eq!((answer.status, answer.seen.len()), (200, count));
        assert!(!(closes && answer.is_chunked));
        if last_event_id.is_empty() {
            assert_eq!(answer.retry, Some(traffic::RETRY));
        }
        seen.extend(answer.seen);
        seen_by_another.extend(answer.seen_by_another);
    }
    assert_eq!(seen, traffic::seen());
    assert_eq!(seen_by_another, traffic::seen());
    assert_eq!(get(addr, "12", closes, arrives).unwrap().status, 204);
}

/// What came of a request.
struct Answer {
    status: u16,
    is_chunked: bool,
    /// The body as our parser read it.
    seen: Vec<Seen>,
    retry: Option<u64>,
    /// The body as `eventsource-stream` read it.
    seen_by_another: Vec<Seen>,
}

/// Asks for the events after an ID and reads the answer to its end, with a call of `arrives` for each event.
fn get(addr: SocketAddr, last_event_id: &str, closes: bool, mut arrives: impl FnMut()) -> io::Result<Answer> {
    let mut socket = TcpStream::connect(addr)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = String::from("GET /events HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n");
    if closes {
        request += "Connection: close\r\n";
    }
    if !last_event_id.is_empty() {
        request += &format!("{}: {last_event_id}\r\n", headers::LAST_EVENT_ID);
    }
    socket.write_all((request + "\r\n").as_bytes())?;

    let mut socket = BufReader::new(socket);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if socket.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
    let is_chunked = values(&head, "Transfer-Encoding").iter().any(|value| value.eq_ignore_ascii_case("chunked"));
    if status == 200 {
        for &(name, value) in headers::RESPONSE {
            assert_eq!(values(&head, name), [value], "{head}");
        }
    }

    let mut body = Body { socket, is_chunked, left: 0 };
    let (mut all, mut seen) = (Vec::new(), Vec::new());
    let mut parser = Parser::new([0; 4096]);
    let mut byte = [0];
    while status == 200 && body.read(&mut byte)? == 1 {
        all.extend(byte);
        if let Some(event) = parser.next(&mut &byte[..]) {
            seen.push(event.into());
            arrives();
        }
    }
    Ok(Answer { status, is_chunked, seen, retry: parser.retry(), seen_by_another: by_another(&all) })
}

/// Reads a stream with `eventsource-stream`.
pub fn by_another(body: &[u8]) -> Vec<Seen> {
    let events = futures_lite::stream::iter([Ok::<_, Infallible>(body)]).eventsource();
    let seen = events.map(|event| event.map(|event| Seen::event(&event.event, &event.data, &event.id)));
    futures_lite::future::block_on(seen.try_collect()).expect("an event stream")
}

/// A body, without the chunks if it is sent in chunks. The end of the connection within a chunk is an error.
struct Body<R> {
    socket: R,
    is_chunked: bool,
    left: usize,
}

impl<R: BufRead> Read for Body<R> {
    fn read(&mut self, window: &mut [u8]) -> io::Result<usize> {
        if !self.is_chunked {
            return self.socket.read(window);
        }
        if self.left == 0 {
            let mut size = String::new();
            self.socket.read_line(&mut size)?;
            self.left = usize::from_str_radix(size.trim_end(), 16).map_err(io::Error::other)?;
        }
        let size = window.len().min(self.left);
        self.socket.read_exact(&mut window[..size])?;
        self.left -= size;
        if self.left == 0 {
            let mut end = [0; 2];
            self.socket.read_exact(&mut end)?;
            assert_eq!(end, *b"\r\n");
        }
        Ok(size)
    }
}
