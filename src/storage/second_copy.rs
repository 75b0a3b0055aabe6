//! What the ledger asks of its second copy, whatever holds it.

use std::fmt::Debug;
use std::path::Path;

use super::sled_copy::SledCopy;
use super::staged_copy::StagedCopy;

/// Why the second copy could not do something. It is given up after any of these.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SecondCopyError(pub String);

/// Whole frames by revision. Used from one thread only, which may be abandoned at any time.
pub trait SecondCopy {
    /// Adds frames behind everything that is stored. Need not be on stable storage yet.
    ///
    /// # Errors
    /// When the copy can no longer be used.
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError>;
    /// Brings everything written to stable storage.
    ///
    /// # Errors
    /// When the copy can no longer be used.
    fn sync(&mut self) -> Result<(), SecondCopyError>;
    /// The stored bytes of the revisions from `from` on, in order, until about `budget` bytes are reached, or fewer.
    /// Empty when there are none. The bytes are not checked; damaged ones stand under the revision that
    /// should be at their place.
    ///
    /// # Errors
    /// When the copy can no longer be used.
    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError>;
    /// Removes all revisions after `last`.
    ///
    /// # Errors
    /// When the copy can no longer be used.
    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError>;
    /// Does a little of the work that can wait; `idle` when nobody has asked for anything for a while. Says whether
    /// there is more to do once nobody asks.
    ///
    /// # Errors
    /// When the copy can no longer be used.
    fn tidy(&mut self, idle: bool) -> Result<bool, SecondCopyError> {
        let _ = idle;
        Ok(false)
    }
}

/// Opens or creates a second copy in a folder of its own.
pub trait OpenSecondCopy: Send + Sync + Debug {
    /// Opens the copy in `folder`, creating it when the folder is empty. Runs on the copy's own thread.
    ///
    /// # Errors
    /// When what is in the folder cannot be used.
    fn open(&self, folder: &Path) -> Result<Box<dyn SecondCopy>, SecondCopyError>;
}

/// The second copy in sled.
#[derive(Debug, Clone, Copy)]
pub struct SledKind {
    /// Memory for sled's page cache, in bytes.
    pub cache_bytes: u64,
    /// The most that may wait in files for sled to take it over, in bytes, but at most a sixteenth of what is free on
    /// the disk; 0 gives everything to sled at once.
    pub intake_bytes: u64,
}

impl Default for SledKind {
    fn default() -> Self {
        Self { cache_bytes: 32 << 20, intake_bytes: 256 << 20 }
    }
}

impl OpenSecondCopy for SledKind {
    fn open(&self, folder: &Path) -> Result<Box<dyn SecondCopy>, SecondCopyError> {
        let copy = SledCopy::open(folder, self.cache_bytes)?;
        Ok(Box::new(StagedCopy::open(folder, copy, self.intake_bytes)?))
    }
}
