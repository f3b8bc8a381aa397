//! Counts instructions on the emulated machine: a line for each lap, and one for each type's size.

#![no_std]
#![no_main]

use core::fmt::Write;
use core::hint::black_box;
use size::firmware::see;
use size::machine::{Console, exit, instructions};
use sse_wire::client::{Action, EventSource, Policy};
use sse_wire::{
    DataWriter, Encoder, Event, EventId, EventType, Message, Parser, Progress, Segments, SliceWriter, Status, Token,
    Tokenizer,
};

/// A message of a stream, what it looks like, and how often it comes.
struct Corpus {
    name: &'static str,
    event_type: Option<&'static str>,
    id: Option<&'static str>,
    data: &'static [u8],
    encoded: &'static str,
    count: usize,
}

macro_rules! delta {
    () => {
        r#"{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":" the"}}]}"#
    };
}

static LONG: [u8; 4096] = [b'x'; 4096];

const CORPORA: [Corpus; 4] = [
    Corpus {
        name: "LLM deltas",
        event_type: None,
        id: None,
        data: delta!().as_bytes(),
        encoded: concat!("data: ", delta!(), "\n\n"),
        count: 24,
    },
    Corpus {
        name: "ticker",
        event_type: Some("price"),
        id: Some("1742"),
        data: br#"{"bid":101.25}"#,
        encoded: "event: price\nid: 1742\ndata: {\"bid\":101.25}\n\n",
        count: 80,
    },
    Corpus {
        name: "three lines",
        event_type: None,
        id: None,
        data: b"INFO  a line of a log, and another one\n  in the same event\n  with its indent",
        encoded: "data: INFO  a line of a log, and another one\ndata:   in the same event\ndata:   with its indent\n\n",
        count: 40,
    },
    Corpus { name: "4 KiB line", event_type: None, id: None, data: &LONG, encoded: "", count: 1 },
];

static mut STREAM: [u8; 8192] = [0; 8192];
static mut PARSER: Parser<[u8; 4200]> = Parser::new([0; 4200]);

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    sizes();
    for corpus in &CORPORA {
        read(corpus);
        write(corpus);
    }
    exit(true)
}

fn sizes() {
    let say = |name: &str, size: usize| {
        let _ = writeln!(Console, "size\t{name}\t{size}");
    };
    say("Tokenizer", size_of::<Tokenizer>());
    say("Parser<[u8; 0]>", size_of::<Parser<[u8; 0]>>());
    say("Event", size_of::<Event<'_>>());
    say("Message", size_of::<Message<'_>>());
    say("Segments", size_of::<Segments<'_>>());
    say("Encoder", size_of::<Encoder<'_>>());
    say("DataWriter<&mut W>", size_of::<DataWriter<&mut SliceWriter<'_>>>());
    say("EventSource<[u8; 0]>", size_of::<EventSource<[u8; 0]>>());
    say("Policy", size_of::<Policy>());
    say("Action", size_of::<Action>());
    #[cfg(feature = "peers")]
    {
        say("sse_core::SseDecoder", size_of::<sse_core::SseDecoder>());
        say("sse_parse::SseParser", size_of::<sse_parse::SseParser>());
    }
}

/// Prints what was done to the stream, and how many instructions that took. The work says how many events it met.
fn lap(corpus: &Corpus, what: &str, chunk: usize, len: usize, work: impl FnOnce() -> usize) {
    let mut events = 0;
    #[cfg(feature = "peers")]
    size::peers::most_in_use();
    let count = instructions(|| events = work());
    if events != corpus.count {
        let _ = writeln!(Console, "{what}, {}: {events} events instead of {}", corpus.name, corpus.count);
        exit(false);
    }
    #[cfg(feature = "peers")]
    let heap = size::peers::most_in_use();
    #[cfg(not(feature = "peers"))]
    let heap = 0;
    let _ = writeln!(Console, "lap\t{}\t{what}\t{chunk}\t{len}\t{events}\t{count}\t{heap}", corpus.name);
}

fn message(corpus: &Corpus) -> Message<'static> {
    let mut message = Message::new().data_bytes(corpus.data);
    if let Some(Ok(event_type)) = corpus.event_type.map(EventType::new) {
        message = message.event(event_type);
    }
    if let Some(Ok(id)) = corpus.id.map(EventId::new) {
        message = message.id(id);
    }
    message
}

fn read(corpus: &Corpus) {
    let stream = unsafe { &mut *(&raw mut STREAM) };
    let mut len = 0;
    for _ in 0..corpus.count {
        let Some(Ok(more)) = stream.get_mut(len..).map(|free| message(corpus).encode(free)) else { exit(false) };
        if !corpus.encoded.is_empty() && stream.get(len..len + more) != Some(corpus.encoded.as_bytes()) {
            exit(false);
        }
        len += more;
    }
    let stream = black_box(stream.get(..len).unwrap_or_default());
    let parser: &mut Parser<[u8]> = black_box(unsafe { &mut *(&raw mut PARSER) });

    for chunk in [1460, 256, 1] {
        lap(corpus, "tokenizer", chunk, len, || {
            let mut tokenizer = Tokenizer::new();
            let mut events = 0;
            for mut chunk in stream.chunks(chunk) {
                while let Some(token) = tokenizer.next(&mut chunk) {
                    match token {
                        Token::Value { bytes, .. } => see(bytes),
                        Token::Blank => events += 1,
                    }
                }
            }
            events
        });
        lap(corpus, "next", chunk, len, || {
            parser.reconnect();
            let mut events = 0;
            for mut chunk in stream.chunks(chunk) {
                while let Some(Ok(event)) = parser.next(&mut chunk) {
                    see(event.event_type().as_bytes());
                    see(event.data().as_bytes());
                    events += 1;
                }
            }
            events
        });
        lap(corpus, "advance", chunk, len, || {
            parser.reconnect();
            let mut events = 0;
            for chunk in stream.chunks(chunk) {
                let mut rest = chunk;
                while let (consumed, Status::Event) = parser.advance(rest) {
                    rest = rest.get(consumed..).unwrap_or_default();
                    if let Some(event) = parser.event() {
                        see(event.event_type().as_bytes());
                        see(event.data().as_bytes());
                        events += 1;
                    }
                }
            }
            events
        });
        #[cfg(feature = "peers")]
        lap(corpus, "sse_core", chunk, len, || {
            let mut decoder = size::peers::new_sse_core();
            stream.chunks(chunk).map(|chunk| size::peers::read_with_sse_core(&mut decoder, chunk)).sum()
        });
        #[cfg(feature = "peers")]
        lap(corpus, "sse_parse", chunk, len, || {
            let mut parser = size::peers::new_sse_parse();
            stream.chunks(chunk).map(|chunk| size::peers::read_with_sse_parse(&mut parser, chunk)).sum()
        });
    }
}

fn write(corpus: &Corpus) {
    let out = unsafe { &mut *(&raw mut STREAM) };
    let message = black_box(message(corpus));
    let len = message.encoded_len() * corpus.count;
    lap(corpus, "encode", 0, len, || {
        (0..corpus.count)
            .filter(|_| {
                message.encode(out).is_ok_and(|len| {
                    see(out.get(..len).unwrap_or_default());
                    true
                })
            })
            .count()
    });
    lap(corpus, "encoder", 64, len, || {
        for _ in 0..corpus.count {
            let mut encoder = message.encoder();
            loop {
                let mut window = [0; 64];
                let (len, progress) = encoder.write(&mut window);
                see(window.get(..len).unwrap_or_default());
                if progress == Progress::Done {
                    break;
                }
            }
        }
        corpus.count
    });
    lap(corpus, "segments", 0, len, || {
        for _ in 0..corpus.count {
            message.segments().for_each(see);
        }
        corpus.count
    });
}
