//! Removing what the law forbids to keep, without breaking the chain.
//!
//! The act is appended first and the payload removed after, so a crash in between leaves an act whose
//! subject is still there; a note in the folder makes the next opening finish the work.

use super::checkpoint;
use super::disk;
use super::error::StorageError;
use super::ledger::Ledger;
use super::recovery::generation::remove_folder;
use super::types::{Entry, Frame, Payload, Receipt};

impl Ledger {
    /// Records the act and removes payload and salt of `revision` from everything in the folder.
    pub(super) fn redact(&self, revision: u64, act: &Entry) -> Result<Receipt, StorageError> {
        let _maintenance = self.maintain();
        self.finish_noted()?;
        match self.frame(revision)? {
            Some(Frame { payload: Payload::Present(_), .. }) => {}
            Some(_) => {
                return Err(StorageError::Request(format!("revision {revision} is already redacted")));
            }
            None => {
                return Err(StorageError::Request(format!("there is no revision {revision}")));
            }
        }
        let disk = &self.options.disk;
        let note = self.layout.redaction();
        disk::replace_file(disk, &note, &[revision.to_string().as_bytes()])
            .map_err(StorageError::io("write", &note))?;
        let receipt = self.append(std::slice::from_ref(act), revision)?[0];
        self.erase(revision, receipt.revision)?;
        disk.remove(&note).map_err(StorageError::io("remove", &note))?;
        Ok(receipt)
    }

    /// Finishes a redaction whose act is in the ledger; forgets one whose act is not.
    pub(super) fn finish_redaction(&self) -> Result<(), StorageError> {
        let _maintenance = self.maintain();
        self.finish_noted()
    }

    fn finish_noted(&self) -> Result<(), StorageError> {
        let disk = &self.options.disk;
        let note = self.layout.redaction();
        let Ok(bytes) = disk::read_file(disk, &note) else {
            return Ok(());
        };
        let revision = std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse::<u64>().ok());
        if let Some(revision) = revision
            && let Some(act) = self.act_of(revision)?
        {
            self.erase(revision, act)?;
        }
        disk.remove(&note).map_err(StorageError::io("remove", &note))
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

    /// Removes the payload from journal, second copy, checkpoints and quarantine. May be repeated.
    fn erase(&self, revision: u64, by: u64) -> Result<(), StorageError> {
        {
            let writer = self.writer();
            self.rewrite_segment(&writer, revision, |header, payload| {
                if header.revision == revision { (header.tombstone(by), Vec::new()) } else { (header, payload) }
            })?;
        }
        self.forget_second()?;
        let _checkpoints = self.checkpoints();
        checkpoint::remove_from(&self.options.disk, &self.layout, revision)?;
        let quarantine = self.layout.quarantine();
        for folder in [quarantine.join("second"), quarantine] {
            remove_folder(&self.options.disk, &folder).map_err(StorageError::io("remove", &folder))?;
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
