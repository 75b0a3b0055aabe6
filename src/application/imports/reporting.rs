//! The report of a proposal.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::proposing::Importer;
use super::report::{Counts, ImportReport, KindCounts, RecordCounts, SourceRead};
use super::tally::Tally;
use super::told::{RowKey, row_of};
use crate::domain::packed::Packed;
use crate::interchange::{ReadModel, Record, RecordOutcome};

impl Importer<'_> {
    /// The report, without what the operations do; uses up what was read.
    pub(super) fn report(mut self, models: Vec<ReadModel>, tally: Tally, counts: Counts) -> ImportReport {
        let mut asked = self.problems.take_open_rows();
        asked.extend(self.questions.take_open_rows());
        let questions = std::mem::take(&mut self.questions).into_all();
        let conflicts = std::mem::take(&mut self.conflicts);
        asked.extend(conflicts.iter().map(|conflict| &conflict.place).filter_map(row_of));
        let sources = models.iter().zip(&tally.items).map(|(model, items)| self.source_read(model, *items)).collect();
        let kinds = self.kind_counts(tally.known, counts);
        let (mut rows, mut problems, mut tables) = (Packed::new(), Vec::new(), Vec::new());
        let mut not_listed = 0;
        for (model, outs) in models.into_iter().zip(&tally.outs) {
            rows.extend(settled_rows(model.records, &asked, outs));
            problems.extend(model.problems);
            not_listed += model.problems_not_listed;
            tables.extend(model.tables);
        }
        let (own, more) = std::mem::take(&mut self.problems).into_parts();
        problems.extend(own);
        ImportReport {
            revision: self.snapshot.revision(),
            sources,
            records: RecordCounts::of(&rows),
            kinds,
            changes: Vec::new(),
            conflicts,
            questions,
            problems_total: problems.len() + not_listed + more,
            problems,
            rows,
            tables,
            is_empty: false,
            digest: String::new(),
        }
    }

    fn source_read(&self, model: &ReadModel, items: usize) -> SourceRead {
        SourceRead {
            source: model.source.clone(),
            title: model.title.clone(),
            format: model.format.word(),
            version: model.version.clone(),
            known: self.snapshot.element(&super::baseline::record_id(&model.source)).is_some(),
            items,
        }
    }

    fn kind_counts(&self, known: BTreeMap<String, usize>, mut counts: Counts) -> Vec<KindCounts> {
        for (kind, known) in known {
            let held = counts.entry(kind).or_default();
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

/// Rows whose items ask something are questions, and so are those whose items stay out.
fn settled_rows(rows: Packed<Record>, asked: &FxHashSet<RowKey>, outs: &[bool]) -> impl Iterator<Item = Record> {
    rows.into_iter().map(|row| {
        let is_out = row.item.and_then(|item| outs.get(item)).is_some_and(|is_out| *is_out);
        let is_asked = || row_of(&row.place).is_some_and(|key| asked.contains(&key));
        let is_question = row.outcome < RecordOutcome::Question && (is_out || is_asked());
        if is_question { Record { outcome: RecordOutcome::Question, ..row } } else { row }
    })
}
