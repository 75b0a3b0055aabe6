//! The part of the graph that is in an answer.

use std::collections::BTreeSet;

use super::QueryAnswer;
use crate::diagrams::{Diagram, Selection};
use crate::domain::element::{Item, Model};
use crate::graph::{Edge, Node, View};
use crate::query::Value;

/// How many boxes a picture of an answer has at most.
const MOST_FIGURES: usize = 200;

/// The nodes, relationships and paths of an answer as a picture. Where it holds only nodes, the relationships between
/// them are drawn too. Takes time proportional to the answer.
pub fn picture(answer: &QueryAnswer, language: &str) -> Diagram {
    let mut found = Found { view: &answer.view, items: Ids::default(), relationships: Ids::default() };
    for value in answer.rows.iter().flatten() {
        found.add(value);
    }
    if found.relationships.in_order.is_empty() {
        found.add_between();
    }
    let title = if language.starts_with("en") { "Answer of a query" } else { "問い合わせの結果" };
    Diagram::Selection(Selection {
        title: title.to_owned(),
        items: found.items.in_order,
        relationships: found.relationships.in_order,
        most_figures: MOST_FIGURES,
    })
}

/// Ids, each once, in the order in which they were found.
#[derive(Default)]
struct Ids {
    in_order: Vec<String>,
    known: BTreeSet<String>,
}

impl Ids {
    fn add(&mut self, id: &str) {
        if self.known.insert(id.to_owned()) {
            self.in_order.push(id.to_owned());
        }
    }
}

struct Found<'v> {
    view: &'v View,
    items: Ids,
    relationships: Ids,
}

impl Found<'_> {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Node(node) => self.add_node(*node),
            Value::Relationship(edge) => self.add_relationship(*edge),
            Value::Path(path) => {
                path.nodes.iter().for_each(|node| self.add_node(*node));
                path.relationships.iter().for_each(|edge| self.add_relationship(*edge));
            }
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Map(map) => map.values().for_each(|item| self.add(item)),
            _ => {}
        }
    }

    fn add_node(&mut self, node: Node) {
        if let Some(item) = self.view.item_at(node) {
            self.items.add(item.id().as_str());
            // A relationship that was met as a node is seen as what it is when its ends are there.
            if let Item::Relationship(held) = item {
                self.relationships.add(held.id.as_str());
            }
        }
    }

    fn add_relationship(&mut self, edge: Edge) {
        if let Some(held) = self.view.relationship_at(edge) {
            self.relationships.add(held.id.as_str());
        }
    }

    /// The relationships whose ends were both found.
    fn add_between(&mut self) {
        for id in self.items.in_order.iter().take(MOST_FIGURES) {
            for held in self.view.outgoing(id, None) {
                if self.items.known.contains(held.target.as_str()) {
                    self.relationships.add(held.id.as_str());
                }
            }
        }
    }
}
