//! Every system of the guide to Server-Sent Events, running on both ends of sse-wire.
//!
//! To add a system, write `src/systems/NAME.rs` and `pages/NAME.html`, add its line to the list in `src/systems/mod.rs`, and
//! a test `tests/NAME.rs`. The index, the shared header and the browser's run find it by themselves.

pub mod args;
pub mod hub;
pub mod latest;
pub mod listen;
pub mod page;
pub mod seats;
pub mod security;
pub mod site;
pub mod systems;
