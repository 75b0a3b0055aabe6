//! Removing from a recorded change set what the law forbids to keep.

use serde_json::{Map, Value as Json};

use super::metamodel::{KindId, Metamodel};
use super::recorded::{RecordedChangeSet, RecordedOperation};
use super::validation::parse_value;

/// What stands in place of a text that was removed.
pub const REDACTED: &str = "■■■";

/// What is to be removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removal {
    /// A text, wherever it stands: in values, names, messages, reasons. Compared character by character.
    pub text: Option<String>,
    /// Whole values.
    pub fields: Vec<RemovedField>,
}

/// A value of an item, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedField {
    /// The element or relationship.
    pub id: String,
    /// `name` or the full, dotted name of an attribute.
    pub field: String,
}

/// The kind of an item, as far as it is known.
pub type KindOf<'a> = &'a dyn Fn(&str) -> Option<KindId>;

/// Why something cannot be removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemovalError {
    /// Identifiers hold the model together.
    #[error(
        "the text is part of the identifier \"{0}\", by which other revisions refer to the item; a shorter text, or \
         one that leaves the identifier out, can be removed"
    )]
    InIdentifier(String),
    /// It is part of what a reader needs to understand the record.
    #[error("the text is part of the record's own words; name a longer text, or the field that holds it")]
    InStructure,
}

impl Removal {
    /// Whether nothing is to be removed.
    pub fn is_empty(&self) -> bool {
        self.text.is_none() && self.fields.is_empty()
    }

    /// Whether a text holds what is to be removed.
    pub fn is_in(&self, text: &str) -> bool {
        self.text.as_ref().is_some_and(|unwanted| text.contains(unwanted.as_str()))
    }

    fn names(&self, id: &str, field: &str) -> bool {
        self.fields.iter().any(|removed| removed.id == id && removed.field == field)
    }
}

/// The change set without what is to be removed; absent when it holds nothing of it.
///
/// A text is replaced by [`REDACTED`]; where the attribute's type does not take that, the value goes. What a
/// later revision set again stays there until it is removed there too.
///
/// # Errors
/// When the text stands where nothing can be taken away.
pub fn cleaned(
    metamodel: &Metamodel,
    recorded: &RecordedChangeSet,
    removal: &Removal,
    kind_of: KindOf<'_>,
) -> Result<Option<RecordedChangeSet>, RemovalError> {
    let before = as_json(recorded);
    let mut kept = recorded.clone();
    let cleaner = Cleaner { metamodel, removal, kind_of };
    cleaner.change_set(&mut kept);
    let after = as_json(&kept);
    if let Some(id) = kept.operations.iter().flat_map(identifiers).find(|id| removal.is_in(id)) {
        return Err(RemovalError::InIdentifier(id.to_owned()));
    }
    if removal.text.as_ref().is_some_and(|text| after.to_string().contains(&escaped(text))) {
        return Err(RemovalError::InStructure);
    }
    Ok((before != after).then_some(kept))
}

/// As it stands in a record.
fn escaped(text: &str) -> String {
    let quoted = Json::String(text.to_owned()).to_string();
    quoted.trim_start_matches('"').trim_end_matches('"').to_owned()
}

fn as_json(recorded: &RecordedChangeSet) -> Json {
    serde_json::to_value(recorded).unwrap_or_default()
}

fn identifiers(operation: &RecordedOperation) -> Vec<&str> {
    match operation {
        RecordedOperation::CreateRelationship { id, source, target, .. } => vec![id, source, target],
        other => vec![other.id()],
    }
}

struct Cleaner<'a> {
    metamodel: &'a Metamodel,
    removal: &'a Removal,
    kind_of: KindOf<'a>,
}

impl Cleaner<'_> {
    fn change_set(&self, kept: &mut RecordedChangeSet) {
        self.text(&mut kept.message);
        for text in [&mut kept.author, &mut kept.reason, &mut kept.source].into_iter().flatten() {
            self.text(text);
        }
        if kept.idempotency_key.as_ref().is_some_and(|key| self.removal.is_in(key)) {
            (kept.idempotency_key, kept.request_digest) = (None, None);
        }
        if let Some(redaction) = &mut kept.redaction {
            self.change_set(&mut redaction.content);
            redaction.backups.iter_mut().filter_map(|backup| backup.written_to.as_mut()).for_each(|to| self.text(to));
        }
        kept.operations.iter_mut().for_each(|operation| self.operation(operation));
    }

    fn operation(&self, operation: &mut RecordedOperation) {
        match operation {
            RecordedOperation::CreateElement { id, kind, name, attributes }
            | RecordedOperation::CreateRelationship { id, kind, name, attributes, .. } => {
                let known = self.metamodel.kind_named(kind).map(|kind| kind.id);
                self.name(id, known, name);
                self.attributes(id, known, attributes);
            }
            RecordedOperation::UpdateElement { id, set, unset }
            | RecordedOperation::UpdateRelationship { id, set, unset } => {
                let known = (self.kind_of)(id);
                let mut name = match set.get("name") {
                    Some(Json::String(text)) => Some(text.clone()),
                    _ => None,
                };
                self.name(id, known, &mut name);
                let removed = self.attributes(id, known, set);
                match name {
                    Some(name) => drop(set.insert("name".to_owned(), Json::String(name))),
                    None if set.contains_key("name") => unset.push("name".to_owned()),
                    None => {}
                }
                unset.extend(removed);
                for field in &*unset {
                    set.shift_remove(field);
                }
            }
            RecordedOperation::DeleteElement { .. } | RecordedOperation::DeleteRelationship { .. } => {}
        }
    }

    /// A name that an item must have is replaced, any other goes.
    fn name(&self, id: &str, kind: Option<KindId>, name: &mut Option<String>) {
        if let Some(text) = name {
            self.text(text);
        }
        if name.is_some() && self.removal.names(id, "name") {
            let needed = kind.is_none_or(|kind| self.metamodel.kind(kind).has_own_name());
            *name = needed.then(|| REDACTED.to_owned());
        }
    }

    /// Cleans the values; the answer names those that are gone.
    fn attributes(&self, id: &str, kind: Option<KindId>, values: &mut Map<String, Json>) -> Vec<String> {
        let mut gone = Vec::new();
        for (field, value) in values.iter_mut().filter(|(field, _)| *field != "name") {
            let before = value.clone();
            self.value(value);
            let fits = *value == before || self.fits(kind, field, value);
            if self.removal.names(id, field) || !fits {
                gone.push(field.clone());
            }
        }
        for field in &gone {
            values.shift_remove(field);
        }
        gone
    }

    fn value(&self, value: &mut Json) {
        match value {
            Json::String(text) => self.text(text),
            Json::Array(entries) => entries.iter_mut().for_each(|entry| self.value(entry)),
            Json::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&self, text: &mut String) {
        if let Some(unwanted) = self.removal.text.as_ref().filter(|unwanted| text.contains(unwanted.as_str())) {
            *text = text.replace(unwanted.as_str(), REDACTED);
        }
    }

    /// Whether an attribute takes a value; without its definition nobody knows.
    fn fits(&self, kind: Option<KindId>, field: &str, value: &Json) -> bool {
        let definition = kind.and_then(|kind| self.metamodel.kind(kind).attribute_named(field));
        definition.is_some_and(|definition| parse_value(&definition.value_type, value).is_ok())
    }
}
