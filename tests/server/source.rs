//! What happens to a server in a test, and what an event should be.

#![allow(dead_code, reason = "each test uses a part")]

use std::fmt::Write;

/// Chooses what happens.
pub trait Source {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize;

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// The size of a window.
    fn size(&mut self) -> usize {
        if self.one_in(2) { self.below(30) } else { self.below(700) }
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// Random numbers: xorshift.
pub struct Random(pub u64);

impl Source for Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n.max(1)
    }
}

/// What a fuzzer has thought of.
pub struct Bytes<'a>(pub &'a [u8]);

impl Source for Bytes<'_> {
    fn below(&mut self, n: usize) -> usize {
        // Large numbers take two bytes.
        let len = if n > 256 { 2 } else { 1 };
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte)) % n.max(1)
    }
}

/// An event as it should be.
#[derive(Clone, Debug)]
pub struct Event {
    pub kind: String,
    pub id: String,
    pub data: String,
    pub bytes: Vec<u8>,
}

impl Event {
    /// Encodes an event by the letter of the rules.
    pub fn new(kind: Option<&str>, id: &str, before_data: &str, data: &str) -> Self {
        let data = data.replace("\r\n", "\n").replace('\r', "\n");
        let mut text = kind.map_or(String::new(), |kind| format!("event: {kind}\n"));
        write!(text, "id: {id}\n{before_data}").unwrap();
        data.split('\n').for_each(|line| writeln!(text, "data: {line}").unwrap());
        text.push('\n');
        let kind = kind.filter(|kind| !kind.is_empty()).unwrap_or("message");
        Self { kind: kind.into(), id: id.into(), data, bytes: text.into() }
    }
}
