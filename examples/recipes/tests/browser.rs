//! Chromium's own `EventSource` and ours, under `Policy::STANDARD`, against one server that misbehaves: the requests and the
//! events side by side. `cargo test --test browser -- --ignored --nocapture` prints them; it needs the program `chromium`.

mod common;

use common::misbehaving::{Request, Scene, Server};
use sse_wire::client::{EventSource, Policy};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

/// Opens the event source that the query names, and posts what came of it when it is closed.
const PAGE: &str = r#"<!doctype html><link rel="icon" href="data:,"><script>
const seen = [], source = new EventSource(location.search.slice(1));
source.onmessage = event => seen.push(event.data + " " + event.lastEventId);
source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) fetch("/", { method: "POST", body: seen.join("\n") });
};
</script>"#;

/// What a client asked for, and the data and ID of each event that it got.
type Outcome = (Vec<Request>, Vec<String>);

fn ours(scenes: &[Scene]) -> Outcome {
    let server = Server::start(scenes.to_vec());
    let mut source = EventSource::new(Policy::STANDARD, [0; 1024]);
    let mut seen = Vec::new();
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).proxy(None);
    recipes::client::ureq::follow(&config.build().new_agent(), &server.url(), &mut source, |event| {
        let event = event.unwrap();
        seen.push(format!("{} {}", event.data(), event.last_event_id()));
    });
    (server.requests().into_iter().map(|(request, _)| request).collect(), seen)
}

fn chromium(scenes: &[Scene]) -> Outcome {
    let server = Server::start(scenes.to_vec());
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let page = format!("http://{}/?{}", pages.local_addr().unwrap(), server.url());
    let profile = std::env::temp_dir().join(format!("sse-wire-chromium-{}", std::process::id()));
    // The page is ours, so there is nothing to keep in a sandbox, which containers and root have to do without.
    let mut browser = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(page)
        .stderr(Stdio::null())
        .spawn()
        .expect("chromium is installed");
    let seen = serve(&pages);
    browser.kill().unwrap();
    browser.wait().unwrap();
    // The browser's own processes end a moment later, and may still be writing.
    let _ = std::fs::remove_dir_all(profile);
    (server.requests().into_iter().map(|(request, _)| request).collect(), seen)
}

/// Serves the page, and returns what it posts. Connections without a request are the browser's precaution.
fn serve(pages: &TcpListener) -> Vec<String> {
    let (posted, outcome) = std::sync::mpsc::channel();
    let pages = pages.try_clone().unwrap();
    std::thread::spawn(move || {
        for socket in pages.incoming() {
            let posted = posted.clone();
            std::thread::spawn(move || {
                let mut socket = BufReader::new(socket?);
                let (mut line, mut method, mut len) = (String::new(), String::new(), 0);
                while socket.read_line(&mut line)? > 2 {
                    let lower = line.to_ascii_lowercase();
                    len = lower.strip_prefix("content-length: ").map_or(len, |len| len.trim().parse().unwrap());
                    method = if method.is_empty() { line[..4].to_owned() } else { method };
                    line.clear();
                }
                let mut body = vec![0; len];
                socket.read_exact(&mut body)?;
                if method == "POST" {
                    let body = String::from_utf8(body).unwrap();
                    posted.send(body.lines().map(str::to_owned).collect()).ok();
                }
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n";
                socket.get_mut().write_all([head, PAGE].concat().as_bytes())
            });
        }
    });
    outcome.recv_timeout(std::time::Duration::from_secs(60)).expect("the page reports")
}

#[test]
#[ignore = "needs Chromium; run.sh installs it"]
fn chromium_asks_for_the_same() {
    let html = Scene::Reply("200 OK\r\nContent-Type: text/html\r\nAccess-Control-Allow-Origin: *", b"data: no\n\n");
    let scripts: &[&[Scene]] = &[
        &[
            Scene::CutOff(b"retry: 500\n\nid: 1\ndata: one\n\nid: 2\ndata: cut"),
            Scene::HangUp,
            Scene::Slow(b"id: 3\ndata: three\n\n"),
            Scene::Stream("id: grüße\ndata: four\n\n".as_bytes()),
            Scene::Stream(b"data: five\n\nid: 5\ndata: without its last line\n"),
            Scene::Stream(b"id\ndata: six\n\n"),
            Scene::Stream(b""),
            Scene::Status("204 No Content"),
        ],
        &[Scene::Stream(b"retry: 500\nid: 7\ndata: a\n\n"), Scene::Status("503 Service Unavailable\r\nRetry-After: 1")],
        &[Scene::Stream(b"retry: 500\nid: 8\ndata: b\n\n"), html],
    ];
    for scenes in scripts {
        let (theirs, ours) = (chromium(scenes), ours(scenes));
        let ids = |outcome: &Outcome| outcome.0.iter().map(|request| request.last_event_id.clone()).collect::<Vec<_>>();
        println!("{:30} ours", "Chromium");
        for (theirs, ours) in theirs.0.iter().zip(&ours.0) {
            println!("{:30} {:?}", format!("{:?}", theirs.last_event_id), ours.last_event_id);
        }
        assert_eq!(ids(&theirs), ids(&ours), "the last event IDs of all requests");
        assert_eq!(theirs.1, ours.1, "the events");
    }
}
