//! What the rules found about the work.

use rustc_hash::FxHashSet;

use super::HandoverSources;
use crate::analyses::findings::{Draft, Reader, Wording};
use crate::analyses::sections::Scope;
use crate::analyses::sheets::{SheetCell, SheetColumn, SheetTable};
use crate::graph::Place;

/// Findings about what the department is in charge of, or about the work and what it uses; the gravest first, without
/// those that were dismissed.
pub(super) fn findings(reader: &Reader<'_>, scope: &Scope, sources: &HandoverSources<'_>) -> SheetTable {
    let wording = Wording::new(reader.view(), sources.rules);
    let departments: FxHashSet<&str> = scope.departments.iter().map(|place| reader.id(*place)).collect();
    let places: FxHashSet<Place> =
        scope.processes.iter().chain(&scope.used_systems).chain(&scope.flows).copied().collect();
    let concerns = |draft: &Draft| {
        if scope.is_process {
            let subjects = draft.subjects().iter().filter_map(|id| reader.place(id.as_str()));
            return subjects.into_iter().any(|place| places.contains(&place));
        }
        wording.departments(draft).iter().any(|id| departments.contains(id.as_str()))
    };
    let found = sources.findings.findings.iter();
    let found = found.filter(|(_, draft)| concerns(draft) && !wording.is_dismissed(draft));
    let mut found: Vec<_> = found.map(|(rule, draft)| (*rule, wording.finding(*rule, draft))).collect();
    found.sort_by_key(|(rule, finding)| (finding.severity, *rule));
    let columns = vec![
        SheetColumn::new("severity", "重大度", "Severity"),
        SheetColumn::new("sentence", "指摘", "Finding"),
        SheetColumn::new("advice", "対応", "What to do"),
        SheetColumn::new("rule", "規則", "Rule"),
        SheetColumn::new("finding", "指摘番号", "Finding id"),
    ];
    let rows = found.into_iter().map(|(_, finding)| {
        vec![
            SheetCell::localized(finding.severity.label()),
            SheetCell::localized(finding.sentence),
            SheetCell::localized(finding.advice),
            SheetCell::text(&*finding.rule),
            SheetCell::text(finding.id),
        ]
    });
    SheetTable { rows: rows.collect(), ..SheetTable::new("findings", "指摘", "Findings", columns) }
}
