use embassy_futures::select::{Either, select};
use embedded_io_async::BufRead;
use embedded_nal_async::{Dns, TcpConnect};
use reqwless::client::HttpClient;
use reqwless::request::{Method, RequestBuilder};
use sse_wire::client::{Action, Closed, EventSource, ReadyState, Response};
use sse_wire::{Event, Overflow, Text, headers};

/// What a device brings. With embassy, that is `Instant::now().as_millis()`, `Timer::after_millis`, and a generator.
pub trait Device {
    fn now(&self) -> u64;
    fn random(&self) -> u32;
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;
}

/// Follows an event source until it is closed, and returns why. It sends back IDs of up to 64 bytes.
pub async fn follow(
    client: &mut HttpClient<'_, impl TcpConnect, impl Dns>,
    url: &str,
    source: &mut EventSource<[u8]>,
    device: &impl Device,
    mut on_event: impl AsyncFnMut(Result<Event<'_>, Overflow>),
) -> Closed {
    loop {
        match source.poll(device.now(), || device.random()) {
            Action::Connect(_) => {
                // What is unfinished when it returns has failed. If the connection is over already, this changes nothing.
                if connect(client, url, source, device, &mut on_event).await.is_none() {
                    source.failed();
                }
            }
            Action::Receive(_) => _ = source.failed(),
            Action::Wait(time) => device.sleep(time).await,
            Action::Closed(reason) => return reason,
        }
    }
}

/// One connection, from the request until the source has enough of it. Returns `None` if it has failed.
async fn connect(
    client: &mut HttpClient<'_, impl TcpConnect, impl Dns>,
    url: &str,
    source: &mut EventSource<[u8]>,
    device: &impl Device,
    on_event: &mut impl AsyncFnMut(Result<Event<'_>, Overflow>),
) -> Option<()> {
    // A copy, for the request borrows its headers until the body has been read.
    let id = heapless::Vec::<_, 64>::from_slice(source.last_event_id().as_bytes()).unwrap_or_default();
    let headers: heapless::Vec<_, 3> = headers::request(Text::new(&id)).collect();
    let mut request = within(source, device, client.request(Method::GET, url)).await?.ok()?.headers(&headers);
    let mut buffer = [0; 1024];
    let response = within(source, device, request.send(&mut buffer)).await?.ok()?;
    let header = |name: &str| {
        let mut values = response.headers().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values.next().map_or(&b""[..], |(_, value)| value)
    };
    let _ = source.response(&Response {
        status: response.status.0,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
    });
    let mut body = response.body().reader();
    while source.ready_state() == ReadyState::Open {
        let mut chunk = within(source, device, body.fill_buf()).await?.ok()?;
        let len = chunk.len();
        if len == 0 {
            source.ended();
        }
        while let Some(event) = source.next(&mut chunk) {
            on_event(event).await;
        }
        body.consume(len);
    }
    Some(())
}

/// Awaits the network for as long as the source says. Returns `None` when the time is over.
async fn within<T>(source: &mut EventSource<[u8]>, device: &impl Device, future: impl Future<Output = T>) -> Option<T> {
    let Action::Receive(limit) = source.poll(device.now(), || device.random()) else { return None };
    let Some(time) = limit else { return Some(future.await) };
    match select(future, device.sleep(time)).await {
        Either::First(output) => Some(output),
        Either::Second(()) => None,
    }
}
