//! Values as JSON, for answers and parameters.

use serde::{Serialize, Serializer};
use serde_json::{Map as Object, Value as Json, json};

use super::{Map, Path, Value};
use crate::graph::{Edge, Node};
use crate::query::source::Facts;

/// A value as JSON. A node is `{"node": id, "labels": […], "properties": {…}}`, a relationship
/// `{"relationship": id, "type": …, "source": id, "target": id, "properties": {…}}`, a path
/// `{"nodes": […], "relationships": […]}`; temporals are ISO 8601 texts, and floats that JSON has no number for are texts.
pub fn to_json(value: &Value, facts: &dyn Facts) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(truth) => Json::Bool(*truth),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => float_to_json(*number),
        Value::String(text) => Json::from(&**text),
        Value::List(items) => items.iter().map(|item| to_json(item, facts)).collect(),
        Value::Map(map) => map_to_json(map, facts),
        Value::Node(node) => node_to_json(*node, facts),
        Value::Relationship(edge) => relationship_to_json(*edge, facts),
        Value::Path(path) => path_to_json(path, facts),
        temporal => Json::from(super::temporal::text_of(temporal)),
    }
}

/// A value that is written as [`to_json`] would have it, piece by piece: however many nodes a list holds, only one of them
/// is spelt out in memory at a time.
pub struct Written<'a> {
    value: &'a Value,
    facts: &'a dyn Facts,
}

impl<'a> Written<'a> {
    /// A value, and what its nodes and relationships are.
    pub fn new(value: &'a Value, facts: &'a dyn Facts) -> Self {
        Self { value, facts }
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = |value| Written::new(value, self.facts);
        match self.value {
            Value::List(items) => serializer.collect_seq(items.iter().map(written)),
            Value::Map(map) => serializer.collect_map(map.iter().map(|(key, value)| (&**key, written(value)))),
            other => to_json(other, self.facts).serialize(serializer),
        }
    }
}

/// A value from JSON: whole numbers of 64 bits stay whole, larger ones become floats.
pub fn from_json(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Boolean(*truth),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or(f64::NAN)), Value::Integer)
        }
        Json::String(text) => Value::string(text),
        Json::Array(items) => Value::list(items.iter().map(from_json)),
        Json::Object(entries) => Value::map(entries.iter().map(|(key, value)| (key.as_str().into(), from_json(value)))),
    }
}

fn float_to_json(number: f64) -> Json {
    serde_json::Number::from_f64(number + 0.0).map_or_else(|| Json::from(super::show::show_float(number)), Json::Number)
}

fn map_to_json(map: &Map, facts: &dyn Facts) -> Json {
    Json::Object(map.iter().map(|(key, value)| (key.to_string(), to_json(value, facts))).collect::<Object<_, _>>())
}

fn node_to_json(node: Node, facts: &dyn Facts) -> Json {
    let labels: Vec<String> = facts.labels(node).iter().map(ToString::to_string).collect();
    json!({
        "node": to_json(&facts.node_id(node), facts),
        "labels": labels,
        "properties": map_to_json(&facts.node_properties(node), facts),
    })
}

fn relationship_to_json(edge: Edge, facts: &dyn Facts) -> Json {
    let ends = facts.ends(edge);
    let id = |node: Option<Node>| node.map_or(Json::Null, |node| to_json(&facts.node_id(node), facts));
    json!({
        "relationship": to_json(&facts.relationship_id(edge), facts),
        "type": &*facts.relationship_type(edge),
        "source": id(ends.map(|(source, _)| source)),
        "target": id(ends.map(|(_, target)| target)),
        "properties": map_to_json(&facts.relationship_properties(edge), facts),
    })
}

fn path_to_json(path: &Path, facts: &dyn Facts) -> Json {
    let nodes: Vec<Json> = path.nodes.iter().map(|node| node_to_json(*node, facts)).collect();
    let relationships: Vec<Json> = path.relationships.iter().map(|edge| relationship_to_json(*edge, facts)).collect();
    json!({ "nodes": nodes, "relationships": relationships })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::functions::testing::{Nothing, Toy};
    use crate::query::value::equality::same;

    #[test]
    fn what_json_can_hold_comes_back() {
        let json = json!({"a": [1, 1.5, "x", null, true], "b": {}});
        assert_eq!(to_json(&from_json(&json), &Nothing), json);
        assert!(same(&from_json(&json!(18_446_744_073_709_551_615_u64)), &Value::Float(18_446_744_073_709_551_615.0)));
    }

    #[test]
    fn what_json_cannot_hold_is_text() {
        assert_eq!(to_json(&Value::Float(f64::NAN), &Nothing), json!("NaN"));
        assert_eq!(to_json(&Value::Float(f64::NEG_INFINITY), &Nothing), json!("-Infinity"));
    }

    #[test]
    fn nodes_and_relationships_are_objects() {
        let node = json!({"node": 0, "labels": ["A", "B"], "properties": {"name": "b"}});
        assert_eq!(to_json(&Value::Node(Node(0)), &Toy), node);
        let relationship = json!({"relationship": 0, "type": "T", "source": 0, "target": 1, "properties": {"x": 1}});
        assert_eq!(to_json(&Value::Relationship(Edge(0)), &Toy), relationship);
    }
}
