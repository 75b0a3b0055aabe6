//! Questions that a query answers.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Gathered;
use crate::analyses::ItemSummary;
use crate::analyses::findings::day;
use crate::analyses::names::summary_of;
use crate::analyses::questions::answering::Asking;
use crate::analyses::questions::arguments::Arguments;
use crate::analyses::questions::error::QuestionError;
use crate::analyses::questions::question::{Column, Question, QuestionQuery};
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::domain::metamodel::Metamodel;
use crate::domain::{Item, Localized, Model};
use crate::graph::View;
use crate::query::functions::StatementClock;
use crate::query::over_view::ViewGraph;
use crate::query::value::{json as query_json, temporal};
use crate::query::{Answer, Options, Parameters, Value};

/// Runs the query; a column that holds codes shows their labels.
pub(super) fn run(
    asking: &Asking<'_>,
    question: &Question,
    query: &QuestionQuery,
    chosen: &Arguments,
) -> Result<Gathered, QuestionError> {
    let answer = ask(asking, query, chosen)?;
    let columns: Vec<&Column> = question.columns.iter().map(|(_, column)| column).collect();
    let row =
        |row: Vec<Value>| row.iter().zip(&columns).map(|(value, column)| cell(asking.view, value, column)).collect();
    let heading =
        |(key, column): &(Arc<str>, Column)| SheetColumn { key: key.to_string(), label: column.label.clone() };
    Ok(Gathered {
        columns: question.columns.iter().map(heading).collect(),
        rows: answer.rows.into_iter().map(row).collect(),
        ..Gathered::default()
    })
}

/// The ids that a query returns in its first column.
pub(in crate::analyses::questions) fn ids(
    asking: &Asking<'_>,
    query: &QuestionQuery,
    chosen: &Arguments,
) -> Result<Vec<String>, QuestionError> {
    let answer = ask(asking, query, chosen)?;
    let id = |row: &Vec<Value>| match row.first()? {
        Value::String(id) => Some(id.to_string()),
        value => Some(summary(asking.view, value)?.id),
    };
    Ok(answer.rows.iter().filter_map(id).collect())
}

fn ask(asking: &Asking<'_>, query: &QuestionQuery, chosen: &Arguments) -> Result<Answer, QuestionError> {
    let graph = ViewGraph::new(asking.view, &query.names).with_procedures(asking.procedures);
    let prepared = query.parsed.prepare(&*query.names, &graph)?;
    let mut parameters: Parameters = FxHashMap::default();
    for name in prepared.parameters() {
        let value = match (chosen.get(name), &**name) {
            (Some(argument), _) => query_json::from_json(&argument.value),
            (None, "today") => day(asking.view.date()),
            (None, word) => Value::list(asking.reader.terms().ids(word).iter().map(|id| Value::string(id.as_str()))),
        };
        parameters.insert(Arc::clone(name), value);
    }
    let clock = StatementClock {
        now: jiff::Timestamp::UNIX_EPOCH,
        zone: jiff::tz::TimeZone::UTC,
        today: Some(asking.view.date()),
    };
    let options = Options { limits: asking.limits, clock: &clock, cancelled: None, counted: false };
    Ok(prepared.run(&graph, &parameters, &options)?)
}

/// A node or a relationship by id, kind and name.
fn summary(view: &View, value: &Value) -> Option<ItemSummary> {
    match value {
        Value::Node(node) => view.item_at(*node).map(|item| summary_of(view, item)),
        Value::Relationship(edge) => view.relationship_at(*edge).map(|held| summary_of(view, Item::Relationship(held))),
        _ => None,
    }
}

fn cell(view: &View, value: &Value, column: &Column) -> SheetCell {
    match value {
        Value::Null => SheetCell::Empty,
        Value::Boolean(truth) => SheetCell::Boolean(*truth),
        Value::Integer(number) => SheetCell::Integer(*number),
        Value::Float(number) => SheetCell::Number(*number),
        Value::String(text) => code(view.metamodel(), text, column),
        Value::Node(_) | Value::Relationship(_) => summary(view, value).map_or(SheetCell::Empty, SheetCell::Item),
        Value::List(items) => list(view, items, column),
        temporal => {
            let text = temporal::text_of(temporal).unwrap_or_default();
            text.parse().map_or_else(|_| SheetCell::text(text), SheetCell::Date)
        }
    }
}

/// A list of items stays one; everything else is put into one text.
fn list(view: &View, values: &[Value], column: &Column) -> SheetCell {
    let items: Vec<ItemSummary> = values.iter().filter_map(|value| summary(view, value)).collect();
    if items.len() == values.len() {
        return SheetCell::items(items);
    }
    let cells: Vec<SheetCell> = values.iter().map(|value| cell(view, value, column)).collect();
    let texts = |language: &str, between: &str| {
        cells
            .iter()
            .map(|cell| cell.to_text(language))
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(between)
    };
    SheetCell::localized(Localized::ja_en(&texts("ja", "、"), &texts("en", ", ")))
}

/// A code by its label.
fn code(metamodel: &Metamodel, text: &str, column: &Column) -> SheetCell {
    let definition = column.codes.and_then(|(kind, attribute)| metamodel.kind(kind).attribute(attribute));
    match definition.and_then(|held| held.enumeration()) {
        Some(held) => SheetCell::localized(Localized::ja_en(held.label(text, "ja"), held.label(text, "en"))),
        None => SheetCell::text(text),
    }
}
