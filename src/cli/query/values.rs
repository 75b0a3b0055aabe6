//! Values in a few words, as people read them in a table.

use crate::graph::{Edge, Node};
use crate::query::Value;
use crate::query::source::Facts;
use crate::query::value::show::show;
use crate::query::value::temporal;

/// Texts as they are, a node as its id, label and name, a path as its way.
pub(super) fn shown(value: &Value, facts: &dyn Facts) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(item, facts)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entries: Vec<String> =
                map.iter().map(|(key, value)| format!("{key}: {}", shown(value, facts))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Node(node) => shown_node(*node, facts),
        Value::Relationship(edge) => shown_relationship(*edge, facts),
        Value::Path(path) => {
            let mut text = path.nodes.first().map_or(String::new(), |node| shown_node(*node, facts));
            for (edge, pair) in path.relationships.iter().zip(path.nodes.windows(2)) {
                let forwards = facts.ends(*edge).is_some_and(|(source, _)| source == pair[0]);
                let (left, right) = if forwards { ("-", "->") } else { ("<-", "-") };
                text += &format!("{left}{}{right}{}", shown_relationship(*edge, facts), shown_node(pair[1], facts));
            }
            text
        }
        other => temporal::text_of(other).unwrap_or_else(|| show(other, facts)),
    }
}

fn shown_node(node: Node, facts: &dyn Facts) -> String {
    let label = facts.labels(node).first().map_or(String::new(), |label| format!(":{label}"));
    let name = match facts.node_property_named(node, "name") {
        Value::String(name) => format!(" {name}"),
        _ => String::new(),
    };
    format!("({}{label}{name})", shown(&facts.node_id(node), facts))
}

fn shown_relationship(edge: Edge, facts: &dyn Facts) -> String {
    format!("[{}:{}]", shown(&facts.relationship_id(edge), facts), facts.relationship_type(edge))
}
