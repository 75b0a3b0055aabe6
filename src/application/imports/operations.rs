//! The operations of a proposal, each with the item that it comes from.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::report::{Change, ChangeKind};
use crate::application::workspace::Workspace;
use crate::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Operation, Update};
use crate::domain::recorded::touched_fields;
use crate::domain::validation::Refusal;
use crate::interchange::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};

/// How often what the ledger refuses is taken out before the rest is given up.
const ROUNDS: usize = 8;

/// Operations with what they come from.
#[derive(Debug, Default)]
pub(super) struct Draft {
    entries: Vec<Entry>,
    by_id: FxHashMap<String, usize>,
}

#[derive(Debug)]
struct Entry {
    operation: Operation,
    change: Change,
    is_out: bool,
}

impl Draft {
    /// Adds an operation; `change` says what it does and where it comes from.
    pub fn push(&mut self, operation: Operation, change: Change) {
        self.by_id.insert(change.id.clone(), self.entries.len());
        self.entries.push(Entry { operation, change, is_out: false });
    }

    /// The attributes and the name that a new item is made with, if this draft makes it.
    pub fn created(&mut self, id: &str) -> Option<(&mut Option<String>, &mut crate::domain::change_set::JsonObject)> {
        let entry = &mut self.entries[*self.by_id.get(id)?];
        match &mut entry.operation {
            Operation::CreateElement(CreateElement { name, attributes, .. })
            | Operation::CreateRelationship(CreateRelationship { name, attributes, .. }) => Some((name, attributes)),
            _ => None,
        }
    }

    /// Takes out what the ledger would refuse, each with its reason, until it takes the rest; answers with the ids of
    /// the items that were refused. An update that changes nothing goes too.
    pub fn settle(&mut self, workspace: &Workspace, problems: &mut Vec<Problem>) -> FxHashSet<String> {
        let mut refused = FxHashSet::default();
        for _ in 0..ROUNDS {
            let places: Vec<usize> = self.live().map(|(place, _)| place).collect();
            if places.is_empty() {
                return refused;
            }
            let change_set = ChangeSet { operations: self.operations(), ..ChangeSet::default() };
            let dry_run = workspace.dry_run(&change_set);
            if dry_run.refusals.is_empty() {
                let touched = touched_fields(&*dry_run.snapshot, &dry_run.delta);
                self.drop_idle(&touched.into_iter().map(|(id, _)| id.to_string()).collect());
                return refused;
            }
            for refusal in &dry_run.refusals {
                let place = place_of(refusal).and_then(|index| places.get(index)).copied();
                let Some(entry) = place.map(|place| &mut self.entries[place]) else { continue };
                problems.push(self::refused(refusal, &entry.change.place));
                entry.is_out = true;
                refused.insert(entry.change.id.clone());
            }
        }
        for entry in &mut self.entries {
            entry.is_out = true;
            refused.insert(entry.change.id.clone());
        }
        refused
    }

    fn drop_idle(&mut self, touched: &FxHashSet<String>) {
        for entry in &mut self.entries {
            let is_update = matches!(entry.operation, Operation::UpdateElement(_) | Operation::UpdateRelationship(_));
            entry.is_out |= is_update && !touched.contains(&entry.change.id);
        }
    }

    fn live(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(|(_, entry)| !entry.is_out)
    }

    /// The operations in an order that the ledger takes: deletions of relationships before those of elements.
    pub fn operations(&self) -> Vec<Operation> {
        self.live().map(|(_, entry)| entry.operation.clone()).collect()
    }

    /// What the operations do.
    pub fn changes(&self) -> Vec<Change> {
        self.live().map(|(_, entry)| entry.change.clone()).collect()
    }

    /// How many of a kind there are, by what happens to them.
    pub fn counts(&self) -> BTreeMap<String, [usize; 4]> {
        let mut counts: BTreeMap<String, [usize; 4]> = BTreeMap::new();
        for (_, entry) in self.live() {
            let place = match entry.change.change {
                ChangeKind::Create | ChangeKind::CreateNamed => 0,
                ChangeKind::Update => 1,
                ChangeKind::Delete => 2,
            };
            counts.entry(entry.change.kind.clone()).or_default()[place] += 1;
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
