use sse_wire::client::{Action, Closed, EventSource, Response};
use sse_wire::{Event, Overflow, Storage};
use std::io::Read;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};

/// Clocks are coarse. With this much more, the time of a read is over for sure when the read gives up.
const TICK: Duration = Duration::from_millis(20);

/// Follows an event source until it is closed, and returns why. The agent must take every status for an answer
/// (`http_status_as_error(false)`) and keep no idle connections (`max_idle_connections(0)`).
pub fn follow<B: Storage + ?Sized>(
    agent: &Agent,
    url: &str,
    source: &mut EventSource<B>,
    mut on_event: impl FnMut(Result<Event<'_>, Overflow>),
) -> Closed {
    let start = Instant::now();
    let mut connection = None;
    let mut memory = [0; 4096];
    loop {
        match source.poll(start.elapsed().as_millis() as u64, || fastrand::u32(..)) {
            Action::Connect(limit) => {
                let mut request = agent.get(url);
                for (name, value) in source.headers() {
                    request = request.header(name, value);
                }
                let limit = limit.map(|time| Duration::from_millis(time.into()));
                let request = request.config().timeout_connect(limit).timeout_recv_response(limit);
                let request = request.timeout_per_read(limit.map(|limit| limit + TICK)).build();
                let Ok(response) = request.call() else {
                    source.failed();
                    continue;
                };
                let header = |name| response.headers().get(name).map_or(&b""[..], HeaderValue::as_bytes);
                let _ = source.response(&Response {
                    status: response.status().as_u16(),
                    content_type: header(CONTENT_TYPE),
                    retry_after: header(RETRY_AFTER),
                });
                connection = Some(response.into_body().into_reader());
            }
            // Each read has the limit of the request: the policy names one time for both.
            Action::Receive(_) => match connection.as_mut().map(|body| body.read(&mut memory)) {
                Some(Ok(0)) => _ = source.ended(),
                Some(Ok(len)) => {
                    let mut chunk = &memory[..len];
                    while let Some(event) = source.next(&mut chunk) {
                        on_event(event);
                    }
                }
                Some(Err(_)) | None => _ = source.failed(),
            },
            Action::Wait(time) => {
                connection = None;
                std::thread::sleep(Duration::from_millis(time.into()));
            }
            Action::Closed(reason) => return reason,
        }
    }
}
