//! What somebody decided about an import.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::interchange::ledgers::TableChoice;

/// Decisions by the id of the question or conflict.
pub type Answers = BTreeMap<String, Answer>;

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is this item of the model.
    Use(String),
    /// It is new, of this kind.
    Create(String),
    /// It has this value.
    Value(Json),
    /// It stays out of the model.
    LeaveOut,
    /// In a conflict: this side is right.
    Take(Side),
    /// What is missing in the file goes.
    Delete,
    /// What is missing in the file stays.
    Keep,
}

/// A side of a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What the file says.
    File,
    /// What the model holds.
    Model,
}

/// How an import is to be understood as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImportOptions {
    /// Who is right in a conflict that has no answer of its own; nobody if absent.
    pub conflicts: Option<Side>,
    /// Whether a name that nothing in the model resembles makes a new item, where only one kind can be meant.
    pub create_missing: Option<bool>,
    /// Whether what an earlier version of the source had and this one has not is deleted.
    pub delete_missing: Option<bool>,
    /// What is known of tables.
    pub tables: Vec<TableChoice>,
    /// Decisions by the id of the question or conflict.
    pub answers: Answers,
}
