//! Servers: one log of events is broadcast, history and resuming for all clients.

#[cfg(feature = "desktop")]
pub mod axum;
#[cfg(feature = "desktop")]
pub mod blocking;
#[cfg(feature = "desktop")]
pub mod common;
#[cfg(feature = "desktop")]
pub mod connection;
pub mod device;
pub mod embassy_net;
#[cfg(feature = "desktop")]
pub mod http;
#[cfg(feature = "desktop")]
pub mod hyper;
#[cfg(feature = "desktop")]
pub mod nonblocking;
pub mod picoserve;
