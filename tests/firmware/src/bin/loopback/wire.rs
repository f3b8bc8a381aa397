//! A wire that leads back to where it starts: smoltcp's own `Loopback`, without the heap.

use heapless::{Deque, Vec};
use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::time::Instant;

/// An IP packet with as much TCP payload as a socket holds.
const MTU: usize = 40 + crate::net::BUFFER;

type Packet = Vec<u8, MTU>;

/// The packets on their way.
#[derive(Default)]
pub struct Wire(Deque<Packet, 4>);

pub struct RxToken(Packet);

pub struct TxToken<'w>(&'w mut Wire);

impl Device for Wire {
    type RxToken<'w> = RxToken;
    type TxToken<'w> = TxToken<'w>;

    fn receive(&mut self, _now: Instant) -> Option<(RxToken, TxToken<'_>)> {
        let packet = self.0.pop_front()?;
        Some((RxToken(packet), TxToken(self)))
    }

    fn transmit(&mut self, _now: Instant) -> Option<TxToken<'_>> {
        (!self.0.is_full()).then_some(TxToken(self))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = MTU;
        capabilities
    }
}

impl phy::RxToken for RxToken {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

impl phy::TxToken for TxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, write: F) -> R {
        let mut packet = Packet::new();
        packet.resize(len, 0).expect("a packet is as long as the MTU at most");
        let result = write(&mut packet);
        // There is room: either a packet has just been received, or there was some.
        self.0.0.push_back(packet).expect("room for a packet");
        result
    }
}
