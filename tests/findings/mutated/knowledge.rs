//! Rules on people, projects, issues, risks and adoption: domain knowledge §4.1 K, P, I, R and A.

use ezu::domain::Operation;
use serde_json::{Value as Json, json};

use super::{Mutation, create, mutation, over, process, system};

pub(super) fn mutations() -> Vec<Mutation> {
    let mut all = people();
    all.extend(projects());
    all.extend(issues());
    all.extend(risks());
    all.extend(adoption());
    all
}

fn people() -> Vec<Mutation> {
    let known = |people: &[&str]| vec![process("prc-x", json!({"known_by": people}))];
    let by_one = |more: Json| {
        let person = over(json!({"code": "職員X", "department": "dept-joho"}), more);
        vec![create("person", "per-x", person), process("prc-x", json!({"known_by": ["per-x"]}))]
    };
    let manual = |status: &str| vec![process("prc-x", json!({"manual": {"status": status}}))];
    let tool = |kind: &str, people: &[&str]| vec![system("sys-x", json!({"type": kind, "known_by": people}))];
    vec![
        mutation("K01", &["prc-x"], known(&["per-dx-02"]))
            .but_not(known(&["per-dx-02", "per-dx-03"]))
            .but_not(known(&[])),
        mutation("K02", &["prc-x"], by_one(json!({"years_in_post": 4})))
            .but_not(by_one(json!({"years_in_post": 3})))
            // Two people know it, and one of them is leaving.
            .but_not(known(&["per-gakko-03", "per-dx-02"])),
        mutation("K02", &["prc-x"], by_one(json!({"years_in_post": 1, "leaving": "2027-04-01 異動見込み"}))),
        mutation("K03", &["prc-x"], manual("none")).but_not(manual("current")),
        mutation("K03", &["prc-x"], manual("stale")),
        mutation("K04", &["sys-x"], tool("euc-access", &["per-dx-02"]))
            .but_not(tool("euc-excel", &["per-dx-02", "per-dx-03"]))
            .but_not(tool("package", &["per-dx-02"])),
    ]
}

fn project(id: &str, role: &str, start: &str, go_live: &str) -> Operation {
    create("project", id, json!({"start": start, "go_live": go_live, "systems": [{"system": "sys-x", "role": role}]}))
}

/// A system whose contract ends on 31 March 2031, and what two projects do to it.
fn two(first: (&str, &str, &str), second: (&str, &str, &str)) -> Vec<Operation> {
    let one = |id: &str, (role, start, go_live): (&str, &str, &str)| project(id, role, start, go_live);
    vec![system("sys-x", json!({"contract_end": "2031-03-31"})), one("prj-x", first), one("prj-y", second)]
}

fn projects() -> Vec<Mutation> {
    let modify = ("modify", "2026-01-01", "2026-12-31");
    let relying = |role: &'static str, go_live: &'static str| (role, "2030-01-01", go_live);
    let other = ("use", "2026-01-01", "2026-02-01");
    let after = |start: &str, go_live: &str| {
        let second = json!({"start": start, "go_live": go_live, "depends_on": ["prj-y"]});
        let first = json!({"start": "2026-01-01", "go_live": "2026-12-31"});
        vec![create("project", "prj-y", first), create("project", "prj-x", second)]
    };
    vec![
        // They share one day.
        mutation("P01", &["prj-x", "prj-y", "sys-x"], two(modify, ("renew", "2026-12-31", "2027-12-31")))
            .but_not(two(modify, ("renew", "2027-01-01", "2027-12-31")))
            .but_not(two(modify, ("use", "2026-12-31", "2027-12-31"))),
        mutation("P02", &["prj-x", "sys-x"], two(relying("use", "2031-04-01"), other))
            .but_not(two(relying("use", "2031-03-31"), other))
            .but_not(two(relying("retire", "2031-04-01"), other))
            .but_not(two(relying("use", "2031-04-01"), ("replace", "2026-01-01", "2026-02-01"))),
        mutation("P03", &["prj-x", "prj-y"], after("2026-01-01", "2026-12-30"))
            .but_not(after("2026-01-01", "2026-12-31")),
        // Whenever they do it.
        mutation(
            "P04",
            &["prj-x", "prj-y", "sys-x"],
            two(("retire", "2026-01-01", "2026-06-30"), ("extend", "2028-01-01", "2028-12-31")),
        )
        .but_not(two(("retire", "2026-01-01", "2026-06-30"), ("modify", "2028-01-01", "2028-12-31"))),
    ]
}

fn issue(id: &str, more: Json) -> Operation {
    let usual = json!({"title": id, "department": "dept-joho", "cause": "x", "status": "対応中",
        "due": "2026-11-01", "assignee": "per-dx-02"});
    create("issue", id, over(usual, more))
}

fn issues() -> Vec<Mutation> {
    let one = |more: Json| vec![issue("iss-x", more)];
    let open = |status: &str| create("issue", "iss-x", json!({"title": "x", "status": status}));
    let shared = |section: &str, cause: &str| {
        vec![issue("iss-x", json!({})), issue("iss-y", json!({"department": section, "cause": cause}))]
    };
    let three = [shared("dept-shimin", "x"), vec![issue("iss-z", json!({}))]].concat();
    vec![
        mutation("I01", &["iss-x"], one(json!({"due": "2026-10-31"})))
            .but_not(one(json!({})))
            .but_not(one(json!({"due": "2026-10-31", "status": "完了"}))),
        mutation("I02", &["iss-x"], vec![open("対応中")]).but_not(one(json!({}))).but_not(vec![open("完了")]),
        mutation("I03", &["iss-x", "iss-y"], shared("dept-shimin", "x"))
            .but_not(shared("dept-joho", "x"))
            .but_not(shared("dept-shimin", "y")),
        // All issues of the cause, also the second one of a section.
        mutation("I03", &["iss-x", "iss-y", "iss-z"], three),
    ]
}

fn risks() -> Vec<Mutation> {
    let risk = |states: &[&str], due: &str| {
        let ids: Vec<String> = (0..states.len()).map(|number| format!("rsk-x--control-{number}")).collect();
        let controls = ids.iter().zip(states).map(|(id, state)| create("control", id, json!({"status": state})));
        let mut all: Vec<Operation> = controls.collect();
        all.push(create("risk", "rsk-x", json!({"controls": ids, "review_due": due})));
        all
    };
    let today = "2026-11-01";
    vec![
        mutation("R01", &["rsk-x"], risk(&[], today)).but_not(risk(&["未実施"], today)),
        mutation("R02", &["rsk-x"], risk(&["未実施", "未実施"], today))
            .but_not(risk(&["未実施", "実施中"], today))
            .but_not(risk(&[], today)),
        mutation("R03", &["rsk-x"], risk(&[], "2026-10-31")).but_not(risk(&[], today)),
    ]
}

fn adoption() -> Vec<Mutation> {
    let one = |more: Json| {
        let usual = json!({"system": "sys-juki", "department": "dept-joho", "rate": 0.3, "champion": "per-dx-02"});
        vec![create("adoption", "adp-x", over(usual, more))]
    };
    let without = create("adoption", "adp-x", json!({"system": "sys-juki", "department": "dept-joho", "rate": 0.3}));
    vec![
        mutation("A01", &["adp-x"], one(json!({"rate": 0.29}))).but_not(one(json!({}))),
        mutation("A02", &["adp-x"], vec![without]).but_not(one(json!({}))),
    ]
}
