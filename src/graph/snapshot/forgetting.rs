//! Letting go of what was before a checkpoint: memory goes with the model, not with the length of its history.

use std::sync::Arc;

use super::earlier::Earlier;
use super::slots::{NodeSlot, Touches, Version};
use super::{Place, Snapshot};

/// The touches of all items up to a revision, as they are kept when the rest is let go.
#[derive(Debug, Clone)]
pub struct EarlierTouches(pub(super) Arc<Earlier>);

impl Snapshot {
    /// The same snapshot with its floor at the revision of `touches`: versions and change sets before it are left to
    /// the ledger. Takes time proportional to what was touched between the floors.
    #[must_use]
    pub fn forget(&self, touches: &EarlierTouches) -> Self {
        let floor = touches.0.floor;
        let mut next = self.clone();
        if floor <= self.floor() || floor > self.revision {
            return next;
        }
        for summary in self.changes.iter().take_while(|summary| summary.revision <= floor) {
            let mut last = None;
            for (id, _) in summary.touched.iter().filter(|(id, _)| last.replace(id) != Some(id)) {
                for place in self.places(id.as_str()) {
                    next.forget_at(place, floor);
                }
            }
        }
        next.changes = next.changes.skip(usize::try_from(floor - self.first_change).unwrap_or(usize::MAX));
        next.first_change = floor;
        next.earlier = Arc::clone(&touches.0);
        next
    }

    fn forget_at(&mut self, place: Place, floor: u64) {
        match place {
            Place::Element(node) => {
                if let Some(NodeSlot::Element(version, touches)) = self.nodes.get_mut(node.index()) {
                    (*version, *touches) = (without(version, floor), since(touches, floor));
                }
            }
            Place::Relationship(edge) => {
                if let Some(slot) = self.edges.get_mut(edge.index()) {
                    (slot.version, slot.touches) = (without(&slot.version, floor), since(&slot.touches, floor));
                }
            }
        }
    }
}

/// The versions without those that were no longer current at the floor.
fn without<T>(newest: &Arc<Version<T>>, floor: u64) -> Arc<Version<T>> {
    let copy = |version: &Version<T>, previous| {
        Arc::new(Version { revision: version.revision, state: version.state.clone(), previous })
    };
    let newer: Vec<_> = newest.chain().take_while(|version| version.revision > floor).collect();
    let base = newest.at(floor).map(|base| copy(base, None));
    let rebuilt = newer.into_iter().rev().fold(base, |previous, version| Some(copy(version, previous)));
    rebuilt.unwrap_or_else(|| Arc::clone(newest))
}

/// The touches behind the floor.
fn since(touches: &Touches, floor: u64) -> Touches {
    let newer: Vec<u64> = touches.iter().flat_map(Version::chain).map(|touch| touch.revision).collect();
    let newer = newer.into_iter().filter(|revision| *revision > floor).rev();
    newer.fold(None, |previous, revision| Some(Arc::new(Version { revision, state: None, previous })))
}
