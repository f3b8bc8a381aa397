//! The machine's own network, in the terms of embedded-nal-async.

use edge_nal::TcpConnect as _;
use edge_nal_std::{Stack, TcpSocket};
use embedded_nal_async::{AddrType, Dns, TcpConnect};
use std::io;
use std::net::{IpAddr, SocketAddr};

pub struct Net;

impl TcpConnect for Net {
    type Error = io::Error;
    type Connection<'a> = TcpSocket;

    async fn connect(&self, remote: SocketAddr) -> io::Result<TcpSocket> {
        Stack::new().connect(remote).await
    }
}

/// Knows addresses only.
impl Dns for Net {
    type Error = io::Error;

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> io::Result<IpAddr> {
        host.parse().map_err(io::Error::other)
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
