//! A server that misbehaves on purpose: each connection gets the next scene of a script.

use super::Seen;
use sse_wire::client::{Closed, EventSource, Lost, Policy};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long to wait for what comes at once or never.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long each byte of a slow stream takes.
pub const SLOWNESS: Duration = Duration::from_millis(40);

/// What a connection gets after its request.
#[derive(Clone, Copy)]
pub enum Scene {
    /// Nothing: the server closes the connection.
    HangUp,
    /// Nothing, until the client closes the connection.
    NoAnswer,
    /// A status line with these headers, and no body.
    Status(&'static str),
    /// These headers, and this body to the end of the connection.
    Reply(&'static str, &'static [u8]),
    /// An event stream, to the end of the connection.
    Stream(&'static [u8]),
    /// An event stream in a chunk that is announced longer than it is.
    CutOff(&'static [u8]),
    /// An event stream that falls silent, until the client closes the connection.
    Silent(&'static [u8]),
    /// An event stream of one byte every 40 ms.
    Slow(&'static [u8]),
}

/// A request, as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub cache_control: Vec<String>,
    pub last_event_id: Option<String>,
    pub body: String,
}

impl Request {
    /// What a client of ours sends: a GET or a POST, perhaps with an ID.
    pub fn ours(method: &str, last_event_id: Option<&str>, body: &str) -> Self {
        Self {
            method: method.to_owned(),
            cache_control: vec!["no-store".to_owned()],
            last_event_id: last_event_id.map(str::to_owned),
            body: body.to_owned(),
        }
    }
}

pub struct Server {
    pub addr: SocketAddr,
    outcome: Receiver<io::Result<Vec<(Request, Instant)>>>,
}

const STREAM: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n";

impl Server {
    /// Plays one scene after the other, each to its end. Whoever connects after that, or after a scene that failed, is
    /// told to stop, so that no client goes on for ever.
    pub fn start(scenes: Vec<Scene>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (send, outcome) = channel();
        std::thread::spawn(move || {
            let play = |scene: Scene| {
                let mut socket = accept(&listener)?;
                let request = (read_request(&mut socket)?, Instant::now());
                scene.play(&mut socket)?;
                Ok(request)
            };
            send.send(scenes.into_iter().map(play).collect()).ok();
            while let Ok(mut socket) = accept(&listener) {
                let _ = read_request(&mut socket);
                let _ = Scene::Status("204 No Content").play(&mut socket);
            }
        });
        Self { addr, outcome }
    }

    pub fn url(&self) -> String {
        format!("http://{}/events", self.addr)
    }

    /// Returns each request and when it came, once all scenes have been played.
    pub fn requests(self) -> Vec<(Request, Instant)> {
        let outcome = self.outcome.recv_timeout(PATIENCE).expect("the client asks for every scene");
        outcome.expect("each scene can be played")
    }
}

fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (socket, _) = listener.accept()?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

impl Scene {
    /// What the client gets.
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::HangUp | Self::NoAnswer => Vec::new(),
            Self::Status(head) => format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into(),
            Self::Reply(head, body) => {
                [format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes(), body].concat()
            }
            Self::Stream(body) | Self::Silent(body) | Self::Slow(body) => [STREAM.as_bytes(), b"\r\n", body].concat(),
            Self::CutOff(body) => {
                let head = format!("{STREAM}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len() + 1);
                [head.as_bytes(), body].concat()
            }
        }
    }

    /// How many of these bytes come one at a time.
    pub fn slow(self) -> usize {
        if let Self::Slow(body) = self { body.len() } else { 0 }
    }

    fn play(self, socket: &mut TcpStream) -> io::Result<()> {
        let bytes = self.bytes();
        let (at_once, slow) = bytes.split_at(bytes.len() - self.slow());
        socket.write_all(at_once)?;
        for byte in slow {
            socket.write_all(&[*byte])?;
            std::thread::sleep(SLOWNESS);
        }
        if matches!(self, Self::NoAnswer | Self::Silent(_)) { wait_for_close(socket) } else { Ok(()) }
    }
}

/// A policy for tests: it waits 10 ms, and calls 400 ms a silence.
pub const POLICY: Policy = Policy::RESILIENT.retry(10).retry_min(10).spread_max(0).silence(400);

/// What every follower goes through.
pub const SCENES: [Scene; 11] = [
    Scene::HangUp,
    Scene::CutOff(b"retry: 20\n\nid: 1\ndata: one\n\nid: 2\ndata: cut"),
    Scene::Status("503 Service Unavailable\r\nRetry-After: 1"),
    Scene::NoAnswer,
    Scene::Silent(b"id: 2\ndata: two\n\n"),
    // 19 bytes are 760 ms, but no silence.
    Scene::Slow(b"id: 3\ndata: three\n\n"),
    // No header can carry this ID, so the next request has none.
    Scene::Stream(b"id: 4\x01\ndata: four\n\n"),
    Scene::Status("429 Too Many Requests\r\nRetry-After: 0"),
    Scene::Stream(b"data: five\n\nid: 5\ndata: without its last line\n"),
    Scene::Stream(b"id: 6\ndata: six\n\n"),
    Scene::Status("204 No Content"),
];

/// What every follower makes of these scenes with this policy.
pub fn check(reason: Closed, source: &EventSource<[u8]>, requests: &[Request], seen: &[Seen]) {
    assert_eq!(reason, Closed::Stopped);
    assert_eq!(source.lost(), Some(Lost::Ended), "the end before that is one, and no silence");
    let ids = [None, None, Some("1"), Some("1"), Some("1"), Some("2"), Some("3"), None, None, None, Some("6")];
    assert_eq!(requests, ids.map(|id| Request::ours("GET", id, "")));
    let events = [("one", "1"), ("two", "2"), ("three", "3"), ("four", "4\x01"), ("five", "4\x01"), ("six", "6")];
    assert_eq!(seen, events.map(|(data, id)| Seen::event("message", data, id)));
}

/// Waits until the client has closed the connection. A client that leaves it open fails the test.
fn wait_for_close(socket: &mut TcpStream) -> io::Result<()> {
    match socket.read(&mut [0]) {
        Ok(0) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(()),
        other => Err(io::Error::other(format!("the client should have closed the connection: {other:?}"))),
    }
}

pub fn read_request(socket: &mut impl Read) -> io::Result<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let values = |name: &str| {
        let fields = head.lines().filter_map(|line| line.split_once(": "));
        let values = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned());
        values.collect::<Vec<_>>()
    };
    if values("accept") != ["text/event-stream"] {
        return Err(io::Error::other(format!("not a request for an event stream: {head}")));
    }
    let ids = values("last-event-id");
    if ids.len() > 1 {
        return Err(io::Error::other(format!("more than one ID: {head}")));
    }
    let len = values("content-length").first().map_or(Ok(0), |len| len.parse()).map_err(io::Error::other)?;
    let mut body = vec![0; len];
    socket.read_exact(&mut body)?;
    Ok(Request {
        method: head.split(' ').next().unwrap_or_default().to_owned(),
        cache_control: values("cache-control"),
        last_event_id: ids.into_iter().next(),
        body: String::from_utf8(body).map_err(io::Error::other)?,
    })
}
