//! A mutated city: every rule, also one that finds nothing in the city, is shown to find what was broken.

use std::collections::BTreeSet;

use ezu::domain::Operation;
use ezu::domain::change_set::{CreateElement, CreateRelationship, Delete, Update};
use ezu::graph::View;
use serde_json::{Value as Json, json};

use crate::rules::{Subjects, subjects};
use crate::support::{apply, city, city_day};

fn object(json: Json) -> serde_json::Map<String, Json> {
    json.as_object().expect("an object").clone()
}

fn update(id: &str, set: Json) -> Operation {
    Operation::UpdateElement(Update { id: id.into(), set: object(set), unset: Vec::new() })
}

fn create(kind: &str, id: &str, attributes: Json) -> Operation {
    let name = ["system", "business_process", "data_object", "project", "function_code", "risk", "technology"]
        .contains(&kind)
        .then(|| id.to_owned());
    Operation::CreateElement(CreateElement { id: id.into(), kind: kind.into(), name, attributes: object(attributes) })
}

fn flow(id: &str, source: &str, target: &str, attributes: Json) -> Operation {
    let mut all = object(json!({
        "data": ["dat-juki"], "method": "file", "frequency": "d", "control": "intra", "carries_my_number": false,
        "documented": true,
    }));
    all.extend(object(attributes));
    Operation::CreateRelationship(CreateRelationship {
        id: Some(id.into()),
        kind: "data_flow".into(),
        source: source.into(),
        target: target.into(),
        name: None,
        attributes: all,
    })
}

fn after(operations: Vec<Operation>) -> Subjects {
    subjects(&View::new(apply(city().snapshot(), operations), city_day()))
}

/// A rule finds exactly this and nothing less; rules that were not run are passed over.
fn finds(rule: &str, expected: &[&str], operations: Vec<Operation>) {
    let found = after(operations);
    let Some(found) = found.get(rule) else { return };
    let expected: Vec<String> = expected.iter().map(|id| (*id).to_owned()).collect();
    assert!(found.contains(&expected), "{rule} does not find {expected:?} among {found:?}");
    let before = subjects(&city());
    assert!(!before[rule].contains(&expected), "{rule} found {expected:?} before");
}

#[test]
fn rules_on_flows_find_what_was_broken() {
    let (mine, internet) = ("sys-juki", "sys-akiya");
    finds("S01", &["flw-x"], vec![flow("flw-x", mine, internet, json!({}))]);
    finds(
        "S09",
        &["flw-x"],
        vec![flow("flw-x", mine, internet, json!({"method": "mail", "control": "none", "data": ["dat-kubun"]}))],
    );
    finds("S11", &["flw-x"], vec![flow("flw-x", mine, internet, json!({"documented": false}))]);
    finds("S12", &["flw-x"], vec![flow("flw-x", "ext-business", mine, json!({"method": "remote"}))]);
    finds("S14", &["flw-x"], vec![flow("flw-x", mine, "sys-card", json!({}))]);
    finds("S04", &["flw-x"], vec![flow("flw-x", mine, "sys-inkan", json!({"carries_my_number": true}))]);
    finds("D03", &["flw-x"], vec![flow("flw-x", mine, internet, json!({"method": "rekey"}))]);
    finds("D07", &["flw-x"], vec![flow("flw-x", mine, internet, json!({"method": "dbl"}))]);
}

#[test]
fn a_cross_zone_flow_needs_its_control() {
    let lgwan = create("system", "sys-l", json!({"zone": "zone-lgwan", "owner_department": "dept-joho"}));
    let internet = create("system", "sys-i", json!({"zone": "zone-internet", "owner_department": "dept-joho"}));
    let with = |made: Operation| vec![lgwan.clone(), internet.clone(), made];
    finds("S02", &["flw-x"], with(flow("flw-x", "sys-juki", "sys-l", json!({"control": "none"}))));
    finds("S03", &["flw-x"], with(flow("flw-x", "sys-i", "sys-l", json!({"control": "none"}))));
    finds("S03b", &["flw-x"], with(flow("flw-x", "sys-l", "sys-i", json!({"control": "none"}))));
}

#[test]
fn rules_on_systems_find_what_was_broken() {
    finds(
        "S05",
        &["sys-nencho"],
        vec![
            update("sys-nencho", json!({"zone": "zone-lgwan", "personal_data": {"my_number_use": "none"}})),
            flow("flw-x", "sys-juki", "sys-nencho", json!({"carries_my_number": true})),
        ],
    );
    finds(
        "S08",
        &["sys-x"],
        vec![create(
            "system",
            "sys-x",
            json!({
        "type": "saas", "zone": "zone-internet", "confidentiality": "自治体機密性3C", "cloud": {"approved": false}}),
        )],
    );
    finds("B03", &["sys-juki"], vec![update("sys-juki", json!({"availability": {"backup": "none"}}))]);
    finds("B07", &["sys-juki"], vec![update("inf-govcloud", json!({"hazard": "flood-3m"}))]);
    finds("L01", &["sys-juki"], vec![update("sys-juki", json!({"technologies": ["t-ws2012r2"]}))]);
    finds("L01b", &["sys-juki"], vec![update("sys-juki", json!({"technologies": ["t-ws2016"]}))]);
    finds("L02", &["sys-inkan"], vec![update("sys-inkan", json!({"contract_end": "2027-10-31"}))]);
    finds("D05", &["sys-juki"], vec![update("sys-juki", json!({"standardization": {"status": "undesignated"}}))]);
    finds("D05b", &["sys-juki"], vec![update("sys-juki", json!({"standardization": {"status": "special"}}))]);
    finds("D06", &["sys-juki"], vec![update("sys-juki", json!({"standardization": {"customizations": 3}}))]);
    finds("D09a", &["sys-x"], vec![create("system", "sys-x", json!({}))]);
    finds("D09d", &["sys-x"], vec![create("system", "sys-x", json!({}))]);
    finds("K04", &["sys-x"], vec![create("system", "sys-x", json!({"type": "euc-excel", "known_by": ["per-dx-02"]}))]);
    finds(
        "D08",
        &["sys-x"],
        vec![create("system", "sys-x", json!({"characters": "vendor"})), flow("flw-x", "sys-juki", "sys-x", json!({}))],
    );
}

#[test]
fn rules_on_data_and_processes_find_what_was_broken() {
    let data = |attributes: Json| vec![create("data_object", "dat-x", attributes)];
    finds(
        "S07",
        &["dat-x"],
        data(json!({"personal_class": "personal", "subjects": 1000, "personal_file_registry": "missing"})),
    );
    finds("D02", &["dat-x"], data(json!({"masters": ["sys-juki", "sys-inkan"]})));
    finds("D09b", &["dat-x"], data(json!({})));
    finds("D09c", &["dat-x"], data(json!({})));
    finds("D09e", &["dat-x"], data(json!({})));
    let process = |attributes: Json| vec![create("business_process", "prc-x", attributes)];
    finds(
        "B01",
        &["prc-x", "sys-juki"],
        process(json!({
        "continuity": {"rto_hours": 1}, "systems": [{"system": "sys-juki", "role": "essential"}]})),
    );
    finds("K01", &["prc-x"], process(json!({"known_by": ["per-dx-02"]})));
    finds("K02", &["prc-x"], process(json!({"known_by": ["per-gakko-03"]})));
    finds("K03", &["prc-x"], process(json!({"manual": {"status": "none"}})));
}

#[test]
fn rules_on_projects_issues_risks_and_adoption_find_what_was_broken() {
    let project = |id: &str, role: &str, start: &str, end: &str| {
        create(
            "project",
            id,
            json!({"start": start, "go_live": end, "systems": [{"system": "sys-inkan", "role": role}]}),
        )
    };
    finds(
        "P01",
        &["prj-x", "prj-y", "sys-inkan"],
        vec![
            project("prj-x", "modify", "2026-01-01", "2026-12-31"),
            project("prj-y", "renew", "2026-12-31", "2027-12-31"),
        ],
    );
    finds(
        "P04",
        &["prj-x", "prj-y", "sys-inkan"],
        vec![
            project("prj-x", "retire", "2026-01-01", "2026-06-30"),
            project("prj-y", "extend", "2028-01-01", "2028-12-31"),
        ],
    );
    finds("P02", &["prj-x", "sys-inkan"], vec![project("prj-x", "use", "2031-01-01", "2031-04-01")]);
    finds("L03", &["prj-x", "sys-inkan"], vec![project("prj-x", "replace", "2031-01-01", "2031-04-02")]);
    finds(
        "P03",
        &["prj-x", "prj-y"],
        vec![
            project("prj-y", "use", "2026-01-01", "2026-12-31"),
            create(
                "project",
                "prj-x",
                json!({"start": "2026-01-01", "go_live": "2026-12-30", "depends_on": ["prj-y"]}),
            ),
        ],
    );
    let issue = |attributes: Json| {
        let mut all = object(json!({"title": "x", "department": "dept-joho", "cause": "peak-load"}));
        all.extend(object(attributes));
        vec![create("issue", "iss-x", Json::Object(all))]
    };
    finds("I01", &["iss-x"], issue(json!({"due": "2026-10-31", "status": "対応中"})));
    finds("I02", &["iss-x"], issue(json!({"status": "対応中"})));
    finds("R01", &["rsk-x"], vec![create("risk", "rsk-x", json!({}))]);
    finds("R03", &["rsk-x"], vec![create("risk", "rsk-x", json!({"review_due": "2026-10-31"}))]);
    let control = CreateElement {
        id: "rsk-x--control-1".into(),
        kind: "control".into(),
        name: Some("a".into()),
        attributes: object(json!({"status": "未実施"})),
    };
    let risk = create("risk", "rsk-x", json!({"controls": ["rsk-x--control-1"]}));
    finds("R02", &["rsk-x"], vec![Operation::CreateElement(control), risk]);
    let adoption = |attributes: Json| {
        let mut all = object(json!({"system": "sys-juki", "department": "dept-joho"}));
        all.extend(object(attributes));
        vec![create("adoption", "adp-x", Json::Object(all))]
    };
    finds("A01", &["adp-x"], adoption(json!({"rate": 0.29})));
    finds("A02", &["adp-x"], adoption(json!({"rate": 0.5})));
}

#[test]
fn a_limit_is_met_exactly() {
    let quiet = |rule: &str, subject: &str, operations: Vec<Operation>| {
        let found = after(operations);
        let Some(found) = found.get(rule) else { return };
        assert!(!found.contains(&vec![subject.to_owned()]), "{rule} {subject}");
    };
    quiet(
        "A01",
        "adp-x",
        vec![create("adoption", "adp-x", json!({"system": "sys-juki", "department": "dept-joho", "rate": 0.3}))],
    );
    quiet(
        "S07",
        "dat-x",
        vec![create(
            "data_object",
            "dat-x",
            json!({
        "personal_class": "personal", "subjects": 999, "personal_file_registry": "missing"}),
        )],
    );
    quiet(
        "I01",
        "iss-x",
        vec![create("issue", "iss-x", json!({"title": "x", "due": "2026-11-01", "status": "対応中"}))],
    );
    let pia = |published: &str| create("pia", "pia-x", json!({"affair": "x", "published": published}));
    quiet("S06b", "pia-x", vec![pia("2021-11-01")]);
    finds("S06b", &["pia-x"], vec![pia("2021-10-31")]);
}

#[test]
fn the_leak_needs_two_flows_and_ends_with_an_anonymized_one() {
    let chain = |last: Json| {
        vec![
            create("system", "sys-l", json!({"zone": "zone-lgwan"})),
            create("system", "sys-i", json!({"zone": "zone-internet"})),
            flow("flw-1", "sys-juki", "sys-l", json!({"control": "specific"})),
            flow("flw-2", "sys-l", "sys-i", last),
        ]
    };
    finds("S13", &["sys-i"], chain(json!({"control": "outbound"})));
    for harmless in [json!({"method": "view"}), json!({"anonymized": true}), json!({"data": ["dat-jusho"]})] {
        assert!(!after(chain(harmless))["S13"].contains(&vec!["sys-i".to_owned()]));
    }
    let direct = vec![
        create("system", "sys-i", json!({"zone": "zone-internet"})),
        flow("flw-1", "sys-juki", "sys-i", json!({})),
    ];
    assert!(!after(direct)["S13"].contains(&vec!["sys-i".to_owned()]), "one flow is not transitive");
}

#[test]
fn resolving_a_case_removes_its_finding() {
    let gone = Operation::DeleteRelationship(Delete { id: "flw-taino-to-saikoku".into(), cascade: true });
    let found = after(vec![gone]);
    if let Some(found) = found.get("S02") {
        assert_eq!(found, &BTreeSet::new());
    }
}
