use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use sse_wire::client::{Action, Closed, EventSource, Response};
use sse_wire::{BoxedEvent, EventId, Storage};
use std::string::String;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Sender;

/// Follows an event source into a queue, and resumes behind the event that was *dealt with* last, whatever is lost with
/// the queue. A consumer that is done with an event puts the event's last event ID into `done`.
///
/// Returns why the source was closed, or `None` when the other end of the queue is gone. Then call it again with another
/// queue.
pub async fn follow<B: Storage + ?Sized>(
    client: &Client,
    url: &str,
    source: &mut EventSource<B>,
    done: &Mutex<String>,
    queue: &Sender<BoxedEvent>,
) -> Option<Closed> {
    let start = Instant::now();
    let mut connection = None;
    loop {
        match source.poll(start.elapsed().as_millis() as u64, || fastrand::u32(..)) {
            Action::Connect(limit) => {
                // Always, and empty if nothing is done yet. An ID that the stream has set fits into the source.
                let done = done.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if !EventId::new(&done).is_ok_and(|done| source.set_last_event_id(done).is_ok()) {
                    source.close();
                    continue;
                }
                let mut request = client.get(url);
                for (name, value) in source.headers() {
                    request = request.header(name, value);
                }
                connection = within(limit, request.send()).await.and_then(Result::ok);
                let Some(response) = &connection else {
                    source.failed();
                    continue;
                };
                let header = |name| response.headers().get(name).map_or(&b""[..], HeaderValue::as_bytes);
                let _ = source.response(&Response {
                    status: response.status().as_u16(),
                    content_type: header(CONTENT_TYPE),
                    retry_after: header(RETRY_AFTER),
                });
            }
            Action::Receive(limit) => {
                let Some(response) = &mut connection else {
                    source.failed();
                    continue;
                };
                match within(limit, response.chunk()).await {
                    Some(Ok(Some(chunk))) => {
                        let mut chunk = &chunk[..];
                        while let Some(event) = source.next(&mut chunk) {
                            // An event that was too large comes again after a reconnection, and is too large again.
                            let Ok(event) = event else { continue };
                            if queue.send(event.to_boxed()).await.is_err() {
                                source.failed();
                                return None;
                            }
                        }
                    }
                    Some(Ok(None)) => _ = source.ended(),
                    Some(Err(_)) => _ = source.failed(),
                    None => {}
                }
            }
            Action::Wait(time) => {
                connection = None;
                tokio::time::sleep(Duration::from_millis(time.into())).await;
            }
            Action::Closed(reason) => return Some(reason),
        }
    }
}

/// Awaits a future, for `limit` milliseconds at most. Returns `None` when the time is over.
async fn within<T>(limit: Option<u32>, future: impl Future<Output = T>) -> Option<T> {
    match limit {
        Some(time) => tokio::time::timeout(Duration::from_millis(time.into()), future).await.ok(),
        None => Some(future.await),
    }
}
