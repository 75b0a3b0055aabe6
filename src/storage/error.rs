//! What can go wrong in the storage room, told apart by what the caller should do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Reading, opening or maintaining the store did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Another process has the folder open.
    #[error("{} is in use by {owner}; one data folder serves one process at a time", folder.display())]
    Locked {
        /// The data folder.
        folder: PathBuf,
        /// The process id and host of the owner, as it wrote them into the lock file.
        owner: String,
    },
    /// The operating system refused an operation.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The ledger cannot be opened without losing or inventing history.
    #[error("the ledger is refused at revision {revision}: {reason}")]
    Refused {
        /// The first revision that is not what it should be.
        revision: u64,
        /// Why, and what can be done.
        reason: String,
    },
    /// A frame is unreadable in every copy.
    #[error("revision {revision} is damaged in every copy: {reason}")]
    Damaged {
        /// The revision.
        revision: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is not what this version of the program can read.
    #[error("{what}: {reason}")]
    Format {
        /// Which file or stream.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The request does not fit the ledger: no such revision, folder not empty, already redacted.
    #[error("{0}")]
    Request(String),
    /// An act had to be appended first, and could not be.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl StorageError {
    /// Gives an input or output error the place where it happened.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the cause is that no room is left.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => means_disk_full(source),
            Self::Append(AppendError::DiskFull(_)) => true,
            _ => false,
        }
    }
}

/// A batch was not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// No room is left. Nothing of the batch was kept; it may be tried again when there is room.
    #[error("the disk is full: {0}")]
    DiskFull(io::Error),
    /// The ledger can no longer promise durability. The outcome of the batch during which this
    /// happened is unknown until the process is restarted; later batches are refused untouched.
    #[error("the ledger is read-only until restart: {0}")]
    ReadOnly(String),
    /// One payload is larger than the store accepts. Nothing of the batch was kept.
    #[error("a payload of {size} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The size of the payload in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The write failed in another way. Nothing of the batch was kept.
    #[error("the batch could not be written: {0}")]
    Io(io::Error),
}

/// Whether an error of the operating system says that no room is left.
pub(super) fn means_disk_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}
