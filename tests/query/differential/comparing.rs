//! Two answers to the same question.

use ezu::query::error::QueryError;
use ezu::query::value::{Path, Value};

use crate::engine::Answer;

/// How two answers differ, if they do. Rows count as often as they come; where `ordered`, they come in the same order.
pub fn difference(
    wanted: &Result<Answer, QueryError>,
    came: &Result<Answer, QueryError>,
    ordered: bool,
) -> Option<String> {
    let (wanted, came) = match (wanted, came) {
        (Ok(wanted), Ok(came)) => (wanted, came),
        (Err(wanted), Err(came)) if wanted.kind == came.kind => return None,
        (wanted, came) => return Some(format!("wanted {}\ncame   {}", outcome(wanted), outcome(came))),
    };
    if wanted.columns != came.columns {
        return Some(format!("wanted columns {:?}\ncame   columns {:?}", wanted.columns, came.columns));
    }
    let (mut wanted, mut came) = (lines(wanted), lines(came));
    if !ordered {
        wanted.sort();
        came.sort();
    }
    (wanted != came)
        .then(|| format!("wanted {}\n{}\ncame {}\n{}", wanted.len(), shown(&wanted), came.len(), shown(&came)))
}

fn outcome(answer: &Result<Answer, QueryError>) -> String {
    match answer {
        Ok(answer) => format!("{} rows", answer.rows.len()),
        Err(error) => format!("{:?} {:?}: {error}", error.kind, error.detail),
    }
}

fn shown(lines: &[String]) -> String {
    let few: Vec<String> = lines.iter().take(12).map(|line| format!("    {line}")).collect();
    few.join("\n")
}

fn lines(answer: &Answer) -> Vec<String> {
    answer.rows.iter().map(|row| row.iter().map(key).collect::<Vec<_>>().join(" | ")).collect()
}

/// A text that equal values share: nodes and relationships by their numbers, lists in any order, floats rounded to
/// what does not depend on the order of a sum.
fn key(value: &Value) -> String {
    match value {
        Value::Float(number) => format!("{number:.9e}"),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => {
            let mut items: Vec<String> = items.iter().map(key).collect();
            items.sort();
            format!("[{}]", items.join(", "))
        }
        Value::Node(node) => format!("({})", node.0),
        Value::Relationship(edge) => format!("[{}]", edge.0),
        Value::Path(path) => path_key(path),
        other => format!("{other:?}"),
    }
}

fn path_key(path: &Path) -> String {
    let steps =
        path.relationships.iter().zip(&path.nodes[1..]).map(|(edge, node)| format!("-[{}]-({})", edge.0, node.0));
    format!("({}){}", path.nodes[0].0, steps.collect::<String>())
}
