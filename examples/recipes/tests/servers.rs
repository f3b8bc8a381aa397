//! Servers on one log: live, resumed, told of gaps, limited, and ended.

mod common;

use axum::routing::get;
use common::Seen;
use recipes::server::axum::{Hub, events, exact_events};
use sse_wire::{Message, Parser, event_type};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An axum server in a thread of its own.
fn start(hub: &Arc<Hub>) -> SocketAddr {
    let (send, addr) = std::sync::mpsc::channel();
    let routes = axum::Router::new().route("/events", get(events)).route("/exact", get(exact_events));
    let service = routes.with_state(hub.clone()).into_make_service_with_connect_info::<SocketAddr>();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            send.send(listener.local_addr().unwrap()).unwrap();
            axum::serve(listener, service).await.unwrap();
        });
    });
    addr.recv().unwrap()
}

/// A client that reads when it is told to.
struct Client {
    socket: BufReader<TcpStream>,
    parser: Parser<[u8; 2048]>,
    status: u16,
    /// The payload of chunks that has been read, and not yet been parsed.
    payload: Vec<u8>,
}

impl Client {
    fn connect(addr: SocketAddr, path: &str, last_event_id: Option<&str>) -> Self {
        let mut socket = TcpStream::connect(addr).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let id = last_event_id.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        write!(socket, "GET {path} HTTP/1.1\r\nHost: test\r\n{id}\r\n").unwrap();
        let mut socket = BufReader::new(socket);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(socket.read_line(&mut head).unwrap(), 0, "a head");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status == 200 {
            assert!(head.to_ascii_lowercase().contains("content-type: text/event-stream\r\n"), "{head}");
        }
        Self { socket, parser: Parser::new([0; 2048]), status, payload: Vec::new() }
    }

    /// Reads the next chunk. Returns whether there was one.
    fn read_chunk(&mut self) -> bool {
        let mut size = String::new();
        self.socket.read_line(&mut size).unwrap();
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        self.socket.read_exact(&mut chunk).unwrap();
        self.payload.extend_from_slice(&chunk[..size]);
        size > 0
    }

    /// Reads up to the next event. `None` is the end of the stream.
    fn next(&mut self) -> Option<Seen> {
        loop {
            let mut rest = &self.payload[..];
            let event = self.parser.next(&mut rest).map(Seen::from);
            let read = self.payload.len() - rest.len();
            self.payload.drain(..read);
            if event.is_some() {
                return event;
            }
            if !self.read_chunk() {
                return None;
            }
        }
    }

    fn id(&self) -> String {
        self.parser.last_event_id().to_string()
    }
}

fn tick(number: u32, id: &str) -> Seen {
    Seen::event("message", &format!("event {number}"), id)
}

fn push(hub: &Hub, number: u32) {
    hub.push(&Message::new().data(&format!("event {number}"))).unwrap();
}

#[test]
fn live_resumed_too_late_and_unknown() {
    // Four events at most.
    let hub = Hub::new(1 << 10, 4, 9, 10, 10);
    let addr = start(&hub);
    push(&hub, 1);
    let mut client = Client::connect(addr, "/events", None);
    push(&hub, 2);
    assert_eq!(client.next(), Some(tick(2, "9-2")), "from now on");
    push(&hub, 3);
    assert_eq!(client.next(), Some(tick(3, "9-3")));
    let id = client.id();
    drop(client);

    for number in 4..=6 {
        push(&hub, number);
    }
    let mut client = Client::connect(addr, "/events", Some(&id));
    for number in 4..=6 {
        assert_eq!(client.next(), Some(tick(number, &format!("9-{number}"))), "resumed");
    }
    push(&hub, 7);
    // 4, 5, 6 and 7 are left.
    let mut late = Client::connect(addr, "/events", Some("9-1"));
    assert_eq!(late.next(), Some(Seen::event("gap", "2", "")), "2 and 3 are gone");
    assert_eq!(late.next(), Some(tick(4, "9-4")));
    for foreign in ["8-6", "9-8", "9-06", "hello"] {
        let mut client = Client::connect(addr, "/events", Some(foreign));
        assert_eq!(client.next(), Some(Seen::event("gap", "unknown", "")), "{foreign}");
        assert_eq!(client.next(), Some(tick(4, "9-4")), "{foreign}");
    }
}

#[test]
fn exact_clients_have_an_id_before_their_first_event() {
    let hub = Hub::new(1 << 10, 4, 9, 10, 10);
    let addr = start(&hub);
    push(&hub, 1);
    let mut client = Client::connect(addr, "/exact", None);
    while client.parser.last_event_id().is_empty() {
        assert!(client.read_chunk());
        assert!(client.parser.next(&mut &client.payload[..]).is_none(), "a mark is no event");
        client.payload.clear();
    }
    assert_eq!(client.id(), "9-1");
    drop(client);
    push(&hub, 2);
    assert_eq!(Client::connect(addr, "/exact", Some("9-1")).next(), Some(tick(2, "9-2")));
}

#[test]
fn a_farewell_ends_every_stream() {
    let hub = Hub::new(1 << 10, 4, 9, 10, 10);
    let addr = start(&hub);
    let mut clients = [(); 5].map(|()| Client::connect(addr, "/events", None));
    push(&hub, 1);
    hub.close(&Message::new().event(event_type!("bye")).data("restart"));
    for client in &mut clients {
        assert_eq!(client.next(), Some(tick(1, "9-1")));
        assert_eq!(client.next(), Some(Seen::event("bye", "restart", "9-2")));
        assert_eq!(client.next(), None);
        assert_eq!(client.parser.retry(), Some(5000));
        assert_eq!(client.parser.end(), sse_wire::End::Clean);
    }
}

#[test]
fn a_place_is_given_back_however_a_connection_ends() {
    let hub = Hub::new(1 << 10, 4, 9, 2, 10);
    let addr = start(&hub);
    let first = Client::connect(addr, "/events", None);
    let second = Client::connect(addr, "/events", None);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(Client::connect(addr, "/events", None).status, 429);
    drop(first);
    let start = Instant::now();
    while Client::connect(addr, "/events", None).status != 200 {
        assert!(start.elapsed() < Duration::from_secs(20), "the place of a client that has gone");
    }

    let hub = Hub::new(1 << 10, 4, 9, 2, 1);
    let addr = self::start(&hub);
    let _only = Client::connect(addr, "/events", None);
    assert_eq!(Client::connect(addr, "/events", None).status, 503);
}

#[test]
fn a_slow_client_is_told_exactly_what_it_has_missed() {
    let hub = Hub::new(64 << 10, 1 << 10, 9, 10, 10);
    let addr = start(&hub);
    let mut client = Client::connect(addr, "/events", None);
    // More than the sockets hold.
    let data = "x".repeat(1000);
    let count = 30_000;
    for _ in 0..count {
        hub.push(&Message::new().data(&data)).unwrap();
    }
    hub.close(&Message::new().event(event_type!("bye")).data(""));

    let (mut seen, mut missed) = (0, 0);
    while let Some(event) = client.next() {
        let Seen::Event { event_type, data, id } = event else { panic!("{event:?}") };
        match event_type.as_str() {
            "gap" => missed += data.parse::<u64>().unwrap(),
            // An ID is the number of the event, so it says what came before.
            "message" => {
                seen += 1;
                assert_eq!(id, format!("9-{}", seen + missed));
            }
            _ => assert_eq!((event_type.as_str(), id), ("bye", format!("9-{}", count + 1))),
        }
    }
    assert_eq!(seen + missed, count);
    assert!(missed > 0 && seen > 0, "{seen} seen, {missed} missed");
}
