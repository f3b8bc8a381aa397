use edge_http::io::{Error, server::Connection};
use embedded_io_async::{Read, Write};
use sse_wire::{Message, Progress, headers};

/// Answers a request with an event stream, which is open until its handler returns.
pub async fn open<T: Read + Write, const N: usize>(
    connection: &mut Connection<'_, T, N>,
) -> Result<(), Error<T::Error>> {
    connection.initiate_response(200, Some("OK"), headers::RESPONSE).await
}

/// Sends a message, in HTTP chunks of up to 256 bytes.
pub async fn send<T: Read + Write, const N: usize>(
    connection: &mut Connection<'_, T, N>,
    message: &Message<'_>,
) -> Result<(), Error<T::Error>> {
    let mut encoder = message.encoder();
    let mut chunk = [0; 256];
    loop {
        let (len, progress) = encoder.write(&mut chunk);
        connection.write_all(&chunk[..len]).await?;
        if progress == Progress::Done {
            return connection.flush().await;
        }
    }
}
