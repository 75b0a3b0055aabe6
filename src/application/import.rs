//! Model files into a model that may hold some of it already.
//!
//! A record whose id is new is created. A record whose id exists is compared: what it says is set, what it leaves
//! out stays as it is, `null` removes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::workspace::Workspace;
use crate::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, JsonObject, Operation, Update};
use crate::domain::element::Model;
use crate::domain::localized::Localized;
use crate::domain::metamodel::KindId;
use crate::domain::recorded::touched_fields;
use crate::domain::validation::{Refusal, RefusalCode};
use crate::graph::Snapshot;
use crate::interchange::native::{self, ModelFile, ReadModel};

pub use crate::interchange::native::FileProblem;

/// What an import would do.
#[derive(Debug)]
pub struct ImportPlan {
    /// The change set; it has no operations when the model says all of it already.
    pub change_set: ChangeSet,
    /// Records by kind, in the metamodel's order.
    pub kinds: Vec<KindTally>,
    /// How many relationships the records create or remove by their references.
    pub references: usize,
}

/// How many records of a kind would be created, updated or left as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindTally {
    /// The kind.
    pub kind: Arc<str>,
    /// What people call it.
    pub label: Localized,
    /// New ones.
    pub created: usize,
    /// Existing ones that change.
    pub updated: usize,
    /// Existing ones that say the same.
    pub unchanged: usize,
}

/// Reads model files (name and text) and works out what they would change in the newest revision.
///
/// # Errors
/// Everything that is wrong, with file, line, id and attribute. Nothing is changed in any case.
pub fn plan(workspace: &Workspace, files: &[(String, String)]) -> Result<ImportPlan, Vec<FileProblem>> {
    let files: Vec<ModelFile<'_>> = files.iter().map(|(name, text)| ModelFile { name, text }).collect();
    let snapshot = workspace.current();
    let mut read = native::read(snapshot.metamodel(), &files)?;
    if read.operations.is_empty() {
        let file = files.first().map_or("", |file| file.name).to_owned();
        let message = "there is no record in it".to_owned();
        return Err(vec![FileProblem { file, line: 0, id: None, attribute: None, message }]);
    }
    let records = std::mem::take(&mut read.operations);
    let sorted = Sorted::of(&snapshot, records);
    let problems: Vec<FileProblem> = sorted.refusals.iter().map(|refusal| read.locate(refusal)).collect();
    if problems.is_empty() { sorted.judge(workspace, &read) } else { Err(problems) }
}

/// Records told apart into new ones and known ones.
#[derive(Default)]
struct Sorted {
    operations: Vec<Operation>,
    /// The record that each operation came from.
    places: Vec<usize>,
    created: BTreeMap<KindId, usize>,
    known: Vec<(KindId, String)>,
    refusals: Vec<Refusal>,
}

impl Sorted {
    fn of(snapshot: &Snapshot, records: Vec<Operation>) -> Self {
        let mut sorted = Self::default();
        let mut seen = FxHashSet::default();
        for (place, record) in records.into_iter().enumerate() {
            match record {
                Operation::CreateElement(create) => sorted.element(snapshot, &mut seen, place, create),
                Operation::CreateRelationship(create) => sorted.relationship(snapshot, &mut seen, place, create),
                other => sorted.push(place, other),
            }
        }
        sorted
    }

    fn push(&mut self, place: usize, operation: Operation) {
        self.operations.push(operation);
        self.places.push(place);
    }

    fn element(&mut self, snapshot: &Snapshot, seen: &mut FxHashSet<String>, place: usize, create: CreateElement) {
        let kind = snapshot.metamodel().kind_named(&create.kind).map(|kind| kind.id);
        let held = snapshot.element(&create.id).filter(|held| Some(held.kind) == kind);
        if let Some(held) = held
            && seen.insert(create.id.clone())
        {
            self.known.push((held.kind, create.id.clone()));
            if let Some(update) = update(create.id, create.name, create.attributes) {
                self.push(place, Operation::UpdateElement(update));
            }
            return;
        }
        self.count_created(kind);
        self.push(place, Operation::CreateElement(create));
    }

    fn relationship(
        &mut self,
        snapshot: &Snapshot,
        seen: &mut FxHashSet<String>,
        place: usize,
        create: CreateRelationship,
    ) {
        let kind = snapshot.metamodel().kind_named(&create.kind).map(|kind| kind.id);
        let derived = || format!("{}--{}--{}", create.source, create.kind, create.target);
        let id = create.id.clone().unwrap_or_else(derived);
        let held = snapshot.relationship(&id).filter(|held| Some(held.kind) == kind);
        if let Some(held) = held
            && seen.insert(id.clone())
        {
            if held.source != *create.source.as_str() || held.target != *create.target.as_str() {
                return self.moved(place, &id, held.source.as_str(), held.target.as_str());
            }
            self.known.push((held.kind, id.clone()));
            if let Some(update) = update(id, create.name, create.attributes) {
                self.push(place, Operation::UpdateRelationship(update));
            }
            return;
        }
        self.count_created(kind);
        self.push(place, Operation::CreateRelationship(create));
    }

    fn count_created(&mut self, kind: Option<KindId>) {
        if let Some(kind) = kind {
            *self.created.entry(kind).or_default() += 1;
        }
    }

    fn moved(&mut self, place: usize, id: &str, source: &str, target: &str) {
        let message = format!(
            "in the model it runs from \"{source}\" to \"{target}\"; ends cannot change: delete it first, or use another id"
        );
        let pointer = format!("/operations/{place}/source");
        self.refusals.push(Refusal::new(RefusalCode::IdentifierTaken, &pointer, message).about(id));
    }

    fn judge(self, workspace: &Workspace, read: &ReadModel) -> Result<ImportPlan, Vec<FileProblem>> {
        let change_set = ChangeSet { operations: self.operations, ..ChangeSet::default() };
        if change_set.operations.is_empty() {
            let kinds = tallies(&workspace.current(), &self.created, &self.known, &BTreeSet::new());
            return Ok(ImportPlan { change_set, kinds, references: 0 });
        }
        let dry_run = workspace.dry_run(&change_set);
        if !dry_run.refusals.is_empty() {
            let at = |refusal: &Refusal| read.locate(&in_the_files(refusal, &self.places));
            return Err(dry_run.refusals.iter().map(at).collect());
        }
        let snapshot = &dry_run.snapshot;
        let touched: BTreeSet<String> =
            touched_fields(&**snapshot, &dry_run.delta).into_iter().map(|(id, _)| id.to_string()).collect();
        let kinds = tallies(snapshot, &self.created, &self.known, &touched);
        let listed = |kind: KindId| snapshot.metamodel().kind(kind).collection.is_some();
        let references = dry_run.delta.relationships.iter().filter(|held| !listed(held.either().kind)).count();
        let change_set = if dry_run.delta.is_empty() { ChangeSet::default() } else { change_set };
        Ok(ImportPlan { change_set, kinds, references })
    }
}

fn update(id: String, name: Option<String>, mut set: JsonObject) -> Option<Update> {
    set.extend(name.map(|name| ("name".to_owned(), name.into())));
    (!set.is_empty()).then(|| Update { id, set, unset: Vec::new() })
}

/// The refusal of an operation, as if it were of the record that the operation came from.
fn in_the_files(refusal: &Refusal, places: &[usize]) -> Refusal {
    let mut refusal = refusal.clone();
    let mut steps: Vec<String> = refusal.pointer.split('/').map(str::to_owned).collect();
    let place = steps.get(2).and_then(|step| step.parse::<usize>().ok()).and_then(|index| places.get(index));
    if let Some(place) = place {
        steps[2] = place.to_string();
        if let Some(step) = steps.get_mut(3).filter(|step| *step == "set") {
            "attributes".clone_into(step);
        }
        refusal.pointer = steps.join("/");
    }
    refusal
}

fn tallies(
    snapshot: &Snapshot,
    created: &BTreeMap<KindId, usize>,
    known: &[(KindId, String)],
    touched: &BTreeSet<String>,
) -> Vec<KindTally> {
    let mut counts: BTreeMap<KindId, [usize; 3]> = BTreeMap::new();
    for (kind, count) in created {
        counts.entry(*kind).or_default()[0] = *count;
    }
    for (kind, id) in known {
        counts.entry(*kind).or_default()[if touched.contains(id) { 1 } else { 2 }] += 1;
    }
    let tally = |(kind, [created, updated, unchanged]): (KindId, [usize; 3])| {
        let kind = snapshot.metamodel().kind(kind);
        KindTally { kind: Arc::clone(&kind.name), label: kind.label.clone(), created, updated, unchanged }
    };
    counts.into_iter().map(tally).collect()
}
