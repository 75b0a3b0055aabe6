//! The store that forgets: for tests and scratch work. Same chain, same answers, no files.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::batch;
use super::codec::{self, Header};
use super::error::{AppendError, StorageError};
use super::hash::Hash;
use super::types::{Entry, Frame, Head, Payload, Receipt};
use super::verify::VerifyReport;

/// A ledger in memory.
#[derive(Debug)]
pub struct MemoryLedger {
    content: RwLock<Content>,
    limit: u64,
}

#[derive(Debug)]
struct Content {
    head: Head,
    /// Each frame as the bytes that a ledger on disk would hold.
    frames: Vec<Vec<u8>>,
    checkpoints: Vec<(u64, Vec<u8>)>,
}

impl Default for MemoryLedger {
    fn default() -> Self {
        let content = Content { head: Head::empty(), frames: Vec::new(), checkpoints: Vec::new() };
        Self { content: RwLock::new(content), limit: 1 << 30 }
    }
}

impl MemoryLedger {
    // A panic while the lock is held cannot leave the content half-changed: every change is one push
    // of finished values, so the guard of a poisoned lock is as good as any.
    fn read(&self) -> RwLockReadGuard<'_, Content> {
        self.content.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Content> {
        self.content.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn head(&self) -> Head {
        self.read().head
    }

    pub(super) fn append(&self, entries: Cow<'_, [Entry]>, redacts: u64) -> Result<Vec<Receipt>, AppendError> {
        let mut content = self.write();
        let batch = batch::encode(content.head, entries, redacts, self.limit)?;
        content.frames.extend(batch.frames.iter().map(|frame| batch.bytes[frame.start..frame.end].to_vec()));
        content.head = batch.head;
        Ok(batch.receipts)
    }

    /// The bytes of one frame.
    pub(super) fn frame_bytes(&self, revision: u64) -> Option<Vec<u8>> {
        let place = usize::try_from(revision.checked_sub(1)?).ok()?;
        self.read().frames.get(place).cloned()
    }

    pub(super) fn frame(&self, revision: u64) -> Result<Option<Frame>, StorageError> {
        if revision == 0 || revision > self.head().revision {
            return Ok(None);
        }
        self.raw_frame(revision).map(|(header, payload)| Some(codec::to_frame(&header, payload)))
    }

    /// Header and payload of a frame at or below the head.
    pub(super) fn raw_frame(&self, revision: u64) -> Result<(Header, Vec<u8>), StorageError> {
        let damaged = |reason: String| StorageError::Damaged { revision, reason };
        let bytes = self.frame_bytes(revision).ok_or_else(|| damaged("it is missing".to_owned()))?;
        let (header, payload) = codec::decode(&bytes).map_err(|fault| damaged(fault.to_string()))?;
        Ok((header, payload.to_vec()))
    }

    /// Nothing in memory rots; only a witness can disagree.
    pub(super) fn verify(&self, witness: Option<(u64, Hash)>) -> VerifyReport {
        let head = self.head();
        let redacted = (1..=head.revision)
            .filter(|revision| self.raw_frame(*revision).is_ok_and(|(header, _)| header.redacted_by != 0));
        let redacted = redacted.count() as u64;
        let checkpoints = self.read().checkpoints.len() as u64;
        let confirmed = witness.map(|(revision, hash)| match self.frame(revision) {
            Ok(Some(frame)) => frame.hash == hash,
            _ => revision == 0 && hash == Hash::genesis(),
        });
        VerifyReport::in_memory(head, redacted, checkpoints, witness, confirmed)
    }

    pub(super) fn put_checkpoint(&self, revision: u64, state: &[u8], kept: usize) {
        let checkpoints = &mut self.write().checkpoints;
        checkpoints.retain(|(existing, _)| *existing != revision);
        checkpoints.push((revision, state.to_vec()));
        checkpoints.sort_by_key(|(existing, _)| *existing);
        let surplus = checkpoints.len().saturating_sub(kept);
        checkpoints.drain(..surplus);
    }

    pub(super) fn checkpoint_at(&self, revision: u64) -> Option<(u64, Vec<u8>)> {
        self.read().checkpoints.iter().rev().find(|(existing, _)| *existing <= revision).cloned()
    }

    /// Records the act, then forgets the payload. The caller has checked that the frame may be redacted.
    pub(super) fn redact(&self, revision: u64, act: &Entry) -> Result<Receipt, StorageError> {
        match self.frame(revision)? {
            Some(Frame { payload: Payload::Present(_), .. }) => {}
            Some(_) => {
                return Err(StorageError::Request(format!("revision {revision} is already redacted")));
            }
            None => {
                return Err(StorageError::Request(format!("there is no revision {revision}")));
            }
        }
        let receipt = self.append(std::slice::from_ref(act).into(), revision)?[0];
        let mut content = self.write();
        let place = usize::try_from(revision - 1).expect("the frame was read a moment ago");
        if let Ok(header) = Header::decode(&content.frames[place]) {
            content.frames[place] = header.tombstone(receipt.revision).encode().to_vec();
        }
        content.checkpoints.retain(|(existing, _)| *existing < revision);
        Ok(receipt)
    }
}
