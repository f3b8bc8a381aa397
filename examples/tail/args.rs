//! What the command line asks for.

use crate::http::{Request, shown};
use crate::policy::PolicyOptions;
use sse_wire::EventId;
use sse_wire::client::Policy;
use std::ffi::OsString;
use std::path::PathBuf;
use ureq::http::{HeaderName, HeaderValue};

pub const USAGE: &str = "usage: tail [OPTIONS] [URL | FILE | -]; --help says more";

pub const HELP: &str = "\
usage: tail [OPTIONS] [URL | FILE | -]

Prints the events of an event stream (Server-Sent Events) as they arrive.

  URL                 follow this event source (http only), and reconnect as its policy says
  FILE, -             read a recorded stream from a file or from standard input
  (neither)           follow a small server of its own that breaks the stream, and check what arrives

  --json              print each event as one line of JSON: {\"type\":…,\"id\":…,\"data\":…}
  --buffer N          let an event take N bytes at most (1048576): larger ones are reported and skipped
  --help              print this

For a URL:

  --last-event-id ID  begin with what follows the event with this ID
  -H NAME:VALUE       send this header, in place of our own if there is one
  --data BODY         POST this (as application/json, unless -H says otherwise), once unless --policy says otherwise

When to reconnect to a URL:

  --policy resilient  back off and spread, notice silence, survive outages (this is the default)
  --policy standard   wait as long as the server says, for ever, and take every status but 200 as final
  --policy once       do not reconnect when the stream ends
  --once              short for --policy once

and single numbers, whatever the policy, times in milliseconds (in brackets: resilient; standard and once):

  --retry MS          reconnection time until the server names another (3000; 3000)
  --retry-min MS      shortest reconnection time, whatever the server says (500; 500)
  --retry-max MS      longest wait that the server may ask for, by `retry` or Retry-After (300000; 4294967295)
  --spread-max MS     most that back-off and jitter add to a wait; 0: neither (30000; 0)
  --stable MS         open for so long, its loss counts as the first in a row; 0: opening is enough (10000; 0)
  --silence MS        no response or no byte for so long: the connection is lost; 0: never (90000; 0)
  --attempts N        bear so many losses in a row, and give up with the next (no limit; once: 0)
  --retry-status yes  take 408, 425, 429 and 5xx, but not 501 and 505, for outages; no: for final (yes; no)
";

pub enum Command {
    Run(Options),
    Help,
}

pub struct Options {
    pub source: Source,
    pub json: bool,
    /// The parser's memory in bytes.
    pub buffer: usize,
}

pub enum Source {
    Demo,
    Url(Request),
    File(PathBuf),
    Stdin,
}

/// Reads the arguments, without the program's name. The error is what is wrong with them.
pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options { source: Source::Demo, json: false, buffer: 1 << 20 };
    let mut request = Request::default();
    let mut policy = PolicyOptions::default();
    let mut place = None;
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--json") => options.json = true,
            Some("--buffer") => options.buffer = number_of_bytes(args.next())?,
            Some("--last-event-id") => request.last_event_id = event_id(args.next())?,
            Some("-H") => request.headers.push(header(args.next())?),
            Some("--data") => request.data = Some(text(args.next()).ok_or("--data takes a text")?),
            Some(option) if policy.take(option, &mut args)? => {}
            Some(unknown) if unknown.starts_with('-') && unknown != "-" => {
                // The rest may be a secret (`-HAuthorization:…`).
                let name = unknown.split([':', '=']).next().unwrap_or_default();
                return Err(format!("unknown option {name:?}"));
            }
            _ if place.is_some() => {
                let shown = shown(&arg.to_string_lossy());
                return Err(format!("one source is enough, {shown} is one too many"));
            }
            _ => place = Some(arg),
        }
    }
    let is_for_url = !request.last_event_id.is_empty()
        || request.data.is_some()
        || !request.headers.is_empty()
        || !policy.is_empty();
    // Who asks twice may pay twice.
    let default = if request.data.is_some() { Policy::ONCE } else { Policy::RESILIENT };
    request.policy = policy.policy_or(default);
    options.source = match place {
        Some(arg) => match arg.to_str() {
            Some("-") => Source::Stdin,
            Some(url) if is_url(url) => Source::Url(Request { url: url.to_owned(), ..request }),
            _ => Source::File(arg.into()),
        },
        None => Source::Demo,
    };
    if is_for_url && !matches!(options.source, Source::Url(_)) {
        return Err("all options but --json and --buffer are for a URL".to_owned());
    }
    Ok(Command::Run(options))
}

fn text(value: Option<OsString>) -> Option<String> {
    value?.into_string().ok()
}

fn number_of_bytes(value: Option<OsString>) -> Result<usize, String> {
    let value = value.unwrap_or_default();
    let number = value.to_str().and_then(|value| value.parse().ok());
    number.ok_or_else(|| format!("--buffer takes a number of bytes, not {value:?}"))
}

fn event_id(value: Option<OsString>) -> Result<String, String> {
    let id = text(value).ok_or("--last-event-id takes a text")?;
    let is_safe = EventId::new(&id).is_ok_and(EventId::is_header_safe);
    if is_safe { Ok(id) } else { Err(format!("--last-event-id: no header can carry {id:?}")) }
}

/// Reads `NAME:VALUE`. The value may be a secret, so no message shows it.
fn header(value: Option<OsString>) -> Result<(HeaderName, HeaderValue), String> {
    const TAKES: &str = "-H takes NAME:VALUE";
    let text = text(value).ok_or(TAKES)?;
    let (name, value) = text.split_once(':').ok_or(TAKES)?;
    let valid_name = HeaderName::try_from(name).map_err(|_| format!("{TAKES}, and {name:?} is no name of a header"))?;
    if valid_name == "last-event-id" {
        return Err(format!("the option for {name:?} is --last-event-id"));
    }
    let value = HeaderValue::try_from(value.trim())
        .map_err(|_| format!("{TAKES}, and that of {name:?} has control characters"))?;
    Ok((valid_name, value))
}

fn is_url(arg: &str) -> bool {
    arg.starts_with("http:") || arg.starts_with("https:") || arg.contains("://")
}
