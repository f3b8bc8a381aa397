//! The wire format of Server-Sent Events (`text/event-stream`): bytes in, events out; messages in, bytes out; exactly as
//! the standard defines it, within the memory you give, and without an allocator.
//!
//! ```
//! use sse_wire::Parser;
//!
//! let mut parser = Parser::new([0; 1024]);
//! for mut chunk in [&b"data: Hello, wo"[..], b"rld\n\nevent: bye\ndata\n\n"] {
//!     while let Some(event) = parser.next(&mut chunk) {
//!         match event {
//!             Ok(event) => println!("{}: {}", event.event_type(), event.data()),
//!             Err(overflow) => eprintln!("{overflow}"),
//!         }
//!     }
//! }
//! ```
//!
//! Everything around the format (HTTP, sockets, timers) is the caller's, and these shapes fit every stack there is. For
//! reading:
//!
//! | you have | you write |
//! |---|---|
//! | a chunk in hand: a callback, `Bytes`, an array | `while let Some(event) = parser.next(&mut chunk)` |
//! | a reader with `fill_buf` and `consume` | [`parser.advance(buffer)`](Parser::advance), consume the count, look at [`event`](Parser::event); `io::EventReader` and `embedded_io_v0_7::EventReader` do it for you |
//! | an async stream of chunks | `stream.eventsource()`: the module `stream` |
//! | a socket that lends: `FnOnce(&mut [u8]) -> (usize, R)` | `socket.recv(\|bytes\| parser.advance(bytes))` |
//! | a proxy, an idle timer, a value too large to hold | [`Tokenizer`]: two bytes of state, every comment visible |
//!
//! For writing:
//!
//! | you have | you write |
//! |---|---|
//! | a writer with `write_all` | `for segment in message.segments() { writer.write_all(segment)? }` |
//! | one buffer, one write | [`message.encode(&mut buffer)`](Message::encode) |
//! | a socket that lends a window: `FnOnce(&mut [u8]) -> (usize, R)` | `socket.send(\|window\| encoder.write(window))` |
//! | a payload of unknown size, a serializer | [`DataWriter`], `IoDataWriter` |
//! | a payload of unknown size, an async writer | [`DataLines`] |
//! | messages that never change | [`encoded!`], by the compiler |
//!
//! [`Parser`] holds whole events in a buffer that you give it; [`Tokenizer`] holds nothing. [`Message`] borrows what it
//! says. The two directions meet in two places: an [`Event`] that came in makes the
//! [`Message`] that sends it on, and [`Parser::sever`] ends a stream that was cut off.
//!
//! [`server`] keeps events for any number of clients, and tells each what it has missed.
//!
//! # Decisions
//!
//! Every byte string is an event stream, so nothing in a stream is an error. The module [`rules`] tells what each
//! means. Where the standard leaves something open, or a bounded memory adds a question that it does not ask, this is what
//! the crate does:
//!
//! * **A CR ends its line at once.** An LF that comes next belongs to it, also in a later chunk, also after an empty one.
//!   No event waits for the byte behind it.
//! * **An event that does not fit is reported once**, at its blank line, with the exact size that was needed, and the next
//!   one is delivered: [`Overflow`]. Nothing partial is ever delivered.
//! * **What an event needs is a sum that only grows**: the last event ID, and every value of its `event`, `id` and `data`
//!   lines, also those without effect. So the sum is equal for every chunking, and [one sentence tells it](Parser#memory).
//! * **The limit also applies to what is lent.** Whether an event fits depends on the event alone.
//! * **The `id` and the `retry` of a lost event count.** A client that reconnected with the older ID would be sent the same
//!   event again for ever. If not even the IDs fit, the older one stays, and the report says so.
//! * **An unfinished event is discarded at the end of the stream**, and shown on request: [`Unfinished`].
//! * **A new connection starts with the last event ID** that was committed, as in browsers. The letter of the standard would
//!   start it empty.
//! * **A `retry` without digits is ignored**, and one above `u64::MAX` is `u64::MAX`.
//! * **A comment's text is without one leading space**, like a value, so that `: text` reads back as `text`.
//! * **Text is bytes until a caller decodes it**: [`Text`]. Comparisons are of bytes.
//! * **Empty data is an event, no data is none**, and both can be written. The data always comes last, and as `data: ` with
//!   the space, so that a leading space survives.
//! * **A message ends with a blank line exactly if it has an event type, an ID or data.** A comment or a `retry` alone does
//!   without, since some clients deliver a block without data as an empty event: [`KEEP_ALIVE`] names them.
//! * **No `retry` above 2147483647 is written**: clients on Node would reconnect at once, again and again.
//! * **What a `DataWriter` has written cannot be unsent**, so giving up means ending the event under another type, and with
//!   the ID before, which takes its own ID back.
//! * **An ID that is not UTF-8, or holds a tab, is not safe in a header**: it might not come back unchanged.
//! * **A block is either all lent from the chunk or all stored in the buffer**, so no code has to ask where which part lies.
//! * **Data is stored at one end of the buffer, type and IDs at the other**, and a value that is replaced stays there,
//!   unused. So a late `event` or `id` line moves nothing, and the cost of a stream stays in proportion to its length.
//! * **A server's log holds whole events only, each with data and an ID**, so that a client that comes back can say which
//!   was its last, and so that anything may be written between two of them.
//! * **An ID is a log's own exactly if the log would have written it.** A client may send anything, and `26-07`, `+26-7` and
//!   the `7` of another run must not be found.
//! * **A client that was overtaken within an event is closed**, not completed under another type: the event's `id` line is
//!   out.
//! * **On bare metal only the slow machine is compiled**, for its size. Elsewhere three fast ways pass over what is
//!   frequent. A test compares both after every step.
//!
//! # Features
//!
//! All are additive: they change no result and no signature. The default build needs no allocator and shows no type of
//! another crate.
//!
//! * `memchr` (default) finds the ends of long lines with vector instructions, by the crate of that name. Without it, plain
//!   code does.
//! * `simdutf8` checks UTF-8 with vector instructions, by the crate of that name, in [`Text::to_str`] and where text is
//!   displayed. Without it, the standard library does.
//! * `alloc` adds storage on the heap (`Box<[u8]>`, `Growing`), owned events, `Cow` text, and messages in a `Vec`. It makes
//!   nothing allocate that did not before.
//! * `std` turns `alloc` on, lets `memchr` and `simdutf8`, if they are on, look for vector instructions at run time (on x86
//!   they use AVX2 then), and adds `IoDataWriter`, a `std::io::Write` over any other, and `io`, which reads events from any
//!   `std::io::BufRead`. It does no I/O by itself.
//! * `heapless-v0.9` makes `heapless::Vec` a storage and an owner of events. It adds no allocator. It needs Rust 1.87.
//! * `embedded-io-v0.7` and `embedded-io-async-v0.7` add `embedded_io_v0_7`, which reads events from any `BufRead` of these
//!   crates. They add no allocator.
//! * `futures-core-v0.3` turns `alloc` on and adds `stream`, which makes streams of events from streams of chunks, as the
//!   crate eventsource-stream does. It starts no task and knows no runtime.
//! * `defmt` implements `defmt::Format` for every public value. It logs nothing by itself.
//! * `arbitrary` implements `arbitrary::Arbitrary` for [`EventType`], [`EventId`] and [`Message`], for fuzzers. It needs
//!   `std`.
//!
//! Rust 1.85 is the oldest version that is tested, with all features but `heapless-v0.9`.
//!
//! # Unsafe code
//!
//! The crate forbids it in itself. The crates memchr, simdutf8, futures-core and pin-project-lite use it inside. Without
//! default features there is no dependency, and so no unsafe code but that of `core`.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![warn(missing_debug_implementations, unreachable_pub)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod bytes;
pub mod client;
mod decode;
#[cfg(any(feature = "embedded-io-v0.7", feature = "embedded-io-async-v0.7"))]
pub mod embedded_io_v0_7;
mod encode;
mod error;
mod event_id;
mod event_type;
pub mod headers;
#[cfg(feature = "std")]
pub mod io;
mod relay;
pub mod rules;
mod scan;
pub mod server;
mod storage;
#[cfg(feature = "futures-core-v0.3")]
pub mod stream;
mod text;
mod word;

#[cfg(feature = "alloc")]
pub use decode::BoxedEvent;
pub use decode::{End, Event, Field, OwnedEvent, Parser, Status, Token, Tokenizer, Tokens, Unfinished};
#[cfg(feature = "std")]
pub use encode::IoDataWriter;
pub use encode::{DataLines, DataSegments, DataWriter, Encoder, KEEP_ALIVE, Message, Progress, Segments, SliceWriter};
pub use error::{BufferTooSmall, Error, InvalidEventId, InvalidEventType, LastEventIdLost, Overflow};
pub use event_id::EventId;
pub use event_type::EventType;
pub use relay::Sever;
#[cfg(feature = "alloc")]
pub use storage::Growing;
pub use storage::Storage;
pub use text::Text;

/// What only the fuzzers see. It is there for our own tests, too, so that what it shows is never an unreachable `pub`.
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::decode::{CAPACITY, compare};
}
/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
