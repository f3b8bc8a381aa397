//! The site as a process, and a client for it: plain sockets, and sse-wire's own reader.
#![allow(dead_code)]

use sse_wire::io::EventReader;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

pub struct Guide {
    child: Child,
    pub host: String,
    _stdout: BufReader<ChildStdout>,
}

impl Guide {
    pub fn start(arguments: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_guide");
        let port = if arguments.contains(&"--port") { &[][..] } else { &["--port", "0"][..] };
        let mut child = Command::new(program).args(port).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let host = line.trim().strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
        Self { child, host, _stdout: stdout }
    }

    /// Asks the process to stop, as a service manager does.
    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    pub fn open(&self, path: &str, last_event_id: Option<&str>) -> Stream {
        let id = last_event_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        self.send(&format!("GET {path} HTTP/1.0\r\nHost: {}\r\n{id}\r\n", self.host))
    }

    pub fn get(&self, path: &str) -> String {
        self.open(path, None).text()
    }

    pub fn post(&self, path: &str, body: &str) -> Stream {
        let (host, len) = (&self.host, body.len());
        self.send(&format!(
            "POST {path} HTTP/1.0\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: {len}\r\n\r\n{body}"
        ))
    }

    /// Sends a request of HTTP/1.0, so that the response is not chunked, and ends with the connection.
    pub fn send(&self, request: &str) -> Stream {
        let mut socket = TcpStream::connect(&self.host).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut reader = BufReader::new(socket);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap_or(0) > 0 {}
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Stream { status, head: head.to_ascii_lowercase(), reader: EventReader::new(reader) }
    }
}

impl Drop for Guide {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub kind: String,
    pub data: String,
    pub id: String,
}

impl Seen {
    /// Returns the number behind `"key":` in the data.
    pub fn number(&self, key: &str) -> u64 {
        let value: serde_json::Value = serde_json::from_str(&self.data).unwrap();
        value[key].as_u64().unwrap_or_else(|| panic!("no {key} in {}", self.data))
    }
}

pub struct Stream {
    /// 0 if the connection was closed before the response.
    pub status: u16,
    pub head: String,
    reader: EventReader<BufReader<TcpStream>>,
}

impl Stream {
    /// Returns the next event, or `None` when the stream is over, however it ended.
    pub fn next(&mut self) -> Option<Seen> {
        let event = self.reader.next_event().ok()??;
        let text = |text: sse_wire::Text<'_>| text.to_string_lossy().into_owned();
        Some(Seen { kind: text(event.event_type()), data: text(event.data()), id: text(event.last_event_id()) })
    }

    pub fn rest(mut self) -> Vec<Seen> {
        std::iter::from_fn(|| self.next()).collect()
    }

    pub fn text(self) -> String {
        let mut text = String::new();
        self.reader.into_parts().0.read_to_string(&mut text).unwrap();
        text
    }

    /// Returns the next bytes as they come, until so many have come.
    pub fn bytes(self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.reader.into_parts().0.read_exact(&mut bytes).unwrap();
        bytes
    }
}
