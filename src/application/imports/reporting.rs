//! The report of a proposal.

use rustc_hash::FxHashSet;

use super::matching::Fate;
use super::operations::Draft;
use super::proposing::{Importer, Source};
use super::report::{Counts, ImportReport, KindCounts, RecordCounts, SourceRead};
use crate::interchange::{Place, ProblemKind};

impl Importer<'_> {
    pub(super) fn report(mut self, sources: &[Source<'_>], fates: &[Vec<Fate>], draft: &Draft) -> ImportReport {
        let questions = std::mem::take(&mut self.questions).into_all();
        let conflicts = std::mem::take(&mut self.conflicts);
        let mut asked: FxHashSet<(String, u32)> = FxHashSet::default();
        let open = self.problems.iter().filter(|problem| problem.kind >= ProblemKind::Question);
        let places = questions.iter().flat_map(|question| &question.places);
        asked.extend(
            places
                .chain(open.map(|problem| &problem.place))
                .chain(conflicts.iter().map(|c| &c.place))
                .filter_map(row_of),
        );
        let rows: Vec<_> =
            sources.iter().flat_map(|source| Self::rows(source, &asked, &fates[source.number])).collect();
        let kinds = self.kind_counts(sources, fates, draft.counts());
        let read = sources.iter().flat_map(|source| source.model.problems.iter().cloned());
        let problems: Vec<_> = read.chain(std::mem::take(&mut self.problems)).collect();
        ImportReport {
            revision: self.snapshot.revision(),
            sources: sources.iter().map(|source| self.source_read(source)).collect(),
            records: RecordCounts::of(&rows),
            kinds,
            changes: draft.changes(),
            conflicts,
            questions,
            problems_total: problems.len(),
            problems,
            rows,
            tables: sources.iter().flat_map(|source| source.model.tables.clone()).collect(),
            is_empty: false,
            digest: String::new(),
        }
    }

    fn source_read(&self, source: &Source<'_>) -> SourceRead {
        SourceRead {
            source: source.model.source.clone(),
            title: source.model.title.clone(),
            format: source.model.format.word(),
            version: source.model.version.clone(),
            known: self.snapshot.element(&super::baseline::record_id(&source.model.source)).is_some(),
            items: source.model.items.len(),
        }
    }

    fn kind_counts(&self, sources: &[Source<'_>], fates: &[Vec<Fate>], mut counts: Counts) -> Vec<KindCounts> {
        let mut known: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for source in sources {
            for (item, fate) in source.model.items.iter().zip(&fates[source.number]) {
                if matches!(fate, Fate::Known(id, _) if !self.taken.contains(id)) {
                    *known.entry(&item.kind).or_default() += 1;
                }
            }
        }
        for (kind, known) in known {
            let held = counts.entry(kind.to_owned()).or_default();
            held[3] = known.saturating_sub(held[1]);
        }
        let label = |kind: &str| self.metamodel().kind_named(kind).map(|kind| kind.label.clone()).unwrap_or_default();
        let counted = |(kind, [created, updated, deleted, unchanged]): (String, [usize; 4])| KindCounts {
            label: label(&kind),
            kind,
            created,
            updated,
            deleted,
            unchanged,
        };
        counts.into_iter().map(counted).collect()
    }
}

fn row_of(place: &Place) -> Option<(String, u32)> {
    Some((place.file.to_string() + place.sheet.as_deref().unwrap_or(""), place.row?))
}
