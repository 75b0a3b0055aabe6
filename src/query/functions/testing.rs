//! Small graphs for the unit tests of values and functions.

use std::sync::Arc;

use crate::graph::{Edge, Node};
use crate::query::source::Facts;
use crate::query::value::{Map, Value};

/// A graph of nothing.
pub struct Nothing;

impl Facts for Nothing {
    fn labels(&self, _node: Node) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn relationship_type(&self, _edge: Edge) -> Arc<str> {
        "".into()
    }

    fn node_properties(&self, _node: Node) -> Map {
        Map::new()
    }

    fn relationship_properties(&self, _edge: Edge) -> Map {
        Map::new()
    }

    fn node_property_named(&self, _node: Node, _name: &str) -> Value {
        Value::Null
    }

    fn relationship_property_named(&self, _edge: Edge, _name: &str) -> Value {
        Value::Null
    }

    fn ends(&self, _edge: Edge) -> Option<(Node, Node)> {
        None
    }
}

/// `(:A:B {name: 'b'})-[:T {x: 1}]->()`, and node 7 stands for the relationship.
pub struct Toy;

impl Facts for Toy {
    fn labels(&self, node: Node) -> Vec<Arc<str>> {
        if node == Node(0) { vec!["A".into(), "B".into()] } else { Vec::new() }
    }

    fn relationship_type(&self, _edge: Edge) -> Arc<str> {
        "T".into()
    }

    fn node_properties(&self, node: Node) -> Map {
        if node == Node(0) { Map::from([("name".into(), Value::string("b"))]) } else { Map::new() }
    }

    fn relationship_properties(&self, _edge: Edge) -> Map {
        Map::from([("x".into(), Value::Integer(1))])
    }

    fn node_property_named(&self, node: Node, name: &str) -> Value {
        self.node_properties(node).get(name).cloned().unwrap_or_default()
    }

    fn relationship_property_named(&self, edge: Edge, name: &str) -> Value {
        self.relationship_properties(edge).get(name).cloned().unwrap_or_default()
    }

    fn ends(&self, _edge: Edge) -> Option<(Node, Node)> {
        Some((Node(0), Node(1)))
    }

    fn node_of_relationship(&self, _edge: Edge) -> Option<Node> {
        Some(Node(7))
    }

    fn relationship_of_node(&self, node: Node) -> Option<Edge> {
        (node == Node(7)).then_some(Edge(0))
    }
}
