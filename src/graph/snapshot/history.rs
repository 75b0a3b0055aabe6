//! What an item was, what the model was, and what changed between two revisions.

use std::sync::Arc;

use super::slots::{NodeSlot, Version};
use super::{Place, Snapshot};
use crate::domain::element::{Delta, Element, Item, Relationship, Transition};

/// One version of an item.
#[derive(Debug, Clone)]
pub struct ItemVersion {
    /// The revision that made it so.
    pub revision: u64,
    /// The element, if the item was one then; absent when it was deleted.
    pub element: Option<Arc<Element>>,
    /// The relationship, if the item was one then; absent when it was deleted.
    pub relationship: Option<Arc<Relationship>>,
}

impl ItemVersion {
    /// The item as it was, unless it was deleted.
    pub fn item(&self) -> Option<Item<'_>> {
        let element = self.element.as_ref().map(Item::Element);
        element.or_else(|| self.relationship.as_ref().map(Item::Relationship))
    }
}

/// The same item at two revisions.
#[derive(Debug, Clone)]
pub enum ItemDifference {
    /// An element.
    Element(Transition<Element>),
    /// A relationship.
    Relationship(Transition<Relationship>),
}

impl Snapshot {
    /// Every version of an item, newest first; empty if no item ever had the id.
    pub fn versions(&self, id: &str) -> Vec<ItemVersion> {
        match self.place(id) {
            Some(Place::Element(node)) => self.element_versions(node.index()),
            Some(Place::Relationship(edge)) => {
                let Some(slot) = self.edges.get(edge.index()) else { return Vec::new() };
                let known = slot.version.chain().filter(|version| version.revision > 0);
                known
                    .map(|v| ItemVersion { revision: v.revision, element: None, relationship: v.state.clone() })
                    .collect()
            }
            None => Vec::new(),
        }
    }

    fn element_versions(&self, index: usize) -> Vec<ItemVersion> {
        let Some(NodeSlot::Element(version, _)) = self.nodes.get(index) else { return Vec::new() };
        let known = version.chain().filter(|version| version.revision > 0);
        known.map(|v| ItemVersion { revision: v.revision, element: v.state.clone(), relationship: None }).collect()
    }

    /// The revision that last changed an item or what it refers to; 0 if no item ever had the id.
    pub fn revision_of(&self, id: &str) -> u64 {
        self.touches(id).next().unwrap_or(0)
    }

    /// The revisions that changed an item or what it refers to, newest first.
    pub fn touches(&self, id: &str) -> impl Iterator<Item = u64> {
        let newest = match self.place(id) {
            Some(Place::Element(node)) => match self.nodes.get(node.index()) {
                Some(NodeSlot::Element(_, touches)) => touches.as_ref(),
                _ => None,
            },
            Some(Place::Relationship(edge)) => self.edges.get(edge.index()).and_then(|slot| slot.touches.as_ref()),
            None => None,
        };
        newest.into_iter().flat_map(Version::chain).map(|touch| touch.revision)
    }

    /// The model as it was at an earlier revision. Takes time proportional to the model.
    ///
    /// Change summaries and versions of that time come along, so history can be asked there too.
    pub fn at_revision(&self, revision: u64) -> Option<Self> {
        if revision >= self.revision {
            return (revision == self.revision).then(|| self.clone());
        }
        let mut past = Self::empty(Arc::clone(&self.metamodel));
        if revision > 0 {
            let summary = self.change(revision)?;
            past = past.apply(&self.state_at(revision), (**summary).clone());
            past.changes = self.changes.clone();
            past.changes.truncate(usize::try_from(revision).ok()?);
        }
        Some(past)
    }

    /// Everything that existed at a revision, as if it were created at once.
    fn state_at(&self, revision: u64) -> Delta {
        let created = |state: &Arc<Element>| Transition { before: None, after: Some(Arc::clone(state)) };
        let elements = self.nodes.iter().filter_map(|slot| match slot {
            NodeSlot::Element(version, _) => version.at(revision)?.state.as_ref().map(created),
            NodeSlot::Relationship(_) => None,
        });
        let relationships = self.edges.iter().filter_map(|slot| {
            let state = slot.version.at(revision)?.state.as_ref()?;
            Some(Transition { before: None, after: Some(Arc::clone(state)) })
        });
        Delta { elements: elements.collect(), relationships: relationships.collect() }
    }

    /// What differs between two revisions, elements first; items that are alike at both are left out.
    /// Takes time proportional to the model.
    pub fn difference(&self, from: u64, to: u64) -> Vec<ItemDifference> {
        let mut found = Vec::new();
        for slot in &self.nodes {
            let NodeSlot::Element(version, _) = slot else { continue };
            let state = |revision| version.at(revision).and_then(|held| held.state.clone());
            if version.revision > from.min(to) {
                let transition = Transition { before: state(from), after: state(to) };
                if transition.before != transition.after {
                    found.push(ItemDifference::Element(transition));
                }
            }
        }
        for slot in &self.edges {
            let state = |revision| slot.version.at(revision).and_then(|held| held.state.clone());
            if slot.version.revision > from.min(to) {
                let transition = Transition { before: state(from), after: state(to) };
                if transition.before != transition.after {
                    found.push(ItemDifference::Relationship(transition));
                }
            }
        }
        found
    }

    /// The delta that takes back what one revision did, if nothing that it touched changed since.
    ///
    /// # Errors
    /// The ids of items that later revisions changed.
    pub fn reversal(&self, revision: u64) -> Result<Delta, Vec<String>> {
        let mut delta = Delta::default();
        let mut changed_since = Vec::new();
        let mut check = |id: &str, last: u64| {
            if last > revision {
                changed_since.push(id.to_owned());
            }
        };
        for difference in self.difference(revision.saturating_sub(1), revision) {
            match difference {
                ItemDifference::Element(transition) => {
                    let id = transition.either().id.clone();
                    check(id.as_str(), self.revision_of(id.as_str()));
                    delta.elements.push(Transition { before: transition.after, after: transition.before });
                }
                ItemDifference::Relationship(transition) => {
                    let id = transition.either().id.clone();
                    check(id.as_str(), self.revision_of(id.as_str()));
                    delta.relationships.push(Transition { before: transition.after, after: transition.before });
                }
            }
        }
        if changed_since.is_empty() { Ok(delta) } else { Err(changed_since) }
    }
}
