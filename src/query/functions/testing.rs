//! Small graphs for the unit tests of values and functions.

use std::sync::Arc;

use super::{Context, StatementClock, evaluate, find};
use crate::graph::{Edge, Node};
use crate::query::QueryError;
use crate::query::source::Facts;
use crate::query::value::equality::same;
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

/// The clock of the tests: the conformance suite expects UTC.
pub fn clock() -> StatementClock {
    StatementClock { now: jiff::Timestamp::constant(1_700_000_000, 5), zone: jiff::tz::TimeZone::UTC, today: None }
}

/// A function's result with a limit of its own.
pub fn try_call_within(name: &str, arguments: &[Value], most: usize) -> Result<Value, QueryError> {
    let function = find(name).expect("is a function");
    evaluate(function, arguments, &Context { facts: &Toy, clock: &clock(), most })
}

/// A function's result.
pub fn try_call(name: &str, arguments: &[Value]) -> Result<Value, QueryError> {
    try_call_within(name, arguments, 1_000_000)
}

/// A function's result, which must be there.
pub fn call(name: &str, arguments: &[Value]) -> Value {
    try_call(name, arguments).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A function's error, which must be there.
pub fn failing(name: &str, arguments: &[Value]) -> QueryError {
    try_call(name, arguments).err().unwrap_or_else(|| panic!("{name} has a result"))
}

/// Checks a function's result.
pub fn shows(name: &str, arguments: &[Value], expected: &Value) {
    let result = call(name, arguments);
    assert!(same(&result, expected), "{name}{arguments:?}: {result:?} instead of {expected:?}");
}
