//! The example `serve` as its clients meet it: a process on a port, and every byte that comes from there.
//!
//! No test here proves anything by sleeping. Where time could matter, a test waits for what it needs to see, and
//! [`DEADLINE`] is there for what never comes.

#[path = "harness/example.rs"]
mod example;

use example::{DEADLINE, lines, program};
use serde_json::{Value, json};
use sse_wire::Parser;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

/// The first twenty events, written by hand, as a browser shows them: one object a line.
const EVENTS: &str = include_str!("browser/expected.jsonl");

/// What opens each stream, a chunk each.
const OPENING: [&str; 2] = [": Welcome.\n: Clients ignore comments like this one.\n", "retry: 1000\n"];

/// The first eleven events as they travel, a chunk each.
const CHUNKS: [&str; 11] = [
    "id: 1\ndata: Hello, world\n\n",
    "event: tick\nid: 2\ndata: {\"number\":2,\"tags\":[\"one line\",\"of JSON\"]}\n\n",
    "event: log\nid: 3\ndata: ended by LF\ndata: ended by CR\ndata: ended by CRLF\ndata: ended by LF, twice\ndata: \n\
     data: not ended\n\n",
    "id: 4\ndata:    three spaces in front\n\n",
    "event: log\nid: 5\ndata: Grüße, 世界 🌍\n\n",
    "event: tick\nid: 6\ndata: \n\n",
    "event: log\nid: 7\ndata: Report 7:\ndata: 0x0007 is      7\n\n",
    "id: 8\ndata: event: tick\ndata: id: 999\ndata: data: all of this is data\ndata: \ndata: : even this\n\n",
    "event: log\nid: 9\ndata: a line break at the end\ndata: \n\n",
    "id: 10\ndata: Hello, world\n\n",
    "event: tick\nid: 11\ndata: {\"number\":11,\"tags\":[\"one line\",\"of JSON\"]}\n\n",
];

// The programs.

/// A running program, whose output can be read line by line while it runs.
struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    fn start<A: AsRef<str>>(program: impl AsRef<Path>, args: &[A]) -> Self {
        let mut child = Command::new(program.as_ref())
            .args(args.iter().map(AsRef::as_ref))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = lines(child.stdout.take().unwrap(), usize::MAX);
        let stderr = lines(child.stderr.take().unwrap(), usize::MAX);
        Self { child, stdout, stderr }
    }

    /// The next line of standard output, as soon as it comes.
    #[track_caller]
    fn line(&self) -> String {
        self.stdout
            .recv_timeout(DEADLINE)
            .unwrap_or_else(|_| panic!("no line, but {:?}", self.stderr.try_iter().collect::<Vec<_>>()))
    }

    /// The next line of standard error, as soon as it comes.
    #[track_caller]
    fn notice(&self) -> String {
        self.stderr.recv_timeout(DEADLINE).expect("a line of standard error")
    }

    /// Waits for the end, and returns the exit status and what is left of the output.
    fn end(mut self) -> (Option<i32>, Vec<String>, Vec<String>) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < DEADLINE, "it does not end");
            thread::sleep(Duration::from_millis(5));
        };
        (status.code(), self.stdout.iter().collect(), self.stderr.iter().collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `serve`.
struct Server {
    running: Running,
    port: u16,
}

impl Server {
    /// On any free port.
    fn start(args: &[&str]) -> Self {
        Self::start_on(0, args).expect("some port is free")
    }

    /// On this port, if nobody else is there.
    fn start_on(port: u16, args: &[&str]) -> Option<Self> {
        let port_arg = port.to_string();
        let args = [&["--port", &port_arg], args].concat();
        let running = Running::start(program("serve"), &args);
        let Ok(address) = running.stdout.recv_timeout(DEADLINE) else {
            let notice = running.notice();
            assert!(notice.starts_with(&format!("serve: cannot serve on port {port}: ")), "{notice}");
            assert_eq!(running.end().0, Some(1));
            return None;
        };
        let port = address.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix('/'));
        Some(Self { running, port: port.unwrap().parse().unwrap() })
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_write_timeout(Some(DEADLINE)).unwrap();
        stream
    }

    /// Sends these bytes and returns the answer, up to where the server closes the connection.
    #[track_caller]
    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::parse(&bytes)
    }

    /// Asks for something with these headers, each with its line end.
    #[track_caller]
    fn get(&self, path: &str, headers: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes())
    }

    /// Asks for the events after this one.
    #[track_caller]
    fn events_after(&self, id: &[u8]) -> Answer {
        self.send(&[b"GET /events HTTP/1.1\r\nHost: localhost\r\nlast-event-id: ", id, b"\r\n\r\n"].concat())
    }
}

struct Answer {
    status: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    fn parse(bytes: &[u8]) -> Self {
        let at = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an answer with a head");
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let mut lines = head.split("\r\n").map(str::to_owned);
        let status = lines.next().unwrap().strip_prefix("HTTP/1.1 ").unwrap().to_owned();
        Self { status, headers: lines.collect(), body: bytes[at + 4..].to_vec() }
    }

    /// The body's chunks, of which the last is empty.
    #[track_caller]
    fn chunks(&self) -> Vec<String> {
        assert_eq!(self.status, "200 OK");
        assert!(self.headers.iter().any(|header| header == "Transfer-Encoding: chunked"), "{:?}", self.headers);
        let mut chunks = Vec::new();
        let mut rest = &self.body[..];
        while !rest.is_empty() {
            let at = rest.windows(2).position(|bytes| bytes == b"\r\n").expect("a size");
            let len = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap(), 16).unwrap();
            rest = &rest[at + 2..];
            assert_eq!(&rest[len..len + 2], b"\r\n");
            chunks.push(String::from_utf8(rest[..len].to_vec()).unwrap());
            rest = &rest[len + 2..];
        }
        chunks
    }

    /// What this crate's parser makes of the body, as the page would report it.
    #[track_caller]
    fn events(&self) -> Vec<Value> {
        let chunks = self.chunks();
        assert_eq!(chunks.last().map(String::as_str), Some(""), "the body is not complete");
        let mut parser = Parser::new([0; 256]);
        let mut events = Vec::new();
        for chunk in &chunks {
            let mut chunk = chunk.as_bytes();
            while let Some(event) = parser.next(&mut chunk) {
                let event = event.unwrap();
                let [r#type, id, data] =
                    [event.event_type(), event.last_event_id(), event.data()].map(|text| text.to_string());
                events.push(json!({ "type": r#type, "lastEventId": id, "data": data }));
            }
        }
        assert_eq!(parser.retry(), Some(1000));
        events
    }
}

fn expected_events() -> Vec<Value> {
    let events: Vec<Value> = EVENTS.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 20);
    events
}

// The stream.

#[test]
fn sends_every_message_as_one_chunk() {
    let answer = Server::start(&["--interval", "5", "--count", "11"]).get("/events", "");
    let headers = [
        "Connection: close",
        "content-type: text/event-stream",
        "cache-control: no-store, no-transform",
        "x-accel-buffering: no",
        "Transfer-Encoding: chunked",
    ];
    assert_eq!((&answer.status[..], &answer.headers[..]), ("200 OK", &headers.map(String::from)[..]));
    assert_eq!(answer.chunks(), [&OPENING[..], &CHUNKS, &[""]].concat());
}

#[test]
fn parses_as_what_it_is() {
    let answer = Server::start(&["--interval", "5", "--count", "20"]).get("/events", "");
    assert_eq!(answer.events(), expected_events());
}

#[test]
fn has_no_chunks_in_http_1_0() {
    let server = Server::start(&["--interval", "5", "--count", "11"]);
    let answer = server.send(b"GET /events HTTP/1.0\r\n\r\n");
    assert_eq!(answer.status, "200 OK");
    assert!(!answer.headers.iter().any(|header| header.starts_with("Transfer-Encoding")), "{:?}", answer.headers);
    assert_eq!(String::from_utf8(answer.body).unwrap(), [&OPENING[..], &CHUNKS].concat().concat());
}

#[test]
fn sends_each_message_when_it_is_due() {
    // The next event is an hour away, so this comes through only if nothing waits for more.
    let server = Server::start(&["--interval", "3600000"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /events HTTP/1.1\r\n\r\n").unwrap();
    let mut received = Vec::new();
    while !received.ends_with(b"data: Hello, world\n\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        received.extend(byte);
    }
}

#[test]
fn keeps_idle_connections_alive() {
    let server = Server::start(&["--interval", "20", "--keep-alive", "8", "--count", "3", "--retry", "0"]);
    let [first, second, third] = [CHUNKS[0], CHUNKS[1], CHUNKS[2]];
    let comment = ":\n";
    let expected = [OPENING[0], "retry: 0\n", first, comment, comment, second, comment, comment, third, ""];
    assert_eq!(server.get("/events", "").chunks(), expected);
}

#[test]
fn resumes_after_the_last_event_id() {
    let server = Server::start(&["--interval", "0", "--count", "20"]);
    let expected = expected_events();
    for sent in 1..20 {
        assert_eq!(server.events_after(sent.to_string().as_bytes()).events(), expected[sent..], "{sent}");
    }
    assert_eq!(server.events_after(b" \t19 ").events(), expected[19..]);
}

#[test]
fn starts_from_one_for_ids_that_are_not_its_own() {
    let server = Server::start(&["--interval", "0", "--count", "2"]);
    let long = [b'1'; 4000];
    let ids: [&[u8]; 16] = [
        b"",
        b"0",
        b"3",
        b"-1",
        b"+1",
        b"01",
        b"1.0",
        b"1 1",
        b"one",
        "١".as_bytes(),
        b"1\xFF",
        b"1\0",
        b"1\r1",
        b"18446744073709551615",
        b"18446744073709551617",
        &long,
    ];
    for id in ids {
        assert_eq!(server.events_after(id).events(), expected_events()[..2], "{id:?}");
    }
}

#[test]
fn goes_on_to_the_largest_number() {
    let server = Server::start(&["--interval", "0"]);
    let answer = server.events_after(b"18446744073709551613");
    let expected = [
        "event: log\nid: 18446744073709551614\ndata: Grüße, 世界 🌍\n\n",
        "event: tick\nid: 18446744073709551615\ndata: \n\n",
        "",
    ];
    assert_eq!(answer.chunks(), [&OPENING[..], &expected].concat());
    assert_eq!(server.events_after(b"18446744073709551615").status, "204 No Content");
}

#[test]
fn tells_clients_that_have_all_to_stop() {
    let server = Server::start(&["--count", "20"]);
    let answer = server.events_after(b"20");
    assert_eq!((&answer.status[..], &answer.headers[..]), ("204 No Content", &["Connection: close".to_owned()][..]));
    assert_eq!(answer.body, b"");
    assert_eq!(server.running.notice(), "serve: GET /events, last-event-id \"20\": 204 No Content");
    assert_eq!(Server::start(&["--count", "0"]).get("/events", "").status, "204 No Content");
}

// Other clients.

#[test]
fn curl_gets_the_same() {
    match Command::new("curl").arg("--version").output() {
        // The same bytes were compared without it.
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        output => assert!(output.unwrap().status.success()),
    }
    let server = Server::start(&["--interval", "5", "--count", "11"]);
    let curl = |args: &[&str]| {
        let url = server.url("/events");
        let args = [&["--no-progress-meter", "--noproxy", "*", "--max-time", "30", "-N", &url][..], args].concat();
        let (status, stdout, stderr) = Running::start("curl", &args).end();
        assert_eq!((status, &stderr[..]), (Some(0), &[][..]));
        stdout.join("\n") + "\n"
    };
    assert_eq!(curl(&[]), [&OPENING[..], &CHUNKS].concat().concat());
    assert_eq!(curl(&["--http1.0"]), [&OPENING[..], &CHUNKS].concat().concat());
    assert_eq!(curl(&["-H", "Last-Event-ID: 7"]), [&OPENING[..], &CHUNKS[7..]].concat().concat());
}

/// As the example `tail` prints them.
fn as_tail_prints(events: &[Value]) -> Vec<String> {
    let line = |event: &Value| {
        format!(r#"{{"type":{},"id":{},"data":{}}}"#, event["type"], event["lastEventId"], event["data"])
    };
    events.iter().map(line).collect()
}

#[test]
fn tail_follows_it_to_the_end() {
    let server = Server::start(&["--interval", "5", "--retry", "10", "--count", "20"]);
    let (status, stdout, stderr) = Running::start(program("tail"), &["--json", &server.url("/events")]).end();
    assert_eq!((status, stdout), (Some(0), as_tail_prints(&expected_events())), "{stderr:?}");
    assert_eq!(server.running.notice(), "serve: GET /events: 200 OK");
    assert_eq!(server.running.notice(), "serve: GET /events, last-event-id \"20\": 204 No Content");
}

#[test]
fn tail_misses_nothing_when_the_server_is_killed() {
    let expected = as_tail_prints(&expected_events());
    // This one sends an event, and the next in an hour: so it is killed in mid-series, however slow this machine is.
    let slow = ["--interval", "3600000", "--retry", "20", "--count", "20"];
    // The system gives no port from here to anyone who did not ask for it, so it is still free when we come back.
    // Each run of this test begins with another one, for it would take that of a run whose server is away just now.
    let own = u16::try_from(std::process::id() % 10_000).unwrap();
    let mut ports = (own..10_000).chain(0..own).map(|port| 20_000 + port);
    let mut server = ports.find_map(|port| Server::start_on(port, &slow)).unwrap();
    let port = server.port;
    // Soon again, and a little later each time.
    let soon = ["--retry-min", "20", "--spread-max", "100"];
    let url = server.url("/events");
    let tail = Running::start(program("tail"), &[&soon[..], &["--json", &url]].concat());
    assert_eq!(server.running.notice(), "serve: GET /events: 200 OK");
    assert_eq!(tail.line(), expected[0]);

    for (sent, expected) in (1..).zip(&expected[1..4]) {
        drop(server);
        // It tries in vain at least once.
        while !tail.notice().contains("refused") {}
        server = Server::start_on(port, &slow).expect("nobody else takes the port");
        assert_eq!(server.running.notice(), format!("serve: GET /events, last-event-id \"{sent}\": 200 OK"));
        assert_eq!(tail.line(), *expected);
    }

    drop(server);
    let server = Server::start_on(port, &["--interval", "5", "--retry", "20", "--count", "20"]);
    let server = server.expect("nobody else takes the port");
    let (status, stdout, stderr) = tail.end();
    assert_eq!((status, &stdout[..]), (Some(0), &expected[4..]), "{stderr:?}");
    assert_eq!(server.running.notice(), "serve: GET /events, last-event-id \"4\": 200 OK");
    assert_eq!(server.running.notice(), "serve: GET /events, last-event-id \"20\": 204 No Content");
}

// The rest of HTTP.

#[test]
fn serves_the_page() {
    let server = Server::start(&[]);
    for path in ["/", "/?report"] {
        let answer = server.get(path, "");
        assert_eq!(answer.status, "200 OK");
        let len = format!("Content-Length: {}", answer.body.len());
        assert_eq!(answer.headers, ["Connection: close", "Content-Type: text/html; charset=utf-8", &len]);
        let page = String::from_utf8(answer.body).unwrap();
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("new EventSource('/events')"));
    }
}

#[test]
fn prints_reports_if_asked_to() {
    let server = Server::start(&["--report"]);
    let body = "[{\"data\":\"ö\"},\r\n\n2]";
    let request = format!("POST /report?x HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    // Also if the body comes later than the head, in two pieces.
    for cut in [0, request.len() - 10] {
        let mut stream = server.connect();
        for piece in [&request.as_bytes()[..cut], &request.as_bytes()[cut..]] {
            stream.write_all(piece).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(Answer::parse(&answer).status, "200 OK");
        assert_eq!(server.running.line(), "[{\"data\":\"ö\"},   2]");
    }
    assert_eq!(server.get("/report", "").status, "405 Method Not Allowed");
    assert_eq!(Server::start(&[]).send(request.as_bytes()).status, "404 Not Found");
}

#[test]
fn refuses_what_it_does_not_serve() {
    let server = Server::start(&["--report", "--count", "1"]);
    let head = |size: usize| [&b"GET / HTTP/1.1\r\nx: "[..], &vec![b'x'; size - 23], b"\r\n\r\n"].concat();
    let cases: [(&[u8], &str); 24] = [
        (b"GET /nothing HTTP/1.1\r\n\r\n", "404 Not Found"),
        (b"GET /events/ HTTP/1.1\r\n\r\n", "404 Not Found"),
        (b"POST /events HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        (b"HEAD /events HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        (b"get / HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "405 Method Not Allowed"),
        (b"\r\n\r\n", "400 Bad Request"),
        (b"GET /\r\n\r\n", "400 Bad Request"),
        (b"GET / HTTP/2.0\r\n\r\n", "400 Bad Request"),
        (b"GET  / HTTP/1.1\r\n\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1 \r\n\r\n", "400 Bad Request"),
        (b"GET /\x1B[2J HTTP/1.1\r\n\r\n", "400 Bad Request"),
        (b"GET /\xFF HTTP/1.1\r\n\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1\r\n: no name\r\n\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1\r\nx : space\r\n\r\n", "400 Bad Request"),
        (b"POST /report HTTP/1.1\r\nContent-Length: two\r\n\r\n{}", "400 Bad Request"),
        (b"POST /report HTTP/1.1\r\nContent-Length: +2\r\n\r\n{}", "400 Bad Request"),
        (b"POST /report HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "400 Bad Request"),
        (b"POST /report HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n{}", "413 Content Too Large"),
        (b"POST /report HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411 Length Required"),
        (&head(8192), "200 OK"),
        (&head(8193), "431 Request Header Fields Too Large"),
        (&head(100_000), "431 Request Header Fields Too Large"),
    ];
    for (request, status) in cases {
        let shown = request[..request.len().min(80)].escape_ascii();
        assert_eq!(server.send(request).status, status, "{shown}");
    }
    assert_eq!(server.get("/events", "").events(), expected_events()[..1]);
}

#[test]
fn survives_clients_that_go_away() {
    let server = Server::start(&["--interval", "5"]);
    // In mid-request, and in mid-stream.
    for request in [&b""[..], b"GET /ev", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"] {
        let mut stream = server.connect();
        stream.write_all(request).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        // Nothing comes, for nothing was asked.
        assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap(), 0);
    }
    let streams: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /events HTTP/1.1\r\n\r\n").unwrap();
            stream.read_exact(&mut [0; 300]).unwrap();
            stream
        })
        .collect();
    wait_for_threads(&server, 5);
    drop(streams);
    wait_for_threads(&server, 1);
    assert_eq!(server.get("/", "").status, "200 OK");
    // It had nothing else to say.
    for _ in 0..4 {
        assert_eq!(server.running.notice(), "serve: GET /events: 200 OK");
    }
    assert_eq!(server.running.notice(), "serve: GET /: 200 OK");
}

/// Waits until the server has so many threads. Where the system does not say, there is nothing to wait for.
fn wait_for_threads(server: &Server, count: usize) {
    let start = Instant::now();
    while cfg!(target_os = "linux") {
        let threads = fs::read_dir(format!("/proc/{}/task", server.running.child.id())).unwrap().count();
        if threads == count {
            break;
        }
        assert!(start.elapsed() < DEADLINE, "{threads} threads instead of {count}");
        thread::sleep(Duration::from_millis(5));
    }
}

// The command line.

#[test]
fn says_what_is_wrong_with_the_arguments() {
    let cases: [(&[&str], &str); 6] = [
        (&["--bogus"], "unknown argument \"--bogus\""),
        (&["8080"], "unknown argument \"8080\""),
        (&["--port"], "\"--port\" takes a number, and \"\" is none that it takes"),
        (&["--port", "65536"], "\"--port\" takes a number, and \"65536\" is none that it takes"),
        (&["--keep-alive", "0"], "\"--keep-alive\" takes a number, and \"0\" is none that it takes"),
        (&["--count", "-1"], "\"--count\" takes a number, and \"-1\" is none that it takes"),
    ];
    for (args, why) in cases {
        let (status, stdout, stderr) = Running::start(program("serve"), args).end();
        assert_eq!((status, &stdout[..], stderr.len()), (Some(2), &[][..], 1), "{stderr:?}");
        assert!(stderr[0].starts_with(&format!("serve: {why}; usage: serve ")), "{stderr:?}");
    }
    let (status, stdout, _) = Running::start(program("serve"), &["--help"]).end();
    assert_eq!((status, &stdout[0][..13]), (Some(0), "usage: serve "));

    let server = Server::start(&[]);
    assert!(Server::start_on(server.port, &[]).is_none(), "two servers on one port");
}
