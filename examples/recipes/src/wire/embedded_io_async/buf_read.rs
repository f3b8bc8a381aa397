use embedded_io_async::BufRead;
use sse_wire::{Event, Overflow, Parser, Status};

/// Reads the next event, and nothing behind it; `None` is the end of the stream.
pub async fn next<'p, R: BufRead>(
    reader: &mut R,
    parser: &'p mut Parser<[u8]>,
) -> Result<Option<Result<Event<'p>, Overflow>>, R::Error> {
    while let chunk @ [_, ..] = reader.fill_buf().await? {
        let (len, status) = parser.advance(chunk);
        reader.consume(len);
        match status {
            Status::NeedInput => {}
            Status::Event => return Ok(parser.event().map(Ok)),
            Status::Overflow(overflow) => return Ok(Some(Err(overflow))),
        }
    }
    Ok(None)
}
