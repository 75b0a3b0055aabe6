//! Relationships gathered by the two figures that they join.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::canvas::Canvas;
use crate::domain::element::Relationship;

/// Relationships by (figure they start from, figure they point to), each once and in order.
#[derive(Default)]
pub struct Bundles {
    by_ends: BTreeMap<(String, String), Vec<Arc<Relationship>>>,
    seen: BTreeSet<(String, String, String)>,
}

impl Bundles {
    /// Adds a relationship between two figures, unless it is there.
    pub fn add(&mut self, source: &str, target: &str, relationship: &Arc<Relationship>) {
        let key = (source.to_owned(), target.to_owned(), relationship.id.to_string());
        if self.seen.insert(key) {
            self.by_ends.entry((source.to_owned(), target.to_owned())).or_default().push(Arc::clone(relationship));
        }
    }

    /// Ends and relationships, sorted by ends.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Vec<&Relationship>)> {
        self.by_ends.iter().map(|((source, target), relationships)| {
            let relationships = relationships.iter().map(|relationship| &**relationship).collect();
            (source.as_str(), target.as_str(), relationships)
        })
    }

    /// Draws an arrow for every pair of figures.
    pub fn connect(&self, canvas: &mut Canvas<'_>) {
        for (source, target, relationships) in self.iter() {
            canvas.connect(source, target, &relationships);
        }
    }
}
