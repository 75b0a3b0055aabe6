//! The hearing sheet of a department: what is known, to be confirmed; what is blank and matters most; open issues.
//!
//! Blanks are ranked by how many answers they would improve: the rules that cannot judge and the questions whose
//! answers leave something out for want of them, each counted once.

use super::answer::Basis;
use super::error::AnalysisError;
use super::findings::{Catalogue, Reader};
use super::gaps::WaitingAnswers;
use super::names::find_items;
use super::questions::QuestionCatalogue;
use super::sections::{BlankFact, Scope, blanks, form, is_fictional, listed, open_issues, recorded_fields, summary};
use super::sheets::{Sheet, SheetCell, SheetColumn, SheetStamp, SheetTable};
use crate::domain::{Localized, Model};
use crate::graph::{Place, View};

/// A table of what is known: its key and names, the kind, and the attributes that people are asked to confirm.
type KnownForm = ((&'static str, &'static str, &'static str), &'static str, &'static [&'static str]);

const PROCESSES: KnownForm = (
    ("processes", "業務の確認", "Work to confirm"),
    "business_process",
    &[
        "legal_basis",
        "volume_per_year",
        "staff_hours_per_year",
        "peak",
        "channel",
        "continuity.rto_hours",
        "systems",
        "known_by",
        "manual.status",
    ],
);
const SYSTEMS: KnownForm = (
    ("systems", "所管システムの確認", "Systems to confirm"),
    "system",
    &[
        "type",
        "vendor",
        "zone",
        "users",
        "contract_end",
        "annual_cost_kyen",
        "availability.rto_hours",
        "availability.backup",
        "personal_data.class",
        "known_by",
    ],
);
const DATA: KnownForm = (
    ("data", "情報の確認", "Data to confirm"),
    "data_object",
    &["masters", "personal_class", "subjects", "retention", "personal_file_registry"],
);
const FLOWS: KnownForm = (
    ("flows", "データ連携の確認", "Data flows to confirm"),
    "data_flow",
    &["data", "method", "frequency", "control", "records_per_month", "documented", "manual_hours_per_year"],
);

/// The hearing sheet of a department and of those that are part of it.
///
/// Takes time proportional to what rules and questions judge.
///
/// # Errors
/// When there is no such department.
pub fn hearing_sheet(
    view: &View,
    department: &str,
    rules: &Catalogue,
    questions: &QuestionCatalogue,
) -> Result<Sheet, AnalysisError> {
    let reader = Reader::new(view, rules.terms());
    let place = department_place(view, &reader, department)?;
    let scope = Scope::of_department(&reader, place);
    let waiting = WaitingAnswers::of(&reader, rules, questions);
    let places = asked_about(&reader, &scope);
    let blank = blanks(&reader, &places, &waiting);
    let issues = open_issues(&reader, &listed(&reader, &scope.departments, |held| reader.sources(held, "raised_by")));
    let owned_data: Vec<Place> = places.iter().copied().filter(|held| reader.is_a(*held, "data_object")).collect();
    let known = |held: &KnownForm, places: &[Place]| SheetTable {
        is_form: true,
        ..form(&reader, held.0, held.1, places, held.2)
    };
    let subject = summary(&reader, place).ok_or_else(|| unknown(view, department))?;
    Ok(Sheet {
        basis: Basis::of(view),
        form: "hearing_sheet",
        title: Localized::ja_en(
            &format!("ヒアリングシート（{}）", subject.name.get("ja")),
            &format!("Hearing sheet: {}", subject.name.get("en")),
        ),
        subject,
        stamp: SheetStamp::of(is_fictional(&reader)),
        summary: summary_of(&reader, &places, &blank, issues.rows.len()),
        tables: vec![
            blank_table(&reader, &blank, questions),
            issues,
            known(&PROCESSES, &scope.processes),
            known(&SYSTEMS, &scope.owned_systems),
            known(&FLOWS, &scope.flows),
            known(&DATA, &owned_data),
        ],
    })
}

fn department_place(view: &View, reader: &Reader<'_>, id: &str) -> Result<Place, AnalysisError> {
    find_items(view, "id", &[id.to_owned()])?;
    reader.place(id).filter(|place| reader.is_a(*place, "department")).ok_or_else(|| unknown(view, id))
}

fn unknown(view: &View, id: &str) -> AnalysisError {
    AnalysisError::UnknownItem { field: "id", id: id.to_owned(), suggestion: view.similar_id(id) }
}

/// What the people of the department can be asked about: what they are in charge of, and the flows of its systems.
fn asked_about(reader: &Reader<'_>, scope: &Scope) -> Vec<Place> {
    let owned = listed(reader, &scope.departments, |place| reader.sources(place, "owned_by"));
    let adopted = listed(reader, &scope.departments, |place| reader.sources(place, "adopted_by"));
    let raised = listed(reader, &scope.departments, |place| reader.sources(place, "raised_by"));
    let parts = [&scope.departments, &owned, &adopted, &raised, &scope.flows];
    reader.sorted(parts.into_iter().flatten().copied().collect())
}

fn summary_of(reader: &Reader<'_>, places: &[Place], blank: &[BlankFact<'_>], issues: usize) -> Vec<Localized> {
    let recorded: usize = places
        .iter()
        .filter_map(|place| Some(recorded_fields(reader, reader.metamodel().kind(reader.kind_of(*place)?), *place)))
        .sum();
    let (items, empty) = (places.len(), blank.len());
    let useful = blank.iter().filter(|held| held.waiting.answers() > 0).count();
    vec![
        Localized::ja_en(
            &format!(
                "記録されている対象は{items}件、事柄は{recorded}項目。空欄は{empty}項目で、うち{useful}項目は埋まると答えがよくなる。"
            ),
            &format!(
                "{items} items with {recorded} facts are on record. {empty} facts are blank; {useful} of them would improve answers."
            ),
        ),
        Localized::ja_en(
            &format!("未解決の課題は{issues}件。空欄は「分からない」のままで構わない。推測では埋めない。"),
            &format!("{issues} issues are open. Leave blank what is not known; do not guess."),
        ),
    ]
}

fn blank_table(reader: &Reader<'_>, blank: &[BlankFact<'_>], questions: &QuestionCatalogue) -> SheetTable {
    let columns = vec![
        SheetColumn::new("rank", "順", "Rank"),
        SheetColumn::new("item", "対象", "Item"),
        SheetColumn::new("kind", "種類", "Kind"),
        SheetColumn::new("attribute", "聞くこと", "To ask"),
        SheetColumn::new("help", "説明", "What is meant"),
        SheetColumn::new("answers", "よくなる答えの数", "Answers improved"),
        SheetColumn::new("questions", "よくなる問い", "Questions improved"),
        SheetColumn::new("rules", "判定できるようになる規則", "Rules that can judge"),
        SheetColumn::new("judgements", "判定の数", "Judgements"),
        SheetColumn::new("reply", "回答（分からないときは「不明」）", "Reply (\"unknown\" if so)"),
    ];
    let rows = blank.iter().enumerate().map(|(number, held)| blank_row(reader, number, held, questions));
    let note = Localized::ja_en(
        "空欄を、埋まるとよくなる答え（規則と問い）の多い順に並べた。",
        "Blanks, ranked by how many answers (rules and questions) they would improve.",
    );
    SheetTable {
        rows: rows.collect(),
        notes: vec![note],
        is_form: true,
        ..SheetTable::new("blanks", "聞くこと（空欄）", "What to ask (blanks)", columns)
    }
}

fn blank_row(
    reader: &Reader<'_>,
    number: usize,
    blank: &BlankFact<'_>,
    questions: &QuestionCatalogue,
) -> Vec<SheetCell> {
    let kind = reader.kind_of(blank.place).map(|kind| reader.metamodel().kind(kind).label.clone());
    let asked = |language: &str| {
        let known = blank.waiting.questions.iter().filter_map(|id| questions.question(id));
        known.map(|question| question.plainly(language)).collect::<Vec<_>>().join("\n")
    };
    let rules: Vec<&str> = blank.waiting.rules.iter().map(|id| &**id).collect();
    vec![
        SheetCell::count(number + 1),
        summary(reader, blank.place).map_or(SheetCell::Empty, SheetCell::Item),
        kind.map_or(SheetCell::Empty, SheetCell::localized),
        SheetCell::localized(blank.definition.label.clone()),
        SheetCell::localized(blank.definition.help.clone()),
        SheetCell::count(blank.waiting.answers()),
        if blank.waiting.questions.is_empty() {
            SheetCell::Empty
        } else {
            SheetCell::localized(Localized::ja_en(&asked("ja"), &asked("en")))
        },
        SheetCell::text(rules.join(", ")),
        SheetCell::count(blank.waiting.judgements),
        SheetCell::Empty,
    ]
}
