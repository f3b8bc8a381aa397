//! smoltcp's sockets, for tasks that wait: `send` and `recv` lend the socket's memory, as those of embassy-net do.

use crate::wire::Wire;
use core::cell::RefCell;
use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::tcp;
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};

/// What a socket holds, each way, in bytes.
pub const BUFFER: usize = 256;

const HOST: IpAddress = IpAddress::v4(127, 0, 0, 1);

/// The network and the clock, which every turn of the main loop moves on by a millisecond.
pub struct Net<'a> {
    wire: Wire,
    interface: Interface,
    sockets: SocketSet<'a>,
    now: Instant,
}

impl<'a> Net<'a> {
    pub fn new(sockets: &'a mut [SocketStorage<'a>]) -> Self {
        let mut wire = Wire::default();
        let now = Instant::ZERO;
        let mut interface = Interface::new(Config::new(HardwareAddress::Ip), &mut wire, now);
        interface.update_ip_addrs(|addresses| addresses.push(IpCidr::new(HOST, 8)).expect("room for an address"));
        Self { wire, interface, sockets: SocketSet::new(sockets), now }
    }

    pub fn turn(&mut self) {
        self.now += Duration::from_millis(1);
        self.interface.poll(self.now, &mut self.wire, &mut self.sockets);
    }
}

/// The other side has closed, or reset, the connection.
#[derive(Debug)]
pub struct Closed;

pub struct Socket<'n, 'a> {
    net: &'n RefCell<Net<'a>>,
    handle: SocketHandle,
}

impl<'n, 'a> Socket<'n, 'a> {
    pub fn new(net: &'n RefCell<Net<'a>>, [rx, tx]: &'a mut [[u8; BUFFER]; 2]) -> Self {
        let socket = tcp::Socket::new(tcp::SocketBuffer::new(&mut rx[..]), tcp::SocketBuffer::new(&mut tx[..]));
        let handle = net.borrow_mut().sockets.add(socket);
        Self { net, handle }
    }

    /// Waits until the socket answers.
    async fn wait<R>(&self, mut ask: impl FnMut(&mut tcp::Socket<'a>) -> Poll<R>) -> R {
        poll_fn(|_| ask(self.net.borrow_mut().sockets.get_mut(self.handle))).await
    }

    pub async fn accept(&self, port: u16) {
        self.wait(|tcp| {
            if !tcp.is_open() {
                tcp.listen(port).expect("a port to listen on");
            }
            if tcp.may_send() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }

    pub async fn connect(&self, port: u16, local_port: u16) -> Result<(), Closed> {
        {
            let net = &mut *self.net.borrow_mut();
            let tcp = net.sockets.get_mut::<tcp::Socket<'_>>(self.handle);
            tcp.connect(net.interface.context(), (HOST, port), local_port).expect("a socket that is not in use");
        }
        self.wait(|tcp| match (tcp.may_send(), tcp.is_open()) {
            (true, _) => Poll::Ready(Ok(())),
            (false, true) => Poll::Pending,
            (false, false) => Poll::Ready(Err(Closed)),
        })
        .await
    }

    /// Lends what there is room for, as soon as there is some. `write` says how much of it it has filled.
    pub async fn send<R>(&self, mut write: impl FnMut(&mut [u8]) -> (usize, R)) -> Result<R, Closed> {
        self.wait(|tcp| match tcp.can_send() {
            true => Poll::Ready(tcp.send(&mut write).map_err(|_| Closed)),
            false if tcp.may_send() => Poll::Pending,
            false => Poll::Ready(Err(Closed)),
        })
        .await
    }

    /// Lends what has arrived, as soon as there is some. `read` says how much of it it has taken.
    pub async fn recv<R>(&self, mut read: impl FnMut(&[u8]) -> (usize, R)) -> Result<R, Closed> {
        self.wait(|tcp| match tcp.can_recv() {
            true => Poll::Ready(tcp.recv(|bytes| read(bytes)).map_err(|_| Closed)),
            false if tcp.may_recv() => Poll::Pending,
            false => Poll::Ready(Err(Closed)),
        })
        .await
    }

    pub async fn write_all(&self, mut bytes: &[u8]) -> Result<(), Closed> {
        while !bytes.is_empty() {
            let len = self.send(|window| {
                let len = bytes.len().min(window.len());
                window[..len].copy_from_slice(&bytes[..len]);
                (len, len)
            });
            bytes = &bytes[len.await?..];
        }
        Ok(())
    }

    /// Sends what is still to be sent, and waits until the other side has closed too.
    pub async fn close(&self) {
        self.wait(|tcp| {
            tcp.close();
            if tcp.is_open() { Poll::Pending } else { Poll::Ready(()) }
        })
        .await
    }

    /// Returns the time, in milliseconds.
    pub fn now(&self) -> u64 {
        self.net.borrow().now.total_millis() as u64
    }

    pub async fn sleep(&self, milliseconds: u32) {
        let until = self.now() + u64::from(milliseconds);
        poll_fn(|_| if self.now() < until { Poll::Pending } else { Poll::Ready(()) }).await
    }

    /// Awaits what this socket does, for `limit` milliseconds at most. When they are over, the connection counts as closed.
    pub async fn within<T>(
        &self,
        limit: Option<u32>,
        future: impl Future<Output = Result<T, Closed>>,
    ) -> Result<T, Closed> {
        let until = limit.map_or(u64::MAX, |limit| self.now() + u64::from(limit));
        let mut future = pin!(future);
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Pending if self.now() >= until => Poll::Ready(Err(Closed)),
            result => result,
        })
        .await
    }
}
