//! A property graph made of plain lists, in which everything is found by looking at everything.

mod building;
mod graph;
mod procedures;

use std::collections::BTreeMap;
use std::sync::Arc;

use ezu::graph::{Edge, EdgeKind, Node};
use ezu::query::value::{Map, Value};

pub use building::execute;
pub use procedures::{Procedure, read_signature};

/// The graph. Names that it does not know are allowed and match nothing.
#[derive(Debug, Clone, Default)]
pub struct Toy {
    nodes: Vec<ToyNode>,
    relationships: Vec<Option<ToyRelationship>>,
    labels: Vec<Arc<str>>,
    types: Vec<Arc<str>>,
    keys: Vec<Arc<str>>,
    procedures: BTreeMap<String, Procedure>,
    /// Whether it answers the questions that a graph may answer faster itself.
    pub quick: bool,
}

#[derive(Debug, Clone)]
struct ToyNode {
    labels: Vec<Arc<str>>,
    properties: Map,
}

/// A relationship of the toy.
#[derive(Debug, Clone)]
pub struct ToyRelationship {
    /// Where it starts.
    pub source: Node,
    /// Where it ends.
    pub target: Node,
    kind: EdgeKind,
    properties: Map,
}

impl Toy {
    /// A new node. Properties without value are none.
    pub fn add_node(&mut self, labels: &[Arc<str>], properties: Map) -> Node {
        for label in labels {
            place(&mut self.labels, label);
        }
        let properties = self.kept(properties);
        self.nodes.push(ToyNode { labels: labels.to_vec(), properties });
        Node::at(self.nodes.len() - 1)
    }

    /// A new relationship. Properties without value are none.
    pub fn add_relationship(&mut self, source: Node, target: Node, kind: &Arc<str>, properties: Map) -> Edge {
        let kind = EdgeKind(u16::try_from(place(&mut self.types, kind)).expect("a toy has few types"));
        let properties = self.kept(properties);
        self.relationships.push(Some(ToyRelationship { source, target, kind, properties }));
        edge(self.relationships.len() - 1)
    }

    /// Takes a relationship away.
    pub fn remove_relationship(&mut self, edge: Edge) {
        self.relationships[edge.index()] = None;
    }

    /// Makes a procedure callable.
    pub fn add_procedure(&mut self, name: String, procedure: Procedure) {
        self.procedures.insert(name, procedure);
    }

    /// All nodes.
    pub fn all_nodes(&self) -> impl Iterator<Item = Node> + use<> {
        (0..self.nodes.len()).map(Node::at)
    }

    /// All relationships.
    pub fn all_relationships(&self) -> impl Iterator<Item = (Edge, &ToyRelationship)> {
        self.relationships
            .iter()
            .enumerate()
            .filter_map(|(place, held)| held.as_ref().map(|relationship| (edge(place), relationship)))
    }

    /// The type of a relationship.
    pub fn type_of(&self, relationship: &ToyRelationship) -> &Arc<str> {
        &self.types[usize::from(relationship.kind.0)]
    }

    fn kept(&mut self, properties: Map) -> Map {
        let kept: Map = properties.into_iter().filter(|(_, value)| !value.is_null()).collect();
        for key in kept.keys() {
            place(&mut self.keys, key);
        }
        kept
    }

    fn relationship(&self, edge: Edge) -> Option<&ToyRelationship> {
        self.relationships.get(edge.index()).and_then(Option::as_ref)
    }
}

fn edge(place: usize) -> Edge {
    Edge(u32::try_from(place).expect("a toy is small"))
}

/// The place of a name in a list, to which it is added if need be.
fn place(names: &mut Vec<Arc<str>>, name: &Arc<str>) -> usize {
    find(names, name).unwrap_or_else(|| {
        names.push(Arc::clone(name));
        names.len() - 1
    })
}

fn find(names: &[Arc<str>], name: &str) -> Option<usize> {
    names.iter().position(|known| &**known == name)
}

fn value_of(properties: &Map, name: &str) -> Value {
    properties.get(name).cloned().unwrap_or_default()
}
