//! What all benchmarks share: the bytes, the loops over them, and what is done with each event.

#![allow(dead_code, reason = "each program uses its part of it")]

pub mod corpora;
pub mod doors;
pub mod sums;
