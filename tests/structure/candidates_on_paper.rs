//! Candidates worked out on paper.

use ezu::analyses::standardization::{CandidateType, StandardizationRequest};
use serde_json::json;

use crate::asking::{all_candidates, candidates, members};
use crate::on_paper::small;
use crate::support::{ARCHIMATE, MUNICIPALITY, model};

#[test]
fn one_function_two_tools() {
    let found = candidates(&small(), CandidateType::SameFunction);
    let [candidate] = &found.items[..] else { panic!("{:?}", found.items) };
    assert_eq!((candidate.id.as_str(), members(candidate)), ("same_function--FORM", vec!["sys-a", "sys-b"]));
    // Neither status nor users are recorded; b costs less a user and its contract runs longer: a's 300 are saved.
    assert_eq!((candidate.evidence["keep"].as_str(), candidate.saving.cost_kyen), (Some("sys-b"), Some(300.0)));
    assert_eq!((candidate.saving.hours, candidate.score.to_string()), (None, "300".to_owned()));
    let blocked: Vec<(&str, &str)> = candidate.blocked_by.iter().map(|held| (held.kind, held.item.as_str())).collect();
    assert_eq!(blocked, [("contract", "sys-a")]);
}

const WORK: &str = "
departments:
- {id: dept-a, name: A}
- {id: dept-b, name: B}
function_codes: [{id: X, name: X}]
systems:
- {id: sys-hub, name: H}
- {id: sys-renkei, name: 連携}
- {id: sys-a, name: A}
- {id: sys-b, name: B}
data_objects:
- {id: dat-a, name: D, masters: [sys-a, sys-b], personal_class: none}
business_processes:
- {id: prc-1, name: P1, type: hojo, owner_department: dept-a, staff_hours_per_year: 10, functions: [a, b, c, d, e], systems: [{system: sys-a, role: essential}]}
- {id: prc-2, name: P2, type: hojo, owner_department: dept-b, staff_hours_per_year: 20, functions: [a, b, x, c, d, e]}
- {id: prc-3, name: P3, type: hojo, owner_department: dept-b, functions: [e, d, c, b, a]}
data_flows:
- {id: flw-1, source: sys-a, target: sys-renkei, method: file, data: [dat-a]}
- {id: flw-2, source: sys-a, target: sys-b, method: rekey, data: [dat-a], manual_hours_per_year: 40}
- {id: flw-3, source: sys-a, target: sys-b, method: api, data: [dat-a]}
adoptions:
- {id: adp-1, system: sys-a, department: dept-a, stage: 定着}
";

#[test]
fn hand_overs_and_masters() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], WORK);
    let of = |kind: CandidateType| candidates(&view, kind).items;
    let [rekey] = &of(CandidateType::Rekey)[..] else { panic!("one") };
    assert_eq!((rekey.saving.hours, members(rekey)), (Some(40), vec!["flw-2", "sys-a", "sys-b"]));
    let [hub] = &of(CandidateType::FileToHub)[..] else { panic!("one") };
    assert_eq!((hub.id.as_str(), hub.saving.hours), ("file_to_hub--flw-2", Some(40)));
    let [parallel] = &of(CandidateType::ParallelMethods)[..] else { panic!("one") };
    assert_eq!((parallel.evidence["keep"].as_str(), parallel.saving.hours), (Some("flw-3"), Some(40)));
    let [master] = &of(CandidateType::DoubleMaster)[..] else { panic!("one") };
    assert_eq!((master.evidence["keep"].as_str(), master.saving.hours), (Some("sys-a"), Some(40)));
    assert_eq!(members(master), ["dat-a", "sys-a", "sys-b"]);
}

#[test]
fn patterns_are_aligned_step_by_step() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], WORK);
    let found = candidates(&view, CandidateType::SamePattern);
    let [pattern] = &found.items[..] else { panic!("{:?}", found.items) };
    // Five of six functions align; the opposite order aligns one of five.
    assert_eq!(members(pattern), ["prc-1", "prc-2"]);
    let steps = &pattern.evidence["alignment"][1]["steps"];
    assert_eq!(steps[2], json!({"function": "c", "same": "c"}));
    assert_eq!(pattern.evidence["alignment"][1]["aligned"], 5);
    assert_eq!((pattern.evidence["staff_hours_per_year"].as_i64(), pattern.saving.hours), (Some(30), None));
}

#[test]
fn a_settled_tool_is_offered_where_work_is_alike() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], WORK);
    let found = candidates(&view, CandidateType::Rollout);
    let [rollout] = &found.items[..] else { panic!("{:?}", found.items) };
    assert_eq!(members(rollout), ["prc-1", "prc-2", "sys-a"]);
    let there = &rollout.evidence["elsewhere"][0];
    assert_eq!(
        (&there["similarity"], &there["only_there"], &there["only_here"]),
        (&json!(0.833), &json!(["x"]), &json!([]))
    );
}

#[test]
fn hours_become_yen_at_a_rate_only() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], WORK);
    let plain = all_candidates(&view, &StandardizationRequest::default());
    assert!(plain.items.iter().all(|item| item.saving.hours_as_kyen.is_none() && item.score == 0.0));
    let request = StandardizationRequest { yen_per_hour: Some(2_500), ..StandardizationRequest::default() };
    let rated = all_candidates(&view, &request);
    let rekey = rated.items.iter().find(|item| item.kind == CandidateType::Rekey).expect("one");
    assert_eq!((rekey.saving.hours_as_kyen, rekey.score.to_string()), (Some(100.0), "100".to_owned()));
    let mut orders: Vec<usize> = rated.items.iter().map(|item| item.order).collect();
    orders.sort_unstable();
    assert_eq!(orders, (1..=rated.items.len()).collect::<Vec<_>>());
}
