//! What a client gets from the event source, and when.

use crate::answer::{Answer, Body, BodyWriter};
use crate::args::Options;
use crate::log;
use crate::request::Request;
use sse_wire::{EventId, KEEP_ALIVE, Message, encoded, headers};
use std::io;
use std::thread::sleep;

/// The first bytes go out at once, so that the client sees the stream open. This message was encoded by the compiler.
const WELCOME: &[u8] = encoded!(Message::new().comment("Welcome.\nClients ignore comments like this one."));

/// Answers a request for events: with those after the last one that the client has, or with a stop if that was the last.
pub fn answer(request: &Request, options: &Options) -> Answer {
    let sent = last_event(request).filter(|number| *number <= options.last).unwrap_or(0);
    if sent == options.last {
        // The end of a stream makes clients reconnect. This is what makes them stop.
        return Answer::new("204 No Content");
    }
    let is_chunked = !request.is_http_1_0;
    Answer { headers: headers::RESPONSE, body: Body::Events { is_chunked, sent }, ..Answer::OK }
}

/// Returns the number of the last event that the client has, if it says so.
fn last_event(request: &Request) -> Option<u64> {
    let header = request.header(headers::LAST_EVENT_ID)?;
    log::number(EventId::from_bytes(header).ok()?)
}

/// Sends the events after number `sent`, up to the last, if there is one.
pub fn send(body: &mut BodyWriter, sent: u64, options: &Options) -> io::Result<()> {
    body.write(WELCOME)?;
    let mut retry = [0; 32];
    let len = Message::new().retry(options.retry).encode(&mut retry).map_err(io::Error::other)?;
    body.write(&retry[..len])?;

    for number in sent + 1..=options.last {
        body.write(&log::encode(number).map_err(io::Error::other)?)?;
        if number < options.last {
            pause(body, options)?;
        }
    }
    Ok(())
}

/// Waits for the next event, and keeps proxies from taking the connection for dead.
fn pause(body: &mut BodyWriter, options: &Options) -> io::Result<()> {
    let mut rest = options.interval;
    while rest > options.keep_alive {
        sleep(options.keep_alive);
        body.write(KEEP_ALIVE)?;
        rest -= options.keep_alive;
    }
    sleep(rest);
    Ok(())
}
