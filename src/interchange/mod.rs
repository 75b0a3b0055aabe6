//! Files of other forms: bytes to change sets, and models to bytes. One folder a format.
//!
//! Invariant: reading proposes operations and never touches a model.

pub mod archimate;
pub mod native;
pub mod xml;
