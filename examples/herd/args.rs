//! What the command line asks for.

use std::ffi::OsString;
use std::path::PathBuf;

pub const USAGE: &str = "usage: herd [--clients N] [--svg FILE] [--seconds]";

pub const HELP: &str = "\
usage: herd [--clients N] [--svg FILE] [--seconds]

Lets a server lose all its clients at once, in simulated time, and prints how many connect in each second
until all are back: for a restart, an outage of a minute, and a server with a limit; for three policies.

  --clients N   how many clients (1000000; 100000 in a build without optimisation), at most 10000000
  --svg FILE    draw it, too
  --seconds     print each second instead of a summary: scenario, policy, second, accepted, turned away
  --help        print this
";

pub enum Command {
    Run(Options),
    Help,
}

pub struct Options {
    pub clients: u32,
    pub svg: Option<PathBuf>,
    pub seconds: bool,
}

/// Reads the arguments, without the program's name. The error is what is wrong with them.
pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let clients = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let mut options = Options { clients, svg: None, seconds: false };
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--clients") => options.clients = clients_of(&args.next().unwrap_or_default())?,
            Some("--svg") => options.svg = Some(args.next().ok_or("\"--svg\" takes the name of a file")?.into()),
            Some("--seconds") => options.seconds = true,
            _ => return Err(format!("unknown argument {arg:?}")),
        }
    }
    Ok(Command::Run(options))
}

fn clients_of(value: &OsString) -> Result<u32, String> {
    let number = value.to_str().and_then(|value| value.parse().ok());
    let number = number.filter(|number| (1..=10_000_000).contains(number));
    number.ok_or_else(|| format!("\"--clients\" takes a number from 1 to 10000000, and {value:?} is none"))
}
