//! The store on disk: journal and second copy, one writer, any number of readers.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use super::batch::{self, EncodedBatch};
use super::checkpoint;
use super::codec::{self, Header};
use super::error::{AppendError, StorageError, means_disk_full};
use super::hash::Hash;
use super::health::Health;
use super::journal::{Journal, JournalError};
use super::layout::Layout;
use super::lock::FolderLock;
use super::marker::Marker;
use super::metrics::{Counters, StorageMetrics, add};
use super::options::StorageOptions;
use super::reserve::Reserve;
use super::scrub::ScrubState;
use super::second_slot::SecondSlot;
use super::types::{Entry, Frame, Head, Receipt};

/// What is said of a redaction that an accident interrupted.
const UNFINISHED_REDACTION: &str = "a redaction is recorded but not finished; restart ezu to finish it";

/// What recovery hands over.
pub(super) struct Parts {
    pub layout: Layout,
    pub options: StorageOptions,
    pub journal: Journal,
    pub second: SecondSlot,
    pub marker: Marker,
    pub reserve: Reserve,
    pub head: Head,
    pub lock: FolderLock,
}

/// An open ledger on disk.
#[derive(Debug)]
pub struct Ledger {
    pub(super) layout: Layout,
    pub(super) options: StorageOptions,
    pub(super) journal: Journal,
    pub(super) second: SecondSlot,
    pub(super) counters: Counters,
    /// One repair, redaction or scrub at a time.
    pub(super) maintenance: Mutex<ScrubState>,
    checkpoints: Mutex<()>,
    head: RwLock<Head>,
    writer: Mutex<Writer>,
    _lock: FolderLock,
}

/// What only the one writer touches.
#[derive(Debug)]
pub(super) struct Writer {
    marker: Marker,
    reserve: Reserve,
    /// Why nothing may be written any more.
    broken: Option<String>,
    /// The reserve was given up; nothing is written until it can be kept again.
    disk_full: bool,
}

impl Ledger {
    pub(super) fn new(parts: Parts, repaired: u64) -> Self {
        let writer = Writer { marker: parts.marker, reserve: parts.reserve, broken: None, disk_full: false };
        let counters = Counters::default();
        add(&counters.repaired, repaired);
        Self {
            layout: parts.layout,
            options: parts.options,
            journal: parts.journal,
            second: parts.second,
            counters,
            maintenance: Mutex::new(ScrubState::default()),
            checkpoints: Mutex::new(()),
            head: RwLock::new(parts.head),
            writer: Mutex::new(writer),
            _lock: parts.lock,
        }
    }

    /// The writer's lock. A panic while it was held leaves nobody knowing what was written.
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(|poisoned| {
            let mut writer = poisoned.into_inner();
            writer.broken.get_or_insert_with(|| "the writer stopped in the middle of a batch".to_owned());
            writer
        })
    }

    pub(super) fn head(&self) -> Head {
        *self.head.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes and syncs a batch. `redacts` is 0, or the revision that the only entry redacts.
    pub(super) fn append(&self, entries: Cow<'_, [Entry]>, redacts: u64) -> Result<Vec<Receipt>, AppendError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let appended = self.append_batch(entries, redacts);
        if appended.is_err() {
            add(&self.counters.refused, 1);
        }
        appended
    }

    fn append_batch(&self, entries: Cow<'_, [Entry]>, redacts: u64) -> Result<Vec<Receipt>, AppendError> {
        let mut writer = self.writer();
        writer.ready()?;
        let head = self.head();
        let limit = self.options.largest_payload.min(u64::from(u32::MAX));
        let batch = Arc::new(batch::encode(head, entries, redacts, limit)?);
        self.journal.write(&batch, head.hash).map_err(|error| writer.refuse(error))?;
        let started = Instant::now();
        // The second copy only learns of a batch that the journal had room for.
        let ticket = self.second.begin_write(&batch);
        self.journal.sync().map_err(|error| writer.refuse(error))?;
        self.second.finish(ticket);
        self.counters.synced(started.elapsed());
        self.acknowledge(&writer, &batch);
        Ok(batch.receipts.clone())
    }

    fn acknowledge(&self, writer: &Writer, batch: &EncodedBatch) {
        self.journal.commit(batch);
        // A note that lags behind is allowed to; the next one catches up.
        if let Err(error) = writer.marker.write(batch.head) {
            tracing::warn!(%error, "the newest revision could not be noted");
        }
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = batch.head;
        self.counters.acknowledged(batch.frames.len() as u64, batch.bytes.len() as u64);
    }

    /// One frame, from whichever copy holds it whole; `None` beyond the head.
    pub(super) fn frame(&self, revision: u64) -> Result<Option<Frame>, StorageError> {
        if revision == 0 || revision > self.head().revision {
            return Ok(None);
        }
        self.raw_frame(revision).map(|(header, payload)| Some(codec::to_frame(&header, payload)))
    }

    /// Header and payload of a frame at or below the head.
    pub(super) fn raw_frame(&self, revision: u64) -> Result<(Header, Vec<u8>), StorageError> {
        match self.read_journal(revision) {
            Ok(frame) => Ok(frame),
            Err(reason) => {
                tracing::error!(revision, reason, "the journal is damaged; asking the second copy");
                self.read_second(revision).ok_or(StorageError::Damaged { revision, reason })
            }
        }
    }

    /// A frame of the journal alone, or what is wrong with it.
    pub(super) fn read_journal(&self, revision: u64) -> Result<(Header, Vec<u8>), String> {
        match self.journal.read(revision) {
            Ok(Ok(frame)) => Ok(frame),
            Ok(Err(fault)) => Err(fault.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A frame of the second copy alone, whole and linked to what follows it in the journal.
    pub(super) fn read_second(&self, revision: u64) -> Option<(Header, Vec<u8>)> {
        let bytes = self.second.read(revision)?;
        let (header, payload) = codec::whole(&bytes, revision).ok()?;
        let head = self.head();
        let linked = if revision == head.revision {
            head.hash == header.hash()
        } else {
            // When the frame behind is damaged too, its own repair checks the link.
            self.read_journal(revision + 1).map_or(true, |(next, _)| next.previous == header.hash())
        };
        linked.then(|| (header, payload.to_vec()))
    }

    /// The hash of a frame. Only one that is not the newest is read for it: a frame may be as large as a model.
    fn hash_at(&self, revision: u64) -> Result<Option<Hash>, StorageError> {
        let head = self.head();
        if revision == head.revision && revision > 0 {
            return Ok(Some(head.hash));
        }
        Ok(self.frame(revision)?.map(|frame| frame.hash))
    }

    pub(super) fn put_checkpoint(&self, revision: u64, state: &[&[u8]]) -> Result<(), StorageError> {
        let _checkpoints = self.checkpoints();
        let hash = self
            .hash_at(revision)?
            .ok_or_else(|| StorageError::Request(format!("there is no revision {revision} to checkpoint")))?;
        // A hint only: without it the next opening reads a little more.
        let place = self.journal.place_of(revision).unwrap_or_default();
        let link = (revision, hash, place);
        checkpoint::put(&self.options.disk, &self.layout, link, state, self.options.checkpoints_kept)
    }

    /// Takes the right to write and remove checkpoints. There is nothing behind the lock to be poisoned.
    pub(super) fn checkpoints(&self) -> MutexGuard<'_, ()> {
        self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest checkpoint up to a revision that is whole and belongs to this ledger.
    pub(super) fn checkpoint_at(&self, last: u64) -> Result<Option<(u64, Vec<u8>)>, StorageError> {
        let present = checkpoint::list(&self.options.disk, &self.layout)?;
        for (revision, path) in present.into_iter().rev().filter(|(revision, _)| *revision <= last) {
            match checkpoint::read(&self.options.disk, &path) {
                Ok((anchor, state)) => {
                    let hash = self.hash_at(revision)?;
                    if anchor.revision == revision && hash.is_some_and(|hash| hash == anchor.chain) {
                        return Ok(Some((revision, state)));
                    }
                    tracing::error!(revision, "a checkpoint does not belong to this ledger and is passed over");
                }
                Err(error) => tracing::error!(%error, "a checkpoint is damaged and is passed over"),
            }
        }
        Ok(None)
    }

    /// Takes the right to repair, redact or scrub.
    pub(super) fn maintain(&self) -> MutexGuard<'_, ScrubState> {
        // The state is a place to go on from; any value of it is a good one.
        self.maintenance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn health(&self) -> Health {
        let writer = self.writer();
        if let Some(reason) = &writer.broken {
            return Health::ReadOnly { reason: reason.clone() };
        }
        let full = writer.disk_full.then(|| "the disk is full; writes are refused until there is room".to_owned());
        let rot = self.unmended();
        let unfinished = self.layout.redaction().exists().then(|| UNFINISHED_REDACTION.to_owned());
        let reasons: Vec<String> =
            full.into_iter().chain(self.second.complaint()).chain(unfinished).chain(rot).collect();
        if reasons.is_empty() { Health::Ready } else { Health::Degraded { reasons } }
    }

    pub(super) fn metrics(&self) -> StorageMetrics {
        StorageMetrics {
            revision: self.head().revision,
            journal_bytes: self.journal.bytes(),
            segments: self.journal.segments().len() as u64,
            copies: 1 + u64::from(self.second.is_in_service()),
            ..self.counters.read()
        }
    }
}

impl Writer {
    /// Whether a batch may be begun.
    fn ready(&mut self) -> Result<(), AppendError> {
        if let Some(reason) = &self.broken {
            return Err(AppendError::ReadOnly(reason.clone()));
        }
        if self.disk_full {
            self.reserve.hold().map_err(AppendError::DiskFull)?;
            self.disk_full = false;
        }
        Ok(())
    }

    /// What a refused write means for the next ones, and for the caller.
    fn refuse(&mut self, error: JournalError) -> AppendError {
        match error {
            JournalError::Broken(reason) => {
                tracing::error!(reason, "the ledger is read-only from now on");
                self.broken = Some(reason.clone());
                AppendError::ReadOnly(reason)
            }
            JournalError::Refused(error) if means_disk_full(&error) => {
                self.disk_full = true;
                self.reserve.release();
                AppendError::DiskFull(error)
            }
            JournalError::Refused(error) => AppendError::Io(error),
        }
    }

    /// Why nothing may be written any more, if so.
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Refuses everything from now on.
    pub fn stop(&mut self, reason: String) {
        self.broken.get_or_insert(reason);
    }

    /// Tries to keep the reserve again, so that health tells the truth while nobody writes.
    pub fn look_for_room(&mut self) {
        if self.disk_full && self.reserve.hold().is_ok() {
            self.disk_full = false;
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        let head = self.head();
        let writer = self.writer();
        if writer.broken.is_none()
            && let Err(error) = self.journal.trim().and_then(|()| writer.marker.close(head))
        {
            tracing::warn!(%error, "the orderly end could not be noted");
        }
        drop(writer);
        self.second.close();
    }
}
