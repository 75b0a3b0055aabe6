//! The operations of a proposal, each with the item that it comes from.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::changes::{Changes, id_of, kind_of};
use super::report::{Change, ChangeKind, Counts};
use crate::application::workspace::{Checked, Workspace};
use crate::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Operation, Update};
use crate::domain::metamodel::Metamodel;
use crate::domain::recorded::touched_fields;
use crate::domain::validation::Refusal;
use crate::interchange::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};

/// How often what the ledger refuses is taken out before the rest is given up.
const ROUNDS: usize = 8;

/// Operations with what they come from, in an order that the ledger takes: deletions of relationships before those of
/// elements.
#[derive(Debug, Default)]
pub(super) struct Draft {
    operations: Vec<Operation>,
    changes: Changes,
    /// The places of new items, where another source may speak of the same.
    by_id: Option<FxHashMap<Arc<str>, usize>>,
}

impl Draft {
    /// No operations yet, of so many sources.
    pub fn of_sources(count: usize) -> Self {
        Self { by_id: (count > 1).then(FxHashMap::default), ..Self::default() }
    }

    /// Adds an operation that changes or deletes something.
    pub fn push(&mut self, operation: Operation, change: Change) {
        self.operations.push(operation);
        self.changes.push(change);
    }

    /// Adds an operation that makes something.
    pub fn push_created(&mut self, operation: Operation, id: &Arc<str>, change: ChangeKind, place: &Place) {
        if let Some(by_id) = &mut self.by_id {
            by_id.insert(Arc::clone(id), self.operations.len());
        }
        self.operations.push(operation);
        self.changes.push_created(change, place);
    }

    /// The attributes and the name that a new item is made with, if this draft makes it.
    pub fn created(&mut self, id: &str) -> Option<(&mut Option<String>, &mut crate::domain::change_set::JsonObject)> {
        match &mut self.operations[*self.by_id.as_ref()?.get(id)?] {
            Operation::CreateElement(CreateElement { name, attributes, .. })
            | Operation::CreateRelationship(CreateRelationship { name, attributes, .. }) => Some((name, attributes)),
            _ => None,
        }
    }

    /// Takes out what the ledger would refuse, each with its reason, until it takes the rest; answers with the ids of
    /// the items that were refused, and whether the rest changes nothing. An update that changes nothing goes too.
    pub fn settle(&mut self, workspace: &Workspace, problems: &mut Vec<Problem>) -> (FxHashSet<Arc<str>>, bool) {
        self.by_id = None;
        self.operations.shrink_to_fit();
        self.changes.shrink();
        let mut refused = FxHashSet::default();
        for _ in 0..ROUNDS {
            if self.operations.is_empty() {
                return (refused, true);
            }
            let change_set = ChangeSet { operations: std::mem::take(&mut self.operations), ..ChangeSet::default() };
            let checked = workspace.check(&change_set);
            self.operations = change_set.operations;
            if checked.refusals.is_empty() {
                self.drop_idle(&checked);
                return (refused, checked.delta.is_empty());
            }
            let mut places = FxHashSet::default();
            for refusal in &checked.refusals {
                let Some(place) = place_of(refusal).filter(|place| *place < self.changes.len()) else { continue };
                problems.push(self::refused(refusal, &self.changes.place(place)));
                refused.insert(id_of(&self.operations[place]));
                places.insert(place);
            }
            self.keep(|place, _| !places.contains(&place));
        }
        refused.extend(self.operations.iter().map(id_of));
        self.keep(|_, _| false);
        (refused, true)
    }

    fn drop_idle(&mut self, checked: &Checked) {
        let is_update =
            |operation: &Operation| matches!(operation, Operation::UpdateElement(_) | Operation::UpdateRelationship(_));
        if !self.operations.iter().any(is_update) {
            return;
        }
        let touched = touched_fields(&*checked.snapshot, &checked.delta);
        let touched: FxHashSet<&str> = touched.iter().map(|(id, _)| id.as_str()).collect();
        self.keep(|_, operation| {
            !is_update(operation) || operation.changed_id().is_some_and(|id| touched.contains(id))
        });
    }

    fn keep(&mut self, wanted: impl Fn(usize, &Operation) -> bool) {
        let kept: Vec<bool> = self.operations.iter().enumerate().map(|(place, one)| wanted(place, one)).collect();
        let mut places = kept.iter();
        self.operations.retain(|_| places.next() == Some(&true));
        let mut places = kept.iter();
        self.changes.retain(|| places.next() == Some(&true));
    }

    /// The operations, and what each of them does.
    pub fn into_parts(self) -> (Vec<Operation>, Changes) {
        (self.operations, self.changes)
    }

    /// How many of a kind there are, by what happens to them.
    pub fn counts(&self, metamodel: &Metamodel) -> Counts {
        let mut counts = Counts::new();
        for (number, operation) in self.operations.iter().enumerate() {
            let place = match self.changes.kind(number) {
                Some(ChangeKind::Update) => 1,
                Some(ChangeKind::Delete) => 2,
                _ => 0,
            };
            let whole = || self.changes.whole(metamodel, number, operation).map(|change| change.kind);
            let Some(kind) = kind_of(operation).map(str::to_owned).or_else(whole) else { continue };
            counts.entry(kind).or_default()[place] += 1;
        }
        counts
    }
}

/// The number of the operation that a refusal is about.
fn place_of(refusal: &Refusal) -> Option<usize> {
    let mut steps = refusal.pointer.split('/').skip(1);
    (steps.next() == Some("operations")).then(|| steps.next()?.parse().ok())?
}

/// A refusal of the ledger at a place of a file.
pub(super) fn refused(refusal: &Refusal, place: &Place) -> Problem {
    let wrong = Said::new(format!("モデルに入れられません: {}", refusal.message), refusal.message.clone());
    let text = refusal.id.clone().unwrap_or_default();
    let problem = Problem::new(ProblemKind::Refused, "refused", place.clone(), &text, wrong);
    problem.assuming("この項目は取り込みません", "the item is not imported")
}

/// An update of some fields; `null` removes one.
pub(super) fn update(id: &str, is_relationship: bool, set: BTreeMap<String, Json>) -> Operation {
    let update = Update { id: id.to_owned(), set: set.into_iter().collect(), unset: Vec::new() };
    if is_relationship { Operation::UpdateRelationship(update) } else { Operation::UpdateElement(update) }
}
