#![no_std]
#![no_main]

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    size::doors::all();
    #[cfg(feature = "planted-panic")]
    size::doors::planted_panic();
    loop {}
}
