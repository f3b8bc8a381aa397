use picoserve::io::Write;
use picoserve::response::custom::{CustomBody, CustomResponse};
use picoserve::response::{IntoResponse, StatusCode};
use sse_wire::{Message, headers};

/// Answers a request with an event stream, which is open until its body returns.
pub fn event_stream(body: impl CustomBody) -> impl IntoResponse {
    CustomResponse::build(StatusCode::OK).with_headers(headers::RESPONSE).with_body(body)
}

/// Sends a message from within a body.
pub async fn send<W: Write>(writer: &mut W, message: &Message<'_>) -> Result<(), W::Error> {
    for segment in message.segments() {
        writer.write_all(segment).await?;
    }
    writer.flush().await
}
