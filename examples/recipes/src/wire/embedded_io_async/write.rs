use embedded_io_async::Write;
use sse_wire::Message;

/// Sends a message, piece by piece as it lies in memory.
pub async fn send<W: Write>(writer: &mut W, message: &Message<'_>) -> Result<(), W::Error> {
    for segment in message.segments() {
        writer.write_all(segment).await?;
    }
    writer.flush().await
}
