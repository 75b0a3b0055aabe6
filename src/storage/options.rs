//! What can be chosen when a store is opened.

use std::sync::Arc;
use std::time::Duration;

use super::disk::{Disk, RealDisk};
use super::second_copy::{OpenSecondCopy, SledKind};

/// The choices of a store on disk. [`StorageOptions::default`] is what a city should run.
#[derive(Debug, Clone)]
pub struct StorageOptions {
    /// A journal segment is closed when it would grow past this many bytes.
    pub segment_bytes: u64,
    /// The largest payload accepted, in bytes (at most 4 GiB less one).
    pub largest_payload: u64,
    /// The room kept back so that a full disk can be recovered from, in bytes; 0 keeps none.
    pub reserve_bytes: u64,
    /// How many checkpoints are kept.
    pub checkpoints_kept: usize,
    /// How long the second copy may take for one operation before it is given up.
    pub second_copy_deadline: Duration,
    /// The second copy; `None` runs on the journal alone, and says so in its health.
    pub second_copy: Option<Arc<dyn OpenSecondCopy>>,
    /// The disk under journal, checkpoints and markers.
    pub disk: Arc<dyn Disk>,
}

impl Default for StorageOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            largest_payload: 1 << 30,
            reserve_bytes: 1 << 20,
            checkpoints_kept: 3,
            second_copy_deadline: Duration::from_secs(60),
            second_copy: Some(Arc::new(SledKind::default())),
            disk: Arc::new(RealDisk),
        }
    }
}
