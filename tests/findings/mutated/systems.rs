//! Rules on systems, their continuity and their life: domain knowledge §3.2 S06 to S08, §4 B01 to B07, §4.1 L01 to L03.

use ezu::domain::Operation;
use serde_json::{Value as Json, json};

use super::{Mutation, create, flow, mutation, over, process, system};

pub(super) fn mutations() -> Vec<Mutation> {
    let mut all = assessments();
    all.extend(protection());
    all.extend(continuity());
    all.extend(pillars());
    all.extend(lifecycle());
    all
}

/// An assessment of a full day in order, but for what is said.
fn pia(more: Json) -> Vec<Operation> {
    let usual = json!({
        "affair": "x", "subjects": 1_000, "handlers": 10, "serious_incident_last_year": false,
        "level_done": "基礎項目", "published": "2026-01-01",
    });
    vec![create("pia", "pia-x", over(usual, more))]
}

fn assessments() -> Vec<Mutation> {
    let done = |level: &str, subjects: u32, handlers: u32, incident: bool| {
        pia(json!({
            "level_done": level, "subjects": subjects, "handlers": handlers, "serious_incident_last_year": incident,
        }))
    };
    let found = |operations| mutation("S06", &["pia-x"], operations);
    vec![
        found(done("未実施", 1_000, 10, false)).but_not(done("未実施", 999, 10, false)),
        // Many handlers or an incident do not raise what is below 10,000.
        found(done("基礎項目", 10_000, 500, false)).but_not(done("基礎項目", 10_000, 499, false)).but_not(done(
            "基礎項目",
            9_999,
            500,
            true,
        )),
        found(done("基礎項目", 99_999, 10, true)).but_not(done("重点項目", 99_999, 10, true)),
        found(done("基礎項目", 100_000, 10, false)).but_not(done("基礎項目", 99_999, 10, false)),
        found(done("重点項目", 100_000, 10, true)).but_not(done("重点項目", 299_999, 499, false)),
        found(done("重点項目", 300_000, 10, false)).but_not(done("全項目", 300_000, 500, true)),
        mutation("S06b", &["pia-x"], pia(json!({"published": "2021-10-31"})))
            .but_not(pia(json!({"published": "2021-11-01"}))),
    ]
}

fn protection() -> Vec<Mutation> {
    let data = |more: Json| {
        let usual = json!({"personal_class": "personal", "subjects": 1_000, "personal_file_registry": "missing"});
        vec![create("data_object", "dat-x", over(usual, more))]
    };
    let cloud = |class: &str, approved: bool, ismap: bool| {
        let cloud = json!({"approved": approved, "ismap": ismap});
        let attributes = json!({"type": "saas", "zone": "zone-internet", "confidentiality": class, "cloud": cloud});
        vec![system("sys-x", attributes)]
    };
    vec![
        mutation("S07", &["dat-x"], data(json!({})))
            .but_not(data(json!({"subjects": 999})))
            .but_not(data(json!({"personal_class": "none"})))
            .but_not(data(json!({"personal_file_registry": "exempt"}))),
        mutation("S08", &["sys-x"], cloud("自治体機密性3C", false, true))
            .but_not(cloud("自治体機密性3C", true, false))
            .but_not(cloud("自治体機密性2", false, false)),
        mutation("S08", &["sys-x"], cloud("自治体機密性3B", true, false))
            .but_not(cloud("自治体機密性3B", true, true))
            .but_not(vec![system(
                "sys-x",
                json!({"type": "saas", "zone": "zone-lgwan", "cloud": {"approved": false},
                "confidentiality": "自治体機密性3B"}),
            )]),
    ]
}

fn continuity() -> Vec<Mutation> {
    // sys-juki is restored within 24 hours, the line to the Government Cloud within 48.
    let work = |hours: u32, role: &str| {
        let systems = json!([{"system": "sys-juki", "role": role}]);
        vec![process("prc-x", json!({"continuity": {"rto_hours": hours}, "systems": systems}))]
    };
    let needing = |hours: u32, level: &str| {
        let needs = json!([{"target": "inf-govcloud-line", "level": level}]);
        vec![system("sys-x", json!({"availability": {"rto_hours": hours}, "depends_on": needs}))]
    };
    let ranked =
        |rank: &str, backup: &str| vec![system("sys-x", json!({"availability": {"bcp_rank": rank, "backup": backup}}))];
    let placed = |rank: &str, hazard: &str| {
        let room = create("infrastructure", "inf-x", json!({"type": "room", "hazard": hazard}));
        vec![room, system("sys-x", json!({"availability": {"bcp_rank": rank}, "runs_on": ["inf-x"]}))]
    };
    vec![
        mutation("B01", &["prc-x", "sys-juki"], work(23, "essential"))
            .but_not(work(24, "essential"))
            .but_not(work(23, "support")),
        mutation("B02", &["sys-x", "inf-govcloud-line"], needing(47, "essential"))
            .but_not(needing(48, "essential"))
            .but_not(needing(47, "support")),
        mutation("B03", &["sys-x"], ranked("A", "onsite")).but_not(ranked("A", "offsite")).but_not(ranked("B", "none")),
        mutation("B07", &["sys-x"], placed("S", "flood-3m"))
            .but_not(placed("B", "flood-3m"))
            .but_not(placed("S", "flood-1m")),
    ]
}

/// Something that so many systems essentially depend on, and so many others get data from.
fn pillar(node: Operation, id: &str, depending: usize, fed: usize, method: &str) -> Vec<Operation> {
    let mut all = vec![node];
    for number in 0..depending {
        let needs = json!([{"target": id, "level": "essential"}]);
        all.push(system(&format!("sys-d{number}"), json!({"depends_on": needs})));
    }
    for number in 0..fed {
        // Some of them also depend on it; each counts once.
        let to = format!("sys-{}{number}", if number < depending && method == "api" { 'd' } else { 'e' });
        if to.starts_with("sys-e") {
            all.push(system(&to, json!({})));
        }
        all.push(flow(&format!("flw-{number}"), id, &to, json!({"method": method})));
    }
    all
}

fn pillars() -> Vec<Mutation> {
    let alone = |redundant: bool| system("sys-x", json!({"availability": {"redundant": redundant}}));
    let place = |kind: &str| create("infrastructure", "inf-x", json!({"type": kind, "redundant": false}));
    vec![
        mutation("B04", &["sys-x"], pillar(alone(false), "sys-x", 10, 0, "file"))
            .but_not(pillar(alone(false), "sys-x", 9, 0, "file"))
            .but_not(pillar(alone(true), "sys-x", 10, 0, "file")),
        mutation("B04", &["sys-x"], pillar(alone(false), "sys-x", 4, 6, "file"))
            .but_not(pillar(alone(false), "sys-x", 4, 6, "usb"))
            .but_not(pillar(alone(false), "sys-x", 9, 9, "api")),
        mutation("B04", &["inf-x"], pillar(place("server"), "inf-x", 10, 0, "file")).but_not(pillar(
            place("pc"),
            "inf-x",
            10,
            0,
            "file",
        )),
    ]
}

fn lifecycle() -> Vec<Mutation> {
    let built = |end: &str| {
        vec![
            create("technology", "t-x", json!({"end_of_support": end})),
            system("sys-x", json!({"technologies": ["t-x", "t-rhel9"]})),
        ]
    };
    let ending = |end: &str, status: &str, role: Option<&str>| {
        let mut all = vec![system("sys-x", json!({"contract_end": end, "status": status}))];
        all.extend(role.map(|role| project("prj-x", role, "2027-01-01", "2027-02-01")));
        all
    };
    let contract = |role: &str, go_live: &str| {
        let end = system("sys-x", json!({"contract_end": "2031-03-31"}));
        vec![end, project("prj-x", role, "2030-01-01", go_live)]
    };
    vec![
        mutation("L01", &["sys-x"], built("2026-11-01")).but_not(built("2026-11-02")),
        mutation("L01b", &["sys-x"], built("2026-11-02")).but_not(built("2026-11-01")).but_not(built("2027-11-02")),
        mutation("L01b", &["sys-x"], built("2027-11-01")),
        mutation("L02", &["sys-x"], ending("2027-11-01", "active", Some("modify")))
            .but_not(ending("2027-11-02", "active", None))
            .but_not(ending("2027-11-01", "retiring", None))
            .but_not(ending("2027-11-01", "active", Some("replace")))
            .but_not(ending("2027-11-01", "active", Some("renew")))
            .but_not(ending("2027-11-01", "active", Some("retire"))),
        mutation("L03", &["prj-x", "sys-x"], contract("replace", "2031-04-02"))
            .but_not(contract("renew", "2031-04-01"))
            .but_not(contract("extend", "2031-04-02")),
    ]
}

fn project(id: &str, role: &str, start: &str, go_live: &str) -> Operation {
    create("project", id, json!({"start": start, "go_live": go_live, "systems": [{"system": "sys-x", "role": role}]}))
}
