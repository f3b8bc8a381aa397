use embedded_io_async::BufRead;
use embedded_nal_async::{Dns, TcpConnect};
use reqwless::client::HttpClient;
use reqwless::request::{Method, RequestBuilder};
use sse_wire::{Event, Overflow, Parser, Text, headers};

/// Follows an event source from where `parser` has got to, and returns whether to reconnect: not after any status but 200.
pub async fn follow(
    client: &mut HttpClient<'_, impl TcpConnect, impl Dns>,
    url: &str,
    parser: &mut Parser<[u8]>,
    mut on_event: impl AsyncFnMut(Result<Event<'_>, Overflow>),
) -> Result<bool, reqwless::Error> {
    parser.reconnect();
    // A copy, for the request borrows its headers until the body has been read.
    let id = heapless::Vec::<_, 64>::from_slice(parser.last_event_id().as_bytes()).unwrap_or_default();
    let headers: heapless::Vec<_, 3> = headers::request(Text::new(&id)).collect();
    let mut request = client.request(Method::GET, url).await?.headers(&headers);
    let mut buffer = [0; 1024];
    let response = request.send(&mut buffer).await?;
    let is_open = response.status.0 == 200;
    let mut body = response.body().reader();
    while is_open && let mut chunk @ [_, ..] = body.fill_buf().await? {
        let len = chunk.len();
        while let Some(event) = parser.next(&mut chunk) {
            on_event(event).await;
        }
        body.consume(len);
    }
    Ok(is_open)
}
