//! What a value looks like from outside: the identity of nodes and relationships does not count.

use std::collections::BTreeMap;

use ezu::graph::{Edge, Node};
use ezu::query::source::Facts;
use ezu::query::value::show::show;
use ezu::query::value::{Map, Path, Value};

/// A value as the suite writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// `null`
    Null,
    /// `true`
    Boolean(bool),
    /// `1`
    Integer(i64),
    /// `1.0`
    Float(f64),
    /// `'text'`, and everything that has to do with time.
    Text(String),
    /// `[1, 2]`
    List(Vec<Shape>),
    /// `{a: 1}`
    Map(BTreeMap<String, Shape>),
    /// `(:A {a: 1})`
    Node(Vec<String>, BTreeMap<String, Shape>),
    /// `[:T {a: 1}]`
    Relationship(String, BTreeMap<String, Shape>),
    /// `<(:A)-[:T]->(:B)>`: nodes, and relationships with whether they point to the right.
    Path(Vec<Shape>, Vec<(Shape, bool)>),
}

impl Shape {
    /// The shape of a value of a graph.
    pub fn of(value: &Value, facts: &dyn Facts) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Boolean(*value),
            Value::Integer(value) => Self::Integer(*value),
            Value::Float(value) => Self::Float(*value),
            Value::String(text) => Self::Text(text.to_string()),
            Value::List(items) => Self::List(items.iter().map(|item| Self::of(item, facts)).collect()),
            Value::Map(map) => Self::Map(entries(map, facts)),
            Value::Node(node) => node_shape(*node, facts),
            Value::Relationship(edge) => relationship_shape(*edge, facts),
            Value::Path(path) => path_shape(path, facts),
            temporal => Self::Text(show(temporal, facts).trim_matches('\'').to_owned()),
        }
    }

    /// A text that two shapes share if, and only if, they are equal.
    pub fn canonical(&self, ignoring_list_order: bool) -> String {
        let inner = |shape: &Self| shape.canonical(ignoring_list_order);
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            // Zero is zero, whatever its sign; NaN is NaN.
            Self::Float(value) => format!("{:?}", value + 0.0),
            Self::Text(text) => format!("{text:?}"),
            Self::List(items) => format!("[{}]", sorted(items.iter().map(inner), ignoring_list_order).join(", ")),
            Self::Map(map) => canonical_map(map, ignoring_list_order),
            Self::Node(labels, map) => {
                let labels = sorted(labels.iter().cloned(), true).join(":");
                format!("(:{labels} {})", canonical_map(map, ignoring_list_order))
            }
            Self::Relationship(kind, map) => format!("[:{kind} {}]", canonical_map(map, ignoring_list_order)),
            Self::Path(nodes, relationships) => {
                let steps = relationships.iter().map(|(one, right)| format!("{}{right}", inner(one)));
                let nodes: Vec<String> = nodes.iter().map(inner).collect();
                format!("<{} {}>", nodes.join(", "), steps.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn canonical_map(map: &BTreeMap<String, Shape>, ignoring_list_order: bool) -> String {
    let entry = |(key, value): (&String, &Shape)| format!("{key:?}: {}", value.canonical(ignoring_list_order));
    format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
}

fn sorted(texts: impl Iterator<Item = String>, sort: bool) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    if sort {
        texts.sort();
    }
    texts
}

fn entries(map: &Map, facts: &dyn Facts) -> BTreeMap<String, Shape> {
    map.iter().map(|(key, value)| (key.to_string(), Shape::of(value, facts))).collect()
}

fn node_shape(node: Node, facts: &dyn Facts) -> Shape {
    let labels = facts.labels(node).iter().map(ToString::to_string).collect();
    Shape::Node(labels, entries(&facts.node_properties(node), facts))
}

fn relationship_shape(edge: Edge, facts: &dyn Facts) -> Shape {
    let properties = entries(&facts.relationship_properties(edge), facts);
    Shape::Relationship(facts.relationship_type(edge).to_string(), properties)
}

fn path_shape(path: &Path, facts: &dyn Facts) -> Shape {
    let nodes = path.nodes.iter().map(|node| node_shape(*node, facts)).collect();
    let steps = path.relationships.iter().zip(path.nodes.windows(2)).map(|(edge, ends)| {
        let (source, target) = facts.ends(*edge).expect("a relationship of a path is there");
        assert!((source, target) == (ends[0], ends[1]) || (target, source) == (ends[0], ends[1]), "a broken path");
        (relationship_shape(*edge, facts), source == ends[0])
    });
    Shape::Path(nodes, steps.collect())
}
