//! The example `tail` as its users meet it: a process, its output and its exit status, against servers and files.
//!
//! No test here proves anything by sleeping. Where time could matter, the other side goes on only when it has seen what it
//! waits for, and [`DEADLINE`] is there for what never comes.

#[path = "harness/example.rs"]
mod example;
#[path = "tail/reconnect.rs"]
mod reconnect;
#[path = "tail/terminal.rs"]
mod terminal;

use example::{DEADLINE, lines, program};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// A running `tail`, whose output can be read line by line while it runs.
struct Tail {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

/// What is left when it has ended.
struct Ended {
    code: Option<i32>,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

impl Tail {
    fn start<A: AsRef<OsStr>>(args: &[A]) -> Self {
        Self::start_and_read(args, usize::MAX)
    }

    /// Closes the pipe of standard output after so many lines.
    fn start_and_read<A: AsRef<OsStr>>(args: &[A], count: usize) -> Self {
        let mut child = Command::new(program("tail"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = lines(child.stdout.take().unwrap(), count);
        let stderr = lines(child.stderr.take().unwrap(), usize::MAX);
        Self { child, stdin, stdout, stderr }
    }

    /// The next line of standard output, as soon as it comes.
    fn line(&self) -> String {
        self.stdout
            .recv_timeout(DEADLINE)
            .unwrap_or_else(|_| panic!("no line, but {:?}", self.stderr.try_iter().collect::<Vec<_>>()))
    }

    /// The next line of standard error, as soon as it comes.
    fn notice(&self) -> String {
        self.stderr.recv_timeout(DEADLINE).expect("a line of standard error")
    }

    /// Closes standard input and waits for the end.
    fn end(mut self) -> Ended {
        self.stdin = None;
        let code = wait(&mut self.child);
        Ended { code, stdout: self.stdout.iter().collect(), stderr: self.stderr.iter().collect() }
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// It has printed this, and ended with this status.
    #[track_caller]
    fn prints(&self, code: i32, stdout: &[&str]) {
        assert_eq!(self.stdout, stdout, "{:?}", self.stderr);
        assert_eq!(self.code, Some(code), "{:?}", self.stderr);
    }

    /// It has printed this, and there was nothing to complain of.
    #[track_caller]
    fn succeeds(&self, stdout: &[&str]) {
        self.prints(0, stdout);
        assert!(self.stderr.is_empty(), "{:?}", self.stderr);
    }

    /// It has failed, and said why in one line.
    #[track_caller]
    fn fails(&self, code: i32, why: &str) {
        self.prints(code, &[]);
        assert_eq!(self.stderr.len(), 1, "{:?}", self.stderr);
        assert!(self.stderr[0].starts_with("tail: ") && self.stderr[0].contains(why), "{:?}", self.stderr);
    }
}

fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        assert!(start.elapsed() < DEADLINE, "it does not end");
        thread::sleep(Duration::from_millis(5));
    }
}

// The server: the test itself, step by step.

struct Server(TcpListener);

/// A request that waits for its answer. To drop it is to break the connection.
struct Request {
    head: String,
    stream: TcpStream,
}

impl Server {
    fn start() -> (Self, String) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        (Self(listener), url)
    }

    /// The next connection.
    fn connection(&self) -> TcpStream {
        let start = Instant::now();
        loop {
            match self.0.accept() {
                Ok((stream, _)) => return stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    assert!(start.elapsed() < DEADLINE, "no request");
                    thread::sleep(Duration::from_millis(5));
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Nobody has asked for anything that was not accepted.
    #[track_caller]
    fn is_left_alone(&self) {
        assert_eq!(self.0.accept().map(|_| ()).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
    }

    /// The next request.
    fn accept(&self) -> Request {
        let mut stream = self.connection();
        stream.set_nonblocking(false).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        Request { head: String::from_utf8(head).unwrap(), stream }
    }
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn last_event_id(&self) -> Option<&str> {
        self.header("Last-Event-ID")
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Answers with this and closes the connection.
    fn answer(mut self, head: &str, body: &str) {
        self.send(format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n{body}").as_bytes());
    }

    /// Begins an event stream in chunks.
    fn open(&mut self) {
        self.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    fn chunk(&mut self, bytes: &[u8]) {
        let head = format!("{:x}\r\n", bytes.len());
        self.send(&[head.as_bytes(), bytes, b"\r\n"].concat());
    }

    /// Ends the event stream as HTTP wants it.
    fn end(mut self) {
        self.send(b"0\r\n\r\n");
    }

    /// The whole answer: these bytes and the end.
    fn stream(mut self, bytes: &[u8]) {
        self.open();
        self.chunk(bytes);
        self.end();
    }

    fn stop(self) {
        self.answer("204 No Content", "");
    }
}

/// It waits as long as the server says: neither longer, so that tests are fast, nor as chance has it.
const EXACT: [&str; 4] = ["--retry-min", "0", "--spread-max", "0"];

/// Writes a recorded stream. It appears under its name at once and whole, for other runs may be reading it.
fn file(name: &str, contents: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("tail-{name}.txt"));
    let draft = folder.join(format!("tail-{name}-{}.txt", std::process::id()));
    fs::write(&draft, contents).unwrap();
    fs::rename(draft, &path).unwrap();
    path.into_os_string().into_string().unwrap()
}

// The demo.

#[test]
fn demo_gets_every_event_once() {
    let start = Instant::now();
    let ended = Tail::start::<&str>(&[]).end();
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    let expected = [
        "#1 message  Hello, wörld",
        "#2 note  An event can have",
        "    | ",
        "    | many lines",
        "#3 tick  21.5 °C",
        "#4 tick  21.6 °C",
        "#5 ping  ",
        "#6 message   Bye",
    ];
    ended.prints(0, &expected);
    let expected = [
        "tail: the stream broke mid-line and mid-event: ",
        "tail: reconnecting in 700 ms, for what follows the ID \"3\"",
        "tail: the stream ended between events",
        "tail: reconnecting in 700 ms, for what follows the ID \"6\"",
        "tail: the server says stop",
        "tail: demo: got all 6 events, each of them once",
    ];
    assert_eq!(ended.stderr.len(), 1 + expected.len(), "{:?}", ended.stderr);
    for (line, expected) in ended.stderr[1..].iter().zip(expected) {
        assert!(line.starts_with(expected), "{line:?}");
    }
}

#[test]
fn demo_fails_if_an_event_is_missing() {
    let ended = Tail::start(&["--buffer", "16"]).end();
    let most = ["#1 message  Hello, wörld", "#3 tick  21.5 °C", "#4 tick  21.6 °C", "#5 ping  ", "#6 message   Bye"];
    ended.prints(1, &most);
    let last = ended.stderr.last().unwrap();
    assert!(last.starts_with("tail: demo: among the events came [\"tick\", \"3\""), "{last:?}");
}

// What is not followed: files and standard input.

#[test]
fn reads_a_file() {
    let path =
        file("plain", b"\xEF\xBB\xBFid: 7\r\nevent: tick\r\ndata: a\r\ndata\r\n\r\n: hm\r\n\r\ndata:  b\r\n\r\n");
    Tail::start(&[path]).end().succeeds(&["#7 tick  a", "    | ", "#7 message   b"]);
}

#[test]
fn shows_control_characters_and_sends_none() {
    let path = file("control", b"event: a\x1B[2Jb\nid: \x07\t\xC2\x85\ndata: caf\xE9\x1B[0m\ndata: #2 fake  x\x7F\n\n");
    let expected = [r"#\u{7}\t\u{85} a\u{1b}[2Jb  cafREPLACED\u{1b}[0m".replace("REPLACED", "\u{FFFD}")];
    Tail::start(&[path]).end().succeeds(&[&expected[0], r"    | #2 fake  x\u{7f}"]);
}

#[test]
fn prints_json() {
    let path = file("json", b"data: a\n\nid: \"1\"\nevent: \x1B\ndata: two\ndata: lines\n\ndata\n\ndata: \xFF\n\n");
    let ended = Tail::start(&["--json", &path]).end();
    assert_eq!((&ended.stderr[..], ended.code), (&[][..], Some(0)));
    let events: Vec<Value> = ended.stdout.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = [
        json!({"type": "message", "id": "", "data": "a"}),
        json!({"type": "\u{1B}", "id": "\"1\"", "data": "two\nlines"}),
        json!({"type": "message", "id": "\"1\"", "data": ""}),
        json!({"type": "message", "id": "\"1\"", "data": "\u{FFFD}"}),
    ];
    assert_eq!(events, expected);
}

#[test]
fn json_shows_control_characters_and_sends_none() {
    let path = file("json-control", "event: \u{9B}2J\nid: \x7F\ndata: \u{85}\x1B\n\n".as_bytes());
    let expected = r#"{"type":"\u009b2J","id":"\u007f","data":"\u0085\u001b"}"#;
    Tail::start(&["--json", &path]).end().succeeds(&[expected]);
}

#[test]
fn reads_standard_input_as_it_comes() {
    let mut tail = Tail::start(&["-"]);
    let mut stdin = tail.stdin.take().unwrap();
    for count in ["one", "two", "three"] {
        // A lone CR is a line end by itself: nothing needs to follow it.
        write!(stdin, "data: {count}\r\r").unwrap();
        assert_eq!(tail.line(), format!("# message  {count}"));
    }
    drop(stdin);
    tail.end().succeeds(&[]);
}

#[test]
fn says_what_the_end_cut_off() {
    let cases = [
        ("a", &b"data: a\n\n: and so"[..], "mid-line"),
        ("b", b"data: a\n\nid: 1\n", "mid-event"),
        ("c", b"data: a\n\ndata: b\nda", "mid-line and mid-event"),
    ];
    for (name, stream, place) in cases {
        let ended = Tail::start(&[file(name, stream)]).end();
        ended.prints(0, &["# message  a"]);
        assert_eq!(ended.stderr, [format!("tail: the stream ended {place}: what it left unfinished is no event")]);
    }
}

#[test]
fn says_so_if_there_is_no_event() {
    let cases = [
        ("d", "{\"error\": \"too many connections\"}\n", "no events in 34 bytes; this is not an event stream"),
        ("e", "x", "no events in 1 byte; this is not an event stream"),
        ("f", ": keep-alive\n\nretry: 7\n\n", "no events in 24 bytes"),
        ("g", "data: a\n", "no events in 8 bytes; the stream ended mid-event"),
    ];
    for (name, stream, why) in cases {
        let path = file(name, stream.as_bytes());
        let ended = Tail::start(&[&path]).end();
        ended.prints(1, &[]);
        assert_eq!(ended.stderr, [format!("tail: {path:?}: {why}")]);
    }
    let mut tail = Tail::start(&["-"]);
    tail.stdin.take().unwrap().write_all(b"<html>\n").unwrap();
    tail.end().fails(1, "standard input: no events in 7 bytes; this is not an event stream");
    Tail::start(&[file("nothing", b"")]).end().succeeds(&[]);
    // One that does not fit is an event, too.
    let ended = Tail::start(&["--buffer", "4", &file("lost", b"data: 12345\n\n")]).end();
    assert_eq!((ended.code, ended.stderr.len()), (Some(0), 1), "{:?}", ended.stderr);
}

#[test]
fn an_id_that_does_not_fit_is_reported() {
    let stream = b"id: 1\ndata: a\n\nid: 123456789\ndata: b\n\n";
    let ended = Tail::start(&["--buffer", "8", &file("id-lost", stream)]).end();
    ended.prints(0, &["#1 message  a"]);
    let expected = "tail: event lost: it needs 11 bytes and the limit is 8 (--buffer 11 would do); \
                    its ID is lost, too, and the last event ID is \"1\"";
    assert_eq!(ended.stderr, [expected]);
}

#[test]
fn an_event_can_take_a_mebibyte() {
    let data = |len: usize| [b"data: ", &vec![b'x'; len][..], b"\n\n"].concat();
    let ended = Tail::start(&[file("mebibyte", &data(1 << 20))]).end();
    assert_eq!((ended.stdout.len(), ended.stderr.len(), ended.code), (1, 0, Some(0)));
    let ended = Tail::start(&[file("more", &data((1 << 20) + 1))]).end();
    ended.prints(0, &[]);
    let expected = "tail: event lost: it needs 1048577 bytes and the limit is 1048576 (--buffer 1048577 would do); \
                    there is no event ID";
    assert_eq!(ended.stderr, [expected]);
}

#[test]
fn reports_what_does_not_fit() {
    let stream = b"data: 0123456789abcdef\n\ndata: 0123456789abcdefg\n\n\
        id: 7\nevent: tick\ndata: 0123456789abcd\n\ndata: next\n\n";
    let path = file("overflow", stream);
    let stderr = [(17, "there is no event ID"), (19, "the last event ID is \"7\"")].map(|(needed, id)| {
        format!("tail: event lost: it needs {needed} bytes and the limit is 16 (--buffer {needed} would do); {id}")
    });
    let cases = [
        (&["--buffer", "16"][..], ["# message  0123456789abcdef", "#7 message  next"]),
        (
            &["--json", "--buffer", "16"],
            [r#"{"type":"message","id":"","data":"0123456789abcdef"}"#, r#"{"type":"message","id":"7","data":"next"}"#],
        ),
    ];
    for (options, stdout) in cases {
        let ended = Tail::start(&[options, &[&path]].concat()).end();
        ended.prints(0, &stdout);
        assert_eq!(ended.stderr, stderr);
    }
    let ended = Tail::start(&["--buffer", "19", &path]).end();
    assert_eq!((ended.stdout.len(), ended.stderr.len(), ended.code), (4, 0, Some(0)));
}

// What is followed: URLs.

#[test]
fn prints_each_event_when_it_arrives() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
    let mut request = server.accept();
    request.open();
    for count in 1..=5 {
        request.chunk(format!("event: tick\nid: {count}\ndata: a\ndata: b\n\n").as_bytes());
        assert_eq!([tail.line(), tail.line()], [format!("#{count} tick  a"), "    | b".to_owned()]);
    }
    // One that ends in a CR is complete with it.
    request.chunk(b"data: c\r\r");
    assert_eq!(tail.line(), "#5 message  c");
    request.chunk(b"\ndata: d\n");
    request.chunk(b"\n");
    assert_eq!(tail.line(), "#5 message  d");
}

#[test]
fn asks_as_the_standard_says() {
    let (server, url) = Server::start();
    let tail = Tail::start(&["--once", &url]);
    let request = server.accept();
    assert!(request.head.starts_with("GET /events HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.header("Accept"), Some("text/event-stream"));
    assert_eq!(request.header("Cache-Control"), Some("no-store"));
    assert_eq!(request.last_event_id(), None);
    request.stream(b"data: a\n\n");
    tail.end().succeeds(&["# message  a"]);
}

#[test]
fn chunks_end_anywhere() {
    let stream = "\u{FEFF}id: é\r\nevent: tick\r\ndata: 1 °C\r\ndata\r\n\r\n: hm\r\rdata: 2 °C\n\n";
    for size in 1..8 {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        let mut request = server.accept();
        request.open();
        for chunk in stream.as_bytes().chunks(size) {
            request.chunk(chunk);
        }
        request.end();
        tail.end().succeeds(&["#é tick  1 °C", "    | ", "#é message  2 °C"]);
    }
}

#[test]
fn takes_any_framing_and_spelling() {
    let heads = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: Text/Event-Stream;charset=UTF-8\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream ; charset=utf-8\r\n\r\n",
    ];
    for head in heads {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        let mut request = server.accept();
        request.send(head.as_bytes());
        request.send(b"data: a\n\n");
        drop(request);
        tail.end().succeeds(&["# message  a"]);
    }
}

#[test]
fn sends_the_headers_it_is_given() {
    let (server, url) = Server::start();
    let args =
        ["--once", "-H", "Authorization: Bearer a:b", "-H", "x-empty:", "-H", "accept:*/*", "-H", "X: 1", "-H", "x: é"];
    let tail = Tail::start(&[&args[..], &[&url]].concat());
    let request = server.accept();
    assert_eq!(request.header("Authorization"), Some("Bearer a:b"));
    assert_eq!(request.header("X-Empty"), Some(""));
    // It replaces one of ours, and each of several is sent.
    let all = |name| {
        request.head.lines().filter_map(|line| line.split_once(':')).filter(move |(n, _)| n.eq_ignore_ascii_case(name))
    };
    assert_eq!(all("Accept").map(|(_, value)| value.trim()).collect::<Vec<_>>(), ["*/*"]);
    assert_eq!(all("X").map(|(_, value)| value.trim()).collect::<Vec<_>>(), ["1", "é"]);
    request.stream(b"data: a\n\n");
    tail.end().succeeds(&["# message  a"]);
}

#[test]
fn posts_data_once() {
    for (header, expected) in [("x: y", "application/json"), ("Content-Type: text/plain", "text/plain")] {
        let (server, url) = Server::start();
        let tail = Tail::start(&["-H", header, "--data", "{\"stream\": \"é\"}", &url]);
        let mut request = server.accept();
        assert!(request.head.starts_with("POST /events HTTP/1.1\r\n"), "{}", request.head);
        assert_eq!(request.header("Content-Type"), Some(expected));
        assert_eq!(request.header("Content-Length"), Some("16"));
        assert_eq!(request.header("Accept"), Some("text/event-stream"));
        let mut body = [0; 16];
        request.stream.read_exact(&mut body).unwrap();
        assert_eq!(body, "{\"stream\": \"é\"}".as_bytes());
        // Who asks twice may pay twice, so this is the only request.
        request.stream(b"data: a\n\n");
        tail.end().succeeds(&["# message  a"]);
    }
}

#[test]
fn begins_after_the_id_it_is_given() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&EXACT[..], &["--last-event-id", "é 7", &url]].concat());
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("é 7"));
    request.stream(b"retry: 1\ndata: a\n\n");
    assert_eq!(tail.line(), "#é 7 message  a");
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("é 7"));
    request.stop();
    assert_eq!(tail.end().code, Some(0));
}

#[test]
fn follows_redirects() {
    for status in [301, 302, 303, 307, 308] {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        server.accept().answer(&format!("{status} Elsewhere\r\nLocation: /elsewhere\r\nContent-Length: 0"), "");
        let request = server.accept();
        assert!(request.head.starts_with("GET /elsewhere HTTP/1.1\r\n"), "{}", request.head);
        assert_eq!(request.header("Accept"), Some("text/event-stream"));
        request.stream(b"data: a\n\n");
        tail.end().succeeds(&["# message  a"]);
    }
}

#[test]
fn reconnects_for_what_follows_the_last_event_id() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&EXACT[..], &[&url]].concat());

    // It breaks off within an event, whose id is not committed and whose `retry` is.
    let mut request = server.accept();
    request.open();
    request.chunk("retry: 5\nid: é 1\ndata: a\n\n".as_bytes());
    request.chunk(b"retry: 1\nid: 2\ndata: b\n");
    assert_eq!(tail.line(), "#é 1 message  a");
    drop(request);
    assert!(tail.notice().starts_with("tail: the stream broke mid-event: "));
    assert_eq!(tail.notice(), "tail: reconnecting in 1 ms, for what follows the ID \"é 1\"");

    // An id that only blanks set, and that no header can carry.
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("é 1"));
    request.stream(b"id: 2\ndata: b\n\nid: \x1B\n\n");
    assert_eq!(tail.line(), "#2 message  b");
    assert_eq!(tail.notice(), "tail: the stream ended between events");
    assert_eq!(tail.notice(), r#"tail: reconnecting in 1 ms, for what follows the ID "\u{1b}""#);
    assert_eq!(tail.notice(), r#"tail: the last event ID "\u{1b}" cannot stand in a header: asking without it"#);

    // A space at an end would be lost on the way.
    let request = server.accept();
    assert_eq!(request.last_event_id(), None);
    request.stream(b"id: 3 \ndata: c\n\n");
    assert_eq!(tail.line(), "#3  message  c");

    // An empty id asks for nothing in particular, and is no problem.
    let request = server.accept();
    assert_eq!(request.last_event_id(), None);
    request.stream(b"id\ndata: d\n\n");
    assert_eq!(tail.line(), "# message  d");

    let request = server.accept();
    assert_eq!(request.last_event_id(), None);
    request.stop();
    let ended = tail.end();
    ended.prints(0, &[]);
    let headers = ended.stderr.iter().filter(|line| line.contains("cannot stand in a header")).count();
    assert_eq!((headers, ended.stderr.last().unwrap().as_str()), (1, "tail: the server says stop"));
}

#[test]
fn waits_three_seconds_by_default() {
    // By default it adds up to as much again. Whatever the policy, its numbers can be changed, and an earlier option may do
    // so.
    let cases: [(&[&str], _); 4] = [
        (&[], 3000..=6000),
        (&["--policy", "standard"], 3000..=3000),
        (&["--spread-max", "0", "--policy", "resilient"], 3000..=3000),
        (&["--retry", "700", "--policy", "standard"], 700..=700),
    ];
    for (options, expected) in cases {
        let (server, url) = Server::start();
        let tail = Tail::start(&[options, &[&url]].concat());
        server.accept().stream(b"data: a\n\nretry: soon\n\n");
        assert_eq!(tail.notice(), "tail: the stream ended between events");
        let notice = tail.notice();
        let ms =
            notice.strip_prefix("tail: reconnecting in ").and_then(|rest| rest.strip_suffix(" ms, from the start"));
        assert!(expected.contains(&ms.unwrap().parse().unwrap()), "{options:?}: {notice}");
    }
}

#[test]
fn waits_as_long_as_the_server_asks() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
    let sent = Instant::now();
    server.accept().stream(b"retry: 300\n\n");
    server.accept().stop();
    assert!(sent.elapsed() >= Duration::from_millis(300), "{:?}", sent.elapsed());
    assert_eq!(tail.end().code, Some(0));
}

#[test]
fn goes_on_after_a_failed_attempt() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&EXACT[..], &["--attempts", "5", &url]].concat());
    server.accept().stream(b"retry: 1\nid: 1\ndata: a\n\n");
    for _ in 0..4 {
        assert_eq!(server.accept().last_event_id(), Some("1"));
    }
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("1"));
    request.stream(b"id: 2\ndata: b\n\n");
    // The count of failures has begun anew.
    for _ in 0..4 {
        assert_eq!(server.accept().last_event_id(), Some("2"));
    }
    server.accept().stop();
    tail.end().prints(0, &["#1 message  a", "#2 message  b"]);
}

#[test]
fn gives_up_on_a_server_that_is_gone() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&EXACT[..], &["--attempts", "5", &url]].concat());
    let request = server.accept();
    drop(server);
    request.stream(b"retry: 1\ndata: a\n\n");
    let ended = tail.end();
    ended.prints(1, &["# message  a"]);
    let refused = ["tail: no answer: Connection refused", "tail: reconnecting in 1 ms, from the start"];
    let last = format!("tail: {url}: no answer: Connection refused: giving up after 6 losses in a row");
    let expected = [&["tail: the stream ended between events", refused[1]][..], &refused.repeat(4), &[&last]].concat();
    assert_eq!(ended.stderr, expected);
}

#[test]
fn a_refusal_is_final_also_when_reconnecting() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&EXACT[..], &["--policy", "standard", &url]].concat());
    server.accept().stream(b"retry: 1\ndata: a\n\n");
    server.accept().answer("503 Service Unavailable\r\nContent-Type: text/event-stream\r\nContent-Length: 0", "");
    let ended = tail.end();
    ended.prints(1, &["# message  a"]);
    assert_eq!(*ended.stderr.last().unwrap(), format!("tail: {url}: the server answered 503 Service Unavailable"));
}

#[test]
fn stops_when_the_server_says_so() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
    server.accept().stop();
    let ended = tail.end();
    ended.prints(0, &[]);
    assert_eq!(ended.stderr, ["tail: the server says stop"]);
}

#[test]
fn once_says_what_the_end_cut_off() {
    let cases = [(": and so", "mid-line"), ("id: 1\n", "mid-event"), ("data: b\nda", "mid-line and mid-event")];
    for (rest, place) in cases {
        // HTTP itself sees nothing amiss.
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        server.accept().stream(format!("data: a\n\n{rest}").as_bytes());
        let ended = tail.end();
        ended.prints(1, &["# message  a"]);
        assert_eq!(
            ended.stderr,
            [format!("tail: {url}: the stream ended {place}: what it left unfinished is no event")]
        );
    }
}

#[test]
fn once_says_what_a_break_cut_off() {
    for (body, place) in [("data: a\n\n", "between events"), ("data: a\n\ndata", "mid-line")] {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        let mut request = server.accept();
        request.open();
        request.chunk(body.as_bytes());
        drop(request);
        let ended = tail.end();
        ended.prints(1, &["# message  a"]);
        assert_eq!(ended.stderr, [format!("tail: {url}: the stream broke {place}: the server closed the connection")]);
    }
}

#[test]
fn once_says_so_if_no_event_came() {
    let cases = [
        ("{\"error\": \"too many connections\"}\n", "no events in 34 bytes; this is not an event stream"),
        ("<!DOCTYPE html>", "no events in 15 bytes; this is not an event stream"),
        (": keep-alive\n\n", "no events in 14 bytes"),
        ("data: a\n", "no events in 8 bytes; the stream ended mid-event"),
    ];
    for (body, why) in cases {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        server.accept().stream(body.as_bytes());
        let ended = tail.end();
        ended.prints(1, &[]);
        assert_eq!(ended.stderr, [format!("tail: {url}: {why}")]);
    }
    let (server, url) = Server::start();
    let tail = Tail::start(&["--once", &url]);
    server.accept().answer("200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0", "");
    tail.end().succeeds(&[]);
}

#[test]
fn says_so_if_what_it_follows_is_no_event_stream() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&EXACT[..], &[&url]].concat());
    server.accept().stream(b"retry: 1\n\n: nothing yet\n\n");
    assert_eq!(tail.notice(), "tail: the stream ended between events");
    assert_eq!(tail.notice(), "tail: reconnecting in 1 ms, from the start");
    server.accept().stream(b"{}\n");
    assert_eq!(
        tail.notice(),
        "tail: the stream ended between events: no events in 3 bytes; this is not an event stream"
    );
}

#[test]
fn fails_on_what_is_no_event_stream() {
    let cases = [
        ("404 Not Found\r\nContent-Type: text/event-stream", "the server answered 404 Not Found"),
        ("500 Internal Server Error\r\nContent-Type: text/plain", "the server answered 500 Internal Server Error"),
        ("206 Partial Content\r\nContent-Type: text/event-stream", "the server answered 206 Partial Content"),
        ("200 OK\r\nContent-Type: text/html; charset=utf-8", "its content type is \"text/html; charset=utf-8\""),
        ("200 OK\r\nContent-Type: text/event-streams", "its content type is \"text/event-streams\""),
        ("200 OK", "its content type is \"\""),
    ];
    for (head, why) in cases {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--policy", "standard", &url]);
        server.accept().answer(&format!("{head}\r\nContent-Length: 9"), "data: a\n\n");
        let ended = tail.end();
        ended.prints(1, &[]);
        assert!(
            ended.stderr[0].starts_with(&format!("tail: {url}: ")) && ended.stderr[0].ends_with(why),
            "{:?}",
            ended.stderr
        );
        assert_eq!(ended.stderr[1..], ["    | data: a"]);
    }
}

/// An example server says `HTTP/1.1 400`, and why in its body: that is what its user wants to read.
#[test]
fn shows_the_first_lines_of_a_refusal() {
    let cases = [
        ("400 Bad Request", "{\r\n  \"error\": \"no\"\r\n}\r\n\r\n", &["{", "  \"error\": \"no\"", "}"][..]),
        ("404 Not Found", "", &[]),
        ("200 OK\r\nContent-Type: text/html", "<p>\x1B[2J\u{9B}H\x07", &["<p>\\u{1b}[2J\\u{9b}H\\u{7}"]),
        ("500 Oh", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10", &["1", "2", "3", "4", "5", "6", "7", "8", "…"]),
        ("502 Bad Gateway\r\nContent-Encoding: br", "\x01\x02", &[]),
    ];
    for (head, body, expected) in cases {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--policy", "standard", &url]);
        server.accept().answer(&format!("{head}\r\nContent-Length: {}", body.len()), body);
        let ended = tail.end();
        ended.prints(1, &[]);
        let expected: Vec<_> = expected.iter().map(|line| format!("    | {line}")).collect();
        assert_eq!(ended.stderr[1..], expected);
    }
    // A line without an end, and a body without one.
    let (server, url) = Server::start();
    let tail = Tail::start(&["--policy", "standard", &url]);
    let mut request = server.accept();
    request.send(b"HTTP/1.1 403 Forbidden\r\n\r\none\n");
    request.send(&[b'x'; 100_000]);
    let ended = tail.end();
    assert_eq!((ended.code, ended.stderr.len()), (Some(1), 3), "{:?}", ended.stderr);
    assert_eq!((&ended.stderr[1][..], ended.stderr[2].chars().count()), ("    | one", 6 + 200 + 1));
    let (server, url) = Server::start();
    let tail = Tail::start(&["--policy", "standard", &url]);
    let mut request = server.accept();
    request.send(b"HTTP/1.1 403 Forbidden\r\n\r\none\ntwo\nthr");
    let ended = tail.end();
    assert_eq!((ended.code, &ended.stderr[1..]), (Some(1), &["    | one".to_owned(), "    | two".to_owned()][..]));
}

#[test]
fn fails_on_encoded_bodies() {
    for (encoding, is_read) in
        [("gzip", false), ("X-\u{1b}", false), ("identity, br", false), ("Identity", true), ("", true)]
    {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--once", &url]);
        let request = server.accept();
        assert_eq!(request.header("Accept-Encoding"), Some("identity"));
        let head = format!("200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: {encoding}");
        request.answer(&head.replace('\u{1b}', "\u{e9}"), "data: a\n\n");
        let ended = tail.end();
        if is_read {
            ended.succeeds(&["# message  a"]);
        } else {
            let encoding = encoding.replace('\u{1b}', "\u{e9}");
            ended.fails(
                1,
                &format!("{url}: the server has encoded the stream ({encoding:?}), and this example decodes nothing"),
            );
        }
    }
}

#[test]
fn sends_nothing_to_the_terminal_that_controls_it() {
    let evil = "\u{9b}2J";
    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
    server.accept().answer(&format!("200 OK\r\nContent-Type: {evil}\r\nContent-Length: 0"), "");
    tail.end().fails(1, r#"its content type is "\u{9b}2J""#);
    // A redirect to no URL, and an answer that is none.
    for answer in
        [format!("301 Moved\r\nLocation: http://{evil}/\r\nContent-Length: 0"), format!("200 {evil}\r\n{evil}")]
    {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--attempts", "0", &url]);
        server.accept().answer(&answer, "");
        let ended = tail.end();
        assert!(ended.stderr.iter().all(|line| !line.contains(char::is_control)), "{:?}", ended.stderr);
        assert_eq!(ended.code, Some(1));
    }
}

#[test]
fn fails_if_nobody_listens() {
    let (server, url) = Server::start();
    drop(server);
    let ended = Tail::start(&["--attempts", "0", &url]).end();
    ended.prints(1, &[]);
    // Nothing of the library's, nor the number of the error.
    assert_eq!(ended.stderr, [format!("tail: {url}: Connection refused")]);
}

#[test]
fn says_in_its_own_words_what_failed() {
    let cases = [
        ("nonsense", "the answer breaks the rules of HTTP"),
        ("200 OK\r\nContent-Length: many", "the answer breaks the rules of HTTP"),
        ("", "the server closed the connection"),
        ("301 Moved", "the answer breaks the rules of HTTP"),
        ("302 Found\r\nLocation: https://HERE/", "the server redirects to https, and this example has no TLS"),
    ];
    for (head, why) in cases {
        let (server, url) = Server::start();
        let tail = Tail::start(&["--attempts", "0", &url]);
        let mut request = server.accept();
        // Without TLS it is our own port that it connects to.
        let head = head.replace("HERE", &server.0.local_addr().unwrap().to_string());
        match &head[..] {
            "" => drop(request),
            "nonsense" => request.send(b"nonsense\r\n\r\n"),
            _ => request.answer(&format!("{head}\r\nContent-Length: 0"), ""),
        }
        let ended = tail.end();
        ended.prints(1, &[]);
        assert_eq!(ended.stderr, [format!("tail: {url}: {why}")]);
    }

    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
    for _ in 0..=10 {
        server.accept().answer("302 Found\r\nLocation: /events\r\nContent-Length: 0", "");
    }
    tail.end().fails(1, ": too many redirects");
}

#[test]
fn shows_neither_user_nor_query() {
    let (server, url) = Server::start();
    let secret = url.replace("//", "//user:hunter2@") + "?token=hunter2";
    let tail = Tail::start(&[&secret]);
    let request = server.accept();
    assert!(request.head.starts_with("GET /events?token=hunter2 HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.header("Authorization"), Some("Basic dXNlcjpodW50ZXIy"));
    request.answer("403 Forbidden\r\nContent-Length: 0", "");
    let ended = tail.end();
    ended.prints(1, &[]);
    assert_eq!(ended.stderr, [format!("tail: {url}: the server answered 403 Forbidden")]);

    let urls = [
        "https://user:hunter2@localhost/?hunter2",
        "https://hunter2@localhost/#hunter2",
        "ftp://user:hunter2@localhost/?hunter2",
        "http://user:hunter2@local host/?hunter2",
        "http://user:hunt/er2@localhost/",
        "http://user:hunt?er2@localhost/",
        "http://user:hunt#er2@localhost/",
        "http://user:hunter2@localhost:99999/?hunter2",
        "http:/user:hunter2@localhost",
        "http:?hunter2",
        "://hunter2@localhost",
        "http://local host/?token=hunt@er2",
        "http://localhost/ ?hunter2",
    ];
    for url in urls {
        let ended = Tail::start(&[url]).end();
        ended.fails(1, "tail: ");
        for secret in ["hunt", "er2"] {
            assert!(!ended.stderr[0].contains(secret), "{:?}", ended.stderr);
        }
    }
    for args in [["-", "http://hunter2@localhost/"], ["-", "-HAuthorization:hunter2"], ["-", "--data=hunter2"]] {
        let ended = Tail::start(&args).end();
        ended.fails(2, "tail: ");
        assert!(!ended.stderr[0].contains("hunter2"), "{:?}", ended.stderr);
    }
}

#[test]
fn fails_on_urls_that_it_cannot_follow() {
    let cases = [
        ("https://localhost/", "TLS"),
        ("https:", "not an http URL"),
        ("HTTPS://localhost/", "TLS"),
        ("ftp://localhost/", "not an http URL"),
        ("http://", "\"http://\""),
        ("http:/localhost", "\"http:/localhost\""),
        ("http://local host/", "\"http://local host/\""),
        ("http://localhost:99999/", "the port is no number up to 65535"),
        ("http://localhost:port/", "the port is no number up to 65535"),
        ("http://a\nb/", r#""http://a\nb/""#),
    ];
    for (url, why) in cases {
        Tail::start(&[url]).end().fails(1, why);
    }
}

#[test]
fn fails_on_files_that_it_cannot_read() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    Tail::start(&[folder]).end().fails(1, folder);
    Tail::start(&[format!("{folder}/no such\nfile")]).end().fails(1, r"no such\nfile");
}

#[test]
fn says_how_it_is_used() {
    let ended = Tail::start(&["--help"]).end();
    assert_eq!((ended.stderr.len(), ended.code), (0, Some(0)));
    assert!(ended.stdout[0].starts_with("usage: tail "));
    let cases = [
        (&["--frob"][..], "unknown option \"--frob\"; usage: tail "),
        (&["-j"], "unknown option \"-j\"; usage: tail "),
        (&["--buffer"], "--buffer takes a number of bytes, not \"\"; usage: tail "),
        (&["--buffer", "many"], "--buffer takes a number of bytes, not \"many\"; usage: tail "),
        (&["--buffer", "-1"], "--buffer takes a number of bytes, not \"-1\"; usage: tail "),
        (&["-H"], "-H takes NAME:VALUE; usage: tail "),
        (&["-H", "secret"], "-H takes NAME:VALUE; usage: tail "),
        (&["-H", "a b: c"], "-H takes NAME:VALUE, and \"a b\" is no name of a header; usage: tail "),
        (&["-H", "a: b\nc"], "-H takes NAME:VALUE, and that of \"a\" has control characters; usage: tail "),
        (&["-H", "last-event-id: 7"], "the option for \"last-event-id\" is --last-event-id; usage: tail "),
        (&["--data"], "--data takes a text; usage: tail "),
        (&["--last-event-id", "a\nb"], "--last-event-id: no header can carry \"a\\nb\"; usage: tail "),
        (&["--last-event-id", " "], "--last-event-id: no header can carry \" \"; usage: tail "),
        (&["--data", "x", "-"], "all options but --json and --buffer are for a URL; usage: tail "),
        (&["-H", "a:b"], "all options but --json and --buffer are for a URL; usage: tail "),
        (&["--last-event-id", "1", "file"], "all options but --json and --buffer are for a URL; usage: tail "),
        (&["--once", "file"], "all options but --json and --buffer are for a URL; usage: tail "),
        (&["--silence", "1", "-"], "all options but --json and --buffer are for a URL; usage: tail "),
        (&["--policy"], "--policy takes standard, resilient or once, not \"\"; usage: tail "),
        (&["--policy", "Once"], "--policy takes standard, resilient or once, not \"Once\"; usage: tail "),
        (&["--retry-status", "1"], "--retry-status takes yes or no, not \"1\"; usage: tail "),
        (&["--retry"], "--retry takes a number of milliseconds up to 4294967295, not \"\"; usage: tail "),
        (&["--retry-min", "1s"], "--retry-min takes a number of milliseconds up to 4294967295, not \"1s\"; usage: "),
        (
            &["--retry-max", "4294967296"],
            "--retry-max takes a number of milliseconds up to 4294967295, not \"4294967296\"; ",
        ),
        (&["--spread-max", "-1"], "--spread-max takes a number of milliseconds up to 4294967295, not \"-1\"; usage: "),
        (&["--stable", "0.5"], "--stable takes a number of milliseconds up to 4294967295, not \"0.5\"; usage: tail "),
        (&["--silence", ""], "--silence takes a number of milliseconds up to 4294967295, not \"\"; usage: tail "),
        (&["--attempts", "none"], "--attempts takes a number of losses up to 4294967295, not \"none\"; usage: tail "),
        (&["a", "b"], "one source is enough, \"b\" is one too many; usage: tail "),
    ];
    for (args, why) in cases {
        Tail::start(args).end().fails(2, why);
    }
}

#[test]
fn ends_quietly_when_nobody_reads() {
    let (server, url) = Server::start();
    let mut tail = Tail::start_and_read(&[&url], 1);
    let mut request = server.accept();
    request.open();
    request.chunk(b"data: a\n\n");
    assert_eq!(tail.line(), "# message  a");
    assert_eq!(tail.stdout.recv_timeout(DEADLINE), Err(RecvTimeoutError::Disconnected));
    // Our end of its standard output is closed now, and the stream goes on. One more event may not be enough: a child of
    // another test has a copy of that end for a moment, until it becomes its program.
    let start = Instant::now();
    while tail.child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < DEADLINE, "it does not end");
        let _ = request.stream.write_all(b"9\r\ndata: b\n\n\r\n");
        thread::sleep(Duration::from_millis(5));
    }
    tail.end().succeeds(&[]);
}
