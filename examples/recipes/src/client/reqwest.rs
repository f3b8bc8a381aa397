use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use sse_wire::client::{Action, Closed, EventSource, Response};
use sse_wire::{Event, Overflow, Storage};
use std::time::{Duration, Instant};

/// Follows an event source until it is closed, and returns why.
pub async fn follow<B: Storage + ?Sized>(
    client: &Client,
    url: &str,
    source: &mut EventSource<B>,
    mut on_event: impl FnMut(Result<Event<'_>, Overflow>),
) -> Closed {
    let start = Instant::now();
    let mut connection = None;
    loop {
        match source.poll(start.elapsed().as_millis() as u64, || fastrand::u32(..)) {
            Action::Connect(limit) => {
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
                            on_event(event);
                        }
                    }
                    Some(Ok(None)) => _ = source.ended(),
                    Some(Err(_)) => _ = source.failed(),
                    // The time is over, and the next `poll` knows what follows.
                    None => {}
                }
            }
            Action::Wait(time) => {
                connection = None;
                tokio::time::sleep(Duration::from_millis(time.into())).await;
            }
            Action::Closed(reason) => return reason,
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
