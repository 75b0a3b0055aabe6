//! Asks the processor for memory before it is needed.

/// Hints that `items[index]` is read soon. An index out of range is harmless.
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "a hint has no safe form; without it unlimited reach takes about twice as long"
)]
#[inline]
pub(super) fn prefetch<T>(items: &[T], index: usize) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    let address = items.as_ptr().wrapping_add(index);
    // SAFETY: a prefetch neither faults nor reads or writes anything that the program can observe,
    // for any address; SSE, which it needs, is part of x86_64.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
}

/// Hints that `items[index]` is read soon: nothing to do on this machine.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(super) fn prefetch<T>(_: &[T], _: usize) {}
