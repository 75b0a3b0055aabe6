//! Findings as a table.

use super::finding::{DismissalState, Finding};
use crate::analyses::{Column, Tabular};
use crate::domain::Localized;

/// Findings as a table.
#[derive(Debug)]
pub struct FindingsTable {
    /// The findings, one a row.
    pub findings: Vec<Finding>,
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
            Column::new("subjects", "対象", "Subjects"),
            Column::new("departments", "所管課", "Departments"),
            Column::new("advice", "対応", "Advice"),
            Column::new("dismissed", "対応不要", "Dismissed"),
            Column::new("id", "指摘番号", "Id"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.findings.iter().map(|finding| row(finding, language)).collect()
    }
}

fn row(finding: &Finding, language: &str) -> Vec<String> {
    let held = finding.dismissal.as_ref().filter(|held| held.state == DismissalState::Holds);
    vec![
        finding.rule.to_string(),
        finding.severity.label().get(language).to_owned(),
        finding.sentence.get(language).to_owned(),
        finding.subjects.join(" "),
        finding.departments.join(" "),
        finding.advice.get(language).to_owned(),
        held.map_or_else(String::new, |held| held.reason.clone()),
        finding.id.clone(),
    ]
}
