//! Serves the vectors to a browser, uncut, then ended by `Parser::sever`, and checks what its EventSource shows.
//!
//! The arguments are the browser, `chromium` or `firefox`, and maybe `--every-cut`. The first line of the output is the
//! address of the page; what was found follows when the page has reported. Fails if anything is wrong.

mod check;
mod cut;
mod deviation;
mod http;
#[path = "../../../reference/mod.rs"]
mod reference;
#[allow(dead_code, reason = "only a part is used here")]
#[path = "../../../harness/vectors.rs"]
mod vectors;

use cut::{Cut, NEXT};
use deviation::Deviation;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;
use std::{env, io, thread};
use vectors::Vector;

/// How long each half may take.
const TIMEOUT: Duration = Duration::from_secs(240);

struct Run {
    deviations: &'static [Deviation],
    every_cut: bool,
    vectors: Vec<Vector>,
    /// Drawn when the page has read the vectors.
    cuts: OnceLock<Vec<Cut>>,
    /// Whether all is well, after each half.
    verdicts: Sender<bool>,
}

fn main() -> io::Result<ExitCode> {
    let args: Vec<_> = env::args().skip(1).collect();
    let (deviations, every_cut) = match &args[..] {
        [browser] => (deviation::of(browser), false),
        [browser, option] if option == "--every-cut" => (deviation::of(browser), true),
        _ => (None, false),
    };
    let Some(deviations) = deviations else {
        eprintln!("usage: sse-wire-browser chromium|firefox [--every-cut]");
        return Ok(ExitCode::FAILURE);
    };
    let (verdicts, arrived) = mpsc::channel();
    let run = Run { deviations, every_cut, vectors: vectors::all(), cuts: OnceLock::new(), verdicts };
    let run: &'static Run = Box::leak(Box::new(run));

    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("http://{}/", listener.local_addr()?);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // An error is of the connection, which the browser may have given up. What is missing shows in its report.
            thread::spawn(move || run.answer(&socket));
        }
    });
    let is_well = |_| {
        arrived.recv_timeout(TIMEOUT).unwrap_or_else(|_| {
            println!("no report in {} s", TIMEOUT.as_secs());
            false
        })
    };
    Ok(if (0..2).all(is_well) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Run {
    fn answer(&self, socket: &TcpStream) -> io::Result<()> {
        let request = http::read_request(socket)?;
        match (&request.method[..], &request.path[..], request.number) {
            ("GET", "/", None) => http::answer(socket, "text/html", include_str!("page.html")),
            ("GET", "/plan", None) => http::answer(socket, "application/json", &check::plan(&self.vectors)),
            ("GET", "/uncut", Some(number)) => http::stream(socket, &[&self.vectors[number].stream]),
            ("GET", "/cut", Some(number)) => match &self.cuts.get().expect("the page knows how many")[number] {
                cut if cut.is_first_request() => http::stream(socket, &[&cut.before, &cut.end, NEXT]),
                _ => http::stop(socket, "204 No Content"),
            },
            ("POST", "/uncut", None) => {
                let (failed, is_well) = check::uncut(&self.vectors, self.deviations, &check::streams(&request.body));
                let cuts =
                    self.cuts.get_or_init(|| check::draw(&self.vectors, self.deviations, &failed, self.every_cut));
                http::answer(socket, "application/json", &cuts.len().to_string())?;
                self.tell(is_well)
            }
            ("POST", "/cut", None) => {
                let cuts = self.cuts.get().expect("the page has read them");
                let is_well = check::cuts(cuts, &check::streams(&request.body));
                http::answer(socket, "application/json", "null")?;
                self.tell(is_well)
            }
            ("POST", "/failure", None) => {
                println!("the page failed: {}", request.body);
                self.tell(false)
            }
            _ => http::stop(socket, "404 Not Found"),
        }
    }

    fn tell(&self, is_well: bool) -> io::Result<()> {
        self.verdicts.send(is_well).map_err(io::Error::other)
    }
}
