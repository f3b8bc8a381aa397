//! What the benchmarks read and write: streams like those that real servers send, made from a fixed seed, so that every
//! program and every machine works on the same bytes.

use super::sums::Visit;

/// One message, as its sender says it. What is empty is not sent, except data.
pub struct Message {
    pub event_type: String,
    pub id: String,
    pub comment: String,
    pub data: Option<String>,
}

/// A row of messages, and the stream they make.
pub struct Corpus {
    pub name: &'static str,
    pub messages: Vec<Message>,
    pub stream: Vec<u8>,
}

/// All corpora, with what they stand for.
pub const NAMES: [(&str, &str); 9] = [
    ("openai", "LLM deltas as OpenAI sends them: one data line of 260 bytes"),
    ("anthropic", "LLM deltas as Anthropic sends them: a type, and data of 85 bytes"),
    ("ticker", "prices: ID, type and data, 50 bytes in four lines"),
    ("crlf", "the same with CRLF"),
    ("unicode", "deltas of text that is not ASCII, 190 bytes"),
    ("tiny", "one byte of data"),
    ("heartbeat", "seven comments for each tiny event"),
    ("log", "a type, and data of 20 lines of 70 bytes"),
    ("long", "one data line of 64 KiB"),
];

/// Marsaglia's xorshift: enough to keep a branch predictor from learning the stream by heart.
pub struct Random(u64);

impl Random {
    pub const fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

const WORDS: [&str; 12] =
    [" the", " stream", " of", "\\n\\n", ",", " is", " parsing", " events", "ing", " a", ".", " \\\"bytes\\\""];
const PHRASES: [&str; 8] = [
    "春はあけぼの。やうやう白くなりゆく山ぎは、",
    "Съешь же ещё этих мягких французских булок. ",
    "🦀🚀 schnelle Bäume über größeren Flüssen ",
    "天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ",
    "다람쥐 헌 쳇바퀴에 타고파. ",
    "voilà, l’été à la plage — déjà fini… ",
    "इस्वर सबका भला करे। ",
];
const LEVELS: [&str; 4] = ["INFO ", "DEBUG", "WARN ", "ERROR"];
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A line of text without spaces or breaks.
pub fn text(random: &mut Random, len: usize) -> String {
    (0..len).map(|_| char::from(BASE64[random.below(64) as usize])).collect()
}

/// The next message of a corpus.
fn message(name: &str, number: usize, random: &mut Random) -> Message {
    let mut message = Message { event_type: String::new(), id: String::new(), comment: String::new(), data: None };
    message.data = Some(match name {
        "openai" => format!(
            r#"{{"id":"chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG","object":"chat.completion.chunk","created":1741570283,"model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_{:08x}","choices":[{{"index":0,"delta":{{"content":"{}"}},"finish_reason":null}}]}}"#,
            random.next() as u32,
            random.pick(&WORDS)
        ),
        "anthropic" => {
            message.event_type = "content_block_delta".into();
            format!(
                r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":"{}"}}}}"#,
                random.pick(&WORDS)
            )
        }
        "ticker" | "crlf" => {
            message.event_type = "tick".into();
            message.id = (100_000 + number).to_string();
            let (price, cents, quantity) = (random.below(1000), random.below(100), random.below(100));
            format!(r#"{{"p":{price}.{cents:02},"q":{quantity}}}"#)
        }
        "unicode" => {
            format!(r#"{{"delta":"{}{}{}"}}"#, random.pick(&PHRASES), random.pick(&PHRASES), random.pick(&PHRASES))
        }
        "tiny" => char::from(b'a' + random.below(26) as u8).into(),
        "heartbeat" if number % 8 != 7 => {
            message.comment = "keep-alive".into();
            return message;
        }
        "heartbeat" => number.to_string(),
        "log" => {
            message.event_type = "log".into();
            let mut line = || {
                let (seconds, request, took) = (random.below(60), random.next() as u32, random.below(900));
                let level = random.pick(&LEVELS);
                format!("2026-11-22T10:00:{seconds:02}Z {level} api::orders request={request:08x} done in {took} ms")
            };
            (0..20).map(|_| line()).collect::<Vec<_>>().join("\n")
        }
        "long" => text(random, 65536),
        _ => panic!("no corpus {name}"),
    });
    message
}

impl Corpus {
    /// Makes messages until the stream has at least so many bytes.
    pub fn new(name: &'static str, bytes: usize) -> Self {
        let mut corpus = Self { name, messages: Vec::new(), stream: Vec::new() };
        let mut random = Random::new();
        while corpus.stream.len() < bytes {
            corpus.push(message(name, corpus.messages.len(), &mut random));
        }
        corpus
    }

    /// Makes data lines of one length until the stream has at least so many bytes.
    pub fn of_lines(name: &'static str, len: usize, bytes: usize) -> Self {
        let mut corpus = Self { name, messages: Vec::new(), stream: Vec::new() };
        let mut random = Random::new();
        while corpus.stream.len() < bytes {
            let data = Some(text(&mut random, len));
            corpus.push(Message { event_type: String::new(), id: String::new(), comment: String::new(), data });
        }
        corpus
    }

    /// Writes a message as the plainest server would, with nothing of ours. A blank line follows a comment, too: most
    /// servers write one, so readers have to be fast at it. (Our writers leave it out.)
    fn push(&mut self, message: Message) {
        let mut lines = Vec::new();
        for (name, value) in [("event: ", &message.event_type), ("id: ", &message.id), (": ", &message.comment)] {
            if !value.is_empty() {
                lines.push(format!("{name}{value}"));
            }
        }
        lines.extend(message.data.iter().flat_map(|data| data.split('\n')).map(|line| format!("data: {line}")));
        lines.push(String::new());
        let end = if self.name == "crlf" { "\r\n" } else { "\n" };
        for line in lines {
            self.stream.extend_from_slice(line.as_bytes());
            self.stream.extend_from_slice(end.as_bytes());
        }
        self.messages.push(message);
    }

    /// How many events a reader gets.
    pub fn events(&self) -> usize {
        self.messages.iter().filter(|message| message.data.is_some()).count()
    }

    /// The length of the longest line in bytes, without its end.
    pub fn longest_line(&self) -> usize {
        self.stream.split(|&byte| byte == b'\n').map(|line| line.len()).max().unwrap_or(0)
    }

    /// Shows a visitor what a correct reader delivers.
    pub fn show<V: Visit>(&self, visitor: &mut V) {
        let mut last_id = "";
        for message in &self.messages {
            if !message.id.is_empty() {
                last_id = &message.id;
            }
            if let Some(data) = &message.data {
                let event_type = if message.event_type.is_empty() { "message" } else { &message.event_type };
                visitor.event(event_type.as_bytes(), data.as_bytes(), last_id.as_bytes());
            }
        }
    }

    /// What [`tokens`](super::doors::tokens) adds up to: a blank line for each message, and all values with a name.
    pub fn token_sum(&self) -> u64 {
        let values = |message: &Message| {
            let data = message.data.as_ref().map_or(0, |data| data.len() - data.matches('\n').count());
            message.event_type.len() + message.id.len() + message.comment.len() + data
        };
        self.messages.iter().map(|message| (1 << 40) + values(message) as u64).sum()
    }
}
