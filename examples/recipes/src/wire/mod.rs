//! The wire format alone: bytes in and events out, or messages in and bytes out. Each file has under 30 lines of code.

pub mod edge_http_client;
pub mod edge_http_server;
pub mod embassy_net;
pub mod embedded_io;
pub mod embedded_io_async;
pub mod picoserve;
pub mod reqwless;
pub mod smoltcp;
