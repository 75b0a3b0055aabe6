//! Files of other forms: bytes to what they say, and models to bytes. One folder a format.
//!
//! Every reader turns bytes into the same intermediate result, [`ReadModel`]: items, what each says field by field,
//! where in the file it says so, and what was wrong, assumed or is to be asked. What that means for the model that is
//! there (matching, merging, the change set) is decided by `application::imports`, once for all formats.
//! `docs/importing.md` says how.
//!
//! Invariant: reading never touches a model, never panics, never fetches anything, and stays within its [`Limits`].

pub mod archimate;
pub mod bpmn;
pub mod format;
pub mod identifiers;
pub mod json_text;
pub mod ledgers;
pub mod limits;
pub mod loss;
pub mod native;
pub mod ndjson;
pub mod place;
pub mod problem;
pub mod read_model;
pub mod source;
pub mod structurizr;
pub mod texts;
pub mod tidy;
pub mod xml;

pub use format::Format;
pub use limits::Limits;
pub use place::Place;
pub use problem::{Problem, ProblemKind};
pub use read_model::{
    Absent, Ends, NamedAmong, Otherwise, ReadItem, ReadModel, Record, RecordOutcome, Reference, Statement, Target,
};
pub use source::{ReadContext, ReadProgress, SourceFile, Unreadable};
