//! The same loop around parsers that allocate, with a common allocator that keeps count.

use crate::firmware::{input, see};
use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::num::NonZeroUsize;
use core::ptr::NonNull;
use linked_list_allocator::Heap;

struct Allocator(UnsafeCell<State>);

struct State {
    heap: Heap,
    is_ready: bool,
    most: usize,
}

/// There is one thread here.
unsafe impl Sync for Allocator {}

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(State { heap: Heap::empty(), is_ready: false, most: 0 }));

const SIZE: usize = 24 * 1024;
static mut MEMORY: [u64; SIZE / 8] = [0; SIZE / 8];

unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = unsafe { &mut *self.0.get() };
        if !state.is_ready {
            unsafe { state.heap.init((&raw mut MEMORY).cast(), SIZE) };
            state.is_ready = true;
        }
        let place = state.heap.allocate_first_fit(layout).map_or(core::ptr::null_mut(), NonNull::as_ptr);
        state.most = state.most.max(state.heap.used());
        place
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        let state = unsafe { &mut *self.0.get() };
        if let Some(place) = NonNull::new(place) {
            unsafe { state.heap.deallocate(place, layout) };
        }
    }
}

/// The largest event; ours has a buffer instead.
const LIMIT: NonZeroUsize = NonZeroUsize::new(8192).unwrap();

/// Returns the most bytes of the heap that were in use at once since the last call.
pub fn most_in_use() -> usize {
    let state = unsafe { &mut *ALLOCATOR.0.get() };
    core::mem::replace(&mut state.most, state.heap.used())
}

pub fn sse_core() {
    read_with_sse_core(&mut new_sse_core(), input());
}

pub fn new_sse_core() -> sse_core::SseDecoder {
    sse_core::SseDecoder::with_limit(LIMIT)
}

pub fn read_with_sse_core(decoder: &mut sse_core::SseDecoder, mut chunk: &[u8]) -> usize {
    let mut events = 0;
    while let Some(event) = decoder.next(&mut chunk) {
        if let Ok(sse_core::SseEvent::Message(event)) = event {
            see(event.event.as_bytes());
            see(event.data.as_bytes());
            events += 1;
        }
    }
    events
}

pub fn sse_parse() {
    let mut parser = new_sse_parse();
    read_with_sse_parse(&mut parser, input());
    parser.finish();
}

pub fn new_sse_parse() -> sse_parse::SseParser {
    sse_parse::SseParser::new().max_buffer(LIMIT.get())
}

pub fn read_with_sse_parse(parser: &mut sse_parse::SseParser, chunk: &[u8]) -> usize {
    let mut events = 0;
    parser.feed(chunk);
    while let Some(event) = parser.next_event() {
        see(event.event.as_bytes());
        see(event.data.as_bytes());
        events += 1;
    }
    events
}
