#![no_std]
#![no_main]

size::program!(size::firmware::encoder, size::firmware::segments, size::firmware::encode, size::firmware::data_writer);
