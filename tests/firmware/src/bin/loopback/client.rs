//! The task that reads.

use crate::chunked::Chunked;
use crate::http::{HEAD, read_head, value};
use crate::net::{Closed, Socket};
use crate::series::{self, COUNT, CUT, LONGEST, LONGEST_ID, PORT, WAITS};
use core::fmt::Write;
use httparse::{EMPTY_HEADER, Response};
use sse_wire::client::{self, Action, EventSource, Policy, ReadyState};
use sse_wire::{End, Event, Status, Text};

/// What the client has seen.
#[derive(Default)]
pub struct Seen {
    pub connections: u32,
    pub waits: usize,
    pub reads: u32,
    pub bytes: usize,
    pub events: u32,
    /// It is to take one event for another, and so to fail.
    pub is_broken: bool,
}

/// Follows the series until the server says that there is no more to come.
pub async fn follow(socket: &Socket<'_, '_>, mut seen: Seen) -> Seen {
    let mut source = EventSource::new(Policy::RESILIENT, [0; LONGEST + 64]);
    loop {
        match source.poll(socket.now(), random) {
            Action::Connect(_) => {
                seen.connections += 1;
                if connect(socket, &mut source, &mut seen).await.is_err() {
                    assert_eq!(seen.events, CUT - 1, "events before the cut");
                    assert!(
                        matches!(source.failed(), End::Unfinished(rest) if rest.is_mid_line()),
                        "a cut in mid-event"
                    );
                }
                socket.close().await;
            }
            Action::Receive(_) => panic!("there is no connection to receive from"),
            Action::Wait(time) => {
                assert_eq!(Some(&time), WAITS.get(seen.waits), "wait {}", seen.waits);
                seen.waits += 1;
                socket.sleep(time).await;
            }
            Action::Closed(reason) => {
                assert_eq!((reason, seen.events, seen.waits), (client::Closed::Stopped, COUNT, WAITS.len()));
                return seen;
            }
        }
    }
}

/// No spread, so that every wait has its exact length.
fn random() -> u32 {
    0
}

/// Asks for the stream from the last event ID on, and reads it until it ends, or is cut off.
async fn connect(socket: &Socket<'_, '_>, source: &mut EventSource<[u8]>, seen: &mut Seen) -> Result<(), Closed> {
    let local_port = 49152 + seen.connections as u16;
    within(socket, source, socket.connect(PORT, local_port)).await?;
    request(socket, source).await?;
    response(socket, source).await?;
    let mut chunked = Chunked::new();
    while source.ready_state() == ReadyState::Open {
        let Action::Receive(limit) = source.poll(socket.now(), random) else { return Err(Closed) };
        // From the ring of the socket through the chunks to the parser, with no buffer in between.
        let read = socket.recv(|ring| {
            let (taken, status) = chunked.read(ring, |payload| source.advance(payload));
            seen.bytes += taken;
            (taken, status)
        });
        match socket.within(limit, read).await? {
            Status::NeedInput => assert!(!chunked.is_malformed(), "chunks"),
            Status::Event => seen.event(&source.event().expect("an event")),
            Status::Overflow(overflow) => panic!("{overflow}"),
        }
        seen.reads += 1;
        if chunked.is_done() {
            assert_eq!(source.ended(), End::Clean);
        }
    }
    Ok(())
}

/// Awaits the network for as long as the source says.
async fn within<T>(
    socket: &Socket<'_, '_>,
    source: &mut EventSource<[u8]>,
    future: impl Future<Output = Result<T, Closed>>,
) -> Result<T, Closed> {
    match source.poll(socket.now(), random) {
        Action::Receive(limit) => socket.within(limit, future).await,
        _ => Err(Closed),
    }
}

async fn request(socket: &Socket<'_, '_>, source: &mut EventSource<[u8]>) -> Result<(), Closed> {
    let mut memory = [0; HEAD];
    let head = series::written(&mut memory, |out| {
        write!(out, "GET /events HTTP/1.1\r\nHost: localhost\r\n")?;
        source.headers().try_for_each(|(name, value)| write!(out, "{name}: {value}\r\n"))?;
        write!(out, "\r\n")
    });
    within(socket, source, socket.write_all(head)).await
}

async fn response(socket: &Socket<'_, '_>, source: &mut EventSource<[u8]>) -> Result<(), Closed> {
    let mut memory = [0; HEAD];
    let head = within(socket, source, read_head(socket, &mut memory)).await?;
    let mut headers = [EMPTY_HEADER; 8];
    let mut response = Response::new(&mut headers);
    assert!(response.parse(head).expect("a response").is_complete());
    let status = response.code.expect("a status");
    let header = |name| value(response.headers, name).unwrap_or_default();
    let state = source.response(&client::Response {
        status,
        content_type: header("Content-Type"),
        retry_after: header("Retry-After"),
    });
    assert_eq!(state == ReadyState::Open, status == 200);
    Ok(())
}

impl Seen {
    /// Checks that this is the next event of the series.
    fn event(&mut self, event: &Event<'_>) {
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
    }
}
