//! What is known of single elements and relationships.

use std::sync::Arc;

use super::catalog::ViewCatalog;
use super::graph::ViewGraph;
use super::keys::Meaning;
use super::values::of_attribute;
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{AttributeName, Kind, ReferenceDefinition};
use crate::domain::naming::display_name;
use crate::graph::{Direction, Edge, EdgeKind, Node};
use crate::query::source::{Facts, Key};
use crate::query::value::{Map, Value};

/// The language of names that a kind makes.
const LANGUAGE: &str = "ja";

impl ViewGraph<'_> {
    fn kind_of(&self, item: Item<'_>) -> &Kind {
        self.view.metamodel().kind(item.kind())
    }

    fn item_of_edge(&self, edge: Edge) -> Option<Item<'_>> {
        self.view.relationship_at(edge).map(Item::Relationship)
    }

    /// A property by its key.
    pub(super) fn property_of(&self, item: Item<'_>, key: Key) -> Value {
        match self.catalog.meaning(key) {
            Some(Meaning::Id) => Value::string(item.id().as_str()),
            Some(Meaning::Name) => self.name(item),
            Some(Meaning::Kind) => Value::String(Arc::clone(&self.kind_of(item).name)),
            Some(Meaning::Source) => end(item, |relationship| relationship.source.as_str()),
            Some(Meaning::Target) => end(item, |relationship| relationship.target.as_str()),
            Some(Meaning::Attribute(name)) => self.attribute(item, *name),
            Some(Meaning::Group(group)) => self.group(item, group),
            Some(Meaning::Labelled(names)) => {
                let kind = self.kind_of(item);
                let name = names.iter().find(|name| kind.attribute(**name).is_some());
                name.map_or(Value::Null, |name| self.attribute(item, *name))
            }
            None => Value::Null,
        }
    }

    fn property_named(&self, item: Item<'_>, name: &str) -> Value {
        self.catalog.keys.find(name).map_or(Value::Null, |key| self.property_of(item, key))
    }

    fn name(&self, item: Item<'_>) -> Value {
        match (item.name(), item) {
            (Some(name), _) => Value::String(Arc::clone(name)),
            // A relationship without a name has none; only elements are called after their parts.
            (None, Item::Relationship(_)) => Value::Null,
            (None, item) => Value::string(display_name(self.view, item, LANGUAGE)),
        }
    }

    /// An attribute's value, or what a reference points to.
    fn attribute(&self, item: Item<'_>, name: AttributeName) -> Value {
        if let Some(value) = item.attributes().get(name) {
            return of_attribute(value);
        }
        let reference = self.kind_of(item).attribute(name).and_then(|definition| definition.reference());
        reference.map_or(Value::Null, |reference| self.reference(item, reference))
    }

    /// The identifier that a reference points to, or the list of them.
    fn reference(&self, item: Item<'_>, reference: &ReferenceDefinition) -> Value {
        let Some(node) = self.view.node(item.id().as_str()) else {
            return if reference.many { Value::list([]) } else { Value::Null };
        };
        let kind = EdgeKind(reference.relationship.number());
        let neighbours = self.view.topology().neighbours_of_kind(node, Direction::Outgoing, kind);
        let mut targets: Vec<&str> = neighbours
            .filter_map(|neighbour| Some(self.view.relationship_at(neighbour.edge)?.target.as_str()))
            .collect();
        if !reference.many {
            return targets.first().map_or(Value::Null, Value::string);
        }
        targets.sort_unstable();
        Value::list(targets.into_iter().map(Value::string))
    }

    /// The attributes of a group, by the rest of their names; null where none has a value.
    fn group(&self, item: Item<'_>, group: &str) -> Value {
        let mut map = Map::new();
        for definition in &self.kind_of(item).attributes {
            let rest = definition.text.strip_prefix(group).and_then(|rest| rest.strip_prefix('.'));
            if let Some(rest) = rest {
                put(&mut map, rest, self.attribute(item, definition.name));
            }
        }
        if map.is_empty() { Value::Null } else { Value::Map(Arc::new(map)) }
    }

    fn properties(&self, item: Item<'_>) -> Map {
        let mut map = Map::new();
        for definition in &self.kind_of(item).attributes {
            put(&mut map, &definition.text, self.attribute(item, definition.name));
        }
        map.insert("id".into(), Value::string(item.id().as_str()));
        put(&mut map, "name", self.name(item));
        map
    }
}

/// Puts a value under a dotted name; what has no value is left out.
fn put(map: &mut Map, name: &str, value: Value) {
    if value.is_null() {
        return;
    }
    let Some((group, rest)) = name.split_once('.') else {
        map.insert(name.into(), value);
        return;
    };
    let mut inner = match map.remove(group) {
        Some(Value::Map(inner)) => Arc::unwrap_or_clone(inner),
        _ => Map::new(),
    };
    put(&mut inner, rest, value);
    map.insert(group.into(), Value::Map(Arc::new(inner)));
}

fn end(item: Item<'_>, which: impl Fn(&crate::domain::element::Relationship) -> &str) -> Value {
    match item {
        Item::Element(_) => Value::Null,
        Item::Relationship(relationship) => Value::string(which(relationship)),
    }
}

impl Facts for ViewGraph<'_> {
    fn labels(&self, node: Node) -> Vec<Arc<str>> {
        let catalog: &ViewCatalog = self.catalog;
        let item = self.view.item_at(node);
        item.map_or_else(Vec::new, |item| catalog.lineages[item.kind().index()].to_vec())
    }

    fn relationship_type(&self, edge: Edge) -> Arc<str> {
        let held = self.view.relationship_at(edge);
        held.map_or_else(|| "".into(), |held| Arc::clone(&self.catalog.spelt_types[held.kind.index()]))
    }

    fn node_properties(&self, node: Node) -> Map {
        self.view.item_at(node).map(|item| self.properties(item)).unwrap_or_default()
    }

    fn relationship_properties(&self, edge: Edge) -> Map {
        self.item_of_edge(edge).map(|item| self.properties(item)).unwrap_or_default()
    }

    fn node_property_named(&self, node: Node, name: &str) -> Value {
        self.view.item_at(node).map_or(Value::Null, |item| self.property_named(item, name))
    }

    fn relationship_property_named(&self, edge: Edge, name: &str) -> Value {
        self.item_of_edge(edge).map_or(Value::Null, |item| self.property_named(item, name))
    }

    fn ends(&self, edge: Edge) -> Option<(Node, Node)> {
        self.view.snapshot().live_ends(edge).filter(|_| self.view.sees_edge(edge))
    }

    fn node_id(&self, node: Node) -> Value {
        self.view.item_at(node).map_or(Value::Null, |item| Value::string(item.id().as_str()))
    }

    fn relationship_id(&self, edge: Edge) -> Value {
        self.item_of_edge(edge).map_or(Value::Null, |item| Value::string(item.id().as_str()))
    }

    fn node_of_relationship(&self, edge: Edge) -> Option<Node> {
        let node = self.view.snapshot().node_of_edge(edge)?;
        let stands = self.view.topology().degree(node, Direction::Both) > 0;
        (stands && self.view.sees_edge(edge)).then_some(node)
    }

    fn relationship_of_node(&self, node: Node) -> Option<Edge> {
        self.view.snapshot().edge_of_node(node).filter(|edge| self.view.sees_edge(*edge))
    }
}
