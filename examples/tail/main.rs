//! Follows an event source, as `curl -N` would, and prints each event when it arrives.
//!
//! ```text
//! cargo run --example tail                                 # against a small server of its own
//! cargo run --example tail -- http://localhost:8080/events
//! cargo run --example tail -- recorded.txt
//! curl -N https://example.com/events | cargo run --example tail -- -
//! ```
//!
//! `read` is all that it takes to use the parser. `follow` is the loop around an event source, which reconnects. `http` and
//! `answer` are what that needs of an HTTP library, `policy` is how a user says when to reconnect.

mod answer;
mod args;
mod demo;
mod follow;
mod http;
mod policy;
mod print;
mod read;

use args::{Command, Options, Source};
use print::{notice, printer};
use read::{Contents, OnEvent, cut, read_events};
use sse_wire::Parser;
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
        Self::Input(answer::io_reason(&error))
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
    let result = run(&options);
    print::erase_status();
    match result {
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
    let mut print = printer(options.json);
    match &options.source {
        Source::Demo => demo::run(&mut memory, &mut print),
        Source::Url(request) => follow::follow(request, &mut memory, &mut print),
        Source::Stdin => {
            let result = read_to_end(io::stdin().lock(), &mut memory, &mut print);
            result.map_err(|failure| failure.at("standard input"))
        }
        Source::File(path) => {
            let file = File::open(path).map_err(Failure::unreadable);
            let result = file.and_then(|file| read_to_end(file, &mut memory, &mut print));
            result.map_err(|failure| failure.at(format_args!("{path:?}")))
        }
    }
}

/// Reads a stream that is not followed, and says so if it ends too early.
fn read_to_end(stream: impl Read, memory: &mut [u8], on_event: OnEvent<'_>) -> Result<(), Failure> {
    let mut contents = Contents::new(memory.len());
    let mut parser = Parser::new(memory);
    read_events(stream, &mut parser, &mut contents, on_event)?;
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
