//! Graphs from the statements that make them: `CREATE`, also behind clauses that read, and `DELETE` of relationships.

use std::sync::Arc;

use ezu::graph::Node;
use ezu::query::error::QueryError;
use ezu::query::syntax::parse;
use ezu::query::syntax::tree::{
    Clause, Expression, LabelExpression, Name, NodePattern, PathPattern, PatternDirection, RelationshipPattern, Write,
};
use ezu::query::value::{Map, Value};

use super::Toy;
use crate::engine::clock;
use crate::naive::{Row, Table, World};

/// Lets a statement change the graph.
///
/// # Errors
/// What of the statement cannot be read or done here.
pub fn execute(toy: &mut Toy, statement: &str, parameters: &Map) -> Result<(), String> {
    let statement = statement.trim().trim_end_matches(';');
    let mut table = Table::unit();
    // The parser reads `DELETE` only to refuse it.
    let mut parts = statement.split("DELETE ");
    table = clauses(toy, parts.next().unwrap_or_default(), table, parameters)?;
    for part in parts {
        let (variable, rest) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
        table.rows.iter().try_for_each(|row| delete(toy, variable, row))?;
        table = clauses(toy, rest, table, parameters)?;
    }
    Ok(())
}

/// Clauses that read, and `CREATE`.
fn clauses(toy: &mut Toy, text: &str, mut table: Table, parameters: &Map) -> Result<Table, String> {
    if text.trim().is_empty() {
        return Ok(table);
    }
    let text = if text.contains("CREATE") { text.to_owned() } else { format!("{text} RETURN *") };
    let query = parse(&text).map_err(|error| error.with_excerpt(&text))?;
    for clause in &query.first.clauses {
        table = match clause {
            Clause::Write(write) => write_rows(toy, write, table, parameters)?,
            reading => World::new(toy, parameters, clock()).clause(reading, table).map_err(in_words)?,
        };
    }
    Ok(table)
}

fn write_rows(toy: &mut Toy, write: &Write, mut table: Table, parameters: &Map) -> Result<Table, String> {
    if write.keyword != "CREATE" {
        return Err(format!("the graph of a test is not made by {}", write.keyword));
    }
    for row in &mut table.rows {
        create(toy, &write.patterns, row, parameters)?;
    }
    table.columns = table.rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    Ok(table)
}

fn create(toy: &mut Toy, patterns: &[PathPattern], row: &mut Row, parameters: &Map) -> Result<(), String> {
    for pattern in patterns {
        let mut at = node(toy, &pattern.start, row, parameters)?;
        for (relationship, end) in &pattern.steps {
            let next = node(toy, end, row, parameters)?;
            connect(toy, relationship, (at, next), row, parameters)?;
            at = next;
        }
    }
    Ok(())
}

/// The node that the variable stands for, or a new one.
fn node(toy: &mut Toy, pattern: &NodePattern, row: &mut Row, parameters: &Map) -> Result<Node, String> {
    let bound = pattern.variable.as_ref().and_then(|name| row.get(&name.text));
    if let Some(Value::Node(node)) = bound {
        return Ok(*node);
    }
    let properties = properties(toy, pattern.properties.as_ref(), row, parameters)?;
    let node = toy.add_node(&labels(pattern.labels.as_ref())?, properties);
    remember(row, pattern.variable.as_ref(), Value::Node(node));
    Ok(node)
}

fn connect(
    toy: &mut Toy,
    pattern: &RelationshipPattern,
    (left, right): (Node, Node),
    row: &mut Row,
    parameters: &Map,
) -> Result<(), String> {
    let [kind] = pattern.types.as_slice() else { return Err("a new relationship has one type".to_owned()) };
    let (source, target) = match pattern.direction {
        PatternDirection::Left => (right, left),
        PatternDirection::Right => (left, right),
        PatternDirection::Either => return Err("a new relationship has a direction".to_owned()),
    };
    let properties = properties(toy, pattern.properties.as_ref(), row, parameters)?;
    let edge = toy.add_relationship(source, target, &kind.text, properties);
    remember(row, pattern.variable.as_ref(), Value::Relationship(edge));
    Ok(())
}

fn properties(toy: &Toy, written: Option<&Expression>, row: &Row, parameters: &Map) -> Result<Map, String> {
    let Some(written) = written else { return Ok(Map::new()) };
    match World::new(toy, parameters, clock()).evaluate(written, row).map_err(in_words)? {
        Value::Map(map) => Ok(Map::clone(&map)),
        other => Err(format!("properties are a map, not a {}", other.type_name())),
    }
}

fn labels(written: Option<&LabelExpression>) -> Result<Vec<Arc<str>>, String> {
    match written {
        None => Ok(Vec::new()),
        Some(LabelExpression::Label(name)) => Ok(vec![Arc::clone(&name.text)]),
        Some(LabelExpression::And(a, b)) => Ok([labels(Some(a))?, labels(Some(b))?].concat()),
        Some(other) => Err(format!("a new node has labels, not {other:?}")),
    }
}

/// Takes a relationship away.
fn delete(toy: &mut Toy, variable: &str, row: &Row) -> Result<(), String> {
    match row.get(variable) {
        Some(Value::Relationship(edge)) => toy.remove_relationship(*edge),
        other => return Err(format!("only relationships are deleted here, not {variable}, which is {other:?}")),
    }
    Ok(())
}

fn remember(row: &mut Row, name: Option<&Name>, value: Value) {
    if let Some(name) = name {
        row.insert(Arc::clone(&name.text), value);
    }
}

fn in_words(error: QueryError) -> String {
    error.to_string()
}
