//! The short ways past the machine, for what comes most often.
//!
//! | where the chunk starts | the short way | takes |
//! |---|---|---|
//! | at a block | [`whole`](Parser::whole) | an event that lies in the chunk with one `data` line |
//! | | [`take_over`](Parser::take_over) | the first lines of any other event |
//! | at a line of a block | [`blank_line`](Parser::blank_line) | the end of an event that is stored |
//! | | [`data_lines`](Parser::data_lines) | further `data` lines |
//! | within a line | [`rest_of_line`](Parser::rest_of_line) | what there is of it |
//!
//! Each takes what is simple and fits, does to the state what the machine would have done, and leaves everything else where it
//! is: without them every result would be the same. They are left out where [`SMALL`] code is wanted.

use super::super::arena::{Lent, Part};
use super::super::event::Event;
use super::super::name::Field;
use super::super::token::Token;
use super::super::whole::{self, Front};
use super::{Line, Parser, Phase, Status};
use crate::scan::{BLOCK, CR, LF, SMALL};
use crate::storage::Storage;

/// At the start of a block.
impl<B: Storage + ?Sized> Parser<B> {
    /// Takes a whole event off the front of `input`, if a block starts there and the event is simple and fits. The arena knows
    /// nothing of it then.
    #[inline(always)]
    pub(super) fn whole<'c>(&mut self, input: &mut &'c [u8]) -> Option<Lent<'c, true>> {
        if SMALL || input.len() < whole::SHORTEST || self.phase != Phase::Fresh || !self.tokenizer.starts_line(input) {
            return None;
        }
        if let [b':' | CR | LF, ..] = input {
            self.skip_to(whole::skip_idle(input), input);
            // A comment without its end; whether a space follows the colon does not matter.
            if let [b':', ..] = input {
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

    /// Stores the lines before `rest`, which are lent, and `data` lines that follow, be it the front of one that is cut.
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
        // It is not known yet whether a space follows the name.
        if value.is_empty() {
            return;
        }
        if self.arena.append_data(value, false, &Lent::<false>::default()) {
            self.phase = Phase::Block;
            self.tokenizer.enter_value(Field::Data);
            *input = &[];
        }
    }
}

/// At the start of a line.
impl<B: Storage + ?Sized> Parser<B> {
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

    /// Takes further `data` lines off the front of `input`, while there is room for them, and the front of one that is cut.
    #[inline(always)]
    pub(super) fn data_lines(&mut self, input: &mut &[u8]) {
        if !SMALL && self.tokenizer.starts_line(input) && input.first() == Some(&b'd') {
            self.append_data_lines(input);
        }
    }

    /// The same where a line starts that may be one.
    #[inline(never)]
    fn append_data_lines(&mut self, input: &mut &[u8]) {
        // In small chunks most lines are cut.
        if input.len() <= BLOCK {
            if let Some((value, None)) = whole::data_line(0, input) {
                return self.cut_data_line(value, input);
            }
        }
        let mut room = self.arena.room();
        let (before, mut rest, mut cut) = (room.len(), *input, None);
        loop {
            let known = match whole::data_block(rest) {
                Ok((block, len, after)) if room.append_block(block, len) => {
                    rest = after;
                    continue;
                }
                Ok(_) => 0,
                Err(known) => known,
            };
            let Some((value, after)) = whole::data_line(known, rest) else { break };
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
}

/// Within a line.
impl<B: Storage + ?Sized> Parser<B> {
    /// Goes on with a line from an earlier chunk, as most small chunks do, and returns whether `input` is used up by that.
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

    /// The same with a line whose value has begun.
    #[inline(never)]
    fn rest_of_value(&mut self, field: Field, input: &mut &[u8]) -> bool {
        if let Some(Token::Value { bytes, end, .. }) = self.tokenizer.value(field, 0, input) {
            if field != Field::Data || !self.arena.append_data(bytes, end, &Lent::<false>::default()) {
                self.store(field, bytes, end);
                return input.is_empty();
            }
            self.phase = Phase::Block;
            if end {
                self.data_lines(input);
            }
        }
        input.is_empty()
    }

    /// Takes a piece of a value as the machine would.
    #[inline(never)]
    fn store(&mut self, field: Field, bytes: &[u8], end: bool) {
        self.value(field, bytes, end, &mut Lent::<false>::default());
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
}
