//! What an import would do, and what there is to know about it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::questions::Question;
use crate::domain::localized::Localized;
use crate::domain::packed::Packed;
use crate::interchange::ledgers::TableRead;
use crate::interchange::{Place, Problem, Record, RecordOutcome};

/// What an import would do, and what there is to know about it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportReport {
    /// The revision that the proposal is based on.
    pub revision: u64,
    /// What was read: the sources, in the order of the files.
    pub sources: Vec<SourceRead>,
    /// Rows by what became of them.
    pub records: RecordCounts,
    /// Items by kind.
    pub kinds: Vec<KindCounts>,
    /// What would be created, updated or deleted; filled in where it is shown.
    pub changes: Vec<Change>,
    /// Fields in which file and model disagree and both have changed.
    pub conflicts: Vec<Conflict>,
    /// What only a person can decide.
    pub questions: Vec<Question>,
    /// What was assumed, refused, or is worth knowing.
    pub problems: Vec<Problem>,
    /// How many problems there are, listed or not.
    pub problems_total: usize,
    /// Every row with what became of it.
    #[serde(skip)]
    pub rows: Packed<Record>,
    /// How tables were understood.
    pub tables: Vec<TableRead>,
    /// Whether there is anything to commit.
    pub is_empty: bool,
    /// Identifies the proposal: the same if and only if the same would be written.
    pub digest: String,
}

/// A source that was read.
#[derive(Debug, Clone, Serialize)]
pub struct SourceRead {
    /// What stays the same over its versions.
    pub source: String,
    /// What it calls itself.
    pub title: String,
    /// Its form.
    pub format: &'static str,
    /// The version that it states.
    pub version: Option<String>,
    /// Whether an earlier version of it was imported.
    pub known: bool,
    /// How many items it describes.
    pub items: usize,
}

/// Rows by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RecordCounts {
    /// 読めた.
    pub read: usize,
    /// 読めた, with an assumption.
    pub assumed: usize,
    /// 質問.
    pub question: usize,
    /// 読めない.
    pub refused: usize,
    /// Titles, headings, sums, notes.
    pub skipped: usize,
}

/// Items of a kind by what would become of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindCounts {
    /// The kind.
    pub kind: String,
    /// What people call it.
    pub label: Localized,
    /// New ones, those that are only named included.
    pub created: usize,
    /// Existing ones that change.
    pub updated: usize,
    /// Existing ones that go.
    pub deleted: usize,
    /// Existing ones that stay as they are.
    pub unchanged: usize,
}

/// What would become of an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Its id in the model.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// What would happen.
    pub change: ChangeKind,
    /// How it was found in the model, with a confidence from 0 to 1; absent for a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
    /// What would change.
    pub fields: Vec<FieldChange>,
    /// Where in the file it stands.
    pub place: Place,
}

/// How an item was found in the model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Matched {
    /// By what.
    pub by: MatchedBy,
    /// From 0 to 1.
    pub confidence: f64,
}

/// By what an item was found in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The same id.
    Id,
    /// The source's own id, kept from an earlier import.
    SourceId,
    /// Kind and name.
    Name,
    /// Kind and ends.
    Ends,
    /// Somebody said so.
    Answer,
}

/// What would happen to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Create,
    /// It is new: a name refers to it and nothing is known that is called so.
    CreateNamed,
    /// It changes.
    Update,
    /// It goes.
    Delete,
}

/// A field that would change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field: `name` or an attribute.
    pub field: String,
    /// What the model holds.
    pub before: Option<Json>,
    /// What it would hold.
    pub after: Option<Json>,
}

/// A field in which file and model disagree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Stable; the answer is given under it.
    pub id: String,
    /// The item.
    pub item: String,
    /// What people call it.
    pub name: String,
    /// The field.
    pub field: String,
    /// What the model holds.
    pub model: Option<Json>,
    /// What the file says.
    pub file: Option<Json>,
    /// Whether an earlier import said something of it; otherwise it is the first time that both are compared.
    pub known: bool,
    /// Where in the file it stands.
    pub place: Place,
}

impl RecordCounts {
    /// Counts rows.
    pub fn of(rows: &Packed<Record>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.outcome {
                RecordOutcome::Read => &mut counts.read,
                RecordOutcome::Assumed => &mut counts.assumed,
                RecordOutcome::Question => &mut counts.question,
                RecordOutcome::Refused => &mut counts.refused,
                RecordOutcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts
    }
}

/// Counts by kind, in the order of names.
pub(super) type Counts = BTreeMap<String, [usize; 4]>;
