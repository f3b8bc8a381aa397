//! What the command line asks for.

use std::ffi::OsString;
use std::num::NonZero;
use std::str::FromStr;
use std::time::Duration;

pub const USAGE: &str = "usage: serve [--port N] [--interval MS] [--retry MS] [--keep-alive MS] [--count N] [--report]";

pub const HELP: &str = "\
usage: serve [--port N] [--interval MS] [--retry MS] [--keep-alive MS] [--count N] [--report]

Serves an endless series of events (Server-Sent Events) on loopback, and a page that shows them.
Prints the address of the page, and a note on each request to standard error.

  --port N         the port (8080); 0 for any that is free
  --interval MS    the time between two events (500)
  --retry MS       how long clients are to wait before they reconnect (1000)
  --keep-alive MS  send a comment when nothing was sent for so long (15000)
  --count N        end the series after event N, and tell clients who have it to stop
  --report         let the page at /?report send back what it has received, and print that
  --help           print this
";

pub enum Command {
    Run(Options),
    Help,
}

#[derive(Clone, Copy)]
pub struct Options {
    pub port: u16,
    pub interval: Duration,
    pub retry: u64,
    pub keep_alive: Duration,
    /// The number of the last event.
    pub last: u64,
    pub report: bool,
}

/// Reads the arguments, without the program's name. The error is what is wrong with them.
pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options {
        port: 8080,
        interval: Duration::from_millis(500),
        retry: 1000,
        keep_alive: Duration::from_secs(15),
        last: u64::MAX,
        report: false,
    };
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--port") => options.port = number(&arg, args.next())?,
            Some("--interval") => options.interval = Duration::from_millis(number(&arg, args.next())?),
            Some("--retry") => options.retry = number(&arg, args.next())?,
            Some("--keep-alive") => {
                let millis: NonZero<u64> = number(&arg, args.next())?;
                options.keep_alive = Duration::from_millis(millis.get());
            }
            Some("--count") => options.last = number(&arg, args.next())?,
            Some("--report") => options.report = true,
            _ => return Err(format!("unknown argument {arg:?}")),
        }
    }
    Ok(Command::Run(options))
}

fn number<N: FromStr>(option: &OsString, value: Option<OsString>) -> Result<N, String> {
    let value = value.unwrap_or_default();
    let number = value.to_str().and_then(|value| value.parse().ok());
    number.ok_or_else(|| format!("{option:?} takes a number, and {value:?} is none that it takes"))
}
