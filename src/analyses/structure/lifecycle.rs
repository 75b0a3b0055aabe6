//! Lifecycle: what ends when, and what running costs until then.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

use super::report::{Cell, Report};
use super::summary::number;
use super::{Parameters, Question};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) const QUESTION: Question = Question {
    name: "lifecycle",
    ja: "ライフサイクル：何がいつ終わるか（今後24か月）",
    en: "Lifecycle: what ends when, in the next 24 months",
    parameters: &[("months", "how far to look ahead; 24 as usual")],
    ask,
};

pub(super) const COST_CURVE: Question = Question {
    name: "cost-curve",
    ja: "経費の推移：契約が続く分の年間経費",
    en: "Cost curve: what running costs, year by year, under contracts that still run",
    parameters: &[("years", "how many fiscal years; 5 as usual")],
    ask: cost_curve,
};

/// What can end: where it stands, and what it is called.
const ENDS: [(&str, &str, &str, &str); 5] = [
    ("system", "contract_end", "契約満了", "contract end"),
    ("infrastructure", "lease_end", "賃借終了", "lease end"),
    ("technology", "end_of_support", "サポート終了", "end of support"),
    ("decision", "review_due", "決定の見直し", "review of a decision"),
    ("project", "go_live", "プロジェクト稼働", "go-live of a project"),
];

fn ask(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let months = i64::try_from(number(parameters, "months")?.unwrap_or(24)).unwrap_or(24);
    let span = Span::new().try_months(months).unwrap_or_default();
    let until = reader.date().checked_add(span).unwrap_or(Date::MAX);
    let mut rows: Vec<(Date, Place, usize)> = Vec::new();
    let (mut judged, mut report) = (
        0,
        Report::new(
            reader,
            &QUESTION,
            vec![
                Column::new("date", "日付", "Date"),
                Column::new("what", "内容", "What"),
                Column::new("item", "対象", "Item"),
                Column::new("past", "過ぎている", "Past"),
                Column::new("systems", "関わるシステム", "Systems concerned"),
                Column::new("successor", "後継のプロジェクト", "Project that follows"),
            ],
        ),
    );
    for (number, (kind, attribute, ja, en)) in ENDS.iter().enumerate() {
        let items = reader.all(kind);
        let dated: Vec<(Place, Date)> =
            items.iter().filter_map(|item| Some((*item, reader.date_of(*item, attribute)?))).collect();
        judged += dated.len();
        report.lacking(items.len() - dated.len(), &format!("{ja}の日"), &format!("a date of {en}"));
        rows.extend(dated.into_iter().filter(|(_, date)| *date <= until).map(|(item, date)| (date, item, number)));
    }
    rows.retain(|(date, _, number)| *date >= reader.date() || matches!(number, 0..=2));
    rows.sort_by_key(|(date, item, number)| (*date, *number, reader.id(*item)));
    for (date, item, number) in &rows {
        report.rows.push(vec![
            Cell::Date(*date),
            Cell::Words(Localized::ja_en(ENDS[*number].2, ENDS[*number].3)),
            Cell::item(reader, *item),
            Cell::Boolean(*date < reader.date()),
            Cell::items(reader, &concerned(reader, *item)),
            Cell::items(reader, &successors(reader, *item)),
        ]);
    }
    let unknown = std::mem::take(&mut report.coverage.unknown);
    report.judged(judged, "終わる日", "dates on which anything ends");
    report.coverage.unknown.extend(unknown);
    let past = rows.iter().filter(|(date, ..)| *date < reader.date()).count();
    let ahead = rows.len() - past;
    report.figures = vec![("ahead", Cell::count(ahead)), ("past", Cell::count(past)), ("until", Cell::Date(until))];
    Ok(report.say(
        &format!("{until}までに{ahead}件が終わる。すでに過ぎたものが{past}件ある。"),
        &format!("{ahead} end by {until}; {past} have ended already."),
    ))
}

fn concerned(reader: &Reader<'_>, item: Place) -> Vec<Place> {
    ["built_with", "runs_on"].iter().flat_map(|kind| reader.sources(item, kind)).collect()
}

fn successors(reader: &Reader<'_>, item: Place) -> Vec<Place> {
    let edges = reader.incoming(item, &reader.kinds("changes_system")).into_iter();
    let follows = |role: &str| ["replace", "renew", "retire"].contains(&role);
    let following = edges.filter(|edge| reader.text(Place::Relationship(*edge), "role").is_some_and(follows));
    following.filter_map(|edge| reader.source(edge)).collect()
}

/// The Japanese fiscal year that a day is in; it begins in April.
fn fiscal_year(date: Date) -> i64 {
    i64::from(date.year()) - i64::from(date.month() < 4)
}

fn cost_curve(reader: &Reader<'_>, parameters: &Parameters) -> Result<Report, AnalysisError> {
    let years = i64::try_from(number(parameters, "years")?.unwrap_or(5).min(30)).unwrap_or(5);
    let systems = reader.all("system");
    let costed: Vec<(Place, f64)> =
        systems.iter().filter_map(|system| Some((*system, reader.number(*system, "annual_cost_kyen")?))).collect();
    let first = fiscal_year(reader.date());
    let mut by_year: BTreeMap<i64, (f64, f64, usize)> =
        (first..first + years).map(|year| (year, (0.0, 0.0, 0))).collect();
    for (system, cost) in &costed {
        let end = reader.date_of(*system, "contract_end").map(fiscal_year);
        for (year, sums) in &mut by_year {
            match end {
                Some(end) if *year <= end => sums.0 += cost,
                Some(_) => sums.2 += 1,
                None => sums.1 += cost,
            }
        }
    }
    let mut report = Report::new(
        reader,
        &COST_CURVE,
        vec![
            Column::new("fiscal_year", "年度", "Fiscal year"),
            Column::new("contracted_kyen", "契約のある経費（千円）", "Under contract (thousand yen)"),
            Column::new("unlimited_kyen", "契約満了日のない経費（千円）", "Without contract end (thousand yen)"),
            Column::new("ended_systems", "契約が終わっているシステム", "Systems whose contract has ended"),
        ],
    );
    report.judged(costed.len(), "年間経費", "annual costs");
    report.lacking(systems.len() - costed.len(), "年間経費", "an annual cost");
    for (year, (contracted, unlimited, ended)) in &by_year {
        let cells = [Cell::Integer(*year), Cell::Number(*contracted), Cell::Number(*unlimited), Cell::count(*ended)];
        report.rows.push(cells.to_vec());
    }
    let now = by_year.get(&first).map_or(0.0, |sums| sums.0 + sums.1);
    report.figures = vec![("this_year_kyen", Cell::Number(now))];
    Ok(report.say(
        &format!("今年度の経費は{now}千円である。契約が終わる分は、更新しなければ減る。"),
        &format!("Running costs are {now} thousand yen this fiscal year; what ends falls away unless it is renewed."),
    ))
}
