//! The operations of a proposal, each with the item that it comes from.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::changes::{Changes, id_of, kind_of};
use super::report::{Change, ChangeKind, Counts};
use super::told::Told;
use crate::application::workspace::Workspace;
use crate::domain::change_set::{Operation, Update};
use crate::domain::packed::Packed;
use crate::domain::validation::Refusal;
use crate::interchange::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};

/// How often what the ledger refuses is taken out before the rest is given up.
const ROUNDS: usize = 8;

/// Operations with what they come from, in an order that the ledger takes: deletions of relationships before those of
/// elements.
#[derive(Debug, Default)]
pub(super) struct Draft {
    operations: Packed<Operation>,
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
    pub fn push(&mut self, operation: &Operation, change: Change) {
        self.operations.push(operation);
        self.changes.push(change);
    }

    /// Adds an operation that makes something.
    pub fn push_created(&mut self, operation: &Operation, id: &Arc<str>, change: ChangeKind, place: &Place) {
        if let Some(by_id) = &mut self.by_id {
            by_id.insert(Arc::clone(id), self.operations.len());
        }
        self.operations.push(operation);
        self.changes.push_created(change, kind_of(operation).unwrap_or_default(), place);
    }

    /// The operation that makes a new item, and its number, if this draft makes it.
    pub fn created(&self, id: &str) -> Option<(usize, Operation)> {
        let number = *self.by_id.as_ref()?.get(id)?;
        Some((number, self.operations.get(number)?))
    }

    /// Puts an operation into the place of another that makes the same item.
    pub fn replace(&mut self, number: usize, operation: Operation) {
        self.operations.replace(number, operation);
    }

    /// Takes out what the ledger would refuse, each with its reason, until it takes the rest; answers with the ids of
    /// the items that were refused, and whether the rest changes nothing. An update that changes nothing goes too.
    pub fn settle(&mut self, workspace: &Workspace, problems: &mut Told) -> (FxHashSet<Arc<str>>, bool) {
        self.by_id = None;
        self.changes.shrink();
        let mut refused = FxHashSet::default();
        for _ in 0..ROUNDS {
            if self.operations.is_empty() {
                return (refused, true);
            }
            let judgement = workspace.judge(&self.operations);
            if judgement.refusals.is_empty() {
                self.drop_idle(&judgement.changed);
                return (refused, judgement.is_idle);
            }
            let mut places = FxHashSet::default();
            for refusal in &judgement.refusals {
                let Some(place) = place_of(refusal).filter(|place| *place < self.changes.len()) else { continue };
                problems.push(self::refused(refusal, &self.changes.place(place)));
                places.insert(place);
            }
            refused.extend(self.operations.some(|place| places.contains(&place)).map(|(_, one)| id_of(&one)));
            self.keep(|place| !places.contains(&place));
        }
        refused.extend(self.operations.iter().map(|operation| id_of(&operation)));
        self.keep(|_| false);
        (refused, true)
    }

    fn drop_idle(&mut self, changed: &FxHashSet<String>) {
        let is_idle = |changes: &Changes, place| changes.updated(place).is_some_and(|id| !changed.contains(id));
        let kept: Vec<bool> = (0..self.changes.len()).map(|place| !is_idle(&self.changes, place)).collect();
        if kept.contains(&false) {
            self.keep(|place| kept[place]);
        }
    }

    fn keep(&mut self, wanted: impl Fn(usize) -> bool) {
        self.operations.retain(&wanted);
        self.changes.retain(wanted);
    }

    /// The operations, and what each of them does.
    pub fn into_parts(self) -> (Packed<Operation>, Changes) {
        (self.operations, self.changes)
    }

    /// How many of a kind there are, by what happens to them.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for number in 0..self.changes.len() {
            let Some((change, kind)) = self.changes.what(number) else { continue };
            let place = match change {
                ChangeKind::Update => 1,
                ChangeKind::Delete => 2,
                ChangeKind::Create | ChangeKind::CreateNamed => 0,
            };
            match counts.get_mut(kind) {
                Some(held) => held[place] += 1,
                None => counts.entry(kind.to_owned()).or_default()[place] += 1,
            }
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
