//! `parallel_methods`, `rekey` and `file_to_hub`: hand-overs that could be done otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::Search;
use super::candidate::{Blocker, CandidateType, Draft, called, rank_of_class, recorded};
use super::data::manual_hours;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::{Edge, Place};

/// Methods, the one to keep first: those that run by themselves before those by hand.
const BEST_FIRST: [&str; 14] = [
    "api",
    "file",
    "lgwan",
    "dbl",
    "rpa",
    "web",
    "view",
    "manualcsv",
    "usb",
    "mail",
    "sms",
    "remote",
    "paper",
    "rekey",
];
/// Methods by hand that a common data link could take over.
const BY_HAND: [&str; 5] = ["manualcsv", "usb", "dbl", "rekey", "paper"];

fn all_flows(reader: &Reader<'_>) -> Vec<Edge> {
    let places = reader.all("data_flow").into_iter();
    places.filter_map(|place| if let Place::Relationship(edge) = place { Some(edge) } else { None }).collect()
}

fn method<'v>(reader: &Reader<'v>, flow: Edge) -> Option<&'v str> {
    reader.text(Place::Relationship(flow), "method")
}

fn known_methods(reader: &Reader<'_>) -> (Vec<Edge>, usize, usize) {
    let flows = all_flows(reader);
    let known: Vec<Edge> = flows.iter().copied().filter(|flow| method(reader, *flow).is_some()).collect();
    // A plain model's flows are looked at too: they lack what would be needed.
    let all = reader.all("flow").len();
    let lacking = all - known.len();
    (known, all, lacking)
}

/// `rekey`: what is typed again.
pub(super) fn rekeyed(reader: &Reader<'_>) -> Search {
    let (flows, considered, lacking) = known_methods(reader);
    let typed = flows.into_iter().filter(|flow| method(reader, *flow) == Some("rekey"));
    let drafts = typed.filter_map(|flow| by_hand(reader, flow, CandidateType::Rekey)).collect();
    Search { drafts, considered, lacking, needs: "method" }
}

/// `file_to_hub`: hand-overs whose data arrive at the common data link already.
pub(super) fn to_hub(reader: &Reader<'_>) -> Search {
    let (flows, considered, lacking) = known_methods(reader);
    let is_hub = |place: Place| reader.terms().means("data_hub", place);
    let target = |flow: &Edge| reader.target(*flow);
    let source = |flow: &Edge| reader.source(*flow);
    let data = |flow: &Edge| reader.targets(Place::Relationship(*flow), "carries");
    let arriving: BTreeSet<Place> =
        flows.iter().filter(|flow| target(flow).is_some_and(is_hub)).flat_map(data).collect();
    let hand_overs = flows.iter().copied().filter(|flow| {
        let carried = data(flow);
        let between_systems = [source(flow), target(flow)]
            .iter()
            .all(|end| end.is_some_and(|end| reader.is_a(end, "system") && !is_hub(end)));
        between_systems
            && method(reader, *flow).is_some_and(|method| BY_HAND.contains(&method))
            && !carried.is_empty()
            && carried.iter().all(|data| arriving.contains(data))
    });
    let drafts = hand_overs.filter_map(|flow| by_hand(reader, flow, CandidateType::FileToHub)).collect();
    let has_hub = !reader.terms().ids("data_hub").is_empty();
    Search { drafts, considered, lacking: if has_hub { lacking } else { considered }, needs: "method" }
}

fn by_hand(reader: &Reader<'_>, flow: Edge, kind: CandidateType) -> Option<Draft> {
    let place = Place::Relationship(flow);
    let (source, target) = (reader.source(flow)?, reader.target(flow)?);
    let ((from_ja, from_en), (to_ja, to_en)) = (called(reader, source), called(reader, target));
    let hours = manual_hours(reader, flow);
    let sentence = if kind == CandidateType::Rekey {
        Localized::ja_en(
            &format!("{from_ja}から{to_ja}への再入力を連携に替える。"),
            &format!("Replace the typing from {from_en} into {to_en} by a link."),
        )
    } else {
        Localized::ja_en(
            &format!("{from_ja}から{to_ja}への受渡しを庁内データ連携に載せる（情報は連携基盤に届いている）。"),
            &format!(
                "Carry what {from_en} hands to {to_en} over the common data link, where these data arrive already."
            ),
        )
    };
    let mut evidence = Map::new();
    for attribute in ["method", "frequency", "records_per_month", "manual_hours_per_year"] {
        evidence.insert(attribute.into(), recorded(reader, place, attribute));
    }
    let data = reader.targets(place, "carries");
    evidence.insert("data".into(), data.iter().map(|data| Json::from(reader.id(*data))).collect());
    Some(Draft {
        kind,
        key: vec![reader.id(place).to_owned()],
        members: vec![place, source, target],
        sentence,
        evidence,
        hours,
        cost_kyen: None,
        assumptions: vec![Localized::ja_en(
            "記録された作業時間がすべてなくなるとした。連携を作る費用は含まない。",
            "All recorded hours are taken to go; what the link costs is not counted.",
        )],
        blocked_by: crossing(reader, source, target, &data),
    })
}

/// A link between zones, or of sensitive data, needs more than a decision.
fn crossing(reader: &Reader<'_>, source: Place, target: Place, data: &[Place]) -> Vec<Blocker> {
    let mut found = Vec::new();
    let zones = (reader.target_of(source, "in_zone"), reader.target_of(target, "in_zone"));
    if let (Some(from), Some(to)) = zones
        && from != to
    {
        let ((from_ja, from_en), (to_ja, to_en)) = (called(reader, from), called(reader, to));
        let text = Localized::ja_en(
            &format!("{from_ja}から{to_ja}へ系をまたぐ。"),
            &format!("It crosses from {from_en} to {to_en}."),
        );
        found.push(Blocker { kind: "zone", item: reader.id(target).to_owned(), until: None, text });
    }
    for data in data.iter().filter(|data| rank_of_class(reader, **data) >= 2) {
        let (ja, en) = called(reader, *data);
        let text = Localized::ja_en(
            &format!("{ja}は要配慮又は特定個人情報である。"),
            &format!("{en} are sensitive or hold My Number."),
        );
        found.push(Blocker { kind: "personal_data", item: reader.id(*data).to_owned(), until: None, text });
    }
    found
}

/// `parallel_methods`: the same data to the same place by several methods.
pub(super) fn parallel_methods(reader: &Reader<'_>) -> Search {
    let (flows, considered, lacking) = known_methods(reader);
    let mut groups: BTreeMap<(Place, Place), Vec<Edge>> = BTreeMap::new();
    for flow in &flows {
        let Some(target) = reader.target(*flow) else { continue };
        for data in reader.targets(Place::Relationship(*flow), "carries") {
            groups.entry((target, data)).or_default().push(*flow);
        }
    }
    let drafts = groups.iter().filter_map(|((target, data), flows)| parallel(reader, *target, *data, flows)).collect();
    Search { drafts, considered, lacking, needs: "method" }
}

fn parallel(reader: &Reader<'_>, target: Place, data: Place, flows: &[Edge]) -> Option<Draft> {
    let methods: BTreeSet<&str> = flows.iter().filter_map(|flow| method(reader, *flow)).collect();
    if methods.len() < 2 {
        return None;
    }
    let rank = |flow: &Edge| {
        let place = BEST_FIRST.iter().position(|held| Some(*held) == method(reader, *flow)).unwrap_or(BEST_FIRST.len());
        (place, reader.id(Place::Relationship(*flow)))
    };
    let kept = *flows.iter().min_by_key(|flow| rank(flow))?;
    let hours: i64 = flows.iter().filter(|flow| **flow != kept).filter_map(|flow| manual_hours(reader, *flow)).sum();
    let ((to_ja, to_en), (ja, en)) = (called(reader, target), called(reader, data));
    let mut evidence = Map::new();
    let rows = flows.iter().map(|flow| {
        let place = Place::Relationship(*flow);
        json!({"id": reader.id(place), "method": method(reader, *flow), "kept": *flow == kept,
            "manual_hours_per_year": recorded(reader, place, "manual_hours_per_year")})
    });
    let mut rows: Vec<Json> = rows.collect();
    rows.sort_by_key(|row| row["id"].as_str().map(str::to_owned));
    evidence.insert("flows".into(), Json::Array(rows));
    evidence.insert("keep".into(), reader.id(Place::Relationship(kept)).into());
    Some(Draft {
        kind: CandidateType::ParallelMethods,
        key: vec![reader.id(target).to_owned(), reader.id(data).to_owned()],
        members: flows.iter().map(|flow| Place::Relationship(*flow)).chain([target, data]).collect(),
        sentence: Localized::ja_en(
            &format!("{to_ja}へ{ja}が{}通りの方式で届いている。一つにまとめる。", methods.len()),
            &format!("{en} reach {to_en} by {} methods; one would do.", methods.len()),
        ),
        evidence,
        hours: Some(hours),
        cost_kyen: None,
        assumptions: vec![Localized::ja_en(
            "最も自動化された方式を残し、ほかの作業時間がなくなるとした。渡す範囲が同じかは確かめる。",
            "The most automatic method is kept and the hours of the others go; whether all pass the same records has to be checked.",
        )],
        blocked_by: Vec::new(),
    })
}
