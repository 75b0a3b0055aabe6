//! `ezu findings` and `ezu rules`: what the rules found, and what they could judge.

use super::arguments::{Findings, Rules, TableFormat};
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{impact, opening, output, table};
use crate::analyses::Tabular;
use crate::analyses::findings::{CoverageState, Finding, FindingsRun, FindingsTable, Severity, Wording};
use crate::application::Workspace;
use crate::application::files::load_rules;
use crate::application::findings::{FindingsFilter, Rulebook, Since};
use crate::graph::View;
use crate::reports;
use crate::settings::Settings;

/// A model, its rules, and what they found.
struct Judged {
    workspace: Workspace,
    rulebook: Rulebook,
    view: View,
}

pub(super) fn run(
    settings: &Settings,
    arguments: &Findings,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let judged = judge(settings, &arguments.moment)?;
    let filter = filter(arguments, &judged.rulebook)?;
    let (found, findings) = judged.select(&filter)?;
    let table = FindingsTable::new(&judged.view, findings);
    let text = match arguments.format {
        TableFormat::Xlsx => {
            return standard.whole(&output::workbook(&table, language)?, arguments.output.as_deref());
        }
        TableFormat::Csv => reports::to_csv(&table, language.tag()),
        TableFormat::Table => describe(&table, &found, &judged.rulebook, &filter, language),
        TableFormat::Json => {
            let text = serde_json::to_string_pretty(&table.findings);
            format!("{}\n", text.map_err(|error| Failure::cannot(error.to_string()))?)
        }
    };
    standard.whole(text.as_bytes(), arguments.output.as_deref())
}

pub(super) fn rules(
    settings: &Settings,
    arguments: &Rules,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    let judged = judge(settings, &arguments.moment)?;
    check_sets(&judged.rulebook, &arguments.set)?;
    let filter = FindingsFilter { sets: arguments.set.clone(), ..FindingsFilter::default() };
    let found = judged.rulebook.run(&judged.view);
    let catalogue = judged.rulebook.catalogue();
    let chosen = catalogue.rules().iter().enumerate().filter(|(_, rule)| filter.takes_rule(rule));
    let rows: Vec<Vec<String>> = chosen
        .map(|(number, rule)| {
            let findings = found.findings.iter().filter(|(place, _)| *place == number).count();
            vec![
                rule.id.to_string(),
                rule.severity.label().get(language.tag()).to_owned(),
                rule.title.get(language.tag()).to_owned(),
                findings.to_string(),
                found.coverage[number].sentence.get(language.tag()).to_owned(),
            ]
        })
        .collect();
    let heading = language.pick("規則,重大度,内容,指摘,判定", "Rule,Severity,Title,Findings,Coverage");
    out.text(&table::render(&heading.split(',').collect::<Vec<_>>(), &rows))
}

fn judge(settings: &Settings, moment: &super::arguments::Moment) -> Result<Judged, Failure> {
    let workspace = opening::existing_model(settings)?;
    let rulebook = Rulebook::new(load_rules(&workspace.metamodel(), settings.rules.as_deref())?);
    let view = impact::view(&workspace, moment)?;
    Ok(Judged { workspace, rulebook, view })
}

impl Judged {
    fn select(&self, filter: &FindingsFilter) -> Result<(std::sync::Arc<FindingsRun>, Vec<Finding>), Failure> {
        let (found, wording) = (self.rulebook.run(&self.view), Wording::new(&self.view, self.rulebook.catalogue()));
        let chosen = self.workspace.select_findings(&self.rulebook, &wording, &found, filter);
        let chosen = chosen.map_err(|error| Failure::refused(error.to_string()))?;
        let findings = chosen.into_iter().map(|place| {
            let (rule, draft) = &found.findings[place];
            wording.finding(*rule, draft)
        });
        let findings = findings.collect();
        Ok((found, findings))
    }
}

fn filter(arguments: &Findings, rulebook: &Rulebook) -> Result<FindingsFilter, Failure> {
    if let Some(unknown) = arguments.rule.iter().find(|id| rulebook.catalogue().rule(id).is_none()) {
        let hint =
            rulebook.catalogue().similar(unknown).map_or_else(String::new, |id| format!("; did you mean {id:?}?"));
        return Err(Failure::refused(format!("there is no rule {unknown:?}{hint}")));
    }
    check_sets(rulebook, &arguments.set)?;
    let severity = |name: &String| {
        Severity::named(name).ok_or_else(|| Failure::usage(format!("{name:?} is none of critical, high, medium, low")))
    };
    let since = arguments.since_revision.map(Since::Revision).or(arguments.since_date.map(Since::Day));
    Ok(FindingsFilter {
        rules: arguments.rule.clone(),
        sets: arguments.set.clone(),
        severities: arguments.severity.iter().map(severity).collect::<Result<_, _>>()?,
        departments: arguments.department.clone(),
        subjects: arguments.subject.clone(),
        since,
        dismissed: (!arguments.all).then_some(arguments.dismissed),
    })
}

fn check_sets(rulebook: &Rulebook, sets: &[String]) -> Result<(), Failure> {
    let known: Vec<&str> = rulebook.catalogue().sets().into_iter().map(|set| &**set).collect();
    match sets.iter().find(|set| !known.contains(&set.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(Failure::refused(format!("{unknown:?} is none of {}", known.join(", ")))),
    }
}

/// The findings for reading, then what could not be judged.
fn describe(
    findings: &FindingsTable,
    found: &FindingsRun,
    rulebook: &Rulebook,
    filter: &FindingsFilter,
    language: Language,
) -> String {
    let columns = findings.columns();
    let heading: Vec<&str> = columns.iter().take(3).map(|column| column.label.get(language.tag())).collect();
    let rows = findings.rows(language.tag()).into_iter().map(|row| row.into_iter().take(3).collect::<Vec<_>>());
    let mut text = table::render(&heading, &rows.collect::<Vec<_>>());
    let rules = rulebook.catalogue().rules().iter().zip(&found.coverage);
    for (rule, coverage) in rules.filter(|(rule, held)| filter.takes_rule(rule) && held.state != CoverageState::Judged)
    {
        text.push_str(&format!("{}: {}\n", rule.id, coverage.sentence.get(language.tag())));
    }
    let count = findings.findings.len();
    text.push_str(&language.pick("指摘{count}件\n", "{count} findings\n").replace("{count}", &count.to_string()));
    text
}
