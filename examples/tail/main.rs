//! Follows an event source, as `curl -N` would, and prints each event when it arrives.
//!
//! ```text
//! cargo run --example tail                                 # against a small server of its own
//! cargo run --example tail -- http://localhost:8080/events
//! cargo run --example tail -- recorded.txt
//! curl -N https://example.com/events | cargo run --example tail -- -
//! ```
//!
//! The parser's part is [`read_events`]. `follow` adds what the standard says about reconnecting, and `http` what it says
//! about requests and answers.

mod args;
mod demo;
mod follow;
mod http;
mod print;
mod read;

use args::{Command, Options, Source};
use print::{notice, printer};
use read::{Contents, OnEvent, cut, read_events};
use sse_wire::{EventId, Parser};
use std::fmt::Display;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::process::ExitCode;

/// Why the program ends before its source does.
enum Failure {
    /// The source cannot be read, or is not what it should be: what to tell the user.
    Input(String),
    /// Standard output cannot be written to.
    Output(io::Error),
}

impl Failure {
    fn unreadable(error: io::Error) -> Self {
        Self::Input(http::io_reason(&error))
    }

    /// Says which source it is about.
    fn at(self, source: impl Display) -> Self {
        match self {
            Self::Input(what) => Self::Input(format!("{source}: {what}")),
            Self::Output(error) => Self::Output(error),
        }
    }
}

fn main() -> ExitCode {
    let options = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(options)) => options,
        Ok(Command::Help) => {
            print::help(args::HELP);
            return ExitCode::SUCCESS;
        }
        Err(mistake) => {
            notice(format_args!("{mistake}; {}", args::USAGE));
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough (`| head -1`).
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            notice(format_args!("cannot write: {error}"));
            ExitCode::FAILURE
        }
        Err(Failure::Input(what)) => {
            notice(what);
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    // All the memory that events will ever take, whatever the server sends.
    let mut memory = allocate(options.buffer)?;
    let mut parser = Parser::new(&mut memory[..]);
    let mut print = printer(options.json);

    if let Some(id) = &options.last_event_id {
        let too_long = |error| Failure::Input(format!("--buffer {}: {error}", options.buffer));
        let id = EventId::new(id).map_err(|error| Failure::Input(format!("--last-event-id: {error}")))?;
        parser.set_last_event_id(id).map_err(too_long)?;
    }

    match &options.source {
        Source::Demo => demo::run(options.buffer, &mut parser, &mut print),
        Source::Url(request) => follow::follow(request, options.buffer, &mut parser, &mut print),
        Source::Stdin => {
            let result = read_to_end(io::stdin().lock(), options.buffer, &mut parser, &mut print);
            result.map_err(|failure| failure.at("standard input"))
        }
        Source::File(path) => {
            let file = File::open(path).map_err(Failure::unreadable);
            let result = file.and_then(|file| read_to_end(file, options.buffer, &mut parser, &mut print));
            result.map_err(|failure| failure.at(format_args!("{path:?}")))
        }
    }
}

/// Reads a stream that is not followed, and says so if it ends too early.
fn read_to_end(
    stream: impl Read,
    limit: usize,
    parser: &mut Parser<&mut [u8]>,
    on_event: OnEvent<'_>,
) -> Result<(), Failure> {
    let mut contents = Contents::new(limit);
    read_events(stream, parser, &mut contents, on_event)?;
    match contents.complaint(cut(parser.end())) {
        // A recording ends wherever it was stopped: no failure, if there is anything in it.
        Some(complaint) if contents.has_events() => notice(complaint),
        Some(complaint) => return Err(Failure::Input(complaint)),
        None => {}
    }
    Ok(())
}

fn allocate(len: usize) -> Result<Vec<u8>, Failure> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(len).map_err(|error| Failure::Input(format!("--buffer {len}: {error}")))?;
    memory.resize(len, 0);
    Ok(memory)
}
