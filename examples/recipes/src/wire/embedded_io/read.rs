use embedded_io::Read;
use sse_wire::{Event, Overflow, Parser};

/// Reads events to the end of the stream, through a window of 64 bytes.
pub fn follow<R: Read>(
    reader: &mut R,
    parser: &mut Parser<[u8]>,
    mut on_event: impl FnMut(Result<Event<'_>, Overflow>),
) -> Result<(), R::Error> {
    let mut window = [0; 64];
    while let len @ 1.. = reader.read(&mut window)? {
        let mut chunk = &window[..len];
        while let Some(event) = parser.next(&mut chunk) {
            on_event(event);
        }
    }
    Ok(())
}
