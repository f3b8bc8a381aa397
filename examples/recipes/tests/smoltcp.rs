//! Both directions with smoltcp, between two sockets of 256 bytes on a loopback device.

mod common;

use common::Seen;
use common::traffic::{self, CAPACITY};
use smoltcp::iface::{Config, Interface, SocketSet};
use smoltcp::phy::{Loopback, Medium};
use smoltcp::socket::tcp::{Socket, SocketBuffer};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};
use sse_wire::{Parser, Progress};

const COUNT: usize = 5000;

fn socket() -> Socket<'static> {
    Socket::new(SocketBuffer::new(vec![0; 256]), SocketBuffer::new(vec![0; 256]))
}

#[test]
fn thousands_of_events_go_through_256_bytes() {
    let address = IpAddress::v4(127, 0, 0, 1);
    let mut device = Loopback::new(Medium::Ip);
    let mut now = Instant::ZERO;
    let mut interface = Interface::new(Config::new(HardwareAddress::Ip), &mut device, now);
    interface.update_ip_addrs(|addresses| addresses.push(IpCidr::new(address, 8)).unwrap());
    let mut sockets = SocketSet::new(Vec::new());
    let (server, client) = (sockets.add(socket()), sockets.add(socket()));
    sockets.get_mut::<Socket>(server).listen(80).unwrap();
    sockets.get_mut::<Socket>(client).connect(interface.context(), (address, 80), 49152).unwrap();

    let messages: Vec<_> = traffic::many(COUNT).collect();
    let mut encoders = messages.iter().map(|message| message.message().encoder());
    let mut encoder = encoders.next();
    let mut parser = Parser::new([0; CAPACITY]);
    let mut seen = Vec::new();
    let mut is_open = false;

    loop {
        interface.poll(now, &mut device, &mut sockets);

        let socket = sockets.get_mut::<Socket>(server);
        if socket.may_send() {
            match &mut encoder {
                Some(message) => {
                    if recipes::wire::smoltcp::send(socket, message) == Ok(Progress::Done) {
                        encoder = encoders.next();
                    }
                }
                None => socket.close(),
            }
        }

        let socket = sockets.get_mut::<Socket>(client);
        let more = recipes::wire::smoltcp::receive(socket, &mut parser, |event| seen.push(Seen::from(event)));
        is_open |= more;
        if is_open && !more {
            break;
        }
        now += Duration::from_millis(1);
        assert!(now < Instant::from_secs(1000), "{} events", seen.len());
    }
    let expected: Vec<_> = messages.iter().enumerate().map(|(number, message)| message.seen(number)).collect();
    assert_eq!(seen, expected);
    assert_eq!(seen.iter().filter(|seen| matches!(seen, Seen::Lost { .. })).count(), COUNT / 97);
}
