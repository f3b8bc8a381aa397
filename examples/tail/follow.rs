//! The standard's connection: one request after the other, each for what follows the last event ID.

use crate::Failure;
use crate::http::{Answer, Client, Request};
use crate::print::notice;
use crate::read::{Contents, OnEvent, cut, read_events};
use sse_wire::{Parser, Text};
use std::thread::sleep;
use std::time::Duration;

/// The reconnection time in milliseconds while the stream has not asked for another.
const DEFAULT_RETRY: u64 = 3000;

/// How many attempts to reconnect may fail in a row.
const MAX_ATTEMPTS: u32 = 5;

/// Follows an event source until it says stop (or, if it is asked only once, to the end of its answer).
pub fn follow(
    request: &Request,
    limit: usize,
    parser: &mut Parser<&mut [u8]>,
    on_event: OnEvent<'_>,
) -> Result<(), Failure> {
    let client = Client::new(request).map_err(Failure::Input)?;
    let failed = |why: String| Err(Failure::Input(why).at(&client));
    let mut was_open = false;
    let mut failed_attempts = 0;
    loop {
        match client.ask(parser.last_event_id()) {
            Ok(Answer::Open(stream)) => {
                was_open = true;
                failed_attempts = 0;
                let mut contents = Contents::new(limit);
                let result = read_events(stream, parser, &mut contents, on_event);
                // This makes the parser ready for the next connection: what is unfinished is dropped, its id too, so that
                // the server sends all of it again.
                let cut = cut(parser.end());
                let place = cut.unwrap_or("between events");
                match (result, contents.complaint(cut)) {
                    (Err(Failure::Input(why)), _) if request.once => {
                        return failed(format!("the stream broke {place}: {why}"));
                    }
                    (Err(Failure::Input(why)), _) => notice(format_args!("the stream broke {place}: {why}")),
                    (Err(failure), _) => return Err(failure),
                    (Ok(()), complaint) if request.once => return complaint.map_or(Ok(()), failed),
                    (Ok(()), Some(complaint)) if !contents.is_event_stream() => {
                        notice(format_args!("the stream ended {place}: {complaint}"));
                    }
                    (Ok(()), _) => notice(format_args!("the stream ended {place}")),
                }
            }
            Ok(Answer::Stop) => {
                notice("the server says stop");
                return Ok(());
            }
            Ok(Answer::Refused(why)) => return failed(why),
            Err(why) if !was_open => return failed(why),
            Err(why) => {
                failed_attempts += 1;
                if failed_attempts == MAX_ATTEMPTS {
                    return failed(format!("{why}: giving up after {MAX_ATTEMPTS} attempts"));
                }
                notice(format_args!("{client}: {why}"));
            }
        }
        wait(parser.retry().unwrap_or(DEFAULT_RETRY), failed_attempts, parser.last_event_id());
    }
}

/// Waits as long as the stream asked for, and doubles that with every attempt that has failed.
fn wait(retry: u64, failed_attempts: u32, last_event_id: Text<'_>) {
    let millis = retry.saturating_mul(1 << failed_attempts);
    if last_event_id.is_empty() {
        notice(format_args!("reconnecting in {millis} ms, from the start"));
    } else {
        notice(format_args!("reconnecting in {millis} ms, for what follows the ID {last_event_id:?}"));
    }
    sleep(Duration::from_millis(millis));
}
