#![no_std]
#![no_main]

size::program!(size::firmware::push_and_fill);
