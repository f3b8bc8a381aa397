//! Followers: they connect, wait, come back with the last event ID, and say why they have stopped.

pub mod acknowledged;
pub mod hyper;
pub mod llm;
pub mod reqwest;
pub mod tokio_util;
pub mod ureq;
