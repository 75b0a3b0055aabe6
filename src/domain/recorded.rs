//! What the ledger keeps of a change set: exactly what it changed, in a form that people can read.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::attributes::Attributes;
use super::change_set::{CreateElement, CreateRelationship, Delete, Operation, Update};
use super::element::{Delta, Element, Item, Model, Relationship, Transition};
use super::identifier::Identifier;
use super::metamodel::{AttributeName, KindId, Metamodel};
use super::validation::parse_value;
use super::value::Value;

/// The version of the form in which change sets are recorded.
pub const RECORD_FORMAT: u32 = 1;

/// A change set as it was accepted; while it is written, its operations may be [`OperationsOf`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedChangeSet<Operations = Vec<RecordedOperation>> {
    /// [`RECORD_FORMAT`] at the time of writing.
    pub format: u32,
    /// What was done, for people.
    pub message: String,
    /// Who did it, as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it was learnt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The revision that the author had seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_revision: Option<u64>,
    /// The key under which a retry is recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// A digest of the request, so that a key cannot be used for two different requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_digest: Option<String>,
    /// What changed.
    pub operations: Operations,
    /// What an earlier revision says from now on, if this act removed something from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Box<RecordedRedaction>>,
}

impl<Operations> RecordedChangeSet<Operations> {
    /// The same with other operations, or with what is to stand for them.
    pub fn with_operations<Others>(self, operations: Others) -> RecordedChangeSet<Others> {
        RecordedChangeSet {
            format: self.format,
            message: self.message,
            author: self.author,
            reason: self.reason,
            source: self.source,
            base_revision: self.base_revision,
            idempotency_key: self.idempotency_key,
            request_digest: self.request_digest,
            operations,
            redaction: self.redaction,
        }
    }
}

/// How many operations a record has, read without keeping any: there may be as many as the model has items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationCount(pub usize);

impl<'de> Deserialize<'de> for OperationCount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counting;
        impl<'de> Visitor<'de> for Counting {
            type Value = OperationCount;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of operations")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut operations: A) -> Result<OperationCount, A::Error> {
                let mut count = 0;
                while operations.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(OperationCount(count))
            }
        }
        deserializer.deserialize_seq(Counting)
    }
}

/// The removal of what must not be kept from an earlier revision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedRedaction {
    /// The revision that something was removed from.
    pub revision: u64,
    /// All of that revision that may be kept; a reader takes it in the revision's place.
    pub content: RecordedChangeSet,
    /// Backups that were taken before and still hold what was removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backups: Vec<HoldingBackup>,
}

/// A backup that a redaction cannot reach into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingBackup {
    /// The revision up to which it goes.
    pub revision: u64,
    /// The hash of that revision, in hexadecimal.
    pub hash: String,
    /// Where it was written, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_to: Option<String>,
}

/// One change of one item. Attribute values stand under full, dotted names; references are relationships.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum RecordedOperation {
    /// An element came to be.
    CreateElement {
        /// Its id.
        id: String,
        /// Its kind.
        kind: String,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Its attributes.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        attributes: Map<String, Json>,
    },
    /// A relationship came to be.
    CreateRelationship {
        /// Its id.
        id: String,
        /// Its kind.
        kind: String,
        /// Where it starts.
        source: String,
        /// Where it points.
        target: String,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Its attributes.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        attributes: Map<String, Json>,
    },
    /// Fields of an element changed; `name` may be among them.
    UpdateElement {
        /// Its id.
        id: String,
        /// New values.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        set: Map<String, Json>,
        /// Removed fields.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unset: Vec<String>,
    },
    /// Fields of a relationship changed; `name` may be among them.
    UpdateRelationship {
        /// Its id.
        id: String,
        /// New values.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        set: Map<String, Json>,
        /// Removed fields.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unset: Vec<String>,
    },
    /// An element went.
    DeleteElement {
        /// Its id.
        id: String,
    },
    /// A relationship went.
    DeleteRelationship {
        /// Its id.
        id: String,
    },
}

/// A record that does not fit the model or metamodel it is read with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RecordError(String);

impl RecordedOperation {
    /// The item it concerns.
    pub fn id(&self) -> &str {
        match self {
            Self::CreateElement { id, .. }
            | Self::CreateRelationship { id, .. }
            | Self::UpdateElement { id, .. }
            | Self::UpdateRelationship { id, .. }
            | Self::DeleteElement { id }
            | Self::DeleteRelationship { id } => id,
        }
    }

    /// The kind it gives its item, if it makes one.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::CreateElement { kind, .. } | Self::CreateRelationship { kind, .. } => Some(kind),
            _ => None,
        }
    }

    /// The fields it sets or removes; empty when the whole item came or went.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::UpdateElement { set, unset, .. } | Self::UpdateRelationship { set, unset, .. } => {
                set.keys().chain(unset).map(String::as_str).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl From<RecordedOperation> for Operation {
    /// The operation that asks for what was recorded.
    fn from(recorded: RecordedOperation) -> Self {
        match recorded {
            RecordedOperation::CreateElement { id, kind, name, attributes } => {
                Self::CreateElement(CreateElement { id, kind, name, attributes })
            }
            RecordedOperation::CreateRelationship { id, kind, source, target, name, attributes } => {
                Self::CreateRelationship(CreateRelationship { id: Some(id), kind, source, target, name, attributes })
            }
            RecordedOperation::UpdateElement { id, set, unset } => Self::UpdateElement(Update { id, set, unset }),
            RecordedOperation::UpdateRelationship { id, set, unset } => {
                Self::UpdateRelationship(Update { id, set, unset })
            }
            RecordedOperation::DeleteElement { id } => Self::DeleteElement(Delete { id, cascade: false }),
            RecordedOperation::DeleteRelationship { id } => Self::DeleteRelationship(Delete { id, cascade: false }),
        }
    }
}

/// The operations that lead from before to after: created elements first, removed ones last.
pub fn record(metamodel: &Metamodel, delta: &Delta) -> Vec<RecordedOperation> {
    each_recorded(metamodel, delta).collect()
}

fn each_recorded<'d>(metamodel: &'d Metamodel, delta: &'d Delta) -> impl Iterator<Item = RecordedOperation> {
    let elements = |is_gone: bool| delta.elements.iter().filter(move |held| held.after.is_none() == is_gone);
    let kept = elements(false).map(|transition| record_element(metamodel, transition));
    let relationships = delta.relationships.iter().map(|transition| record_relationship(metamodel, transition));
    let gone = elements(true).map(|transition| record_element(metamodel, transition));
    kept.chain(relationships).chain(gone)
}

/// The operations of a delta that are made one by one while they are written, so that they are never held all at once.
#[derive(Debug, Clone, Copy)]
pub struct OperationsOf<'d> {
    /// What names kinds and attributes.
    pub metamodel: &'d Metamodel,
    /// What changed.
    pub delta: &'d Delta,
}

impl Serialize for OperationsOf<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(each_recorded(self.metamodel, self.delta))
    }
}

fn record_element(metamodel: &Metamodel, transition: &Transition<Element>) -> RecordedOperation {
    let id = transition.either().id.to_string();
    match (&transition.before, &transition.after) {
        (Some(before), Some(after)) if before.kind == after.kind => {
            let (set, unset) = difference(metamodel, Item::Element(before), Item::Element(after));
            RecordedOperation::UpdateElement { id, set, unset }
        }
        (_, Some(after)) => RecordedOperation::CreateElement {
            id,
            kind: metamodel.kind(after.kind).name.to_string(),
            name: after.name.as_deref().map(str::to_owned),
            attributes: attributes_json(metamodel, &after.attributes),
        },
        (_, None) => RecordedOperation::DeleteElement { id },
    }
}

fn record_relationship(metamodel: &Metamodel, transition: &Transition<Relationship>) -> RecordedOperation {
    let id = transition.either().id.to_string();
    match (&transition.before, &transition.after) {
        (Some(before), Some(after)) => {
            let (set, unset) = difference(metamodel, Item::Relationship(before), Item::Relationship(after));
            RecordedOperation::UpdateRelationship { id, set, unset }
        }
        (None, Some(after)) => RecordedOperation::CreateRelationship {
            id,
            kind: metamodel.kind(after.kind).name.to_string(),
            source: after.source.to_string(),
            target: after.target.to_string(),
            name: after.name.as_deref().map(str::to_owned),
            attributes: attributes_json(metamodel, &after.attributes),
        },
        (_, None) => RecordedOperation::DeleteRelationship { id },
    }
}

fn attributes_json(metamodel: &Metamodel, attributes: &Attributes) -> Map<String, Json> {
    attributes.iter().map(|(name, value)| (metamodel.attribute_text(name).to_string(), value.to_json())).collect()
}

/// What to set and unset to get from one state to another.
fn difference(metamodel: &Metamodel, before: Item<'_>, after: Item<'_>) -> (Map<String, Json>, Vec<String>) {
    let mut set = Map::new();
    let mut unset = Vec::new();
    if before.name() != after.name() {
        match after.name() {
            Some(name) => drop(set.insert("name".into(), (**name).into())),
            None => unset.push("name".to_owned()),
        }
    }
    for (name, value) in after.attributes().iter() {
        if before.attributes().get(name) != Some(value) {
            set.insert(metamodel.attribute_text(name).to_string(), value.to_json());
        }
    }
    let gone = before.attributes().iter().filter(|(name, _)| after.attributes().get(*name).is_none());
    unset.extend(gone.map(|(name, _)| metamodel.attribute_text(name).to_string()));
    (set, unset)
}

/// The items and fields that a delta touches; no field where a whole item came or went.
///
/// A relationship that is a reference also touches the attribute of its source that it stands for.
pub fn touched_fields(model: &dyn Model, delta: &Delta) -> Vec<(Identifier, Option<Arc<str>>)> {
    let mut touched = Vec::new();
    for transition in &delta.elements {
        let sides = transition.before.as_ref().zip(transition.after.as_ref());
        let sides = sides.map(|(before, after)| (Item::Element(before), Item::Element(after)));
        touch(model, &transition.either().id, sides, &mut touched);
    }
    let new_kinds: FxHashMap<&Identifier, KindId> = delta
        .elements
        .iter()
        .map(|transition| (&transition.either().id, transition.either().kind))
        .chain(delta.relationships.iter().map(|transition| (&transition.either().id, transition.either().kind)))
        .collect();
    for transition in &delta.relationships {
        let sides = transition.before.as_ref().zip(transition.after.as_ref());
        let sides = sides.map(|(before, after)| (Item::Relationship(before), Item::Relationship(after)));
        let relationship = transition.either();
        touch(model, &relationship.id, sides, &mut touched);
        let source_kind = new_kinds.get(&relationship.source).copied();
        let source_kind = source_kind.or_else(|| model.item(relationship.source.as_str()).map(Item::kind));
        let reference = source_kind.and_then(|kind| model.metamodel().kind(kind).reference_by(relationship.kind));
        if let Some((definition, _)) = reference {
            touched.push((relationship.source.clone(), Some(Arc::clone(&definition.text))));
        }
    }
    touched.sort();
    touched.dedup();
    touched
}

fn touch(
    model: &dyn Model,
    id: &Identifier,
    sides: Option<(Item<'_>, Item<'_>)>,
    touched: &mut Vec<(Identifier, Option<Arc<str>>)>,
) {
    match sides {
        Some((before, after)) => {
            let (set, unset) = difference(model.metamodel(), before, after);
            let fields = set.keys().map(String::as_str).chain(unset.iter().map(String::as_str));
            touched.extend(fields.map(|field| (id.clone(), Some(field.into()))));
        }
        None => touched.push((id.clone(), None)),
    }
}

/// Works out what recorded operations change in a model, without judging them again.
///
/// # Errors
/// When the record names a kind, attribute or item that is not there: the metamodel has lost it.
pub fn replay(model: &dyn Model, operations: &[RecordedOperation]) -> Result<Delta, RecordError> {
    let mut delta = Delta::default();
    for operation in operations {
        match operation {
            RecordedOperation::CreateElement { id, kind, name, attributes } => {
                let kind = kind_named(model.metamodel(), kind)?;
                let after = Element {
                    id: identifier(id)?,
                    kind,
                    name: name.as_deref().map(Into::into),
                    attributes: values(model.metamodel(), kind, attributes)?.into_iter().collect(),
                };
                let before = element(model, id);
                delta.elements.push(Transition { before, after: Some(Arc::new(after)) });
            }
            RecordedOperation::CreateRelationship { id, kind, source, target, name, attributes } => {
                let kind = kind_named(model.metamodel(), kind)?;
                let after = Relationship {
                    id: identifier(id)?,
                    kind,
                    source: shared(model, source)?,
                    target: shared(model, target)?,
                    name: name.as_deref().map(Into::into),
                    attributes: values(model.metamodel(), kind, attributes)?.into_iter().collect(),
                };
                delta.relationships.push(Transition { before: None, after: Some(Arc::new(after)) });
            }
            RecordedOperation::UpdateElement { id, set, unset } => {
                let before = element(model, id).ok_or_else(|| missing(id))?;
                let (name, attributes) = updated(model.metamodel(), Item::Element(&before), set, unset)?;
                let after = Element { name, attributes, ..(*before).clone() };
                delta.elements.push(Transition { before: Some(before), after: Some(Arc::new(after)) });
            }
            RecordedOperation::UpdateRelationship { id, set, unset } => {
                let before = relationship(model, id).ok_or_else(|| missing(id))?;
                let (name, attributes) = updated(model.metamodel(), Item::Relationship(&before), set, unset)?;
                let after = Relationship { name, attributes, ..(*before).clone() };
                delta.relationships.push(Transition { before: Some(before), after: Some(Arc::new(after)) });
            }
            RecordedOperation::DeleteElement { id } => {
                let before = Some(element(model, id).ok_or_else(|| missing(id))?);
                delta.elements.push(Transition { before, after: None });
            }
            RecordedOperation::DeleteRelationship { id } => {
                let before = Some(relationship(model, id).ok_or_else(|| missing(id))?);
                delta.relationships.push(Transition { before, after: None });
            }
        }
    }
    Ok(delta)
}

fn missing(id: &str) -> RecordError {
    RecordError(format!("the record changes \"{id}\", which the model does not have"))
}

fn element(model: &dyn Model, id: &str) -> Option<Arc<Element>> {
    match model.item(id) {
        Some(Item::Element(element)) => Some(Arc::clone(element)),
        _ => None,
    }
}

fn relationship(model: &dyn Model, id: &str) -> Option<Arc<Relationship>> {
    match model.item(id) {
        Some(Item::Relationship(relationship)) => Some(Arc::clone(relationship)),
        _ => None,
    }
}

fn identifier(text: &str) -> Result<Identifier, RecordError> {
    Identifier::new(text).map_err(|error| RecordError(format!("{text:?}: {error}")))
}

/// The identifier of an existing item shares its text.
fn shared(model: &dyn Model, id: &str) -> Result<Identifier, RecordError> {
    model.item(id).map_or_else(|| identifier(id), |item| Ok(item.id().clone()))
}

fn kind_named(metamodel: &Metamodel, word: &str) -> Result<KindId, RecordError> {
    metamodel.kind_named(word).map(|kind| kind.id).ok_or_else(|| {
        RecordError(format!("the record holds items of the kind \"{word}\", which the metamodel no longer has"))
    })
}

fn values(
    metamodel: &Metamodel,
    kind: KindId,
    attributes: &Map<String, Json>,
) -> Result<Vec<(AttributeName, Value)>, RecordError> {
    attributes.iter().map(|(word, json)| value(metamodel, kind, word, json)).collect()
}

fn value(metamodel: &Metamodel, kind: KindId, word: &str, json: &Json) -> Result<(AttributeName, Value), RecordError> {
    let kind = metamodel.kind(kind);
    let definition = kind.attribute_named(word).ok_or_else(|| {
        RecordError(format!("the record holds the attribute {}.{word}, which the metamodel no longer has", kind.name))
    })?;
    let value = parse_value(&definition.value_type, json)
        .map_err(|message| RecordError(format!("{}.{word}: {message}", kind.name)))?;
    Ok((definition.name, value))
}

fn updated(
    metamodel: &Metamodel,
    before: Item<'_>,
    set: &Map<String, Json>,
    unset: &[String],
) -> Result<(Option<Arc<str>>, Attributes), RecordError> {
    let mut name = before.name().cloned();
    let mut new_values = Vec::new();
    for (word, json) in set {
        match (word.as_str(), json) {
            ("name", Json::String(text)) => name = Some(text.as_str().into()),
            _ => new_values.push(value(metamodel, before.kind(), word, json)?),
        }
    }
    if unset.iter().any(|word| word == "name") {
        name = None;
    }
    let removed: Vec<AttributeName> = unset.iter().filter_map(|word| metamodel.attribute_name(word)).collect();
    Ok((name, before.attributes().with(new_values, &removed)))
}
