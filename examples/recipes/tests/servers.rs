//! Servers on one log: live, resumed, told of gaps, limited, and ended. All four go through one set of tests.

mod common;

use common::Seen;
use recipes::server::common::Settings;
use recipes::server::{blocking, nonblocking};
use sse_wire::{KEEP_ALIVE, Message, Parser, event_type};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Four events at most, and room for all clients.
const SETTINGS: Settings = Settings {
    bytes: 1 << 10,
    events: 4,
    epoch: 9,
    clients_of_an_address: 10,
    clients: 10,
    // Longer than any test waits, so that no sign of life can stand in for being woken.
    sign_of_life: Duration::from_secs(60),
};
/// For tests that wait for signs of life.
const OFTEN: Duration = Duration::from_millis(20);
/// The longest that anything here takes.
const LIMIT: Duration = Duration::from_secs(20);

/// A server in a thread of its own.
struct Server {
    addr: SocketAddr,
    push: Box<dyn Fn(&Message<'_>)>,
    close: Box<dyn FnOnce(&Message<'_>)>,
    /// Says when the server has returned.
    ended: mpsc::Receiver<()>,
}

/// How to start one: the settings, and how long it waits for a client (blocking and nonblocking).
type Start = fn(&Settings, Duration) -> Server;

impl Server {
    fn push(&self, number: u32) {
        (self.push)(&Message::new().data(&format!("event {number}")));
    }
}

/// Runs a server in a thread.
fn run(server: impl FnOnce(TcpListener) + Send + 'static, listener: TcpListener) -> mpsc::Receiver<()> {
    let (end, ended) = mpsc::channel();
    thread::spawn(move || {
        server(listener);
        end.send(())
    });
    ended
}

/// Runs the future of a server in a thread.
fn run_async<F: Future<Output = ()>>(
    server: impl FnOnce(tokio::net::TcpListener) -> F + Send + 'static,
    listener: TcpListener,
) -> mpsc::Receiver<()> {
    let server = |listener| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            server(tokio::net::TcpListener::from_std(listener).unwrap()).await;
        });
    };
    listener.set_nonblocking(true).unwrap();
    run(server, listener)
}

fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

fn start_axum(settings: &Settings, _: Duration) -> Server {
    use axum::routing::get;
    use recipes::server::axum::{Hub, events, exact_events};

    let hub = Hub::new(settings);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let routes = axum::Router::new().route("/events", get(events)).route("/exact", get(exact_events));
    let service = routes.with_state(hub.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let (listener, addr) = listen();
    let server = |listener| async {
        axum::serve(listener, service).with_graceful_shutdown(async { _ = stopped.await }).await.unwrap();
    };
    let ended = run_async(server, listener);
    let publisher = hub.clone();
    Server {
        addr,
        push: Box::new(move |message| _ = publisher.push(message).unwrap()),
        close: Box::new(move |farewell| {
            hub.close(farewell);
            stop.send(()).unwrap();
        }),
        ended,
    }
}

fn start_hyper(settings: &Settings, _: Duration) -> Server {
    use recipes::server::hyper::{Hub, serve};

    let hub = Hub::new(settings);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (listener, addr) = listen();
    let served = hub.clone();
    let ended = run_async(|listener| serve(listener, served, async { _ = stopped.await }), listener);
    let publisher = hub.clone();
    Server {
        addr,
        push: Box::new(move |message| _ = publisher.push(message).unwrap()),
        close: Box::new(move |farewell| {
            hub.close(farewell);
            stop.send(()).unwrap();
        }),
        ended,
    }
}

fn start_blocking(settings: &Settings, patience: Duration) -> Server {
    let (listener, addr) = listen();
    let hub = Arc::new(blocking::Hub::new(settings, addr));
    let (served, publisher) = (hub.clone(), hub.clone());
    Server {
        addr,
        push: Box::new(move |message| _ = publisher.push(message).unwrap()),
        close: Box::new(move |farewell| hub.close(farewell)),
        ended: run(move |listener| served.serve(listener, patience), listener),
    }
}

fn start_nonblocking(settings: &Settings, patience: Duration) -> Server {
    let (listener, addr) = listen();
    let server = nonblocking::Server::new(listener.try_clone().unwrap(), settings).unwrap();
    let (hub, publisher) = (server.hub(), server.hub());
    Server {
        addr,
        push: Box::new(move |message| _ = publisher.push(message).unwrap()),
        close: Box::new(move |farewell| hub.close(farewell)),
        ended: run(move |_| server.run(patience).unwrap(), listener),
    }
}

/// A client that reads when it is told to.
struct Client {
    socket: BufReader<TcpStream>,
    parser: Parser<[u8; 2048]>,
    head: String,
    status: u16,
    /// What has been read of the stream, without the frames of chunks, and not yet been parsed.
    payload: Vec<u8>,
}

impl Client {
    fn connect(server: &Server, path: &str, last_event_id: Option<&str>) -> Self {
        let id = last_event_id.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        Self::send(server, &[format!("GET {path} HTTP/1.1\r\nHost: test\r\n{id}\r\n").as_bytes()])
    }

    /// Sends a request in pieces, and reads the head of the answer.
    fn send(server: &Server, request: &[&[u8]]) -> Self {
        let mut socket = TcpStream::connect(server.addr).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        socket.set_nodelay(true).unwrap();
        for bytes in request {
            // The server may have refused the client already.
            let _ = socket.write_all(bytes);
        }
        let mut socket = BufReader::new(socket);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(socket.read_line(&mut head).unwrap(), 0, "a head");
        }
        head.make_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert_eq!(head.contains("content-type: text/event-stream\r\n"), status == 200, "{head}");
        Self { socket, parser: Parser::new([0; 2048]), head, status, payload: Vec::new() }
    }

    /// Reads some more. Returns whether there was anything.
    fn read(&mut self) -> bool {
        if !self.head.contains("transfer-encoding: chunked\r\n") {
            let bytes = self.socket.fill_buf().unwrap();
            let len = bytes.len();
            self.payload.extend_from_slice(bytes);
            self.socket.consume(len);
            return len > 0;
        }
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
            if !self.read() {
                return None;
            }
        }
    }

    /// Reads bytes of the stream, without parsing them, and checks them.
    fn expect(&mut self, bytes: &[u8]) {
        while self.payload.len() < bytes.len() {
            assert!(self.read(), "{:?} is not all", self.payload.escape_ascii().to_string());
        }
        let read: Vec<u8> = self.payload.drain(..bytes.len()).collect();
        assert_eq!(read.escape_ascii().to_string(), bytes.escape_ascii().to_string());
    }

    fn id(&self) -> String {
        self.parser.last_event_id().to_string()
    }
}

fn tick(number: u32, id: &str) -> Seen {
    Seen::event("message", &format!("event {number}"), id)
}

fn live_resumed_too_late_and_unknown(start: Start) {
    let server = start(&SETTINGS, LIMIT);
    server.push(1);
    let mut client = Client::connect(&server, "/events", None);
    server.push(2);
    assert_eq!(client.next(), Some(tick(2, "9-2")), "from now on");
    server.push(3);
    assert_eq!(client.next(), Some(tick(3, "9-3")));
    let id = client.id();
    drop(client);

    for number in 4..=6 {
        server.push(number);
    }
    let mut client = Client::connect(&server, "/events", Some(&id));
    for number in 4..=6 {
        assert_eq!(client.next(), Some(tick(number, &format!("9-{number}"))), "resumed");
    }
    server.push(7);
    // 4, 5, 6 and 7 are left.
    let mut late = Client::connect(&server, "/events", Some("9-1"));
    assert_eq!(late.next(), Some(Seen::event("gap", "2", "")), "2 and 3 are gone");
    assert_eq!(late.next(), Some(tick(4, "9-4")));
    for foreign in ["8-6", "9-8", "9-06", "hello"] {
        let mut client = Client::connect(&server, "/events", Some(foreign));
        assert_eq!(client.next(), Some(Seen::event("gap", "unknown", "")), "{foreign}");
        assert_eq!(client.next(), Some(tick(4, "9-4")), "{foreign}");
    }
}

fn signs_of_life_move_the_id_of_exact_clients_alone(start: Start) {
    let server = start(&Settings { sign_of_life: OFTEN, ..SETTINGS }, LIMIT);
    server.push(1);
    let mut client = Client::connect(&server, "/events", None);
    client.expect(&KEEP_ALIVE.repeat(3));
    let mut exact = Client::connect(&server, "/exact", None);
    // On connection, and two signs of life.
    exact.expect(&b"id: 9-1\n\n".repeat(3));
    server.push(2);
    for client in [&mut client, &mut exact] {
        assert_eq!(client.next(), Some(tick(2, "9-2")));
    }
    client.expect(&KEEP_ALIVE.repeat(3));
    exact.expect(&b"id: 9-2\n\n".repeat(3));
}

fn a_client_without_an_event_loses_nothing_if_it_is_exact(start: Start) {
    let server = start(&SETTINGS, LIMIT);
    server.push(1);
    let mut client = Client::connect(&server, "/exact", None);
    while client.id().is_empty() {
        assert!(client.read());
        assert!(client.parser.next(&mut &client.payload[..]).is_none(), "a mark is no event");
        client.payload.clear();
    }
    assert_eq!(client.id(), "9-1");
    drop(client);
    server.push(2);
    assert_eq!(Client::connect(&server, "/exact", Some("9-1")).next(), Some(tick(2, "9-2")));
}

fn a_gap_is_told_before_the_mark(start: Start) {
    let server = start(&SETTINGS, LIMIT);
    for number in 1..=6 {
        server.push(number);
    }
    let mut late = Client::connect(&server, "/exact", Some("9-0"));
    late.expect(b"event: gap\ndata: 2\n\nid: 9-2\n\nid: 9-3\ndata: event 3\n\n");
    let mut unknown = Client::connect(&server, "/exact", Some("8-5"));
    unknown.expect(b"event: gap\ndata: unknown\n\nid: 9-2\n\nid: 9-3\ndata: event 3\n\n");
}

fn a_farewell_ends_every_stream_and_then_the_server(start: Start) {
    let server = start(&SETTINGS, LIMIT);
    let mut clients = [(); 5].map(|()| Client::connect(&server, "/events", None));
    server.push(1);
    (server.close)(&Message::new().event(event_type!("bye")).data("restart"));
    for client in &mut clients {
        assert_eq!(client.next(), Some(tick(1, "9-1")));
        assert_eq!(client.next(), Some(Seen::event("bye", "restart", "9-2")));
        assert_eq!(client.next(), None);
        assert_eq!(client.parser.retry(), Some(5000));
        assert_eq!(client.parser.end(), sse_wire::End::Clean);
    }
    server.ended.recv_timeout(LIMIT).expect("the server returns");
}

fn a_place_is_given_back_however_a_connection_ends(start: Start) {
    let server = start(&Settings { sign_of_life: OFTEN, clients_of_an_address: 2, ..SETTINGS }, LIMIT);
    let first = Client::connect(&server, "/events", None);
    let second = Client::connect(&server, "/events", None);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(Client::connect(&server, "/events", None).status, 429);
    drop(first);
    let third = wait_for_a_place(&server);
    assert_eq!(Client::connect(&server, "/events", None).status, 429, "given back once, not twice");
    drop((second, third));

    let server = start(&Settings { clients_of_an_address: 2, clients: 1, ..SETTINGS }, LIMIT);
    let _only = Client::connect(&server, "/events", None);
    assert_eq!(Client::connect(&server, "/events", None).status, 503);
}

/// Connects until there is a place.
fn wait_for_a_place(server: &Server) -> Client {
    let start = Instant::now();
    loop {
        let client = Client::connect(server, "/events", None);
        if client.status == 200 {
            return client;
        }
        assert_eq!(client.status, 429);
        assert!(start.elapsed() < LIMIT, "the place of a client that has gone");
    }
}

fn a_slow_client_is_told_exactly_what_it_has_missed(start: Start) {
    let server = start(&Settings { bytes: 64 << 10, events: 1 << 10, ..SETTINGS }, LIMIT);
    let mut client = Client::connect(&server, "/events", None);
    let count = push_more_than_sockets_hold(&server);

    // An ID is the number of the event, so it says what came before.
    let (mut seen, mut missed, mut last, mut told) = (0, 0, 0, 0);
    while last < count {
        match client.next() {
            Some(Seen::Event { event_type, data, .. }) if event_type == "gap" => told += data.parse::<u64>().unwrap(),
            Some(Seen::Event { id, data, .. }) => {
                assert!(data.len() == 1000 && data.bytes().all(|byte| byte == b'x'), "{data}");
                seen += 1;
                missed += told;
                last += told + 1;
                assert_eq!(id, format!("9-{last}"));
                told = 0;
            }
            // It had half an event.
            None => {
                client = Client::connect(&server, "/events", Some(&format!("9-{last}")));
                told = 0;
            }
            lost => panic!("{lost:?}"),
        }
    }
    assert_eq!(seen + missed, count);
    assert!(missed > 0 && seen > 0, "{seen} seen, {missed} missed");
}

/// Pushes events, and returns how many.
fn push_more_than_sockets_hold(server: &Server) -> u64 {
    let data = "x".repeat(1000);
    let count = 30_000;
    for _ in 0..count {
        (server.push)(&Message::new().data(&data));
    }
    count
}

// Where a library reads the requests, these two are the library's.

fn requests_are_read_within_limits(start: Start) {
    let server = start(&SETTINGS, LIMIT);
    let status = |request: &[u8]| Client::send(&server, &[request]).status;
    assert_eq!(status(b"GET /?/events HTTP/1.1\r\n\r\n"), 404);
    assert_eq!(status(b"GET events\r\n\r\n"), 400);
    assert_eq!(status(b"GET /events HTTP/1.1\r\nn: \0\r\n\r\n"), 400);
    let post = Client::send(&server, &[b"POST /events HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello"]);
    assert_eq!(post.status, 405);
    assert!(post.head.contains("\r\nallow: get\r\n"), "{}", post.head);

    let many = format!("GET /events HTTP/1.1\r\n{}\r\n", "n: v\r\n".repeat(65));
    assert_eq!(status(many.as_bytes()), 431);
    // As long as may be, and too long.
    let mut long = format!("GET /events HTTP/1.1\r\nn: {}\r\n\r\n", "v".repeat((8 << 10) - 29));
    assert_eq!((long.len(), status(long.as_bytes())), (8 << 10, 200));
    long.insert(24, ' ');
    assert_eq!(status(&long.as_bytes()[..8 << 10]), 431);
    assert_eq!(status(&b"GET /events ".repeat(100_000)), 400, "the answer arrives although much is unread");

    server.push(1);
    let request = b"GET /events?query HTTP/1.1\r\nn: \xff\r\nLAST-event-ID:\t9-0 \r\n\r\n";
    let bytes: Vec<&[u8]> = request.chunks(1).collect();
    assert_eq!(Client::send(&server, &bytes).next(), Some(tick(1, "9-1")));
}

fn clients_that_keep_a_server_waiting_are_sent_away(start: Start) {
    // It holds all, so that no client is sent away for having half an event.
    let all = Settings { bytes: 40 << 20, events: 1 << 15, clients_of_an_address: 1, ..SETTINGS };
    let server = start(&all, Duration::from_millis(300));
    let mut silent = TcpStream::connect(server.addr).unwrap();
    silent.set_read_timeout(Some(LIMIT)).unwrap();
    assert_eq!(silent.read(&mut [0; 9]).unwrap(), 0);
    let mut slow = wait_for_a_place(&server);
    assert_eq!(Client::connect(&server, "/events", None).status, 429);
    let count = push_more_than_sockets_hold(&server);
    let next = wait_for_a_place(&server);
    let mut seen = 0;
    while slow.next().is_some() {
        seen += 1;
    }
    assert!(0 < seen && seen < count, "{seen}");
    assert_eq!(next.status, 200);
}

macro_rules! tests {
    ($module:ident, $start:ident: $($test:ident)*) => {
        mod $module {
            $(#[test]
            fn $test() {
                super::$test(super::$start);
            })*
        }
    };
    ($module:ident, $start:ident of all) => {
        tests! { $module, $start:
            live_resumed_too_late_and_unknown
            signs_of_life_move_the_id_of_exact_clients_alone
            a_client_without_an_event_loses_nothing_if_it_is_exact
            a_gap_is_told_before_the_mark
            a_farewell_ends_every_stream_and_then_the_server
            a_place_is_given_back_however_a_connection_ends
            a_slow_client_is_told_exactly_what_it_has_missed
        }
    };
    ($module:ident, $start:ident of those without a library) => {
        tests! { $module, $start:
            requests_are_read_within_limits
            clients_that_keep_a_server_waiting_are_sent_away
        }
    };
}

tests! { on_axum, start_axum of all }
tests! { on_hyper, start_hyper of all }
tests! { on_blocking, start_blocking of all }
tests! { on_nonblocking, start_nonblocking of all }
tests! { on_blocking_alone, start_blocking of those without a library }
tests! { on_nonblocking_alone, start_nonblocking of those without a library }
