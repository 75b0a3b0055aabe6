//! Whether the store can be relied on, in words for readiness checks.

use serde::Serialize;

/// How the store is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// Both copies are in service.
    Ready,
    /// Everything works, but something that guards against the next accident is missing.
    Degraded {
        /// What is missing.
        reasons: Vec<String>,
    },
    /// Reads work; writes are refused until restart.
    ReadOnly {
        /// What happened.
        reason: String,
    },
}
