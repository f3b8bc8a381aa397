//! A small event source of our own, and what following it must give.
//!
//! It is as unkind as HTTP allows: its chunks end within names, line ends and characters, and its first answer breaks off
//! in the middle of an event. A client that asks for what follows its last event ID gets every event once all the same.

use crate::Failure;
use crate::follow::follow;
use crate::http::Request;
use crate::print::notice;
use crate::read::OnEvent;
use sse_wire::client::Policy;
use sse_wire::headers;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::Duration;

/// An event that the server has, and the chunks in which it sends it.
struct Entry {
    event_type: &'static str,
    id: &'static str,
    data: &'static str,
    chunks: &'static [&'static [u8]],
}

const LOG: [Entry; 6] = [
    Entry {
        event_type: "message",
        id: "1",
        data: "Hello, wörld",
        // In UTF-8 the `ö` is C3 B6.
        chunks: &[b"id: 1\r\nda", b"ta: Hello, w\xC3", b"\xB6rld\r", b"\n\r", b"\n"],
    },
    Entry {
        event_type: "note",
        id: "2",
        data: "An event can have\n\nmany lines",
        chunks: &[b"event: note\nid: 2\nd", b"ata: An event can have\ndata\n", b"data: many lines\n", b"\n"],
    },
    Entry {
        event_type: "tick",
        id: "3",
        data: "21.5 °C",
        chunks: &[b": keep-alive\n", b"event: ti", b"ck\nid: 3", b"\n:\ndata: 21.5 \xC2", b"\xB0C\n\n"],
    },
    Entry {
        event_type: "tick",
        id: "4",
        data: "21.6 °C",
        chunks: &[b"event: tick\rid: 4\r", b"data: 21", b".6 \xC2\xB0C\r", b"\r"],
    },
    Entry { event_type: "ping", id: "5", data: "", chunks: &[b"id: 5\nevent", b": ping\nda", b"ta\n\n"] },
    Entry { event_type: "message", id: "6", data: " Bye", chunks: &[b"id: 6\ndata: ", b" Bye\n", b"\n"] },
];

/// What opens each answer: a byte order mark, and the reconnection time in milliseconds.
const OPENING: [&[u8]; 4] = [b"\xEF\xBB", b"\xBFret", b"ry: 700\r", b"\n\r\n"];

/// The first answer breaks off in the entry with this id, behind so many chunks.
const BREAK: (&str, usize) = ("4", 2);

/// What the requests must have in their `Last-Event-ID`: nothing, the last event before the break, the last of all.
const REQUESTS: [&str; 3] = ["", "3", "6"];

/// The server's pause between two chunks, so that each of them travels alone.
const PAUSE: Duration = Duration::from_millis(50);

/// Starts the server, follows it until it says stop, and compares what came with what should have come.
pub fn run(memory: &mut [u8], print: OnEvent<'_>) -> Result<(), Failure> {
    let cannot_serve = |error: io::Error| failed(format!("the server does not work: {error}"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot_serve)?;
    let url = format!("http://{}/events", listener.local_addr().map_err(cannot_serve)?);
    notice(format_args!("demo: following {url}"));
    // Nothing is left to chance here, so the waits are exactly as long as the server says.
    let request = Request { url, policy: Policy::STANDARD, ..Request::default() };
    let server = thread::spawn(move || serve(&listener));

    let mut received = Vec::new();
    follow(&request, memory, &mut |event| {
        received.push([event.event_type(), event.last_event_id(), event.data()].map(|text| text.to_string()));
        print(event)
    })?;

    // It has said stop, so it is done.
    let requests = server.join().map_err(|_| failed("the server panicked".into()))?.map_err(cannot_serve)?;
    compare(&received, &LOG.map(|entry| [entry.event_type, entry.id, entry.data]), "events")?;
    compare(&requests, &REQUESTS, "requests")?;
    notice(format_args!("demo: got all {} events, each of them once", LOG.len()));
    Ok(())
}

fn compare<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(
    actual: &[A],
    expected: &[B],
    what: &str,
) -> Result<(), Failure> {
    if let Some((actual, expected)) = actual.iter().zip(expected).find(|(actual, expected)| *actual != *expected) {
        return Err(failed(format!("among the {what} came {actual:?} instead of {expected:?}")));
    }
    if actual.len() != expected.len() {
        return Err(failed(format!("{} {what} came instead of {}", actual.len(), expected.len())));
    }
    Ok(())
}

fn failed(why: String) -> Failure {
    Failure::Input(format!("demo: {why}"))
}

/// Answers requests, one at a time, until it has nothing left to send. Returns the `Last-Event-ID` of each.
fn serve(listener: &TcpListener) -> io::Result<Vec<String>> {
    let mut requests = Vec::new();
    loop {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let last_event_id = read_request(&stream)?;
        requests.push(last_event_id.clone());

        let sent_before = LOG.iter().position(|entry| entry.id == last_event_id).map_or(0, |at| at + 1);
        let rest = &LOG[sent_before..];
        if rest.is_empty() {
            stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
            return Ok(requests);
        }
        let is_first = requests.len() == 1;
        send_events(&mut stream, rest, is_first)?;
    }
}

/// Reads the head of a request, and returns its `Last-Event-ID`, or nothing.
fn read_request(stream: &TcpStream) -> io::Result<String> {
    let mut last_event_id = String::new();
    for line in BufReader::new(stream).lines() {
        let line = line?;
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case(headers::LAST_EVENT_ID) => {
                value.trim().clone_into(&mut last_event_id)
            }
            None if line.is_empty() => break,
            _ => {}
        }
    }
    Ok(last_event_id)
}

/// Answers with these events, and ends the body as HTTP wants it, unless it breaks off.
fn send_events(stream: &mut TcpStream, events: &[Entry], is_first: bool) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n")?;
    for (name, value) in headers::RESPONSE {
        write!(stream, "{name}: {value}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    send_chunks(stream, &OPENING)?;
    for event in events {
        if is_first && event.id == BREAK.0 {
            // Dropping the connection here is what a crash or a lost network looks like.
            return send_chunks(stream, &event.chunks[..BREAK.1]);
        }
        send_chunks(stream, event.chunks)?;
    }
    stream.write_all(b"0\r\n\r\n")
}

fn send_chunks(stream: &mut TcpStream, chunks: &[&[u8]]) -> io::Result<()> {
    for chunk in chunks {
        let head = format!("{:x}\r\n", chunk.len());
        stream.write_all(&[head.as_bytes(), chunk, b"\r\n"].concat())?;
        sleep(PAUSE);
    }
    Ok(())
}
