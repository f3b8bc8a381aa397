use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Error, RequestBuilder};
use serde_json::Value;
use sse_wire::client::{Action, EventSource, Policy, ReadyState, Response};
use sse_wire::{End, Event, Growing};
use std::string::{String, ToString};
use std::time::{Duration, Instant};

/// One request is one answer, and no second one is paid for. The silence that ends it is for the first token, too.
pub const POLICY: Policy = Policy::ONCE.silence(60_000);

/// How an answer ended. Only `Done` is a whole one.
#[derive(Debug)]
pub enum Answer {
    /// The model has said all, and `[DONE]`.
    Done,
    /// The stream ended cleanly, without `[DONE]`.
    Ended,
    /// The stream ended within an event. This is the data that had come, which is none of the answer.
    CutOff(String),
    /// An `error` event in the stream, or a chunk with an error in it.
    Failed(String),
    /// The server answered, with something else: a status and the beginning of a body, often an error as JSON.
    Refused(u16, String),
    /// Nothing came for as long as the policy waits.
    Silent,
    /// An event of more than a mebibyte.
    TooLarge,
    /// The network failed, before or within the answer.
    Network(Error),
}

/// Sends a question (a POST with its key and its JSON) and passes on each piece of text as it comes.
pub async fn ask(mut question: RequestBuilder, policy: Policy, mut on_text: impl FnMut(&str)) -> Answer {
    let mut source = EventSource::new(policy, Growing::new(1 << 20));
    let start = Instant::now();
    let poll = |source: &mut EventSource<Growing>| source.poll(start.elapsed().as_millis() as u64, || 0);

    let Action::Connect(limit) = poll(&mut source) else { return Answer::Silent };
    for (name, value) in source.headers() {
        question = question.header(name, value);
    }
    let mut response = match within(limit, question.send()).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => return Answer::Network(error),
        None => return Answer::Silent,
    };
    let status = response.status().as_u16();
    let content_type = response.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    if source.response(&Response { status, content_type, ..Response::default() }) != ReadyState::Open {
        return Answer::Refused(status, beginning(limit, response).await);
    }

    while let Action::Receive(limit) = poll(&mut source) {
        match within(limit, response.chunk()).await {
            Some(Ok(Some(chunk))) => {
                let mut chunk = &chunk[..];
                while let Some(event) = source.next(&mut chunk) {
                    let Ok(event) = event else { return Answer::TooLarge };
                    if let Some(end) = read(&event, &mut on_text) {
                        return end;
                    }
                }
            }
            Some(Ok(None)) => {
                let End::Unfinished(rest) = source.ended() else { return Answer::Ended };
                return Answer::CutOff(rest.event().map_or_else(String::new, |event| event.data().to_string()));
            }
            Some(Err(error)) => return Answer::Network(error),
            // The time is over, and the next `poll` says that the connection is.
            None => {}
        }
    }
    Answer::Silent
}

/// Reads an event of a chat: text for the user, or an end.
fn read(event: &Event<'_>, on_text: &mut impl FnMut(&str)) -> Option<Answer> {
    let data = event.data();
    if event.event_type() == "error" {
        return Some(Answer::Failed(data.to_string()));
    }
    if data == "[DONE]" {
        return Some(Answer::Done);
    }
    match serde_json::from_slice::<Value>(data.as_bytes()) {
        Ok(chunk) if chunk.get("error").is_none() => {
            if let Some(text) = chunk.pointer("/choices/0/delta/content").and_then(Value::as_str) {
                on_text(text);
            }
            None
        }
        _ => Some(Answer::Failed(data.to_string())),
    }
}

/// Reads the first kibibytes of a body that is no event stream.
async fn beginning(limit: Option<u32>, mut response: reqwest::Response) -> String {
    let mut body = std::vec::Vec::new();
    while body.len() < 4096
        && let Some(Ok(Some(chunk))) = within(limit, response.chunk()).await
    {
        body.extend_from_slice(&chunk);
    }
    String::from_utf8_lossy(&body).into_owned()
}

/// Awaits a future, for `limit` milliseconds at most. Returns `None` when the time is over.
async fn within<T>(limit: Option<u32>, future: impl Future<Output = T>) -> Option<T> {
    match limit {
        Some(time) => tokio::time::timeout(Duration::from_millis(time.into()), future).await.ok(),
        None => Some(future.await),
    }
}
