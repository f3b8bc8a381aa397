//! When `tail` asks again, how long it waits before, and when it gives up. A test accepts the requests one by one, and none
//! may be left over.
//!
//! Nobody knows what else the machine has to do, so no time is too long here. It can be too short.

use super::{DEADLINE, EXACT, Ended, Server, Tail};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

fn start(options: &[&str], url: &str) -> Tail {
    Tail::start(&[&EXACT, options, &[url]].concat())
}

/// Closes a connection, and returns since when a client can know.
fn hang_up(stream: TcpStream) -> Instant {
    let now = Instant::now();
    drop(stream);
    now
}

/// The waits that it has announced.
fn waits(ended: &Ended) -> Vec<Duration> {
    let waits = ended.stderr.iter().filter_map(|line| line.strip_prefix("tail: reconnecting in "));
    waits.map(|rest| Duration::from_millis(rest.split(' ').next().unwrap().parse().unwrap())).collect()
}

impl Server {
    fn refuse(&self, head: &str) {
        self.accept().answer(&format!("{head}\r\nContent-Length: 0"), "");
    }
}

impl Ended {
    #[track_caller]
    fn gave_up_after(&self, losses: u32) {
        assert_eq!(self.code, Some(1), "{:?}", self.stderr);
        let last = self.stderr.last().unwrap();
        assert!(last.ends_with(&format!(": giving up after {losses} losses in a row")), "{:?}", self.stderr);
    }

    #[track_caller]
    fn was_stopped(&self) {
        assert_eq!(self.code, Some(0), "{:?}", self.stderr);
        assert_eq!(self.stderr.last().unwrap(), "tail: the server says stop");
    }

    #[track_caller]
    fn announced(&self, millis: &[u64]) {
        let expected: Vec<_> = millis.iter().copied().map(Duration::from_millis).collect();
        assert_eq!(waits(self), expected, "{:?}", self.stderr);
    }
}

// How long it waits.

#[test]
fn asks_a_server_that_hangs_up_ever_more_rarely() {
    let (server, url) = Server::start();
    let tail = start(&["--retry", "1", "--spread-max", "1024", "--attempts", "12"], &url);
    let mut closed = hang_up(server.connection());
    let gaps: Vec<_> = (0..12)
        .map(|_| {
            let stream = server.connection();
            let gap = closed.elapsed();
            closed = hang_up(stream);
            gap
        })
        .collect();
    let ended = tail.end();
    ended.gave_up_after(13);
    server.is_left_alone();

    let waits = waits(&ended);
    assert_eq!(waits.len(), 12, "{:?}", ended.stderr);
    for (n, (wait, gap)) in waits.iter().zip(gaps).enumerate() {
        let longest = 1 + (1 << n).min(1024);
        assert!((1..=longest).contains(&wait.as_millis()), "{n}: {waits:?}");
        assert!(gap >= *wait, "{n}: {gap:?} {waits:?}");
    }
    // By chance alone this fails once in three million times, and without back-off always.
    assert!(waits.iter().any(|wait| wait.as_millis() > 13), "{waits:?}");
}

#[test]
fn retry_0_is_no_loop_without_a_pause() {
    let (server, url) = Server::start();
    let tail = Tail::start(&["--retry-min", "60", "--spread-max", "0", &url]);
    let mut closed = None;
    for count in 0..6 {
        let mut request = server.accept();
        if let Some(closed) = closed {
            let gap = Instant::elapsed(&closed);
            assert!(gap >= Duration::from_millis(60), "{count}: {gap:?}");
        }
        request.open();
        request.chunk(b"retry: 0\n\n");
        closed = Some(hang_up(request.stream));
    }
    server.accept().stop();
    let ended = tail.end();
    ended.was_stopped();
    ended.announced(&[60; 6]);
    server.is_left_alone();
}

#[test]
fn no_server_can_ask_for_a_wait_without_end() {
    let (server, url) = Server::start();
    let tail = start(&["--retry-max", "40"], &url);
    server.accept().stream(b"retry: 1000000000000\n\n");
    server.refuse("503 Service Unavailable\r\nRetry-After: 1000000000000");
    server.accept().stream(b"retry: 39\n\n");
    server.accept().stop();
    let ended = tail.end();
    ended.was_stopped();
    ended.announced(&[40, 40, 39]);
    server.is_left_alone();
}

#[test]
fn comes_back_when_the_server_says_so() {
    let (server, url) = Server::start();
    let tail = start(&["--retry", "20"], &url);
    server.accept().stream(b"id: 1\ndata: a\n\n");
    let request = server.accept();
    let refused = Instant::now();
    request.answer("429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0", "");
    let request = server.accept();
    assert!(refused.elapsed() >= Duration::from_secs(1), "{:?}", refused.elapsed());
    assert_eq!(request.last_event_id(), Some("1"));
    // It was for one wait only, and a date says nothing to us.
    drop(request);
    server.refuse("429 Too Many Requests\r\nRetry-After: Thu, 26 Nov 2099 08:00:00 GMT");
    server.accept().stop();
    let ended = tail.end();
    ended.was_stopped();
    ended.announced(&[20, 1000, 20, 20]);
    assert_eq!(ended.stderr[2], "tail: the server answered 429 Too Many Requests");
    server.is_left_alone();
}

// What it takes for lost.

#[test]
fn notices_when_a_stream_falls_silent() {
    let (server, url) = Server::start();
    let tail = start(&["--retry", "20", "--silence", "300"], &url);
    let mut request = server.accept();
    request.open();
    request.chunk(b"id: 1\ndata: a\n\nid: 2\ndata: b\nda");
    let last = Instant::now();
    assert_eq!(tail.line(), "#1 message  a");
    // Nothing more comes, and the connection stays. It is the client who closes it.
    assert_eq!(request.stream.read(&mut [0]).unwrap_or(0), 0);
    assert!(last.elapsed() >= Duration::from_millis(300), "{:?}", last.elapsed());
    assert_eq!(tail.notice(), "tail: the stream fell silent mid-line and mid-event");
    assert_eq!(tail.notice(), "tail: reconnecting in 20 ms, for what follows the ID \"1\"");
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("1"));
    request.stop();
    tail.end().was_stopped();
    server.is_left_alone();
}

#[test]
fn notices_when_no_response_comes() {
    let (server, url) = Server::start();
    let tail = start(&["--retry", "20", "--silence", "300", "--attempts", "2"], &url);
    let start = Instant::now();
    let requests = [server.accept(), server.accept(), server.accept()];
    assert!(start.elapsed() >= Duration::from_millis(2 * (300 + 20)), "{:?}", start.elapsed());
    let ended = tail.end();
    ended.gave_up_after(3);
    ended.announced(&[20, 20]);
    assert_eq!(ended.stderr[0], "tail: no answer: no response in time");
    drop(requests);
    server.is_left_alone();
}

#[test]
fn notices_when_a_response_never_ends() {
    let (server, url) = Server::start();
    let tail = start(&["--silence", "300", "--attempts", "0"], &url);
    let mut request = server.accept();
    request.send(b"HTTP/1.1 200 OK\r\nx: ");
    let start = Instant::now();
    while request.stream.write_all(b"x").is_ok() {
        assert!(start.elapsed() < DEADLINE, "it awaits the rest");
        sleep(Duration::from_millis(20));
    }
    tail.end().fails(1, &format!("tail: {url}: no response in time"));
    server.is_left_alone();
}

#[test]
fn comments_keep_a_stream_alive() {
    let (server, url) = Server::start();
    let tail = start(&["--silence", "4000"], &url);
    let mut request = server.accept();
    // The response may take as long as a comment.
    sleep(Duration::from_millis(1000));
    request.open();
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(4500) {
        request.chunk(b":\n");
        sleep(Duration::from_millis(100));
    }
    request.chunk(b"data: a\n\n");
    assert_eq!(tail.line(), "# message  a");
    server.is_left_alone();
}

#[test]
fn outages_are_survived() {
    let outages =
        ["408 Timeout", "425 Early", "429 Many", "500 Error", "502 Gateway", "503 Away", "504 Late", "599 Odd"];
    let (server, url) = Server::start();
    let tail = start(&["--retry", "1"], &url);
    for status in outages {
        server.refuse(status);
    }
    server.accept().stream(b"id: 1\ndata: a\n\n");
    for status in outages {
        let request = server.accept();
        assert_eq!(request.last_event_id(), Some("1"), "{status}");
        request.answer(&format!("{status}\r\nContent-Length: 0"), "");
    }
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("1"));
    request.stream(b"id: 2\ndata: b\n\n");
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("2"));
    request.stop();
    let ended = tail.end();
    ended.prints(0, &["#1 message  a", "#2 message  b"]);
    ended.was_stopped();
    ended.announced(&[1; 18]);
    server.is_left_alone();
}

#[test]
fn what_is_an_outage_is_up_to_the_policy() {
    let cases: [(&[&str], &str, bool); 8] = [
        (&[], "503 Away", true),
        (&[], "501 Never", false),
        (&[], "505 Version", false),
        (&[], "404 Not Found", false),
        (&["--retry-status", "no"], "503 Away", false),
        (&["--policy", "standard"], "503 Away", false),
        (&["--policy", "standard", "--retry-status", "yes"], "503 Away", true),
        (&["--policy", "once", "--retry-status", "yes"], "503 Away", false),
    ];
    for (options, status, is_outage) in cases {
        let (server, url) = Server::start();
        let tail = start(&[&["--retry", "1"], options].concat(), &url);
        server.refuse(status);
        if is_outage {
            server.accept().stop();
            tail.end().was_stopped();
        } else {
            tail.end().fails(1, &format!("tail: {url}: the server answered {}", &status[..3]));
        }
        server.is_left_alone();
    }
}

// What ends a row of losses, and what the end of it is.

#[test]
fn an_opening_alone_is_no_progress() {
    for body in ["", ":\n", "retry: 1\n\n", "event: error\ndata: overloaded\n\n", "id: 7\ndata: cut"] {
        let (server, url) = Server::start();
        let tail = start(&["--retry", "1", "--attempts", "3"], &url);
        for _ in 0..4 {
            let mut request = server.accept();
            assert_eq!(request.last_event_id(), None);
            request.open();
            request.send(format!("{:x}\r\n{body}\r\n", body.len()).as_bytes());
        }
        tail.end().gave_up_after(4);
        server.is_left_alone();
    }
    // Unless the policy says that it is.
    let (server, url) = Server::start();
    let tail = start(&["--retry", "1", "--attempts", "1", "--stable", "0"], &url);
    for _ in 0..5 {
        server.accept().open();
    }
    server.refuse("503 Away");
    tail.end().gave_up_after(2);
    server.is_left_alone();
}

#[test]
fn progress_begins_anew() {
    for body in ["id: NEW\ndata: a\n\n", "id: NEW\n\n", "retry: 1\ndata: a\n\n"] {
        let (server, url) = Server::start();
        let tail = start(&["--retry", "1", "--attempts", "1"], &url);
        let mut last_event_id = None;
        for count in 0..5 {
            let request = server.accept();
            assert_eq!(request.last_event_id(), last_event_id.as_deref());
            last_event_id = body.contains("NEW").then(|| count.to_string());
            request.stream(body.replace("NEW", &count.to_string()).as_bytes());
        }
        let request = server.accept();
        assert_eq!(request.last_event_id(), last_event_id.as_deref());
        drop(request);
        tail.end().gave_up_after(2);
        server.is_left_alone();
    }
}

#[test]
fn so_does_a_connection_that_was_stable() {
    for (stable, is_stable) in [("400", true), ("4000000000", false)] {
        let (server, url) = Server::start();
        let tail = start(&["--retry", "1", "--attempts", "1", "--stable", stable], &url);
        for _ in 0..if is_stable { 3 } else { 2 } {
            let mut request = server.accept();
            request.open();
            request.chunk(b"data: a\n\n");
            // It has polled its source with the stream open, and does so again when that ends.
            assert_eq!(tail.line(), "# message  a");
            sleep(Duration::from_millis(500));
        }
        if is_stable {
            server.refuse("503 Away");
        }
        tail.end().gave_up_after(2);
        server.is_left_alone();
    }
}

#[test]
fn once_is_once_however_it_is_said() {
    let cases: [&[&str]; 4] =
        [&["--once"], &["--policy", "once"], &["--attempts", "0"], &["--attempts", "0", "--policy", "standard"]];
    for options in cases {
        let (server, url) = Server::start();
        let tail = start(options, &url);
        server.accept().stream(b"retry: 1\nid: 1\ndata: a\n\n");
        tail.end().succeeds(&["#1 message  a"]);
        server.is_left_alone();
    }
    // The numbers of any policy can be changed.
    let (server, url) = Server::start();
    let tail = start(&["--attempts", "2", "--retry", "1", "--once"], &url);
    for _ in 0..3 {
        drop(server.accept());
    }
    tail.end().gave_up_after(3);
    server.is_left_alone();
    // And silence ends once and for all.
    let (server, url) = Server::start();
    let tail = start(&["--once", "--silence", "200"], &url);
    let mut request = server.accept();
    request.open();
    request.chunk(b"data: a\n\n");
    let ended = tail.end();
    ended.prints(1, &["# message  a"]);
    assert_eq!(ended.stderr, [format!("tail: {url}: the stream fell silent between events")]);
    server.is_left_alone();
}

#[test]
fn posts_again_only_if_asked_to() {
    let (server, url) = Server::start();
    let tail = start(&["--data", "{}", "--policy", "resilient"], &url);
    for _ in 0..2 {
        let mut request = server.accept();
        assert!(request.head.starts_with("POST /events HTTP/1.1\r\n"), "{}", request.head);
        request.stream.read_exact(&mut [0; 2]).unwrap();
        request.stream(b"retry: 1\ndata: a\n\n");
    }
    server.accept().stop();
    tail.end().was_stopped();
    server.is_left_alone();
}

#[test]
fn nothing_follows_a_stop() {
    let (server, url) = Server::start();
    let tail = start(&["--retry", "1"], &url);
    server.accept().stream(b"id: 1\ndata: a\n\n");
    let request = server.accept();
    assert_eq!(request.last_event_id(), Some("1"));
    request.stop();
    let ended = tail.end();
    ended.was_stopped();
    ended.announced(&[1]);
    server.is_left_alone();
}
