//! The loop around an event source. It says what to do next; here that is done, over HTTP, and the user is told of it.

use crate::Failure;
use crate::answer::{io_reason, is_hopeless, is_timeout, reason};
use crate::http::{Client, Request};
use crate::print::{notice, show_status};
use crate::read::{Contents, OnEvent, cut};
use sse_wire::EventId;
use sse_wire::client::{Action, Closed, EventSource, ReadyState, ResumeFrom};
use std::collections::hash_map::RandomState;
use std::fmt::Display;
use std::hash::{BuildHasher, Hasher};
use std::io::{ErrorKind, Read};
use std::thread::sleep;
use std::time::{Duration, Instant};
use ureq::BodyReader;

/// Where a stream was that was not cut.
const BETWEEN: &str = "between events";

/// Follows an event source until it says stop, or until the policy of the request says so. The memory is that for events.
pub fn follow(request: &Request, memory: &mut [u8], on_event: OnEvent<'_>) -> Result<(), Failure> {
    let client = Client::new(request).map_err(Failure::Input)?;
    let limit = memory.len();
    let mut source = EventSource::new(request.policy, memory);
    let id = EventId::new(&request.last_event_id);
    let id = id.map_err(|error| Failure::Input(format!("--last-event-id: {error}")))?;
    source.set_last_event_id(id).map_err(|error| Failure::Input(format!("--buffer {limit}: {error}")))?;
    let mut follower = Follower { client, source, body: None, contents: Contents::new(limit), ending: None, limit };
    let start = Instant::now();
    loop {
        match follower.source.poll(start.elapsed().as_millis() as u64, random) {
            Action::Connect(ms) => follower.connect(ms),
            Action::Receive(_) => follower.receive(on_event)?,
            Action::Wait(ms) => follower.wait(ms),
            Action::Closed(reason) => {
                return follower.verdict(reason).map_err(|why| Failure::Input(why).at(&follower.client));
            }
        }
    }
}

/// Random bits: every `RandomState` hashes in its own way.
fn random() -> u32 {
    RandomState::new().build_hasher().finish() as u32
}

struct Follower<'a> {
    client: Client<'a>,
    source: EventSource<&'a mut [u8]>,
    /// The connection, while there is one.
    body: Option<BodyReader<'static>>,
    /// What came on it.
    contents: Contents,
    /// How it ended, until the user knows.
    ending: Option<Ending>,
    limit: usize,
}

/// How a connection ended, in words.
struct Ending {
    /// For a user who goes on.
    notice: String,
    /// For one who wanted this connection only. An end can be what it was to come to.
    verdict: Result<(), String>,
}

impl Ending {
    fn failure(what: String) -> Self {
        Self { notice: what.clone(), verdict: Err(what) }
    }
}

impl Follower<'_> {
    /// Asks once. That, and each read of what comes, takes no longer than so many milliseconds.
    fn connect(&mut self, ms: Option<u32>) {
        self.show("connecting");
        if let ResumeFrom::Unsendable(id) = self.source.resume_from() {
            // An ID can be any line of text, a header less: HTTP would refuse it, or lose a space at its end.
            notice(format_args!("the last event ID {id:?} cannot stand in a header: asking without it"));
        }
        let answer = match self.client.ask(self.source.headers(), ms) {
            Ok(answer) => answer,
            Err(error) => {
                if is_hopeless(&error) {
                    self.source.close();
                } else {
                    self.source.failed();
                }
                let why = reason(&error);
                self.ending = Some(Ending { notice: format!("no answer: {why}"), verdict: Err(why) });
                return;
            }
        };
        match (self.source.response(&answer.head()), answer.encoding()) {
            (ReadyState::Open, None) => {
                self.contents = Contents::new(self.limit);
                self.body = Some(answer.into_body());
            }
            (ReadyState::Open, Some(encoding)) => {
                self.source.close();
                self.ending = Some(Ending::failure(format!(
                    "the server has encoded the stream ({encoding:?}), and this example decodes nothing"
                )));
            }
            (ReadyState::Connecting, _) => self.ending = Some(Ending::failure(answer.what())),
            (ReadyState::Closed, _) => self.ending = Some(Ending::failure(answer.what_in_full())),
        }
    }

    /// Reads once.
    fn receive(&mut self, on_event: OnEvent<'_>) -> Result<(), Failure> {
        self.show("open");
        let mut buffer = [0; 4096];
        match self.body.as_mut().map(|body| body.read(&mut buffer)) {
            Some(Ok(len)) if len > 0 => {
                let mut chunk = &buffer[..len];
                self.contents.add(chunk);
                while let Some(event) = self.source.next(&mut chunk) {
                    match event {
                        Ok(event) => self.contents.deliver(&event, on_event)?,
                        Err(overflow) => self.contents.skip(overflow, self.source.last_event_id()),
                    }
                }
            }
            Some(Ok(_)) => {
                let cut = cut(self.source.ended());
                let complaint = self.contents.complaint(cut);
                let ended = format!("the stream ended {}", cut.unwrap_or(BETWEEN));
                let notice = match &complaint {
                    Some(complaint) if !self.contents.is_event_stream() => format!("{ended}: {complaint}"),
                    _ => ended,
                };
                self.ending = Some(Ending { notice, verdict: complaint.map_or(Ok(()), Err) });
            }
            // The source knows whether it has been silent for too long.
            Some(Err(error)) if error.kind() == ErrorKind::Interrupted || is_timeout(&error) => {}
            Some(Err(error)) => {
                let place = cut(self.source.failed()).unwrap_or(BETWEEN);
                self.ending = Some(Ending::failure(format!("the stream broke {place}: {}", io_reason(&error))));
            }
            None => {
                self.source.failed();
            }
        }
        Ok(())
    }

    /// Waits so long, but for a second at most, so that the status goes on.
    fn wait(&mut self, ms: u32) {
        if let Some(ending) = self.take_ending() {
            notice(ending.notice);
            match self.source.last_event_id() {
                id if id.is_empty() => notice(format_args!("reconnecting in {ms} ms, from the start")),
                id => notice(format_args!("reconnecting in {ms} ms, for what follows the ID {id:?}")),
            }
        }
        let (seconds, losses) = (ms.div_ceil(1000), self.source.failures());
        self.show(format_args!("waiting, {seconds} s left, {losses} lost in a row"));
        sleep(Duration::from_millis(u64::from(ms.saturating_sub(1) % 1000) + 1));
    }

    /// Drops the connection, and returns how it ended, once.
    fn take_ending(&mut self) -> Option<Ending> {
        let was_open = self.body.take().is_some();
        self.ending.take().or_else(|| {
            was_open.then(|| {
                // Only the clock can have ended it, and that is the source's.
                let place = cut(self.source.ended()).unwrap_or(BETWEEN);
                Ending::failure(format!("the stream fell silent {place}"))
            })
        })
    }

    /// Says whether this is the end that the user wanted.
    fn verdict(&mut self, reason: Closed) -> Result<(), String> {
        let losses = self.source.failures();
        match (reason, self.take_ending()) {
            (Closed::Stopped, _) => {
                notice("the server says stop");
                Ok(())
            }
            (Closed::Lost(_), Some(ending)) if losses > 1 => {
                Err(format!("{}: giving up after {losses} losses in a row", ending.notice))
            }
            (_, Some(ending)) => ending.verdict,
            (_, None) => Ok(()),
        }
    }

    fn show(&self, state: impl Display) {
        show_status(format_args!("{state}, last ID {:?}", self.source.last_event_id()));
    }
}
