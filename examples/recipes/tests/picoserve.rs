//! The server with picoserve, over loopback TCP.

mod common;

use common::{http, traffic};
use picoserve::extract::FromRequestParts;
use picoserve::io::Write;
use picoserve::request::RequestParts;
use picoserve::response::custom::CustomBody;
use picoserve::response::{NoContent, StatusCode};
use picoserve::routing::{Router, get};
use picoserve::{Config, Server};
use sse_wire::{Message, headers};
use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpStream;

/// The client's last event ID, if it sent one.
struct LastEventId(Option<String>);

impl<'r, State> FromRequestParts<'r, State> for LastEventId {
    type Rejection = Infallible;

    async fn from_request_parts(_: &'r State, request: &RequestParts<'r>) -> Result<Self, Infallible> {
        let id = request.headers().get(headers::LAST_EVENT_ID);
        Ok(Self(id.map(|id| id.as_str().unwrap().to_owned())))
    }
}

/// Never sends a message before the one before it has arrived.
struct Events {
    messages: Vec<Message<'static>>,
    arrived: Arc<Mutex<Receiver<()>>>,
}

impl CustomBody for Events {
    async fn write_response_body<W: Write>(self, mut writer: W) -> Result<(), W::Error> {
        for message in self.messages {
            recipes::wire::picoserve::send(&mut writer, &message).await?;
            self.arrived.lock().unwrap().recv_timeout(Duration::from_secs(10)).expect("it arrives before the next");
        }
        Ok(())
    }
}

#[test]
fn every_message_arrives_at_once_and_the_stream_is_resumed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let (arrives, arrived) = channel();
    let arrived = Arc::new(Mutex::new(arrived));
    let server = std::thread::spawn(move || {
        let handler = async move |LastEventId(id): LastEventId| {
            let messages = traffic::after(id.as_deref());
            let events = Events { messages, arrived: Arc::clone(&arrived) };
            if events.messages.is_empty() {
                Err((StatusCode::NO_CONTENT, NoContent))
            } else {
                Ok(recipes::wire::picoserve::event_stream(events))
            }
        };
        let app = Router::new().route("/events", get(handler));
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            for _ in 0..3 {
                let (socket, _) = listener.accept().unwrap();
                socket.set_nonblocking(true).unwrap();
                let socket = TcpStream::from_std(socket).unwrap();
                Server::new_tokio(&app, &Config::default(), &mut [0; 1024]).serve(socket).await.unwrap();
            }
        });
    });
    http::check_server(addr, true, || arrives.send(()).unwrap());
    server.join().unwrap();
}
