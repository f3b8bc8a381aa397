//! What a firmware would have of the crate: one loop around each of its doors.

use core::hint::black_box;
use sse_wire::client::{Action, EventSource, Policy, ReadyState, Response};
use sse_wire::{DataWriter, End, EventId, EventType, Field, Message, Parser, Progress, Status, Token, Tokenizer};

/// Some bytes, of which the compiler knows nothing.
pub fn input() -> &'static [u8] {
    black_box(&[])
}

/// Does something with bytes that the compiler cannot know.
#[inline(never)]
pub fn see(bytes: &[u8]) {
    black_box(bytes);
}

fn text() -> &'static str {
    black_box("")
}

pub fn tokenizer() {
    let mut tokenizer = Tokenizer::new();
    let mut input = input();
    while let Some(token) = tokenizer.next(&mut input) {
        match token {
            Token::Value { field: Field::Data, bytes, .. } => see(bytes),
            Token::Value { .. } => {}
            Token::Blank => see(&[]),
        }
    }
}

/// The buffer is in none of the figures: it is all zeros at first, so it takes no flash.
fn parser() -> &'static mut Parser<[u8]> {
    static mut PARSER: Parser<[u8; 256]> = Parser::new([0; 256]);
    black_box(unsafe { &mut *(&raw mut PARSER) })
}

/// The door that borrows nothing.
pub fn advance() {
    let parser = parser();
    let mut input = input();
    loop {
        let (consumed, status) = parser.advance(input);
        input = input.get(consumed..).unwrap_or_default();
        match status {
            Status::NeedInput => break,
            Status::Event => {
                if let Some(event) = parser.event() {
                    see(event.event_type().as_bytes());
                    see(event.data().as_bytes());
                }
            }
            Status::Overflow(overflow) => {
                black_box(overflow);
            }
        }
    }
    if let End::Unfinished(rest) = parser.end() {
        black_box(rest.is_mid_event());
    }
}

/// The door that lends.
pub fn next() {
    let parser = parser();
    let mut input = input();
    while let Some(event) = parser.next(&mut input) {
        match event {
            Ok(event) => {
                see(event.event_type().as_bytes());
                see(event.data().as_bytes());
            }
            Err(overflow) => {
                black_box(overflow);
            }
        }
    }
    if let End::Unfinished(rest) = parser.end() {
        black_box(rest.is_mid_event());
    }
}

/// What a client needs to resume.
pub fn resume() {
    let parser = parser();
    if let Ok(id) = EventId::new(text()) {
        black_box(parser.set_last_event_id(id)).ok();
    }
    parser.reconnect();
    see(parser.last_event_id().as_bytes());
    black_box(parser.retry());
}

fn message() -> Message<'static> {
    let mut message = Message::new().retry(black_box(1)).comment(text()).data_bytes(input());
    if let Ok(event_type) = EventType::new(text()) {
        message = message.event(event_type);
    }
    if let Ok(id) = EventId::new(text()) {
        message = message.id(id);
    }
    message
}

/// What a network would lend.
fn output() -> &'static mut [u8] {
    static mut OUTPUT: [u8; 64] = [0; 64];
    black_box(unsafe { &mut *(&raw mut OUTPUT) })
}

/// Through a window.
pub fn encoder() {
    let mut encoder = message().encoder();
    loop {
        let window = output();
        let (len, progress) = encoder.write(window);
        see(window.get(..len).unwrap_or_default());
        match progress {
            Progress::OutputFull => {}
            Progress::Done => break,
        }
    }
}

/// In slices.
pub fn segments() {
    for segment in message().segments() {
        see(segment);
    }
}

/// Into one buffer.
pub fn encode() {
    let out = output();
    match message().encode(out) {
        Ok(len) => see(out.get(..len).unwrap_or_default()),
        Err(error) => {
            black_box(error.needed);
        }
    }
}

/// In pieces.
pub fn data_writer() {
    struct Socket;

    impl core::fmt::Write for Socket {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            see(text.as_bytes());
            Ok(())
        }
    }

    use core::fmt::Write;
    let Ok(mut data) = DataWriter::new(Socket, message()) else { return };
    black_box(data.write_str(text())).ok();
    black_box(data.finish()).ok();
}

/// The whole client end: the machine and the parser, and the loop around both, for a network that lends its bytes.
pub fn follow() {
    static mut BUFFER: [u8; 256] = [0; 256];
    let buffer: &mut [u8] = black_box(unsafe { &mut *(&raw mut BUFFER) });
    let mut source = EventSource::new(Policy::RESILIENT, buffer);
    loop {
        match source.poll(black_box(0), || black_box(0)) {
            Action::Connect(limit) => {
                for (name, value) in source.headers() {
                    see(name.as_bytes());
                    see(value.as_bytes());
                }
                black_box(limit);
                let response = Response { status: black_box(200), content_type: input(), retry_after: input() };
                if black_box(false) {
                    source.failed();
                } else if source.response(&response) == ReadyState::Open {
                    see(&[]);
                }
            }
            Action::Receive(limit) => {
                black_box(limit);
                let mut input = input();
                if input.is_empty() {
                    source.ended();
                }
                while !input.is_empty() {
                    let (consumed, status) = source.advance(input);
                    input = input.get(consumed..).unwrap_or_default();
                    match status {
                        Status::NeedInput => {}
                        Status::Event => {
                            if let Some(event) = source.event() {
                                see(event.event_type().as_bytes());
                                see(event.data().as_bytes());
                            }
                        }
                        Status::Overflow(overflow) => {
                            black_box(overflow);
                        }
                    }
                }
            }
            Action::Wait(time) => {
                black_box(time);
            }
            Action::Closed(reason) => {
                black_box(reason);
                return;
            }
        }
    }
}

/// What a device needs that follows one stream and sends another.
pub fn both() {
    advance();
    encoder();
}
