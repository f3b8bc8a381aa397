use smoltcp::socket::tcp::{SendError, Socket};
use sse_wire::{Encoder, Event, Overflow, Parser, Progress, Status};

/// Takes the events that have arrived, after each poll of the interface, and returns whether more can come.
pub fn receive(
    socket: &mut Socket<'_>,
    parser: &mut Parser<[u8]>,
    mut on_event: impl FnMut(Result<Event<'_>, Overflow>),
) -> bool {
    while socket.can_recv() {
        let Ok(status) = socket.recv(|bytes| parser.advance(bytes)) else { break };
        if let Status::Overflow(overflow) = status {
            on_event(Err(overflow));
        }
        if let Some(event) = parser.event() {
            on_event(Ok(event));
        }
    }
    socket.may_recv()
}

/// Sends as much of a message as there is room for: once after each poll of the interface, until it is done.
pub fn send(socket: &mut Socket<'_>, encoder: &mut Encoder<'_>) -> Result<Progress, SendError> {
    socket.send(|window| encoder.write(window))
}
