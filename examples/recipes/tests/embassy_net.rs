//! Both directions with embassy-net, between two stacks that are joined by a wire, with sockets of 256 bytes.

mod common;

use common::Seen;
use common::stacks::{SERVER, joined};
use common::traffic::{self, CAPACITY};
use embassy_net::tcp::TcpSocket;
use futures_lite::future::zip;
use sse_wire::{Event, Overflow, Parser};

const COUNT: usize = 5000;

#[test]
fn thousands_of_events_go_through_256_bytes() {
    let messages: Vec<_> = traffic::many(COUNT).collect();
    let mut parser = Parser::new([0; CAPACITY]);
    let mut seen = Vec::new();
    joined(async |server, client| {
        let sends = async {
            let (mut rx, mut tx) = ([0; 256], [0; 256]);
            let mut socket = TcpSocket::new(server, &mut rx, &mut tx);
            socket.accept(80).await.unwrap();
            for message in &messages {
                recipes::wire::embassy_net::send(&mut socket, &message.message()).await.unwrap();
            }
            socket.close();
            socket.flush().await.unwrap();
        };
        let receives = async {
            let (mut rx, mut tx) = ([0; 256], [0; 256]);
            let mut socket = TcpSocket::new(client, &mut rx, &mut tx);
            socket.connect((SERVER, 80)).await.unwrap();
            let on_event = async |event: Result<Event<'_>, Overflow>| seen.push(Seen::from(event));
            recipes::wire::embassy_net::receive(&mut socket, &mut parser, on_event).await;
            socket.close();
        };
        zip(sends, receives).await;
    });

    let expected: Vec<_> = messages.iter().enumerate().map(|(number, message)| message.seen(number)).collect();
    assert_eq!(seen, expected);
    assert_eq!(seen.iter().filter(|seen| matches!(seen, Seen::Lost { .. })).count(), COUNT / 97);
}
