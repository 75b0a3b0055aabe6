//! From what was read to a change set that somebody can agree to.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::answers::{Answers, ImportOptions};
use super::baseline::{self, Baseline, Said as LastSaid};
use super::changes::Changes;
use super::kept::Shapes;
use super::matching::Fate;
use super::names::NameIndex;
use super::operations::Draft;
use super::progress::{ImportStage, Progress, Steps};
use super::questions::Questions;
use super::references::Found;
use super::report::{Change, Conflict, ImportReport};
use super::sources;
use super::tally::Tally;
use super::told::Told;
use crate::application::workspace::Workspace;
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::element::Model;
use crate::domain::metamodel::{Kind, KindId, Metamodel};
use crate::domain::naming::display_name_of;
use crate::domain::packed::Packed;
use crate::graph::Snapshot;
use crate::interchange::{Place, Problem, ReadItem, ReadModel, ReadProgress};

/// A change set that somebody can agree to, and what there is to know about it.
#[derive(Debug)]
pub struct Proposal {
    /// Whether nothing is proposed because the ledger would refuse the records of the import. What it refuses stands among
    /// the problems.
    pub is_refused: bool,
    /// The operations of its change set; none when there is nothing to do.
    pub operations: Packed<Operation>,
    /// What it would do, but for its changes: see [`Proposal::changes`] and [`Proposal::shown`].
    pub report: ImportReport,
    changes: Changes,
    metamodel: Arc<Metamodel>,
}

/// One source of an import.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub number: usize,
    pub model: &'a ReadModel,
}

impl Source<'_> {
    /// Whether it is a table, whose ids may be mere numbers of rows and whose names are written by hand.
    pub fn is_ledger(&self) -> bool {
        is_ledger(self.model)
    }
}

/// Whether a source is a table.
pub(super) fn is_ledger(model: &ReadModel) -> bool {
    model.source.starts_with("ledger:")
}

/// All that is known while a proposal is made.
pub(super) struct Importer<'a> {
    pub snapshot: &'a Snapshot,
    pub options: &'a ImportOptions,
    pub answers: Answers,
    pub names: NameIndex,
    pub baselines: Vec<Baseline>,
    /// Kinds whose items are parts of others (steps), which share their names with parts of something else.
    pub parts: FxHashSet<KindId>,
    /// Ids that new items get.
    pub taken: FxHashSet<Arc<str>>,
    /// By the beginning of an id that is taken, the number from which on it may be free.
    pub numbers: FxHashMap<String, usize>,
    /// By source, items of the model that an item of it is.
    pub claimed: Vec<FxHashSet<Arc<str>>>,
    /// By source, items of the model that some item of it is by its identity, whatever it is called: none other is it
    /// by name.
    pub reserved: Vec<FxHashSet<Arc<str>>>,
    /// Whether some source calls items by their names; others need no list of the names of new items.
    pub looks_for_names: bool,
    /// New names of the source that is being looked at.
    pub fresh: Vec<(KindId, Arc<str>, String)>,
    pub found: Found,
    /// The ends of relationships, by their ids.
    pub ends: FxHashMap<Arc<str>, (Arc<str>, Arc<str>)>,
    /// Relationships that run elsewhere now.
    pub moved: Vec<String>,
    /// Whether the source that is being drafted is a table written by hand, in which another spelling of a name is no
    /// other name.
    pub is_ledger: bool,
    pub questions: Questions,
    pub problems: Told,
    pub conflicts: Vec<Conflict>,
    /// The fields that items speak of.
    pub shapes: Shapes,
    /// The field `name`, among what is kept of an item.
    pub name_field: Arc<str>,
}

/// Works out what files would change in the newest revision. Changes nothing, and uses up what was read.
///
/// `digests` are the SHA-256 of the files of each source. At most so many problems are listed; the others are counted.
/// `progress` is told how many items have been worked out, then that the whole is checked.
pub fn propose(
    workspace: &Workspace,
    mut models: Vec<ReadModel>,
    digests: &[String],
    options: &ImportOptions,
    most_problems: usize,
    progress: &Progress<'_>,
) -> Proposal {
    let snapshot = workspace.current();
    let mut importer = Importer::new(&snapshot, &models, options, most_problems);
    let fates = importer.identify(&models, progress);
    let mut tally = Tally::of(&models, &fates);
    let mut draft = Draft::of_sources(models.len());
    importer.delete_moved(&mut draft);
    let said = importer.draft(&mut models, fates, &mut draft, &mut tally, progress);
    importer.missing(&models, &tally, &said, &mut draft);
    importer.forget_ways();
    progress(ImportStage::Checking, ReadProgress { done: 0, of: 0 });
    let (refused, is_idle) = draft.settle(workspace, &mut importer.problems);
    let records = importer.records(&models, said, &refused, digests);
    importer.finish(workspace, models, tally, draft, records, is_idle)
}

impl<'a> Importer<'a> {
    fn new(snapshot: &'a Snapshot, models: &[ReadModel], options: &'a ImportOptions, most_problems: usize) -> Self {
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
            parts: parts_of_others(snapshot.metamodel()),
            taken: FxHashSet::default(),
            numbers: FxHashMap::default(),
            claimed: vec![FxHashSet::default(); models.len()],
            reserved: vec![FxHashSet::default(); models.len()],
            looks_for_names: models.len() > 1 || models.iter().any(|model| model.format.refers_by_name()),
            fresh: Vec::new(),
            found: Found::of_sources(models.len()),
            ends: FxHashMap::default(),
            moved: Vec::new(),
            is_ledger: false,
            questions: Questions::default(),
            problems: Told::at_most(most_problems),
            conflicts: Vec::new(),
            shapes: Shapes::default(),
            name_field: "name".into(),
        }
    }

    pub fn metamodel(&self) -> &'a Metamodel {
        self.snapshot.shared_metamodel()
    }

    pub fn name_of(&self, id: &str) -> String {
        display_name_of(self.snapshot, id, "ja")
    }

    /// The fate of every item: elements first, then relationships, whose ends must be known.
    fn identify(&mut self, models: &[ReadModel], progress: &Progress<'_>) -> Vec<Vec<Fate>> {
        let sources: Vec<Source<'_>> =
            models.iter().enumerate().map(|(number, model)| Source { number, model }).collect();
        self.reserve(&sources);
        let mut fates: Vec<Vec<Fate>> = models.iter().map(|model| vec![Fate::Out; model.items.len()]).collect();
        let mut relationships = Vec::new();
        for source in &sources {
            let mut steps = Steps::new(ImportStage::Matching, source.model.items.len(), progress);
            let mut of_relationships = vec![false; source.model.items.len()];
            for (place, item) in source.model.items.iter().enumerate() {
                steps.step();
                of_relationships[place] = item.ends.is_some();
                if item.ends.is_none() {
                    fates[source.number][place] = self.element_fate(source, &item);
                    self.remember(source.number, &item, &fates[source.number][place]);
                }
            }
            relationships.push(of_relationships);
            for (kind, id, name) in std::mem::take(&mut self.fresh) {
                self.names.add(kind, &id, &name);
            }
        }
        for (source, places) in sources.iter().zip(&relationships) {
            self.identify_relationships(source, places, &mut fates[source.number]);
        }
        fates
    }

    /// Notes what the files name by identity, before anything is looked for by name.
    fn reserve(&mut self, sources: &[Source<'_>]) {
        for source in sources {
            let baseline = &self.baselines[source.number];
            if self.snapshot.node_count() == 0 && baseline.items.is_empty() {
                continue;
            }
            for item in &source.model.items {
                let own = item.id.as_deref().filter(|id| self.snapshot.item(id).is_some()).map(Arc::from);
                let kept = || item.source_id.as_deref().and_then(|id| baseline.items.get(id)).map(|kept| &kept.id);
                self.reserved[source.number].extend(own.or_else(|| kept().cloned()));
            }
        }
    }

    /// Lets others refer to the item by what the source knows it by.
    pub fn remember(&mut self, source: usize, item: &ReadItem, fate: &Fate) {
        let Some(id) = fate.id() else { return };
        for key in [&item.source_id, &item.id].into_iter().flatten() {
            // Mostly the source knows it by the very id that the model does.
            let known = || if **key == **id { Arc::clone(id) } else { key.as_str().into() };
            if !self.found.by_source[source].contains_key(key.as_str()) {
                self.found.by_source[source].insert(known(), Arc::clone(id));
            }
        }
    }

    /// Forgets what an item was taken for.
    pub fn forget(&mut self, source: usize, item: &ReadItem) {
        for key in [&item.source_id, &item.id].into_iter().flatten() {
            self.found.by_source[source].remove(key.as_str());
        }
    }

    /// Lets go of what was only needed to find out what is meant.
    fn forget_ways(&mut self) {
        (self.names, self.found, self.ends) = (NameIndex::default(), Found::default(), FxHashMap::default());
        (self.taken, self.numbers) = (FxHashSet::default(), FxHashMap::default());
        (self.claimed, self.reserved) = (Vec::new(), Vec::new());
    }

    fn finish(
        self,
        workspace: &Workspace,
        models: Vec<ReadModel>,
        tally: Tally,
        draft: Draft,
        records: Packed<Operation>,
        is_idle: bool,
    ) -> Proposal {
        let (records, is_idle, refusals) = checked_records(workspace, records, is_idle);
        let metamodel = Arc::clone(self.snapshot.shared_metamodel());
        let counts = draft.counts();
        let mut report = self.report(models, tally, counts);
        report.problems_total += refusals.len();
        let is_refused = !refusals.is_empty();
        report.problems.extend(refusals);
        let (mut operations, changes) = draft.into_parts();
        report.is_empty = is_idle;
        if is_idle {
            report.digest = baseline::digest(b"", 16);
            return Proposal { is_refused, operations: Packed::new(), report, changes: Changes::default(), metamodel };
        }
        operations.append(records);
        report.digest = digest_of(&operations);
        Proposal { is_refused, operations, report, changes, metamodel }
    }
}

/// The records of an import; whether nothing would change with them; and why the ledger would refuse them: then nothing
/// is proposed.
///
/// Records depend on nothing but themselves, so that they are checked without the operations before them.
fn checked_records(
    workspace: &Workspace,
    records: Packed<Operation>,
    is_idle: bool,
) -> (Packed<Operation>, bool, Vec<Problem>) {
    if records.is_empty() {
        return (records, is_idle, Vec::new());
    }
    let judgement = workspace.judge(&records);
    let refusals: Vec<Problem> =
        judgement.refusals.iter().map(|refusal| super::operations::refused(refusal, &Place::default())).collect();
    let is_idle = (is_idle && judgement.is_idle) || !refusals.is_empty();
    (records, is_idle, refusals)
}

/// The digest of operations: the same if and only if the same would be written.
fn digest_of(operations: &Packed<Operation>) -> String {
    let mut digest = baseline::Digest::default();
    operations.each_text(|text| {
        digest.update(text);
        digest.update(b"\n");
    });
    digest.finish(16)
}

impl Proposal {
    /// How many items would change.
    pub fn change_count(&self) -> usize {
        self.changes.len()
    }

    /// The change set that does it.
    pub fn change_set(&self) -> ChangeSet {
        let base_revision = Some(self.report.revision);
        ChangeSet { base_revision, packed: self.operations.clone(), ..ChangeSet::default() }
    }

    /// The change set that does it; uses the proposal up.
    pub fn into_change_set(self) -> ChangeSet {
        let base_revision = Some(self.report.revision);
        ChangeSet { base_revision, packed: self.operations, ..ChangeSet::default() }
    }

    /// What would become of each item, in the order of the operations.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let numbered = self.operations.iter().take(self.changes.len()).enumerate();
        numbered.filter_map(|(number, operation)| self.changes.whole(&self.metamodel, number, &operation))
    }

    /// The report with its changes, and the first entries of its lists only. Rows are left out.
    pub fn shown(&self, most: usize) -> ImportReport {
        let report = &self.report;
        ImportReport {
            changes: self.changes().take(most).collect(),
            conflicts: report.conflicts.iter().take(most).cloned().collect(),
            questions: report.questions.iter().take(most).cloned().collect(),
            problems: report.problems.iter().take(most).cloned().collect(),
            rows: Packed::new(),
            sources: report.sources.clone(),
            kinds: report.kinds.clone(),
            tables: report.tables.clone(),
            digest: report.digest.clone(),
            ..*report
        }
    }
}

/// Kinds whose items some kind owns.
fn parts_of_others(metamodel: &Metamodel) -> FxHashSet<KindId> {
    let references = metamodel.element_kinds().flat_map(Kind::references);
    references.filter_map(|(_, held)| held.owned.as_ref().map(|part| part.kind)).collect()
}

fn last_said(snapshot: &Snapshot, model: &ReadModel) -> Baseline {
    if model.source.starts_with(baseline::WORKBOOK) {
        Baseline::of_workbook(snapshot, model)
    } else {
        Baseline::load(snapshot, &model.source)
    }
}

/// What an import says of the items of each source, to be kept.
pub(super) type SaidBySource = Vec<FxHashMap<Arc<str>, LastSaid>>;

/// Values by field.
pub(super) type Values = BTreeMap<String, Json>;
