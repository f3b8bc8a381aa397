//! The machine behind both doors.

use super::super::arena::{Lent, Part};
use super::super::event::Event;
use super::super::token::{Field, Token};
use super::super::whole::{self, Front};
use super::{Line, Parser, Phase, Status};
use crate::error::Overflow;
use crate::scan::{CR, LF, SMALL};
use crate::storage::Storage;

impl<B: Storage + ?Sized> Parser<B> {
    /// Reads on to the next verdict. What of the event lies in the chunk is `lent` if it is complete, stored if it is not.
    #[inline(never)]
    pub(super) fn read<'c, const LENDS: bool>(&mut self, input: &mut &'c [u8], lent: &mut Lent<'c, LENDS>) -> Status {
        while let Some(token) = self.tokenizer.next(input) {
            match token {
                Token::Value { field: Field::Data, bytes, end } if self.arena.append_data(bytes, end, lent) => {
                    self.phase = Phase::Block;
                    self.data_lines(input);
                }
                Token::Value { field, bytes, end } => self.value(field, bytes, end, lent),
                Token::Blank => {
                    if let Some(verdict) = self.blank(lent) {
                        return verdict;
                    }
                }
            }
        }
        self.arena.keep(lent);
        Status::NeedInput
    }

    /// The fast path: takes a whole event off the front of `input`, if a block starts there and the event is simple and fits.
    /// The arena knows nothing of it then.
    #[inline(always)]
    pub(super) fn whole<'c>(&mut self, input: &mut &'c [u8]) -> Option<Lent<'c, true>> {
        if SMALL || input.len() < whole::SHORTEST || self.phase != Phase::Fresh || !self.tokenizer.starts_line(input) {
            return None;
        }
        if let [b':' | CR | LF, ..] = input {
            self.skip_to(whole::skip_idle(input), input);
            // A comment without its end, and long enough to say whether a space follows the colon.
            if let [b':', _, ..] = input {
                self.tokenizer.enter_value(Field::Comment);
                *input = &[];
                return None;
            }
        }
        match whole::event(input) {
            Front::Event(lent, end, rest) => {
                if !self.arena.has_room(&lent, input.len() - rest.len()) {
                    return None;
                }
                *input = rest;
                self.tokenizer.end_line(end);
                Some(lent)
            }
            Front::Lines(lent, rest, is_cut) => {
                if is_cut || rest.len() < input.len() {
                    self.take_over(lent, rest, is_cut, input);
                }
                None
            }
        }
    }

    /// Stores lines that start a block.
    #[inline(never)]
    fn take_over<'c>(&mut self, mut lent: Lent<'c, true>, rest: &'c [u8], is_cut: bool, input: &mut &'c [u8]) {
        if !lent.is_empty() {
            if !self.arena.has_room(&lent, input.len() - rest.len()) {
                return;
            }
            self.arena.account(&lent);
            self.arena.keep(&mut lent);
            self.phase = Phase::Block;
        }
        self.skip_to(rest, input);
        if !is_cut && self.arena.has_data() {
            self.data_lines(input);
        } else if let (true, Some(value)) = (is_cut, whole::cut_data_line(input)) {
            self.cut_data_line(value, input);
        }
    }

    /// Stores the front of a `data` line, which is all of `input`, if there is room.
    #[inline(always)]
    fn cut_data_line(&mut self, value: &[u8], input: &mut &[u8]) {
        if value.is_empty() {
            return;
        }
        if self.arena.append_data(value, false, &Lent::<false>::default()) {
            self.phase = Phase::Block;
            self.tokenizer.enter_value(Field::Data);
            *input = &[];
        }
    }

    /// The other fast path: goes on with a line from an earlier chunk, as most small chunks do, and returns whether `input`
    /// is used up by that.
    #[inline(always)]
    pub(super) fn rest_of_line(&mut self, input: &mut &[u8]) -> bool {
        if SMALL {
            return false;
        }
        let field = self.tokenizer.in_value();
        if let [byte] = **input {
            let is_taken = match field {
                Some(field) => self.byte(field, byte),
                None => self.step(byte),
            };
            if is_taken {
                *input = &[];
                return true;
            }
        }
        field.is_some_and(|field| self.rest_of_value(field, input))
    }

    /// Takes one byte of a value and returns true, if that is simple.
    #[inline(never)]
    fn byte(&mut self, field: Field, byte: u8) -> bool {
        let part = match field {
            _ if byte == LF || byte == CR => return self.line_end(field, byte),
            Field::Comment => return true,
            Field::Data => Part::Data,
            Field::Event => Part::EventType,
            Field::Id if byte != 0 && self.line == Line::Plain => Part::Id,
            Field::Id | Field::Retry => return false,
        };
        self.phase = Phase::Block;
        self.arena.append(part, &[byte])
    }

    /// The same with a byte that ends the line.
    #[inline(never)]
    fn line_end(&mut self, field: Field, byte: u8) -> bool {
        match field {
            Field::Comment => {}
            Field::Data if self.arena.append_data(&[], true, &Lent::<false>::default()) => self.phase = Phase::Block,
            _ => return false,
        }
        self.tokenizer.end_line(byte);
        true
    }

    /// The same with a byte of a name.
    #[inline(never)]
    fn step(&mut self, byte: u8) -> bool {
        self.tokenizer.step(byte)
    }

    /// Takes a blank line that ends a block which is stored, and returns whether that is an event.
    #[inline(always)]
    pub(super) fn blank_line(&mut self, input: &mut &[u8]) -> bool {
        let [end @ (LF | CR), rest @ ..] = *input else { return false };
        if SMALL || self.phase != Phase::Block || !self.tokenizer.is_at_line_start() || !self.arena.is_simple_event() {
            return false;
        }
        self.tokenizer.end_line(*end);
        *input = rest;
        self.phase = Phase::Delivered;
        true
    }

    #[inline(never)]
    fn rest_of_value(&mut self, field: Field, input: &mut &[u8]) -> bool {
        if let Some(Token::Value { bytes, end, .. }) = self.tokenizer.value(field, 0, input) {
            let mut lent = Lent::<false>::default();
            if field != Field::Data || !self.arena.append_data(bytes, end, &lent) {
                self.value(field, bytes, end, &mut lent);
                return input.is_empty();
            }
            self.phase = Phase::Block;
            if end {
                self.data_lines(input);
            }
        }
        input.is_empty()
    }

    /// And a third one: takes further whole `data` lines off the front of `input`, while there is room for them.
    #[inline(always)]
    fn data_lines(&mut self, input: &mut &[u8]) {
        if SMALL || !self.tokenizer.starts_line(input) {
            return;
        }
        let mut room = self.arena.room();
        let (before, mut rest, mut cut) = (room.len(), *input, None);
        while let Some((value, after)) = whole::data_line(rest) {
            let Some(after) = after else {
                cut = Some(value);
                break;
            };
            if !room.append_line(value) {
                break;
            }
            rest = after;
        }
        let added = before.saturating_sub(room.len());
        self.arena.extend_data(added);
        self.skip_to(rest, input);
        if let Some(value) = cut {
            self.cut_data_line(value, input);
        }
    }

    /// Moves to `rest`, the part of `input` behind whole lines.
    #[inline(always)]
    fn skip_to<'c>(&mut self, rest: &'c [u8], input: &mut &'c [u8]) {
        if let Some(end) = input.len().checked_sub(rest.len() + 1).and_then(|at| input.get(at)) {
            self.tokenizer.end_line(*end);
            *input = rest;
        }
    }

    /// Leaves behind what the call before has shown.
    #[inline(always)]
    pub(super) fn begin(&mut self) {
        if !matches!(self.phase, Phase::Fresh | Phase::Block) {
            self.finish();
        }
    }

    /// Starts the next block.
    #[inline(never)]
    pub(super) fn finish(&mut self) {
        if self.phase != Phase::Ended {
            self.arena.commit();
        }
        self.arena.discard();
        self.phase = Phase::Fresh;
    }

    /// Takes a piece of a value (section 6 of the rules).
    #[inline(always)]
    fn value<'c, const LENDS: bool>(&mut self, field: Field, bytes: &'c [u8], end: bool, lent: &mut Lent<'c, LENDS>) {
        match field {
            Field::Data => self.arena.take(Part::Data, bytes, end, lent),
            Field::Event => self.arena.take(Part::EventType, bytes, end, lent),
            Field::Id => self.id(bytes, end, lent),
            Field::Retry => return self.digits(bytes, end),
            Field::Comment => return,
        }
        self.phase = Phase::Block;
    }

    /// An ID counts unless there is a NUL in it, so up to the NUL it must be kept.
    fn id<'c, const LENDS: bool>(&mut self, bytes: &'c [u8], end: bool, lent: &mut Lent<'c, LENDS>) {
        if self.line == Line::Plain {
            match bytes.iter().position(|&byte| byte == 0) {
                None => return self.arena.take(Part::Id, bytes, end, lent),
                Some(at) => {
                    self.arena.take(Part::Id, bytes.get(..at).unwrap_or_default(), false, lent);
                    self.line = Line::Void;
                }
            }
        }
        if end {
            self.arena.forget_line();
            self.line = Line::Plain;
        }
    }

    /// A reconnection time counts if it is all digits, and takes effect at once.
    fn digits(&mut self, bytes: &[u8], end: bool) {
        for &byte in bytes {
            if byte.is_ascii_digit() && self.line != Line::Void {
                self.line = Line::Digits;
                self.digits = self.digits.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
            } else {
                self.line = Line::Void;
            }
        }
        if end {
            if self.line == Line::Digits {
                self.retry = Some(self.digits);
            }
            self.digits = 0;
            self.line = Line::Plain;
        }
    }

    /// Ends the block (section 7 of the rules): the ID first and always, then the event if there is data.
    fn blank<const LENDS: bool>(&mut self, lent: &mut Lent<'_, LENDS>) -> Option<Status> {
        if self.phase == Phase::Fresh {
            return None;
        }
        self.arena.keep_id(lent);
        let overflow = self.overflow();
        if overflow.is_none() && self.arena.has_data() {
            self.phase = Phase::Delivered;
            return Some(Status::Event);
        }
        *lent = Lent::default();
        self.finish();
        overflow.map(Status::Overflow)
    }

    /// What the block has lost, if it is a loss that it had to be complete for.
    pub(super) fn overflow(&self) -> Option<Overflow> {
        let is_event_lost = self.arena.is_lost() && self.arena.has_data();
        let is_id_lost = self.arena.is_id_lost();
        (is_event_lost || is_id_lost).then(|| Overflow::new(self.arena.needed(), is_id_lost))
    }

    /// Stores the event of what is lent and nothing else.
    pub(super) fn keep(&mut self, mut lent: Lent<'_, true>) -> Status {
        self.arena.account(&lent);
        self.arena.keep(&mut lent);
        match self.overflow() {
            None => Status::Event,
            Some(overflow) => {
                // The allocator has just refused the memory.
                self.finish();
                Status::Overflow(overflow)
            }
        }
    }

    /// Makes the event of what is lent and nothing else. Its ID is the last event ID at once, and a new block starts.
    #[inline(always)]
    pub(super) fn lend<'p>(&'p mut self, lent: Lent<'p, true>) -> Event<'p> {
        if let Some(id) = lent.id {
            self.arena.commit_lent(id);
        }
        Event {
            event_type: lent.event_type.unwrap_or_default(),
            data: lent.data.unwrap_or_default(),
            last_event_id: self.arena.committed(),
            has_id: lent.id.is_some(),
        }
    }

    /// Puts the event together from what is lent and what is stored.
    #[inline]
    pub(super) fn assemble<'p, const LENDS: bool>(&'p self, lent: Lent<'p, LENDS>) -> Event<'p> {
        let has_id = self.arena.has_id();
        let lent = if LENDS { lent } else { Lent::default() };
        Event {
            event_type: lent.event_type.unwrap_or_else(|| self.arena.event_type()),
            data: lent.data.unwrap_or_else(|| self.arena.data()),
            last_event_id: if has_id { self.arena.id() } else { self.arena.committed() },
            has_id,
        }
    }
}
