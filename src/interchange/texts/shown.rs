//! Items as nodes and edges.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::element::{Item, Model, Relationship};
use crate::domain::metamodel::Kind;
use crate::domain::naming::display_name;

/// A node.
pub(super) struct ShownNode<'m> {
    /// What it stands for; a relationship if that is an end of another.
    pub(super) item: Item<'m>,
    pub(super) kind: &'m Kind,
    pub(super) name: String,
}

/// An edge.
pub(super) struct ShownEdge<'m> {
    pub(super) relationship: &'m Arc<Relationship>,
    pub(super) kind: &'m Kind,
    /// Places of nodes.
    pub(super) source: usize,
    pub(super) target: usize,
    /// For the two edges of a relationship that is a node: from its source, or to its target.
    pub(super) half: Option<Half>,
}

/// Which part of a relationship that is drawn as a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    First,
    Second,
}

/// Nodes and edges.
pub(super) struct Shown<'m> {
    pub(super) nodes: Vec<ShownNode<'m>>,
    pub(super) edges: Vec<ShownEdge<'m>>,
}

impl<'m> Shown<'m> {
    /// Takes time linear in the items. Relationships without both ends among the items are left out.
    pub(super) fn of(model: &'m dyn Model, items: &[Item<'m>], language: &str) -> Self {
        let relationships = || {
            items.iter().filter_map(|item| match item {
                Item::Relationship(relationship) => Some(*relationship),
                Item::Element(_) => None,
            })
        };
        let ends: FxHashSet<&str> =
            relationships().flat_map(|held| [held.source.as_str(), held.target.as_str()]).collect();
        let is_node = |item: &&Item<'_>| matches!(item, Item::Element(_)) || ends.contains(item.id().as_str());
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut nodes = Vec::new();
        for item in items.iter().filter(is_node) {
            places.insert(item.id().as_str(), nodes.len());
            let kind = model.metamodel().kind(item.kind());
            nodes.push(ShownNode { item: *item, kind, name: display_name(model, *item, language) });
        }
        let mut edges = Vec::new();
        for relationship in relationships() {
            let kind = model.metamodel().kind(relationship.kind);
            let ends = (places.get(relationship.source.as_str()), places.get(relationship.target.as_str()));
            let (Some(source), Some(target)) = ends else { continue };
            let mut edge = |source: usize, target: usize, half| {
                edges.push(ShownEdge { relationship, kind, source, target, half });
            };
            match places.get(relationship.id.as_str()) {
                Some(middle) => {
                    edge(*source, *middle, Some(Half::First));
                    edge(*middle, *target, Some(Half::Second));
                }
                None => edge(*source, *target, None),
            }
        }
        Self { nodes, edges }
    }
}

/// The colour of a layer as Archi paints it.
pub(super) fn colour(kind: &Kind) -> &'static str {
    match kind.layer.as_deref() {
        Some("strategy") => "#F5DEAA",
        Some("business") => "#FFFFB5",
        Some("application") => "#B5FFFF",
        Some("technology" | "physical") => "#C9E7B7",
        Some("motivation") => "#CCCCFF",
        Some("implementation" | "implementation_and_migration" | "implementation_migration") => "#FFE0E0",
        _ => "#EEEEEE",
    }
}
