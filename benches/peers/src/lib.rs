//! What the comparisons share: a seeded generator, a clock, and the array that sets the limit.

/// The allocator of ezu's own binary, here for every engine that allocates in Rust.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod csr;
pub mod random;
pub mod timing;
