//! Followers: they connect, wait, come back with the last event ID, and say why they have stopped.

#[cfg(feature = "desktop")]
pub mod acknowledged;
#[cfg(feature = "desktop")]
pub mod hyper;
#[cfg(feature = "desktop")]
pub mod llm;
#[cfg(feature = "desktop")]
pub mod reqwest;
pub mod reqwless;
#[cfg(feature = "desktop")]
pub mod tokio_util;
#[cfg(feature = "desktop")]
pub mod ureq;
