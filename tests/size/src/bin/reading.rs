#![no_std]
#![no_main]

size::program!(size::firmware::tokenizer, size::firmware::advance, size::firmware::next, size::firmware::resume);
