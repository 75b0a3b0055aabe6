//! What was before the floor of the newest snapshot, read from the ledger when somebody asks.

use std::sync::{Arc, PoisonError};

use super::error::OpenError;
use super::opening;
use super::records::Records;
use super::workspace::Workspace;
use crate::domain::element::{Element, Item, Model, Relationship, Transition};
use crate::domain::metamodel::{KindId, Metamodel};
use crate::domain::recorded::{RecordedChangeSet, RecordedOperation, replay};
use crate::graph::{ChangeSummary, ItemDifference, ItemVersion, Place, Snapshot};
use crate::storage::{Payload, Store};

/// What the ledger has on a revision.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Who, when and why.
    pub summary: ChangeSummary,
    /// The hash of the revision before, in hexadecimal.
    pub previous: Option<String>,
    /// The later revision that removed something of it.
    pub redacted_by: Option<u64>,
    /// What it records; of a redacted one, what was kept.
    pub content: RecordedChangeSet,
}

impl Workspace {
    /// What is known of a change set; revisions count from 1. Reads a frame of the ledger for one before the floor.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn change(&self, revision: u64) -> Result<Option<Arc<ChangeSummary>>, OpenError> {
        change(&self.current(), self.store(), revision)
    }

    /// Everything that the ledger has on a revision.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn recorded(&self, revision: u64) -> Result<Option<Recorded>, OpenError> {
        let found = Records::new(self.store())?.at(revision)?;
        Ok(found.map(|(frame, content)| Recorded {
            summary: opening::summary(&frame, &content, content.operations.len(), Vec::new()),
            previous: (revision > 1).then(|| frame.previous.to_string()),
            redacted_by: match frame.payload {
                Payload::Redacted { by } => Some(by),
                Payload::Present(_) => None,
            },
            content,
        }))
    }

    /// Every version of an item up to a snapshot of this workspace, newest first; empty if no item ever had the id.
    /// Reads one frame of the ledger for each touch before the floor.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn versions(&self, snapshot: &Snapshot, id: &str) -> Result<Vec<ItemVersion>, OpenError> {
        let mut versions = snapshot.versions(id);
        if snapshot.floor() == 0 {
            return Ok(versions);
        }
        versions.retain(|version| version.revision > snapshot.floor());
        versions.extend(self.earlier_versions(snapshot, id)?);
        Ok(versions)
    }

    /// The versions up to the floor, newest first, by following the item alone through what touched it.
    fn earlier_versions(&self, snapshot: &Snapshot, id: &str) -> Result<Vec<ItemVersion>, OpenError> {
        let records = Records::new(self.store())?;
        let mut touches: Vec<u64> = snapshot.touches(id).filter(|revision| *revision <= snapshot.floor()).collect();
        touches.sort_unstable();
        touches.dedup();
        let mut item = Followed { metamodel: snapshot.metamodel(), id, element: None, relationship: None };
        let (mut elements, mut relationships) = (Vec::new(), Vec::new());
        for revision in touches {
            let Some((_, recorded)) = records.at(revision)? else { continue };
            let own: Vec<_> = recorded.operations.into_iter().filter(|operation| operation.id() == id).collect();
            item.follow(revision, &own, &mut elements, &mut relationships)?;
        }
        if matches!(snapshot.place(id), Some(Place::Relationship(_))) {
            std::mem::swap(&mut elements, &mut relationships);
        }
        let mut all: Vec<ItemVersion> = elements.into_iter().chain(relationships).collect();
        all.sort_by_key(|version| std::cmp::Reverse(version.revision));
        Ok(all)
    }

    /// What differs between two revisions, elements first. Reads the ledger as far as it must when one of them lies
    /// before the floor.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn difference(&self, from: u64, to: u64) -> Result<Vec<ItemDifference>, OpenError> {
        let snapshot = self.current();
        let earlier = from.min(to);
        if earlier >= snapshot.floor() {
            return Ok(snapshot.difference(from, to));
        }
        Ok(self.rebuilt(earlier, from.max(to))?.difference(from, to))
    }

    /// The model at a revision with everything in memory from `floor` on, built from the ledger; the last few that
    /// were asked for are kept ready. The revision must exist.
    pub(super) fn rebuilt(&self, floor: u64, revision: u64) -> Result<Arc<Snapshot>, OpenError> {
        // Others who ask for the same meanwhile find it ready.
        let _one = self.shared.rebuilding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = self.past_snapshot(floor, revision) {
            return Ok(held);
        }
        let redactions = self.shared.checkpointing.redactions();
        let records = Records::new(self.store())?;
        let opened = opening::read(&self.metamodel(), &records, floor, revision)?;
        let snapshot = Arc::new(opened.snapshot);
        self.keep_past_snapshot(&snapshot, redactions);
        Ok(snapshot)
    }
}

/// What is known of a change set, from memory or from the ledger.
pub(super) fn change(
    snapshot: &Snapshot,
    store: &Store,
    revision: u64,
) -> Result<Option<Arc<ChangeSummary>>, OpenError> {
    if let Some(summary) = snapshot.change(revision) {
        return Ok(Some(Arc::clone(summary)));
    }
    if revision == 0 || revision > snapshot.revision() {
        return Ok(None);
    }
    Ok(Records::new(store)?.summary_at(revision)?.map(Arc::new))
}

/// One item on its way through the ledger; a model that holds nothing else.
struct Followed<'a> {
    metamodel: &'a Metamodel,
    id: &'a str,
    element: Option<Arc<Element>>,
    relationship: Option<Arc<Relationship>>,
}

impl Followed<'_> {
    fn follow(
        &mut self,
        revision: u64,
        operations: &[RecordedOperation],
        elements: &mut Vec<ItemVersion>,
        relationships: &mut Vec<ItemVersion>,
    ) -> Result<(), OpenError> {
        let misfit =
            |error: crate::domain::recorded::RecordError| OpenError::Replay { revision, reason: error.to_string() };
        let delta = replay(self, operations).map_err(misfit)?;
        for Transition { after, .. } in delta.elements {
            elements.push(ItemVersion { revision, element: after.clone(), relationship: None });
            self.element = after;
        }
        for Transition { after, .. } in delta.relationships {
            relationships.push(ItemVersion { revision, element: None, relationship: after.clone() });
            self.relationship = after;
        }
        Ok(())
    }
}

impl Model for Followed<'_> {
    fn metamodel(&self) -> &Metamodel {
        self.metamodel
    }

    fn item(&self, id: &str) -> Option<Item<'_>> {
        let element = self.element.as_ref().map(Item::Element);
        element.or_else(|| self.relationship.as_ref().map(Item::Relationship)).filter(|_| id == self.id)
    }

    fn outgoing(&self, _id: &str, _kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        Vec::new()
    }

    fn incoming(&self, _id: &str, _kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        Vec::new()
    }

    fn similar_id(&self, _id: &str) -> Option<String> {
        None
    }
}
