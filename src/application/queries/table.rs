//! Answers as JSON, as lines of CSV, and as a table for a workbook.

use serde_json::{Map, Value as Json, json};

use super::{QueryAnswer, for_cell};
use crate::query::Value;
use crate::query::plan::Node;
use crate::query::source::Facts;
use crate::query::value::json::to_json;
use crate::reports::{Cell, CellKind, Table, TableColumn, lines_to_csv};

/// Whole numbers up to this one are told apart by a spreadsheet.
const EXACT: i64 = 1 << 53;

/// An answer as one JSON value: columns, rows, the view that was asked, and what it took.
pub fn json(answer: &QueryAnswer, facts: &dyn Facts) -> Json {
    let rows: Vec<Json> =
        answer.rows.iter().map(|row| row.iter().map(|value| to_json(value, facts)).collect()).collect();
    let mut object = json!({
        "columns": answer.columns.iter().map(|column| &**column).collect::<Vec<_>>(),
        "rows": rows,
        "revision": answer.view.revision(),
        "at": answer.view.date().to_string(),
    });
    if let Some(used) = &answer.used {
        object["statistics"] = json!({
            "rows": answer.rows.len(),
            "expansions": used.expansions,
            "milliseconds": used.elapsed.as_secs_f64() * 1000.0,
        });
    }
    if !answer.plan.is_empty() {
        object["plan"] = answer.plan.iter().map(plan_to_json).collect();
    }
    object
}

fn plan_to_json(node: &Node) -> Json {
    let mut object = json!({
        "operation": node.operation,
        "details": node.details,
        "estimated_rows": node.estimated_rows,
    });
    if let Some(rows) = node.rows {
        object["rows"] = rows.into();
    }
    object["children"] = node.children.iter().map(plan_to_json).collect();
    object
}

/// Each row as a JSON object by column, for ndjson.
pub fn rows_as_objects<'a>(answer: &'a QueryAnswer, facts: &'a dyn Facts) -> impl Iterator<Item = Json> + use<'a> {
    answer.rows.iter().map(|row| {
        let named = answer.columns.iter().zip(row).map(|(column, value)| (column.to_string(), to_json(value, facts)));
        Json::Object(named.collect::<Map<_, _>>())
    })
}

/// An answer as CSV with a heading line.
pub fn csv(answer: &QueryAnswer, facts: &dyn Facts) -> String {
    let heading = answer.columns.iter().map(ToString::to_string).collect();
    lines_to_csv(heading, answer.rows.iter().map(|row| row.iter().map(|value| for_cell(value, facts)).collect()))
}

/// An answer as a table whose cells know what they hold.
pub fn table(answer: &QueryAnswer, facts: &dyn Facts, title: &str) -> Table {
    let rows: Vec<Vec<Cell>> =
        answer.rows.iter().map(|row| row.iter().map(|value| cell(value, facts)).collect()).collect();
    let columns = answer.columns.iter().enumerate().map(|(place, name)| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        TableColumn::new(&**name, kind_of(cells))
    });
    Table { title: title.to_owned(), columns: columns.collect(), rows }
}

#[expect(clippy::cast_precision_loss, reason = "larger ones are texts")]
fn cell(value: &Value, facts: &dyn Facts) -> Cell {
    match value {
        Value::Integer(number) if (-EXACT..=EXACT).contains(number) => Cell::Number(*number as f64),
        Value::Float(number) if number.is_finite() => Cell::Number(*number),
        Value::Boolean(truth) => Cell::Boolean(*truth),
        Value::Date(_) => {
            let text = for_cell(value, facts);
            text.parse().map_or_else(|_| Cell::text(text), Cell::Date)
        }
        other => Cell::text(for_cell(other, facts)),
    }
}

/// What all cells of a column hold that hold something.
fn kind_of<'a>(cells: impl Iterator<Item = &'a Cell>) -> CellKind {
    let mut kinds = cells.filter_map(|cell| match cell {
        Cell::Empty => None,
        Cell::Text(_) => Some(CellKind::Text),
        Cell::Number(_) => Some(CellKind::Number),
        Cell::Boolean(_) => Some(CellKind::Boolean),
        Cell::Date(_) => Some(CellKind::Date),
    });
    let first = kinds.next().unwrap_or_default();
    if kinds.all(|kind| kind == first) { first } else { CellKind::Text }
}
