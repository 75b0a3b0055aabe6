//! What the ledger's frames say: change sets, also those that something was removed from.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::error::OpenError;
use super::opening;
use crate::domain::recorded::{OperationCount, RECORD_FORMAT, RecordedChangeSet};
use crate::domain::recorded_form;
use crate::graph::ChangeSummary;
use crate::storage::{Frame, Payload, StorageError, Store};

/// Reads change sets from a store.
#[derive(Debug)]
pub(super) struct Records<'a> {
    store: &'a Store,
    /// Revisions whose payload is still there although an act that removes it is recorded.
    unfinished: BTreeMap<u64, u64>,
    /// What revisions are to say that are about to be redacted.
    replaced: BTreeMap<u64, RecordedChangeSet>,
}

impl<'a> Records<'a> {
    pub(super) fn new(store: &'a Store) -> Result<Self, StorageError> {
        let unfinished = store.unfinished_redactions()?.into_iter().collect();
        Ok(Self { store, unfinished, replaced: BTreeMap::new() })
    }

    /// The same, with some revisions read as if they were redacted already.
    pub(super) fn replacing(self, replaced: BTreeMap<u64, RecordedChangeSet>) -> Self {
        Self { replaced, ..self }
    }

    pub(super) fn store(&self) -> &'a Store {
        self.store
    }

    /// The first revision of which a checkpoint may hold something that was to be removed.
    pub(super) fn first_unfinished(&self) -> Option<u64> {
        self.unfinished.keys().chain(self.replaced.keys()).min().copied()
    }

    /// What a frame records; of a redacted one, what its act kept.
    pub(super) fn of(&self, frame: &Frame) -> Result<RecordedChangeSet, OpenError> {
        self.as_it_stands(frame).unwrap_or_else(|| self.kept_of(frame))
    }

    /// As [`Records::of`], with the operations counted only.
    fn head_of(&self, frame: &Frame) -> Result<RecordedChangeSet<OperationCount>, OpenError> {
        self.as_it_stands(frame).unwrap_or_else(|| {
            let kept = self.kept_of(frame)?;
            let count = OperationCount(kept.operations.len());
            Ok(kept.with_operations(count))
        })
    }

    /// What stands in a frame, unless something else is to be read in its place.
    fn as_it_stands<Operations: DeserializeOwned>(
        &self,
        frame: &Frame,
    ) -> Option<Result<RecordedChangeSet<Operations>, OpenError>> {
        let revision = &frame.revision;
        let is_replaced = self.replaced.contains_key(revision) || self.unfinished.contains_key(revision);
        match &frame.payload {
            Payload::Present(bytes) if !is_replaced => Some(read(frame.revision, bytes)),
            Payload::Present(_) | Payload::Redacted { .. } => None,
        }
    }

    /// What is to be read in place of a frame.
    fn kept_of(&self, frame: &Frame) -> Result<RecordedChangeSet, OpenError> {
        if let Some(replaced) = self.replaced.get(&frame.revision) {
            return Ok(replaced.clone());
        }
        let act = match &frame.payload {
            Payload::Redacted { by } => Some(*by),
            Payload::Present(_) => self.unfinished.get(&frame.revision).copied(),
        };
        let misfit = |reason: &str| OpenError::Replay { revision: frame.revision, reason: reason.to_owned() };
        // Acts lie behind what they redact, so this ends.
        let missing = || misfit("the act that redacted it is missing");
        let act = self.store.frame(act.ok_or_else(missing)?)?.filter(|act| act.revision > frame.revision);
        let act = self.of(&act.ok_or_else(missing)?)?;
        let kept = act.redaction.filter(|redaction| redaction.revision == frame.revision);
        kept.map(|kept| kept.content).ok_or_else(|| misfit("the act that redacted it does not say what was kept"))
    }

    /// What a revision records; absent when there is none.
    pub(super) fn at(&self, revision: u64) -> Result<Option<(Frame, RecordedChangeSet)>, OpenError> {
        let Some(frame) = self.store.frame(revision)? else { return Ok(None) };
        let recorded = self.of(&frame)?;
        Ok(Some((frame, recorded)))
    }

    /// What is known of a revision besides its operations, which are not held meanwhile; absent when there is none.
    pub(super) fn summary_at(&self, revision: u64) -> Result<Option<ChangeSummary>, OpenError> {
        let Some(frame) = self.store.frame(revision)? else { return Ok(None) };
        let recorded = self.head_of(&frame)?;
        Ok(Some(opening::summary(&frame, &recorded, recorded.operations.0, Vec::new())))
    }
}

fn read<Operations: DeserializeOwned>(revision: u64, bytes: &[u8]) -> Result<RecordedChangeSet<Operations>, OpenError> {
    let misfit = |reason: String| OpenError::Replay { revision, reason };
    let recorded: RecordedChangeSet<Operations> =
        recorded_form::read(bytes).map_err(|error| misfit(format!("it cannot be read: {error}")))?;
    if recorded.format > RECORD_FORMAT {
        return Err(misfit(format!("it is of format {}, which a newer ezu wrote", recorded.format)));
    }
    Ok(recorded)
}
