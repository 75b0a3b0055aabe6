//! The attributes that an answer about a change draws on: which are recorded, which are not.

use serde_json::{Map, Value as Json};

use crate::domain::description::describe_attribute;
use crate::domain::metamodel::{AttributeDefinition, AttributeName, NeededFacts};
use crate::domain::{Item, Model};
use crate::graph::{Direction, EdgeKind, View};

/// The attributes that an answer about the change needs of an item.
pub(super) fn needed<'v>(view: &'v View, change: &str, item: Item<'_>) -> Vec<&'v AttributeDefinition> {
    let metamodel = view.metamodel();
    let kind = metamodel.kind(item.kind());
    let concerns = |facts: &&NeededFacts| *facts.change == *change && metamodel.is_a(item.kind(), facts.kind);
    let mut names: Vec<AttributeName> = Vec::new();
    for name in metamodel.vocabulary().facts.iter().filter(concerns).flat_map(|facts| &facts.attributes) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names.into_iter().filter_map(|name| kind.attribute(name)).collect()
}

/// What is recorded of them, by full name.
pub(super) fn recorded(view: &View, change: &str, item: Item<'_>) -> Map<String, Json> {
    let value = |definition: &AttributeDefinition| {
        Some((definition.text.to_string(), describe_attribute(view, item, definition)?))
    };
    needed(view, change, item).into_iter().filter_map(value).collect()
}

/// The names of those of which nothing is recorded.
pub(super) fn missing(view: &View, change: &str, item: Item<'_>) -> Vec<String> {
    let absent = needed(view, change, item).into_iter().filter(|definition| !is_recorded(view, item, definition));
    absent.map(|definition| definition.text.to_string()).collect()
}

fn is_recorded(view: &View, item: Item<'_>, definition: &AttributeDefinition) -> bool {
    let Some(reference) = definition.reference() else {
        return item.attributes().get(definition.name).is_some();
    };
    let kind = EdgeKind(reference.relationship.number());
    view.node(item.id().as_str()).is_some_and(|node| {
        let mut held = view.topology().neighbours_of_kind(node, Direction::Outgoing, kind);
        held.any(|neighbour| view.sees_edge(neighbour.edge))
    })
}
