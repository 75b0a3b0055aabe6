//! What becomes of items, held so that a large import takes little memory for it.

use std::sync::Arc;

use serde_json::Value as Json;

use super::report::{Change, ChangeKind, FieldChange};
use crate::domain::change_set::{JsonObject, Operation};
use crate::domain::metamodel::{Metamodel, Naming};
use crate::interchange::Place;

/// What becomes of items, in the order of the operations that do it. What a new item is stands in its operation.
#[derive(Debug, Default)]
pub(super) struct Changes {
    entries: Vec<Entry>,
    /// Files and sheets that places are in.
    regions: Vec<Place>,
    /// Kinds of new items.
    kinds: Vec<String>,
}

#[derive(Debug)]
enum Entry {
    /// It is new.
    Created { change: ChangeKind, kind: u16, place: Spot },
    /// It changes or goes.
    Other(Box<Change>),
}

/// A place, as where it is within a region.
#[derive(Debug, Clone, Copy)]
struct Spot {
    region: u32,
    /// 0 where there is none, as rows and lines count from 1.
    row: u32,
    line: u32,
}

impl Changes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// A new item at a place of a file.
    pub fn push_created(&mut self, change: ChangeKind, kind: &str, place: &Place) {
        let region = Place { row: None, line: None, ..place.clone() };
        if self.regions.last() != Some(&region) {
            self.regions.push(region);
        }
        let region = u32::try_from(self.regions.len() - 1).unwrap_or(u32::MAX);
        let place = Spot { region, row: place.row.unwrap_or(0), line: place.line.unwrap_or(0) };
        let held = self.kinds.iter().position(|held| held == kind).unwrap_or_else(|| {
            self.kinds.push(kind.to_owned());
            self.kinds.len() - 1
        });
        // A metamodel has far fewer kinds.
        let kind = u16::try_from(held).unwrap_or(u16::MAX);
        self.entries.push(Entry::Created { change, kind, place });
    }

    /// An item that changes or goes.
    pub fn push(&mut self, change: Change) {
        self.entries.push(Entry::Other(Box::new(change)));
    }

    /// What happens to an item, and of which kind it is.
    pub fn what(&self, number: usize) -> Option<(ChangeKind, &str)> {
        match self.entries.get(number)? {
            Entry::Created { change, kind, .. } => Some((*change, self.kinds.get(usize::from(*kind))?)),
            Entry::Other(change) => Some((change.change, &change.kind)),
        }
    }

    /// The id of an item that changes and stays.
    pub fn updated(&self, number: usize) -> Option<&str> {
        match self.entries.get(number)? {
            Entry::Other(change) if change.change == ChangeKind::Update => Some(&change.id),
            _ => None,
        }
    }

    /// Where in a file an item stands.
    pub fn place(&self, number: usize) -> Place {
        match self.entries.get(number) {
            Some(Entry::Created { place, .. }) => self.place_of(*place),
            Some(Entry::Other(change)) => change.place.clone(),
            None => Place::default(),
        }
    }

    fn place_of(&self, spot: Spot) -> Place {
        let region = self.regions.get(spot.region as usize).cloned().unwrap_or_default();
        let some = |number: u32| Some(number).filter(|number| *number > 0);
        Place { row: some(spot.row), line: some(spot.line), ..region }
    }

    /// All that a change says, by its operation.
    pub fn whole(&self, metamodel: &Metamodel, number: usize, operation: &Operation) -> Option<Change> {
        match self.entries.get(number)? {
            Entry::Created { change, place, .. } => created(metamodel, operation, *change, self.place_of(*place)),
            Entry::Other(change) => Some((**change).clone()),
        }
    }

    /// Keeps those that are wanted.
    pub fn retain(&mut self, wanted: impl Fn(usize) -> bool) {
        let mut numbers = 0..;
        self.entries.retain(|_| numbers.next().is_some_and(&wanted));
    }

    /// Lets go of memory that is not used.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }
}

fn created(metamodel: &Metamodel, operation: &Operation, change: ChangeKind, place: Place) -> Option<Change> {
    let (id, kind, name, attributes) = match operation {
        Operation::CreateElement(one) => (Some(one.id.as_str()), &one.kind, &one.name, &one.attributes),
        Operation::CreateRelationship(one) => (one.id.as_deref(), &one.kind, &one.name, &one.attributes),
        _ => return None,
    };
    let id = id.unwrap_or_default();
    let called = name.clone().or_else(|| called_after(metamodel, kind, attributes)).unwrap_or_else(|| id.to_owned());
    let field = |(field, after): (&String, &Json)| FieldChange {
        field: field.clone(),
        before: None,
        after: Some(after.clone()),
    };
    // What is merely named holds nothing of its own yet.
    let fields = if change == ChangeKind::Create { attributes.iter().map(field).collect() } else { Vec::new() };
    Some(Change { id: id.to_owned(), kind: kind.clone(), name: called, change, matched: None, fields, place })
}

/// The attribute by which items of a kind are called.
fn called_after(metamodel: &Metamodel, kind: &str, attributes: &JsonObject) -> Option<String> {
    let Naming::Attribute(name) = &metamodel.kind_named(kind)?.naming else { return None };
    attributes.get(&**metamodel.attribute_text(*name)).and_then(Json::as_str).map(str::to_owned)
}

/// The id of the item that an operation is about.
pub(super) fn id_of(operation: &Operation) -> Arc<str> {
    match operation {
        Operation::CreateElement(create) => create.id.as_str().into(),
        Operation::CreateRelationship(create) => create.id.as_deref().unwrap_or_default().into(),
        changed => changed.changed_id().unwrap_or_default().into(),
    }
}

/// The kind of the item that an operation makes.
pub(super) fn kind_of(operation: &Operation) -> Option<&str> {
    match operation {
        Operation::CreateElement(create) => Some(&create.kind),
        Operation::CreateRelationship(create) => Some(&create.kind),
        _ => None,
    }
}
