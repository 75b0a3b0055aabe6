//! The one store that the workspace uses, whichever kind it is.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::path::Path;

use super::backup::{self, BackupRecord};
use super::codec::Header;
use super::error::{AppendError, StorageError};
use super::export;
use super::hash::Hash;
use super::health::Health;
use super::ledger::Ledger;
use super::memory::MemoryLedger;
use super::metrics::StorageMetrics;
use super::options::StorageOptions;
use super::recovery::{self, OpeningReport};
use super::restore;
use super::scrub::ScrubReport;
use super::types::{Entry, Frame, Head, Receipt};
use super::verify::{self, VerifyReport};

/// How many checkpoints the store in memory keeps.
const CHECKPOINTS_IN_MEMORY: usize = 3;

/// A ledger. Shared by reference between threads; appends are taken one at a time.
#[derive(Debug)]
pub enum Store {
    /// Forgotten with the process: for tests and scratch work.
    Memory(MemoryLedger),
    /// On disk, in two copies.
    Ledger(Box<Ledger>),
}

impl Store {
    /// An empty store in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(MemoryLedger::default())
    }

    /// Opens the ledger in a folder, or begins one there. Mends one copy from the other where needed.
    ///
    /// # Errors
    /// `Locked` when another process has the folder; `Refused` when something acknowledged is in neither
    /// copy, or the copies contradict each other; `Io` and `Format` otherwise.
    pub fn open(folder: &Path, options: &StorageOptions) -> Result<(Self, OpeningReport), StorageError> {
        let (ledger, report) = recovery::open(folder, options)?;
        Ok((Self::Ledger(Box::new(ledger)), report))
    }

    /// Writes a batch with one write and one sync of each copy. When it returns, the batch is on stable
    /// storage, at consecutive revisions in the order given. An empty batch does nothing. A single entry that is given
    /// away instead of lent is not copied.
    ///
    /// # Errors
    /// See [`AppendError`]; except after `ReadOnly`, nothing of the batch was kept.
    pub fn append<'b>(&self, batch: impl Into<Cow<'b, [Entry]>>) -> Result<Vec<Receipt>, AppendError> {
        match self {
            Self::Memory(memory) => memory.append(batch.into(), 0),
            Self::Ledger(ledger) => ledger.append(batch.into(), 0),
        }
    }

    /// The end of the ledger. O(1).
    #[must_use]
    pub fn head(&self) -> Head {
        match self {
            Self::Memory(memory) => memory.head(),
            Self::Ledger(ledger) => ledger.head(),
        }
    }

    /// One frame, checked; `None` when there is no such revision.
    ///
    /// # Errors
    /// `Damaged` when no copy holds it whole.
    pub fn frame(&self, revision: u64) -> Result<Option<Frame>, StorageError> {
        match self {
            Self::Memory(memory) => memory.frame(revision),
            Self::Ledger(ledger) => ledger.frame(revision),
        }
    }

    /// The frames `from..=to` in order, each checked and linked to the one before it (also the first,
    /// to its predecessor). Ends at the head as it is now, or after the first error.
    #[must_use]
    pub fn frames(&self, from: u64, to: u64) -> Frames<'_> {
        let from = from.max(1);
        Frames { store: self, next: from, to: to.min(self.head().revision), previous: None }
    }

    /// Whether keeping checkpoints is of use: they outlive the process.
    #[must_use]
    pub fn keeps_checkpoints(&self) -> bool {
        matches!(self, Self::Ledger(_))
    }

    /// Keeps a state of the caller at a revision. The oldest beyond three are dropped. A state that was
    /// made before a redaction of that revision or an earlier one must not be put after it.
    ///
    /// # Errors
    /// `Request` when there is no such revision; `Io` when it cannot be written.
    pub fn put_checkpoint(&self, revision: u64, state: &[u8]) -> Result<(), StorageError> {
        self.put_checkpoint_in_pieces(revision, &[state])
    }

    /// As [`Store::put_checkpoint`], for a state in pieces, so that a large one need not be in one place in memory.
    ///
    /// # Errors
    /// As [`Store::put_checkpoint`].
    pub fn put_checkpoint_in_pieces(&self, revision: u64, state: &[&[u8]]) -> Result<(), StorageError> {
        match self {
            Self::Memory(memory) => {
                memory.put_checkpoint(revision, &state.concat(), CHECKPOINTS_IN_MEMORY);
                Ok(())
            }
            Self::Ledger(ledger) => ledger.put_checkpoint(revision, state),
        }
    }

    /// The newest state that is whole and belongs to the frame of its revision, with that revision.
    ///
    /// # Errors
    /// `Io` when the folder cannot be read.
    pub fn newest_checkpoint(&self) -> Result<Option<(u64, Vec<u8>)>, StorageError> {
        self.checkpoint_at(u64::MAX)
    }

    /// As [`Store::newest_checkpoint`], among those of `revision` and before.
    ///
    /// # Errors
    /// `Io` when the folder cannot be read.
    pub fn checkpoint_at(&self, revision: u64) -> Result<Option<(u64, Vec<u8>)>, StorageError> {
        match self {
            Self::Memory(memory) => Ok(memory.checkpoint_at(revision)),
            Self::Ledger(ledger) => ledger.checkpoint_at(revision),
        }
    }

    /// Removes the payload of a revision, and its salt, from everything in the data folder, and records
    /// `act` as the revision that did so. The chain stays verifiable. Checkpoints of that revision and
    /// later are dropped: the caller makes new ones. Takes as long as copying the ledger.
    ///
    /// # Errors
    /// `Request` when there is no such revision or it is redacted already; `Append` when the act could not
    /// be recorded; otherwise the act is recorded and the removal is finished at the next opening.
    pub fn redact(&self, revision: u64, act: &Entry) -> Result<Receipt, StorageError> {
        self.redact_all(&[(revision, act.clone())]).map(|receipts| receipts[0])
    }

    /// As [`Store::redact`], for several revisions, each with an act of its own, in one go: the copies are
    /// written anew once.
    ///
    /// # Errors
    /// As [`Store::redact`]. When an act could not be recorded, those before it stay, and their removal is done.
    pub fn redact_all(&self, subjects: &[(u64, Entry)]) -> Result<Vec<Receipt>, StorageError> {
        match self {
            Self::Memory(memory) => subjects.iter().map(|(revision, act)| memory.redact(*revision, act)).collect(),
            Self::Ledger(ledger) => ledger.redact(subjects),
        }
    }

    /// Redactions that are recorded while the payload is still there: revision and act. Empty but after an
    /// accident in the middle of one; opening the store anew finishes them.
    ///
    /// # Errors
    /// `Io` and `Damaged` when the ledger cannot be read.
    pub fn unfinished_redactions(&self) -> Result<Vec<(u64, u64)>, StorageError> {
        match self {
            Self::Memory(_) => Ok(Vec::new()),
            Self::Ledger(ledger) => ledger.unfinished_redactions(),
        }
    }

    /// Checks every byte of both copies, the chain, the checkpoints and, if given, what a witness saw
    /// (a revision and its hash). A running store is checked up to its head when the check begins. O(bytes).
    ///
    /// # Errors
    /// `Io` when the folder cannot be read at all. What is wrong with the content is in the report.
    pub fn verify(&self, witness: Option<(u64, Hash)>) -> Result<VerifyReport, StorageError> {
        match self {
            Self::Memory(memory) => Ok(memory.verify(witness)),
            Self::Ledger(ledger) => ledger.verify(witness),
        }
    }

    /// As [`Store::verify`], for a folder that no process has open. The journal is left as it is.
    ///
    /// # Errors
    /// `Locked` when the folder is in use; `Request` when it is none of ours; `Io` when it cannot be read.
    pub fn verify_folder(
        folder: &Path,
        options: &StorageOptions,
        witness: Option<(u64, Hash)>,
    ) -> Result<VerifyReport, StorageError> {
        verify::verify_folder(folder, options, witness)
    }

    /// Writes a backup of the ledger up to `revision`, or up to the head as it is now, while the store goes
    /// on. The answer is what an outside register should keep: it proves the backup and the ledger.
    ///
    /// # Errors
    /// `Request` when there is no such revision, or a payload before it was redacted after it.
    pub fn backup(&self, out: &mut dyn Write, revision: Option<u64>) -> Result<Head, StorageError> {
        self.backup_to(out, revision, None)
    }

    /// As [`Store::backup`], with where it goes, in words that a redaction may later name.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub fn backup_to(
        &self,
        out: &mut dyn Write,
        revision: Option<u64>,
        written_to: Option<&str>,
    ) -> Result<Head, StorageError> {
        let head = self.head_at(revision)?;
        match self {
            Self::Memory(_) => backup::write(out, head, |revision| self.raw_frame(revision))?,
            Self::Ledger(ledger) => ledger.backup(out, head, written_to)?,
        }
        Ok(head)
    }

    /// The head that a backup at a revision would have, if one is possible.
    ///
    /// # Errors
    /// `Request` when there is no such revision, or a payload before it was redacted after it.
    pub fn backup_head(&self, revision: Option<u64>) -> Result<Head, StorageError> {
        let head = self.head_at(revision)?;
        if head.revision < self.head().revision {
            backup::check(head, |revision| self.raw_frame(revision))?;
        }
        Ok(head)
    }

    /// The backups that were taken of this ledger, oldest first; a redaction cannot reach into them.
    #[must_use]
    pub fn backups(&self) -> Vec<BackupRecord> {
        match self {
            Self::Memory(_) => Vec::new(),
            Self::Ledger(ledger) => ledger.backups(),
        }
    }

    /// Writes the ledger up to the head as it is now as lines of JSON.
    ///
    /// # Errors
    /// `Io` when it cannot be written, `Damaged` when a frame cannot be read.
    pub fn export_ndjson(&self, out: &mut dyn Write) -> Result<Head, StorageError> {
        self.export_ndjson_to(out, None)
    }

    /// As [`Store::export_ndjson`], noted like a backup with where it goes: it holds what a backup holds.
    ///
    /// # Errors
    /// As [`Store::export_ndjson`].
    pub fn export_ndjson_to(&self, out: &mut dyn Write, written_to: Option<&str>) -> Result<Head, StorageError> {
        let head = self.head();
        export::write(out, head, |revision| self.raw_frame(revision))?;
        if let Self::Ledger(ledger) = self
            && let Err(error) = ledger.note_backup(head, written_to)
        {
            tracing::warn!(%error, "the export was taken but could not be noted");
        }
        Ok(head)
    }

    /// Brings a backup or an export back into an empty folder, up to `revision` or whole, and proves
    /// every hash. The ledger is left closed.
    ///
    /// # Errors
    /// `Request` when the folder is not empty or the input ends before `revision`; `Format`, `Damaged` and
    /// `Refused` when the input is not what it claims to be.
    pub fn restore(
        input: &mut dyn Read,
        folder: &Path,
        options: &StorageOptions,
        revision: Option<u64>,
    ) -> Result<Head, StorageError> {
        restore::restore(input, folder, options, revision)
    }

    /// Revision, hash and time of a frame as a head; the newest when `revision` is absent.
    ///
    /// # Errors
    /// `Request` when there is no such revision.
    pub fn head_at(&self, revision: Option<u64>) -> Result<Head, StorageError> {
        match revision {
            None => Ok(self.head()),
            Some(0) => Ok(Head::empty()),
            Some(revision) => {
                let frame = self
                    .frame(revision)?
                    .ok_or_else(|| StorageError::Request(format!("there is no revision {revision}")))?;
                Ok(Head { revision, hash: frame.hash, time: frame.time })
            }
        }
    }

    fn raw_frame(&self, revision: u64) -> Result<(Header, Vec<u8>), StorageError> {
        match self {
            Self::Memory(memory) => memory.raw_frame(revision),
            Self::Ledger(ledger) => ledger.raw_frame(revision),
        }
    }

    /// Re-reads about `budget_bytes` of each copy from where the last step ended, mending what it can; also
    /// rebuilds a second copy that failed. Meant to be called now and then from a thread in the background.
    pub fn scrub_step(&self, budget_bytes: u64) -> ScrubReport {
        match self {
            Self::Memory(_) => ScrubReport { finished_round: true, ..ScrubReport::default() },
            Self::Ledger(ledger) => ledger.scrub_step(budget_bytes),
        }
    }

    /// Whether the store can be relied on.
    #[must_use]
    pub fn health(&self) -> Health {
        match self {
            Self::Memory(_) => Health::Ready,
            Self::Ledger(ledger) => ledger.health(),
        }
    }

    /// What the store has done since it was opened.
    #[must_use]
    pub fn metrics(&self) -> StorageMetrics {
        match self {
            Self::Memory(memory) => {
                StorageMetrics { revision: memory.head().revision, copies: 1, ..Default::default() }
            }
            Self::Ledger(ledger) => ledger.metrics(),
        }
    }
}

/// The frames of a range, in order. See [`Store::frames`].
#[derive(Debug)]
pub struct Frames<'a> {
    store: &'a Store,
    next: u64,
    to: u64,
    previous: Option<Hash>,
}

impl Frames<'_> {
    fn read(&mut self) -> Result<Frame, StorageError> {
        let revision = self.next;
        let missing = || StorageError::Damaged { revision, reason: "it is missing".to_owned() };
        let expected = match self.previous {
            Some(hash) => hash,
            None if revision == 1 => Hash::genesis(),
            None => self.store.frame(revision - 1)?.ok_or_else(missing)?.hash,
        };
        let frame = self.store.frame(revision)?.ok_or_else(missing)?;
        if frame.previous != expected {
            return Err(StorageError::Damaged { revision, reason: "it is not linked to the frame before".to_owned() });
        }
        self.previous = Some(frame.hash);
        Ok(frame)
    }
}

impl Iterator for Frames<'_> {
    type Item = Result<Frame, StorageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next > self.to {
            return None;
        }
        let frame = self.read();
        self.next = if frame.is_ok() { self.next + 1 } else { u64::MAX };
        Some(frame)
    }
}
