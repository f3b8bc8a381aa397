//! Lays out the memory, and turns the published vectors into bytes that a device can read without knowing JSON.

#[path = "../reference/mod.rs"]
mod reference;
#[allow(dead_code, reason = "not all of it")]
#[path = "../harness/vectors.rs"]
mod vectors;

use reference::{Loss, Reading, Record, open, read};
use std::path::PathBuf;
use std::{env, fs};
use vectors::{Expected, Vector};

/// The sizes of the parser's buffer: one for all vectors but the largest, and one in which many events are lost.
const CAPACITIES: [usize; 2] = [8192, 3];

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::write(out.join("memory.x"), include_str!("memory.x")).unwrap();
    fs::write(out.join("vectors.bin"), all_vectors()).unwrap();
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    // All that this reads has been compiled into it.
    println!("cargo:rerun-if-changed=build.rs");
}

/// Every vector's name, its stream, and how that must be read in each capacity.
fn all_vectors() -> Vec<u8> {
    let mut out = Blob(Vec::new());
    for vector in vectors::all() {
        is_published(&vector, &read(&vector.stream, usize::MAX, b""));
        out.bytes(vector.name.as_bytes());
        out.bytes(&vector.stream);
        out.size(CAPACITIES.len());
        for capacity in CAPACITIES {
            out.size(capacity);
            out.reading(&read(&vector.stream, capacity, b""), &vector.stream, capacity);
        }
    }
    out.0
}

/// The reference knows what happens where memory is short, which the vectors do not say. What they say, it must say too.
fn is_published(vector: &Vector, reading: &Reading) {
    let expected = |record: &Record, at| Expected {
        event_type: decoded(&record.event_type),
        data: decoded(&record.data),
        last_event_id: decoded(&record.last_event_id),
        id: record.id.as_deref().map(decoded),
        at,
    };
    let event = |verdict: &reference::Verdict| expected(verdict.what.as_ref().unwrap(), Some(verdict.at));
    let unfinished = reading.ending.event.as_ref().map(|event| expected(event, None));
    assert_eq!(reading.verdicts.iter().map(event).collect::<Vec<_>>(), vector.events, "{}", vector.name);
    assert_eq!(decoded(&reading.last_event_id), vector.last_event_id, "{}", vector.name);
    assert_eq!(reading.retry, vector.retry, "{}", vector.name);
    assert_eq!(reading.ending.mid_line, vector.mid_line, "{}", vector.name);
    assert_eq!(reading.ending.mid_event, vector.mid_event, "{}", vector.name);
    assert_eq!(unfinished, vector.unfinished, "{}", vector.name);
}

/// The text that the standard makes of bytes.
fn decoded(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What `src/bin/vectors/blob.rs` reads: numbers of seven bits a byte, the lowest first, and text behind its length.
struct Blob(Vec<u8>);

impl Blob {
    fn number(&mut self, mut number: u64) {
        while number > 0x7F {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn size(&mut self, size: usize) {
        self.number(size as u64);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.0.extend(bytes);
    }

    fn text(&mut self, bytes: &[u8]) {
        self.bytes(decoded(bytes).as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(value.is_some().into());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn reading(&mut self, reading: &Reading, stream: &[u8], capacity: usize) {
        self.size(reading.verdicts.len());
        for verdict in &reading.verdicts {
            self.option(verdict.what.as_ref().ok(), Self::event);
            self.option(verdict.what.as_ref().err(), Self::loss);
            self.size(verdict.at);
            self.text(&verdict.last_event_id);
            self.option(verdict.retry, Self::number);
        }
        self.size(open::unknown_lines(stream));
        self.number(open::can_insert(stream).into());
        self.option(open::sever(stream, capacity, b""), |out, bytes| out.bytes(&bytes));
        let ending = &reading.ending;
        self.number(ending.mid_line.into());
        self.number(ending.mid_event.into());
        self.option(ending.event.as_ref(), Self::event);
        self.option(ending.line.as_ref(), |out, (field, value)| {
            out.text(field.as_bytes());
            out.text(value);
        });
        self.option(ending.overflow.as_ref(), Self::loss);
        self.text(&reading.last_event_id);
        self.option(reading.retry, Self::number);
    }

    fn event(&mut self, event: &Record) {
        self.text(&event.event_type);
        self.text(&event.data);
        self.text(&event.last_event_id);
        self.option(event.id.as_ref(), |out, id| out.text(id));
    }

    fn loss(&mut self, loss: &Loss) {
        self.size(loss.needed);
        self.number(loss.id_lost.into());
    }
}
