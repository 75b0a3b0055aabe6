//! Numbers about the store, counted without locks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;

/// Upper bounds of the buckets of [`StorageMetrics::sync_buckets`], in microseconds; a last bucket has none.
pub const SYNC_BUCKETS: [u64; 10] = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000];

/// Upper bounds of the buckets of [`StorageMetrics::batch_buckets`], in entries; a last bucket has none.
pub const BATCH_BUCKETS: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/// What the store has done since it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StorageMetrics {
    /// The newest revision.
    pub revision: u64,
    /// Batches acknowledged.
    pub batches: u64,
    /// Entries acknowledged.
    pub entries: u64,
    /// Bytes written to the journal.
    pub bytes_written: u64,
    /// Time spent waiting for both copies to be on the disk, in microseconds, all batches together.
    pub sync_microseconds: u64,
    /// The longest such wait, in microseconds.
    pub sync_longest_microseconds: u64,
    /// How many waits fell into each of [`SYNC_BUCKETS`] (not cumulative), and above the last.
    pub sync_buckets: [u64; 11],
    /// How many batches had as many entries as each of [`BATCH_BUCKETS`] (not cumulative), and more than the last.
    pub batch_buckets: [u64; 10],
    /// Batches refused, for whatever reason.
    pub refused: u64,
    /// Bytes of the journal on the disk.
    pub journal_bytes: u64,
    /// Segments of the journal.
    pub segments: u64,
    /// How many whole copies of the ledger are in service: 2, or 1 when degraded.
    pub copies: u64,
    /// Frames mended from the other copy, at opening and by the scrub.
    pub repaired: u64,
    /// Bytes that the scrub has re-read.
    pub scrubbed_bytes: u64,
}

/// The running counts.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub batches: AtomicU64,
    pub entries: AtomicU64,
    pub bytes_written: AtomicU64,
    pub refused: AtomicU64,
    pub repaired: AtomicU64,
    pub scrubbed_bytes: AtomicU64,
    sync_microseconds: AtomicU64,
    sync_longest: AtomicU64,
    sync_buckets: [AtomicU64; 11],
    batch_buckets: [AtomicU64; 10],
}

/// Adds to a count.
pub(super) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

impl Counters {
    pub fn synced(&self, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = SYNC_BUCKETS.partition_point(|bound| *bound < microseconds);
        add(&self.sync_buckets[bucket], 1);
        add(&self.sync_microseconds, microseconds);
        self.sync_longest.fetch_max(microseconds, Ordering::Relaxed);
    }

    /// Counts a batch that was acknowledged.
    pub fn acknowledged(&self, entries: u64, bytes: u64) {
        add(&self.batches, 1);
        add(&self.entries, entries);
        add(&self.bytes_written, bytes);
        let bucket = BATCH_BUCKETS.partition_point(|bound| *bound < entries);
        add(&self.batch_buckets[bucket], 1);
    }

    /// The counts as they are now; what is not counted here stays zero.
    pub fn read(&self) -> StorageMetrics {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StorageMetrics {
            batches: get(&self.batches),
            entries: get(&self.entries),
            bytes_written: get(&self.bytes_written),
            sync_microseconds: get(&self.sync_microseconds),
            sync_longest_microseconds: get(&self.sync_longest),
            sync_buckets: std::array::from_fn(|bucket| get(&self.sync_buckets[bucket])),
            batch_buckets: std::array::from_fn(|bucket| get(&self.batch_buckets[bucket])),
            refused: get(&self.refused),
            repaired: get(&self.repaired),
            scrubbed_bytes: get(&self.scrubbed_bytes),
            ..StorageMetrics::default()
        }
    }
}
