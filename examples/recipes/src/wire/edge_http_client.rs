use edge_http::Method;
use edge_http::io::{Error, client::Connection};
use edge_nal::TcpConnect;
use embedded_io_async::Read;
use sse_wire::{Event, Overflow, Parser, headers};

/// Follows an event source from where `parser` has got to, and returns whether to reconnect: not after any status but 200.
pub async fn follow<T: TcpConnect>(
    connection: &mut Connection<'_, T>,
    host: &str,
    path: &str,
    parser: &mut Parser<[u8]>,
    mut on_event: impl AsyncFnMut(Result<Event<'_>, Overflow>),
) -> Result<bool, Error<T::Error>> {
    parser.reconnect();
    let own = [("Host", host), ("Content-Length", "0")];
    let headers: heapless::Vec<_, 5> = own.into_iter().chain(headers::request(parser.last_event_id())).collect();
    connection.initiate_request(true, Method::Get, path, &headers).await?;
    drop(headers);
    connection.initiate_response().await?;
    let is_open = connection.headers()?.code == 200;
    // A chunked body is read until the buffer is full, so only a single byte is never late.
    let mut byte = [0];
    while is_open && connection.read(&mut byte).await? == 1 {
        if let Some(event) = parser.next(&mut &byte[..]) {
            on_event(event).await;
        }
    }
    Ok(is_open)
}
