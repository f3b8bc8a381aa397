//! The follower of a device against a server that misbehaves, between two embassy-net stacks.

mod common;

use common::Seen;
use common::misbehaving::{self, POLICY, SCENES, SLOWNESS, Scene, read_request};
use common::net::Net;
use common::stacks::{SERVER, joined};
use embassy_net::Stack;
use embassy_net::tcp::client::{TcpClient, TcpClientState};
use embassy_net::tcp::{State, TcpSocket};
use embassy_time::{Instant, Timer};
use embedded_io_async::Write;
use futures_lite::future::zip;
use recipes::client::reqwless::{self, Device};
use sse_wire::client::EventSource;
use sse_wire::{Event, Overflow};

struct Board;

impl Device for Board {
    fn now(&self) -> u64 {
        Instant::now().as_millis()
    }

    /// The policy spreads nothing.
    fn random(&self) -> u32 {
        0
    }

    async fn sleep(&self, ms: u32) {
        Timer::after_millis(ms.into()).await;
    }
}

/// Plays one scene after the other. Returns each request, when it came, and the socket, whose last packets may still be on
/// their way.
async fn play(stack: Stack<'_>) -> Vec<(misbehaving::Request, Instant, TcpSocket<'_>)> {
    let mut played = Vec::new();
    for scene in SCENES {
        let mut socket = TcpSocket::new(stack, vec![0; 512].leak(), vec![0; 512].leak());
        socket.set_nagle_enabled(false);
        socket.accept(80).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            assert_eq!(socket.read(&mut byte).await, Ok(1));
            head.extend(byte);
        }
        let request = (read_request(&mut &head[..]).unwrap(), Instant::now());

        let bytes = scene.bytes();
        let (at_once, slow) = bytes.split_at(bytes.len() - scene.slow());
        socket.write_all(at_once).await.unwrap();
        for byte in slow {
            socket.write_all(&[*byte]).await.unwrap();
            Timer::after_millis(SLOWNESS.as_millis() as u64).await;
        }
        if !matches!(scene, Scene::NoAnswer | Scene::Silent(_)) {
            socket.close();
        }
        played.push((request.0, request.1, socket));
    }
    played
}

#[test]
fn with_reqwless_on_embassy_net() {
    joined(async |server, client| {
        // With memory for one connection, no other can be left open.
        let state = TcpClientState::<1, 1024, 1024>::new();
        let tcp = TcpClient::new(client, &state);
        let mut client = ::reqwless::client::HttpClient::new(&tcp, &Net);
        let source: &mut EventSource<[u8]> = &mut EventSource::new(POLICY, [0; 1024]);
        let mut seen = Vec::new();
        let on_event = async |event: Result<Event<'_>, Overflow>| seen.push(Seen::from(event));
        let url = format!("http://{SERVER}/events");
        let follower = reqwless::follow(&mut client, &url, source, &Board, on_event);
        let (played, reason) = zip(play(server), follower).await;

        let (mut requests, mut times) = (Vec::new(), Vec::new());
        for (scene, (request, time, socket)) in SCENES.iter().zip(played) {
            requests.push(request);
            times.push(time);
            // The client of embassy-net drops a connection without a word, so the server still takes it to be there.
            let is_left = matches!(scene, Scene::NoAnswer | Scene::Silent(_));
            assert_eq!(socket.state() == State::Established, is_left, "{:?}", socket.state());
        }
        misbehaving::check(reason, source, &requests, &seen);
        // Time passes only while both ends wait: as long as the policy and the server say, and 1 ms for the way.
        let waits: Vec<_> = times.windows(2).map(|times| (times[1] - times[0]).as_millis()).collect();
        let expected = [10, 20, 1000, 400 + 20, 400 + 20, 19 * 40 + 20, 20, 20, 20, 20];
        let is_near = |(wait, expected): (&u64, u64)| (expected..=expected + 1).contains(wait);
        assert!(waits.iter().zip(expected).all(is_near), "{waits:?} ms, and not {expected:?}");
    });
}
