//! Values in a few words, as people read them in a table.

use crate::graph::{Edge, Node};
use crate::query::Value;
use crate::query::source::Facts;
use crate::query::value::json::to_json;
use crate::query::value::show::show;

/// A value for a table that people read: texts as they are, a node as its id, label and name.
pub fn for_people(value: &Value, facts: &dyn Facts) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::List(items) => format!("[{}]", joined(items, facts)),
        Value::Map(map) => {
            let entries: Vec<String> =
                map.iter().map(|(key, value)| format!("{key}: {}", for_people(value, facts))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Node(node) => node_for_people(*node, facts),
        Value::Relationship(edge) => format!("[{}]", relationship_for_people(*edge, facts)),
        Value::Path(path) => {
            let mut text = path.nodes.first().map_or(String::new(), |node| node_for_people(*node, facts));
            for (edge, pair) in path.relationships.iter().zip(path.nodes.windows(2)) {
                let forwards = facts.ends(*edge).is_some_and(|(source, _)| source == pair[0]);
                let (left, right) = if forwards { ("-", "->") } else { ("<-", "-") };
                text += &format!("{left}[{}]{right}", relationship_for_people(*edge, facts));
                text += &node_for_people(pair[1], facts);
            }
            text
        }
        other => unquoted(show(other, facts)),
    }
}

/// A value for a spreadsheet or a program that reads lines: nothing for null, a node or relationship as its id, a path
/// as the ids on the way, lists and maps as JSON.
pub fn for_cell(value: &Value, facts: &dyn Facts) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_string(),
        Value::Node(node) => for_cell(&facts.node_id(*node), facts),
        Value::Relationship(edge) => for_cell(&facts.relationship_id(*edge), facts),
        Value::Path(path) => {
            let ids: Vec<String> = path.nodes.iter().map(|node| for_cell(&facts.node_id(*node), facts)).collect();
            ids.join(" / ")
        }
        Value::List(_) | Value::Map(_) => to_json(value, facts).to_string(),
        other => unquoted(show(other, facts)),
    }
}

/// Temporals are shown in quotes.
fn unquoted(text: String) -> String {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.map(str::to_owned).unwrap_or(text)
}

fn joined(items: &[Value], facts: &dyn Facts) -> String {
    items.iter().map(|item| for_people(item, facts)).collect::<Vec<_>>().join(", ")
}

fn node_for_people(node: Node, facts: &dyn Facts) -> String {
    let label = facts.labels(node).first().map_or(String::new(), |label| format!(":{label}"));
    let id = for_cell(&facts.node_id(node), facts);
    let name = match facts.node_property_named(node, "name") {
        Value::String(name) => format!(" {name}"),
        _ => String::new(),
    };
    format!("({id}{label}{name})")
}

fn relationship_for_people(edge: Edge, facts: &dyn Facts) -> String {
    format!("{}:{}", for_cell(&facts.relationship_id(edge), facts), facts.relationship_type(edge))
}
