//! The published vectors on a device: every one as it must be read, through every door, however it is cut, in enough memory
//! and in too little; and the encoder's way out and back.

#![no_std]
#![no_main]

mod blob;
mod reading;
mod writing;

use blob::Blob;
use cortex_m_rt::entry;
use cortex_m_semihosting::hprintln;
use reading::{Counts, Cut, DOORS};
use sse_wire::Parser;
use writing::Said;

static VECTORS: Blob = Blob(include_bytes!(concat!(env!("OUT_DIR"), "/vectors.bin")));

/// In streams of so many bytes or fewer every place is one to cut them at.
const SHORT: usize = 80;

/// What was not as expected.
type Mistake = &'static str;

fn expect(is_so: bool, mistake: Mistake) -> Result<(), Mistake> {
    if is_so { Ok(()) } else { Err(mistake) }
}

#[entry]
fn main() -> ! {
    static mut MEMORY: [u8; 8192] = [0; 8192];
    let is_broken = firmware::is_broken();
    let (mut vectors, mut messages, mut counts) = (0, 0, Counts::default());

    let mut blob = VECTORS;
    while !blob.0.is_empty() {
        let (name, mut stream) = (blob.text(), blob.bytes());
        vectors += 1;
        if is_broken && vectors == 100 {
            stream = &stream[1..];
        }
        for _ in 0..blob.size() {
            let capacity = blob.size();
            let mut after = blob;
            for cut in cuts(stream) {
                for door in DOORS {
                    let mut parser = Parser::new(&mut MEMORY[..capacity]);
                    match reading::read(&mut parser, stream, cut, door, blob, &mut counts) {
                        Ok(rest) => after = rest,
                        Err(mistake) => panic!("{name} in {capacity} bytes, {cut:?}, {door:?}: {mistake}"),
                    }
                }
            }
            blob = after;
        }
        if stream.len() <= writing::LONGEST {
            for parts in [0b11111, vectors % 0b11111] {
                if let Err(mistake) = writing::write(&Said::new(stream, parts), MEMORY) {
                    panic!("{name} as message {parts:05b}: {mistake}");
                }
                messages += 1;
            }
        }
    }

    let numbers = writing::write_numbers().unwrap_or_else(|mistake| panic!("an ID: {mistake}"));

    let (used, size) = firmware::stack();
    let Counts { readings, events, losses } = counts;
    hprintln!("read     {} vectors in {} readings, with {} events and {} losses", vectors, readings, events, losses);
    hprintln!("written  {} messages through {} windows and more, and read back", messages, writing::WINDOWS);
    hprintln!("written  {} IDs that are numbers", numbers);
    hprintln!("stack    {} of {} bytes", used, size);
    assert_eq!((vectors, readings, events, losses), (1074, 203_436, 161_379, 30_393), "where have the vectors gone?");
    assert_eq!(messages, 2122, "where have the messages gone?");
    firmware::pass()
}

/// Whole, in pieces of one size, and, if it is short, in two pieces everywhere.
fn cuts(stream: &[u8]) -> impl Iterator<Item = Cut> {
    let places = if stream.len() <= SHORT { 0..stream.len() } else { 0..0 };
    let pieces = [1, 2, 3, 7, 64].map(|size| Cut(size, size));
    [Cut::WHOLE].into_iter().chain(pieces).chain(places.map(|at| Cut(at, usize::MAX)))
}
