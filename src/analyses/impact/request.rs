//! What can be asked about a change.

use serde::{Deserialize, Serialize};

/// A question about a change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImpactRequest {
    /// The ids of what is stopped, replaced and so on; at least one.
    pub subjects: Vec<String>,
    /// One of the metamodel's changes.
    pub change: String,
    /// How many steps an explanation may have; none for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<usize>,
    /// Whether to ask who is hit, or what would hit.
    pub direction: ImpactDirection,
    /// The kinds to list, with those that specialise them; none for all. What is not listed is counted.
    pub kinds: Vec<String>,
    /// How many items to list at most, the most severe first, also among what is not known; none for all. What
    /// is not listed is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// In which direction a question about a change is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpactDirection {
    /// Who is hit if it happens to the subjects.
    #[default]
    Outward,
    /// What would hit the subjects if it happened to it.
    Inward,
}
