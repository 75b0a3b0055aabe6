//! Removing what the law forbids to keep, without breaking the chain.
//!
//! The act is appended first and the payload removed after, so a crash in between leaves an act whose
//! subject is still there; a note in the folder makes the next opening finish the work.

use std::collections::BTreeMap;

use super::checkpoint;
use super::disk;
use super::error::{AppendError, StorageError};
use super::ledger::Ledger;
use super::recovery::generation::remove_folder;
use super::types::{Entry, Frame, Payload, Receipt};

/// Acts by the revision that they redact.
type Acts = BTreeMap<u64, u64>;

impl Ledger {
    /// Records the acts and removes payload and salt of their revisions from everything in the folder.
    pub(super) fn redact(&self, subjects: &[(u64, Entry)]) -> Result<Vec<Receipt>, StorageError> {
        let _maintenance = self.maintain();
        self.finish_noted()?;
        subjects.iter().try_for_each(|(revision, _)| self.may_be_redacted(*revision))?;
        self.note(subjects)?;
        let receipts = match self.record(subjects) {
            // Nobody knows whether the last act is in the ledger: the note stays for the next opening.
            Err(StorageError::Append(AppendError::ReadOnly(reason))) => {
                return Err(StorageError::Append(AppendError::ReadOnly(reason)));
            }
            receipts => receipts,
        };
        // Also when an act could not be recorded: those before it were.
        let finished = self.finish_noted();
        receipts.and_then(|receipts| finished.map(|()| receipts))
    }

    fn may_be_redacted(&self, revision: u64) -> Result<(), StorageError> {
        match self.frame(revision)? {
            Some(Frame { payload: Payload::Present(_), .. }) => Ok(()),
            Some(_) => Err(StorageError::Request(format!("revision {revision} is already redacted"))),
            None => Err(StorageError::Request(format!("there is no revision {revision}"))),
        }
    }

    /// One revision a line.
    fn note(&self, subjects: &[(u64, Entry)]) -> Result<(), StorageError> {
        let path = self.layout.redaction();
        let text: String = subjects.iter().map(|(revision, _)| format!("{revision}\n")).collect();
        disk::replace_file(&self.options.disk, &path, &[text.as_bytes()]).map_err(StorageError::io("write", &path))
    }

    fn record(&self, subjects: &[(u64, Entry)]) -> Result<Vec<Receipt>, StorageError> {
        let mut receipts = Vec::with_capacity(subjects.len());
        for (revision, act) in subjects {
            receipts.extend(self.append(std::slice::from_ref(act).into(), *revision)?);
        }
        Ok(receipts)
    }

    /// Finishes a redaction whose act is in the ledger; forgets one whose act is not.
    pub(super) fn finish_redaction(&self) -> Result<(), StorageError> {
        let _maintenance = self.maintain();
        self.finish_noted()
    }

    fn finish_noted(&self) -> Result<(), StorageError> {
        let note = self.layout.redaction();
        let Some(acts) = self.noted_acts()? else {
            return Ok(());
        };
        if !acts.is_empty() {
            self.erase(&acts)?;
        }
        self.options.disk.remove(&note).map_err(StorageError::io("remove", &note))
    }

    /// The acts that the note speaks of, as far as they are recorded; `None` without a note.
    fn noted_acts(&self) -> Result<Option<Acts>, StorageError> {
        let Ok(bytes) = disk::read_file(&self.options.disk, &self.layout.redaction()) else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut acts = Acts::new();
        for revision in text.lines().filter_map(|line| line.trim().parse::<u64>().ok()) {
            acts.extend(self.act_of(revision)?.map(|act| (revision, act)));
        }
        Ok(Some(acts))
    }

    /// Acts that are recorded while their subject still has its payload.
    pub(super) fn unfinished_redactions(&self) -> Result<Vec<(u64, u64)>, StorageError> {
        let mut unfinished = Vec::new();
        for (revision, act) in self.noted_acts()?.unwrap_or_default() {
            if self.raw_frame(revision)?.0.redacted_by == 0 {
                unfinished.push((revision, act));
            }
        }
        Ok(unfinished)
    }

    /// The revision of the act that redacts `revision`. O(frames behind it).
    fn act_of(&self, revision: u64) -> Result<Option<u64>, StorageError> {
        for later in revision + 1..=self.head().revision {
            if self.raw_frame(later)?.0.redacts == revision {
                return Ok(Some(later));
            }
        }
        Ok(None)
    }

    /// Removes the payloads from journal, second copy, checkpoints, quarantine and staged uploads. May be repeated.
    fn erase(&self, acts: &Acts) -> Result<(), StorageError> {
        self.erase_from_journal(acts)?;
        self.forget_second()?;
        let _checkpoints = self.checkpoints();
        let disk = &self.options.disk;
        if let Some((oldest, _)) = acts.first_key_value() {
            checkpoint::remove_from(disk, &self.layout, *oldest)?;
        }
        let quarantine = self.layout.quarantine();
        for folder in [quarantine.join("second"), quarantine, self.layout.staged()] {
            remove_folder(disk, &folder).map_err(StorageError::io("remove", &folder))?;
        }
        Ok(())
    }

    fn erase_from_journal(&self, acts: &Acts) -> Result<(), StorageError> {
        let writer = self.writer();
        let segments = self.journal.segments();
        let segment_of = |revision: u64| segments.partition_point(|segment| segment.first <= revision);
        let one_a_segment: BTreeMap<usize, u64> =
            acts.keys().map(|revision| (segment_of(*revision), *revision)).collect();
        for revision in one_a_segment.into_values() {
            self.rewrite_segment(&writer, revision, |header, payload| match acts.get(&header.revision) {
                Some(by) => (header.tombstone(*by), Vec::new()),
                None => (header, payload),
            })?;
        }
        Ok(())
    }

    /// Replaces the second copy. The old one goes even when no new one can be built.
    fn forget_second(&self) -> Result<(), StorageError> {
        if self.options.second_copy.is_none() {
            return Ok(());
        }
        let rebuilt = self.rebuild_second();
        if let Err(error) = rebuilt {
            tracing::error!(%error, "after a redaction the second copy could not be built anew");
            self.second.fail(&error);
            let old = self.layout.second(self.second.generation());
            remove_folder(&self.options.disk, &old).map_err(StorageError::io("remove", &old))?;
        }
        Ok(())
    }
}
