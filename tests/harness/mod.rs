//! What the tests share: the drivers, readers of other makers, connections that fail, the published vectors, and a grammar
//! of random streams.

#![allow(dead_code, unused_imports, reason = "each test uses a part")]

mod drive;
pub mod grammar;
pub mod message;
pub mod readers;
pub mod script;
pub mod vectors;

pub use drive::*;
