//! Every follower of a desktop against a server that misbehaves: the same requests, the same events, the same end.

mod common;

use ::reqwless::client::HttpClient;
use bytes::Bytes;
use common::Seen;
use common::misbehaving::{self, POLICY, SCENES, Server};
use common::net::Net;
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use recipes::client::reqwless::{self, Device};
use sse_wire::client::{Closed, EventSource};
use sse_wire::{Event, Overflow};
use std::time::{Duration, Instant};

type Source = EventSource<[u8]>;

/// Runs a follower through the script.
fn check(follow: impl FnOnce(&str, &mut Source, &mut dyn FnMut(Result<Event<'_>, Overflow>)) -> Closed) {
    let server = Server::start(SCENES.to_vec());
    let source: &mut Source = &mut EventSource::new(POLICY, [0; 1024]);
    let mut seen = Vec::new();
    let reason = follow(&server.url(), source, &mut |event| seen.push(Seen::from(event)));

    let (requests, times): (Vec<_>, Vec<_>) = server.requests().into_iter().unzip();
    misbehaving::check(reason, source, &requests, &seen);
    assert!(times[3] - times[2] >= Duration::from_secs(1), "never earlier than the server asks for");
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
