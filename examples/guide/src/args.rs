//! What the command line asks for.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};

pub const HELP: &str = "\
usage: guide [OPTIONS]

Serves a site on which every system of the guide to Server-Sent Events runs, and prints its address.

  --port N           the port (8080); 0 for any that is free
  --listen ADDRESS   the address to bind to (127.0.0.1); others than loopback let the network in
  --host NAME        also answer requests for this host, such as example.org:8080; may be given again
  --per-address N    how many streams one address may have open (100)
  --report           let pages opened with ?auto report what they saw, and print it
  --help             print this
";

pub enum Command {
    Run(Options),
    Help,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub port: u16,
    pub listen: IpAddr,
    pub hosts: Vec<String>,
    pub per_address: u16,
    pub report: bool,
}

impl Default for Options {
    fn default() -> Self {
        let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self { port: 8080, listen, hosts: Vec::new(), per_address: 100, report: false }
    }
}

/// Reads the arguments, without the program's name. The error is what is wrong with them.
pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--port") => options.port = value(&arg, args.next())?,
            Some("--listen") => options.listen = value(&arg, args.next())?,
            Some("--host") => options.hosts.push(value::<String>(&arg, args.next())?.to_ascii_lowercase()),
            Some("--per-address") => options.per_address = value(&arg, args.next())?,
            Some("--report") => options.report = true,
            _ => return Err(format!("unknown argument {}", arg.display())),
        }
    }
    Ok(Command::Run(options))
}

fn value<T: std::str::FromStr>(name: &OsString, value: Option<OsString>) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("{} needs a value", name.display()))?;
    let parsed = value.to_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| format!("{} does not take {}", name.display(), value.display()))
}
