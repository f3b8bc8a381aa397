//! How bytes become events.
//!
//! ```text
//! parser ─► reader ─┬─► token, line ──► scan            which field is this, and where does its line end?
//!                   └─► block ──┬─────► budget          what does it say, and what does it need?
//!                               └─────► regions         where is it stored?
//! ```
//!
//! Each file uses only those before it in this list:
//!
//! | file | job |
//! |---|---|
//! | `field` | the fields and their names |
//! | `line` | lines that lie in the chunk with their ends |
//! | `token` | the tokenizer: lines that go on from chunk to chunk |
//! | `event` | an event, borrowed or owned |
//! | `end` | what the end of a stream leaves |
//! | `budget` | what an event needs |
//! | `regions` | where bytes lie in the buffer |
//! | `borrowed` | a block that lies in the chunk |
//! | `block` | what a token does, and what a blank line makes of it |
//! | `reader` | from chunks to events: the loop, and three fast ways past it |
//! | `parser` | the API |
//! | `position` | where in a stream a parser stands |
//! | `compare` | the test that the fast ways change nothing |
//!
//! `word`, `scan` and `bytes` are shared with `encode`.
//!
//! A block is either all borrowed from the chunk or all stored in the buffer.
//!
//! Numbers in parentheses are sections of the [rules](crate::rules).

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
mod position;
mod reader;
mod regions;
mod token;

#[cfg(any(test, fuzzing))]
pub use compare::{CAPACITY, compare};
pub use end::{End, Unfinished};
#[cfg(feature = "alloc")]
pub use event::BoxedEvent;
pub use event::{Event, OwnedEvent};
pub use field::Field;
pub use parser::{Parser, Status};
pub(crate) use position::Cut;
pub use token::{Token, Tokenizer, Tokens};
