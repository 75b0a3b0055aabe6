//! Small graphs for the unit tests of values and functions.

use std::sync::Arc;

use super::{Context, StatementClock, evaluate, find};
use crate::graph::{Edge, Node};
use crate::query::source::Facts;
use crate::query::syntax::parse;
use crate::query::syntax::tree::{BinaryOperator, Clause, Expression, ExpressionKind, UnaryOperator};
use crate::query::value::equality::same;
use crate::query::value::ordering::compare;
use crate::query::value::show::show;
use crate::query::value::{Map, Value, access, arithmetic};
use crate::query::{ErrorDetail, QueryError};

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

/// The value of an expression without variables.
pub fn expression(text: &str) -> Result<Value, QueryError> {
    let query = parse(&format!("RETURN {text}"))?;
    match query.first.clauses.last() {
        Some(Clause::Return(projection)) => value_of(&projection.items[0].expression),
        other => panic!("{text}: {other:?}"),
    }
}

fn value_of(expression: &Expression) -> Result<Value, QueryError> {
    let all = |expressions: &[Expression]| expressions.iter().map(value_of).collect::<Result<Vec<_>, _>>();
    match &expression.kind {
        ExpressionKind::Null => Ok(Value::Null),
        ExpressionKind::Boolean(truth) => Ok(Value::Boolean(*truth)),
        ExpressionKind::Integer(number) => Ok(Value::Integer(*number)),
        ExpressionKind::Float(number) => Ok(Value::Float(*number)),
        ExpressionKind::String(text) => Ok(Value::String(text.clone())),
        ExpressionKind::List(items) => Ok(Value::list(all(items)?)),
        ExpressionKind::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| Ok((name.text.clone(), value_of(value)?)));
            Ok(Value::map(entries.collect::<Result<Vec<_>, QueryError>>()?))
        }
        ExpressionKind::Property(of, name) => access::property(&value_of(of)?, &name.text, &Toy),
        ExpressionKind::Unary(UnaryOperator::Minus, operand) => arithmetic::negate(&value_of(operand)?),
        ExpressionKind::Binary(operator, a, b) => calculated(*operator, &value_of(a)?, &value_of(b)?),
        ExpressionKind::Comparison(first, rest) => {
            Ok(compare(rest[0].0, &value_of(first)?, &value_of(&rest[0].1)?).into())
        }
        ExpressionKind::Function { name, arguments, .. } => try_call(&name.text, &all(arguments)?),
        other => panic!("not evaluated here: {other:?}"),
    }
}

fn calculated(operator: BinaryOperator, a: &Value, b: &Value) -> Result<Value, QueryError> {
    match operator {
        BinaryOperator::Add => arithmetic::add(a, b),
        BinaryOperator::Subtract => arithmetic::subtract(a, b),
        BinaryOperator::Multiply => arithmetic::multiply(a, b),
        BinaryOperator::Divide => arithmetic::divide(a, b),
        other => panic!("not evaluated here: {other:?}"),
    }
}

/// Checks what expressions are worth, in Cypher's notation.
pub fn are_worth(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let value = expression(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(&show(&value, &Toy), expected, "{text}");
    }
}

/// Checks that expressions are errors of a detail.
pub fn are_refused(texts: &[&str], detail: ErrorDetail) {
    for text in texts {
        let error = expression(text).err().unwrap_or_else(|| panic!("{text} has a value"));
        assert_eq!(error.detail, detail, "{text}: {error}");
    }
}
