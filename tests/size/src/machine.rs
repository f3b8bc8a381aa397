//! The machine below: how it starts, how it panics, and, where it is emulated, how it speaks and counts.

use core::arch::{asm, global_asm};
use core::fmt;

/// The emulator fills all memories, so from reset to `main` only the stack is missing.
#[cfg(target_arch = "arm")]
mod start {
    unsafe extern "C" {
        static STACK_TOP: u8;
        safe fn main() -> !;
    }

    #[repr(C)]
    struct Vectors(&'static u8, extern "C" fn() -> !);

    #[used]
    #[unsafe(link_section = ".start")]
    static VECTORS: Vectors = Vectors(unsafe { &STACK_TOP }, main);
}

#[cfg(target_arch = "riscv32")]
global_asm!(".section .start, \"ax\"", "la sp, STACK_TOP", "j main");

/// With the feature this calls what does not exist, so that a program links only if nothing calls this.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    #[cfg(feature = "no-panic")]
    {
        unsafe extern "C" {
            safe fn A_PANIC_IS_REACHABLE() -> !;
        }
        A_PANIC_IS_REACHABLE()
    }
    #[cfg(not(feature = "no-panic"))]
    exit(false)
}

/// Prints on the emulator's console.
pub struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            semihosting(0x03, &raw const byte as usize);
        }
        Ok(())
    }
}

/// Ends the emulator.
pub fn exit(is_success: bool) -> ! {
    let stopped_by_itself: [usize; 2] = [0x20026, (!is_success).into()];
    semihosting(0x20, &raw const stopped_by_itself as usize);
    loop {}
}

/// Asks the emulator for something, in the words of "Semihosting for AArch32 and AArch64", which RISC-V took over.
fn semihosting(operation: usize, argument: usize) {
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") argument);
    }
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!(
            ".balign 16", ".option push", ".option norvc",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _, in("a1") argument,
        );
    }
}

/// Returns how many instructions `work` takes. Needs the emulator's `-icount`, with which time is instructions.
pub fn instructions(work: impl FnOnce()) -> u64 {
    unsafe extern "C" {
        safe fn ten_thousand_instructions();
    }
    ticks(work) * 10_000 / ticks(|| ten_thousand_instructions())
}

// So that nothing has to be known of the clock.
global_asm!(
    ".section .text.ten_thousand_instructions, \"ax\"",
    ".global ten_thousand_instructions",
    ".type ten_thousand_instructions, %function",
    "ten_thousand_instructions:",
    ".rept 9999",
    "nop",
    ".endr",
    #[cfg(target_arch = "arm")]
    "bx lr",
    #[cfg(target_arch = "riscv32")]
    "ret",
);

/// Counts down from 2^24, which is enough for 10 million instructions at the emulator's slowest.
#[cfg(target_arch = "arm")]
fn ticks(work: impl FnOnce()) -> u64 {
    const CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
    const RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
    const CURRENT: *mut u32 = 0xE000_E018 as *mut u32;
    const ENABLE_AND_CPU_CLOCK: u32 = 0b101;
    const WRAPPED: u32 = 1 << 16;
    unsafe {
        RELOAD.write_volatile(0xFF_FFFF);
        CURRENT.write_volatile(0);
        CONTROL.write_volatile(ENABLE_AND_CPU_CLOCK);
        let before = CURRENT.read_volatile();
        work();
        let after = CURRENT.read_volatile();
        if CONTROL.read_volatile() & WRAPPED != 0 {
            exit(false);
        }
        u64::from(before.wrapping_sub(after) & 0xFF_FFFF)
    }
}

#[cfg(target_arch = "riscv32")]
fn ticks(work: impl FnOnce()) -> u64 {
    let count = || {
        let count: u32;
        unsafe { asm!("rdinstret {}", out(reg) count) };
        count
    };
    let before = count();
    work();
    u64::from(count().wrapping_sub(before))
}
