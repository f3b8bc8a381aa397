//! Promise: a log and its clients do what a list of events would do, whatever is pushed, read, cut and resumed, in memory of
//! any size and kind.

#![no_main]

#[path = "../../tests/server/model.rs"]
mod model;

use libfuzzer_sys::fuzz_target;
use model::World;
use model::source::{Bytes, Source};
use sse_wire::{Growing, Storage};

fuzz_target!(|input: &[u8]| {
    let mut source = Bytes(input);
    let slots = source.below(10);
    let len = 4 * slots + source.below(600);
    let mut memory = vec![b'#'; len];
    if source.one_in(2) {
        live(&mut memory[..], len, slots, source);
    } else {
        live(Growing::new(len), len, slots, source);
    }
});

fn live<B: Storage>(buffer: B, len: usize, slots: usize, mut source: Bytes<'_>) {
    let epoch = [0, 7, u64::MAX][source.below(3)];
    let mut world = World::<_, 1024>::new(buffer, len, slots, epoch);
    while !source.0.is_empty() {
        world.step(&mut source);
    }
    for who in 0..world.clients.len() {
        world.fill(who, 4096, None);
        world.fill(who, 4096, None);
    }
}
