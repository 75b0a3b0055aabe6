//! Rules that are queries: read once, run over a whole view or for some of what they judge.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::anchoring;
use super::draft::{Draft, FactValue};
use super::reader::Reader;
use super::rule::Rule;
use crate::domain::{self, Identifier, Item, Localized, Metamodel};
use crate::graph::Place;
use crate::query::functions::StatementClock;
use crate::query::over_view::{ViewCatalog, ViewGraph};
use crate::query::plan::UnknownStatistics;
use crate::query::syntax::SyntaxLimits;
use crate::query::value::{json as query_json, temporal};
use crate::query::{Options, Parameters, Parsed, QueryError, Value};

/// A rule's query.
#[derive(Debug, Clone)]
pub struct RuleQuery {
    text: Arc<str>,
    catalog: Arc<ViewCatalog>,
    whole: Parsed,
    /// The same for some of what the rule judges; absent where the query does not show what that is.
    some: Option<Parsed>,
}

/// The parameter that names what is to be judged.
pub(super) const ANCHORS: &str = "anchors_";

impl RuleQuery {
    /// Reads a query and, if wanted, checks every name in it.
    ///
    /// # Errors
    /// What is wrong with it, with the place in the text.
    pub(super) fn read(
        text: &str,
        catalog: &Arc<ViewCatalog>,
        metamodel: &Metamodel,
        judges: &[Arc<str>],
        check: bool,
    ) -> Result<Self, String> {
        let limits = SyntaxLimits::default();
        let read = |text: &str| Parsed::read(text, &limits).map_err(|error| error.with_excerpt(text));
        let whole = read(text)?;
        if check {
            whole.prepare(&**catalog, &UnknownStatistics).map_err(|error| error.with_excerpt(text))?;
        }
        let some = match anchoring::anchored(text, metamodel, judges) {
            Some(text) => Some(read(&text)?),
            None => None,
        };
        Ok(Self { text: text.into(), catalog: Arc::clone(catalog), whole, some })
    }

    /// The query as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What a query finds, limited to some of what the rule judges.
///
/// # Errors
/// Why the query cannot be run.
pub(super) fn judge(
    reader: &Reader<'_>,
    rule: &Rule,
    query: &RuleQuery,
    only: Option<&[Place]>,
) -> Result<Vec<Draft>, Localized> {
    let graph = ViewGraph::new(reader.view(), &query.catalog);
    let (parsed, anchors) = match (only, &query.some) {
        (Some(anchors), Some(some)) => (some, anchors),
        _ => (&query.whole, &[][..]),
    };
    let prepared = parsed.prepare(&*query.catalog, &graph).map_err(|error| failed(&error))?;
    let parameters = parameters(reader, rule, prepared.parameters(), anchors);
    let clock =
        StatementClock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC, today: Some(reader.date()) };
    let options = Options { limits: crate::query::Limits::default(), clock: &clock, cancelled: None, counted: false };
    let answer = prepared.run(&graph, &parameters, &options).map_err(|error| failed(&error))?;
    Ok(answer.rows.iter().filter_map(|row| draft(reader, rule, &answer.columns, row)).collect())
}

fn failed(error: &QueryError) -> Localized {
    Localized::ja_en(
        &format!("問合せを実行できないため、この規則は評価していない：{error}"),
        &format!("Not evaluated, for the query cannot be run: {error}"),
    )
}

/// `$today`, the rule's own parameters, and the words of the domain.
fn parameters(reader: &Reader<'_>, rule: &Rule, names: &[Arc<str>], anchors: &[Place]) -> Parameters {
    let mut parameters: Parameters = FxHashMap::default();
    for name in names {
        let value = match &**name {
            ANCHORS => Value::list(anchors.iter().filter_map(|place| anchor(reader, *place))),
            "today" => day(reader.date()),
            word => match rule.parameters.get(word) {
                Some(Json::Object(span)) if span.contains_key("days") => {
                    let days = jiff::Span::new().try_days(span["days"].as_i64().unwrap_or(0)).unwrap_or_default();
                    reader.date().checked_add(days).map_or(Value::Null, day)
                }
                Some(json) => query_json::from_json(json),
                None => Value::list(reader.terms().ids(word).iter().map(|id| Value::string(id.as_str()))),
            },
        };
        parameters.insert(Arc::clone(name), value);
    }
    parameters
}

/// A day as a query has it.
pub(in crate::analyses) fn day(date: jiff::civil::Date) -> Value {
    let (year, month, day) = (date.year().into(), date.month().into(), date.day().into());
    temporal::Date::new(year, month, day).map_or(Value::Null, Value::Date)
}

/// How the anchored form of a query is told what to judge: its id, and its ends if it is a relationship.
fn anchor(reader: &Reader<'_>, place: Place) -> Option<Value> {
    match reader.item(place)? {
        Item::Element(element) => Some(query_json::from_json(&json!({"id": element.id.as_str()}))),
        Item::Relationship(held) => Some(query_json::from_json(&json!({
            "id": held.id.as_str(), "source": held.source.as_str(), "target": held.target.as_str(),
        }))),
    }
}

/// A row as a finding: `subjects` says what it is about, `key` what makes the case if that is not all subjects, and
/// every other column is a fact.
fn draft(reader: &Reader<'_>, rule: &Rule, columns: &[Arc<str>], row: &[Value]) -> Option<Draft> {
    let column = |name: &str| columns.iter().position(|held| **held == *name).and_then(|place| row.get(place));
    let subjects = texts(column("subjects")?);
    let subjects: Vec<Identifier> = subjects.iter().filter_map(|id| Identifier::new(id).ok()).collect();
    if subjects.is_empty() {
        return None;
    }
    let mut draft = Draft::of_ids(rule, subjects);
    if let Some(key) = column("key") {
        let key = texts(key);
        draft = draft.keyed(rule, &key.iter().map(|part| &**part).collect::<Vec<_>>());
    }
    for (name, value) in columns.iter().zip(row).filter(|(name, _)| !matches!(&***name, "subjects" | "key")) {
        if let Some(fact) = fact(reader, rule, name, value) {
            draft = draft.with(name, fact);
        }
    }
    Some(draft)
}

fn texts(value: &Value) -> Vec<Arc<str>> {
    match value {
        Value::String(text) => vec![Arc::clone(text)],
        Value::List(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// A column as a fact: texts that are ids of items are these items.
fn fact(reader: &Reader<'_>, rule: &Rule, name: &str, value: &Value) -> Option<FactValue> {
    let label = rule.labels.get(name).copied();
    let item = |text: &str| reader.place(text).filter(|_| label.is_none()).and_then(|place| reader.identifier(place));
    match value {
        Value::String(text) if item(text).is_some() => item(text).cloned().map(FactValue::Item),
        Value::List(values) if !values.is_empty() => {
            let items: Option<Vec<Identifier>> = values
                .iter()
                .map(|value| if let Value::String(text) = value { item(text).cloned() } else { None })
                .collect();
            match items {
                Some(mut items) => {
                    items.sort();
                    Some(FactValue::Items(items))
                }
                None => plain(value).map(|value| FactValue::Value(value, label)),
            }
        }
        other => plain(other).map(|value| FactValue::Value(value, label)),
    }
}

/// A value of a query as a value of the model; nothing for null and for what the model has no value for.
fn plain(value: &Value) -> Option<domain::Value> {
    match value {
        Value::Boolean(truth) => Some(domain::Value::Boolean(*truth)),
        Value::Integer(number) => Some(domain::Value::Integer(*number)),
        Value::Float(number) => Some(domain::Value::Number(*number)),
        Value::String(text) => Some(domain::Value::Text(Arc::clone(text))),
        Value::List(values) => Some(domain::Value::List(values.iter().filter_map(plain).collect())),
        Value::Date(_) => temporal::text_of(value)?.parse().ok().map(domain::Value::Date),
        _ => None,
    }
}
