//! `neighbourhood`: systems or processes that serve the same and work with the same data. It needs no function codes,
//! so it works on any `ArchiMate` model.
//!
//! Alike = ½ · overlap of what is served or used + ½ · overlap of the data (Jaccard each; where neither has one of the
//! two, the other counts alone). Only what shares something is compared, and what more than [`TOO_COMMON`] share tells
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde_json::{Map, Value as Json, json};

use super::Search;
use super::candidate::{CandidateType, Draft, blockers, called, shown};
use super::similarity::overlap;
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

/// What more items than this share tells nothing about them.
const TOO_COMMON: usize = 40;
/// So many shared neighbours make a likeness that is worth a look.
const FEWEST_SHARED: usize = 2;

/// What is around an item.
#[derive(Default)]
struct Around {
    served: FxHashSet<Place>,
    data: FxHashSet<Place>,
}

pub(super) fn search(reader: &Reader<'_>, threshold: f64) -> Search {
    let mut search =
        Search { drafts: Vec::new(), considered: 0, lacking: 0, needs: "serving and access relationships" };
    for kind in ["application_component", "business_process"] {
        let items = reader.all(kind);
        let around: BTreeMap<Place, Around> = items.iter().map(|item| (*item, around(reader, *item))).collect();
        search.considered += items.len();
        search.lacking += around.values().filter(|held| held.served.is_empty() && held.data.is_empty()).count();
        for (one, other) in sharing(&around) {
            search.drafts.extend(candidate(reader, (one, &around[&one]), (other, &around[&other]), threshold));
        }
    }
    search
}

fn around(reader: &Reader<'_>, item: Place) -> Around {
    let mut around = Around::default();
    for kind in ["serving", "realization", "assignment"] {
        let kinds = reader.kinds(kind);
        let ends = reader.outgoing(item, &kinds).into_iter().filter_map(|edge| reader.target(edge));
        let starts = reader.incoming(item, &kinds).into_iter().filter_map(|edge| reader.source(edge));
        around.served.extend(ends.chain(starts).filter(|place| is_work(reader, *place)));
    }
    for kind in ["access", "accesses", "mastered_by"] {
        around.data.extend(reader.targets(item, kind));
        around.data.extend(reader.sources(item, kind));
    }
    let flows = reader.kinds("flow");
    for flow in reader.outgoing(item, &flows).into_iter().chain(reader.incoming(item, &flows)) {
        around.data.extend(reader.targets(Place::Relationship(flow), "carries"));
    }
    around.data.retain(|place| reader.is_a(*place, "data_object") || reader.is_a(*place, "business_object"));
    around
}

/// What a likeness is about: work, services, roles and systems; not vendors, standards or machines.
fn is_work(reader: &Reader<'_>, place: Place) -> bool {
    const KINDS: [&str; 8] = [
        "business_process",
        "business_function",
        "business_service",
        "business_role",
        "business_actor",
        "application_component",
        "application_service",
        "application_function",
    ];
    KINDS.iter().any(|kind| reader.is_a(place, kind)) && !reader.is_a(place, "vendor")
}

/// Pairs that share enough, in the order of their places.
fn sharing(around: &BTreeMap<Place, Around>) -> BTreeSet<(Place, Place)> {
    let mut holders: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    for (item, held) in around {
        for neighbour in held.served.iter().chain(&held.data) {
            holders.entry(*neighbour).or_default().push(*item);
        }
    }
    let mut shared: BTreeMap<(Place, Place), usize> = BTreeMap::new();
    for items in holders.values().filter(|items| items.len() <= TOO_COMMON) {
        for (number, one) in items.iter().enumerate() {
            for other in &items[number + 1..] {
                *shared.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    shared.into_iter().filter(|(_, count)| *count >= FEWEST_SHARED).map(|(pair, _)| pair).collect()
}

fn likeness(one: &Around, other: &Around) -> f64 {
    match (overlap(&one.served, &other.served), overlap(&one.data, &other.data)) {
        (Some(served), Some(data)) => f64::midpoint(served, data),
        (Some(alone), None) | (None, Some(alone)) => alone,
        (None, None) => 0.0,
    }
}

fn candidate(
    reader: &Reader<'_>,
    (a, near_a): (Place, &Around),
    (b, near_b): (Place, &Around),
    threshold: f64,
) -> Option<Draft> {
    let likeness = likeness(near_a, near_b);
    if likeness < threshold {
        return None;
    }
    let pair = reader.sorted(vec![a, b]);
    let common = |one: &FxHashSet<Place>, other: &FxHashSet<Place>| {
        let both = reader.sorted(one.intersection(other).copied().collect());
        both.iter().map(|place| Json::Object(shown(reader, *place))).collect::<Vec<_>>()
    };
    let mut evidence = Map::new();
    evidence.insert("similarity".into(), json!((likeness * 1_000.0).round() / 1_000.0));
    evidence.insert("threshold".into(), json!(threshold));
    evidence.insert("weights".into(), json!({"served": 0.5, "data": 0.5}));
    evidence.insert("served_by_both".into(), common(&near_a.served, &near_b.served).into());
    evidence.insert("data_of_both".into(), common(&near_a.data, &near_b.data).into());
    let sizes =
        json!({"served": [near_a.served.len(), near_b.served.len()], "data": [near_a.data.len(), near_b.data.len()]});
    evidence.insert("sizes".into(), sizes);
    let ((a_ja, a_en), (b_ja, b_en)) = (called(reader, pair[0]), called(reader, pair[1]));
    Some(Draft {
        kind: CandidateType::Neighbourhood,
        key: pair.iter().map(|place| reader.id(*place).to_owned()).collect(),
        sentence: Localized::ja_en(
            &format!("{a_ja}と{b_ja}は、関わる仕事と情報がよく似ている（類似度{likeness:.2}）。"),
            &format!(
                "{a_en} and {b_en} serve much the same and work with much the same data (similarity {likeness:.2})."
            ),
        ),
        evidence,
        hours: None,
        cost_kyen: None,
        assumptions: vec![Localized::ja_en(
            "関わりの似た要素であり、同じ機能とは限らない。削減額は見込まない。",
            "They stand alike in the model, which does not make them the same; no saving is claimed.",
        )],
        blocked_by: blockers(reader, pair[0], &pair),
        members: pair,
    })
}
