//! What both programs need of the machine: a way to end with a status, and the state of its stack.

#![no_std]

use core::panic::PanicInfo;
use core::ptr;
use cortex_m_rt::{ExceptionFrame, STACK_PAINT_VALUE, exception};
use cortex_m_semihosting::{debug, heprintln, nr, syscall};

/// Ends the emulator with status 0.
pub fn pass() -> ! {
    debug::exit(debug::EXIT_SUCCESS);
    unreachable!("the emulator has ended")
}

/// Ends the emulator with status 1.
fn fail() -> ! {
    debug::exit(debug::EXIT_FAILURE);
    #[allow(clippy::empty_loop, reason = "the emulator has ended")]
    loop {}
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    heprintln!("{}", info);
    fail()
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    heprintln!("{:?}", frame);
    fail()
}

/// Returns whether the program was started with `broken` as its argument, and so has to find a mistake and to fail.
pub fn is_broken() -> bool {
    let mut line = [0; 256];
    // SAFETY: the call writes to a place of which it knows the length.
    let status = unsafe { syscall(nr::GET_CMDLINE, &[line.as_mut_ptr() as usize, line.len()]) };
    assert_eq!(status, 0, "the command line is too long");
    line.split(|&byte| byte == 0).next().is_some_and(|line| line.ends_with(b" broken"))
}

/// Returns how many bytes of the stack have been in use, at most, and how many there are.
pub fn stack() -> (usize, usize) {
    unsafe extern "C" {
        static _stack_start: u32;
        static _stack_end: u32;
    }
    let (top, bottom) = (&raw const _stack_start, &raw const _stack_end);
    let mut lowest = bottom;
    // SAFETY: between the two there is memory, all of which has been painted before `main`.
    while lowest < top && unsafe { ptr::read_volatile(lowest) } == STACK_PAINT_VALUE {
        lowest = lowest.wrapping_add(1);
    }
    assert!(lowest > bottom, "the stack has been full, and may have gone further");
    (top as usize - lowest as usize, top as usize - bottom as usize)
}
