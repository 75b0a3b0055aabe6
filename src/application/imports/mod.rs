//! Imports: read → match with what is there → a proposed change set with a report → somebody agrees → commit.
//!
//! One way for all formats: a reader makes a [`ReadModel`](crate::interchange::ReadModel), and everything after it is
//! decided here. An item is found again by its id, then by the source's own id, then by kind and normalised name.
//! Fields are merged three ways: what the last import said, what the model holds, what the file says now. What is
//! uncertain is a question and never part of the proposal; conflicts are listed and change nothing until somebody chooses.

mod answers;
mod baseline;
mod changes;
mod drafting;
mod fields;
mod kept;
mod matching;
mod merging;
mod missing;
mod names;
mod operations;
mod progress;
mod proposing;
mod questions;
mod reading;
mod references;
mod relating;
mod report;
mod reporting;
mod sources;
mod speaking;
mod staging;
mod tally;
mod told;
mod versions;

pub use answers::{Answer, Answers, ImportOptions, Side};
pub use progress::{ImportStage, Progress};
pub use proposing::{Proposal, propose};
pub use questions::{Candidate, Question, QuestionKind};
pub use reading::ReadFiles;
pub use reading::{ImportFile, Readers, guessed, read_files};
pub use report::{
    Change, ChangeKind, Conflict, FieldChange, ImportReport, KindCounts, Matched, MatchedBy, RecordCounts, SourceRead,
};
pub use staging::{Agreement, ImportError, WaitingImport, WaitingImports, agreed, read_limits};

pub use crate::interchange::ledgers::{TableChoice, TableRead};
pub use crate::interchange::problem::Said;
pub use crate::interchange::{
    Format, Place, Problem, ProblemKind, ReadProgress, Record, RecordOutcome, SourceFile, Unreadable,
};

/// Bytes as text.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
