//! What of a document other programs accept: known types, no dangling ends.

use rustc_hash::{FxHashMap, FxHashSet};

use super::document::{Document, Relationship};
use super::types::{is_element_type, is_relationship_type};
use super::view::{Connection, Node, NodeKind, View};

/// What an identifier is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concept {
    /// An element.
    Element,
    /// A relationship.
    Relationship,
}

/// Elements and relationships that can be written.
pub(super) struct Writable<'d>(FxHashMap<&'d str, Concept>);

impl<'d> Writable<'d> {
    /// What can be written. A relationship hangs on its ends, which may be relationships: settled step by step.
    pub(super) fn of(document: &'d Document) -> Self {
        let elements = document.elements.iter().filter(|held| is_element_type(&held.kind));
        let mut found: FxHashMap<&str, Concept> = elements.map(|held| (held.id.as_str(), Concept::Element)).collect();
        // By an identifier that is not settled yet, relationships that hang on it.
        let mut hanging: FxHashMap<&str, Vec<&Relationship>> = FxHashMap::default();
        for held in document.relationships.iter().filter(|held| is_relationship_type(&held.kind)) {
            let mut settled = vec![held];
            while let Some(held) = settled.pop() {
                let missing = [&held.source, &held.target].into_iter().find(|end| !found.contains_key(end.as_str()));
                match missing {
                    Some(end) => hanging.entry(end).or_default().push(held),
                    None => {
                        found.entry(&held.id).or_insert(Concept::Relationship);
                        settled.extend(hanging.remove(held.id.as_str()).into_iter().flatten());
                    }
                }
            }
        }
        Self(found)
    }

    /// What an identifier is of, if it can be written.
    pub(super) fn get(&self, id: &str) -> Option<Concept> {
        self.0.get(id).copied()
    }

    /// Whether a relationship can be written: it has its ends. Another one with the same identifier may have them alone.
    pub(super) fn can_relate(&self, held: &Relationship) -> bool {
        let has_ends = [&held.source, &held.target].into_iter().all(|end| self.get(end).is_some());
        has_ends && is_relationship_type(&held.kind) && self.get(&held.id) == Some(Concept::Relationship)
    }

    /// Whether a box can be drawn: its element is there.
    pub(super) fn can_draw(&self, node: &Node) -> bool {
        let element = || node.element.as_deref().and_then(|id| self.get(id));
        node.kind != NodeKind::Element || element() == Some(Concept::Element)
    }

    /// The boxes that can be drawn, with all boxes around them, and the lines between them.
    pub(super) fn drawable<'v>(&self, view: &'v View) -> FxHashSet<&'v str> {
        let mut found = FxHashSet::default();
        let mut waiting: Vec<&'v Node> = view.drawing.nodes.iter().collect();
        while let Some(node) = waiting.pop() {
            if self.can_draw(node) {
                found.insert(node.id.as_str());
                waiting.extend(&node.nodes);
            }
        }
        let mut lines: Vec<&Connection> =
            view.drawing.connections.iter().filter(|line| self.can_connect(line)).collect();
        loop {
            let before = lines.len();
            lines.retain(|line| {
                let settled = found.contains(line.source.as_str()) && found.contains(line.target.as_str());
                if settled {
                    found.insert(line.id.as_str());
                }
                !settled
            });
            if lines.len() == before {
                return found;
            }
        }
    }

    /// Whether a line can be drawn among what is drawn: it has its ends and its relationship. Another one with the same
    /// identifier may have them alone.
    pub(super) fn can_draw_line(&self, line: &Connection, drawn: &FxHashSet<&str>) -> bool {
        self.can_connect(line)
            && [&line.id, &line.source, &line.target].into_iter().all(|id| drawn.contains(id.as_str()))
    }

    fn can_connect(&self, line: &Connection) -> bool {
        let relationship = || line.relationship.as_deref().and_then(|id| self.get(id));
        line.kind != "Relationship" || relationship() == Some(Concept::Relationship)
    }
}
