use embedded_io::Write;
use sse_wire::Message;

/// Sends a message, piece by piece as it lies in memory.
pub fn send<W: Write>(writer: &mut W, message: &Message<'_>) -> Result<(), W::Error> {
    for segment in message.segments() {
        writer.write_all(segment)?;
    }
    writer.flush()
}
