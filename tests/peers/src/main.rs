//! Serves streams that the crate has written over HTTP/1.1 on loopback, cut where the client asks for it.
//!
//! The path says what to send, as `/STREAM/HEARTBEATS/SPLIT`. What follows is ignored, so a client may add its own path.
//! The port is the only thing that is printed.

mod script;
mod split;

use script::Heartbeats;
use split::Split;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Mutex;
use std::time::Duration;
use std::{fmt, thread};

/// The paths that have been asked for before.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("{}", listener.local_addr()?.port());
    for socket in listener.incoming() {
        let socket = socket?;
        thread::spawn(move || {
            if let Err(error) = answer(&socket) {
                eprintln!("server: {error}");
            }
        });
    }
    Ok(())
}

fn answer(mut socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    // A client that asks for nothing, or does not read, must not hold the thread for ever.
    socket.set_read_timeout(Some(Duration::from_secs(20)))?;
    socket.set_write_timeout(Some(Duration::from_secs(20)))?;
    let Some((stream, split)) = read_request(&mut BufReader::new(socket))? else {
        socket.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
        finish(socket);
        return Ok(());
    };

    let mut head = String::from("HTTP/1.1 200 OK\r\nConnection: close\r\n");
    for (name, value) in sse_wire::headers::RESPONSE {
        add(&mut head, format_args!("{name}: {value}\r\n"));
    }
    head.push_str(if split.is_chunked() { "Transfer-Encoding: chunked\r\n\r\n" } else { "\r\n" });
    socket.write_all(head.as_bytes())?;

    // Every piece is a write of its own. As a chunk of its own it also arrives as one, even if the kernel joins writes.
    for piece in split.pieces(&stream) {
        if split.is_chunked() {
            let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
            chunk.extend(piece);
            chunk.extend(b"\r\n");
            socket.write_all(&chunk)?;
        } else {
            socket.write_all(piece)?;
        }
        socket.flush()?;
    }
    if split.is_chunked() {
        socket.write_all(b"0\r\n\r\n")?;
    }
    finish(socket);
    Ok(())
}

/// Reads a whole request, and returns the stream that its path names, if there is one.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<(Vec<u8>, Split)>> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut body, mut last_event_id) = (0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                body = value.trim().parse().map_err(io::Error::other)?;
            } else if name.eq_ignore_ascii_case(sse_wire::headers::LAST_EVENT_ID) {
                last_event_id = Some(value.trim().to_string());
            }
        }
    }
    io::copy(&mut reader.take(body), &mut io::sink())?;

    let path = first.split(' ').nth(1).unwrap_or_default();
    let is_new = SEEN.lock().expect("nobody panics").insert(path.to_string());
    let mut parts = path.split('/').skip(1);
    let mut part = || parts.next().unwrap_or_default();
    let (name, heartbeats, split) = (part(), part(), part());
    let stream = match name.starts_with("cut-") && !is_new {
        true => Some(script::resumed(last_event_id.as_deref())),
        false => Heartbeats::named(heartbeats).and_then(|heartbeats| script::stream(name, heartbeats)),
    };
    Ok(stream.zip(Split::named(split)))
}

/// Ends the response, and waits until the client has ended the connection: data that nobody has read would reset it.
fn finish(mut socket: &TcpStream) {
    // A client that has seen `end` may be faster, and then there is nothing left to do.
    if socket.shutdown(Shutdown::Write).is_ok() {
        let _ = io::copy(&mut socket, &mut io::sink());
    }
}

fn add(text: &mut String, more: fmt::Arguments<'_>) {
    fmt::Write::write_fmt(text, more).expect("a String takes everything");
}
