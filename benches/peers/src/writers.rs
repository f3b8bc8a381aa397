//! Everyone who writes, each in the form that is cheapest for it: messages of those that want to own their text are made
//! before the clock starts, and buffers that can be used again are.

use crate::common::corpora::{Corpus, Message};
use crate::common::{doors, sums};
use crate::lap::Lap;
use crate::readers;
use bytes::BytesMut;
use futures_core::Stream;
use http_body::Body;
use std::convert::Infallible;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::slice::Iter;
use std::task::{Context, Poll, Waker};
use tokio_util::codec::Encoder;

/// What one run took, and what it made.
type Run = fn(&'static Corpus, &mut [u8]) -> (Lap, u64);

/// The names of those that are not ours.
pub const PEERS: [&str; 3] = ["axum", "sse-stream", "russe"];

/// Writes the messages of a corpus.
pub struct Writer {
    pub name: &'static str,
    pub timed: Run,
    /// The same with the output read back and hashed.
    pub checked: Run,
    /// Whether it can write a comment and nothing else.
    pub writes_comments: bool,
    /// Whether it writes a blank line behind a comment, as the corpora have it.
    pub ends_comments: bool,
}

impl Writer {
    /// The number of bytes that it must write.
    pub fn expected(&self, corpus: &Corpus) -> u64 {
        let comments = corpus.messages.iter().filter(|message| message.data.is_none()).count();
        (corpus.stream.len() - if self.ends_comments { 0 } else { comments }) as u64
    }
}

macro_rules! writer {
    ($name:literal, $run:ident) => {
        Writer {
            name: $name,
            timed: $run::<Length>,
            checked: $run::<Events>,
            writes_comments: true,
            ends_comments: true,
        }
    };
}

/// All of them, in the order of the tables.
pub fn all() -> Vec<Writer> {
    vec![
        Writer { ends_comments: false, ..writer!("encode", encode) },
        Writer { ends_comments: false, ..writer!("encoder, 1460 B windows", encoder) },
        Writer { ends_comments: false, ..writer!("segments", segments) },
        writer!("axum", axum),
        Writer { writes_comments: false, ..writer!("sse-stream", sse_stream) },
        writer!("russe", russe),
        Writer { ends_comments: false, ..writer!("memcpy", memcpy) },
    ]
}

/// Takes what has been written.
trait Sink: Default {
    fn sent(&mut self, bytes: &[u8]);
    fn sum(self) -> u64;
}

/// Adds up lengths: for the clock.
#[derive(Default)]
struct Length(u64);

impl Sink for Length {
    #[inline(always)]
    fn sent(&mut self, bytes: &[u8]) {
        self.0 += black_box(bytes).len() as u64;
    }

    fn sum(self) -> u64 {
        self.0
    }
}

/// Reads all of it back, by a reader that is not ours: the order of fields may differ, the events may not.
#[derive(Default)]
struct Events(Vec<u8>);

impl Sink for Events {
    fn sent(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn sum(self) -> u64 {
        readers::peers::sse_core::<sums::Full>(self.0.leak(), usize::MAX, &mut [])
    }
}

fn encode<S: Sink>(corpus: &'static Corpus, memory: &mut [u8]) -> (Lap, u64) {
    let mut sink = S::default();
    let lap = Lap::of(|| doors::encode(&corpus.messages, memory, |bytes| sink.sent(bytes)));
    (lap, sink.sum())
}

fn encoder<S: Sink>(corpus: &'static Corpus, memory: &mut [u8]) -> (Lap, u64) {
    let mut sink = S::default();
    let lap = Lap::of(|| doors::encoder(&corpus.messages, &mut memory[..1460], |bytes| sink.sent(bytes)));
    (lap, sink.sum())
}

fn segments<S: Sink>(corpus: &'static Corpus, memory: &mut [u8]) -> (Lap, u64) {
    let (mut sink, mut out) = (S::default(), Vec::with_capacity(memory.len()));
    let lap = Lap::of(|| doors::segments(&corpus.messages, &mut out, |bytes| sink.sent(bytes)));
    (lap, sink.sum())
}

/// Events can only be had through the body of a response, which is one for all of them.
fn axum<S: Sink>(corpus: &'static Corpus, _: &mut [u8]) -> (Lap, u64) {
    use axum::response::{IntoResponse, sse};

    struct Events(Iter<'static, Message>);

    impl Stream for Events {
        type Item = Result<sse::Event, Infallible>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(self.0.next().map(|message| {
                let mut event = sse::Event::default();
                if !message.event_type.is_empty() {
                    event = event.event(&message.event_type);
                }
                if !message.id.is_empty() {
                    event = event.id(&message.id);
                }
                if !message.comment.is_empty() {
                    event = event.comment(&message.comment);
                }
                if let Some(data) = &message.data {
                    event = event.data(data);
                }
                Ok(event)
            }))
        }
    }

    let mut sink = S::default();
    let lap = Lap::of(|| {
        let body = sse::Sse::new(Events(corpus.messages.iter())).into_response().into_body();
        let (mut body, mut context) = (pin!(body), Context::from_waker(Waker::noop()));
        while let Poll::Ready(Some(frame)) = body.as_mut().poll_frame(&mut context) {
            if let Some(bytes) = frame.ok().and_then(|frame| frame.into_data().ok()) {
                sink.sent(&bytes);
            }
        }
    });
    (lap, sink.sum())
}

fn sse_stream<S: Sink>(corpus: &'static Corpus, _: &mut [u8]) -> (Lap, u64) {
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let messages: Vec<_> = (corpus.messages.iter())
        .map(|message| sse_stream::Sse {
            event: given(&message.event_type),
            data: message.data.clone(),
            id: given(&message.id),
            retry: None,
        })
        .collect();
    let mut sink = S::default();
    let lap = Lap::of(|| {
        for message in messages {
            sink.sent(&message.encode().expect("the corpora are valid"));
        }
    });
    (lap, sink.sum())
}

fn russe<S: Sink>(corpus: &'static Corpus, memory: &mut [u8]) -> (Lap, u64) {
    let given = |text: &'static str| Some(text.into()).filter(|_| !text.is_empty());
    let messages: Vec<_> = (corpus.messages.iter())
        .map(|message| match &message.data {
            None => russe::Event::Comment((&message.comment[..]).into()),
            Some(data) => russe::Event::Message(russe::Message {
                data: (&data[..]).into(),
                event: given(&message.event_type),
                id: given(&message.id),
                retry: None,
            }),
        })
        .collect();
    let (mut sink, mut out) = (S::default(), BytesMut::with_capacity(memory.len()));
    let lap = Lap::of(|| {
        for message in messages {
            out.clear();
            russe::Encoder::default().encode(message, &mut out).expect("the corpora are valid");
            sink.sent(&out);
        }
    });
    (lap, sink.sum())
}

/// The limit: the output is there already, and only copied.
fn memcpy<S: Sink>(corpus: &'static Corpus, memory: &mut [u8]) -> (Lap, u64) {
    let stream: Vec<u8> =
        corpus.messages.iter().flat_map(|message| doors::ours(message).segments().flatten()).copied().collect();
    let mut rest = &stream[..];
    let outputs: Vec<_> = (corpus.messages.iter())
        .map(|message| rest.split_off(..doors::ours(message).encoded_len()).expect("the stream is all messages"))
        .collect();
    let mut sink = S::default();
    let lap = Lap::of(|| {
        for output in outputs {
            memory[..output.len()].copy_from_slice(output);
            sink.sent(&memory[..output.len()]);
        }
    });
    (lap, sink.sum())
}
