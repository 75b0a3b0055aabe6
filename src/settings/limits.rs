//! How much one request may ask for.

use serde::{Deserialize, Serialize};

/// Limits of requests; what goes beyond is refused with a problem that names the limit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// The largest body of a bulk import, in bytes.
    pub import_bytes: usize,
    /// The deepest nesting of a JSON body.
    pub json_depth: usize,
    /// The most operations in one change set.
    pub operations: usize,
    /// The most items on one page of a list.
    pub page: usize,
    /// The most writes waiting for the ledger.
    pub queue: usize,
    /// The most paths that one question lists.
    pub paths: usize,
    /// The longest path that is looked for, in relationships.
    pub path_length: usize,
    /// The most steps tried while looking for all paths.
    pub expansions: u64,
    /// The deepest neighbourhood.
    pub neighbourhood_depth: usize,
    /// The most subjects of one impact question.
    pub subjects: usize,
    /// How long one question may take, in milliseconds.
    pub request_milliseconds: u64,
    /// How many past revisions are kept ready in memory.
    pub past_snapshots: usize,
    /// A checkpoint of the model is made after so many revisions.
    pub checkpoint_revisions: u64,
    /// And after so many bytes of change sets.
    pub checkpoint_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 4 << 20,
            import_bytes: 256 << 20,
            json_depth: 32,
            operations: 500_000,
            page: 1_000,
            queue: 4_096,
            paths: 1_000,
            path_length: 32,
            expansions: 5_000_000,
            neighbourhood_depth: 5,
            subjects: 100,
            request_milliseconds: 30_000,
            past_snapshots: 4,
            checkpoint_revisions: 10_000,
            checkpoint_bytes: 32 << 20,
        }
    }
}
