//! The clock, and the count of allocations beside it.
//!
//! Everything here runs on one thread, so the counters are plain loads and stores: a locked instruction
//! for each allocation would be held against those who allocate.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

static COUNT: AtomicU64 = AtomicU64::new(0);

struct Counting;

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.store(COUNT.load(Relaxed) + 1, Relaxed);
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.store(COUNT.load(Relaxed) + 1, Relaxed);
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a piece of work took.
#[derive(Clone, Copy)]
pub struct Lap {
    pub time: Duration,
    pub allocations: u64,
}

impl Lap {
    pub fn of(work: impl FnOnce()) -> Self {
        let (before, start) = (COUNT.load(Relaxed), Instant::now());
        work();
        Self { time: start.elapsed(), allocations: COUNT.load(Relaxed) - before }
    }
}
