//! The client with reqwless, over loopback TCP.

mod common;

use common::net::Net;
use common::script::{self, CAPACITY, IDS, RETRY};
use common::server::{Server, ways};
use common::{Seen, http};
use futures_lite::future::block_on;
use reqwless::client::HttpClient;
use sse_wire::{Event, Overflow, Parser};

#[test]
fn every_event_comes_out_at_once_and_the_stream_is_resumed() {
    for way in ways() {
        let server = Server::start(way.0, way.1);
        let url = format!("http://{}/events", server.addr);
        let mut client = HttpClient::new(&Net, &Net);
        let mut parser = Parser::new([0; CAPACITY]);
        let mut seen = Vec::new();
        let mut answers = Vec::new();

        for _ in 0..3 {
            let on_event = async |event: Result<Event<'_>, Overflow>| {
                seen.push(Seen::from(event));
                server.came_out.send(()).ok();
            };
            answers.push(block_on(recipes::wire::reqwless::follow(&mut client, &url, &mut parser, on_event)).ok());
        }
        http::check_requests(&server.heads(), &IDS);
        assert_eq!(answers, [Some(true), Some(true), Some(false)], "{way:?}");
        assert_eq!(seen, script::seen(), "{way:?}");
        assert_eq!(parser.retry(), Some(RETRY));
    }
}
