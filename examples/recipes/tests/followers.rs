//! Every follower of a desktop against a server that misbehaves: the same requests, the same events, the same end.

mod common;

use ::reqwless::client::HttpClient;
use bytes::Bytes;
use common::Seen;
use common::misbehaving::{Request, Scene, Server};
use common::net::Net;
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use recipes::client::reqwless::{self, Device};
use sse_wire::client::{Closed, EventSource, Lost, Policy};
use sse_wire::{Event, Overflow};
use std::time::{Duration, Instant};

/// A policy for tests: it waits 10 ms, and calls 400 ms a silence.
const POLICY: Policy = Policy::RESILIENT.retry(10).retry_min(10).spread_max(0).silence(400);

const SCENES: [Scene; 11] = [
    Scene::HangUp,
    Scene::CutOff(b"retry: 20\n\nid: 1\ndata: one\n\nid: 2\ndata: cut"),
    Scene::Status("503 Service Unavailable\r\nRetry-After: 1"),
    Scene::NoAnswer,
    Scene::Silent(b"id: 2\ndata: two\n\n"),
    // 18 bytes are 720 ms, but no silence.
    Scene::Slow(b"id: 3\ndata: three\n\n"),
    // No header can carry this ID, so the next request has none.
    Scene::Stream(b"id: 4\x01\ndata: four\n\n"),
    Scene::Status("429 Too Many Requests\r\nRetry-After: 0"),
    Scene::Stream(b"data: five\n\nid: 5\ndata: without its last line\n"),
    Scene::Stream(b"id: 6\ndata: six\n\n"),
    Scene::Status("204 No Content"),
];

type Source = EventSource<[u8]>;

/// Runs a follower through the script.
fn check(follow: impl FnOnce(&str, &mut Source, &mut dyn FnMut(Result<Event<'_>, Overflow>)) -> Closed) {
    let server = Server::start(SCENES.to_vec());
    let source: &mut Source = &mut EventSource::new(POLICY, [0; 1024]);
    let mut seen = Vec::new();
    let reason = follow(&server.url(), source, &mut |event| seen.push(Seen::from(event)));

    assert_eq!(reason, Closed::Stopped);
    assert_eq!(source.lost(), Some(Lost::Ended), "the end before that is one, and no silence");
    let requests = server.requests();
    let ids = [None, None, Some("1"), Some("1"), Some("1"), Some("2"), Some("3"), None, None, None, Some("6")];
    let expected = ids.map(|id| Request::ours("GET", id, ""));
    assert_eq!(requests.iter().map(|(request, _)| request).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    assert!(requests[3].1 - requests[2].1 >= Duration::from_secs(1), "never earlier than the server asks for");
    let events = [("one", "1"), ("two", "2"), ("three", "3"), ("four", "4\x01"), ("five", "4\x01"), ("six", "6")];
    assert_eq!(seen, events.map(|(data, id)| Seen::event("message", data, id)));
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn with_reqwest() {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    check(|url, source, on_event| block_on(recipes::client::reqwest::follow(&client, url, source, on_event)));
}

#[test]
fn with_hyper() {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    check(|url, source, on_event| {
        let url = url.parse().unwrap();
        block_on(recipes::client::hyper::follow(&client, &url, source, on_event)).unwrap()
    });
}

/// This machine as a device.
struct Machine(Instant);

impl Device for Machine {
    fn now(&self) -> u64 {
        self.0.elapsed().as_millis() as u64
    }

    fn random(&self) -> u32 {
        fastrand::u32(..)
    }

    async fn sleep(&self, ms: u32) {
        async_io::Timer::after(Duration::from_millis(ms.into())).await;
    }
}

#[test]
fn with_reqwless() {
    check(|url, source, on_event| {
        let mut client = HttpClient::new(&Net, &Net);
        let on_event = async |event: Result<Event<'_>, Overflow>| on_event(event);
        let machine = Machine(Instant::now());
        futures_lite::future::block_on(reqwless::follow(&mut client, url, source, &machine, on_event))
    });
}

#[test]
fn with_ureq() {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).proxy(None);
    let agent = config.build().new_agent();
    check(|url, source, on_event| recipes::client::ureq::follow(&agent, url, source, on_event));
}
