//! Questions that rules answer.

use serde::Deserialize;

use super::{Gathered, request};
use crate::analyses::findings::{CoverageState, Finding, FindingsRun, Rule, RuleCoverage, Severity, Wording};
use crate::analyses::names::summary_of;
use crate::analyses::questions::answer::Unjudged;
use crate::analyses::questions::answering::Asking;
use crate::analyses::questions::error::QuestionError;
use crate::analyses::sheets::{SheetCell, SheetColumn};
use crate::domain::{Localized, Model};
use crate::graph::View;

/// Which findings answer; an empty list takes all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    rules: Vec<String>,
    sets: Vec<String>,
    severities: Vec<Severity>,
    departments: Vec<String>,
    subjects: Vec<String>,
}

impl Wanted {
    fn takes_rule(&self, rule: &Rule) -> bool {
        let named = |list: &[String], word: &str| list.is_empty() || list.iter().any(|held| held == word);
        named(&self.rules, &rule.id)
            && named(&self.sets, &rule.set)
            && (self.severities.is_empty() || self.severities.contains(&rule.severity))
    }

    fn takes(&self, finding: &Finding) -> bool {
        let among = |list: &[String], held: &[String]| list.is_empty() || list.iter().any(|id| held.contains(id));
        among(&self.departments, &finding.departments) && among(&self.subjects, &finding.subjects)
    }
}

/// What rules found.
pub(super) fn columns() -> Vec<SheetColumn> {
    vec![
        SheetColumn::new("severity", "重大度", "Severity"),
        SheetColumn::new("title", "内容", "About"),
        SheetColumn::new("sentence", "指摘", "Finding"),
        SheetColumn::new("subject", "対象", "Subjects"),
        SheetColumn::new("department", "所管課", "Departments"),
        SheetColumn::new("advice", "対応", "What to do"),
        SheetColumn::new("rule", "規則", "Rule"),
        SheetColumn::new("finding", "指摘番号", "Finding id"),
    ]
}

/// The findings that are not dismissed, the gravest first.
pub(super) fn run(asking: &Asking<'_>, json: &serde_json::Value) -> Result<Gathered, QuestionError> {
    let wanted: Wanted = request(json)?;
    let found: &FindingsRun = &(asking.findings)();
    let wording = Wording::new(asking.view, asking.rules);
    let rules = asking.rules.rules();
    let drafts = found.findings.iter().filter(|(rule, _)| wanted.takes_rule(&rules[*rule]));
    let drafts = drafts.filter(|(_, draft)| !wording.is_dismissed(draft));
    let mut chosen: Vec<(usize, Finding)> =
        drafts.map(|(rule, draft)| (*rule, wording.finding(*rule, draft))).collect();
    chosen.retain(|(_, finding)| wanted.takes(finding));
    chosen.sort_by_key(|(rule, finding)| (finding.severity, *rule));
    let coverage = found.coverage.iter().zip(rules).filter(|(_, rule)| wanted.takes_rule(rule));
    let coverage: Vec<(&RuleCoverage, &Rule)> = coverage.collect();
    Ok(Gathered {
        columns: columns(),
        rows: chosen.iter().map(|(rule, finding)| row(asking.view, &rules[*rule], finding)).collect(),
        judged: coverage.iter().map(|(held, _)| held.judged).sum(),
        unjudged: coverage.iter().flat_map(|(held, _)| unjudged(asking.view, held)).collect(),
        remarks: coverage.iter().filter_map(|(held, rule)| remark(held, rule)).collect(),
        ..Gathered::default()
    })
}

fn row(view: &View, rule: &Rule, finding: &Finding) -> Vec<SheetCell> {
    let departments = finding.departments.iter().filter_map(|id| view.item(id));
    vec![
        SheetCell::localized(finding.severity.label()),
        SheetCell::localized(rule.title.clone()),
        SheetCell::localized(finding.sentence.clone()),
        SheetCell::items(finding.items.clone()),
        SheetCell::items(departments.map(|item| summary_of(view, item)).collect()),
        SheetCell::localized(finding.advice.clone()),
        SheetCell::text(&*finding.rule),
        SheetCell::text(finding.id.as_str()),
    ]
}

fn unjudged(view: &View, coverage: &RuleCoverage) -> Vec<Unjudged> {
    let lacking = coverage.lacking.iter().map(|held| Unjudged {
        of: coverage.rule.clone(),
        lacks: held.attribute.clone(),
        label: label(view, &held.attribute),
        count: held.count,
        examples: held.examples.clone(),
    });
    lacking.collect()
}

/// What people call the attribute at the end of a way such as `target.contract_end`; the way itself where no kind has it.
fn label(view: &View, way: &str) -> Localized {
    let first = way.split('|').next().unwrap_or(way).trim_start_matches(['<', '>']);
    let tails = first.match_indices('.').map(|(place, _)| &first[place + 1..]);
    let kinds = || view.metamodel().element_kinds().chain(view.metamodel().relationship_kinds());
    let named = |tail: &str| kinds().find_map(|kind| kind.attribute_named(tail)).map(|held| held.label.clone());
    let found = std::iter::once(first).chain(tails).find_map(named);
    let kind = || view.metamodel().kind_named(first).map(|kind| kind.label.clone());
    found.or_else(kind).unwrap_or_else(|| Localized::ja_en(way, way))
}

/// A rule whose silence means nothing has to be named.
fn remark(coverage: &RuleCoverage, rule: &Rule) -> Option<Localized> {
    if !matches!(coverage.state, CoverageState::NotApplicable | CoverageState::NotEvaluated) {
        return None;
    }
    let said =
        |language: &str| format!("{}（{}）: {}", rule.id, rule.title.get(language), coverage.sentence.get(language));
    Some(Localized::ja_en(&said("ja"), &said("en")))
}
