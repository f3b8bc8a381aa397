//! The client and the server with edge-http, over loopback TCP.

mod common;

use async_io::Async;
use common::script::{self, CAPACITY, IDS};
use common::server::{Framing, Server, ways};
use common::{Seen, http, traffic};
use edge_http::io::server::{Connection, Handler, handle_connection};
use edge_http::io::{Error, client};
use edge_nal::TcpSplit;
use edge_nal_std::{Stack, TcpSocket};
use embedded_io_async::{Read, Write};
use futures_lite::future::block_on;
use recipes::wire::{edge_http_client, edge_http_server};
use sse_wire::{Event, Overflow, Parser, headers};
use std::fmt::{Debug, Display};
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

#[test]
fn every_event_comes_out_at_once_and_the_stream_is_resumed() {
    for way in ways() {
        let server = Server::start(way.0, way.1);
        let host = server.addr.to_string();
        let (stack, mut buffer) = (Stack::new(), [0; 1024]);
        let mut connection: client::Connection<'_, _> = client::Connection::new(&mut buffer, &stack, server.addr);
        let mut parser = Parser::new([0; CAPACITY]);
        let mut seen = Vec::new();
        let mut answers = Vec::new();

        for _ in 0..3 {
            let on_event = async |event: Result<Event<'_>, Overflow>| {
                seen.push(Seen::from(event));
                server.came_out.send(()).ok();
            };
            let answer = edge_http_client::follow(&mut connection, &host, "/events", &mut parser, on_event);
            answers.push(block_on(answer).ok());
        }
        http::check_requests(&server.heads(), &IDS);
        // Where a chunk is cut off, that is an error here.
        let first = (way.0 == Framing::UntilClose).then_some(true);
        assert_eq!(answers, [first, Some(true), Some(false)], "{way:?}");
        assert_eq!(seen, script::seen(), "{way:?}");
        assert_eq!(parser.retry(), Some(script::RETRY));
    }
}

/// Sends what comes after the client's last event ID, never a message before the one before it has arrived.
struct Events {
    arrived: Mutex<Receiver<()>>,
}

impl Handler for Events {
    type Error<E: Debug> = Error<E>;

    async fn handle<T: Read + Write + TcpSplit, const N: usize>(
        &self,
        _: impl Display + Copy,
        connection: &mut Connection<'_, T, N>,
    ) -> Result<(), Error<T::Error>> {
        let messages = traffic::after(connection.headers()?.headers.get(headers::LAST_EVENT_ID));
        if messages.is_empty() {
            return connection.initiate_response(204, None, &[("Content-Length", "0")]).await;
        }
        edge_http_server::open(connection).await?;
        for message in messages {
            edge_http_server::send(connection, &message).await?;
            self.arrived.lock().unwrap().recv_timeout(Duration::from_secs(10)).expect("it arrives before the next");
        }
        Ok(())
    }
}

#[test]
fn every_message_arrives_at_once_and_the_stream_is_resumed() {
    for closes in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (arrives, arrived) = channel();
        let server = std::thread::spawn(move || {
            let handler = Events { arrived: Mutex::new(arrived) };
            for _ in 0..3 {
                let socket = TcpSocket::new(Async::new(listener.accept().unwrap().0).unwrap());
                block_on(handle_connection::<_, _, 16>(socket, &mut [0; 1024], None, "test", &handler));
            }
        });
        http::check_server(addr, closes, || arrives.send(()).unwrap());
        server.join().unwrap();
    }
}
