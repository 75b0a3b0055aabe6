//! The native model file: YAML, one list a kind, references by id.

mod emitting;
mod reading;
mod writing;

pub use reading::{FileProblem, ModelFile, ReadModel, read};
pub use writing::{ItemsByKind, write};
