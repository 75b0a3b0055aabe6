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
    /// The longest text of a query, in bytes.
    pub query_bytes: usize,
    /// How long a query may run, in milliseconds.
    pub query_milliseconds: u64,
    /// The most rows of a query's answer.
    pub query_rows: u64,
    /// The most bytes that a query may hold at once, as estimated.
    pub query_memory_bytes: u64,
    /// The most steps of a query: nodes looked at, relationships walked, items gone through.
    pub query_expansions: u64,
    /// The longest list or text that one function of a query may make, in items or bytes.
    pub query_longest: usize,
    /// How many queries run at once; others wait.
    pub queries_at_once: usize,
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
            query_bytes: 256 << 10,
            query_milliseconds: 30_000,
            query_rows: 1_000_000,
            query_memory_bytes: 512 << 20,
            query_expansions: 1_000_000_000,
            query_longest: 1_000_000,
            queries_at_once: 4,
            past_snapshots: 4,
            checkpoint_revisions: 10_000,
            checkpoint_bytes: 32 << 20,
        }
    }
}
