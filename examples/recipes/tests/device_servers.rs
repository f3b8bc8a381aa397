//! Servers for devices on one log, over embassy-net: live, resumed, told of gaps, limited, and ended.

mod common;

use ::embassy_net::tcp::TcpSocket;
use ::embassy_net::{ConfigV4, Stack};
use common::Seen;
use common::stacks::{CLIENT, SERVER, joined};
use embassy_futures::join::join_array;
use embassy_time::{Duration, Instant, Timer, with_timeout};
use embedded_io_async::Write;
use futures_lite::future::or;
use recipes::server::device::{CLIENTS, Hub};
use recipes::server::{embassy_net, picoserve};
use sse_wire::{KEEP_ALIVE, Message, Parser, event_type};

/// The longest that anything here takes.
const LIMIT: Duration = Duration::from_secs(100);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    EmbassyNet,
    Picoserve,
}

/// Runs a test with a server of each kind, on a log of so many events.
fn both(events: usize, clients_of_an_address: u16, test: impl AsyncFn(&Hub, Stack<'_>, Server)) {
    for server in [Server::EmbassyNet, Server::Picoserve] {
        joined(async |stack, client| {
            let hub = &Hub::new(events, 9, clients_of_an_address);
            let sockets = [(); CLIENTS + 1].map(|()| async move {
                let error = match server {
                    Server::EmbassyNet => embassy_net::serve(stack, 80, hub).await,
                    Server::Picoserve => picoserve::serve(stack, 80, hub).await,
                };
                panic!("{error:?}");
            });
            or(test(hub, client, server), async {
                join_array(sockets).await;
            })
            .await;
        });
    }
}

/// A client that reads when it is told to.
struct Client<'s> {
    socket: TcpSocket<'s>,
    parser: Parser<[u8; 2048]>,
    head: String,
    /// What has been read after the head.
    body: Vec<u8>,
    /// How much of that has been parsed.
    parsed: usize,
}

impl<'s> Client<'s> {
    async fn connect(stack: Stack<'s>, path: &str, last_event_id: Option<&str>) -> Self {
        let id = last_event_id.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        Self::send(stack, &format!("GET {path} HTTP/1.1\r\nHost: test\r\n{id}\r\n")).await
    }

    /// Sends a request, and reads the head of the response.
    async fn send(stack: Stack<'s>, request: &str) -> Self {
        let mut socket = TcpSocket::new(stack, vec![0; 512].leak(), vec![0; 512].leak());
        socket.connect((SERVER, 80)).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut client =
            Self { socket, parser: Parser::new([0; 2048]), head: String::new(), body: Vec::new(), parsed: 0 };
        while !client.head.ends_with("\r\n\r\n") {
            let mut byte = [0];
            assert_eq!(client.socket.read(&mut byte).await, Ok(1), "a head: {}", client.head);
            client.head.push(byte[0].into());
        }
        if client.status() == 200 {
            assert!(
                client.head.to_ascii_lowercase().contains("content-type: text/event-stream\r\n"),
                "{}",
                client.head
            );
        }
        client
    }

    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Reads some bytes. Returns whether there were any.
    async fn read(&mut self) -> bool {
        let mut window = [0; 100];
        let read = with_timeout(LIMIT, self.socket.read(&mut window)).await.expect("the server goes on").unwrap();
        self.body.extend_from_slice(&window[..read]);
        read > 0
    }

    /// Reads up to the next event. `None` is the end of the stream.
    async fn next(&mut self) -> Option<Seen> {
        loop {
            let mut rest = &self.body[self.parsed..];
            let event = self.parser.next(&mut rest).map(Seen::from);
            self.parsed = self.body.len() - rest.len();
            if event.is_some() || !self.read().await {
                return event;
            }
        }
    }

    /// Reads until there are so many bytes.
    async fn body(&mut self, len: usize) -> &[u8] {
        while self.body.len() < len {
            assert!(self.read().await, "{:?}", self.body);
        }
        &self.body
    }

    /// Tells the server that it goes.
    async fn leave(mut self) {
        self.socket.abort();
        self.socket.flush().await.unwrap();
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
    both(4, 10, async |hub, stack, _| {
        push(hub, 1);
        let mut client = Client::connect(stack, "/events", None).await;
        push(hub, 2);
        assert_eq!(client.next().await, Some(tick(2, "9-2")), "from now on");
        push(hub, 3);
        assert_eq!(client.next().await, Some(tick(3, "9-3")));
        let id = client.parser.last_event_id().to_string();
        client.leave().await;

        for number in 4..=6 {
            push(hub, number);
        }
        let mut client = Client::connect(stack, "/events", Some(&id)).await;
        for number in 4..=6 {
            assert_eq!(client.next().await, Some(tick(number, &format!("9-{number}"))), "resumed");
        }
        client.leave().await;
        push(hub, 7);
        // 4, 5, 6 and 7 are left.
        let mut late = Client::connect(stack, "/events", Some("9-1")).await;
        assert_eq!(late.next().await, Some(Seen::event("gap", "2", "")), "2 and 3 are gone");
        assert_eq!(late.next().await, Some(tick(4, "9-4")));
        late.leave().await;
        for foreign in ["8-6", "9-8", "9-06", "hello"] {
            let mut client = Client::connect(stack, "/events", Some(foreign)).await;
            assert_eq!(client.next().await, Some(Seen::event("gap", "unknown", "")), "{foreign}");
            assert_eq!(client.next().await, Some(tick(4, "9-4")), "{foreign}");
            client.leave().await;
        }
    });
}

/// Byte for byte, for 30 seconds.
#[test]
fn only_exact_routes_mark() {
    both(4, 10, async |hub, stack, _| {
        push(hub, 1);
        for (path, on_connection, when_idle) in
            [("/events", &b""[..], KEEP_ALIVE), ("/exact", b"id: 9-1\n\n", b"id: 9-1\n\n")]
        {
            let mut client = Client::connect(stack, path, None).await;
            let start = Instant::now();
            let mut expected = on_connection.to_vec();
            assert_eq!(client.body(expected.len()).await, expected, "{path}");
            for count in 1..=2 {
                expected.extend_from_slice(when_idle);
                assert_eq!(client.body(expected.len()).await, expected, "{path}");
                let seconds = (Instant::now() - start + Duration::from_millis(100)).as_secs();
                assert_eq!(seconds, count * 15, "{path}");
            }
            assert_eq!(client.parser.next(&mut &client.body[..]), None, "no event");
            client.leave().await;
        }
        push(hub, 2);
        let mut client = Client::connect(stack, "/exact", Some("9-1")).await;
        assert_eq!(client.next().await, Some(tick(2, "9-2")));
        // First the gap, and then the mark.
        let mut client = Client::connect(stack, "/exact", Some("8-1")).await;
        let first = b"event: gap\ndata: unknown\n\nid: 9-0\n\nid: 9-1\ndata: event 1\n\nid: 9-2\n";
        assert_eq!(&client.body(first.len()).await[..first.len()], first);
    });
}

#[test]
fn a_farewell_ends_every_stream() {
    both(4, 10, async |hub, stack, _| {
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            clients.push(Client::connect(stack, "/events", None).await);
        }
        push(hub, 1);
        hub.close(&Message::new().event(event_type!("bye")).data("restart"));
        for client in &mut clients {
            assert_eq!(client.next().await, Some(tick(1, "9-1")));
            assert_eq!(client.next().await, Some(Seen::event("bye", "restart", "9-2")));
            assert_eq!(client.next().await, None);
            assert!(client.body.ends_with(b"\n\nretry: 5000\n"), "{:?}", String::from_utf8_lossy(&client.body));
            assert_eq!(client.parser.retry(), Some(5000));
            assert_eq!(client.parser.end(), sse_wire::End::Clean);
        }
    });
}

#[test]
fn a_place_is_given_back_however_a_connection_ends() {
    both(4, 2, async |hub, stack, _| {
        let first = Client::connect(stack, "/events", None).await;
        let second = Client::connect(stack, "/events", None).await;
        assert_eq!((first.status(), second.status()), (200, 200));
        assert_eq!(Client::connect(stack, "/events", None).await.status(), 429);
        // One leaves, and the other one is gone without a word.
        first.leave().await;
        Timer::after_secs(1).await;
        let first = Client::connect(stack, "/events", None).await;
        assert_eq!(first.status(), 200);
        assert_eq!(Client::connect(stack, "/events", None).await.status(), 429);
        drop(second);
        Timer::after_secs(16).await;
        let second = Client::connect(stack, "/events", None).await;
        assert_eq!(second.status(), 200);
        assert_eq!(Client::connect(stack, "/events", None).await.status(), 429);
        // Those that are left stay until the end, and then their places are free, too.
        hub.close(&Message::new().data("bye"));
        for mut client in [first, second] {
            while client.next().await.is_some() {}
            client.leave().await;
        }
        assert_eq!(Client::connect(stack, "/events", None).await.status(), 200);
    });
    both(4, 10, async |_, stack, _| {
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            clients.push(Client::connect(stack, "/events", None).await);
            assert_eq!(clients.last().unwrap().status(), 200);
        }
        assert_eq!(Client::connect(stack, "/events", None).await.status(), 503);
    });
}

#[test]
fn a_client_that_was_cut_off_is_noticed() {
    both(4, 1, async |hub, stack, server| {
        let client = Client::connect(stack, "/events", None).await;
        assert_eq!(client.status(), 200);
        // By then it has acknowledged the head.
        Timer::after_millis(20).await;
        let has_place = || hub.connect(CLIENT.into(), None, false).is_err();
        stack.set_config_v4(ConfigV4::None);
        // A sign of life, and then 45 seconds without an answer.
        Timer::after_secs(15 + 44).await;
        assert!(has_place(), "{server:?}");
        Timer::after_secs(2).await;
        assert!(!has_place(), "{server:?}");
    });
}

#[test]
fn an_event_does_not_wait_for_the_one_before_to_be_acknowledged() {
    both(4, 10, async |hub, stack, server| {
        let mut client = Client::connect(stack, "/events", None).await;
        // For the head, picoserve waits.
        Timer::after_millis(20).await;
        for number in 1..=9 {
            let start = Instant::now();
            push(hub, number);
            assert_eq!(client.next().await, Some(tick(number, &format!("9-{number}"))));
            let took = Instant::now() - start;
            assert!(took < Duration::from_millis(2), "{server:?}: {number} took {took}");
        }
    });
}

#[test]
fn a_slow_client_is_told_exactly_what_it_has_missed() {
    let count = 3000;
    both(64, 10, async |hub, stack, server| {
        let mut client = Client::connect(stack, "/events", None).await;
        // More than the sockets and the log hold.
        let data = "x".repeat(200);
        for _ in 0..count {
            hub.push(&Message::new().data(&data)).unwrap();
            Timer::after_millis(1).await;
        }
        hub.close(&Message::new().event(event_type!("bye")).data(""));

        let (mut seen, mut missed, mut connections) = (0, 0, 1);
        loop {
            let Some(event) = client.next().await else {
                // Overtaken within an event, it comes back.
                connections += 1;
                let id = client.parser.last_event_id().to_string();
                client.leave().await;
                client = Client::connect(stack, "/events", Some(&id)).await;
                continue;
            };
            let Seen::Event { event_type, data, id } = event else { panic!("{event:?}") };
            match event_type.as_str() {
                "gap" => missed += data.parse::<u64>().unwrap(),
                // An ID is the number of the event, so it says what came before.
                "message" => {
                    seen += 1;
                    assert_eq!(id, format!("9-{}", seen + missed));
                }
                _ => {
                    assert_eq!((event_type.as_str(), id), ("bye", format!("9-{}", count + 1)));
                    break;
                }
            }
        }
        println!("{server:?}: {seen} seen, {missed} missed, {connections} connections");
        assert_eq!(seen + missed, count);
        assert!(missed > 0 && seen > 0, "{seen} seen, {missed} missed");
        // A window of picoserve's holds whole events. In the memory of a socket half an event can be the last.
        assert_eq!(connections, if server == Server::Picoserve { 1 } else { 2 });
    });
}

#[test]
fn other_requests_are_refused() {
    both(4, 10, async |_, stack, server| {
        let status = async |request: &str| {
            let client = Client::send(stack, request).await;
            let status = client.status();
            client.leave().await;
            status
        };
        assert_eq!(status("GET /nothing HTTP/1.1\r\n\r\n").await, 404);
        assert_eq!(status("POST /events HTTP/1.1\r\n\r\n").await, 405);
        assert_eq!(status("GET /events?a HTTP/1.1\r\n\r\n").await, 200);
        if server == Server::EmbassyNet {
            assert_eq!(status("GET /events\r\n\r\n").await, 400);
            let long = "a".repeat(1024);
            assert_eq!(status(&format!("GET /events HTTP/1.1\r\nA: {long}\r\n\r\n")).await, 431);
            let many = "a: b\r\n".repeat(25);
            assert_eq!(status(&format!("GET /events HTTP/1.1\r\n{many}\r\n")).await, 431);
        }
    });
}
