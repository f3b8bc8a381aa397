//! sse-wire in the stacks that its users have. Each file is one to copy.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "desktop")]
extern crate std;

pub mod client;
pub mod server;
pub mod wire;
