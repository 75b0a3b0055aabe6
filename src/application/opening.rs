//! From the ledger to a snapshot: the newest checkpoint of use, and the frames behind it.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::checkpointing;
use super::error::OpenError;
use super::keys::Keys;
use super::records::Records;
use crate::domain::metamodel::Metamodel;
use crate::domain::recorded::{RecordedChangeSet, replay, touched_fields};
use crate::domain::recorded_form;
use crate::graph::{ChangeSummary, Snapshot};
use crate::storage::Frame;

/// A model read from a ledger.
pub(super) struct Opened {
    pub(super) snapshot: Snapshot,
    pub(super) keys: Keys,
    /// How much was read behind the checkpoint: revisions, and bytes of their payloads.
    pub(super) replayed: (u64, u64),
}

/// Reads the model at a revision, with everything in memory from `floor` on at the latest. Takes time
/// proportional to the model and to what lies behind the newest checkpoint up to `floor`.
pub(super) fn read(
    metamodel: &Arc<Metamodel>,
    records: &Records<'_>,
    floor: u64,
    revision: u64,
) -> Result<Opened, OpenError> {
    let mut opened = from_checkpoint(metamodel, records, floor)?;
    let from = opened.snapshot.revision() + 1;
    for frame in records.store().frames(from, revision) {
        let frame = frame?;
        let recorded = records.of(&frame)?;
        opened.take(&frame, &recorded)?;
    }
    Ok(opened)
}

/// The state of the newest checkpoint that is not after `floor`, or the empty model.
fn from_checkpoint(metamodel: &Arc<Metamodel>, records: &Records<'_>, floor: u64) -> Result<Opened, OpenError> {
    let last = records.first_unfinished().map_or(floor, |first| floor.min(first - 1));
    if let Some((revision, bytes)) = records.store().checkpoint_at(last)?
        && let Some(newest) = records.summary_at(revision)?
    {
        match checkpointing::decode(metamodel, &bytes, newest) {
            Ok((snapshot, keys)) => return Ok(Opened { snapshot, keys, replayed: (0, 0) }),
            Err(error) => tracing::warn!(%error, revision, "the checkpoint is passed over; the ledger is read instead"),
        }
    }
    let snapshot = Snapshot::empty(Arc::clone(metamodel));
    Ok(Opened { snapshot, keys: Keys::default(), replayed: (0, 0) })
}

impl Opened {
    fn take(&mut self, frame: &Frame, recorded: &RecordedChangeSet) -> Result<(), OpenError> {
        let misfit = |reason: String| OpenError::Replay { revision: frame.revision, reason };
        let delta = replay(&self.snapshot, &recorded.operations).map_err(|error| misfit(error.to_string()))?;
        let touched = touched_fields(&self.snapshot, &delta);
        let summary = summary(frame, recorded, recorded.operations.len(), touched);
        self.snapshot = self.snapshot.apply(&delta, summary);
        if let Some(key) = &recorded.idempotency_key {
            self.keys.insert(key, recorded.request_digest.as_deref(), frame.revision);
        }
        self.replayed.0 += 1;
        self.replayed.1 += frame.payload.bytes().map_or(0, recorded_form::json_bytes);
        Ok(())
    }
}

/// What a frame says of a change set besides its operations.
pub(super) fn summary<Operations>(
    frame: &Frame,
    recorded: &RecordedChangeSet<Operations>,
    operations: usize,
    touched: Vec<(crate::domain::Identifier, Option<Arc<str>>)>,
) -> ChangeSummary {
    let shared = |text: &Option<String>| text.as_deref().map(Arc::from);
    ChangeSummary {
        revision: frame.revision,
        hash: OnceLock::from(Arc::from(frame.hash.to_string())),
        time: Timestamp::from_microsecond(frame.time).unwrap_or(Timestamp::UNIX_EPOCH),
        message: recorded.message.as_str().into(),
        author: shared(&recorded.author),
        reason: shared(&recorded.reason),
        source: shared(&recorded.source),
        operations,
        touched: touched.into(),
    }
}
