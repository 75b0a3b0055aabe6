//! The graph query language: openCypher 9, read-only, with the spellings of ISO GQL that do not clash.
//!
//! Text becomes a tree (`syntax`), the tree is checked and its names are bound (`semantics`), a plan is made
//! with the statistics of the graph (`plan`), and the plan is run over a [`source::PropertyGraph`] (`execute`).
//! The engine knows no model: a view is one graph, a test's toy is another.
//!
//! Deliberately absent: writing. A clause that would change the graph is refused and points at change sets.

pub mod error;
mod excerpt;
mod execute;
pub mod functions;
pub mod over_view;
pub mod plan;
mod prepared;
mod regular;
mod semantics;
pub mod source;
pub mod steps;
pub mod syntax;
pub mod types;
pub mod value;

pub use error::{ErrorDetail, ErrorKind, Phase, QueryError};
pub use execute::{Limits, Used};
pub use prepared::{Answer, KeptRows, Options, Parameters, Parsed, Prepared, compile};
pub use value::Value;
