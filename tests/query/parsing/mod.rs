//! From text to tree.

mod accepted;
mod clauses;
mod hostile;
mod rejected;
mod sketch;
mod suite;
