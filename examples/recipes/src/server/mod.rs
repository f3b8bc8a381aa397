//! Servers: one log of events is broadcast, history and resuming for all clients.

#[cfg(feature = "desktop")]
pub mod axum;
pub mod device;
pub mod embassy_net;
pub mod picoserve;
