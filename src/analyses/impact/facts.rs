//! The attributes that an answer about a change draws on: which are recorded, which are not.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use crate::domain::description::describe_attribute;
use crate::domain::metamodel::{AttributeDefinition, AttributeName, KindId, NeededFacts};
use crate::domain::{Item, Model};
use crate::graph::{Direction, EdgeKind, Node, View};

/// What an answer about one change needs to know, looked up once a kind.
pub(super) struct Facts<'v> {
    view: &'v View,
    change: &'v str,
    of_kind: RefCell<FxHashMap<KindId, Rc<[&'v AttributeDefinition]>>>,
}

impl<'v> Facts<'v> {
    pub(super) fn new(view: &'v View, change: &'v str) -> Self {
        Self { view, change, of_kind: RefCell::default() }
    }

    /// What is recorded of the attributes that the answer needs, by full name.
    pub(super) fn recorded(&self, item: Item<'_>) -> Map<String, Json> {
        let value = |definition: &&AttributeDefinition| {
            Some((definition.text.to_string(), describe_attribute(self.view, item, definition)?))
        };
        self.needed(item.kind()).iter().filter_map(value).collect()
    }

    /// The names of those of which nothing is recorded. `node` is the item's, if it has one.
    pub(super) fn missing(&self, item: Item<'_>, node: Option<Node>) -> Vec<String> {
        let needed = self.needed(item.kind());
        let absent = needed.iter().filter(|definition| !self.is_recorded(item, node, definition));
        absent.map(|definition| definition.text.to_string()).collect()
    }

    /// Whether none is missing.
    pub(super) fn are_complete(&self, item: Item<'_>, node: Option<Node>) -> bool {
        self.needed(item.kind()).iter().all(|definition| self.is_recorded(item, node, definition))
    }

    fn is_recorded(&self, item: Item<'_>, node: Option<Node>, definition: &AttributeDefinition) -> bool {
        let Some(reference) = definition.reference() else {
            return item.attributes().get(definition.name).is_some();
        };
        let kind = EdgeKind(reference.relationship.number());
        node.is_some_and(|node| {
            let mut held = self.view.topology().neighbours_of_kind(node, Direction::Outgoing, kind);
            held.any(|neighbour| self.view.sees_edge(neighbour.edge))
        })
    }

    fn needed(&self, kind: KindId) -> Rc<[&'v AttributeDefinition]> {
        let mut held = self.of_kind.borrow_mut();
        Rc::clone(held.entry(kind).or_insert_with(|| needed(self.view, self.change, kind).into()))
    }
}

/// The attributes that an answer about the change needs of items of a kind.
fn needed<'v>(view: &'v View, change: &str, kind: KindId) -> Vec<&'v AttributeDefinition> {
    let metamodel = view.metamodel();
    let concerns = |facts: &&NeededFacts| *facts.change == *change && metamodel.is_a(kind, facts.kind);
    let mut names: Vec<AttributeName> = Vec::new();
    for name in metamodel.vocabulary().facts.iter().filter(concerns).flat_map(|facts| &facts.attributes) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names.into_iter().filter_map(|name| metamodel.kind(kind).attribute(name)).collect()
}
