//! From what was read to a change set that somebody can agree to.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::answers::{Answers, ImportOptions};
use super::baseline::{self, Baseline, Said as LastSaid};
use super::matching::Fate;
use super::names::NameIndex;
use super::operations::Draft;
use super::questions::Questions;
use super::references::Found;
use super::report::{Conflict, ImportReport};
use super::sources;
use crate::application::workspace::Workspace;
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::element::Model;
use crate::domain::metamodel::{KindId, Metamodel};
use crate::domain::naming::display_name_of;
use crate::graph::Snapshot;
use crate::interchange::{Problem, ReadItem, ReadModel, RecordOutcome};

/// A change set that somebody can agree to, and what there is to know about it.
#[derive(Debug)]
pub struct Proposal {
    /// The change set; without operations when there is nothing to do.
    pub change_set: ChangeSet,
    /// What it would do.
    pub report: ImportReport,
}

/// One source of an import.
pub(super) struct Source<'a> {
    pub number: usize,
    pub model: &'a ReadModel,
}

impl Source<'_> {
    /// Whether it is a table, whose ids may be mere numbers of rows and whose names are written by hand.
    pub fn is_ledger(&self) -> bool {
        self.model.source.starts_with("ledger:")
    }
}

/// All that is known while a proposal is made.
pub(super) struct Importer<'a> {
    pub snapshot: &'a Snapshot,
    pub options: &'a ImportOptions,
    pub answers: Answers,
    pub names: NameIndex,
    pub baselines: Vec<Baseline>,
    /// Ids that new items get.
    pub taken: FxHashSet<String>,
    /// By source, items of the model that an item of it is.
    pub claimed: FxHashSet<(usize, String)>,
    /// By source, items of the model that some item of it is by its identity, whatever it is called: none other is it
    /// by name.
    pub reserved: FxHashSet<(usize, String)>,
    /// New names of the source that is being looked at.
    pub fresh: Vec<(KindId, String, String)>,
    pub found: Found,
    /// The ends of relationships, by their ids.
    pub ends: FxHashMap<String, (String, String)>,
    /// Relationships that run elsewhere now.
    pub moved: Vec<String>,
    /// Whether the source that is being drafted is a table written by hand, in which another spelling of a name is no
    /// other name.
    pub is_ledger: bool,
    pub questions: Questions,
    pub problems: Vec<Problem>,
    pub conflicts: Vec<Conflict>,
}

/// Works out what files would change in the newest revision. Changes nothing.
///
/// `digests` are the SHA-256 of the files of each source.
pub fn propose(workspace: &Workspace, models: &[ReadModel], digests: &[String], options: &ImportOptions) -> Proposal {
    let snapshot = workspace.current();
    let mut importer = Importer::new(&snapshot, models, options);
    let sources: Vec<Source<'_>> = models.iter().enumerate().map(|(number, model)| Source { number, model }).collect();
    let fates = importer.identify(&sources);
    let mut draft = Draft::default();
    importer.delete_moved(&mut draft);
    let said = importer.draft(&sources, &fates, &mut draft);
    importer.missing(&sources, &said, &mut draft);
    let refused = draft.settle(workspace, &mut importer.problems);
    let records = importer.records(&sources, said, &refused, digests);
    importer.finish(workspace, &sources, &fates, draft, records)
}

impl<'a> Importer<'a> {
    fn new(snapshot: &'a Snapshot, models: &[ReadModel], options: &'a ImportOptions) -> Self {
        let mut answers = Answers::new();
        for model in models {
            answers.extend(sources::kept_answers(snapshot, &model.source));
        }
        answers.extend(options.answers.clone());
        Self {
            snapshot,
            options,
            answers,
            names: NameIndex::of(snapshot),
            baselines: models.iter().map(|model| last_said(snapshot, model)).collect(),
            taken: FxHashSet::default(),
            claimed: FxHashSet::default(),
            reserved: FxHashSet::default(),
            fresh: Vec::new(),
            found: Found::default(),
            ends: FxHashMap::default(),
            moved: Vec::new(),
            is_ledger: false,
            questions: Questions::default(),
            problems: Vec::new(),
            conflicts: Vec::new(),
        }
    }

    pub fn metamodel(&self) -> &'a Metamodel {
        self.snapshot.shared_metamodel()
    }

    pub fn name_of(&self, id: &str) -> String {
        display_name_of(self.snapshot, id, "ja")
    }

    /// The fate of every item: elements first, then relationships, whose ends must be known.
    fn identify(&mut self, sources: &[Source<'_>]) -> Vec<Vec<Fate>> {
        self.reserve(sources);
        let mut fates: Vec<Vec<Fate>> =
            sources.iter().map(|source| vec![Fate::Out; source.model.items.len()]).collect();
        for source in sources {
            for (place, item) in source.model.items.iter().enumerate().filter(|(_, item)| item.ends.is_none()) {
                fates[source.number][place] = self.element_fate(source, item);
                self.remember(source.number, item, &fates[source.number][place]);
            }
            for (kind, id, name) in std::mem::take(&mut self.fresh) {
                self.names.add(kind, &id, &name);
            }
        }
        for source in sources {
            self.identify_relationships(source, &mut fates[source.number]);
        }
        fates
    }

    /// Notes what the files name by identity, before anything is looked for by name.
    fn reserve(&mut self, sources: &[Source<'_>]) {
        for source in sources {
            let baseline = &self.baselines[source.number];
            for item in &source.model.items {
                let own = item.id.as_ref().filter(|id| self.snapshot.item(id).is_some());
                let kept = item.source_id.as_ref().and_then(|id| baseline.items.get(id)).map(|kept| &kept.id);
                self.reserved.extend(own.or(kept).map(|id| (source.number, id.clone())));
            }
        }
    }

    /// Lets others refer to the item by what the source knows it by.
    pub fn remember(&mut self, source: usize, item: &ReadItem, fate: &Fate) {
        let Some(id) = fate.id() else { return };
        for key in [&item.source_id, &item.id].into_iter().flatten() {
            self.found.by_source.entry((source, key.clone())).or_insert_with(|| id.to_owned());
        }
    }

    /// Forgets what an item was taken for.
    pub fn forget(&mut self, source: usize, item: &ReadItem) {
        for key in [&item.source_id, &item.id].into_iter().flatten() {
            self.found.by_source.remove(&(source, key.clone()));
        }
    }

    fn finish(
        self,
        workspace: &Workspace,
        sources: &[Source<'_>],
        fates: &[Vec<Fate>],
        draft: Draft,
        records: Vec<Operation>,
    ) -> Proposal {
        let mut operations = draft.operations();
        operations.extend(records);
        let change_set =
            ChangeSet { operations, base_revision: Some(self.snapshot.revision()), ..ChangeSet::default() };
        if change_set.operations.is_empty() {
            let mut report = self.report(sources, fates, &draft);
            (report.is_empty, report.digest) = (true, baseline::digest(b"", 16));
            return Proposal { change_set: ChangeSet::default(), report };
        }
        let dry_run = workspace.dry_run(&change_set);
        // Nothing that the ledger would refuse is proposed: what can be told apart has been taken out before.
        let is_empty = dry_run.delta.is_empty() || !dry_run.refusals.is_empty();
        let change_set = if is_empty { ChangeSet::default() } else { change_set };
        let digest = baseline::digest(format!("{:?}", change_set.operations).as_bytes(), 16);
        let mut report = self.report(sources, fates, &draft);
        for refusal in &dry_run.refusals {
            report.problems.push(super::operations::refused(refusal, &crate::interchange::Place::default()));
        }
        (report.is_empty, report.digest) = (is_empty, digest);
        Proposal { change_set, report }
    }

    /// Rows whose items ask something are questions; rows whose items were refused are refused.
    pub(super) fn rows(
        source: &Source<'_>,
        asked: &FxHashSet<(String, u32)>,
        fates: &[Fate],
    ) -> Vec<crate::interchange::Record> {
        let mut rows = source.model.records.clone();
        for row in &mut rows {
            let key =
                (row.place.file.to_string() + row.place.sheet.as_deref().unwrap_or(""), row.place.row.unwrap_or(0));
            let is_out = row.item.and_then(|item| fates.get(item)).is_some_and(|fate| *fate == Fate::Out);
            if row.outcome < RecordOutcome::Question && (asked.contains(&key) || is_out) {
                row.outcome = RecordOutcome::Question;
            }
        }
        rows
    }
}

fn last_said(snapshot: &Snapshot, model: &ReadModel) -> Baseline {
    if model.source.starts_with(baseline::WORKBOOK) {
        Baseline::of_workbook(snapshot, model)
    } else {
        Baseline::load(snapshot, &model.source)
    }
}

/// What an import says of the items of each source, to be kept.
pub(super) type SaidBySource = Vec<FxHashMap<String, LastSaid>>;

/// Values by field.
pub(super) type Values = BTreeMap<String, Json>;
