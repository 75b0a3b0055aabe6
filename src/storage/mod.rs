//! The storage room: an append-only, hash-chained ledger of opaque payloads, kept in two copies that
//! check and repair each other.
//!
//! A [`Store`] is opened once and shared. [`Store::append`] answers only when the batch is on stable
//! storage; whatever happens to the process, the disk or the power afterwards, [`Store::open`] brings it
//! back, or refuses and names the revision. The room does not know what a payload means.
//!
//! *Invariant*: no type of sled, and no question about the operating system, leaves this folder.

mod backup;
mod batch;
mod blank;
mod checkpoint;
mod codec;
mod disk;
mod error;
mod export;
mod fence;
mod format;
mod hash;
mod health;
mod intake;
mod journal;
mod layout;
mod ledger;
mod lock;
mod marker;
mod memory;
mod mend_online;
mod metrics;
mod migration;
mod options;
mod platform;
mod private_files;
mod quarantine;
mod recovery;
mod redaction;
mod reserve;
mod restore;
mod scrub;
mod second_copy;
mod second_slot;
mod segment;
mod sled_copy;
mod staged_copy;
mod store;
mod types;
mod verify;
mod writer;

pub use backup::BackupRecord;
pub use disk::{Disk, DiskFile, OpenMode, RealDisk};
pub use error::{AppendError, StorageError};
pub use hash::{Hash, HashParseError};
pub use health::Health;
pub use ledger::Ledger;
pub use memory::MemoryLedger;
pub use metrics::{BATCH_BUCKETS, SYNC_BUCKETS, StorageMetrics};
pub use options::StorageOptions;
pub use private_files::{create_private_folder, write_private_file};
pub use recovery::OpeningReport;
pub use scrub::ScrubReport;
pub use second_copy::{OpenSecondCopy, SecondCopy, SecondCopyError, SledKind};
pub use store::{Frames, Store};
pub use types::{Act, Entry, Frame, Head, Payload, Receipt};
pub use verify::{Problem, VerifyReport};
