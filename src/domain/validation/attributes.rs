//! From a JSON object to attribute values and references.

use std::sync::Arc;

use serde_json::Value as Json;

use super::refusal::{Refusal, RefusalCode, pointer_to};
use super::values::parse_value;
use crate::domain::change_set::JsonObject;
use crate::domain::metamodel::{AttributeDefinition, AttributeName, Kind, KindId, Metamodel, ReferenceDefinition};
use crate::domain::value::Value;

/// What a JSON object says about an item's attributes.
#[derive(Debug, Default)]
pub struct ParsedAttributes {
    /// Values to set.
    pub values: Vec<(AttributeName, Value)>,
    /// Attributes set to `null`: to be removed.
    pub removed: Vec<AttributeName>,
    /// Reference attributes with all that they shall refer to from now on.
    pub references: Vec<(AttributeName, Vec<ReferenceEntry>)>,
}

impl ParsedAttributes {
    /// Whether the object says something of an attribute.
    pub(super) fn speaks_of(&self, name: AttributeName) -> bool {
        let is_set = self.values.iter().any(|(held, _)| *held == name);
        is_set || self.removed.contains(&name) || self.references.iter().any(|(held, _)| *held == name)
    }
}

/// One entry of a reference attribute.
#[derive(Debug, Clone)]
pub struct ReferenceEntry {
    /// The relationship's own id, if it is not to be made from its ends.
    pub id: Option<String>,
    /// The id referred to.
    pub target: String,
    /// Attributes of the relationship.
    pub attributes: JsonObject,
    /// Where it stands in the request.
    pub pointer: String,
}

/// Reads attributes of a kind; groups may be nested or dotted.
///
/// Everything wrong is added to `refusals`, each with its own pointer.
pub fn parse_attributes(
    metamodel: &Metamodel,
    kind: KindId,
    object: &JsonObject,
    pointer: &str,
    refusals: &mut Vec<Refusal>,
) -> ParsedAttributes {
    let mut parser = Parser { kind: metamodel.kind(kind), refusals, parsed: ParsedAttributes::default() };
    parser.group(object, "", pointer);
    parser.parsed
}

struct Parser<'a> {
    kind: &'a Kind,
    refusals: &'a mut Vec<Refusal>,
    parsed: ParsedAttributes,
}

impl Parser<'_> {
    fn group(&mut self, object: &JsonObject, prefix: &str, pointer: &str) {
        for (key, value) in object {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            let pointer = pointer_to(pointer, key);
            match (self.kind.attribute_named(&name), value) {
                (Some(definition), _) => {
                    self.attribute(definition, value, &pointer);
                }
                (None, Json::Object(inner)) if self.kind.has_group(&name) => self.group(inner, &name, &pointer),
                (None, _) => self.unknown(&name, &pointer),
            }
        }
    }

    fn unknown(&mut self, name: &str, pointer: &str) {
        let group = if self.kind.has_group(name) { " (it is a group; its attributes go inside)" } else { "" };
        let message = format!("{} has no attribute {name:?}{group}{}", self.kind.name, self.kind.attribute_hint(name));
        self.refusals.push(Refusal::new(RefusalCode::UnknownAttribute, pointer, message));
    }

    fn attribute(&mut self, definition: &AttributeDefinition, value: &Json, pointer: &str) {
        if self.parsed.speaks_of(definition.name) {
            let message = format!("{} is said twice; say it once", definition.text);
            return self.refusals.push(Refusal::new(RefusalCode::InvalidRequest, pointer, message));
        }
        if let Some(reference) = definition.reference() {
            let entries = self.entries(reference, value, pointer);
            self.parsed.references.push((definition.name, entries));
        } else if value.is_null() {
            self.parsed.removed.push(definition.name);
        } else {
            match parse_value(&definition.value_type, value) {
                Ok(value) => self.parsed.values.push((definition.name, value)),
                Err(message) => {
                    let message = format!("{}: {message}", definition.text);
                    self.refusals.push(Refusal::new(RefusalCode::InvalidValue, pointer, message));
                }
            }
        }
    }

    fn entries(&mut self, reference: &ReferenceDefinition, value: &Json, pointer: &str) -> Vec<ReferenceEntry> {
        match value {
            Json::Null => Vec::new(),
            Json::Array(items) if reference.many => {
                let read = |(place, item): (usize, &Json)| {
                    self.entry(reference, item, &pointer_to(pointer, &place.to_string()))
                };
                items.iter().enumerate().filter_map(read).collect()
            }
            Json::Array(_) => {
                let message = "one reference is expected here, not a list".to_owned();
                self.refusals.push(Refusal::new(RefusalCode::InvalidValue, pointer, message));
                Vec::new()
            }
            single if reference.many => {
                let message = format!("a list of references is expected here: [{single}]");
                self.refusals.push(Refusal::new(RefusalCode::InvalidValue, pointer, message));
                Vec::new()
            }
            single => self.entry(reference, single, pointer).into_iter().collect(),
        }
    }

    fn entry(&mut self, reference: &ReferenceDefinition, json: &Json, pointer: &str) -> Option<ReferenceEntry> {
        let key = reference.key.clone().unwrap_or_else(|| Arc::from("target"));
        match json {
            Json::String(target) => Some(ReferenceEntry {
                id: None,
                target: target.clone(),
                attributes: JsonObject::new(),
                pointer: pointer.to_owned(),
            }),
            Json::Object(fields) => {
                let mut attributes = fields.clone();
                let id = attributes.remove("id");
                let target = attributes.remove(&*key).or_else(|| attributes.remove("target"));
                match (target, id) {
                    (Some(Json::String(target)), None | Some(Json::Null)) => {
                        Some(ReferenceEntry { id: None, target, attributes, pointer: pointer.to_owned() })
                    }
                    (Some(Json::String(target)), Some(Json::String(id))) => {
                        Some(ReferenceEntry { id: Some(id), target, attributes, pointer: pointer.to_owned() })
                    }
                    _ => self.not_a_reference(&key, pointer),
                }
            }
            _ => self.not_a_reference(&key, pointer),
        }
    }

    fn not_a_reference(&mut self, key: &str, pointer: &str) -> Option<ReferenceEntry> {
        let message = format!("a reference is an id, or an object such as {{\"{key}\": \"ID\"}}");
        self.refusals.push(Refusal::new(RefusalCode::InvalidValue, pointer, message));
        None
    }
}
