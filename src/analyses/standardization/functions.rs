//! `same_function`: one general-purpose function, tools of several sections.

use serde_json::{Map, Value as Json, json};

use super::Search;
use super::candidate::{CandidateType, Draft, blockers, called, recorded, shown};
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

pub(super) fn search(reader: &Reader<'_>) -> Search {
    let codes = reader.all("function_code");
    let general = |code: &&Place| reader.boolean(**code, "general_purpose").is_some();
    let known: Vec<Place> = codes.iter().filter(general).copied().collect();
    let drafts = known.iter().filter(|code| reader.boolean(**code, "general_purpose") == Some(true));
    let drafts = drafts.filter_map(|code| candidate(reader, *code)).collect();
    // A model without function codes is told about by its systems, which lack them.
    let (considered, lacking) = if codes.is_empty() {
        let systems = reader.all("application_component").len();
        (systems, systems)
    } else {
        (codes.len(), codes.len() - known.len())
    };
    Search { drafts, considered, lacking, needs: "function_codes.general_purpose" }
}

fn candidate(reader: &Reader<'_>, code: Place) -> Option<Draft> {
    let systems = reader.sources(code, "provides");
    let sections = reader.sorted(systems.iter().flat_map(|system| reader.targets(*system, "owned_by")).collect());
    if sections.len() < 2 {
        return None;
    }
    let kept = keep(reader, &systems)?;
    let cost = |system: &Place| reader.number(*system, "annual_cost_kyen");
    let unknown = systems.iter().filter(|system| cost(system).is_none()).count();
    // An empty sum of floats is -0.0.
    let saved = systems.iter().filter(|system| **system != kept).filter_map(cost).sum::<f64>() + 0.0;
    let mut assumptions = vec![Localized::ja_en(
        "残す道具の年間経費は増えないとした。利用許諾の追加や移行の費用は含まない。",
        "The kept tool is taken to cost no more than now; further licences and the move are not counted.",
    )];
    if unknown > 0 {
        assumptions.push(Localized::ja_en(
            &format!("経費の記載がない{unknown}件は0とした。"),
            &format!("{unknown} tools without a recorded cost count as 0."),
        ));
    }
    let ((code_ja, code_en), (kept_ja, kept_en)) = (called(reader, code), called(reader, kept));
    let (count, departments) = (systems.len(), sections.len());
    Some(Draft {
        kind: CandidateType::SameFunction,
        key: vec![reader.id(code).to_owned()],
        sentence: Localized::ja_en(
            &format!("機能{code_ja}の道具{count}件（{departments}課）を{kept_ja}にまとめる。"),
            &format!("Merge {count} tools of {departments} sections for {code_en} into {kept_en}."),
        ),
        evidence: evidence(reader, code, kept, &systems),
        hours: None,
        cost_kyen: Some(saved),
        assumptions,
        blocked_by: blockers(reader, kept, &systems),
        members: systems,
    })
}

/// What decides which tool is kept, in this order: standardization status, users, cost a user, contract end, zone.
type Merit = (u8, i64, i64, Option<jiff::civil::Date>, usize, std::cmp::Reverse<String>);

fn merit(reader: &Reader<'_>, systems: &[Place], system: Place) -> Merit {
    let status = match reader.text(system, "standardization.status") {
        Some("compliant" | "common") => 3,
        Some("peripheral" | "na") => 2,
        Some("special") => 1,
        _ => 0,
    };
    let users = reader.integer(system, "users").unwrap_or(0);
    let zone = reader.target_of(system, "in_zone");
    let in_zone = systems.iter().filter(|other| reader.target_of(**other, "in_zone") == zone).count();
    let id = std::cmp::Reverse(reader.id(system).to_owned());
    (status, users, -cost_a_user(reader, system), reader.date_of(system, "contract_end"), in_zone, id)
}

/// Yen a user and year; a cost that is not recorded counts as more than any that is.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "yen a user fit many times over")]
fn cost_a_user(reader: &Reader<'_>, system: Place) -> i64 {
    let users = reader.integer(system, "users").unwrap_or(0).max(1) as f64;
    reader.number(system, "annual_cost_kyen").map_or(i64::MAX, |cost| (cost * 1_000.0 / users).round() as i64)
}

fn keep(reader: &Reader<'_>, systems: &[Place]) -> Option<Place> {
    systems.iter().copied().max_by_key(|system| merit(reader, systems, *system))
}

fn evidence(reader: &Reader<'_>, code: Place, kept: Place, systems: &[Place]) -> Map<String, Json> {
    let rows: Vec<Json> = systems
        .iter()
        .map(|system| {
            let mut row = shown(reader, *system);
            for attribute in ["standardization.status", "users", "annual_cost_kyen", "contract_end"] {
                row.insert(attribute.into(), recorded(reader, *system, attribute));
            }
            for (key, kind) in [("zone", "in_zone"), ("owner_department", "owned_by")] {
                let target = reader.target_of(*system, kind).map(|target| reader.id(target));
                row.insert(key.into(), target.map_or(Json::Null, Json::from));
            }
            let cost = cost_a_user(reader, *system);
            row.insert("yen_a_user".into(), if cost == i64::MAX { Json::Null } else { cost.into() });
            row.insert("kept".into(), (*system == kept).into());
            Json::Object(row)
        })
        .collect();
    let mut evidence = Map::new();
    evidence.insert("function".into(), Json::Object(shown(reader, code)));
    evidence.insert("keep".into(), reader.id(kept).into());
    evidence.insert("kept_by".into(), json!(["standardization.status", "users", "yen_a_user", "contract_end", "zone"]));
    evidence.insert("systems".into(), Json::Array(rows));
    evidence
}
