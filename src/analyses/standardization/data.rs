//! `double_master`: data with several masters.

use serde_json::{Map, Value as Json};

use super::Search;
use super::candidate::{CandidateType, Draft, blockers, called, shown};
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::{Edge, Place};

pub(super) fn double_masters(reader: &Reader<'_>) -> Search {
    let data = reader.all("data_object");
    let mastered: Vec<(Place, Vec<Place>)> =
        data.iter().map(|data| (*data, reader.targets(*data, "mastered_by"))).collect();
    let lacking = mastered.iter().filter(|(_, masters)| masters.is_empty()).count();
    let several = mastered.iter().filter(|(_, masters)| masters.len() > 1);
    let drafts = several.map(|(data, masters)| candidate(reader, *data, masters)).collect();
    Search { drafts, considered: data.len(), lacking, needs: "masters" }
}

fn candidate(reader: &Reader<'_>, data: Place, masters: &[Place]) -> Draft {
    let between = flows_between(reader, data, masters);
    let hours: i64 = between.iter().filter_map(|flow| manual_hours(reader, *flow)).sum();
    let receivers = |master: &Place| flows_from(reader, data, *master).len();
    let kept = masters.iter().copied().max_by_key(|master| (receivers(master), std::cmp::Reverse(reader.id(*master))));
    let kept = kept.unwrap_or(data);
    let mut evidence = Map::new();
    let rows = masters.iter().map(|master| {
        let mut row = shown(reader, *master);
        row.insert("flows_out".into(), receivers(master).into());
        Json::Object(row)
    });
    evidence.insert("masters".into(), rows.collect());
    evidence.insert("keep".into(), reader.id(kept).into());
    let flows = between.iter().map(|flow| Json::from(reader.id(Place::Relationship(*flow))));
    evidence.insert("flows_between".into(), flows.collect());
    let ((ja, en), (kept_ja, kept_en)) = (called(reader, data), called(reader, kept));
    Draft {
        kind: CandidateType::DoubleMaster,
        key: vec![reader.id(data).to_owned()],
        members: std::iter::once(data).chain(masters.iter().copied()).collect(),
        sentence: Localized::ja_en(
            &format!("{ja}の正本を{kept_ja}に一本化する（今は{}か所）。", masters.len()),
            &format!("Make {kept_en} the only master of {en}, which has {} now.", masters.len()),
        ),
        evidence,
        hours: Some(hours),
        cost_kyen: None,
        assumptions: vec![Localized::ja_en(
            "残す正本は、その情報を最も多くの相手に渡しているものとした。削減時間は正本どうしの再入力の時間だけである。",
            "The master that passes the data to most others is kept; the hours are those of typing between the masters alone.",
        )],
        blocked_by: blockers(reader, kept, masters),
    }
}

/// The hours of work that a flow takes in a year, if it is by hand.
pub(super) fn manual_hours(reader: &Reader<'_>, flow: Edge) -> Option<i64> {
    reader.integer(Place::Relationship(flow), "manual_hours_per_year")
}

/// The flows that carry data from a system.
fn flows_from(reader: &Reader<'_>, data: Place, system: Place) -> Vec<Edge> {
    let flows = reader.outgoing(system, &reader.kinds("data_flow")).into_iter();
    flows.filter(|flow| reader.targets(Place::Relationship(*flow), "carries").contains(&data)).collect()
}

fn flows_between(reader: &Reader<'_>, data: Place, masters: &[Place]) -> Vec<Edge> {
    let flows = masters.iter().flat_map(|master| flows_from(reader, data, *master));
    flows.filter(|flow| reader.target(*flow).is_some_and(|target| masters.contains(&target))).collect()
}
