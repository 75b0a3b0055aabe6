//! Plans as trees, of text and of JSON.

use serde_json::{Value as Json, json};

use crate::cli::table;
use crate::query::plan::Node;

/// A plan, one operation a line, with the rows that were expected and those that came.
pub(super) fn describe(plan: &[Node]) -> String {
    let counted = plan.iter().any(is_counted);
    let mut rows = Vec::new();
    add(plan, 0, counted, &mut rows);
    let heading: &[&str] =
        if counted { &["operation", "expected", "rows", "details"] } else { &["operation", "expected", "details"] };
    table::render(heading, &rows)
}

fn is_counted(node: &Node) -> bool {
    node.rows.is_some() || node.children.iter().any(is_counted)
}

fn add(nodes: &[Node], depth: usize, counted: bool, rows: &mut Vec<Vec<String>>) {
    for node in nodes {
        let mut row = vec![format!("{}{}", "· ".repeat(depth), node.operation), expected(node.estimated_rows)];
        if counted {
            row.push(node.rows.map_or(String::new(), |rows| rows.to_string()));
        }
        row.push(node.details.clone());
        rows.push(row);
        add(&node.children, depth + 1, counted, rows);
    }
}

/// An operation and what is done inside of it.
pub(super) fn to_json(node: &Node) -> Json {
    let mut object = json!({
        "operation": node.operation,
        "details": node.details,
        "estimated_rows": node.estimated_rows,
    });
    if let Some(rows) = node.rows {
        object["rows"] = rows.into();
    }
    object["children"] = node.children.iter().map(to_json).collect();
    object
}

/// Estimates below ten with one place, the others without.
fn expected(rows: f64) -> String {
    if rows < 10.0 { format!("{rows:.1}") } else { format!("{rows:.0}") }
}
