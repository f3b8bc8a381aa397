//! The standard's connection: one request after the other, each for what follows the last event ID.

use crate::print::notice;
use crate::{Failure, OnEvent, read_events, unfinished};
use sse_wire::{Parser, Text, headers};
use std::fmt::Display;
use std::thread::sleep;
use std::time::Duration;
use ureq::http::header::CONTENT_TYPE;
use ureq::http::{Response, StatusCode, Uri};
use ureq::{Agent, Body, BodyReader};

/// The reconnection time in milliseconds while the stream has not asked for another.
const DEFAULT_RETRY: u64 = 3000;

/// How many attempts to reconnect may fail in a row.
const MAX_ATTEMPTS: u32 = 5;

/// What a server can answer.
enum Answer {
    /// The event stream.
    Open(BodyReader<'static>),
    /// "Do not reconnect."
    Stop,
    /// Anything else, which is final.
    Refused(String),
}

/// Follows the event source at `url` until it says stop (or, with `once`, to the end of its first answer).
pub fn follow(url: &str, once: bool, parser: &mut Parser<&mut [u8]>, on_event: OnEvent<'_>) -> Result<(), Failure> {
    let url = check(url)?;
    let agent = agent();
    let mut was_open = false;
    let mut failed_attempts = 0;
    loop {
        match request(&agent, &url, parser.last_event_id()).map(answer) {
            Ok(Answer::Open(stream)) => {
                was_open = true;
                failed_attempts = 0;
                let result = read_events(stream, parser, on_event);
                // This makes the parser ready for the next connection: what is unfinished is dropped, its id too, so that
                // the server sends all of it again.
                let place = unfinished(parser.end()).unwrap_or("between events");
                match result {
                    Ok(()) if once => return Ok(()),
                    Ok(()) => notice(format_args!("the stream ended {place}")),
                    Err(Failure::Input(why)) if !once => notice(format_args!("the stream broke {place}: {why}")),
                    Err(failure) => return Err(failure.at(&url)),
                }
            }
            Ok(Answer::Stop) => {
                notice("the server says stop");
                return Ok(());
            }
            Ok(Answer::Refused(why)) => return Err(failed(&url, why)),
            Err(error) if !was_open => return Err(failed(&url, error)),
            Err(error) => {
                failed_attempts += 1;
                if failed_attempts == MAX_ATTEMPTS {
                    return Err(failed(&url, format_args!("{error}: giving up after {MAX_ATTEMPTS} attempts")));
                }
                notice(format_args!("{url}: {error}"));
            }
        }
        wait(parser.retry().unwrap_or(DEFAULT_RETRY), failed_attempts, parser.last_event_id());
    }
}

/// Refuses what we cannot follow, before anything is sent.
fn check(url: &str) -> Result<Uri, Failure> {
    let uri: Uri = url.parse().map_err(|error| failed(format_args!("{url:?}"), error))?;
    match (uri.scheme_str(), uri.authority()) {
        (Some("https"), _) => Err(failed(&uri, "this example has no TLS, but `curl -N URL | tail -` has")),
        // A port that is no port would be taken for none at all.
        (Some("http"), Some(place)) if place.port().is_none() && !place.as_str().ends_with(place.host()) => {
            Err(failed(&uri, "the port is no number up to 65535"))
        }
        (Some("http"), Some(_)) => Ok(uri),
        _ => Err(failed(&uri, "not an http URL")),
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        // Every status is an answer, and we judge it.
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(10)))
        // A pooled connection may be one that the server has closed long since.
        .max_idle_connections(0)
        // Many a proxy holds back a body until it is complete.
        .proxy(None)
        .build()
        .new_agent()
}

fn request(agent: &Agent, url: &Uri, last_event_id: Text<'_>) -> Result<Response<Body>, ureq::Error> {
    let mut request = agent.get(url);
    for (name, value) in headers::REQUEST {
        request = request.header(name, value);
    }
    match headers::last_event_id(last_event_id) {
        "" if last_event_id.is_empty() => {}
        // An id can be any line of text, a header less: HTTP would refuse it, or lose a space at its end.
        "" => notice(format_args!("the last event ID {last_event_id:?} cannot stand in a header: asking without it")),
        id => request = request.header(headers::LAST_EVENT_ID, id),
    }
    request.call()
}

fn answer(response: Response<Body>) -> Answer {
    let content_type = response.headers().get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    match response.status() {
        StatusCode::OK if headers::is_event_stream(content_type) => Answer::Open(response.into_body().into_reader()),
        StatusCode::OK => {
            Answer::Refused(format!("not an event stream: its content type is {:?}", Text::new(content_type)))
        }
        StatusCode::NO_CONTENT => Answer::Stop,
        status => Answer::Refused(format!("the server answered {status}")),
    }
}

/// Waits as long as the stream asked for, and doubles that with every attempt that has failed.
fn wait(retry: u64, failed_attempts: u32, last_event_id: Text<'_>) {
    let millis = retry.saturating_mul(1 << failed_attempts);
    notice(format_args!("reconnecting in {millis} ms, for what follows the id {last_event_id:?}"));
    sleep(Duration::from_millis(millis));
}

fn failed(url: impl Display, why: impl Display) -> Failure {
    Failure::Input(format!("{url}: {why}"))
}
