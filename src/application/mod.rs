//! What can be done with a model: one file a use case.
//!
//! Invariant: everything is read through a view and written through the workspace's one writer.

mod checkpointing;
mod conflicts;
mod error;
mod keys;
mod opening;
mod past;
mod queue;
mod records;
mod redacting;
mod revert;
mod sync;
mod views;
mod workspace;
mod writer;

pub mod archimate;
pub mod audit;
pub mod export;
pub mod files;
pub mod findings;
pub mod folder;
pub mod generate;
pub mod import;
pub mod imports;
pub mod neighbourhood;
pub mod pictures;
pub mod queries;
pub mod questions;
pub mod structure;
pub mod tables;
pub mod texts;
pub mod what_if;
pub mod whole;

pub use crate::interchange::loss::Loss;
pub use error::{OpenError, RedactionError, WriteError};
pub use past::Recorded;
pub use redacting::{RedactedRevision, RedactionReport, RedactionRequest};
pub use views::{ViewError, ViewRequest};
pub use workspace::{Committed, DryRun, Precondition, Workspace, WorkspaceMetrics, WriteRequest};
