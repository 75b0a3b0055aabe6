//! Findings as a table.

use std::collections::BTreeMap;

use super::finding::{DismissalState, Finding};
use crate::analyses::names::name_of;
use crate::analyses::{Column, Tabular};
use crate::domain::{Localized, Model};
use crate::graph::View;

/// Findings as a table.
#[derive(Debug)]
pub struct FindingsTable {
    /// The findings, one a row.
    pub findings: Vec<Finding>,
    /// What the departments in charge are called, by id.
    departments: BTreeMap<String, Localized>,
}

impl FindingsTable {
    /// Findings of a view.
    pub fn new(view: &View, findings: Vec<Finding>) -> Self {
        let mut departments = BTreeMap::new();
        for id in findings.iter().flat_map(|finding| &finding.departments) {
            if let Some(item) = view.item(id).filter(|_| !departments.contains_key(id)) {
                departments.insert(id.clone(), name_of(view, item));
            }
        }
        Self { findings, departments }
    }

    fn row(&self, finding: &Finding, language: &str) -> Vec<String> {
        let held = finding.dismissal.as_ref().filter(|held| held.state == DismissalState::Holds);
        let subjects: Vec<&str> = finding.items.iter().map(|item| item.name.get(language)).collect();
        let departments =
            finding.departments.iter().map(|id| self.departments.get(id).map_or(&**id, |name| name.get(language)));
        vec![
            finding.rule.to_string(),
            finding.severity.label().get(language).to_owned(),
            finding.sentence.get(language).to_owned(),
            subjects.join("; "),
            departments.collect::<Vec<_>>().join("; "),
            finding.advice.get(language).to_owned(),
            held.map_or_else(String::new, |held| held.reason.clone()),
            finding.id.clone(),
            finding.subjects.join(" "),
            finding.departments.join(" "),
        ]
    }
}

impl Tabular for FindingsTable {
    fn title(&self) -> Localized {
        Localized::ja_en("指摘一覧", "Findings")
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("rule", "規則", "Rule"),
            Column::new("severity", "重大度", "Severity"),
            Column::new("sentence", "指摘", "Finding"),
            Column::new("subject_names", "対象", "Subjects"),
            Column::new("department_names", "所管課", "Departments"),
            Column::new("advice", "対応", "Advice"),
            Column::new("dismissed", "対応不要", "Dismissed"),
            Column::new("id", "指摘番号", "Id"),
            Column::new("subjects", "対象の識別子", "Subject ids"),
            Column::new("departments", "所管課の識別子", "Department ids"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.findings.iter().map(|finding| self.row(finding, language)).collect()
    }
}

/// What a change does to the findings, as one table.
#[derive(Debug)]
pub struct ChangedFindings {
    /// Those that it creates.
    pub created: FindingsTable,
    /// Those that it resolves.
    pub resolved: FindingsTable,
}

impl Tabular for ChangedFindings {
    fn title(&self) -> Localized {
        Localized::ja_en("指摘の変化", "Changed findings")
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::new("change", "変化", "Change")];
        columns.extend(self.created.columns());
        columns
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        let sides = [
            (&self.created, Localized::ja_en("生じる", "created")),
            (&self.resolved, Localized::ja_en("なくなる", "resolved")),
        ];
        let told = |(table, change): (&FindingsTable, Localized)| {
            let mut rows = table.rows(language);
            rows.iter_mut().for_each(|row| row.insert(0, change.get(language).to_owned()));
            rows
        };
        sides.into_iter().flat_map(told).collect()
    }
}
