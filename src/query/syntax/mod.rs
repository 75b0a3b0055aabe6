//! From text to tree.

mod span;
pub mod tree;

pub use span::Span;
