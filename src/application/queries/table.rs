//! An answer as a table, and the part of the model that it holds.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::QueryAnswer;
use super::room::{too_long, write_within};
use crate::analyses::{Column, Tabular};
use crate::domain::Localized;
use crate::graph::{Edge, Node};
use crate::query::source::Facts;
use crate::query::value::{json, show, temporal};
use crate::query::{QueryError, Value};

/// An answer as a table of text.
pub struct QueryTable<'a> {
    answer: &'a QueryAnswer,
    rows: Vec<Vec<String>>,
}

impl<'a> QueryTable<'a> {
    /// The table of an answer, with all its cells written out.
    ///
    /// # Errors
    /// `BudgetExceeded` where they have more bytes than a query may hold.
    pub fn new(answer: &'a QueryAnswer) -> Result<Self, QueryError> {
        let graph = answer.graph();
        let mut cells = Cells { facts: &graph, left: answer.memory, most: answer.memory };
        let row = |row: &Vec<Value>| row.iter().map(|value| cells.cell(value)).collect();
        let rows = answer.rows.iter().map(row).collect::<Result<_, _>>()?;
        Ok(Self { answer, rows })
    }
}

impl Tabular for QueryTable<'_> {
    fn title(&self) -> Localized {
        Localized::ja_en("照会結果", "Query result")
    }

    fn columns(&self) -> Vec<Column> {
        let typed = |(place, name): (usize, &Arc<str>)| {
            let column = Column::new(name.to_string(), name, name);
            let mut values = self.answer.rows.iter().map(|row| &row[place]).filter(|value| !value.is_null()).peekable();
            let numbers =
                values.peek().is_some() && values.all(|value| matches!(value, Value::Integer(_) | Value::Float(_)));
            if numbers { column.of_numbers() } else { column }
        };
        self.answer.columns.iter().enumerate().map(typed).collect()
    }

    fn rows(&self, _: &str) -> Vec<Vec<String>> {
        self.rows.clone()
    }
}

/// Writes cells as long as there is room.
struct Cells<'f> {
    facts: &'f dyn Facts,
    left: u64,
    most: u64,
}

impl Cells<'_> {
    /// A value as a cell: text without quotes, nodes by their ids, nothing for null.
    fn cell(&mut self, value: &Value) -> Result<String, QueryError> {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.to_string(),
            Value::Node(node) => as_text(&self.facts.node_id(*node), self.facts),
            Value::Relationship(edge) => as_text(&self.facts.relationship_id(*edge), self.facts),
            // What is in a list takes its room itself.
            Value::List(items) => {
                let texts: Result<Vec<String>, QueryError> = items.iter().map(|item| self.cell(item)).collect();
                return Ok(texts?.join("; "));
            }
            Value::Map(_) | Value::Path(_) => self.json(value)?,
            other => temporal::text_of(other).unwrap_or_else(|| show::show(other, self.facts)),
        };
        self.left = self.left.checked_sub(text.len() as u64).ok_or_else(|| self.full())?;
        Ok(text)
    }

    fn json(&self, value: &Value) -> Result<String, QueryError> {
        let mut bytes = Vec::new();
        write_within(&mut bytes, &json::Written::new(value, self.facts), self.left).map_err(|_| self.full())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn full(&self) -> QueryError {
        too_long(usize::try_from(self.most).unwrap_or(usize::MAX))
    }
}

fn as_text(value: &Value, facts: &dyn Facts) -> String {
    match value {
        Value::String(text) => text.to_string(),
        other => show::show(other, facts),
    }
}

/// The nodes and relationships that stand anywhere in an answer.
#[derive(Debug, Default)]
pub struct Graphed {
    /// The nodes, with the ends of the relationships.
    pub nodes: Vec<Node>,
    /// The relationships.
    pub relationships: Vec<Edge>,
}

/// The part of the model that an answer holds, in the order in which it first occurs.
pub fn graph_of(answer: &QueryAnswer) -> Graphed {
    let mut gathering = Gathering::default();
    answer.rows.iter().flatten().for_each(|value| gathering.value(value));
    let graph = answer.graph();
    let ends: Vec<Node> =
        gathering.found.relationships.iter().filter_map(|edge| graph.ends(*edge)).flat_map(|(a, b)| [a, b]).collect();
    ends.into_iter().for_each(|node| gathering.node(node));
    gathering.found
}

#[derive(Default)]
struct Gathering {
    found: Graphed,
    nodes: FxHashSet<Node>,
    edges: FxHashSet<Edge>,
}

impl Gathering {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Node(node) => self.node(*node),
            Value::Relationship(edge) => self.edge(*edge),
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Map(map) => map.values().for_each(|item| self.value(item)),
            Value::Path(path) => {
                path.nodes.iter().for_each(|node| self.node(*node));
                path.relationships.iter().for_each(|edge| self.edge(*edge));
            }
            _ => {}
        }
    }

    fn node(&mut self, node: Node) {
        if self.nodes.insert(node) {
            self.found.nodes.push(node);
        }
    }

    fn edge(&mut self, edge: Edge) {
        if self.edges.insert(edge) {
            self.found.relationships.push(edge);
        }
    }
}
