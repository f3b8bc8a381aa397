//! The machine behind both doors.

use super::super::arena::{Lent, Part};
use super::super::event::Event;
use super::super::name::Field;
use super::super::token::Token;
use super::{Line, Parser, Phase, Status};
use crate::error::Overflow;
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
    pub(super) fn value<'c, const LENDS: bool>(
        &mut self,
        field: Field,
        bytes: &'c [u8],
        end: bool,
        lent: &mut Lent<'c, LENDS>,
    ) {
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
