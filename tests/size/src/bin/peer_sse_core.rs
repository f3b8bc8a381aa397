#![no_std]
#![no_main]

size::program!(size::peers::sse_core);
