//! What the command line asks for.

use std::ffi::OsString;
use std::path::PathBuf;

pub const USAGE: &str = "usage: tail [--json] [--once] [--buffer N] [URL | FILE | -]";

pub const HELP: &str = "\
usage: tail [--json] [--once] [--buffer N] [URL | FILE | -]

Prints the events of an event stream (Server-Sent Events) as they arrive.

  URL         follow this event source (http only), and reconnect as a browser would
  FILE, -     read a recorded stream from a file or from standard input
  (neither)   follow a small server of its own that breaks the stream, and check what arrives

  --json      print each event as one line of JSON: {\"type\":…,\"id\":…,\"data\":…}
  --once      do not reconnect to URL when the stream ends
  --buffer N  let an event take N bytes at most (65536): larger ones are reported and skipped
  --help      print this
";

pub enum Command {
    Run(Options),
    Help,
}

pub struct Options {
    pub source: Source,
    pub json: bool,
    pub once: bool,
    /// The parser's memory in bytes.
    pub buffer: usize,
}

pub enum Source {
    Demo,
    Url(String),
    File(PathBuf),
    Stdin,
}

/// Reads the arguments, without the program's name. The error is what is wrong with them.
pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut source = None;
    let mut options = Options { source: Source::Demo, json: false, once: false, buffer: 65536 };
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--json") => options.json = true,
            Some("--once") => options.once = true,
            Some("--buffer") => options.buffer = number_of_bytes(args.next())?,
            Some(unknown) if unknown.starts_with('-') && unknown != "-" => {
                return Err(format!("unknown option {unknown:?}"));
            }
            _ if source.is_some() => return Err(format!("one source is enough, {arg:?} is one too many")),
            Some("-") => source = Some(Source::Stdin),
            Some(url) if is_url(url) => source = Some(Source::Url(url.to_owned())),
            _ => source = Some(Source::File(arg.into())),
        }
    }
    options.source = source.unwrap_or(Source::Demo);
    Ok(Command::Run(options))
}

fn number_of_bytes(value: Option<OsString>) -> Result<usize, String> {
    let value = value.unwrap_or_default();
    let number = value.to_str().and_then(|value| value.parse().ok());
    number.ok_or_else(|| format!("--buffer takes a number of bytes, not {value:?}"))
}

fn is_url(arg: &str) -> bool {
    arg.starts_with("http:") || arg.starts_with("https:") || arg.contains("://")
}
