//! The city on one page.

use std::collections::BTreeMap;

use super::report::{Cell, Report};
use super::{Parameters, Question};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) const QUESTION: Question = Question {
    name: "summary",
    ja: "全体の一枚：数、経費、時間、標準化、リスク",
    en: "The whole on one page: counts, cost, hours, standardization, risks",
    parameters: &[("since", "a revision or a date: what moved since then")],
    ask,
};

/// Adds what the page said before and how much that moved. A line that only one of the pages has moved from nothing, or
/// to nothing.
pub fn compare(now: &mut Report, before: &Report) {
    now.columns.insert(3, Column::new("before", "前", "Before"));
    now.columns.insert(4, Column::new("change", "増減", "Change"));
    let is_same = |one: &[Cell], other: &[Cell]| one[0] == other[0] && name(&one[1]) == name(&other[1]);
    let gone: Vec<&Vec<Cell>> =
        before.rows.iter().filter(|old| !now.rows.iter().any(|row| is_same(row, old))).collect();
    let mut moved = gone.len();
    for row in &mut now.rows {
        let held = before.rows.iter().find(|old| is_same(row, old)).map_or(Cell::Nothing, |old| old[2].clone());
        let change = difference(&held, &row[2]);
        moved += usize::from(held != row[2]);
        row.insert(3, held);
        row.insert(4, change);
    }
    for old in gone {
        let change = difference(&old[2], &Cell::Nothing);
        now.rows.push(vec![old[0].clone(), old[1].clone(), Cell::Nothing, old[2].clone(), change, old[3].clone()]);
    }
    let (revision, date) = (before.basis.revision, before.basis.date);
    now.figures.push(("since_revision", Cell::Integer(i64::try_from(revision).unwrap_or(i64::MAX))));
    now.figures.push(("since_date", Cell::Date(date)));
    now.figures.push(("moved", Cell::count(moved)));
    let told = |text: &str, more: String| format!("{text}{more}");
    now.sentence = Localized::ja_en(
        &told(now.sentence.get("ja"), format!("第{revision}版（{date}）から{moved}行が動いた。")),
        &told(now.sentence.get("en"), format!(" Since revision {revision} ({date}) {moved} lines moved.")),
    );
}

/// What a line is about: an item by its id, for it may have been renamed.
fn name(cell: &Cell) -> String {
    match cell {
        Cell::Item(item) => item.id.clone(),
        other => other.to_text("ja"),
    }
}

/// How much a figure moved; nothing for what is no figure, or did not move.
#[expect(clippy::cast_precision_loss, reason = "counts of a city")]
fn difference(before: &Cell, now: &Cell) -> Cell {
    let figure = |cell: &Cell| match cell {
        Cell::Integer(number) => Some(*number as f64),
        Cell::Number(number) => Some(*number),
        Cell::Nothing => Some(0.0),
        _ => None,
    };
    match figure(before).zip(figure(now)) {
        Some((before, now)) if before.to_bits() != now.to_bits() => Cell::Number(now - before),
        _ => Cell::Nothing,
    }
}

/// A whole number that a parameter gives.
///
/// # Errors
/// When it is none.
pub(super) fn number(parameters: &Parameters, field: &'static str) -> Result<Option<usize>, AnalysisError> {
    let Some(text) = parameters.get(field) else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| crate::analyses::names::unknown_word(field, "whole number", text, ["1", "24", "100"]))
}

fn ask(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("section", "区分", "Section"),
            Column::new("name", "項目", "Item"),
            Column::new("value", "値", "Value"),
            Column::new("unit", "単位", "Unit"),
        ],
    );
    let elements = counts(reader, &mut report);
    sums(reader, &mut report);
    let (done, affairs) = affairs(reader, &mut report);
    risks(reader, &mut report);
    report.judged(elements, "要素", "elements");
    report.figures = vec![("elements", Cell::count(elements)), ("affairs", Cell::count(affairs))];
    Ok(report.say(
        &format!("{elements}の要素を記録している。標準化対象事務{affairs}のうち{done}が標準準拠システムで動く。"),
        &format!("{elements} elements are recorded; {done} of {affairs} standard affairs run on a standard system."),
    ))
}

fn add(report: &mut Report, section: (&str, &str), name: Cell, value: Cell, unit: (&str, &str)) {
    let words = |(ja, en): (&str, &str)| Cell::Words(Localized::ja_en(ja, en));
    report.rows.push(vec![words(section), name, value, words(unit)]);
}

/// How many elements of each kind there are.
fn counts(reader: &Reader<'_>, report: &mut Report) -> usize {
    let mut elements = 0;
    let kinds: Vec<_> = reader.metamodel().element_kinds().map(|kind| (kind.id, kind.label.clone())).collect();
    for (kind, label) in kinds {
        let count = reader.members(kind).len();
        elements += count;
        if count > 0 {
            add(report, ("数", "counts"), Cell::Words(label), Cell::count(count), ("件", "items"));
        }
    }
    elements
}

/// Sums of what is recorded, and of how many it is not.
fn sums(reader: &Reader<'_>, report: &mut Report) {
    let wanted = [
        ("system", "annual_cost_kyen", ("年間経費", "annual cost"), ("千円/年", "thousand yen a year")),
        ("business_process", "staff_hours_per_year", ("業務時間", "staff hours"), ("時間/年", "hours a year")),
        ("data_flow", "manual_hours_per_year", ("再入力の時間", "hours of re-entry"), ("時間/年", "hours a year")),
        ("issue", "loss_hours_per_year", ("課題による影響時間", "hours lost to issues"), ("時間/年", "hours a year")),
    ];
    for (kind, attribute, (ja, en), unit) in wanted {
        let items = reader.all(kind);
        let known: Vec<f64> = items.iter().filter_map(|item| reader.number(*item, attribute)).collect();
        if known.is_empty() {
            report.lacking(items.len(), ja, en);
            continue;
        }
        // Only flows and issues without the figure have none by nature.
        if matches!(kind, "system" | "business_process") {
            report.lacking(items.len() - known.len(), ja, en);
        }
        add(report, ("合計", "sums"), Cell::Words(Localized::ja_en(ja, en)), Cell::Number(known.iter().sum()), unit);
    }
}

/// The standardization status of each affair: that of the systems that implement it.
fn affairs(reader: &Reader<'_>, report: &mut Report) -> (usize, usize) {
    let affairs = reader.sorted(reader.all("standard_affair"));
    let mut done = 0;
    for affair in &affairs {
        let systems =
            reader.sources(*affair, "implements_affair").into_iter().filter(|place| reader.is_a(*place, "system"));
        let mut statuses: BTreeMap<String, Place> = BTreeMap::new();
        for system in systems {
            if let Some(status) = reader.text(system, "standardization.status") {
                statuses.entry(status.to_owned()).or_insert(system);
            }
        }
        done += usize::from(statuses.contains_key("compliant"));
        let best =
            ["compliant", "special", "undesignated", "peripheral"].iter().find_map(|status| statuses.get(*status));
        let value = best.map_or(Cell::Words(Localized::ja_en("不明", "unknown")), |system| {
            Cell::code(reader, *system, "standardization.status")
        });
        add(report, ("標準化20業務", "standard affairs"), Cell::item(reader, *affair), value, ("", ""));
    }
    (done, affairs.len())
}

/// The ten gravest risks.
fn risks(reader: &Reader<'_>, report: &mut Report) {
    let mut risks: Vec<(i64, Place)> =
        reader.all("risk").into_iter().filter_map(|risk| Some((reader.integer(risk, "score")?, risk))).collect();
    risks.sort_by_key(|(score, risk)| (std::cmp::Reverse(*score), reader.id(*risk)));
    for (score, risk) in risks.into_iter().take(10) {
        add(report, ("主なリスク", "top risks"), Cell::item(reader, risk), Cell::Integer(score), ("点", "points"));
    }
}
