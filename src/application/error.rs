//! What can go wrong with a workspace.

use crate::domain::document::DocumentError;
use crate::domain::redacting::RemovalError;
use crate::domain::validation::Refusal;
use crate::storage::StorageError;

/// Why a change set was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is not valid.
    #[error("the change set is refused")]
    Refused(Vec<Refusal>),
    /// Others changed the same fields since the base revision.
    #[error("others changed the same fields since the base revision")]
    Conflict(Vec<Refusal>),
    /// The base revision lies in the future.
    #[error("the base revision {base} does not exist; the newest is {head}")]
    UnknownBase {
        /// As given.
        base: u64,
        /// The newest revision.
        head: u64,
    },
    /// An item is not in the state that the request expects.
    #[error("\"{id}\" was changed by revision {current}")]
    PreconditionFailed {
        /// The item.
        id: String,
        /// The revision that last touched it; 0 if it does not exist.
        current: u64,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request, which made revision {revision}")]
    KeyReused {
        /// What that request made.
        revision: u64,
    },
    /// Too many writes are waiting.
    #[error("too many writes are waiting; try again soon")]
    QueueFull,
    /// No room is left on the disk.
    #[error("no room is left on the disk: {0}")]
    DiskFull(String),
    /// The ledger accepts nothing until the process is started anew.
    #[error("the ledger is read-only until restart: {0}")]
    ReadOnly(String),
    /// The change set is larger than the ledger accepts.
    #[error("the change set has {size} bytes; the ledger accepts {limit}")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The write failed in another way; nothing was kept.
    #[error("the write failed: {0}")]
    Failed(String),
    /// The workspace is closing.
    #[error("ezu is stopping")]
    Closed,
}

/// Why nothing was redacted.
#[derive(Debug, thiserror::Error)]
pub enum RedactionError {
    /// The request does not say what is to be removed, or would record it again.
    #[error("{0}")]
    Request(String),
    /// It is not where it was looked for.
    #[error("{}", not_found(revisions, *head))]
    NotFound {
        /// The revisions that were named and do not hold it.
        revisions: Vec<u64>,
        /// The newest revision.
        head: u64,
    },
    /// It cannot be removed from where it stands.
    #[error(transparent)]
    Removal(#[from] RemovalError),
    /// The ledger cannot be read, or the rest of it not be read without what is to be removed.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The ledger could not be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The request did not reach the writer.
    #[error(transparent)]
    Write(#[from] WriteError),
}

fn not_found(revisions: &[u64], head: u64) -> String {
    if revisions.is_empty() {
        format!("no revision up to {head} holds what is to be removed")
    } else {
        format!("revision(s) {revisions:?} do not hold what is to be removed; the newest is {head}")
    }
}

/// Why a workspace cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The metamodel is faulty.
    #[error("the metamodel is faulty: {0}")]
    Metamodel(#[from] DocumentError),
    /// A metamodel file cannot be read.
    #[error("{0}")]
    File(String),
    /// The ledger cannot be opened.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A change set of the ledger does not fit the metamodel.
    #[error("revision {revision} does not fit the metamodel: {reason}; start with the metamodel that it was made with")]
    Replay {
        /// Which.
        revision: u64,
        /// Why.
        reason: String,
    },
}
