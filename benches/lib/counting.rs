//! Counting what is allocated.
//!
//! A program that counts declares `#[global_allocator] static ALLOCATOR: Counting = Counting;`.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// The system's allocator, with a tally. What C libraries allocate by themselves is not in it.
pub struct Counting;

static LIVE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { allocations: 0, bytes: 0 }) };
}

/// The allocations of one piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many; one that grows counts again.
    pub allocations: u64,
    /// How many bytes were asked for; one that grows counts with its new size.
    pub bytes: u64,
}

/// What `work` allocates on this thread.
pub fn count<T>(work: impl FnOnce() -> T) -> (T, Tally) {
    let before = TALLY.get();
    let result = work();
    let after = TALLY.get();
    let tally = Tally {
        allocations: after.allocations - before.allocations,
        bytes: after.bytes - before.bytes,
    };
    (result, tally)
}

/// Runs `work` without counting the allocations of this thread.
pub fn apart<T>(work: impl FnOnce() -> T) -> T {
    let before = TALLY.get();
    let result = work();
    TALLY.set(before);
    result
}

/// The most bytes that were allocated at one time since [`reset_peak`], beyond what was allocated then.
pub fn peak_growth(since: u64) -> u64 {
    PEAK.load(Relaxed).saturating_sub(since)
}

/// Begins to look for a new peak; gives what is allocated now.
pub fn reset_peak() -> u64 {
    let live = LIVE.load(Relaxed);
    PEAK.store(live, Relaxed);
    live
}

fn grow(size: usize) {
    let Tally { allocations, bytes } = TALLY.get();
    TALLY.set(Tally {
        allocations: allocations + 1,
        bytes: bytes + size as u64,
    });
    let live = LIVE.fetch_add(size as u64, Relaxed) + size as u64;
    PEAK.fetch_max(live, Relaxed);
}

fn shrink(size: usize) {
    LIVE.fetch_sub(size as u64, Relaxed);
}

// SAFETY: every call is handed on unchanged to the system's allocator, whose contract is the same; the counters touch
// no memory of the caller's and do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrink(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grow(size);
        shrink(layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
