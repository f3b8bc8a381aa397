//! The wire format of Server-Sent Events (`text/event-stream`): bytes in, events out, exactly as browsers would have them,
//! within the memory you give, and without an allocator.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

mod decode;
mod error;
mod storage;
mod text;

pub use decode::{End, Event, Field, OwnedEvent, Parser, Status, Token, Tokenizer, Tokens, Unfinished};
pub use error::{BufferTooSmall, InvalidId, Overflow};
#[cfg(feature = "alloc")]
pub use storage::Growing;
pub use storage::Storage;
pub use text::Text;
