//! The async traits, each on its own.

pub mod buf_read;
pub mod read;
pub mod write;
