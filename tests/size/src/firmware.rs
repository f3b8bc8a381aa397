//! What a firmware would have of the crate: one loop around each of its doors.

use core::hint::black_box;
use sse_wire::client::{Action, EventSource, Policy, ReadyState, Response};
use sse_wire::server::{Board, EventLog, Fill, KeepAlive, Limiter, Resume};
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

fn event_log() -> &'static mut EventLog<[u8]> {
    static mut LOG: EventLog<[u8; 256]> = EventLog::new([0; 256], 8, 1);
    black_box(unsafe { &mut *(&raw mut LOG) })
}

/// What the smallest server needs: events for all, and clients that start with the next one.
pub fn push_and_fill() {
    let log = event_log();
    let mut cursor = log.live();
    black_box(log.push(&message()).is_ok());
    loop {
        let window = output();
        let (len, fill) = log.fill(&mut cursor, window);
        see(window.get(..len).unwrap_or_default());
        match fill {
            Fill::OutputFull => {}
            Fill::CaughtUp => break,
            Fill::End => return,
            Fill::Lagged(lagged) => match lagged.go_on {
                Some(oldest) => cursor = oldest,
                None => return,
            },
        }
    }
}

/// All of the server end, with each call once.
pub fn server() {
    use core::fmt::Write;
    static mut LIMITER: Limiter<4> = Limiter::new(2, 8);
    static mut BOARD: Board<4> = Board::new();
    let (limiter, board) = unsafe { (&mut *(&raw mut LIMITER), &mut *(&raw mut BOARD)) };
    if limiter.connect(black_box(7)).is_err() {
        return;
    }
    push_and_fill();
    let log = event_log();
    black_box(log.push_with(&message(), black_box(99), |data| data.write_str(text())).is_ok());
    if let Ok(id) = EventId::new(text()) {
        black_box(log.push_as(id, &message()).is_ok());
        let mut cursor = match log.resume(id) {
            Resume::Found(cursor) => cursor,
            Resume::Expired { oldest, .. } => oldest,
            Resume::Unknown => match log.resume_by(|own| own.bytes().cmp(id.as_bytes().iter().copied())) {
                Resume::Found(cursor) => cursor,
                Resume::Expired { .. } | Resume::Unknown => log.oldest(),
            },
        };
        let window = output();
        let len = log.mark(&cursor, window);
        see(window.get(..len).unwrap_or_default());
        black_box(log.fill_if(&mut cursor, window, |kind| kind == *text()));
        if let Ok(chunk) = log.read(&cursor) {
            see(chunk.front);
            see(chunk.back);
            let taken = black_box(chunk.len());
            black_box(log.advance(&mut cursor, taken).is_ok());
        }
    }
    let mut keep_alive = KeepAlive::new(black_box(15), black_box(0));
    keep_alive.wrote(black_box(1));
    black_box((keep_alive.wait(black_box(2)), keep_alive.is_due(black_box(3))));
    black_box((board.touch(black_box(1)), board.next(black_box(0)), board.last()));
    log.close();
    limiter.disconnect(black_box(7));
}
