//! Values of attributes as texts of properties, and back.

use serde_json::Value as Json;

use crate::domain::metamodel::{AttributeDefinition, AttributeType, Enumeration};

/// A value as the texts of one or several properties: a list is a property an entry.
pub(super) fn texts(definition: &AttributeDefinition, value: &Json) -> Vec<String> {
    match (&definition.value_type, value) {
        (AttributeType::List(item), Json::Array(entries)) => entries.iter().map(|entry| text(item, entry)).collect(),
        (held, value) => vec![text(held, value)],
    }
}

fn text(value_type: &AttributeType, value: &Json) -> String {
    match (value_type, value) {
        (AttributeType::Enumeration(codes), Json::String(code)) => word(codes, code).to_owned(),
        (_, Json::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// The Japanese label of a code, where that leads back to the code.
fn word<'a>(codes: &'a Enumeration, code: &'a str) -> &'a str {
    let label = codes.label(code, "ja");
    if code_of(codes, label) == code { label } else { code }
}

fn code_of<'a>(codes: &'a Enumeration, word: &'a str) -> &'a str {
    let labelled: Vec<&str> =
        codes.values.iter().filter(|(_, label)| label.get("ja") == word).map(|(code, _)| &**code).collect();
    match labelled.as_slice() {
        [only] => only,
        _ => word,
    }
}

/// The value that texts stand for; nothing if some text does not fit the attribute's type.
pub(super) fn value(definition: &AttributeDefinition, texts: &[&str]) -> Option<Json> {
    match (&definition.value_type, texts) {
        (AttributeType::List(item), texts) => {
            let entries: Option<Vec<Json>> = texts.iter().map(|text| parsed(item, text)).collect();
            entries.filter(|entries| !entries.is_empty()).map(Json::Array)
        }
        (held, [text]) => parsed(held, text),
        _ => None,
    }
}

fn parsed(value_type: &AttributeType, text: &str) -> Option<Json> {
    let value = match value_type {
        AttributeType::Text | AttributeType::Date | AttributeType::Duration | AttributeType::SourceFragment => {
            Json::String(text.to_owned())
        }
        AttributeType::Enumeration(codes) => Json::String(code_of(codes, text).to_owned()),
        _ => serde_json::from_str(text).ok()?,
    };
    let fits = !text.is_empty() && crate::domain::validation::parse_value(value_type, &value).is_ok();
    fits.then_some(value)
}
