//! sse-wire in the stacks that its users have. Each file is one to copy.

#![no_std]
#![forbid(unsafe_code)]

pub mod wire;
