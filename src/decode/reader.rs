//! From chunks to events: the loop, and three fast ways past it.
//!
//! ```text
//! 1  in a value?           rest_of_value
//! 2  at a block's start?   borrow ── whole, one `data` line, fits ──► Step::Borrowed
//!                             └───── else: adopt, then data_lines or cut_line
//! 3  anything left?        read_tokens: { token ─► take ─► data_lines } ──► Step::Stored, Step::Lost; silent: again from 1
//! ```
//!
//! # Advice to whoever changes something
//!
//! The fast ways decide nothing of their own. Each repeats rules whose home is elsewhere, for what is frequent, and leaves
//! everything else to `read_tokens`, which works without them. `compare.rs` reads streams with the fast ways and without
//! them, and compares events, state and budget after every step.
//!
//! | fast way | repeats | whose home is |
//! |---|---|---|
//! | (a) [`borrow`](Reader::borrow) | what each field does and costs; that an ID with a NUL has no effect; that an empty type is none | [`Block::take`] |
//! | | that a block with data is an event, and that one without data and ID comes to nothing; that its ID is committed | [`Block::blank_line`] |
//! | | that an event must fit | [`Block::take`] |
//! | (b) [`data_lines`](Reader::data_lines) | that a line break joins `data` lines, and what both cost | [`Block::take`] |
//! | (c) [`rest_of_value`](Reader::rest_of_value) | nothing: it calls what the loop calls, without the loop | |
//!
//! * If you change what a field does or costs, change `Block::take`, `Borrowed`, and `Block::extend_data`.
//! * If you change how data is joined, change `Block::take` and `Room`.
//! * If you change what ends a line or a name, change `field`, `line` and `token`, which share the search for line ends.
//! * If you add a fast way, add its streams to `compare.rs`, and take it out again if it is worth less than 15 %.

use super::block::{Block, Verdict};
use super::borrowed::Borrowed;
use super::end::End;
use super::field::Field;
use super::line::{DataLine, Line, blank_line, data_line, data_slab, may_be_data};
use super::token::{Token, Tokenizer};
use crate::storage::Storage;

/// Reads a stream: a tokenizer, the block that its tokens make, and the reconnection time.
#[derive(Clone)]
pub(super) struct Reader<B: ?Sized> {
    retry: u64,
    has_retry: bool,
    /// What a `retry` line in progress says so far.
    digits: u64,
    digits_state: Digits,
    pub(super) tokenizer: Tokenizer,
    /// How many lines with unknown names have ended since the stream began.
    unknown_lines: u32,
    pub(super) block: Block<B>,
}

/// What is known of the value of a `retry` line in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digits {
    /// Nothing has come of it.
    Missing,
    /// It is all digits so far.
    Valid,
    /// It holds anything else, and will have no effect.
    Invalid,
}

/// The length of the shortest event, with an empty `data` line.
const SHORTEST: usize = "data\n\n".len();

/// What [`Reader::read`] has come to.
pub(super) enum Step<'c> {
    /// The chunk is used up.
    NeedInput,
    /// An event is complete and lies in the chunk.
    Borrowed(Borrowed<'c>),
    /// An event is complete and stored.
    Stored,
    /// An event was lost: see [`Block::overflow`].
    Lost,
}

impl<B> Reader<B> {
    // Each call that is not inlined may copy the buffer on the stack.
    #[inline(always)]
    pub(super) const fn new(buffer: B) -> Self {
        Self {
            retry: 0,
            has_retry: false,
            digits: 0,
            digits_state: Digits::Missing,
            tokenizer: Tokenizer::new(),
            unknown_lines: 0,
            block: Block::new(buffer),
        }
    }
}

impl<B: Storage + ?Sized> Reader<B> {
    /// Reads on to the next event or loss, and returns it and what follows. `FAST` adds the fast ways, which change no
    /// result.
    #[inline(always)]
    pub(super) fn read<'c, const FAST: bool>(&mut self, input: &'c [u8]) -> (Step<'c>, &'c [u8]) {
        self.block.begin();
        let mut input = input;
        loop {
            if FAST {
                if let Some(field) = self.tokenizer.field_of_value() {
                    input = self.rest_of_value(field, input);
                }
                if self.block.is_at_start() {
                    match self.borrow(input) {
                        (Some(borrowed), rest) => return (Step::Borrowed(borrowed), rest),
                        (None, rest) => input = rest,
                    }
                }
                if input.is_empty() {
                    return (Step::NeedInput, input);
                }
            }
            let (verdict, rest) = self.read_tokens::<FAST>(input);
            input = rest;
            match verdict {
                None => return (Step::NeedInput, input),
                Some(Verdict::Event) => return (Step::Stored, input),
                Some(Verdict::Lost) => return (Step::Lost, input),
                Some(Verdict::Silent) => {}
            }
        }
    }

    /// The slow machine: reads token by token to the end of the block, and returns what that has come to, if it is there.
    #[inline(never)]
    fn read_tokens<'c, const FAST: bool>(&mut self, input: &'c [u8]) -> (Option<Verdict>, &'c [u8]) {
        let mut input = input;
        loop {
            let (token, rest) = self.tokenizer.read::<FAST>(input);
            input = rest;
            match token {
                None => return (None, input),
                Some(Token::Blank) => return (Some(self.block.blank_line()), input),
                Some(Token::Value { field, bytes, end }) => {
                    self.take(field, bytes, end);
                    if FAST && end && field == Field::Data {
                        input = self.data_lines(input);
                    }
                }
            }
        }
    }

    /// Takes a piece of a value.
    #[inline(always)]
    fn take(&mut self, field: Field, piece: &[u8], end: bool) {
        match field {
            Field::Data | Field::Event | Field::Id => self.block.take(field, piece, end),
            Field::Retry => self.take_digits(piece, end),
            Field::Unknown if end => self.unknown_lines = self.unknown_lines.saturating_add(1),
            Field::Comment | Field::Unknown => {}
        }
    }

    /// Takes a piece of a `retry` line. The reconnection time counts if it is all digits, from the end of its line on,
    /// whatever becomes of the block (6).
    #[inline(never)]
    fn take_digits(&mut self, piece: &[u8], end: bool) {
        for &byte in piece {
            if byte.is_ascii_digit() && self.digits_state != Digits::Invalid {
                self.digits_state = Digits::Valid;
                // Ten additions instead of a multiplication, for which a small processor calls a routine that needs stack.
                let digit = u64::from(byte - b'0');
                self.digits = (0..10).fold(digit, |sum, _| sum.saturating_add(self.digits));
            } else {
                self.digits_state = Digits::Invalid;
            }
        }
        if end {
            let digits = core::mem::take(&mut self.digits);
            if core::mem::replace(&mut self.digits_state, Digits::Missing) == Digits::Valid {
                self.retry = digits;
                self.has_retry = true;
            }
        }
    }

    pub(super) fn retry(&self) -> Option<u64> {
        self.has_retry.then_some(self.retry)
    }

    pub(super) const fn take_retry(&mut self) -> Option<u64> {
        if core::mem::replace(&mut self.has_retry, false) { Some(self.retry) } else { None }
    }

    pub(super) const fn set_retry(&mut self, milliseconds: u64) {
        self.retry = milliseconds;
        self.has_retry = true;
    }

    /// Returns how many lines with unknown names have begun since the stream began.
    pub(super) fn unknown_lines(&self) -> u32 {
        let in_progress = self.tokenizer.field_in_progress() == Some(Field::Unknown);
        self.unknown_lines.saturating_add(u32::from(in_progress))
    }

    /// Ends the stream, and returns what that leaves unfinished (8).
    pub(super) fn end(&mut self) -> End<'_> {
        let tokenizer = core::mem::take(&mut self.tokenizer);
        self.digits = 0;
        self.digits_state = Digits::Missing;
        self.unknown_lines = 0;
        self.block.end_stream(tokenizer.is_mid_line(), tokenizer.field_in_progress())
    }

    /// Fast way (a), at the start of a block: passes over blocks that come to nothing, and takes an event that lies in the
    /// chunk with one `data` line and fits, so that it can be lent. Of any other block it stores the lines that it has read.
    #[inline(always)]
    fn borrow<'c>(&mut self, input: &'c [u8]) -> (Option<Borrowed<'c>>, &'c [u8]) {
        if input.len() < SHORTEST {
            return (None, input);
        }
        let Some(mut rest) = self.tokenizer.first_line_start(input) else { return (None, input) };
        let mut borrowed = Borrowed::new(self.block.fresh_budget());
        let mut is_cut = false;
        loop {
            // A blank line before the first line of a block is an unknown one here, as is an LF behind a CR: they set
            // nothing.
            let Some(line) = Line::split(rest) else {
                is_cut = true;
                break;
            };
            match line.field {
                // Several lines have to be joined, and so stored.
                Some(Field::Data) if borrowed.data.is_some() => break,
                Some(Field::Data) => borrowed.set_data(line.value()),
                Some(Field::Event) => borrowed.set_event_type(line.value()),
                Some(Field::Id) => borrowed.set_id(line.value()),
                Some(Field::Retry) => self.take_digits(line.value(), true),
                Some(Field::Comment) => {}
                Some(Field::Unknown) | None => {
                    self.unknown_lines = self.unknown_lines.saturating_add(u32::from(!line.is_empty()))
                }
            }
            rest = line.after;
            if let Some((end, after)) = blank_line(rest) {
                if borrowed.data.is_some() && self.block.prepare_to_lend(&borrowed) {
                    self.tokenizer.end_line(end);
                    return (Some(borrowed), after);
                }
                if borrowed.data.is_some() || borrowed.id.is_some() {
                    break;
                }
                // Nothing comes of this block.
                borrowed = Borrowed::new(self.block.fresh_budget());
                rest = after;
            }
        }
        self.tokenizer.skip_to(rest, input);
        if !borrowed.is_empty(self.block.fresh_budget()) {
            self.block.adopt(&borrowed);
        }
        (None, if is_cut { self.cut_line(rest) } else { self.data_lines(rest) })
    }

    /// Takes the front of a line that starts here, where the chunk is known to hold no line end, if the tokenizer knows its
    /// name.
    #[inline(never)]
    fn cut_line<'c>(&mut self, input: &'c [u8]) -> &'c [u8] {
        let (token, rest) = self.tokenizer.cut_line(input);
        if let Some(Token::Value { field, bytes, end }) = token {
            self.take(field, bytes, end);
        }
        rest
    }

    /// Fast way (b), at the start of a line: stores further whole `data` lines in bulk, as long as there is room.
    #[inline(always)]
    fn data_lines<'c>(&mut self, input: &'c [u8]) -> &'c [u8] {
        match self.tokenizer.line_start(input) {
            Some(from_line) if may_be_data(from_line) => self.append_data_lines(input, from_line),
            _ => input,
        }
    }

    #[inline(never)]
    fn append_data_lines<'c>(&mut self, input: &'c [u8], from_line: &'c [u8]) -> &'c [u8] {
        let mut rest = from_line;
        let mut room = self.block.room();
        let before = room.len();
        let mut is_cut = false;
        loop {
            match data_slab(rest) {
                Some((slab, len, after)) if room.append_slab(slab, len) => rest = after,
                _ => match data_line(rest) {
                    DataLine::Whole(value, after) if room.append_line(value) => rest = after,
                    DataLine::Cut => {
                        is_cut = true;
                        break;
                    }
                    _ => break,
                },
            }
        }
        let added = before.saturating_sub(room.len());
        self.block.extend_data(added);
        self.tokenizer.skip_to(rest, input);
        if is_cut { self.cut_line(rest) } else { rest }
    }

    /// Fast way (c), in a value: takes what there is of it, and further `data` lines.
    #[inline(never)]
    fn rest_of_value<'c>(&mut self, field: Field, input: &'c [u8]) -> &'c [u8] {
        let (token, rest) = self.tokenizer.value(field, input);
        match token {
            Some(Token::Value { field: Field::Data, bytes, end }) => {
                self.block.take(Field::Data, bytes, end);
                return if end { self.data_lines(rest) } else { rest };
            }
            Some(Token::Value { field, bytes, end }) if field != Field::Comment => self.take_rest(field, bytes, end),
            _ => {}
        }
        rest
    }

    /// Takes a piece out of line, for the fields that are seldom cut.
    #[inline(never)]
    fn take_rest(&mut self, field: Field, piece: &[u8], end: bool) {
        self.take(field, piece, end);
    }
}

#[cfg(any(test, fuzzing))]
impl<B: Storage + ?Sized> Reader<B> {
    /// Returns all that is known beside the block and the line, for comparing two readers.
    pub(super) fn other_state(&self) -> impl PartialEq + core::fmt::Debug + use<B> {
        (self.retry(), self.digits, self.digits_state, self.unknown_lines())
    }
}
