use embassy_net::tcp::{Error, TcpSocket};
use sse_wire::{Event, Message, Overflow, Parser, Progress, Status};

/// Reads events until the connection is closed or lost, which is all the same to one who reconnects.
pub async fn receive(
    socket: &mut TcpSocket<'_>,
    parser: &mut Parser<[u8]>,
    mut on_event: impl AsyncFnMut(Result<Event<'_>, Overflow>),
) {
    while let Ok(status) = socket.read_with(|bytes| parser.advance(bytes)).await {
        if let Status::Overflow(overflow) = status {
            on_event(Err(overflow)).await;
        }
        if let Some(event) = parser.event() {
            on_event(Ok(event)).await;
        }
    }
}

/// Sends a message, through whatever room the socket has.
pub async fn send(socket: &mut TcpSocket<'_>, message: &Message<'_>) -> Result<(), Error> {
    let mut encoder = message.encoder();
    while socket.write_with(|window| encoder.write(window)).await? == Progress::OutputFull {}
    Ok(())
}
