//! The task that reads.

use crate::chunked::Chunked;
use crate::http::{HEAD, read_head, value};
use crate::net::{Closed, Socket};
use crate::series::{self, COUNT, CUT, LONGEST, LONGEST_ID, PORT};
use core::fmt::Write;
use httparse::{EMPTY_HEADER, Response};
use sse_wire::{End, Event, Parser, Status, Text, headers};

/// What the client has seen.
#[derive(Default)]
pub struct Seen {
    pub connections: u32,
    pub reads: u32,
    pub bytes: usize,
    pub events: u32,
    /// It is to take one event for another, and so to fail.
    pub is_broken: bool,
}

/// Follows the series to its end, over as many connections as it takes.
pub async fn follow(socket: &Socket<'_, '_>, mut seen: Seen) -> Seen {
    let mut parser = Parser::new([0; LONGEST + 64]);
    for local_port in 49152.. {
        socket.connect(PORT, local_port).await.expect("a server");
        seen.connections += 1;
        let status = read_stream(socket, &mut parser, &mut seen).await;
        socket.close().await;
        if status.is_ok() {
            break;
        }
        assert_eq!(seen.events, CUT - 1, "events before the cut");
        assert!(matches!(parser.end(), End::Unfinished(rest) if rest.is_mid_line()), "a cut in mid-event");
        socket.sleep(parser.retry().expect("a reconnection time")).await;
    }
    assert_eq!(parser.end(), End::Clean);
    assert_eq!(seen.events, COUNT);
    seen
}

/// Asks for the stream from the last event ID on, and reads it until it ends, or is cut off.
async fn read_stream(socket: &Socket<'_, '_>, parser: &mut Parser<[u8]>, seen: &mut Seen) -> Result<(), Closed> {
    request(socket, parser.last_event_id()).await?;
    response(socket).await?;
    let mut chunked = Chunked::new();
    while !chunked.is_done() {
        // From the ring of the socket through the chunks to the parser, with no buffer in between.
        let read = socket.recv(|ring| {
            let (taken, status) = chunked.read(ring, |payload| parser.advance(payload));
            seen.bytes += taken;
            (taken, status)
        });
        match read.await? {
            Status::NeedInput => assert!(!chunked.is_malformed(), "chunks"),
            Status::Event => seen.event(&parser.event().expect("an event"), parser.retry()),
            Status::Overflow(overflow) => panic!("{overflow}"),
        }
        seen.reads += 1;
    }
    Ok(())
}

async fn request(socket: &Socket<'_, '_>, last_event_id: Text<'_>) -> Result<(), Closed> {
    let mut memory = [0; HEAD];
    let head = series::written(&mut memory, |out| {
        write!(out, "GET /events HTTP/1.1\r\nHost: localhost\r\n")?;
        headers::request(last_event_id).try_for_each(|(name, value)| write!(out, "{name}: {value}\r\n"))?;
        write!(out, "\r\n")
    });
    socket.write_all(head).await
}

async fn response(socket: &Socket<'_, '_>) -> Result<(), Closed> {
    let mut memory = [0; HEAD];
    let mut headers = [EMPTY_HEADER; 8];
    let mut response = Response::new(&mut headers);
    let status = response.parse(read_head(socket, &mut memory).await?).expect("a response");
    assert!(status.is_complete() && response.code == Some(200));
    assert!(value(response.headers, "Content-Type").is_some_and(headers::is_event_stream));
    assert_eq!(value(response.headers, "Transfer-Encoding"), Some(&b"chunked"[..]));
    Ok(())
}

impl Seen {
    /// Checks that this is the next event of the series.
    fn event(&mut self, event: &Event<'_>, retry: Option<u64>) {
        self.events += 1;
        let number = if self.is_broken && self.events == 4321 { 4322 } else { self.events };
        let (mut data, mut id, mut last) = ([0; LONGEST], [0; LONGEST_ID], [0; LONGEST_ID]);
        let id = series::has_id(number).then(|| series::id(number, &mut id));
        let last_event_id = id.unwrap_or_else(|| series::id(number - 1, &mut last));
        let event_type = series::event_type(number).map_or("message".into(), |line| line.as_text());
        assert!(event.data().len() > crate::net::BUFFER, "event {number} went through in one piece");
        assert_eq!(event.event_type(), event_type, "type of event {number}");
        assert_eq!(event.data(), Text::new(series::data(number, "\n", &mut data)), "data of event {number}");
        assert_eq!(event.id(), id.map(Into::into), "ID of event {number}");
        assert_eq!(event.last_event_id(), last_event_id, "last event ID of event {number}");
        assert_eq!(retry, (1..=number).rev().find_map(series::retry), "reconnection time at event {number}");
    }
}
