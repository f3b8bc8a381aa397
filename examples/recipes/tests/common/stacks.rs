//! Two embassy-net stacks, joined by a wire, and a clock that goes on when nothing else does.

use embassy_net::driver::{HardwareAddress, LinkState};
use embassy_net::{Config, Ipv4Address, Ipv4Cidr, Stack, StackResources, StaticConfigV4};
use embassy_net_driver_channel::{self as channel, Runner};
use embassy_time::{Duration, MockDriver};
use futures_lite::future::{or, poll_once, zip};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};

const MTU: usize = 576;
/// More than any test opens.
const SOCKETS: usize = 12;

pub const SERVER: Ipv4Address = Ipv4Address::new(10, 0, 0, 1);
pub const CLIENT: Ipv4Address = Ipv4Address::new(10, 0, 0, 2);

/// The tests of a binary share the clock, so they take turns.
static CLOCK: Mutex<()> = Mutex::new(());

/// Runs a test with the stack of the server and that of the client.
pub fn joined(test: impl AsyncFnOnce(Stack<'_>, Stack<'_>)) {
    let _turn = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let mut states = [(); 2].map(|()| channel::State::<MTU, 2, 2>::new());
    let mut resources = [(); 2].map(|()| StackResources::<SOCKETS>::new());
    let [server, client] = &mut states;
    let (server_runner, server_device) = channel::new(server, HardwareAddress::Ip);
    let (client_runner, client_device) = channel::new(client, HardwareAddress::Ip);
    let [server, client] = &mut resources;
    let (server, mut server_stack) = embassy_net::new(server_device, config(SERVER), server, 1);
    let (client, mut client_stack) = embassy_net::new(client_device, config(CLIENT), client, 2);
    let ((server_rx, server_tx), (client_rx, client_tx)) = (split(server_runner), split(client_runner));
    let network =
        zip(zip(server_stack.run(), client_stack.run()), zip(wire(server_tx, client_rx), wire(client_tx, server_rx)));
    run(or(test(server, client), async {
        network.await;
    }));
}

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

/// Runs a future to its end, with a clock that goes on whenever nothing else does.
fn run(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    for _ in 0..2_000_000 {
        if futures_lite::future::block_on(poll_once(&mut future)).is_some() {
            return;
        }
        MockDriver::get().advance(Duration::from_micros(100));
    }
    panic!("this takes too long");
}
