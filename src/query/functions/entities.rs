//! Of nodes, relationships, paths and maps; and `coalesce`, which takes anything.

use super::arguments::{count, one_of, path, wrong, wrong_value};
use super::{Context, Function};
use crate::graph::{Edge, Node};
use crate::query::types::Type;
use crate::query::{QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    let entity = &[one_of(&[Type::Node, Type::Relationship])];
    let holder = &[one_of(&[Type::Map, Type::Node, Type::Relationship])];
    let relationship = &[Type::Relationship];
    let path = &[Type::Path];
    vec![
        Function::new("coalesce", &[Type::Any], Type::Any, coalesce).any_number().sees_null(),
        Function::new("exists", &[Type::Any], Type::Boolean, |a, _| Ok(Value::Boolean(!a[0].is_null()))).sees_null(),
        Function::new("id", entity, Type::Any, id),
        Function::new("elementId", entity, Type::String, element_id),
        Function::new("labels", &[Type::Node], Type::list_of(Type::String), labels),
        Function::new("type", relationship, Type::String, relationship_type),
        Function::new("keys", holder, Type::list_of(Type::String), keys),
        Function::new("properties", holder, Type::Map, properties),
        Function::new("startNode", relationship, Type::Node, |a, context| end(&a[0], context, |(source, _)| source)),
        Function::new("endNode", relationship, Type::Node, |a, context| end(&a[0], context, |(_, target)| target)),
        Function::new("nodes", path, Type::list_of(Type::Node), nodes),
        Function::new("relationships", path, Type::list_of(Type::Relationship), relationships),
        Function::new("length", path, Type::Integer, length),
        Function::new("asNode", relationship, Type::Node, as_node),
        Function::new("asRelationship", &[Type::Node], Type::Relationship, as_relationship),
        Function::new("randomUUID", &[], Type::String, |_, _| Ok(Value::string(random_uuid()?))).changing(),
    ]
}

fn node(value: &Value) -> Result<Node, QueryError> {
    match value {
        Value::Node(node) => Ok(*node),
        other => Err(wrong_value("Node", other)),
    }
}

fn relationship(value: &Value) -> Result<Edge, QueryError> {
    match value {
        Value::Relationship(edge) => Ok(*edge),
        other => Err(wrong_value("Relationship", other)),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as the table wants it")]
fn coalesce(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(arguments.iter().find(|value| !value.is_null()).cloned().unwrap_or_default())
}

fn id(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::Node(node) => Ok(context.facts.node_id(*node)),
        Value::Relationship(edge) => Ok(context.facts.relationship_id(*edge)),
        other => Err(wrong_value("Node or Relationship", other)),
    }
}

fn element_id(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    match id(arguments, context)? {
        Value::Integer(number) => Ok(Value::string(number.to_string())),
        text => Ok(text),
    }
}

fn labels(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(Value::list(context.facts.labels(node(&arguments[0])?).into_iter().map(Value::String)))
}

fn relationship_type(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(Value::String(context.facts.relationship_type(relationship(&arguments[0])?)))
}

fn properties(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::Map(map) => Ok(Value::Map(map.clone())),
        Value::Node(node) => Ok(Value::Map(context.facts.node_properties(*node).into())),
        Value::Relationship(edge) => Ok(Value::Map(context.facts.relationship_properties(*edge).into())),
        other => Err(wrong("Map, Node or Relationship", other)),
    }
}

/// The names of properties; those that are null are there in a map, and are not in the graph.
fn keys(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let Value::Map(map) = properties(arguments, context)? else {
        return Ok(Value::Null);
    };
    Ok(Value::list(map.keys().cloned().map(Value::String)))
}

fn end(value: &Value, context: &Context<'_>, which: fn((Node, Node)) -> Node) -> Result<Value, QueryError> {
    Ok(context.facts.ends(relationship(value)?).map_or(Value::Null, |ends| Value::Node(which(ends))))
}

fn nodes(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(Value::list(path(&arguments[0])?.nodes.iter().copied().map(Value::Node)))
}

fn relationships(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(Value::list(path(&arguments[0])?.relationships.iter().copied().map(Value::Relationship)))
}

fn length(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(count(path(&arguments[0])?.relationships.len()))
}

/// The node that stands for a relationship which is itself an end of others; null where none does.
fn as_node(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(context.facts.node_of_relationship(relationship(&arguments[0])?).map_or(Value::Null, Value::Node))
}

/// The relationship that a node stands for; null where it stands for none.
fn as_relationship(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(context.facts.relationship_of_node(node(&arguments[0])?).map_or(Value::Null, Value::Relationship))
}

/// A random identifier (RFC 9562, version 4).
fn random_uuid() -> Result<String, QueryError> {
    let mut bytes = [0_u8; 16];
    super::numbers::fill(&mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, failing, shows};
    use super::*;
    use crate::query::value::Path;
    use crate::query::{ErrorDetail, ErrorKind};

    #[test]
    fn nodes_and_relationships_tell_what_the_graph_knows() {
        let (node, edge) = (Value::Node(Node(0)), Value::Relationship(Edge(0)));
        shows("labels", std::slice::from_ref(&node), &Value::list([Value::string("A"), Value::string("B")]));
        shows("type", std::slice::from_ref(&edge), &Value::string("T"));
        shows("keys", std::slice::from_ref(&edge), &Value::list([Value::string("x")]));
        shows("startNode", std::slice::from_ref(&edge), &node);
        shows("endNode", std::slice::from_ref(&edge), &Value::Node(Node(1)));
        shows("asNode", std::slice::from_ref(&edge), &Value::Node(Node(7)));
        shows("asRelationship", &[Value::Node(Node(7))], &edge);
        shows("asRelationship", std::slice::from_ref(&node), &Value::Null);
        shows("elementId", &[node], &Value::string("0"));
        let error = failing("type", &[Value::Integer(0)]);
        assert_eq!((error.kind, error.detail), (ErrorKind::TypeError, ErrorDetail::InvalidArgumentValue));
    }

    #[test]
    fn paths_have_nodes_relationships_and_a_length() {
        let path = Value::Path(Path { nodes: vec![Node(0), Node(1)], relationships: vec![Edge(0)] }.into());
        shows("length", std::slice::from_ref(&path), &Value::Integer(1));
        shows("nodes", std::slice::from_ref(&path), &Value::list([Value::Node(Node(0)), Value::Node(Node(1))]));
        shows("relationships", &[path], &Value::list([Value::Relationship(Edge(0))]));
    }

    #[test]
    fn the_first_that_is_known_is_taken() {
        shows("coalesce", &[Value::Null, Value::Integer(1), Value::Integer(2)], &Value::Integer(1));
        shows("coalesce", &[Value::Null], &Value::Null);
        shows("exists", &[Value::Null], &Value::Boolean(false));
    }

    #[test]
    fn random_identifiers_have_their_form_and_differ() {
        let (Value::String(a), Value::String(b)) = (call("randomUUID", &[]), call("randomUUID", &[])) else {
            panic!("not a text");
        };
        assert_ne!(a, b);
        assert_eq!((a.len(), &a[14..15]), (36, "4"));
    }
}
