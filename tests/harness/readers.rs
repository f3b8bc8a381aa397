//! Reads what was written, with this crate and with others.

use sse_wire::Parser;

/// An event as anybody reads it: type, data, last event ID.
pub type Read = (String, String, String);

/// As this crate reads it, with whole chunks and byte by byte.
pub fn read_by_us(stream: &[u8]) -> Vec<Read> {
    let read = |chunks: Vec<&[u8]>| {
        let mut memory = vec![0; stream.len()];
        let mut parser = Parser::new(&mut memory[..]);
        let mut events = Vec::new();
        for mut chunk in chunks {
            while let Some(event) = parser.next(&mut chunk) {
                let event = event.unwrap();
                events.push((
                    event.event_type().to_string(),
                    event.data().to_string(),
                    event.last_event_id().to_string(),
                ));
            }
        }
        events
    };
    let events = read(vec![stream]);
    assert_eq!(events, read(stream.chunks(1).collect()));
    events
}

/// As readers do that share nothing with this crate.
pub fn read_by_others(stream: &[u8]) -> [Vec<Read>; 2] {
    let mut parser = sse_parse::SseParser::new();
    parser.feed(stream);
    let first = std::iter::from_fn(|| parser.next_event()).map(|e| (e.event, e.data, e.id)).collect();

    let mut decoder = sse_core::SseDecoder::new();
    let mut rest = stream;
    let mut second = Vec::new();
    while let Some(event) = decoder.next(&mut rest) {
        if let sse_core::SseEvent::Message(e) = event.unwrap() {
            let last_event_id = e.last_event_id.as_deref().unwrap_or_default().to_string();
            second.push((e.event.into_owned(), e.data, last_event_id));
        }
    }
    [first, second]
}
