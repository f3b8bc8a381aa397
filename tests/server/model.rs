//! A log and its clients beside a naive model of them: a list of all events that ever were, from which those go that no
//! longer fit. What a client receives is read by the real parser.

#![allow(dead_code, reason = "each test uses a part")]

#[path = "source.rs"]
pub mod source;

use source::{Event, Source};
use sse_wire::server::{Cursor, EventLog, Fill, Lagged, PushError, Resume};
use sse_wire::{EventId, EventType, Message, Parser, Storage};
use std::fmt::Write;

/// A client and what it should have.
pub struct Client<const P: usize> {
    pub cursor: Cursor,
    pub parser: Parser<[u8; P]>,
    /// How many events are behind it, all that ever were counted.
    pub index: usize,
    /// How much of the next one it has.
    pub offset: usize,
}

pub struct World<B, const P: usize> {
    pub log: EventLog<B>,
    pub epoch: u64,
    /// The bytes and the number of events that the log can hold.
    pub size: usize,
    pub slots: usize,
    /// All that ever were. Event number 1 is the first of these.
    pub events: Vec<Event>,
    /// How many of them have gone.
    pub gone: usize,
    pub is_closed: bool,
    pub clients: Vec<Client<P>>,
    /// How many events the parsers have seen.
    pub delivered: usize,
}

impl<B: Storage, const P: usize> World<B, P> {
    pub fn new(buffer: B, len: usize, slots: usize, epoch: u64) -> Self {
        let log = EventLog::new(buffer, slots, epoch);
        let slots = slots.max(1);
        let mut world = Self {
            log,
            epoch,
            size: len.saturating_sub(4 * slots),
            slots,
            events: Vec::new(),
            gone: 0,
            is_closed: false,
            clients: Vec::new(),
            delivered: 0,
        };
        world.check();
        world
    }

    fn next(&self) -> u64 {
        self.events.len() as u64 + 1
    }

    /// How many of the oldest must go for `bytes` more in `slots` more events.
    fn gone_for(&self, bytes: usize, slots: usize) -> usize {
        (self.gone..=self.events.len())
            .find(|&gone| {
                let kept = &self.events[gone..];
                let used: usize = kept.iter().map(|event| event.bytes.len()).sum();
                used + bytes <= self.size && kept.len() + slots <= self.slots
            })
            .unwrap()
    }

    /// What is always so.
    pub fn check(&mut self) {
        let log = &self.log;
        assert_eq!(log.next_number(), self.next());
        assert_eq!(log.live().number(), self.next());
        assert_eq!(log.oldest().number(), self.gone as u64 + 1);
        assert_eq!(log.is_closed(), self.is_closed);
        let chunk = log.read(&log.oldest()).unwrap();
        let kept = self.events[self.gone..].iter().flat_map(|event| &event.bytes);
        assert!(chunk.bytes().eq(kept.copied()), "the log holds what the list does");
        assert!(chunk.back.is_empty() || !chunk.front.is_empty());
    }

    fn expect_push(&mut self, event: Event, max: Option<usize>, result: Result<u64, PushError>) {
        let len = event.bytes.len();
        if self.is_closed {
            assert_eq!(result, Err(PushError::Closed));
        } else if let Some(max) = max.filter(|&max| len > max.min(self.size)) {
            // It was given up when the first piece was too much.
            let Err(PushError::TooLarge { needed }) = result else { panic!("{result:?}") };
            assert!((max.min(self.size) + 1..=len).contains(&(needed - 4 * self.slots)));
            self.expect_gone(max.min(self.size));
        } else if len > self.size {
            assert_eq!(result, Err(PushError::TooLarge { needed: len + 4 * self.slots }));
        } else {
            assert_eq!(result, Ok(self.next()));
            self.gone = self.gone_for(len, 1);
            self.events.push(event);
        }
    }

    /// Some may have gone, but no more than make room for so many bytes.
    fn expect_gone(&mut self, bytes: usize) {
        let gone = self.log.oldest().number() as usize - 1;
        assert!((self.gone..=self.gone_for(bytes, 0)).contains(&gone));
        self.gone = gone;
    }

    /// Pushes an event in any way.
    pub fn push(&mut self, given_id: Option<&str>, kind: Option<&str>, extra: bool, data: &str) {
        let own = format!("{}-{}", self.epoch, self.next());
        let id = given_id.filter(|id| !id.is_empty()).unwrap_or(&own);
        let event = Event::new(kind, id, if extra { "retry: 7\n: x\n: y\n" } else { "" }, data);
        let mut message = Message::new().data(data);
        if let Some(kind) = kind {
            message = message.event(EventType::new(kind).unwrap());
        }
        if extra {
            message = message.retry(7).comment("x\ny").id(EventId::new("not this one").unwrap());
        }
        let result = match given_id {
            Some(id) => self.log.push_as(EventId::new(id).unwrap(), &message),
            None => self.log.push(&message),
        };
        self.expect_push(event, None, result);
    }

    /// Writes an event in pieces, and perhaps gives it up after some.
    pub fn push_with(&mut self, kind: Option<&str>, pieces: &[&str], max: usize, fail: bool) {
        let id = format!("{}-{}", self.epoch, self.next());
        let event = Event::new(kind, &id, "", &pieces.concat());
        let mut head = Message::new();
        if let Some(kind) = kind {
            head = head.event(EventType::new(kind).unwrap());
        }
        let result = self.log.push_with(&head, max, |data| {
            pieces.iter().try_for_each(|piece| data.write_str(piece))?;
            if fail { Err(std::fmt::Error) } else { Ok(()) }
        });
        let fits = event.bytes.len() <= max.min(self.size);
        if fail && fits && !self.is_closed {
            assert_eq!(result, Err(PushError::Aborted));
            self.expect_gone(max.min(self.size));
        } else {
            self.expect_push(event, Some(max), result);
        }
    }

    pub fn close(&mut self) {
        self.log.close();
        self.is_closed = true;
    }

    pub fn connect(&mut self, at_oldest: bool) {
        let cursor = if at_oldest { self.log.oldest() } else { self.log.live() };
        let index = if at_oldest { self.gone } else { self.events.len() };
        self.clients.push(Client { cursor, parser: Parser::new([0; P]), index, offset: 0 });
    }

    /// What the log says of a client if that has been overtaken.
    fn overtaken(&self, who: usize) -> Option<Lagged> {
        let Client { index, offset, .. } = self.clients[who];
        let missed = self.gone.checked_sub(index).filter(|&missed| missed > 0)? as u64;
        Some(Lagged { missed: Some(missed), go_on: (offset == 0).then(|| self.log.oldest()) })
    }

    /// The client is told its gap, or closed.
    fn go_on(&mut self, who: usize, lagged: Lagged) {
        let gone = self.gone;
        let client = &mut self.clients[who];
        match lagged.go_on {
            Some(cursor) => (client.cursor, client.index, client.offset) = (cursor, gone, 0),
            None => self.cut(who, true),
        }
    }

    /// Gives a client bytes, and reads them with its parser.
    fn deliver(&mut self, who: usize, sent: &[usize], bytes: &[u8]) {
        let parser = &mut self.clients[who].parser;
        let mut rest = bytes;
        for &index in sent {
            let expected = &self.events[index];
            let event = parser.next(&mut rest).expect("an event is complete").expect("it fits");
            assert_eq!(event.event_type(), &expected.kind[..]);
            assert_eq!(event.data(), &expected.data[..]);
            assert_eq!(event.id().unwrap(), &expected.id[..]);
            self.delivered += 1;
        }
        assert_eq!(parser.next(&mut rest), None);
    }

    /// The client's cursor is where the client is.
    fn check_cursor(&self, who: usize) {
        let client = &self.clients[who];
        assert_eq!(client.cursor.number(), client.index as u64 + 1);
        assert_eq!(client.cursor.is_mid_event(), client.offset > 0);
    }

    /// Fills a window of any size, with all or only with some events.
    pub fn fill(&mut self, who: usize, window: usize, only: Option<&str>) {
        let overtaken = self.overtaken(who);
        let mut out = vec![b'?'; window];
        let mut asked = Vec::new();
        let client = &mut self.clients[who];
        let before = client.cursor;
        let (len, fill) = match only {
            None => self.log.fill(&mut client.cursor, &mut out),
            Some(only) => self.log.fill_if(&mut client.cursor, &mut out, |kind| {
                asked.push(String::from_utf8(kind.bytes().collect()).unwrap());
                kind == only
            }),
        };
        if let Some(lagged) = overtaken {
            assert_eq!((len, fill, client.cursor), (0, Fill::Lagged(lagged), before));
            assert!(out.iter().all(|&byte| byte == b'?'));
            return self.go_on(who, lagged);
        }

        // Event by event, as many whole ones as fit, or else a part of one.
        let (mut expected, mut sent, mut to_ask) = (Vec::new(), Vec::new(), Vec::new());
        let mut is_full = false;
        while client.index < self.events.len() {
            let event = &self.events[client.index];
            if client.offset == 0 {
                to_ask.push(event.kind.clone());
            }
            if client.offset > 0 || only.is_none_or(|only| only == event.kind) {
                let rest = &event.bytes[client.offset..];
                if expected.len() + rest.len() > window {
                    is_full = true;
                    if expected.is_empty() {
                        expected.extend_from_slice(&rest[..window]);
                        client.offset += window;
                    }
                    break;
                }
                expected.extend_from_slice(rest);
                sent.push(client.index);
            }
            (client.index, client.offset) = (client.index + 1, 0);
        }
        let end = if self.is_closed { Fill::End } else { Fill::CaughtUp };
        assert_eq!(fill, if is_full { Fill::OutputFull } else { end });
        assert_eq!(&out[..len], expected);
        assert!(out[len..].iter().all(|&byte| byte == b'?'), "nothing else is written");
        if only.is_some() {
            assert_eq!(asked, to_ask);
        }
        self.check_cursor(who);
        self.deliver(who, &sent, &expected);
    }

    /// Sends straight from the log, any part of what it lends.
    pub fn read(&mut self, who: usize, taken: usize) {
        let overtaken = self.overtaken(who);
        let client = &mut self.clients[who];
        if let Some(lagged) = overtaken {
            assert_eq!(self.log.read(&client.cursor), Err(lagged));
            let before = client.cursor;
            let unknown = Lagged { go_on: if taken > 0 { None } else { lagged.go_on }, ..lagged };
            assert_eq!(self.log.advance(&mut client.cursor, taken), Err(unknown));
            assert_eq!(client.cursor, before);
            return self.go_on(who, lagged);
        }
        let chunk = self.log.read(&client.cursor).unwrap();
        let lent: Vec<u8> = chunk.bytes().collect();
        let rest: Vec<u8> = self.events[client.index..].iter().flat_map(|event| event.bytes.clone()).collect();
        assert_eq!(lent, rest[client.offset..]);
        assert_eq!((chunk.len(), chunk.is_empty()), (lent.len(), lent.is_empty()));
        self.log.advance(&mut client.cursor, taken).unwrap();
        let taken = taken.min(lent.len());
        let (mut offset, mut sent) = (client.offset + taken, Vec::new());
        while let Some(event) = self.events.get(client.index).filter(|event| offset >= event.bytes.len()) {
            offset -= event.bytes.len();
            sent.push(client.index);
            client.index += 1;
        }
        client.offset = offset;
        self.check_cursor(who);
        self.deliver(who, &sent, &lent[..taken]);
    }

    /// Moves the client's last event ID to where it is.
    pub fn mark(&mut self, who: usize, room: usize) {
        let is_overtaken = self.overtaken(who).is_some();
        let client = &mut self.clients[who];
        let mut out = vec![b'?'; room];
        let len = self.log.mark(&client.cursor, &mut out);
        let before = client.index.checked_sub(1).filter(|&before| before >= self.gone);
        let id = before.map_or(format!("{}-{}", self.epoch, client.index), |before| self.events[before].id.clone());
        let block = format!("id: {id}\n\n");
        if is_overtaken || client.offset > 0 || block.len() > room {
            assert_eq!(len, 0);
        } else {
            assert_eq!(&out[..len], block.as_bytes());
            assert_eq!(client.parser.next(&mut &out[..len]), None);
            assert_eq!(client.parser.last_event_id(), &id[..]);
        }
        assert!(out[len..].iter().all(|&byte| byte == b'?'));
    }

    /// What the log should answer to an ID.
    fn resumed(&self, id: &str) -> Result<usize, Option<u64>> {
        let own = (0..self.next() as usize).find(|number| format!("{}-{number}", self.epoch) == id);
        let given =
            || (self.gone..self.events.len()).rev().find(|&index| self.events[index].id == id).map(|index| index + 1);
        match own.or_else(given) {
            None => Err(None),
            Some(behind) if behind < self.gone => Err(Some((self.gone - behind) as u64)),
            Some(behind) => Ok(behind),
        }
    }

    /// Asks for an ID, and returns how many events are behind the answer.
    pub fn resume(&self, id: &str) -> Option<(Cursor, usize)> {
        let answer = self.log.resume(EventId::new(id).unwrap());
        match (self.resumed(id), answer) {
            (Ok(index), Resume::Found(cursor)) => {
                assert_eq!((cursor.number(), cursor.is_mid_event()), (index as u64 + 1, false));
                Some((cursor, index))
            }
            (Err(Some(expected)), Resume::Expired { missed, oldest }) => {
                assert_eq!((missed, oldest), (expected, self.log.oldest()));
                Some((oldest, self.gone))
            }
            (Err(None), Resume::Unknown) => None,
            (expected, answer) => panic!("{id}: {answer:?} for {expected:?}"),
        }
    }

    /// The connection is lost, and the client comes back with the ID that its parser knows.
    pub fn cut(&mut self, who: usize, at_oldest: bool) {
        let client = &mut self.clients[who];
        client.parser.reconnect();
        let last = client.parser.last_event_id().to_str().unwrap().to_owned();
        let found = if last.is_empty() { None } else { self.resume(&last) };
        let (cursor, index) = found.unwrap_or(match at_oldest {
            true => (self.log.oldest(), self.gone),
            false => (self.log.live(), self.events.len()),
        });
        let client = &mut self.clients[who];
        (client.cursor, client.index, client.offset) = (cursor, index, 0);
    }

    /// Does one thing that comes to mind.
    pub fn step(&mut self, source: &mut impl Source) {
        const KINDS: [Option<&str>; 5] = [None, Some("a"), Some("a longer type"), Some(""), Some("message")];
        const PIECES: [&str; 10] = ["", "x", "\n", "\r", "\r\n", "\n\n", "id: 1-1", " two words", "é", "data: \nid: 9"];
        let who = source.below(self.clients.len());
        match source.below(16) {
            0..4 => {
                let kind = KINDS[source.below(KINDS.len())];
                let mut data = "y".repeat(if source.one_in(4) { source.below(260) } else { source.below(20) });
                data.push_str(source.pick(&PIECES));
                let given = if source.one_in(6) { Some(format!("{}", source.below(40))) } else { None };
                let given = if source.one_in(40) { Some(String::new()) } else { given };
                self.push(given.as_deref(), kind, source.one_in(4), &data);
            }
            4 => {
                let pieces: Vec<_> = (0..source.below(6)).map(|_| source.pick(&PIECES)).collect();
                let max = if source.one_in(3) { usize::MAX } else { source.below(100) };
                self.push_with(KINDS[source.below(KINDS.len())], &pieces, max, source.one_in(3));
            }
            5 if !self.is_closed => {
                let message = Message::new().comment("x").id(EventId::new("x").unwrap());
                assert_eq!(self.log.push(&message), Err(PushError::NoData));
                assert_eq!(self.log.push_as(EventId::new("x").unwrap(), &message), Err(PushError::NoData));
            }
            6 if source.one_in(20) => self.close(),
            6 | 7 => {
                let number = source.below(self.events.len() + 3);
                let id = match source.below(6) {
                    0 => format!("{}-{number}", self.epoch),
                    1 => format!("{}-0{number}", self.epoch),
                    2 => format!("{}-{number}", self.epoch ^ 1),
                    3 => format!("{}-{number}x", self.epoch),
                    4 => format!("+{}-{number}", self.epoch),
                    _ => format!("{number}"),
                };
                self.resume(&id);
            }
            8 if self.clients.len() < 4 => self.connect(source.one_in(2)),
            _ if self.clients.is_empty() => {}
            8 => drop(self.clients.swap_remove(who)),
            9 | 10 => self.fill(who, source.size(), None),
            11 | 12 => {
                let window = source.size();
                let only = source.pick(&["a", "message", "a longer type", "b"]);
                self.fill(who, window, Some(only));
            }
            13 => self.read(who, source.size()),
            14 => self.cut(who, source.one_in(2)),
            _ => self.mark(who, source.below(60)),
        }
        self.check();
    }
}
