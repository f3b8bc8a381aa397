//! The task that writes.

use crate::http::{HEAD, read_head, send_message, send_size, value};
use crate::net::{Closed, Socket};
use crate::series::{self, ASKED_FOR, COUNT, CUT, LONGEST, PORT, RETRY_AFTER};
use core::fmt::Write;
use httparse::{EMPTY_HEADER, Request};
use sse_wire::headers::{self, LastEventId};
use sse_wire::{KEEP_ALIVE, Message};

/// Answers one connection after the other. The first it closes in the middle of an event, at the second it is too busy, the
/// third gets the rest of the series, and the fourth is told that there is no more to come.
pub async fn serve(socket: &Socket<'_, '_>) -> ! {
    for number in 0.. {
        socket.accept(PORT).await;
        // If the client has gone, the next one may come.
        let _ = answer(socket, number).await;
        socket.close().await;
    }
    unreachable!("more connections than numbers")
}

async fn answer(socket: &Socket<'_, '_>, number: usize) -> Result<(), Closed> {
    let last = request(socket).await?;
    assert_eq!(Some(&last), ASKED_FOR.get(number), "the last event ID of request {number}");
    match number {
        0 => stream(socket, last, Some(CUT)).await,
        1 => {
            let mut memory = [0; HEAD];
            let head = series::written(&mut memory, |out| {
                write!(
                    out,
                    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: {RETRY_AFTER}\r\nContent-Length: 0\r\n\r\n"
                )
            });
            socket.write_all(head).await
        }
        2 => stream(socket, last, None).await,
        _ => socket.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await,
    }
}

/// Sends the series behind an event, and closes the connection in the middle of the one at the cut.
async fn stream(socket: &Socket<'_, '_>, last: u32, cut: Option<u32>) -> Result<(), Closed> {
    let mut memory = [0; HEAD];
    let head = series::written(&mut memory, |out| {
        write!(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n")?;
        headers::RESPONSE.iter().try_for_each(|(name, value)| write!(out, "{name}: {value}\r\n"))?;
        write!(out, "\r\n")
    });
    socket.write_all(head).await?;

    for number in last + 1..=COUNT {
        let mut data = [0; LONGEST];
        let line_break = ["\n", "\r\n", "\r"][number as usize % 3];
        let mut message = Message::new().data_bytes(series::data(number, line_break, &mut data));
        if let Some(event_type) = series::event_type(number) {
            message = message.event(event_type);
        }
        if series::has_id(number) {
            message = message.id_number(number.into());
        }
        if let Some(milliseconds) = series::retry(number) {
            message = message.retry(milliseconds);
        }
        if number.is_multiple_of(5) {
            message = message.comment("not a word of this\ndata: nor of this");
        }
        if cut == Some(number) {
            return break_off(socket, &message).await;
        }
        send_message(socket, &message).await?;
        if number.is_multiple_of(10) {
            send_size(socket, KEEP_ALIVE.len()).await?;
            socket.write_all(KEEP_ALIVE).await?;
            socket.write_all(b"\r\n").await?;
        }
    }
    send_size(socket, 0).await?;
    socket.write_all(b"\r\n").await
}

/// Reads the request and returns the number of the last event that the client has.
async fn request(socket: &Socket<'_, '_>) -> Result<u32, Closed> {
    let mut memory = [0; HEAD];
    let mut headers = [EMPTY_HEADER; 8];
    let mut request = Request::new(&mut headers);
    let status = request.parse(read_head(socket, &mut memory).await?).expect("a request");
    assert!(status.is_complete() && request.method == Some("GET"));
    match headers::last_event_id(value(request.headers, headers::LAST_EVENT_ID), None) {
        LastEventId::Absent => Ok(0),
        LastEventId::Valid(id) => Ok(id.as_text().to_str().ok().and_then(|id| id.parse().ok()).expect("a number")),
        LastEventId::Invalid => panic!("the client sent an invalid ID"),
    }
}

/// Sends the beginning of a message, up to its data. An ID that has come so far must not count.
async fn break_off(socket: &Socket<'_, '_>, message: &Message<'_>) -> Result<(), Closed> {
    send_size(socket, message.encoded_len()).await?;
    for segment in message.segments().take(5) {
        socket.write_all(segment).await?;
    }
    Ok(())
}
