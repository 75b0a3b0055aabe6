//! `?owner_department=dept-x&availability.rto_hours[lte]=24`.

use std::cmp::Ordering;

use serde_json::Value as Json;

use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{AttributeDefinition, AttributeType, Kind};
use crate::domain::naming::display_name;
use crate::domain::nearest;
use crate::domain::value::Value;
use crate::graph::View;
use crate::http::problem::Problem;

/// One condition; all of them must hold.
#[derive(Debug, Clone)]
pub struct Filter {
    subject: Subject,
    comparison: Comparison,
    values: Vec<String>,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Id,
    Name,
    Source,
    Target,
    Attribute(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Exists,
    Contains,
}

const COMPARISONS: [(&str, Comparison); 8] = [
    ("eq", Comparison::Equal),
    ("ne", Comparison::NotEqual),
    ("lt", Comparison::Less),
    ("lte", Comparison::LessOrEqual),
    ("gt", Comparison::Greater),
    ("gte", Comparison::GreaterOrEqual),
    ("exists", Comparison::Exists),
    ("contains", Comparison::Contains),
];

impl Filter {
    /// Reads a parameter; its attribute must be one that some of the kinds have.
    pub fn parse(name: &str, value: &str, kinds: &[&Kind]) -> Result<Self, Problem> {
        let (path, comparison) = split(name)?;
        let subject = match path {
            "id" => Subject::Id,
            "name" => Subject::Name,
            "source" => Subject::Source,
            "target" => Subject::Target,
            other => Subject::Attribute(attribute(other, name, kinds)?),
        };
        let values: Vec<String> = match comparison {
            Comparison::Equal | Comparison::NotEqual => value.split(',').map(str::to_owned).collect(),
            _ => vec![value.to_owned()],
        };
        let filter = Self { subject, comparison, values };
        filter.check_values(name, kinds)?;
        Ok(filter)
    }

    fn check_values(&self, name: &str, kinds: &[&Kind]) -> Result<(), Problem> {
        if self.comparison == Comparison::Exists {
            let fine = matches!(self.values[0].as_str(), "true" | "false");
            return if fine { Ok(()) } else { Err(Problem::parameter(name, "is true or false")) };
        }
        let Subject::Attribute(attribute) = &self.subject else {
            return Ok(());
        };
        let definitions: Vec<_> = kinds.iter().filter_map(|kind| kind.attribute_named(attribute)).collect();
        let fits = |text: &str| definitions.iter().any(|definition| Self::fits(definition, text));
        match self.values.iter().find(|text| !fits(text)) {
            Some(wrong) => Err(Problem::parameter(name, format!("{wrong:?} is no value that {attribute} can have"))),
            None => Ok(()),
        }
    }

    fn fits(definition: &AttributeDefinition, text: &str) -> bool {
        match scalar_type(definition) {
            AttributeType::Integer { .. } | AttributeType::Number { .. } | AttributeType::Money { .. } => {
                text.parse::<f64>().is_ok_and(f64::is_finite)
            }
            AttributeType::Boolean => matches!(text, "true" | "false"),
            AttributeType::Date => text.parse::<jiff::civil::Date>().is_ok(),
            _ => true,
        }
    }

    /// Whether an item passes. Without a value only `ne` and `exists=false` hold.
    pub fn passes(&self, view: &View, item: Item<'_>) -> bool {
        let held = self.held_values(view, item);
        match self.comparison {
            Comparison::Exists => held.is_empty() == (self.values[0] == "false"),
            Comparison::NotEqual => !held.iter().any(|value| self.equals_any(value)),
            Comparison::Equal => held.iter().any(|value| self.equals_any(value)),
            Comparison::Contains => held.iter().any(|value| contains(value, &self.values[0])),
            _ => held.iter().any(|value| self.ordered(value)),
        }
    }

    fn held_values(&self, view: &View, item: Item<'_>) -> Vec<Value> {
        let text = |text: &str| vec![Value::Text(text.into())];
        match (&self.subject, item) {
            (Subject::Id, item) => text(item.id().as_str()),
            (Subject::Name, item) => text(&display_name(view, item, "ja")),
            (Subject::Source, Item::Relationship(relationship)) => text(relationship.source.as_str()),
            (Subject::Target, Item::Relationship(relationship)) => text(relationship.target.as_str()),
            (Subject::Source | Subject::Target, Item::Element(_)) => Vec::new(),
            (Subject::Attribute(name), item) => attribute_values(view, item, name),
        }
    }

    fn equals_any(&self, value: &Value) -> bool {
        self.values.iter().any(|wanted| compare(value, wanted) == Some(Ordering::Equal))
    }

    fn ordered(&self, value: &Value) -> bool {
        let Some(order) = compare(value, &self.values[0]) else {
            return false;
        };
        match self.comparison {
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }
    }
}

fn split(name: &str) -> Result<(&str, Comparison), Problem> {
    let Some((path, rest)) = name.split_once('[') else {
        return Ok((name, Comparison::Equal));
    };
    let word = rest.strip_suffix(']').unwrap_or(rest);
    let found = COMPARISONS.iter().find(|(held, _)| *held == word);
    let known = COMPARISONS.map(|(held, _)| held).join(", ");
    found
        .map(|(_, comparison)| (path, *comparison))
        .ok_or_else(|| Problem::parameter(name, format!("[{word}] is no comparison; one of {known}")))
}

fn attribute(path: &str, name: &str, kinds: &[&Kind]) -> Result<String, Problem> {
    if kinds.iter().any(|kind| kind.attribute_named(path).is_some()) {
        return Ok(path.to_owned());
    }
    let parameters = ["limit", "cursor", "sort", "fields", "at", "revision", "kind"];
    let attributes = kinds.iter().flat_map(|kind| kind.attributes.iter().map(|definition| &*definition.text));
    let hint = nearest::hint(path, attributes.chain(parameters));
    Err(Problem::parameter(name, format!("is neither a parameter nor an attribute here{hint}")))
}

/// The type of a value, or of the entries of a list.
fn scalar_type(definition: &AttributeDefinition) -> &AttributeType {
    match &definition.value_type {
        AttributeType::List(item) => item,
        other => other,
    }
}

/// An attribute's values; a list has several, a reference the ids it refers to.
pub fn attribute_values(view: &View, item: Item<'_>, name: &str) -> Vec<Value> {
    let Some(definition) = view.metamodel().kind(item.kind()).attribute_named(name) else {
        return Vec::new();
    };
    if let Some(reference) = definition.reference() {
        let relationships = view.outgoing(item.id().as_str(), Some(reference.relationship));
        return relationships.iter().map(|held| Value::Text(held.target.as_str().into())).collect();
    }
    match item.attributes().get(definition.name) {
        Some(Value::List(values)) => values.to_vec(),
        Some(value) => vec![value.clone()],
        None => Vec::new(),
    }
}

fn contains(value: &Value, part: &str) -> bool {
    use crate::domain::normalize::search_form;
    search_form(&value.to_line("ja")).contains(&search_form(part))
}

/// How a value stands to a parameter's text; nothing where they cannot be compared.
fn compare(value: &Value, text: &str) -> Option<Ordering> {
    match value {
        Value::Integer(_) | Value::Number(_) => value.as_number()?.partial_cmp(&text.parse::<f64>().ok()?),
        Value::Boolean(held) => Some(held.cmp(&text.parse::<bool>().ok()?)),
        Value::Date(held) => Some(held.cmp(&text.parse().ok()?)),
        Value::Text(held) => Some((**held).cmp(text)),
        Value::Localized(held) => {
            let equal = held.iter().any(|(_, one)| one == text);
            Some(if equal { Ordering::Equal } else { held.get("ja").cmp(text) })
        }
        Value::List(_) | Value::Record(_) => {
            (value.to_json() == Json::String(text.to_owned())).then_some(Ordering::Equal)
        }
    }
}
