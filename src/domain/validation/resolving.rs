//! Taking the operations of a change set one by one.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::attributes::{ParsedAttributes, parse_attributes};
use super::draft::Draft;
use super::refusal::{Refusal, RefusalCode, pointer_to};
use crate::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Delete, JsonObject, Operation, Update};
use crate::domain::element::{Delta, Element, Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{Kind, KindId};
use crate::domain::nearest;

/// More refusals than anybody reads at once; the rest is not looked for.
const MOST_REFUSALS: usize = 100;

/// The longest name, in characters.
const LONGEST_NAME: usize = 1_000;

/// What an update says about a name.
enum NewName {
    /// Nothing.
    Unchanged,
    /// This name, or none.
    Set(Option<Arc<str>>),
}

impl NewName {
    /// The name after the update.
    fn or(self, held: Option<Arc<str>>) -> Option<Arc<str>> {
        match self {
            Self::Unchanged => held,
            Self::Set(name) => name,
        }
    }
}

/// What a change set would do.
#[derive(Debug)]
pub struct Resolution {
    /// What it would change.
    pub delta: Delta,
    /// Why it must not; empty if it is valid.
    pub refusals: Vec<Refusal>,
}

/// Checks a change set against a model and works out what it changes.
///
/// Nothing is half-applied: with any refusal, the delta is only of interest for showing.
/// Takes time proportional to the operations and what they touch.
pub fn resolve(model: &dyn Model, change_set: &ChangeSet) -> Resolution {
    resolve_within(model, change_set, MOST_REFUSALS)
}

/// As [`resolve`], but with all refusals, however many there are; only the first ones guess what was meant.
pub fn resolve_wholly(model: &dyn Model, change_set: &ChangeSet) -> Resolution {
    resolve_within(model, change_set, usize::MAX)
}

fn resolve_within(model: &dyn Model, change_set: &ChangeSet, most_refusals: usize) -> Resolution {
    let mut resolver = Resolver::over(Draft::new(model), most_refusals);
    if change_set.count() == 0 {
        resolver.refuse(RefusalCode::InvalidRequest, "/operations", "a change set has at least one operation".into());
    }
    for (place, operation) in change_set.each().enumerate() {
        if resolver.refusals.len() >= most_refusals {
            break;
        }
        resolver.operation(&operation, &format!("/operations/{place}"));
    }
    let (draft, refusals) = resolver.finish();
    Resolution { delta: draft.into_delta(), refusals }
}

/// Carries the draft and what is wrong so far.
pub(super) struct Resolver<'m> {
    pub(super) draft: Draft<'m>,
    pub(super) refusals: Vec<Refusal>,
    /// With how many refusals the rest is not looked for.
    pub(super) most_refusals: usize,
    /// Where in the request each new relationship, and each removal, was asked for.
    pub(super) origins: FxHashMap<Identifier, String>,
}

impl<'m> Resolver<'m> {
    /// Takes operations on a draft, until there are so many refusals.
    pub(super) fn over(draft: Draft<'m>, most_refusals: usize) -> Self {
        Self { draft, refusals: Vec::new(), most_refusals, origins: FxHashMap::default() }
    }

    /// Checks what holds once all operations are done; answers with what they made and why it must not be.
    pub(super) fn finish(mut self) -> (Draft<'m>, Vec<Refusal>) {
        self.check_ends();
        self.check_leftovers();
        (self.draft, self.refusals)
    }
}

impl Resolver<'_> {
    pub(super) fn refuse(&mut self, code: RefusalCode, pointer: &str, message: String) {
        self.refusals.push(Refusal::new(code, pointer, message));
    }

    pub(super) fn operation(&mut self, operation: &Operation, pointer: &str) {
        match operation {
            Operation::CreateElement(create) => self.create_element(create, pointer),
            Operation::UpdateElement(update) => self.update_element(update, pointer),
            Operation::DeleteElement(delete) => self.delete(delete, true, pointer),
            Operation::CreateRelationship(create) => self.create_relationship(create, pointer),
            Operation::UpdateRelationship(update) => self.update_relationship(update, pointer),
            Operation::DeleteRelationship(delete) => self.delete(delete, false, pointer),
        }
    }

    fn create_element(&mut self, create: &CreateElement, pointer: &str) {
        let id = self.new_identifier(&create.id, &pointer_to(pointer, "id"));
        let kind = self.kind(&create.kind, false, &pointer_to(pointer, "kind"));
        let (Some(id), Some(kind)) = (id, kind) else {
            return;
        };
        let name = self.name_for(kind, create.name.as_deref(), &pointer_to(pointer, "name"));
        let place = pointer_to(pointer, "attributes");
        let parsed = self.parse(kind, &create.attributes, &place);
        let attributes = parsed.values.iter().cloned().collect();
        self.draft.put_element(Element { id: id.clone(), kind, name, attributes });
        self.set_references(&id, kind, parsed.references);
    }

    fn create_relationship(&mut self, create: &CreateRelationship, pointer: &str) {
        let Some(kind) = self.kind(&create.kind, true, &pointer_to(pointer, "kind")) else {
            return;
        };
        let source = self.identifier(&create.source, &pointer_to(pointer, "source"));
        let target = self.identifier(&create.target, &pointer_to(pointer, "target"));
        let (Some(source), Some(target)) = (source, target) else {
            return;
        };
        let id = match &create.id {
            Some(id) => self.new_identifier(id, &pointer_to(pointer, "id")),
            None => self.derived_identifier(&source, kind, &target, pointer),
        };
        let Some(id) = id else { return };
        let name = self.checked_name(create.name.as_deref(), &pointer_to(pointer, "name"));
        let parsed = self.parse(kind, &create.attributes, &pointer_to(pointer, "attributes"));
        let attributes = parsed.values.iter().cloned().collect();
        self.put_new_relationship(Relationship { id: id.clone(), kind, source, target, name, attributes }, pointer);
        self.set_references(&id, kind, parsed.references);
    }

    pub(super) fn put_new_relationship(&mut self, relationship: Relationship, pointer: &str) {
        self.origins.insert(relationship.id.clone(), pointer.to_owned());
        self.draft.put_relationship(relationship);
    }

    fn update_element(&mut self, update: &Update, pointer: &str) {
        let Some(element) = self.draft.element(&update.id).cloned() else {
            return self.missing(&update.id, "element", &pointer_to(pointer, "id"));
        };
        let Some((name, parsed)) = self.parse_update(Item::Element(&element), update, pointer) else {
            return;
        };
        let attributes = element.attributes.with(parsed.values.iter().cloned(), &parsed.removed);
        let name = name.or(element.name.clone());
        self.draft.put_element(Element { name, attributes, ..(*element).clone() });
        self.set_references(&element.id, element.kind, parsed.references);
    }

    fn update_relationship(&mut self, update: &Update, pointer: &str) {
        let Some(held) = self.draft.relationship(&update.id).cloned() else {
            return self.missing(&update.id, "relationship", &pointer_to(pointer, "id"));
        };
        let Some((name, parsed)) = self.parse_update(Item::Relationship(&held), update, pointer) else {
            return;
        };
        let attributes = held.attributes.with(parsed.values.iter().cloned(), &parsed.removed);
        let name = name.or(held.name.clone());
        self.draft.put_relationship(Relationship { name, attributes, ..(*held).clone() });
        self.set_references(&held.id, held.kind, parsed.references);
    }

    /// The new name, if one is set, and the attributes.
    fn parse_update(&mut self, item: Item<'_>, update: &Update, pointer: &str) -> Option<(NewName, ParsedAttributes)> {
        if update.set.is_empty() && update.unset.is_empty() {
            self.refuse(RefusalCode::InvalidRequest, pointer, "an update sets or unsets something".into());
            return None;
        }
        let (kind, place) = (item.kind(), pointer_to(pointer, "set"));
        let mut set = update.set.clone();
        let mut name = match set.remove("name") {
            Some(name) => self.updated_name(kind, &name, &pointer_to(&place, "name"))?,
            None => NewName::Unchanged,
        };
        let mut parsed = self.parse(kind, &set, &place);
        for (index, word) in update.unset.iter().enumerate() {
            let place = pointer_to(&pointer_to(pointer, "unset"), &index.to_string());
            if word == "name" {
                name = self.updated_name(kind, &serde_json::Value::Null, &place)?;
            } else {
                self.unset(kind, word, &place, &mut parsed);
            }
        }
        Some((name, parsed))
    }

    fn updated_name(&mut self, kind: KindId, json: &serde_json::Value, pointer: &str) -> Option<NewName> {
        let held = self.kind_of(kind);
        let is_relationship = held.is_relationship();
        let is_optional = is_relationship || (held.has_own_name() && held.name_is_optional);
        match json {
            serde_json::Value::String(text) if is_relationship => {
                Some(NewName::Set(self.checked_name(Some(text), pointer)))
            }
            serde_json::Value::String(text) => Some(NewName::Set(self.name_for(kind, Some(text), pointer))),
            serde_json::Value::Null if is_optional => Some(NewName::Set(None)),
            _ => {
                self.refuse(RefusalCode::InvalidName, pointer, "a name is text and cannot be removed".into());
                None
            }
        }
    }

    fn unset(&mut self, kind: KindId, word: &str, pointer: &str, parsed: &mut ParsedAttributes) {
        let found = self.kind_of(kind).attribute_named(word).map(|held| (held.name, held.reference().is_some()));
        match found {
            Some((name, _)) if parsed.speaks_of(name) => {
                let message = format!("{word} is set or removed in the same update already; say it once");
                self.refuse(RefusalCode::InvalidRequest, pointer, message);
            }
            Some((name, true)) => parsed.references.push((name, Vec::new())),
            Some((name, false)) => parsed.removed.push(name),
            None => {
                let kind = self.kind_of(kind);
                let message = format!("{} has no attribute {word:?}{}", kind.name, kind.attribute_hint(word));
                self.refuse(RefusalCode::UnknownAttribute, pointer, message);
            }
        }
    }

    fn delete(&mut self, delete: &Delete, element: bool, pointer: &str) {
        let (found, wanted) = match self.draft.item(&delete.id) {
            Some(Item::Element(held)) => (Some(held.id.clone()).filter(|_| element), "element"),
            Some(Item::Relationship(held)) => (Some(held.id.clone()).filter(|_| !element), "relationship"),
            None => (None, ""),
        };
        let Some(id) = found else {
            let wanted = if wanted.is_empty() || element { "element" } else { "relationship" };
            return self.missing(&delete.id, wanted, &pointer_to(pointer, "id"));
        };
        self.remove_with_own(id, delete.cascade, pointer);
    }

    /// Removes an item, its own references and parts, and with `cascade` all that touches it.
    fn remove_with_own(&mut self, first: Identifier, cascade: bool, pointer: &str) {
        let mut waiting = vec![first];
        while let Some(id) = waiting.pop() {
            let Some(item) = self.draft.item(id.as_str()) else {
                continue;
            };
            let is_element = matches!(item, Item::Element(_));
            let kind = self.kind_of(item.kind()).clone();
            for relationship in self.draft.outgoing(id.as_str(), None) {
                let own = kind.reference_by(relationship.kind);
                if own.is_some_and(|(_, reference)| reference.owned.is_some()) {
                    waiting.push(relationship.target.clone());
                }
                if own.is_some() || cascade {
                    waiting.push(relationship.id.clone());
                }
            }
            if cascade {
                let incoming = self.draft.incoming(id.as_str(), None);
                waiting.extend(incoming.into_iter().map(|relationship| relationship.id.clone()));
            }
            self.origins.insert(id.clone(), pointer.to_owned());
            if is_element {
                self.draft.remove_element(&id);
            } else {
                self.draft.remove_relationship(&id);
            }
        }
    }

    pub(super) fn kind_of(&self, id: KindId) -> &Kind {
        self.draft.metamodel().kind(id)
    }

    pub(super) fn parse(&mut self, kind: KindId, object: &JsonObject, pointer: &str) -> ParsedAttributes {
        parse_attributes(self.draft.metamodel(), kind, object, pointer, &mut self.refusals)
    }

    fn kind(&mut self, word: &str, relationship: bool, pointer: &str) -> Option<KindId> {
        let metamodel = self.draft.metamodel();
        let (code, message) = match metamodel.kind_named(word) {
            Some(kind) if kind.is_relationship() != relationship => {
                let what = if relationship { "an element" } else { "a relationship" };
                (RefusalCode::UnsuitableKind, format!("\"{word}\" is {what} kind"))
            }
            Some(kind) if kind.is_abstract => {
                let narrower = metamodel.descendants(kind.id).into_iter().map(|id| &*metamodel.kind(id).name);
                let hint = narrower.filter(|name| *name != word).take(5).collect::<Vec<_>>().join(", ");
                (RefusalCode::UnsuitableKind, format!("\"{word}\" is abstract; say what it is exactly: {hint}, …"))
            }
            Some(kind) => return Some(kind.id),
            None => {
                let kinds = metamodel.kinds().iter().filter(|kind| kind.is_relationship() == relationship);
                let hint = nearest::hint(word, kinds.map(|kind| &*kind.name));
                (RefusalCode::UnknownKind, format!("there is no kind {word:?}{hint}"))
            }
        };
        self.refuse(code, pointer, message);
        None
    }

    fn identifier(&mut self, text: &str, pointer: &str) -> Option<Identifier> {
        match Identifier::new(text) {
            Ok(id) => Some(id),
            Err(error) => {
                self.refuse(RefusalCode::InvalidIdentifier, pointer, error.to_string());
                None
            }
        }
    }

    pub(super) fn new_identifier(&mut self, text: &str, pointer: &str) -> Option<Identifier> {
        let id = self.identifier(text, pointer)?;
        let message = if self.draft.item(text).is_some() {
            format!("the id \"{text}\" is taken; choose another, or update what has it")
        } else if self.draft.has_removed(text) {
            format!("this change set deletes \"{text}\"; make it anew in another change set, or choose another id")
        } else {
            return Some(id);
        };
        self.refusals.push(Refusal::new(RefusalCode::IdentifierTaken, pointer, message).about(text));
        None
    }

    /// `<source>--<kind>--<target>`, with `--2`, `--3` … when taken.
    pub(super) fn derived_identifier(
        &mut self,
        source: &Identifier,
        kind: KindId,
        target: &Identifier,
        pointer: &str,
    ) -> Option<Identifier> {
        let first = format!("{source}--{}--{target}", self.kind_of(kind).name);
        let is_free = |draft: &Draft<'_>, id: &str| draft.item(id).is_none() && !draft.has_removed(id);
        let mut candidate = first.clone();
        let mut number = 2_u32;
        while !is_free(&self.draft, &candidate) {
            candidate = format!("{first}--{number}");
            number += 1;
        }
        self.identifier(&candidate, pointer)
    }

    fn name_for(&mut self, kind: KindId, name: Option<&str>, pointer: &str) -> Option<Arc<str>> {
        let held = self.kind_of(kind);
        match (held.has_own_name(), name) {
            (true, None) if held.name_is_optional => None,
            (true, None) => {
                let message = format!("a {} has a name", held.name);
                self.refuse(RefusalCode::InvalidName, pointer, message);
                None
            }
            (false, Some(_)) => {
                let message = format!("a {} has no name of its own; it is called after its attributes", held.name);
                self.refuse(RefusalCode::InvalidName, pointer, message);
                None
            }
            (_, name) => self.checked_name(name, pointer),
        }
    }

    fn checked_name(&mut self, name: Option<&str>, pointer: &str) -> Option<Arc<str>> {
        let name = name?;
        let trouble = if name.trim().is_empty() {
            Some("a name must not be empty".to_owned())
        } else if name.chars().count() > LONGEST_NAME {
            Some(format!("a name has at most {LONGEST_NAME} characters"))
        } else {
            super::values::check_characters(name).err()
        };
        match trouble {
            Some(message) => {
                self.refuse(RefusalCode::InvalidName, pointer, message);
                None
            }
            None => Some(name.into()),
        }
    }

    /// Which id may have been meant. Looking for it takes long, so only the first refusals say it.
    pub(super) fn hint(&self, id: &str) -> String {
        let near = if self.refusals.len() < MOST_REFUSALS { self.draft.similar_id(id) } else { None };
        near.map_or_else(String::new, |id| format!("; did you mean \"{id}\"?"))
    }

    fn missing(&mut self, id: &str, what: &str, pointer: &str) {
        let hint = match self.draft.item(id) {
            Some(Item::Element(_)) => "; it is an element".to_owned(),
            Some(Item::Relationship(_)) => "; it is a relationship".to_owned(),
            None => self.hint(id),
        };
        let message = format!("there is no {what} with the id {id:?}{hint}");
        self.refusals.push(Refusal::new(RefusalCode::UnknownItem, pointer, message).about(id));
    }
}
