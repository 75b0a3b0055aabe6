//! From text to tree.

mod accepted;
mod hostile;
mod rejected;
mod suite;
