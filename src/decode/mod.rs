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
//! where the two meet. Beside them, `name` is what `token` calls the fields, and `end` what `parser` says when the stream
//! stops. `scan`, and `bytes`, which copies and moves, are shared with `encode`.
//!
//! A `parser` has one machine, which reads token by token and can do everything (`parser/machine.rs`), and short ways past it
//! for what comes most often (`parser/short.rs`): above all, `whole` reads an event in place that lies in the chunk with all
//! its lines.

mod arena;
mod end;
mod event;
mod name;
mod parser;
mod token;
mod whole;

pub use end::{End, Unfinished};
pub use event::{Event, OwnedEvent};
pub use name::Field;
pub use parser::{Parser, Status};
pub use token::{Token, Tokenizer, Tokens};
