//! Vendors: how much hangs on each, and what an exit would leave.

use super::report::{Cell, Report};
use super::{Parameters, Question};
use crate::analyses::Column;
use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::graph::Place;

pub(super) const QUESTION: Question = Question {
    name: "vendors",
    ja: "事業者：どれだけ頼り、撤退すると何が残されるか",
    en: "Vendors: how much hangs on each, and what an exit leaves behind",
    parameters: &[],
    ask,
};

#[expect(clippy::cast_precision_loss, reason = "shares of costs and counts")]
fn ask(reader: &Reader<'_>, _: &Parameters) -> Result<Report, AnalysisError> {
    let systems = reader.all("system");
    let costs = |systems: &[Place]| -> Vec<f64> {
        systems.iter().filter_map(|system| reader.number(*system, "annual_cost_kyen")).collect()
    };
    // An empty sum of floats is -0.0.
    let cost = |systems: &[Place]| costs(systems).iter().sum::<f64>() + 0.0;
    let known = |systems: &[Place], cell: Cell| if costs(systems).is_empty() { Cell::Nothing } else { cell };
    let supplied: Vec<Place> =
        systems.iter().copied().filter(|system| reader.target_of(*system, "supplied_by").is_some()).collect();
    let total = cost(&supplied);
    let mut report = Report::new(
        reader,
        &QUESTION,
        vec![
            Column::new("vendor", "事業者", "Vendor"),
            Column::new("systems", "システム数", "Systems"),
            Column::new("share_of_systems", "システムの割合", "Share of systems"),
            Column::new("annual_cost_kyen", "年間経費（千円）", "Annual cost (thousand yen)"),
            Column::new("share_of_cost", "経費の割合", "Share of cost"),
            Column::new("essential_processes", "欠かせない業務", "Processes that need it"),
            Column::new("next_contract_end", "次の契約満了", "Next contract end"),
        ],
    );
    let unknown = supplied.iter().filter(|system| reader.number(**system, "annual_cost_kyen").is_none()).count();
    report.judged(supplied.len(), "システムの事業者", "suppliers of systems");
    report.lacking(systems.len() - supplied.len(), "事業者", "a vendor");
    report.lacking(unknown, "年間経費", "an annual cost");
    let mut vendors: Vec<(Place, Vec<Place>)> =
        reader.all("vendor").into_iter().map(|vendor| (vendor, reader.sources(vendor, "supplied_by"))).collect();
    vendors.retain(|(_, systems)| !systems.is_empty());
    vendors.sort_by(|a, b| {
        b.1.len().cmp(&a.1.len()).then(cost(&b.1).total_cmp(&cost(&a.1))).then(reader.id(a.0).cmp(reader.id(b.0)))
    });
    let share = |part: f64, whole: f64| {
        Cell::Number(if whole > 0.0 { (part / whole * 1_000.0).round() / 1_000.0 } else { 0.0 })
    };
    let mut concentration = 0.0;
    for (vendor, held) in &vendors {
        let part = held.len() as f64 / supplied.len().max(1) as f64;
        concentration += part * part;
        let end = held
            .iter()
            .filter_map(|system| reader.date_of(*system, "contract_end"))
            .filter(|end| *end >= reader.date())
            .min();
        report.rows.push(vec![
            Cell::item(reader, *vendor),
            Cell::count(held.len()),
            share(held.len() as f64, supplied.len() as f64),
            known(held, Cell::Number(cost(held))),
            known(held, share(cost(held), total)),
            Cell::count(needing(reader, held)),
            Cell::date(end),
        ]);
    }
    report.figures = vec![
        ("systems", Cell::count(supplied.len())),
        ("annual_cost_kyen", Cell::Number(total)),
        // Herfindahl and Hirschman: 1 where one vendor has all.
        ("concentration", Cell::Number((concentration * 1_000.0).round() / 1_000.0)),
    ];
    let (count, first) = (report.rows.len(), vendors.first().map_or(0, |(_, held)| held.len()));
    let all = supplied.len();
    Ok(report.say(
        &format!("{count}の事業者が{all}のシステムを提供し、最も多い事業者は{first}を提供する。"),
        &format!("{count} vendors supply {all} systems; the largest supplies {first}."),
    ))
}

/// How many processes cannot do without one of the systems.
fn needing(reader: &Reader<'_>, systems: &[Place]) -> usize {
    let uses = systems.iter().flat_map(|system| reader.incoming(*system, &reader.kinds("uses")));
    let essential = uses.filter(|edge| reader.text(Place::Relationship(*edge), "role") == Some("essential"));
    reader.sorted(essential.filter_map(|edge| reader.source(edge)).collect()).len()
}
