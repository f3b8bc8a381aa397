//! A server and a client on one device, with all that lies between them: event stream, chunks, HTTP/1.1, TCP, IP, and a
//! wire. The server encodes straight into its socket, and the client parses straight out of its own. The sockets hold 256
//! bytes, fewer than an event has on average. Every event must arrive, once and in order, over a connection that breaks and
//! a server that is too busy once, until it says that there is no more to come.
//!
//! ```text
//! series ─► server ─► http ─┐                        ┌─► chunked ─► client ─► series
//! what to                   └─► net ─► wire ─► net ──┘                        what to
//! say                                                                         hear
//! ```

#![no_std]
#![no_main]

mod chunked;
mod client;
mod http;
mod net;
mod series;
mod server;
mod wire;

use client::Seen;
use core::cell::RefCell;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use cortex_m_rt::entry;
use cortex_m_semihosting::hprintln;
use net::{BUFFER, Net, Socket};
use smoltcp::iface::SocketStorage;

#[entry]
fn main() -> ! {
    let (mut of_server, mut of_client) = ([[0; BUFFER]; 2], [[0; BUFFER]; 2]);
    let mut sockets = [SocketStorage::EMPTY; 2];
    let net = RefCell::new(Net::new(&mut sockets));
    let (server, client) = (Socket::new(&net, &mut of_server), Socket::new(&net, &mut of_client));

    let mut serve = pin!(server::serve(&server));
    let mut follow = pin!(client::follow(&client, Seen { is_broken: firmware::is_broken(), ..Seen::default() }));
    let mut context = Context::from_waker(Waker::noop());
    let seen = loop {
        net.borrow_mut().turn();
        let _ = serve.as_mut().poll(&mut context);
        if let Poll::Ready(seen) = follow.as_mut().poll(&mut context) {
            break seen;
        }
    };

    let Seen { connections, waits, reads, bytes, events, .. } = seen;
    let (used, size) = firmware::stack();
    hprintln!("received  {} events over {} connections, {} bytes in {} reads", events, connections, bytes, reads);
    hprintln!("waited    {} times, as long as it was told to", waits);
    hprintln!("stack     {} of {} bytes", used, size);
    firmware::pass()
}
