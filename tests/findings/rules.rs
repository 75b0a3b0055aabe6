//! The rules of the repository, and what they find.

use std::collections::{BTreeMap, BTreeSet};

use ezu::analyses::findings::{Catalogue, CoverageState, FindingsRun, run};
use ezu::domain::Metamodel;
use ezu::graph::View;

/// The rule files of the repository.
pub(crate) const RULES: [(&str, &str); 6] = [
    ("00-terms.yaml", include_str!("../../models/rules/00-terms.yaml")),
    ("10-security.yaml", include_str!("../../models/rules/10-security.yaml")),
    ("20-continuity.yaml", include_str!("../../models/rules/20-continuity.yaml")),
    ("30-lifecycle.yaml", include_str!("../../models/rules/30-lifecycle.yaml")),
    ("40-standardization.yaml", include_str!("../../models/rules/40-standardization.yaml")),
    ("50-knowledge.yaml", include_str!("../../models/rules/50-knowledge.yaml")),
];

/// Subjects by rule: what a rule says of a model.
pub(crate) type Subjects = BTreeMap<String, BTreeSet<Vec<String>>>;

pub(crate) fn catalogue(metamodel: &Metamodel) -> Catalogue {
    let files: Vec<(String, String)> =
        RULES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Catalogue::read(metamodel, &files).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn run_all(view: &View) -> (Catalogue, FindingsRun) {
    use ezu::domain::Model;
    let catalogue = catalogue(view.metamodel());
    let found = run(view, &catalogue, |_| true);
    (catalogue, found)
}

/// What the rules say of a view; rules that were not run are left out.
pub(crate) fn subjects(view: &View) -> Subjects {
    let (catalogue, found) = run_all(view);
    let skipped = |state: CoverageState| state == CoverageState::NotEvaluated;
    let mut all: Subjects = found
        .coverage
        .iter()
        .filter(|coverage| !skipped(coverage.state))
        .map(|coverage| (coverage.rule.to_string(), BTreeSet::new()))
        .collect();
    for (rule, draft) in &found.findings {
        let subjects = draft.subjects().iter().map(ToString::to_string).collect();
        let held = all.entry(catalogue.rules()[*rule].id.to_string()).or_default();
        assert!(held.insert(subjects), "{} is found twice", draft.id());
    }
    all
}
