//! A server without a library, which sends the stream as badly as HTTP allows.

use super::script::{self, Block};
use sse_wire::headers;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long to wait for what comes at once or never.
const PATIENCE: Duration = Duration::from_secs(10);

/// When the events are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Never before the one before it has come out at the other end.
    OneByOne,
    /// The whole answer in one write.
    AtOnce,
}

/// How a body goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// As it is, to the end of the connection.
    UntilClose,
    /// In chunks of so many bytes, each in a write of its own, and a new one for each block.
    Chunks(usize),
    /// Each block in two chunks.
    Halves,
    /// All of it in one chunk, written block by block.
    OneChunk,
}

/// Every framing that is tried, at every pace.
pub fn ways() -> impl Iterator<Item = (Framing, Pace)> {
    let framings = [
        Framing::UntilClose,
        Framing::Chunks(1),
        Framing::Chunks(2),
        Framing::Chunks(7),
        Framing::Chunks(usize::MAX),
        Framing::Halves,
        Framing::OneChunk,
    ];
    framings.into_iter().flat_map(|framing| [Pace::OneByOne, Pace::AtOnce].map(|pace| (framing, pace)))
}

pub struct Server {
    pub addr: SocketAddr,
    /// To be told whenever something has come out.
    pub came_out: Sender<()>,
    thread: JoinHandle<io::Result<Vec<String>>>,
}

impl Server {
    /// Serves three connections: one that breaks off, one that does not, and one that says stop.
    pub fn start(framing: Framing, pace: Pace) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (came_out, has_come_out) = channel();
        let thread = std::thread::spawn(move || {
            let mut heads = Vec::new();
            for number in 1..=3 {
                let (mut socket, _) = listener.accept()?;
                socket.set_nodelay(true)?;
                heads.push(read_head(&mut socket)?);
                let (blocks, cuts_off) = match number {
                    1 => (script::first(), Some(script::CUT_OFF)),
                    2 => (script::second(), None),
                    _ => {
                        socket.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
                        continue;
                    }
                };
                match pace {
                    Pace::OneByOne => stream(&mut socket, framing, &blocks, cuts_off, Some(&has_come_out))?,
                    Pace::AtOnce => {
                        let mut answer = Vec::new();
                        stream(&mut answer, framing, &blocks, cuts_off, None)?;
                        socket.write_all(&answer)?;
                    }
                }
            }
            Ok(heads)
        });
        Self { addr, came_out, thread }
    }

    /// Returns the head of each request, once all three have been served.
    pub fn heads(self) -> Vec<String> {
        let start = Instant::now();
        while !self.thread.is_finished() {
            assert!(start.elapsed() < PATIENCE, "the client did not ask three times");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.thread.join().expect("every event came out").expect("every byte could be sent")
    }
}

fn read_head(socket: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte)?;
        head.extend(byte);
    }
    String::from_utf8(head).map_err(io::Error::other)
}

/// Sends an answer, cut off in mid-event if there is something that `cuts_off`, and waits for each event if it is told
/// when one `has_come_out`.
fn stream(
    socket: &mut impl Write,
    framing: Framing,
    blocks: &[Block],
    cuts_off: Option<&[u8]>,
    has_come_out: Option<&Receiver<()>>,
) -> io::Result<()> {
    let mut head = String::from("HTTP/1.1 200 OK\r\nConnection: close\r\n");
    for (name, value) in headers::RESPONSE {
        head += &format!("{name}: {value}\r\n");
    }
    if framing != Framing::UntilClose {
        head += "Transfer-Encoding: chunked\r\n";
    }
    head += "\r\n";
    if framing == Framing::OneChunk {
        // One that is cut off is announced with more than will ever come.
        let missing = cuts_off.map_or(0, |rest| rest.len() + 1);
        head += &format!("{:x}\r\n", blocks.iter().map(|block| block.bytes.len()).sum::<usize>() + missing);
    }
    socket.write_all(head.as_bytes())?;

    for (number, block) in blocks.iter().enumerate() {
        let bytes = &block.bytes[..];
        // The end of a chunk is sent with its last byte, as every server does.
        let end = if number + 1 == blocks.len() && cuts_off.is_none() { "\r\n" } else { "" };
        match framing {
            Framing::UntilClose => socket.write_all(bytes)?,
            Framing::OneChunk => socket.write_all(&[bytes, end.as_bytes()].concat())?,
            Framing::Chunks(size) => write_chunks(socket, bytes, size)?,
            Framing::Halves => write_chunks(socket, bytes, bytes.len().div_ceil(2))?,
        }
        if let (Some(seen), Some(has_come_out)) = (&block.seen, has_come_out) {
            let on_time = has_come_out.recv_timeout(PATIENCE);
            on_time.unwrap_or_else(|_| panic!("all of it was sent, and this did not come out: {seen:?}"));
        }
    }

    match (cuts_off, framing) {
        (Some(rest), Framing::UntilClose | Framing::OneChunk) => socket.write_all(rest),
        (Some(rest), _) => socket.write_all(&[format!("{:x}\r\n", rest.len() + 1).as_bytes(), rest].concat()),
        (None, Framing::UntilClose) => Ok(()),
        (None, _) => socket.write_all(b"0\r\n\r\n"),
    }
}

fn write_chunks(socket: &mut impl Write, bytes: &[u8], size: usize) -> io::Result<()> {
    bytes
        .chunks(size)
        .try_for_each(|piece| socket.write_all(&[format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()))
}
