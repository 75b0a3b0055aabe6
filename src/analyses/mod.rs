//! Questions about the model, each a pure function: a view and parameters in, a report out.
//!
//! A report names the revision and the date it speaks of, explains every item by a path of
//! relationships, and says what it does not know.
//!
//! Invariant: what a relationship means is read from the metamodel; no analysis knows it by itself.
//! Nothing here writes, waits, or asks what time it is.

pub mod findings;
pub mod impact;
pub mod paths;
pub mod standardization;
pub mod structure;
pub mod upstream;

mod answer;
mod error;
mod names;
mod rules;
mod table;

pub use answer::{Basis, ItemSummary, PathStep};
pub use error::AnalysisError;
pub use table::{Column, ColumnContent, Tabular};
