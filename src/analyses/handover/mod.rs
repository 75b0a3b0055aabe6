//! The handover document (引継書) of a department or of one piece of work: work, calendar with its peaks, systems, data,
//! partners, laws, people who know, decisions, open issues, projects, findings, and what is not recorded.

mod calendar;
mod findings;
mod partners;
mod people;
mod tables;

use super::answer::Basis;
use super::error::AnalysisError;
use super::findings::{Catalogue, FindingsRun, Reader};
use super::gaps::WaitingAnswers;
use super::names::find_items;
use super::questions::QuestionCatalogue;
use super::sections::{Scope, blanks, is_fictional, listed, open_issues, summary};
use super::sheets::{Sheet, SheetStamp, SheetTable};
use crate::domain::{Localized, Model};
use crate::graph::{Place, View};

/// What a handover document draws on besides the view.
#[derive(Debug, Clone, Copy)]
pub struct HandoverSources<'a> {
    /// The rules.
    pub rules: &'a Catalogue,
    /// The questions.
    pub questions: &'a QuestionCatalogue,
    /// What the rules found in the view.
    pub findings: &'a FindingsRun,
}

/// The handover document of a department (with those that are part of it) or of a business process.
///
/// Takes time proportional to what rules and questions judge.
///
/// # Errors
/// When there is no such department or process.
pub fn handover(view: &View, kind: &str, id: &str, sources: &HandoverSources<'_>) -> Result<Sheet, AnalysisError> {
    let reader = Reader::new(view, sources.rules.terms());
    find_items(view, "id", &[id.to_owned()])?;
    let unknown = || AnalysisError::UnknownItem { field: "id", id: id.to_owned(), suggestion: view.similar_id(id) };
    let place = reader.place(id).filter(|place| reader.is_a(*place, kind)).ok_or_else(unknown)?;
    let subject = summary(&reader, place).ok_or_else(unknown)?;
    let scope = match kind {
        "department" => Scope::of_department(&reader, place),
        _ => Scope::of_process(&reader, place),
    };
    let title =
        |language: &str, (before, after): (&str, &str)| format!("{before}{}{after}", subject.name.get(language));
    Ok(Sheet {
        basis: Basis::of(view),
        form: "handover",
        title: Localized::ja_en(&title("ja", ("引継書（", "）")), &title("en", ("Handover: ", ""))),
        stamp: SheetStamp::of(is_fictional(&reader)),
        summary: said_first(&reader, place, &scope),
        tables: tables(&reader, &scope, sources),
        subject,
    })
}

fn tables(reader: &Reader<'_>, scope: &Scope, sources: &HandoverSources<'_>) -> Vec<SheetTable> {
    let mut found = vec![tables::work(reader, scope)];
    if scope.is_process {
        found.push(tables::steps(reader, scope));
    }
    found.extend([
        calendar::calendar(reader, &scope.processes),
        tables::systems(reader, scope),
        tables::data(reader, scope),
        partners::partners(reader, scope),
        tables::laws(reader, scope),
        people::people(reader, scope),
        tables::decisions(reader, scope),
        open_issues(reader, &issues(reader, scope)),
        tables::projects(reader, scope),
        findings::findings(reader, scope, sources),
        not_recorded(reader, scope, sources),
    ]);
    found
}

/// Issues of the department, or of the one piece of work.
fn issues(reader: &Reader<'_>, scope: &Scope) -> Vec<Place> {
    if scope.is_process {
        return listed(reader, &scope.processes, |place| reader.sources(place, "about"));
    }
    listed(reader, &scope.departments, |place| reader.sources(place, "raised_by"))
}

/// What nobody has written down about the work and its systems.
fn not_recorded(reader: &Reader<'_>, scope: &Scope, sources: &HandoverSources<'_>) -> SheetTable {
    let waiting = WaitingAnswers::of(reader, sources.rules, sources.questions);
    let places: Vec<Place> = scope.processes.iter().chain(&scope.owned_systems).copied().collect();
    tables::not_recorded(reader, &blanks(reader, &reader.sorted(places), &waiting))
}

fn said_first(reader: &Reader<'_>, place: Place, scope: &Scope) -> Vec<Localized> {
    let sum = |attribute: &str| scope.processes.iter().filter_map(|held| reader.integer(*held, attribute)).sum::<i64>();
    let (processes, hours, cases) = (scope.processes.len(), sum("staff_hours_per_year"), sum("volume_per_year"));
    let (owned, used) = (scope.owned_systems.len(), scope.used_systems.len());
    let mut said = vec![Localized::ja_en(
        &format!(
            "業務{processes}件、年間{hours}時間、年間{cases}件。使うシステム{used}件、所管するシステム{owned}件。"
        ),
        &format!(
            "{processes} pieces of work, {hours} hours and {cases} cases a year; {used} systems used, {owned} owned."
        ),
    )];
    let silent = scope.processes.iter().filter(|held| reader.integer(**held, "staff_hours_per_year").is_none()).count();
    if silent > 0 {
        said.push(Localized::ja_en(
            &format!("{silent}件は年間業務時間の記載がなく、合計に入っていない。"),
            &format!("{silent} have no hours on record and are not in the sum."),
        ));
    }
    if let Some(duties) = reader.text(place, "duties") {
        said.push(Localized::ja_en(&format!("事務分掌：{duties}"), &format!("Duties: {duties}")));
    }
    said
}
