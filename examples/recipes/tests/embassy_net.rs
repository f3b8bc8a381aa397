//! Both directions with embassy-net, between two stacks that are joined by a wire, with sockets of 256 bytes.

mod common;

use common::Seen;
use common::traffic::{self, CAPACITY};
use embassy_net::driver::{HardwareAddress, LinkState};
use embassy_net::tcp::TcpSocket;
use embassy_net::{Config, Ipv4Address, Ipv4Cidr, StackResources, StaticConfigV4};
use embassy_net_driver_channel::{self as channel, Runner};
use embassy_time::{Duration, MockDriver};
use futures_lite::future::{or, poll_once, zip};
use sse_wire::{Event, Overflow, Parser};
use std::pin::pin;

const COUNT: usize = 5000;
const MTU: usize = 576;

fn config(address: Ipv4Address) -> Config {
    Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(address, 24),
        gateway: None,
        dns_servers: Default::default(),
    })
}

/// Carries what comes out of one driver into the other.
async fn wire(mut from: channel::TxRunner<'_, MTU>, mut to: channel::RxRunner<'_, MTU>) -> ! {
    loop {
        let packet = from.tx_buf().await;
        to.rx_buf().await[..packet.len()].copy_from_slice(packet);
        to.rx_done(packet.len());
        from.tx_done();
    }
}

fn split(runner: Runner<'_, MTU>) -> (channel::RxRunner<'_, MTU>, channel::TxRunner<'_, MTU>) {
    let (state, rx, tx) = runner.split();
    state.set_link_state(LinkState::Up);
    (rx, tx)
}

#[test]
fn thousands_of_events_go_through_256_bytes() {
    let addresses = [Ipv4Address::new(10, 0, 0, 1), Ipv4Address::new(10, 0, 0, 2)];
    let mut states = [(); 2].map(|()| channel::State::<MTU, 2, 2>::new());
    let mut resources = [(); 2].map(|()| StackResources::<2>::new());
    let [server, client] = &mut states;
    let (server_runner, server_device) = channel::new(server, HardwareAddress::Ip);
    let (client_runner, client_device) = channel::new(client, HardwareAddress::Ip);
    let [server, client] = &mut resources;
    let (server, mut server_stack) = embassy_net::new(server_device, config(addresses[0]), server, 1);
    let (client, mut client_stack) = embassy_net::new(client_device, config(addresses[1]), client, 2);
    let ((server_rx, server_tx), (client_rx, client_tx)) = (split(server_runner), split(client_runner));

    let messages: Vec<_> = traffic::many(COUNT).collect();
    let mut parser = Parser::new([0; CAPACITY]);
    let mut seen = Vec::new();
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
        socket.connect((addresses[0], 80)).await.unwrap();
        let on_event = async |event: Result<Event<'_>, Overflow>| seen.push(Seen::from(event));
        recipes::wire::embassy_net::receive(&mut socket, &mut parser, on_event).await;
        socket.close();
    };
    let network =
        zip(zip(server_stack.run(), client_stack.run()), zip(wire(server_tx, client_rx), wire(client_tx, server_rx)));
    run(or(
        async {
            zip(sends, receives).await;
        },
        async {
            network.await;
        },
    ));

    let expected: Vec<_> = messages.iter().enumerate().map(|(number, message)| message.seen(number)).collect();
    assert_eq!(seen, expected);
    assert_eq!(seen.iter().filter(|seen| matches!(seen, Seen::Lost { .. })).count(), COUNT / 97);
}

/// Runs a future to its end, with a clock that goes on whenever nothing else does.
fn run(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    for _ in 0..1_000_000 {
        if futures_lite::future::block_on(poll_once(&mut future)).is_some() {
            return;
        }
        MockDriver::get().advance(Duration::from_micros(100));
    }
    panic!("this takes too long");
}
