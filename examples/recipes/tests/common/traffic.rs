//! What the servers send: a few messages that show everything, and thousands that are larger than the sockets between.

use super::Seen;
use sse_wire::{EventId, EventType, Message, event_type};

/// The reconnection time in [`messages`], in milliseconds.
pub const RETRY: u64 = 1500;

const LONG: [u8; 700] = [b'x'; 700];

/// Messages that show everything, whose IDs are their numbers from 1 on.
pub fn messages() -> Vec<Message<'static>> {
    let ids = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
    let messages = [
        Message::new().retry(RETRY).comment("hello\nthere").data("plain"),
        Message::new().event(event_type!("tick")).data("{\n  \"n\": 2\n}"),
        Message::new().data(""),
        Message::new().data("LF\nCR\rCRLF\r\nend\n"),
        Message::new().event(event_type!("naïve")).data("ünïcode ✓"),
        Message::new().data(" two  spaces \ttab"),
        Message::new().event(event_type!("long")).data_bytes(&LONG),
        Message::new().data("data: not a field\nid: 99\n\nevent: nor this"),
        Message::new().comment("").data("after an empty comment"),
        Message::new().data("\n\n\n"),
        Message::new().data(":"),
        Message::new().event(event_type!("end")).data("[DONE]"),
    ];
    assert_eq!(ids.len(), messages.len());
    ids.into_iter().zip(messages).map(|(id, message)| message.id(EventId::new(id).unwrap())).collect()
}

/// What [`messages`] say.
pub fn seen() -> Vec<Seen> {
    vec![
        Seen::event("message", "plain", "1"),
        Seen::event("tick", "{\n  \"n\": 2\n}", "2"),
        Seen::event("message", "", "3"),
        Seen::event("message", "LF\nCR\nCRLF\nend\n", "4"),
        Seen::event("naïve", "ünïcode ✓", "5"),
        Seen::event("message", " two  spaces \ttab", "6"),
        Seen::event("long", std::str::from_utf8(&LONG).unwrap(), "7"),
        Seen::event("message", "data: not a field\nid: 99\n\nevent: nor this", "8"),
        Seen::event("message", "after an empty comment", "9"),
        Seen::event("message", "\n\n\n", "10"),
        Seen::event("message", ":", "11"),
        Seen::event("end", "[DONE]", "12"),
    ]
}

/// The messages that come after an ID, and at most eight of them, so that a client has to come back.
pub fn after(last_event_id: Option<&str>) -> Vec<Message<'static>> {
    let seen = last_event_id.map_or(0, |id| id.parse().expect("one of our IDs"));
    messages().into_iter().skip(seen).take(8).collect()
}

/// A message that owns what it says.
pub struct Owned {
    event_type: String,
    id: String,
    data: String,
}

/// The size of a parser for [`many`], into which one in 97 of them does not fit.
pub const CAPACITY: usize = 640;

/// So many messages, of 0 to 600 bytes of data in short and long lines, the large ones aside.
pub fn many(count: usize) -> impl Iterator<Item = Owned> {
    let mut state = 1_u32;
    let mut below = move |limit: usize| {
        // Numerical Recipes' generator: its upper bits are random enough.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % limit
    };
    (1..=count).map(move |number| {
        let longest = if below(4) == 0 { 600 } else { 60 };
        let len = if number % 97 == 0 { 2000 } else { below(longest) };
        let line_len = 1 + below(len + 40);
        let data = (0..len).map(|at| if at % line_len == line_len - 1 { '\n' } else { 'a' }).collect();
        let event_type = ["", "tick", "temperature"][below(3)].into();
        Owned { event_type, id: number.to_string(), data }
    })
}

impl Owned {
    pub fn message(&self) -> Message<'_> {
        let message = Message::new().id(EventId::new(&self.id).unwrap()).data(&self.data);
        if self.event_type.is_empty() { message } else { message.event(EventType::new(&self.event_type).unwrap()) }
    }

    /// What a parser of [`CAPACITY`] makes of it, after a message with the ID before.
    pub fn seen(&self, id_before: usize) -> Seen {
        let id_before = if id_before == 0 { 0 } else { id_before.to_string().len() };
        let needed = id_before + self.id.len() + self.event_type.len() + self.data.len();
        if needed > CAPACITY {
            return Seen::Lost { needed };
        }
        let event_type = if self.event_type.is_empty() { "message" } else { &self.event_type };
        Seen::event(event_type, &self.data, &self.id)
    }
}
