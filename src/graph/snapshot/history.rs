//! What an item was, what the model was, and what changed between two revisions.

use std::iter::Peekable;
use std::sync::Arc;

use super::earlier::TouchedField;
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
    /// Every version of an item, newest first; empty if no item ever had the id. Of the versions up to the
    /// floor only the last is there.
    ///
    /// An id that was an element and is now a relationship, or the other way round, has the versions of both.
    pub fn versions(&self, id: &str) -> Vec<ItemVersion> {
        let mut found: Vec<ItemVersion> = self.places(id).flat_map(|place| self.versions_at(place)).collect();
        found.sort_by_key(|version| std::cmp::Reverse(version.revision));
        found
    }

    fn versions_at(&self, place: Place) -> Vec<ItemVersion> {
        match place {
            Place::Element(node) => {
                let Some(NodeSlot::Element(version, _)) = self.nodes.get(node.index()) else { return Vec::new() };
                let known = version.chain().filter(|version| version.revision > 0);
                known
                    .map(|v| ItemVersion { revision: v.revision, element: v.state.clone(), relationship: None })
                    .collect()
            }
            Place::Relationship(edge) => {
                let Some(slot) = self.edges.get(edge.index()) else { return Vec::new() };
                let known = slot.version.chain().filter(|version| version.revision > 0);
                known
                    .map(|v| ItemVersion { revision: v.revision, element: None, relationship: v.state.clone() })
                    .collect()
            }
        }
    }

    /// Where an item lives, then where it lived when its id was the other of element and relationship.
    pub(super) fn places(&self, id: &str) -> impl Iterator<Item = Place> + use<> {
        self.place(id).into_iter().chain(self.former.get(id).copied())
    }

    /// The revision that last changed an item or what it refers to; 0 if no item ever had the id.
    pub fn revision_of(&self, id: &str) -> u64 {
        self.touches(id).next().unwrap_or(0)
    }

    /// The revisions that changed an item or what it refers to, newest first.
    pub fn touches(&self, id: &str) -> impl Iterator<Item = u64> {
        let mut places = self.places(id);
        let (mut now, mut before) = (self.touches_at(places.next()), self.touches_at(places.next()));
        // Both are sorted: the newer of the two foremost comes next.
        std::iter::from_fn(move || match (now.peek(), before.peek()) {
            (Some(one), Some(other)) if other > one => before.next(),
            (Some(_), _) => now.next(),
            (None, _) => before.next(),
        })
    }

    /// The fields of an item that a revision touched; empty when it touched none of them.
    pub fn fields_touched(&self, id: &str, revision: u64) -> Vec<TouchedField> {
        if revision > self.floor() {
            let Some(summary) = self.change(revision) else { return Vec::new() };
            return summary.fields_of(id).cloned().collect();
        }
        let touches = self.places(id).flat_map(|place| self.earlier.at(place));
        touches.filter(|(touched, _)| *touched == revision).flat_map(|(_, fields)| fields).collect()
    }

    fn touches_at(&self, place: Option<Place>) -> Peekable<impl Iterator<Item = u64>> {
        let newest = match place {
            Some(Place::Element(node)) => match self.nodes.get(node.index()) {
                Some(NodeSlot::Element(_, touches)) => touches.as_ref(),
                _ => None,
            },
            Some(Place::Relationship(edge)) => self.edges.get(edge.index()).and_then(|slot| slot.touches.as_ref()),
            None => None,
        };
        let earlier = place.into_iter().flat_map(|place| self.earlier.at(place)).map(|(revision, _)| revision);
        newest.into_iter().flat_map(Version::chain).map(|touch| touch.revision).chain(earlier).peekable()
    }

    /// What differs between two revisions, elements first; items that are alike at both are left out. Neither
    /// may lie before the floor. Takes time proportional to the model.
    pub fn difference(&self, from: u64, to: u64) -> Vec<ItemDifference> {
        let mut found = Vec::new();
        for slot in &self.nodes {
            let NodeSlot::Element(version, _) = slot else {
                continue;
            };
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

    /// The delta that takes back what one revision did (`differences` from the revision before to it), if nothing
    /// that it touched changed since.
    ///
    /// # Errors
    /// The ids of items that later revisions changed.
    pub fn reversal(&self, revision: u64, differences: Vec<ItemDifference>) -> Result<Delta, Vec<String>> {
        let mut delta = Delta::default();
        let mut changed_since = Vec::new();
        let mut check = |id: &str, last: u64| {
            if last > revision {
                changed_since.push(id.to_owned());
            }
        };
        for difference in differences {
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
