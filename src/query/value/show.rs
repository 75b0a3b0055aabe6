//! Values in Cypher's own notation, as the conformance suite writes them.

use std::fmt::Write;

use super::{Map, Path, Value};
use crate::graph::{Edge, Node};
use crate::query::source::Facts;

/// A value as a query would write it: `(:A {name: 'b'})`, `[:T {x: 1}]`, `<(:A)-[:T]->(:B)>`; temporals in quotes.
pub fn show(value: &Value, facts: &dyn Facts) -> String {
    let mut text = String::new();
    Writer { facts, text: &mut text }.value(value);
    text
}

/// A float, always with a point or an exponent, so that it reads back as a float; negative zero is zero, as the
/// conformance suite shows it.
pub(crate) fn show_float(number: f64) -> String {
    match number {
        infinite if infinite.is_infinite() => if infinite > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        // Adding zero drops the sign of zero and changes nothing else.
        number => format!("{:?}", number + 0.0),
    }
}

/// A text in single quotes, with its own quotes, backslashes and control characters escaped.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

struct Writer<'a> {
    facts: &'a dyn Facts,
    text: &'a mut String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Boolean(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            Value::Integer(number) => self.text.push_str(&number.to_string()),
            Value::Float(number) => self.text.push_str(&show_float(*number)),
            Value::String(text) => self.text.push_str(&quoted(text)),
            Value::List(items) => self.list(items),
            Value::Map(map) => self.map(map),
            Value::Node(node) => self.node(*node),
            Value::Relationship(edge) => self.relationship(*edge),
            Value::Path(path) => self.path(path),
            temporal => self.temporal(temporal),
        }
    }

    fn temporal(&mut self, value: &Value) {
        let text = super::temporal::text_of(value).unwrap_or_default();
        self.text.push_str(&quoted(&text));
    }

    fn list(&mut self, items: &[Value]) {
        self.text.push('[');
        for (place, item) in items.iter().enumerate() {
            self.separate(place, ", ");
            self.value(item);
        }
        self.text.push(']');
    }

    fn map(&mut self, map: &Map) {
        self.text.push('{');
        for (place, (key, value)) in map.iter().enumerate() {
            self.separate(place, ", ");
            self.name(key);
            self.text.push_str(": ");
            self.value(value);
        }
        self.text.push('}');
    }

    fn node(&mut self, node: Node) {
        self.text.push('(');
        for label in self.facts.labels(node) {
            self.text.push(':');
            self.name(&label);
        }
        self.properties(&self.facts.node_properties(node));
        self.text.push(')');
    }

    fn relationship(&mut self, edge: Edge) {
        self.text.push_str("[:");
        self.name(&self.facts.relationship_type(edge));
        self.properties(&self.facts.relationship_properties(edge));
        self.text.push(']');
    }

    fn properties(&mut self, properties: &Map) {
        if properties.is_empty() {
            return;
        }
        if !self.text.ends_with('(') {
            self.text.push(' ');
        }
        self.map(properties);
    }

    fn path(&mut self, path: &Path) {
        self.text.push('<');
        for (place, node) in path.nodes.iter().enumerate() {
            if let Some(edge) = place.checked_sub(1).and_then(|before| path.relationships.get(before)) {
                self.step(*edge, *node);
            }
            self.node(*node);
        }
        self.text.push('>');
    }

    /// A relationship on its way to a node, with its arrow.
    fn step(&mut self, edge: Edge, to: Node) {
        let forward = self.facts.ends(edge).is_none_or(|(_, target)| target == to);
        self.text.push_str(if forward { "-" } else { "<-" });
        self.relationship(edge);
        self.text.push_str(if forward { "->" } else { "-" });
    }

    fn name(&mut self, name: &str) {
        let mut characters = name.chars();
        let plain = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && characters.all(|other| other.is_alphanumeric() || other == '_');
        if plain {
            self.text.push_str(name);
        } else {
            // Writing to a text cannot fail.
            let _ = write!(self.text, "`{}`", name.replace('`', "``"));
        }
    }

    fn separate(&mut self, place: usize, separator: &str) {
        if place > 0 {
            self.text.push_str(separator);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::functions::testing::{Nothing, Toy};

    #[test]
    fn plain_values_read_back() {
        let cases = [
            (Value::Float(1.0), "1.0"),
            (Value::string("it's\n"), "'it\\'s\\n'"),
            (Value::list([Value::Null, Value::Boolean(true)]), "[null, true]"),
            (Value::map([("a".into(), Value::Integer(1)), ("b c".into(), Value::Null)]), "{a: 1, `b c`: null}"),
        ];
        for (value, expected) in cases {
            assert_eq!(show(&value, &Nothing), expected);
        }
    }

    #[test]
    fn nodes_relationships_and_paths_look_like_patterns() {
        let path = Path { nodes: vec![Node(0), Node(1), Node(0)], relationships: vec![Edge(0), Edge(0)] };
        assert_eq!(show(&Value::Node(Node(0)), &Toy), "(:A:B {name: 'b'})");
        assert_eq!(show(&Value::Node(Node(1)), &Toy), "()");
        assert_eq!(show(&Value::Relationship(Edge(0)), &Toy), "[:T {x: 1}]");
        assert_eq!(
            show(&Value::Path(path.into()), &Toy),
            "<(:A:B {name: 'b'})-[:T {x: 1}]->()<-[:T {x: 1}]-(:A:B {name: 'b'})>"
        );
    }
}
