//! From the ledger to the newest snapshot.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::error::OpenError;
use super::writer::Keys;
use crate::domain::metamodel::Metamodel;
use crate::domain::recorded::{RECORD_FORMAT, RecordedChangeSet, replay as replay_operations, touched_fields};
use crate::graph::{ChangeSummary, Snapshot};
use crate::storage::{Frame, Store};

/// A model read from a ledger.
pub(super) struct Opened {
    pub(super) snapshot: Snapshot,
    pub(super) keys: Keys,
}

/// Replays the ledger from its beginning. Takes time proportional to its length.
pub(super) fn replay(metamodel: &Arc<Metamodel>, store: &Store) -> Result<Opened, OpenError> {
    let mut opened = Opened { snapshot: Snapshot::empty(Arc::clone(metamodel)), keys: Keys::new() };
    let head = store.head().revision;
    for frame in store.frames(1, head) {
        opened.take(&frame?)?;
    }
    Ok(opened)
}

impl Opened {
    fn take(&mut self, frame: &Frame) -> Result<(), OpenError> {
        let misfit = |reason: String| OpenError::Replay { revision: frame.revision, reason };
        let bytes = frame.payload.bytes().unwrap_or(br#"{"format":1,"message":"(redacted)","operations":[]}"#);
        let recorded: RecordedChangeSet =
            serde_json::from_slice(bytes).map_err(|error| misfit(format!("it cannot be read: {error}")))?;
        if recorded.format > RECORD_FORMAT {
            return Err(misfit(format!("it is of format {}, which a newer ezu wrote", recorded.format)));
        }
        let delta =
            replay_operations(&self.snapshot, &recorded.operations).map_err(|error| misfit(error.to_string()))?;
        let summary = self.summary(frame, &recorded, &delta);
        self.snapshot = self.snapshot.apply(&delta, summary);
        if let Some(key) = recorded.idempotency_key {
            self.keys.insert(key, (frame.revision, recorded.request_digest));
        }
        Ok(())
    }

    fn summary(&self, frame: &Frame, recorded: &RecordedChangeSet, delta: &crate::domain::Delta) -> ChangeSummary {
        let shared = |text: &Option<String>| text.as_deref().map(Arc::from);
        ChangeSummary {
            revision: frame.revision,
            hash: OnceLock::from(Arc::from(frame.hash.to_string())),
            time: Timestamp::from_microsecond(frame.time).unwrap_or(Timestamp::UNIX_EPOCH),
            message: recorded.message.as_str().into(),
            author: shared(&recorded.author),
            reason: shared(&recorded.reason),
            source: shared(&recorded.source),
            operations: recorded.operations.len(),
            touched: touched_fields(&self.snapshot, delta).into(),
        }
    }
}
