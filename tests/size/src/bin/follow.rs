#![no_std]
#![no_main]

size::program!(size::firmware::follow);
