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
use crate::naive::{Row, Table, World};

/// Lets a statement change the graph.
///
/// # Errors
/// What of the statement cannot be read or done here.
pub fn execute(toy: &mut Toy, statement: &str, parameters: &Map) -> Result<(), String> {
    let statement = statement.trim().trim_end_matches(';');
    let query = parse(statement).map_err(|error| error.with_excerpt(statement))?;
    let mut table = Table::unit();
    for clause in &query.first.clauses {
        table = match clause {
            Clause::Write(write) => write_rows(toy, statement, write, table, parameters)?,
            reading => World::new(toy, parameters).clause(reading, table).map_err(in_words)?,
        };
    }
    Ok(())
}

fn write_rows(
    toy: &mut Toy,
    statement: &str,
    write: &Write,
    mut table: Table,
    parameters: &Map,
) -> Result<Table, String> {
    for row in &mut table.rows {
        match write.keyword {
            "CREATE" => create(toy, &write.patterns, row, parameters)?,
            "DELETE" => delete(toy, statement.get(write.span.end as usize..).unwrap_or_default(), row)?,
            other => return Err(format!("the graph of a test is not made by {other}")),
        }
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
    match World::new(toy, parameters).evaluate(written, row).map_err(in_words)? {
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

/// Takes away the relationships whose variables are named first in `rest`.
fn delete(toy: &mut Toy, rest: &str, row: &Row) -> Result<(), String> {
    let mut more = true;
    for word in rest.split_whitespace() {
        if !std::mem::replace(&mut more, word.ends_with(',')) {
            break;
        }
        match row.get(word.trim_end_matches(',')) {
            Some(Value::Relationship(edge)) => toy.remove_relationship(*edge),
            other => return Err(format!("only relationships are deleted here, not {word}, which is {other:?}")),
        }
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
