//! sse-wire in the stacks that its users have. Each file is one to copy, and has under 30 lines of code.

#![no_std]
#![forbid(unsafe_code)]

pub mod edge_http_client;
pub mod edge_http_server;
pub mod embassy_net;
pub mod embedded_io;
pub mod embedded_io_async;
pub mod picoserve;
pub mod reqwless;
pub mod smoltcp;
