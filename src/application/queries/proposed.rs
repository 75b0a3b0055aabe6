//! Saved queries that a change set proposes: read as if they were asked, before they are recorded.

use std::borrow::Cow;

use super::QueryEngine;
use super::saved::{KIND, PARAMETERS, QUERY};
use crate::domain::Value;
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::element::{Delta, Element};
use crate::domain::metamodel::{Kind, Metamodel};
use crate::domain::validation::{Refusal, RefusalCode};
use crate::query::Parsed;
use crate::query::plan::UnknownStatistics;

/// Why saved queries of a change set cannot be recorded: a query that nobody could ask, default parameters that are no
/// JSON object. What was recorded before and stays as it is, is not judged again.
pub(in crate::application) fn refusals(
    metamodel: &Metamodel,
    engine: &QueryEngine,
    change_set: &ChangeSet,
    delta: &Delta,
) -> Vec<Refusal> {
    let Some(kind) = metamodel.kind_named(KIND) else {
        return Vec::new();
    };
    let proposed = delta.elements.iter().filter_map(|transition| {
        let after = transition.after.as_deref().filter(|element| metamodel.is_a(element.kind, kind.id))?;
        Some((transition.before.as_deref(), after))
    });
    proposed.flat_map(|(before, after)| of_one(kind, engine, change_set, before, after)).collect()
}

fn of_one(
    kind: &Kind,
    engine: &QueryEngine,
    change_set: &ChangeSet,
    before: Option<&Element>,
    after: &Element,
) -> Vec<Refusal> {
    let new = |attribute: &str| {
        let text = text(kind, after, attribute)?;
        (before.and_then(|before| self::text(kind, before, attribute)) != Some(text)).then_some(text)
    };
    let refusal = |attribute: &str, message: String| {
        let pointer = place(change_set, after.id.as_str(), attribute);
        Refusal::new(RefusalCode::InvalidValue, &pointer, message).about(after.id.as_str())
    };
    let query = new(QUERY).and_then(|query| unreadable(engine, query));
    let parameters = new(PARAMETERS).and_then(no_object);
    let query = query.map(|message| refusal(QUERY, message));
    query.into_iter().chain(parameters.map(|message| refusal(PARAMETERS, message))).collect()
}

fn text<'e>(kind: &Kind, element: &'e Element, attribute: &str) -> Option<&'e str> {
    kind.attribute_named(attribute).and_then(|held| element.attributes.get(held.name)).and_then(Value::as_text)
}

/// Why a query cannot be asked.
fn unreadable(engine: &QueryEngine, query: &str) -> Option<String> {
    let parsed = Parsed::read(query, &engine.syntax_limits());
    let prepared = parsed.and_then(|parsed| parsed.prepare(&**engine.catalog(), &UnknownStatistics));
    prepared.err().map(|error| format!("the query cannot be asked: {}", error.with_excerpt(query)))
}

/// Why defaults cannot be used.
fn no_object(parameters: &str) -> Option<String> {
    let read = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(parameters);
    read.err().map(|error| {
        format!("default parameters are a JSON object such as {{\"until\": \"2027-03-31\"}}; this is none: {error}")
    })
}

/// Where in the request an attribute of an element was said.
fn place(change_set: &ChangeSet, id: &str, attribute: &str) -> String {
    let said = |(number, operation): (usize, Cow<'_, Operation>)| {
        let fields = match &*operation {
            Operation::CreateElement(create) if create.id == id => "attributes",
            Operation::UpdateElement(update) if update.id == id && update.set.contains_key(attribute) => "set",
            _ => return None,
        };
        Some(format!("/operations/{number}/{fields}/{attribute}"))
    };
    change_set.each().enumerate().filter_map(said).last().unwrap_or_else(|| "/operations".to_owned())
}
