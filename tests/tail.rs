//! The example `tail` as its users meet it: a process, its output and its exit status, against servers and files.
//!
//! No test here proves anything by sleeping. Where time could matter, the other side goes on only when it has seen what it
//! waits for, and [`DEADLINE`] is there for what never comes.

#[path = "harness/example.rs"]
mod example;

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
        let url = format!("http://{}/events?from=test", listener.local_addr().unwrap());
        (Self(listener), url)
    }

    /// The next request.
    fn accept(&self) -> Request {
        let start = Instant::now();
        let mut stream = loop {
            match self.0.accept() {
                Ok((stream, _)) => break stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    assert!(start.elapsed() < DEADLINE, "no request");
                    thread::sleep(Duration::from_millis(5));
                }
                Err(error) => panic!("{error}"),
            }
        };
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
        "tail: reconnecting in 700 ms, for what follows the id \"3\"",
        "tail: the stream ended between events",
        "tail: reconnecting in 700 ms, for what follows the id \"6\"",
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
fn reports_what_does_not_fit() {
    let stream = b"data: 0123456789abcdef\n\ndata: 0123456789abcdefg\n\n\
        id: 7\nevent: tick\ndata: 0123456789abcd\n\ndata: next\n\n";
    let path = file("overflow", stream);
    let stderr = [17, 19].map(|needed| format!("tail: event lost: a buffer of {needed} bytes was needed"));
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
    assert!(request.head.starts_with("GET /events?from=test HTTP/1.1\r\n"), "{}", request.head);
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
    let tail = Tail::start(&[&url]);

    // It breaks off within an event, whose id is not committed and whose `retry` is.
    let mut request = server.accept();
    request.open();
    request.chunk("retry: 5\nid: é 1\ndata: a\n\n".as_bytes());
    request.chunk(b"retry: 1\nid: 2\ndata: b\n");
    assert_eq!(tail.line(), "#é 1 message  a");
    drop(request);
    assert!(tail.notice().starts_with("tail: the stream broke mid-event: "));
    assert_eq!(tail.notice(), "tail: reconnecting in 1 ms, for what follows the id \"é 1\"");

    // An id that only blanks set, and that no header can carry.
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("é 1"));
    request.stream(b"id: 2\ndata: b\n\nid: \x1B\n\n");
    assert_eq!(tail.line(), "#2 message  b");
    assert_eq!(tail.notice(), "tail: the stream ended between events");
    assert_eq!(tail.notice(), r#"tail: reconnecting in 1 ms, for what follows the id "\u{1b}""#);
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
    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
    server.accept().stream(b"data: a\n\nretry: soon\n\n");
    assert_eq!(tail.notice(), "tail: the stream ended between events");
    assert_eq!(tail.notice(), "tail: reconnecting in 3000 ms, for what follows the id \"\"");
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
    let tail = Tail::start(&[&url]);
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
    let tail = Tail::start(&[&url]);
    let request = server.accept();
    drop(server);
    request.stream(b"retry: 1\ndata: a\n\n");
    let ended = tail.end();
    ended.prints(1, &["# message  a"]);
    let waits: Vec<_> = ended.stderr.iter().filter_map(|line| line.strip_prefix("tail: reconnecting in ")).collect();
    let expected = [1, 2, 4, 8, 16].map(|millis| format!("{millis} ms, for what follows the id \"\""));
    assert_eq!(waits, expected);
    assert!(ended.stderr.last().unwrap().ends_with("giving up after 5 attempts"), "{:?}", ended.stderr);
}

#[test]
fn a_refusal_is_final_also_when_reconnecting() {
    let (server, url) = Server::start();
    let tail = Tail::start(&[&url]);
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
fn once_tells_an_end_from_a_break() {
    let (server, url) = Server::start();
    let tail = Tail::start(&["--once", &url]);
    let mut request = server.accept();
    request.open();
    request.chunk(b"data: a");
    drop(request);
    tail.end().fails(1, &url);
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
        ("nonsense", "http"),
    ];
    for (head, why) in cases {
        let (server, url) = Server::start();
        let tail = Tail::start(&[&url]);
        server.accept().answer(&format!("{head}\r\nContent-Length: 9"), "data: a\n\n");
        let ended = tail.end();
        ended.fails(1, why);
        ended.fails(1, &url);
    }
}

#[test]
fn fails_if_nobody_listens() {
    let (server, url) = Server::start();
    drop(server);
    Tail::start(&[&url]).end().fails(1, &url);
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
