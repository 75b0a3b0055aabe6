//! One change set on the naive model: the next state, or why not.

use std::collections::BTreeSet;

use ezu::domain::Operation;
use ezu::domain::change_set::{CreateElement, CreateRelationship, Delete, JsonObject, Update};
use ezu::domain::validation::RefusalCode;
use serde_json::Value as Json;

use super::kinds::{self, Naming};
use super::references::{Entry, entries};
use super::{Item, State, incoming, outgoing};

/// A change set being tried out.
pub struct Trial {
    pub state: State,
    /// Ids that this change set has deleted; it may not use them again.
    gone: BTreeSet<String>,
}

/// What an object says of an item's attributes.
#[derive(Default)]
pub struct Said {
    pub values: Vec<(String, Json)>,
    pub removed: Vec<String>,
    pub references: Vec<(kinds::Reference, Vec<Entry>)>,
}

/// The state after some operations, or the first reason found against them.
pub fn apply(state: &State, operations: &[Operation]) -> Result<State, RefusalCode> {
    if operations.is_empty() {
        return Err(RefusalCode::InvalidRequest);
    }
    let mut trial = Trial { state: state.clone(), gone: BTreeSet::new() };
    for operation in operations {
        match operation {
            Operation::CreateElement(create) => trial.create_element(create)?,
            Operation::UpdateElement(update) => trial.update(update, false)?,
            Operation::DeleteElement(delete) => trial.delete(delete, false)?,
            Operation::CreateRelationship(create) => trial.create_relationship(create)?,
            Operation::UpdateRelationship(update) => trial.update(update, true)?,
            Operation::DeleteRelationship(delete) => trial.delete(delete, true)?,
        }
    }
    trial.check()?;
    Ok(trial.state)
}

/// Whether a whole state keeps the rules that concern several items.
pub fn is_sound(state: &State) -> bool {
    Trial { state: state.clone(), gone: BTreeSet::new() }.check().is_ok()
}

impl Trial {
    fn create_element(&mut self, create: &CreateElement) -> Result<(), RefusalCode> {
        self.check_new(&create.id)?;
        Self::check_kind(&create.kind, false)?;
        match (kinds::naming(&create.kind), &create.name) {
            (Naming::Own, Some(name)) if !name.trim().is_empty() => {}
            (Naming::Elsewhere, None) => {}
            _ => return Err(RefusalCode::InvalidName),
        }
        let said = said(&create.kind, &create.attributes)?;
        let item = Item {
            kind: create.kind.clone(),
            name: create.name.clone(),
            ends: None,
            attributes: said.values.into_iter().collect(),
        };
        self.state.insert(create.id.clone(), item);
        self.set_references(&create.id, said.references)
    }

    fn create_relationship(&mut self, create: &CreateRelationship) -> Result<(), RefusalCode> {
        Self::check_kind(&create.kind, true)?;
        check_id(&create.source)?;
        check_id(&create.target)?;
        let id = match &create.id {
            Some(id) => id.clone(),
            None => self.derived_id(&create.source, &create.kind, &create.target),
        };
        self.check_new(&id)?;
        if create.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(RefusalCode::InvalidName);
        }
        let said = said(&create.kind, &create.attributes)?;
        let ends = Some((create.source.clone(), create.target.clone()));
        let attributes = said.values.into_iter().collect();
        self.state.insert(id.clone(), Item { kind: create.kind.clone(), name: create.name.clone(), ends, attributes });
        self.set_references(&id, said.references)
    }

    fn update(&mut self, update: &Update, relationship: bool) -> Result<(), RefusalCode> {
        let held = self.existing(&update.id, relationship)?.clone();
        if update.set.is_empty() && update.unset.is_empty() {
            return Err(RefusalCode::InvalidRequest);
        }
        let mut item = held.clone();
        let mut set = update.set.clone();
        if let Some(name) = set.remove("name") {
            item.name = new_name(&held, &name)?;
        }
        let mut said = said(&held.kind, &set)?;
        for word in &update.unset {
            match kinds::attribute(&held.kind, word) {
                Some(kinds::Holds::Reference(reference)) => said.references.push((reference, Vec::new())),
                Some(_) => said.removed.push(word.clone()),
                None if word == "name" => item.name = new_name(&held, &Json::Null)?,
                None => return Err(RefusalCode::UnknownAttribute),
            }
        }
        for name in &said.removed {
            item.attributes.remove(name);
        }
        item.attributes.extend(said.values);
        self.state.insert(update.id.clone(), item);
        self.set_references(&update.id, said.references)
    }

    /// An item goes with its own references and parts; with `cascade` all that touches what goes.
    fn delete(&mut self, delete: &Delete, relationship: bool) -> Result<(), RefusalCode> {
        self.existing(&delete.id, relationship)?;
        let mut going = BTreeSet::from([delete.id.clone()]);
        loop {
            let mut more = going.clone();
            for id in going.iter().filter(|id| self.state.contains_key(*id)) {
                for touching in outgoing(&self.state, id, None) {
                    let item = &self.state[touching];
                    match kinds::reference_by(&self.state[id].kind, &item.kind) {
                        Some((_, reference)) if reference.owned => {
                            more.insert(touching.to_owned());
                            more.extend(item.target().map(str::to_owned));
                        }
                        Some(_) => drop(more.insert(touching.to_owned())),
                        None if delete.cascade => drop(more.insert(touching.to_owned())),
                        None => {}
                    }
                }
                if delete.cascade {
                    more.extend(incoming(&self.state, id, None).into_iter().map(str::to_owned));
                }
            }
            if more.len() == going.len() {
                break;
            }
            going = more;
        }
        for id in going {
            self.remove(&id);
        }
        Ok(())
    }

    /// What holds for the state as a whole once all operations are done.
    fn check(&self) -> Result<(), RefusalCode> {
        for (id, item) in self.state.iter().filter(|(_, item)| item.is_relationship()) {
            let (source, target) = item.ends.as_ref().expect("a relationship has ends");
            if let Some(end) = [source, target].into_iter().find(|end| !self.state.contains_key(*end)) {
                let deleted = self.gone.contains(end);
                return Err(if deleted { RefusalCode::StillReferenced } else { RefusalCode::UnknownItem });
            }
            let source_kind = &self.state[source].kind;
            if !kinds::permits(&item.kind, source_kind, &self.state[target].kind) {
                return Err(RefusalCode::ForbiddenRelationship);
            }
            let single = kinds::reference_by(source_kind, &item.kind).is_some_and(|(_, reference)| !reference.many);
            if single && outgoing(&self.state, source, Some(&item.kind)) != [id] {
                return Err(RefusalCode::ForbiddenRelationship);
            }
        }
        Ok(())
    }

    /// `<source>--<kind>--<target>`, or the first of `--2`, `--3`, … that is free.
    pub(super) fn derived_id(&self, source: &str, kind: &str, target: &str) -> String {
        let first = format!("{source}--{kind}--{target}");
        let numbered = (2..).map(|number| format!("{first}--{number}"));
        std::iter::once(first.clone())
            .chain(numbered)
            .find(|id| !self.state.contains_key(id) && !self.gone.contains(id))
            .expect("numbers do not end")
    }

    pub(super) fn check_new(&self, id: &str) -> Result<(), RefusalCode> {
        check_id(id)?;
        let taken = self.state.contains_key(id) || self.gone.contains(id);
        if taken { Err(RefusalCode::IdentifierTaken) } else { Ok(()) }
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.state.remove(id);
        self.gone.insert(id.to_owned());
    }

    fn existing(&self, id: &str, relationship: bool) -> Result<&Item, RefusalCode> {
        self.state.get(id).filter(|item| item.is_relationship() == relationship).ok_or(RefusalCode::UnknownItem)
    }

    fn check_kind(kind: &str, relationship: bool) -> Result<(), RefusalCode> {
        let (wanted, other): (&[&str], &[&str]) = if relationship {
            (&kinds::RELATIONSHIP_KINDS, &kinds::ELEMENT_KINDS)
        } else {
            (&kinds::ELEMENT_KINDS, &kinds::RELATIONSHIP_KINDS)
        };
        match kind {
            _ if wanted.contains(&kind) => Ok(()),
            _ if other.contains(&kind) || kinds::ABSTRACT_KINDS.contains(&kind) => Err(RefusalCode::UnsuitableKind),
            _ => Err(RefusalCode::UnknownKind),
        }
    }
}

pub fn check_id(id: &str) -> Result<(), RefusalCode> {
    let permitted = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    let fine = id.chars().any(char::is_alphanumeric) && id.chars().all(permitted) && id.len() <= 1_024;
    if fine { Ok(()) } else { Err(RefusalCode::InvalidIdentifier) }
}

fn new_name(held: &Item, json: &Json) -> Result<Option<String>, RefusalCode> {
    match (kinds::naming(&held.kind), json) {
        (Naming::Own | Naming::Optional, Json::String(name)) if !name.trim().is_empty() => Ok(Some(name.clone())),
        (Naming::Optional, Json::Null) => Ok(None),
        _ => Err(RefusalCode::InvalidName),
    }
}

/// Reads nested or dotted attributes.
pub fn said(kind: &str, object: &JsonObject) -> Result<Said, RefusalCode> {
    let mut said = Said::default();
    read(kind, object, "", &mut said)?;
    Ok(said)
}

fn read(kind: &str, object: &JsonObject, group: &str, said: &mut Said) -> Result<(), RefusalCode> {
    for (key, value) in object {
        let name = format!("{group}{key}");
        let within = format!("{name}.");
        match (kinds::attribute(kind, &name), value) {
            (Some(kinds::Holds::Reference(reference)), _) => {
                said.references.push((reference, entries(reference, value)?));
            }
            (Some(_), Json::Null) => said.removed.push(name),
            (Some(holds), _) if kinds::fits(holds, value) => said.values.push((name, value.clone())),
            (Some(_), _) => return Err(RefusalCode::InvalidValue),
            (None, Json::Object(inner))
                if kinds::attributes(kind).iter().any(|(held, _)| held.starts_with(&within)) =>
            {
                read(kind, inner, &within, said)?;
            }
            (None, _) => return Err(RefusalCode::UnknownAttribute),
        }
    }
    Ok(())
}
