//! Every public call of the crate, each in a function of its own that is compiled as it is, for arguments of which the
//! compiler knows nothing but their type: so what holds here holds for any input, from any state.

use core::fmt::{self, Debug, Display, Write};
use core::hash::{Hash, Hasher};
use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Waker};
use embedded_io::ErrorKind;
use heapless::Vec;
use sse_wire::client::{Action, Closed, EventSource, Lost, Policy, ReadyState, Response, ResumeFrom};
use sse_wire::embedded_io_v0_7::EventReader;
use sse_wire::server::{
    Board, Chunk, Cursor, EventLog, Fill, KeepAlive, Lagged, Limiter, LogWriter, NumberedId, PushError, Refused, Resume,
};
use sse_wire::{
    BufferTooSmall, DataLines, DataSegments, DataWriter, Encoder, End, Error, Event, EventId, EventType, Field,
    InvalidEventId, InvalidEventType, KEEP_ALIVE, LastEventIdLost, Message, Overflow, OwnedEvent, Parser, Progress,
    Segments, Sever, SliceWriter, Status, Text, Token, Tokenizer, Tokens, Unfinished, headers,
};

/// Any value of a type. It is never run, only linked.
fn any<T>() -> T {
    fn nowhere<T>() -> T {
        loop {}
    }
    black_box(nowhere::<T> as fn() -> T)()
}

macro_rules! doors {
    ($($name:ident($($argument:ident: $type:ty),*) $body:expr;)*) => {
        mod each {
            use super::*;
            $(
                #[inline(never)]
                #[unsafe(no_mangle)]
                pub fn $name($($argument: $type),*) {
                    let _ = black_box($body);
                }
            )*
        }

        /// Calls each of them.
        pub fn all() {
            $(each::$name($(any::<$type>()),*);)*
        }
    };
}

type Owned = OwnedEvent<[u8; 64]>;
type OwnedHeapless = OwnedEvent<Vec<u8, 64>>;
type ParserOfArray = Parser<[u8; 64]>;
type ParserOfSlice<'a> = Parser<&'a mut [u8]>;
type ParserOfVec = Parser<Vec<u8, 64>>;
type Source = EventSource<[u8]>;
type SourceOfVec = EventSource<Vec<u8, 64>>;
type Events = EventReader<Body, [u8]>;
type EventsOfVec = EventReader<Body, Vec<u8, 64>>;

/// A hasher and a writer that cannot fail in ways of their own.
pub struct Sink(u8);

impl Hasher for Sink {
    fn finish(&self) -> u64 {
        self.0.into()
    }

    fn write(&mut self, bytes: &[u8]) {
        black_box(bytes);
    }
}

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        black_box(Ok(()))
    }
}

/// A reader that may do anything.
pub struct Body(&'static [u8]);

impl embedded_io::ErrorType for Body {
    type Error = ErrorKind;
}

impl embedded_io::Read for Body {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> {
        black_box(Ok(0))
    }
}

impl embedded_io::BufRead for Body {
    fn fill_buf(&mut self) -> Result<&[u8], ErrorKind> {
        black_box(Ok(self.0))
    }

    fn consume(&mut self, len: usize) {
        self.0 = self.0.get(len..).unwrap_or_default();
    }
}

impl embedded_io_async::Read for Body {
    async fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> {
        black_box(Ok(0))
    }
}

impl embedded_io_async::BufRead for Body {
    async fn fill_buf(&mut self) -> Result<&[u8], ErrorKind> {
        black_box(Ok(self.0))
    }

    fn consume(&mut self, len: usize) {
        self.0 = self.0.get(len..).unwrap_or_default();
    }
}

fn hash(value: impl Hash, sink: &mut Sink) -> u64 {
    value.hash(sink);
    sink.finish()
}

doors! {
    tokenizer_new() (Tokenizer::new(), Tokenizer::default());
    tokenizer_next(tokenizer: &mut Tokenizer, input: &mut &'static [u8]) tokenizer.next(input);
    tokenizer_tokens(tokenizer: &mut Tokenizer, input: &'static [u8]) tokenizer.tokens(input).next();
    tokenizer_is_mid_line(tokenizer: &Tokenizer) tokenizer.is_mid_line();
    tokenizer_traits(a: &Tokenizer, b: &Tokenizer, sink: &mut Sink) (a.clone() == *b, hash(a, sink));
    tokens_next(tokens: &mut Tokens<'static, 'static>) tokens.next();
    tokens_rest(tokens: &Tokens<'static, 'static>) tokens.rest();
    token_traits(a: Token<'static>, b: Token<'static>, sink: &mut Sink) (a == b, hash(a, sink));
    field_traits(a: Field, b: Field, sink: &mut Sink) (a == b, hash(a, sink));

    parser_new(buffer: [u8; 64]) (Parser::new(buffer), ParserOfVec::default());
    parser_into_buffer(parser: ParserOfArray) parser.into_buffer();
    parser_clone(parser: &ParserOfArray) parser.clone();
    parser_advance(parser: &mut Parser<[u8]>, input: &[u8]) parser.advance(input);
    parser_event(parser: &Parser<[u8]>) parser.event();
    parser_next(parser: &'static mut Parser<[u8]>, input: &mut &'static [u8]) parser.next(input);
    parser_end(parser: &mut Parser<[u8]>) parser.end();
    parser_reconnect(parser: &mut Parser<[u8]>) parser.reconnect();
    parser_last_event_id(parser: &Parser<[u8]>) parser.last_event_id();
    parser_set_last_event_id(parser: &mut Parser<[u8]>, id: EventId<'static>) parser.set_last_event_id(id);
    parser_retry(parser: &Parser<[u8]>) parser.retry();
    parser_take_retry(parser: &mut Parser<[u8]>) parser.take_retry();
    parser_set_retry(parser: &mut Parser<[u8]>, milliseconds: u64) parser.set_retry(milliseconds);
    parser_position(parser: &Parser<[u8]>) (parser.is_mid_line(), parser.is_mid_event(), parser.can_insert());
    parser_unknown_lines(parser: &Parser<[u8]>) parser.unknown_lines();
    parser_sever(parser: &'static Parser<[u8]>, event_type: EventType<'static>) parser.sever(event_type);
    sever_next(sever: &mut Sever<'static>) sever.next();
    sever_clone(sever: &Sever<'static>) sever.clone();
    tokenizer_can_insert(tokenizer: &Tokenizer) tokenizer.can_insert();
    text_range_in(text: Text<'static>, chunk: &[u8]) text.range_in(chunk);
    status_traits(a: Status, b: Status, sink: &mut Sink) (a == b, hash(a, sink));

    array_advance(parser: &mut ParserOfArray, input: &[u8]) parser.advance(input);
    array_next(parser: &'static mut ParserOfArray, input: &mut &'static [u8]) parser.next(input);
    array_end(parser: &mut ParserOfArray) parser.end();
    array_set_last_event_id(parser: &mut ParserOfArray, id: EventId<'static>) parser.set_last_event_id(id);
    slice_advance(parser: &mut ParserOfSlice<'static>, input: &[u8]) parser.advance(input);
    slice_next(parser: &'static mut ParserOfSlice<'static>, input: &mut &'static [u8]) parser.next(input);
    slice_end(parser: &mut ParserOfSlice<'static>) parser.end();
    slice_set_last_event_id(parser: &mut ParserOfSlice<'static>, id: EventId<'static>) parser.set_last_event_id(id);
    vec_advance(parser: &mut ParserOfVec, input: &[u8]) parser.advance(input);
    vec_next(parser: &'static mut ParserOfVec, input: &mut &'static [u8]) parser.next(input);
    vec_end(parser: &mut ParserOfVec) parser.end();
    vec_set_last_event_id(parser: &mut ParserOfVec, id: EventId<'static>) parser.set_last_event_id(id);

    event_event_type(event: &Event<'static>) event.event_type();
    event_sent_event_type(event: &Event<'static>) event.sent_event_type();
    event_data(event: &Event<'static>) event.data();
    event_last_event_id(event: &Event<'static>) event.last_event_id();
    event_id(event: &Event<'static>) event.id();
    event_copy_into(event: &Event<'static>, buffer: [u8; 64]) event.copy_into(buffer);
    event_copy_into_slice(event: &Event<'static>, buffer: &'static mut [u8]) event.copy_into(buffer);
    event_to_heapless(event: &Event<'static>) event.to_heapless::<64>();
    event_traits(a: &Event<'static>, b: &Event<'static>, sink: &mut Sink) (a == b, hash(a, sink));
    owned_as_event(event: &Owned) event.as_event();
    owned_parts(event: &Owned) (event.event_type(), event.sent_event_type(), event.data(), event.last_event_id(), event.id());
    owned_traits(a: &Owned, b: &OwnedHeapless, sink: &mut Sink) (a.clone() == *b, *a == b.as_event(), hash(a, sink));

    end_traits(a: End<'static>, b: End<'static>) a == b;
    unfinished_is_mid_line(rest: &Unfinished<'static>) rest.is_mid_line();
    unfinished_is_mid_event(rest: &Unfinished<'static>) rest.is_mid_event();
    unfinished_event(rest: &Unfinished<'static>) rest.event();
    unfinished_line(rest: &Unfinished<'static>) rest.line();
    unfinished_overflow(rest: &Unfinished<'static>) rest.overflow();

    text_new(bytes: &'static [u8], text: &'static str) (Text::new(bytes), Text::from(bytes), Text::from(text));
    text_to_str(text: Text<'static>) text.to_str();
    text_bytes(text: Text<'static>) (text.as_bytes(), text.len(), text.is_empty());
    text_is(text: Text<'static>, other: &str) text == *other;
    text_is_done(text: Text<'static>) text == "[DONE]";
    text_compare(text: Text<'static>, bytes: &[u8], other: Text<'static>) (text.partial_cmp(bytes), text.cmp(&other));
    text_traits(text: Text<'static>, sink: &mut Sink) (hash(text, sink), text.as_ref().len());

    event_type_new(text: &'static str) EventType::new(text);
    event_type_from_bytes(bytes: &'static [u8]) EventType::from_bytes(bytes);
    event_type_traits(a: EventType<'static>, b: EventType<'static>, sink: &mut Sink) (a.cmp(&b), hash(a, sink), a.as_text(), a.as_bytes());
    event_id_new(text: &'static str) EventId::new(text);
    event_id_from_bytes(bytes: &'static [u8]) EventId::from_bytes(bytes);
    event_id_is_header_safe(id: EventId<'static>) id.is_header_safe();
    event_id_traits(a: EventId<'static>, b: EventId<'static>, sink: &mut Sink) (a.cmp(&b), hash(a, sink), a.as_text(), a.as_bytes());

    message_build(text: &'static str, event_type: EventType<'static>, id: EventId<'static>, retry: u64)
        Message::new().event(event_type).id(id).retry(retry).comment(text).data(text);
    message_id_number(message: Message<'static>, number: u64) message.id_number(number);
    message_build_bytes(bytes: &'static [u8]) Message::new().comment_bytes(bytes).data_bytes(bytes);
    message_from_event(event: Event<'static>) Message::from(event);
    message_from_owned(event: &'static Owned) Message::from(event);
    message_traits(a: &Message<'static>, b: &Message<'static>, sink: &mut Sink) (a == b, hash(a, sink));
    message_encoded_len(message: &Message<'static>) message.encoded_len();
    message_encode(message: &Message<'static>, out: &mut [u8]) message.encode(out);
    message_encoder(message: &Message<'static>) message.encoder();
    message_segments(message: &Message<'static>) message.segments();
    message_const_len(message: &Message<'static>) message.const_len();
    message_encode_array(message: &Message<'static>) message.encode_array::<64>();
    segments_next(segments: &mut Segments<'static>) segments.next();
    segments_clone(segments: &Segments<'static>) segments.clone();
    encoder_write(encoder: &mut Encoder<'static>, out: &mut [u8]) encoder.write(out);
    encoder_clone(encoder: &Encoder<'static>) encoder.clone();
    progress_traits(a: Progress, b: Progress, sink: &mut Sink) (a == b, hash(a, sink));

    data_writer_new(writer: &'static mut Sink, head: Message<'static>) DataWriter::new(writer, head);
    data_writer_write_str(data: &mut DataWriter<&'static mut Sink>, text: &str) data.write_str(text);
    data_writer_write_char(data: &mut DataWriter<&'static mut Sink>, char: char) data.write_char(char);
    data_writer_finish(data: DataWriter<&'static mut Sink>) data.finish().is_ok();
    data_writer_abort(data: DataWriter<&'static mut Sink>, event_type: EventType<'static>, id: Option<EventId<'static>>)
        data.abort(event_type, id).is_ok();
    data_writer_get(data: &'static mut DataWriter<&'static mut Sink>) (black_box(data.get_ref()).0, data.get_mut());
    data_lines_new() (DataLines::new(), DataLines::default());
    data_lines_head(lines: &mut DataLines, message: &Message<'static>) lines.head(message);
    data_lines_segments(lines: &'static mut DataLines, piece: &'static [u8]) lines.segments(piece);
    data_segments_next(segments: &mut DataSegments<'static, 'static>) segments.next();
    data_lines_finish(lines: DataLines) lines.finish();
    data_lines_abort(lines: DataLines, event_type: EventType<'static>, id: Option<EventId<'static>>) lines.abort(event_type, id);
    data_lines_traits(a: &DataLines, b: &DataLines, sink: &mut Sink) (a.clone() == *b, hash(a, sink));
    slice_writer_new(memory: &'static mut [u8]) SliceWriter::new(memory);
    slice_writer_written(writer: &'static SliceWriter<'static>) writer.written();
    slice_writer_into_written(writer: SliceWriter<'static>) writer.into_written();
    slice_writer_write_str(writer: &mut SliceWriter<'static>, text: &str) writer.write_str(text);
    headers_request(id: Text<'static>) headers::request(id).map(|(name, value)| name.len() + value.len()).fold(0, usize::wrapping_add);
    headers_last_event_id(header: Option<&'static [u8]>, query: Option<&'static [u8]>) headers::last_event_id(header, query);
    headers_retry_after(value: &[u8]) headers::retry_after(value);
    headers_is_event_stream(content_type: &[u8]) headers::is_event_stream(content_type);
    constants() (KEEP_ALIVE, headers::RESPONSE, headers::MEDIA_TYPE, headers::LAST_EVENT_ID);

    policy_build(a: u32, b: u32, c: u32, attempts: Option<u32>, is_outage: bool) Policy::STANDARD.retry(a).retry_min(b).retry_max(c)
        .spread_max(a).stable(b).silence(c).attempts(attempts).retry_status(is_outage);
    policy_traits(a: Policy, b: Policy) (a == b, Policy::default(), Policy::RESILIENT, Policy::ONCE);
    source_new(policy: Policy, buffer: [u8; 64]) EventSource::new(policy, buffer);
    source_into_parser(source: EventSource<[u8; 64]>) source.into_parser();
    source_clone(source: &EventSource<[u8; 64]>) source.clone();
    source_poll(source: &mut Source, now: u64, bits: u32) source.poll(now, || bits);
    source_headers(source: &Source) source.headers().map(|(name, value)| name.len() + value.len()).fold(0, usize::wrapping_add);
    source_resume_from(source: &Source) source.resume_from();
    source_response(source: &mut Source, response: &Response<'static>) source.response(response);
    source_next(source: &'static mut Source, input: &mut &'static [u8]) source.next(input);
    source_advance(source: &mut Source, input: &[u8]) source.advance(input);
    source_event(source: &Source) source.event();
    source_ended(source: &mut Source) source.ended();
    source_failed(source: &mut Source) source.failed();
    source_close(source: &mut Source) source.close();
    source_connect_now(source: &mut Source) source.connect_now();
    source_set_last_event_id(source: &mut Source, id: EventId<'static>) source.set_last_event_id(id);
    source_last_event_id(source: &Source) source.last_event_id();
    source_tells(source: &Source) (source.ready_state(), source.closed(), source.lost(), source.failures());
    source_of_vec_poll(source: &mut SourceOfVec, now: u64, bits: u32) source.poll(now, || bits);
    source_of_vec_advance(source: &mut SourceOfVec, input: &[u8]) source.advance(input);
    source_of_vec_ended(source: &mut SourceOfVec) source.ended();
    client_traits(a: (Action, Lost, Closed, ReadyState), b: (Action, Lost, Closed, ReadyState), sink: &mut Sink) (a == b, hash(a, sink));
    response_traits(a: Response<'static>, b: Response<'static>) (a == b, Response::default());
    resume_from_traits(a: ResumeFrom<'static>, b: ResumeFrom<'static>, sink: &mut Sink) (a == b, hash(a, sink));
    debug_policy(value: &Policy, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_action(value: &Action, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_lost(value: &Lost, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_closed(value: &Closed, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_ready_state(value: &ReadyState, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_response(value: &Response<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_resume_from(value: &ResumeFrom<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_source(value: &EventSource<[u8; 64]>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);

    reader_new(body: Body, buffer: [u8; 64]) EventReader::new(body, buffer);
    reader_with_parser(body: Body, parser: ParserOfVec) EventReader::with_parser(body, parser);
    reader_into_parts(events: EventsOfVec) events.into_parts();
    reader_gets(events: &'static mut Events) (black_box((events.parser().retry(), events.get_ref().0)), black_box(events.get_mut().0), events.parser_mut());
    reader_next_event(events: &mut Events) events.next_event();
    reader_of_vec_next_event(events: &mut EventsOfVec) events.next_event();
    // A future that is polled behind its end panics, whoever wrote it. This one is polled once.
    reader_next_event_async(events: &mut Events) pin!(events.next_event_async()).poll(&mut Context::from_waker(Waker::noop()));
    debug_reader(value: &EventsOfVec, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    error_traits(a: Error<Overflow>, b: Error<Overflow>, sink: &mut Sink) (a == b, hash(a, sink), core::error::Error::source(&b).is_some());
    display_error(value: &Error<Overflow>, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    debug_error(value: &Error<Overflow>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);

    overflow_traits(a: Overflow, b: Overflow, sink: &mut Sink) (a == b, hash(a, sink));
    invalid_event_id_traits(a: InvalidEventId, b: InvalidEventId, sink: &mut Sink) (a == b, hash(a, sink));
    invalid_event_type_traits(a: InvalidEventType, b: InvalidEventType, sink: &mut Sink) (a == b, hash(a, sink));
    buffer_too_small_traits(a: BufferTooSmall, b: BufferTooSmall, sink: &mut Sink) (a == b, hash(a, sink));

    display_text(value: &Text<'static>, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_overflow(value: &Overflow, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_invalid_event_id(value: &InvalidEventId, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_invalid_event_type(value: &InvalidEventType, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_last_event_id_lost(value: &LastEventIdLost, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    debug_last_event_id_lost(value: &LastEventIdLost, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_sever(value: &Sever<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    display_buffer_too_small(value: &BufferTooSmall, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_message(value: &Message<'static>, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_to_string(value: &Text<'static>, sink: &mut Sink) write!(sink, "{value}");
    debug_text(value: &Text<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_event_type(value: &EventType<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_event_id(value: &EventId<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_parser(value: &ParserOfSlice<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_event(value: &Event<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_owned_event(value: &Owned, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_end(value: &End<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_unfinished(value: &Unfinished<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_message(value: &Message<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_segments(value: &Segments<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_encoder(value: &Encoder<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_field(value: &Field, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_token(value: &Token<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_tokenizer(value: &Tokenizer, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_tokens(value: &Tokens<'static, 'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_status(value: &Status, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_overflow(value: &Overflow, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_invalid_event_id(value: &InvalidEventId, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_invalid_event_type(value: &InvalidEventType, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_buffer_too_small(value: &BufferTooSmall, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_progress(value: &Progress, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_data_writer(value: &DataWriter<u8>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_data_lines(value: &DataLines, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_data_segments(value: &DataSegments<'static, 'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_slice_writer(value: &SliceWriter<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);

    log_new(buffer: [u8; 64], events: usize, epoch: u64) EventLog::new(buffer, events, epoch);
    log_push(log: &mut EventLog<[u8]>, message: &Message<'static>) log.push(message);
    log_push_as(log: &mut EventLog<[u8]>, id: EventId<'static>, message: &Message<'static>) log.push_as(id, message);
    log_push_with(log: &mut EventLog<[u8]>, head: &Message<'static>, max: usize, text: &str)
        log.push_with(head, max, |data| data.write_str(text).and_then(|()| black_box(Ok(()))));
    log_writer_write_str(writer: &mut LogWriter<'static>, text: &str) writer.write_str(text);
    log_close(log: &mut EventLog<[u8]>) (log.close(), log.is_closed());
    log_cursors(log: &EventLog<[u8]>) (log.oldest(), log.live(), log.next_number());
    log_resume(log: &EventLog<[u8]>, last: EventId<'static>) log.resume(last);
    log_resume_by(log: &EventLog<[u8]>, last: &[u8]) log.resume_by(|id| id.bytes().cmp(last.iter().copied()));
    log_read(log: &'static EventLog<[u8]>, cursor: &Cursor) log.read(cursor);
    log_advance(log: &EventLog<[u8]>, cursor: &mut Cursor, taken: usize) log.advance(cursor, taken);
    log_fill(log: &EventLog<[u8]>, cursor: &mut Cursor, out: &mut [u8]) log.fill(cursor, out);
    log_fill_if(log: &EventLog<[u8]>, cursor: &mut Cursor, out: &mut [u8], wanted: &str) log.fill_if(cursor, out, |kind| kind == *wanted);
    log_mark(log: &EventLog<[u8]>, cursor: &Cursor, out: &mut [u8]) log.mark(cursor, out);
    array_log_push(log: &mut EventLog<[u8; 64]>, message: &Message<'static>) log.push(message);
    array_log_push_with(log: &mut EventLog<[u8; 64]>, head: &Message<'static>, max: usize) log.push_with(head, max, |_| black_box(Ok(())));
    array_log_fill(log: &EventLog<[u8; 64]>, cursor: &mut Cursor, out: &mut [u8]) log.fill(cursor, out);
    slice_log_push(log: &mut EventLog<&'static mut [u8]>, message: &Message<'static>) log.push(message);
    slice_log_fill(log: &EventLog<&'static mut [u8]>, cursor: &mut Cursor, out: &mut [u8]) log.fill(cursor, out);
    vec_log_push(log: &mut EventLog<Vec<u8, 64>>, message: &Message<'static>) log.push(message);
    vec_log_push_with(log: &mut EventLog<Vec<u8, 64>>, head: &Message<'static>, max: usize) log.push_with(head, max, |_| black_box(Ok(())));
    vec_log_fill(log: &EventLog<Vec<u8, 64>>, cursor: &mut Cursor, out: &mut [u8]) log.fill(cursor, out);
    cursor_parts(cursor: &Cursor) (cursor.number(), cursor.is_mid_event());
    cursor_traits(a: Cursor, b: Cursor, sink: &mut Sink) (a == b, hash(a, sink));
    chunk_parts(chunk: Chunk<'static>) (chunk.len(), chunk.is_empty(), chunk.bytes().fold(0_u8, u8::wrapping_add));
    chunk_is(a: Chunk<'static>, b: Chunk<'static>, bytes: &[u8], text: &str) (a == b, a == *bytes, a == bytes, a == *text, a == text);
    lagged_traits(a: Lagged, b: Lagged, sink: &mut Sink) (a == b, hash(a, sink));
    fill_traits(a: Fill, b: Fill, sink: &mut Sink) (a == b, hash(a, sink));
    resume_traits(a: Resume, b: Resume, sink: &mut Sink) (a == b, hash(a, sink));
    push_error_traits(a: PushError, b: PushError, sink: &mut Sink) (a == b, hash(a, sink));
    refused_traits(a: Refused, b: Refused, sink: &mut Sink) (a == b, hash(a, sink));
    numbered_id_new(epoch: u64, number: u64) NumberedId::new(epoch, number);
    numbered_id_read(epoch: u64, id: EventId<'static>) NumberedId::read(epoch, id);
    numbered_id_traits(a: &'static NumberedId, b: &NumberedId, sink: &mut Sink) (a.as_event_id(), a == b, hash(a, sink));
    board_new() (Board::<9>::new(), Board::<9>::default());
    board_touch(board: &mut Board<9>, key: usize) (board.touch(key), board.last());
    board_next(board: &Board<9>, seen: u64) board.next(seen);
    board_traits(a: &Board<9>, b: &Board<9>) a.clone() == *b;
    keep_alive_new(interval: u32, now: u64) KeepAlive::new(interval, now);
    keep_alive_calls(keep_alive: &mut KeepAlive, now: u64) (keep_alive.is_due(now), keep_alive.wait(now), keep_alive.wrote(now));
    keep_alive_traits(a: KeepAlive, b: KeepAlive, sink: &mut Sink) (a == b, hash(a, sink));
    limiter_new(per_key: u16, total: u32) Limiter::<9>::new(per_key, total);
    limiter_connect(limiter: &mut Limiter<9>, key: u64) limiter.connect(key);
    limiter_disconnect(limiter: &mut Limiter<9>, key: u64) limiter.disconnect(key);
    limiter_traits(a: &Limiter<9>, b: &Limiter<9>) a.clone() == *b;
    display_push_error(value: &PushError, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_lagged(value: &Lagged, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    display_refused(value: &Refused, f: &mut fmt::Formatter<'static>) Display::fmt(value, f);
    debug_log(value: &EventLog<&'static mut [u8]>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_log_writer(value: &LogWriter<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_cursor(value: &Cursor, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_chunk(value: &Chunk<'static>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_lagged(value: &Lagged, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_fill(value: &Fill, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_resume(value: &Resume, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_push_error(value: &PushError, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_refused(value: &Refused, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_numbered_id(value: &NumberedId, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_board(value: &Board<9>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_keep_alive(value: &KeepAlive, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
    debug_limiter(value: &Limiter<9>, f: &mut fmt::Formatter<'static>) Debug::fmt(value, f);
}

/// What one forgotten check would do.
#[cfg(feature = "planted-panic")]
#[inline(never)]
pub fn planted_panic() {
    black_box(any::<&[u8]>()[any::<usize>()]);
}
