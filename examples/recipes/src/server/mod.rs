//! Servers: one log of events is broadcast, history and resuming for all clients.

#[cfg(feature = "desktop")]
pub mod axum;
