//! The findings of a change, worked out from the change, are those of two full runs.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use ezu::analyses::findings::{Catalogue, FindingChange, change, run};
use ezu::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Delete, Update};
use ezu::domain::{Model, Operation, validation};
use ezu::graph::{ChangeSummary, Snapshot, View};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::rules::catalogue as read_catalogue;
use crate::support::{ARCHIMATE, MUNICIPALITY, city, city_day, metamodel, snapshot};

/// The rules under the municipal profile, read once.
fn rules() -> &'static Catalogue {
    static RULES: OnceLock<Catalogue> = OnceLock::new();
    RULES.get_or_init(|| read_catalogue(city().metamodel()))
}

/// Ids of findings that come, go, or stay with other evidence.
#[derive(Debug, PartialEq, Eq)]
struct Ids {
    created: BTreeSet<String>,
    resolved: BTreeSet<String>,
    changed: BTreeSet<String>,
}

fn ids(found: &FindingChange) -> Ids {
    let ids = |list: &[(usize, ezu::analyses::findings::Draft)]| list.iter().map(|(_, d)| d.id().to_owned()).collect();
    Ids { created: ids(&found.created), resolved: ids(&found.resolved), changed: ids(&found.changed) }
}

/// The same by two full runs.
fn by_full_runs(before: &View, after: &View) -> Ids {
    let catalogue = rules();
    let all = |view: &View| -> std::collections::BTreeMap<String, String> {
        let found = run(view, catalogue, |_| true);
        found.findings.iter().map(|(_, draft)| (draft.id().to_owned(), draft.digest())).collect()
    };
    let (old, new) = (all(before), all(after));
    Ids {
        created: new.keys().filter(|id| !old.contains_key(*id)).cloned().collect(),
        resolved: old.keys().filter(|id| !new.contains_key(*id)).cloned().collect(),
        changed: new
            .iter()
            .filter(|(id, digest)| old.get(*id).is_some_and(|held| held != *digest))
            .map(|(id, _)| id.clone())
            .collect(),
    }
}

/// What a change set does, or nothing if it is refused.
fn tried(base: &Arc<Snapshot>, operations: Vec<Operation>) -> Option<(Arc<Snapshot>, ezu::domain::Delta)> {
    let change_set = ChangeSet { message: "test".into(), operations, ..ChangeSet::default() };
    let resolution = validation::resolve(&**base, &change_set);
    if !resolution.refusals.is_empty() {
        return None;
    }
    let summary = ChangeSummary {
        revision: base.revision() + 1,
        hash: OnceLock::default(),
        time: jiff::Timestamp::UNIX_EPOCH,
        message: "test".into(),
        author: None,
        reason: None,
        source: None,
        operations: 1,
        touched: Arc::default(),
    };
    Some((Arc::new(base.apply(&resolution.delta, summary)), resolution.delta))
}

fn check(base: &Arc<Snapshot>, operations: Vec<Operation>) -> Result<FindingChange, TestCaseError> {
    let shown = format!("{operations:?}");
    let Some((after, delta)) = tried(base, operations) else { return Ok(FindingChange::default()) };
    let (before, after) = (View::new(Arc::clone(base), city_day()), View::new(after, city_day()));
    let found = change(rules(), &before, &after, &delta);
    prop_assert_eq!(ids(&found), by_full_runs(&before, &after), "{}", shown);
    Ok(found)
}

fn object(json: Json) -> serde_json::Map<String, Json> {
    json.as_object().expect("an object").clone()
}

/// A small city in which every rule has something to read.
fn small() -> Arc<Snapshot> {
    let mut text = String::from("zones:\n");
    for (id, name) in [("zone-mynumber", "a"), ("zone-lgwan", "b"), ("zone-internet", "c"), ("zone-juki", "d")] {
        text.push_str(&format!("- {{id: {id}, name: {name}}}\n"));
    }
    text.push_str("departments:\n- {id: dept-a, name: A}\n- {id: dept-b, name: B}\npersons:\n");
    for (number, years) in [(1, 1), (2, 5)] {
        text.push_str(&format!(
            "- {{id: per-{number}, code: p{number}, department: dept-a, years_in_post: {years}}}\n"
        ));
    }
    text.push_str("data_objects:\n- {id: dat-juki, name: J, personal_class: specific}\n- {id: dat-shien, name: S, personal_class: sensitive}\n- {id: dat-open, name: O, personal_class: none}\n");
    text.push_str("systems:\n");
    for number in 0..8 {
        let zone = ["zone-mynumber", "zone-lgwan", "zone-internet", "zone-juki"][number % 4];
        text.push_str(&format!("- {{id: sys-{number}, name: S{number}, zone: {zone}, owner_department: dept-a, availability: {{rto_hours: {}, redundant: false}}}}\n", number * 3));
    }
    text.push_str("business_processes:\n- {id: prc-a, name: P, type: hojo, functions: [a, b], owner_department: dept-a}\n- {id: prc-b, name: Q, type: hojo, functions: [a, b], owner_department: dept-b}\n");
    snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY]), &[&text])
}

fn system() -> impl Strategy<Value = String> {
    (0..8usize).prop_map(|number| format!("sys-{number}"))
}

fn flow_attributes() -> impl Strategy<Value = Json> {
    let method = prop::sample::select(vec!["file", "view", "mail", "rekey", "dbl"]);
    let data = prop::sample::select(vec!["dat-juki", "dat-shien", "dat-open"]);
    (method, data, any::<bool>(), prop::sample::select(vec!["none", "specific", "media", "intra"])).prop_map(
        |(method, data, anonymized, control)| json!({"method": method, "data": [data], "anonymized": anonymized, "control": control}),
    )
}

fn operation() -> impl Strategy<Value = Vec<Operation>> {
    let flow = ("[a-d]", system(), system(), flow_attributes()).prop_map(|(id, source, target, attributes)| {
        vec![Operation::CreateRelationship(CreateRelationship {
            id: Some(format!("flw-{id}")),
            kind: "data_flow".into(),
            source,
            target,
            name: None,
            attributes: object(attributes),
        })]
    });
    let set_flow = ("[a-d]", flow_attributes()).prop_map(|(id, set)| {
        vec![Operation::UpdateRelationship(Update { id: format!("flw-{id}"), set: object(set), unset: Vec::new() })]
    });
    let delete_flow =
        "[a-d]".prop_map(|id| vec![Operation::DeleteRelationship(Delete { id: format!("flw-{id}"), cascade: true })]);
    let set_system = (system(), system_attributes())
        .prop_map(|(id, set)| vec![Operation::UpdateElement(Update { id, set: object(set), unset: Vec::new() })]);
    let delete_system = system().prop_map(|id| vec![Operation::DeleteElement(Delete { id, cascade: true })]);
    let set_process = ("[ab]", process_attributes()).prop_map(|(id, set)| {
        vec![Operation::UpdateElement(Update { id: format!("prc-{id}"), set: object(set), unset: Vec::new() })]
    });
    let set_data = (
        prop::sample::select(vec!["dat-juki", "dat-shien", "dat-open"]),
        prop::sample::select(vec!["none", "sensitive", "specific"]),
    )
        .prop_map(|(id, class)| {
            vec![Operation::UpdateElement(Update {
                id: id.into(),
                set: object(json!({"personal_class": class})),
                unset: Vec::new(),
            })]
        });
    let project = ("[a-c]", system(), prop::sample::select(vec!["modify", "retire", "extend", "use", "replace"]), 1..9u8).prop_map(
        |(id, system, role, month)| {
            let attributes = json!({"start": format!("2026-0{month}-01"), "go_live": format!("2027-0{month}-01"), "systems": [{"system": system, "role": role}]});
            vec![Operation::CreateElement(CreateElement { id: format!("prj-{id}"), kind: "project".into(), name: Some(id), attributes: object(attributes) })]
        },
    );
    let issue = ("[a-d]", prop::sample::select(vec!["paper", "rule"]), prop::sample::select(vec!["dept-a", "dept-b"]))
        .prop_map(|(id, cause, department)| {
            let attributes = json!({"title": id, "cause": cause, "department": department, "status": "未着手"});
            vec![Operation::CreateElement(CreateElement {
                id: format!("iss-{id}"),
                kind: "issue".into(),
                name: None,
                attributes: object(attributes),
            })]
        });
    prop_oneof![4 => flow, 2 => set_flow, 1 => delete_flow, 3 => set_system, 1 => delete_system, 2 => set_process, 1 => set_data, 2 => project, 2 => issue]
}

fn system_attributes() -> impl Strategy<Value = Json> {
    prop_oneof![
        prop::sample::select(vec!["zone-mynumber", "zone-lgwan", "zone-internet"])
            .prop_map(|zone| json!({"zone": zone})),
        (system(), prop::sample::select(vec!["essential", "support"]))
            .prop_map(|(target, level)| json!({"depends_on": [{"target": target, "level": level}]})),
        (0..30u8).prop_map(|hours| json!({"availability": {"rto_hours": hours}})),
        prop::sample::select(vec!["2026-10-01", "2027-03-31", "2031-03-31"])
            .prop_map(|end| json!({"contract_end": end, "status": "active"})),
        prop::sample::select(vec!["euc-excel", "package", "national"])
            .prop_map(|kind| json!({"type": kind, "known_by": ["per-1"]})),
        prop::sample::select(vec!["2026-01-01", "2030-01-01"]).prop_map(|from| json!({"valid_from": from})),
        Just(json!({"users": 3})),
    ]
}

fn process_attributes() -> impl Strategy<Value = Json> {
    prop_oneof![
        system().prop_map(
            |system| json!({"systems": [{"system": system, "role": "essential"}], "continuity": {"rto_hours": 5}})
        ),
        prop::sample::select(vec!["per-1", "per-2"]).prop_map(|person| json!({"known_by": [person]})),
        prop::sample::select(vec![vec!["a", "b"], vec!["a"]]).prop_map(|functions| json!({"functions": functions})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// A history of changes, each compared on the model that the ones before it made.
    #[test]
    fn worked_out_from_the_change_is_as_by_two_full_runs(steps in prop::collection::vec(operation(), 4..8)) {
        let mut base = small();
        for operations in steps {
            check(&base, operations.clone())?;
            if let Some((next, _)) = tried(&base, operations) {
                base = next;
            }
        }
    }
}

#[test]
fn in_the_city_too() {
    let base = Arc::clone(city().snapshot());
    let update =
        |id: &str, set: Json| Operation::UpdateElement(Update { id: id.into(), set: object(set), unset: Vec::new() });
    let changes = [
        vec![update("sys-juki", json!({"zone": "zone-lgwan"}))],
        vec![update("sys-juki", json!({"availability": {"rto_hours": 200}}))],
        vec![update("inf-vm-old", json!({"redundant": true, "rto_hours": 1}))],
        vec![update("dat-juki", json!({"personal_class": "none"}))],
        vec![update("prj-form", json!({"go_live": "2020-01-01"}))],
        vec![update("iss-001", json!({"cause": "paper"}))],
        vec![update("city-hanano", json!({"as_of": "2028-01-01"}))],
        vec![Operation::DeleteElement(Delete { id: "sys-renkei".into(), cascade: true })],
        vec![Operation::DeleteElement(Delete { id: "zone-internet".into(), cascade: true })],
    ];
    for operations in changes {
        check(&base, operations).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_work_follows_the_change() {
    let base = Arc::clone(city().snapshot());
    let set = object(json!({"users": 7}));
    let update = vec![Operation::UpdateElement(Update { id: "sys-juki".into(), set, unset: Vec::new() })];
    let found = check(&base, update).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((found.judged, found.whole), (0, false), "no rule reads the number of users");
    let set = object(json!({"availability": {"rto_hours": 1}}));
    let update = vec![Operation::UpdateElement(Update { id: "sys-juki".into(), set, unset: Vec::new() })];
    let found = check(&base, update).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.judged > 0 && found.judged < 300, "{}", found.judged);
}
