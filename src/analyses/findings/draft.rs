//! A finding before it is put into words: items, facts and ways, cheap to make and to compare.

use std::sync::Arc;

use serde_json::Value as Json;

use super::identity;
use super::reader::Reader;
use super::rule::Rule;
use crate::domain::metamodel::{AttributeName, KindId};
use crate::domain::naming::{display_name_of, value_text};
use crate::domain::{Identifier, Localized, Model, Value};
use crate::graph::{Edge, Place, View};

/// A finding before it is put into words.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub(super) id: String,
    pub(super) subjects: Vec<Identifier>,
    pub(super) facts: Vec<Fact>,
    pub(super) paths: Vec<DraftPath>,
    pub(super) unknown: Vec<Localized>,
}

/// A named fact of the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub(super) key: Arc<str>,
    pub(super) value: FactValue,
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue {
    /// A recorded or computed value, and the attribute that tells how people read it.
    Value(Value, Option<(KindId, AttributeName)>),
    /// Items, in order.
    Items(Vec<Identifier>),
    /// One item.
    Item(Identifier),
}

/// A way of the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftPath {
    pub(super) from: Identifier,
    pub(super) to: Identifier,
    pub(super) steps: Vec<DraftStep>,
    pub(super) others: usize,
    pub(super) others_at_least: bool,
}

/// A relationship of a way.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftStep {
    pub(super) relationship: Identifier,
    pub(super) forward: bool,
    pub(super) facts: Vec<Fact>,
}

impl Draft {
    /// A finding about items; they are also what makes it this finding and no other, unless [`Draft::keyed`]
    /// says otherwise.
    pub(in crate::analyses) fn about(reader: &Reader<'_>, rule: &Rule, subjects: &[Place]) -> Self {
        let subjects: Vec<Identifier> =
            subjects.iter().filter_map(|place| reader.identifier(*place).cloned()).collect();
        Self::of_ids(rule, subjects)
    }

    /// The same, by ids.
    pub(in crate::analyses) fn of_ids(rule: &Rule, subjects: Vec<Identifier>) -> Self {
        let keys: Vec<&str> = subjects.iter().map(Identifier::as_str).collect();
        let id = identity::finding_id(&rule.id, &keys);
        Self { id, subjects, facts: Vec::new(), paths: Vec::new(), unknown: Vec::new() }
    }

    /// What makes the case, where it is not all subjects: a cause, a function, a pattern.
    #[must_use]
    pub(in crate::analyses) fn keyed(mut self, rule: &Rule, keys: &[&str]) -> Self {
        self.id = identity::finding_id(&rule.id, keys);
        self
    }

    /// Adds a recorded attribute of an item, if it has one.
    #[must_use]
    pub(in crate::analyses) fn recorded(self, reader: &Reader<'_>, key: &str, place: Place, attribute: &str) -> Self {
        match recorded(reader, place, attribute) {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a fact.
    #[must_use]
    pub(in crate::analyses) fn with(mut self, key: &str, value: FactValue) -> Self {
        self.facts.push(Fact { key: key.into(), value });
        self
    }

    /// Adds a fact that was made before.
    #[must_use]
    pub(in crate::analyses) fn and(mut self, fact: Fact) -> Self {
        self.facts.push(fact);
        self
    }

    /// A digest of a text, to be part of a key.
    pub(in crate::analyses) fn digest_of(text: &str) -> String {
        identity::digest([text])
    }

    /// Adds a whole number that was worked out.
    #[must_use]
    pub(in crate::analyses) fn count(self, key: &str, count: usize) -> Self {
        self.with(key, FactValue::Value(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)), None))
    }

    /// Adds items, sorted by id.
    #[must_use]
    pub(in crate::analyses) fn items(self, reader: &Reader<'_>, key: &str, places: &[Place]) -> Self {
        let places = reader.sorted(places.to_vec());
        self.with(key, FactValue::Items(places.iter().filter_map(|place| reader.identifier(*place).cloned()).collect()))
    }

    /// Adds an item.
    #[must_use]
    pub(in crate::analyses) fn item(self, reader: &Reader<'_>, key: &str, place: Place) -> Self {
        match reader.identifier(place) {
            Some(id) => self.with(key, FactValue::Item(id.clone())),
            None => self,
        }
    }

    /// Adds a way.
    #[must_use]
    pub(in crate::analyses) fn path(mut self, path: DraftPath) -> Self {
        self.paths.push(path);
        self
    }

    /// The finding's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is about.
    pub fn subjects(&self) -> &[Identifier] {
        &self.subjects
    }

    /// A digest of subjects, facts and ways. Names are not among them, so a renaming leaves it as it is.
    pub fn digest(&self) -> String {
        let facts = self.facts.iter().map(|fact| format!("{}={}", fact.key, fact.value.to_json()));
        let steps = self.paths.iter().flat_map(|path| {
            path.steps.iter().map(|step| {
                let facts: Vec<String> =
                    step.facts.iter().map(|fact| format!("{}={}", fact.key, fact.value.to_json())).collect();
                format!("{}{}{}", step.relationship, step.forward, facts.join(";"))
            })
        });
        let parts: Vec<String> = self.subjects.iter().map(ToString::to_string).chain(facts).chain(steps).collect();
        identity::digest(parts.iter().map(String::as_str))[..32].to_owned()
    }
}

/// A recorded attribute as a fact.
pub(in crate::analyses) fn recorded(reader: &Reader<'_>, place: Place, attribute: &str) -> Option<FactValue> {
    let name = reader.metamodel().attribute_name(attribute)?;
    let value = reader.value_of(place, name)?;
    Some(FactValue::Value(value.clone(), reader.kind_of(place).map(|kind| (kind, name))))
}

impl Fact {
    /// A recorded attribute of an item as a named fact, if it has one.
    pub(in crate::analyses) fn recorded(reader: &Reader<'_>, key: &str, place: Place, attribute: &str) -> Option<Self> {
        Some(Self { key: key.into(), value: recorded(reader, place, attribute)? })
    }

    /// An item as a named fact.
    pub(in crate::analyses) fn item(reader: &Reader<'_>, key: &str, place: Place) -> Option<Self> {
        Some(Self { key: key.into(), value: FactValue::Item(reader.identifier(place)?.clone()) })
    }
}

impl FactValue {
    /// The fact for programs: items are ids.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Value(value, _) => value.to_json(),
            Self::Items(ids) => ids.iter().map(|id| Json::String(id.to_string())).collect(),
            Self::Item(id) => Json::String(id.to_string()),
        }
    }

    /// The fact for people: codes by their labels, items by their names.
    pub fn to_text(&self, view: &View, language: &str) -> String {
        match self {
            Self::Value(value, Some((kind, attribute))) => match view.metamodel().kind(*kind).attribute(*attribute) {
                Some(definition) => value_text(definition, value, language),
                None => value.to_line(language),
            },
            Self::Value(value, None) => value.to_line(language),
            Self::Items(ids) => {
                let named = ids.iter().take(MOST_NAMED).map(|id| quoted(view, id, language));
                let names: Vec<String> = named.collect();
                let rest = ids.len().saturating_sub(MOST_NAMED);
                join(&names, rest, language)
            }
            Self::Item(id) => display_name_of(view, id.as_str(), language),
        }
    }
}

/// How many items a sentence names; the rest is counted.
const MOST_NAMED: usize = 8;

fn quoted(view: &View, id: &Identifier, language: &str) -> String {
    let name = display_name_of(view, id.as_str(), language);
    if language == "en" { name } else { format!("「{name}」") }
}

fn join(names: &[String], rest: usize, language: &str) -> String {
    match (language, rest) {
        ("en", 0) => names.join(", "),
        ("en", rest) => format!("{} and {rest} more", names.join(", ")),
        (_, 0) => names.join(""),
        (_, rest) => format!("{}ほか{rest}件", names.join("")),
    }
}

impl DraftPath {
    /// A way along or against relationships, in order.
    pub(in crate::analyses) fn along(
        reader: &Reader<'_>,
        from: Place,
        to: Place,
        steps: Vec<DraftStep>,
    ) -> Option<Self> {
        let (from, to) = (reader.identifier(from)?.clone(), reader.identifier(to)?.clone());
        Some(Self { from, to, steps, others: 0, others_at_least: false })
    }

    /// Adds how many other ways there are.
    #[must_use]
    pub(in crate::analyses) fn with_others(mut self, others: usize, at_least: bool) -> Self {
        (self.others, self.others_at_least) = (others, at_least);
        self
    }
}

impl DraftStep {
    /// A relationship walked along its arrow or against it, with facts about it.
    pub(in crate::analyses) fn over(reader: &Reader<'_>, edge: Edge, forward: bool, facts: Vec<Fact>) -> Option<Self> {
        Some(Self { relationship: reader.relationship(edge)?.id.clone(), forward, facts })
    }
}
