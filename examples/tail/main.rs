//! Follows an event source, as `curl -N` would, and prints each event when it arrives.
//!
//! ```text
//! cargo run --example tail                                 # against a small server of its own
//! cargo run --example tail -- http://localhost:8080/events
//! cargo run --example tail -- recorded.txt
//! curl -N https://example.com/events | cargo run --example tail -- -
//! ```
//!
//! The parser's part is [`read_events`], below. `follow` adds what the standard says about HTTP and reconnecting.

mod args;
mod demo;
mod follow;
mod print;

use args::{Command, Options, Source};
use print::{notice, printer};
use sse_wire::{End, Event, Parser};
use std::fmt::Display;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::process::ExitCode;

/// What is done with each event.
type OnEvent<'a> = &'a mut dyn FnMut(&Event<'_>) -> io::Result<()>;

/// Why the program ends before its source does.
enum Failure {
    /// The source cannot be read, or is not what it should be: what to tell the user.
    Input(String),
    /// Standard output cannot be written to.
    Output(io::Error),
}

impl Failure {
    fn unreadable(error: io::Error) -> Self {
        Self::Input(error.to_string())
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

    match &options.source {
        Source::Demo => demo::run(&mut parser, &mut print),
        Source::Url(url) => follow::follow(url, options.once, &mut parser, &mut print),
        Source::Stdin => {
            let result = read_to_end(io::stdin().lock(), &mut parser, &mut print);
            result.map_err(|failure| failure.at("standard input"))
        }
        Source::File(path) => {
            let file = File::open(path).map_err(Failure::unreadable);
            let result = file.and_then(|file| read_to_end(file, &mut parser, &mut print));
            result.map_err(|failure| failure.at(format_args!("{path:?}")))
        }
    }
}

/// Reads a stream that is not followed, and says so if it ends too early.
fn read_to_end(stream: impl Read, parser: &mut Parser<&mut [u8]>, on_event: OnEvent<'_>) -> Result<(), Failure> {
    read_events(stream, parser, on_event)?;
    if let Some(place) = unfinished(parser.end()) {
        notice(format_args!("the stream ended {place}: what it left unfinished is no event"));
    }
    Ok(())
}

/// Hands on each event as soon as it is complete, until the stream ends.
///
/// This is all that it takes to use the parser.
fn read_events(mut stream: impl Read, parser: &mut Parser<&mut [u8]>, on_event: OnEvent<'_>) -> Result<(), Failure> {
    let mut buffer = [0; 4096];
    loop {
        let mut chunk = match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(len) => &buffer[..len],
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failure::unreadable(error)),
        };
        while let Some(event) = parser.next(&mut chunk) {
            match event {
                Ok(event) => on_event(&event).map_err(Failure::Output)?,
                // One event did not fit. The parser is behind it already and goes on.
                Err(overflow) => notice(overflow),
            }
        }
    }
}

/// Says where in the format a stream was cut off, if it was.
fn unfinished(end: End<'_>) -> Option<&'static str> {
    match end {
        End::Clean => None,
        End::Unfinished(rest) if !rest.is_mid_event() => Some("mid-line"),
        End::Unfinished(rest) if !rest.is_mid_line() => Some("mid-event"),
        End::Unfinished(_) => Some("mid-line and mid-event"),
    }
}

fn allocate(len: usize) -> Result<Vec<u8>, Failure> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(len).map_err(|error| Failure::Input(format!("--buffer {len}: {error}")))?;
    memory.resize(len, 0);
    Ok(memory)
}
