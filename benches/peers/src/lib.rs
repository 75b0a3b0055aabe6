//! What the comparisons share: a seeded generator, a clock, and the array that sets the limit.

pub mod csr;
pub mod random;
pub mod timing;
