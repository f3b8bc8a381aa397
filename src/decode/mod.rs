//! How bytes become events.
//!
//! ```text
//! chunk ─► scan ─────► token ──────────► arena ─────────────► parser ─────────► event
//!          where does  which field is    which bytes of it    what has a blank  what the
//!          the line    this, and which   must be kept, and    line completed,   caller sees
//!          end?        of its bytes?     do they fit?         what lives on?
//! ```
//!
//! Each file knows only those before it. `token` needs no memory and `arena` knows no protocol; `parser` is the one place
//! where the two meet. Beside them, `end` is what `parser` says when the stream stops. `scan`, and `bytes`, which copies and
//! moves, are shared with `encode`.
//!
//! A `parser` goes through a chunk in one of three ways, with one meaning: `whole` reads an event in place that lies in the
//! chunk with all its lines; the rest of a long `data` line from an earlier chunk goes straight into the `arena`; everything
//! else comes token by token.

mod arena;
mod end;
mod event;
mod parser;
mod token;
mod whole;

pub use end::{End, Unfinished};
pub use event::{Event, OwnedEvent};
pub use parser::{Parser, Status};
pub use token::{Field, Token, Tokenizer, Tokens};
