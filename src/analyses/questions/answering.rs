//! Answering a question.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::answer::{AnswerCoverage, QuestionAnswer, Verdict};
use super::arguments::Arguments;
use super::calls::{self, Gathered};
use super::catalogue::QuestionCatalogue;
use super::coverage::coverage;
use super::error::QuestionError;
use super::figures::Figures;
use super::next;
use super::question::{Call, Group, Question};
use crate::analyses::Basis;
use crate::analyses::findings::{Catalogue, FindingsRun, Reader};
use crate::analyses::sheets::SheetTable;
use crate::domain::Localized;
use crate::graph::View;
use crate::query::Limits;
use crate::query::over_view::Procedures;

/// What answers draw on.
pub struct Asking<'a> {
    /// What is asked about.
    pub(super) view: &'a View,
    /// The rules.
    pub(super) rules: &'a Catalogue,
    /// The questions.
    pub(super) questions: &'a QuestionCatalogue,
    /// What the rules found, worked out when a question needs it.
    pub(super) findings: &'a dyn Fn() -> Arc<FindingsRun>,
    /// What a query may use.
    pub(super) limits: Limits,
    /// What a query can call.
    pub(super) procedures: &'a dyn Procedures,
    pub(super) reader: Reader<'a>,
}

impl<'a> Asking<'a> {
    /// Everything that answers about a view draw on.
    pub fn new(
        view: &'a View,
        rules: &'a Catalogue,
        questions: &'a QuestionCatalogue,
        findings: &'a dyn Fn() -> Arc<FindingsRun>,
        limits: Limits,
        procedures: &'a dyn Procedures,
    ) -> Self {
        Self { view, rules, questions, findings, limits, procedures, reader: Reader::new(view, rules.terms()) }
    }
}

/// Answers a question.
///
/// Takes the time of the call that answers it, and time proportional to the items whose records it reads.
///
/// # Errors
/// [`QuestionError`].
pub fn answer(asking: &Asking<'_>, id: &str, given: &Map<String, Json>) -> Result<QuestionAnswer, QuestionError> {
    let question = asking.questions.find(id)?;
    let chosen = Arguments::of(asking.view, question, given)?;
    let unusable = question.unusable.clone();
    let (mut found, coverage, verdict) = match unusable {
        Some(why) => {
            let coverage = AnswerCoverage { remarks: vec![why.clone()], sentence: why, ..AnswerCoverage::default() };
            (Gathered::default(), coverage, Verdict::NotApplicable)
        }
        None => ask(asking, question, &chosen)?,
    };
    let figures = Figures { chosen: &chosen, found: &found, date: asking.view.date() };
    let headline = headline(question, &figures, verdict);
    let supporting = if verdict == Verdict::Found { supporting(question, &figures) } else { Vec::new() };
    let group = asking.questions.group(&question.group);
    Ok(QuestionAnswer {
        basis: Basis::of(asking.view),
        question: Arc::clone(&question.id),
        group: group.cloned().unwrap_or(Group { id: question.group.clone(), label: Localized::default() }),
        ask: next::asked(question, &chosen),
        parameters: chosen.to_json(),
        answer: verdict,
        headline,
        supporting,
        diagram: question.diagram.as_ref().map(|template| next::diagram(asking, template, &chosen)),
        coverage,
        next: next::next(asking, question, &chosen),
        table: table(question, &chosen, &mut found),
    })
}

type Asked = (Gathered, AnswerCoverage, Verdict);

fn ask(asking: &Asking<'_>, question: &Question, chosen: &Arguments) -> Result<Asked, QuestionError> {
    let mut found = calls::run(asking, question, chosen)?;
    if matches!(question.call, Call::Query(_)) && question.reads.is_empty() {
        found.is_unknown = true;
        found.remarks.push(undeclared());
    }
    let (coverage, looked_at) = coverage(asking, question, chosen, &mut found)?;
    let reads_nothing = !question.reads.is_empty() && looked_at == 0;
    let nothing_to_judge =
        reads_nothing || (question.reads.is_empty() && coverage.judged == 0 && !coverage.remarks.is_empty());
    let verdict = match (found.rows.is_empty(), found.is_unknown, coverage.complete) {
        (false, ..) => Verdict::Found,
        (true, false, _) if nothing_to_judge => Verdict::NotApplicable,
        (true, false, true) => Verdict::None,
        (true, true, _) | (true, false, false) => Verdict::Unknown,
    };
    Ok((found, coverage, verdict))
}

fn headline(question: &Question, figures: &Figures<'_>, verdict: Verdict) -> Localized {
    let sentences = &question.sentences;
    let own = figures.found.sentence.clone();
    match verdict {
        Verdict::Found => sentences.found.as_ref().map(|text| figures.say(text)).or(own).unwrap_or_default(),
        Verdict::None => sentences.none.as_ref().map(|text| figures.say(text)).or(own).unwrap_or_else(nothing),
        Verdict::Unknown => own.filter(|_| figures.found.is_unknown).unwrap_or_else(unknown),
        Verdict::NotApplicable => not_applicable(),
    }
}

/// A query that does not say what it has to know cannot be whole.
fn undeclared() -> Localized {
    Localized::ja_en(
        "この問合せは何を読むかを宣言していないため、記録の漏れがあるかどうかは分からない。",
        "The query does not say what it has to know, so whether something is missing cannot be told.",
    )
}

fn nothing() -> Localized {
    Localized::ja_en("当てはまるものはない。", "Nothing fits.")
}

fn unknown() -> Localized {
    Localized::ja_en(
        "記録の範囲では見つからないが、判定できないものがあるため、ないとは言えない。",
        "Nothing on record fits, but some things could not be judged, so that does not mean that there is none.",
    )
}

fn not_applicable() -> Localized {
    Localized::ja_en(
        "この問いの対象がモデルに記録されていないため、答えられない。ないという意味ではない。",
        "The model records nothing of what this question is about, so it cannot be answered. That does not mean that there is none.",
    )
}

fn supporting(question: &Question, figures: &Figures<'_>) -> Vec<Localized> {
    let sentences = &question.sentences;
    let said =
        sentences.supporting.iter().filter(|held| held.when.as_deref().is_none_or(|name| figures.is_something(name)));
    let mut found: Vec<Localized> = said.map(|held| figures.say(&held.text)).collect();
    if let Some((template, most)) = &sentences.each {
        found.extend(figures.found.rows.iter().take(*most).map(|row| figures.say_row(template, row)));
    }
    found
}

fn table(question: &Question, chosen: &Arguments, found: &mut Gathered) -> SheetTable {
    SheetTable {
        key: "answer".to_owned(),
        heading: next::asked(question, chosen),
        columns: std::mem::take(&mut found.columns),
        rows: std::mem::take(&mut found.rows),
        ..SheetTable::default()
    }
}
