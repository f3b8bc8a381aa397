//! How bytes become events.
//!
//! ```text
//! chunk ─► scan ─────► token ─────────► block ─────────────► reader ──────────► parser ─► event
//!          where does  which field is   what does it say,    what completes     the API   what the
//!          the line    this, and which  what does it cost,   an event, and                caller
//!          end?        of its bytes?    what is stored?      can it be lent?              sees
//! ```
//!
//! Each file uses only those before it in this list:
//!
//! | file | job |
//! |---|---|
//! | `field` | the fields and their names |
//! | `token` | lines, names, the space, line ends: the tokenizer |
//! | `event` | an event, borrowed or owned |
//! | `budget` | what an event needs, in two sums |
//! | `regions` | where bytes lie in the buffer |
//! | `borrowed` | a block that lies in the chunk |
//! | `block` | what a token does, and what a blank line makes of it |
//! | `reader` | from chunks to blocks: the loop, and three fast ways past it |
//! | `end` | what the end of a stream leaves |
//! | `parser` | the API |
//!
//! `scan`, and `bytes`, which copies and moves, are shared with `encode`.
//!
//! A block is either all borrowed from the chunk or all stored in the buffer.

mod block;
mod borrowed;
mod budget;
#[cfg(any(test, fuzzing))]
mod compare;
mod end;
mod event;
mod field;
mod line;
mod parser;
mod reader;
mod regions;
mod token;

#[cfg(fuzzing)]
pub use compare::{CAPACITY, compare};
pub use end::{End, Unfinished};
pub use event::{Event, OwnedEvent};
pub use field::Field;
pub use parser::{Parser, Status};
pub use token::{Token, Tokenizer, Tokens};
