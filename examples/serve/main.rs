//! An event source on loopback, with a page that shows its events.
//!
//! ```text
//! cargo run --example serve                            # then open http://127.0.0.1:8080/
//! curl -N http://127.0.0.1:8080/events
//! curl -N -H 'Last-Event-ID: 7' http://127.0.0.1:8080/events
//! ```
//!
//! The encoder's part is `log`: it makes the messages. `events` decides what a client gets and when; `request` and `answer`
//! are the HTTP around it.

mod answer;
mod args;
mod events;
mod log;
mod request;

use answer::{Answer, Body};
use args::{Command, Options};
use request::{Failure, Request};
use sse_wire::{Text, headers};
use std::fmt::Display;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

const PAGE: &str = include_str!("page.html");

fn main() -> ExitCode {
    let options = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(options)) => options,
        Ok(Command::Help) => {
            let _ = io::stdout().write_all(args::HELP.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(mistake) => {
            notice(format_args!("{mistake}; {}", args::USAGE));
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            notice(format_args!("cannot serve on port {}: {error}", options.port));
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    print_line(format_args!("http://{}/", listener.local_addr()?))?;
    loop {
        let started = listener.accept().and_then(|(stream, _)| {
            // Unlike `thread::spawn`, this does not panic when there are too many threads.
            thread::Builder::new().spawn(move || serve(stream, &options))
        });
        if let Err(error) = started {
            // Too many open files, say. Some of them are closed in a moment.
            notice(format_args!("connection lost: {error}"));
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Answers the one request of a connection. A client that goes away makes that an error, and nobody needs to hear of it.
fn serve(mut stream: TcpStream, options: &Options) {
    let answer = match Request::read(&mut stream) {
        Ok(request) => {
            let answer = route(&request, options);
            let id = request.header(headers::LAST_EVENT_ID);
            let id = id.map(|id| format!(", {} {:?}", headers::LAST_EVENT_ID, Text::new(id))).unwrap_or_default();
            notice(format_args!("{} {}{id}: {}", request.method, request.target, answer.status));
            answer
        }
        Err(Failure::Refused(status)) => {
            notice(format_args!("a request was refused: {status}"));
            Answer::new(status)
        }
        Err(Failure::Gone) => return,
    };
    let _ = match answer.body {
        Body::Text(text) => answer::send(stream, &answer, text),
        Body::Events { is_chunked, sent } => answer::open(stream, &answer, is_chunked)
            .and_then(|mut body| events::send(&mut body, sent, options).and_then(|()| body.end())),
    };
}

/// Decides what to answer.
fn route(request: &Request, options: &Options) -> Answer {
    match (request.method.as_str(), request.path()) {
        ("GET", "/") => {
            Answer { headers: &[("Content-Type", "text/html; charset=utf-8")], body: Body::Text(PAGE), ..Answer::OK }
        }
        ("GET", "/events") => events::answer(request, options),
        ("POST", "/report") if options.report => report(request),
        (_, "/report") if options.report => Answer { headers: &[("Allow", "POST")], ..Answer::NOT_ALLOWED },
        (_, "/" | "/events") => Answer { headers: &[("Allow", "GET")], ..Answer::NOT_ALLOWED },
        _ => Answer::new("404 Not Found"),
    }
}

/// Prints what the page says that it has received. In JSON, line breaks are only ever white space.
fn report(request: &Request) -> Answer {
    let body = String::from_utf8_lossy(&request.body).replace(['\r', '\n'], " ");
    match print_line(body) {
        Ok(()) => Answer::OK,
        Err(_) => Answer::new("500 Internal Server Error"),
    }
}

/// Writes one line to standard output, where another program may be waiting for it.
fn print_line(what: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{what}")?;
    stdout.flush()
}

/// Writes one line to standard error. (`eprintln!` would panic if nobody reads that any more.)
fn notice(what: impl Display) {
    let _ = io::stderr().write_all(format!("serve: {what}\n").as_bytes());
}
