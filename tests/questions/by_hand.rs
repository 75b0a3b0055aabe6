//! Answers about the reference city, against a second computation over its files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::catalogue::ask;
use crate::city::{City, text, texts};
use crate::support::shared_city;

/// The day of the city.
const DAY: &str = "2026-11-01";
const SENSITIVE: [&str; 3] = ["sensitive", "specific", "specific-sensitive"];

type Ids = BTreeSet<String>;

fn rows(answer: &Json) -> Vec<Json> {
    answer["table"]["rows"].as_array().expect("rows").clone()
}

/// The id of an item in a cell, or the text of the cell.
fn id(cell: &Json) -> String {
    cell["id"].as_str().or(cell.as_str()).unwrap_or_default().to_owned()
}

fn column(answer: &Json, name: &str) -> Ids {
    rows(answer).iter().map(|row| id(&row[name])).collect()
}

fn held(row: &Json, name: &str) -> Ids {
    row[name].as_array().into_iter().flatten().map(id).collect()
}

fn of(answer: &Json, key: &str, value: &str) -> BTreeMap<String, i64> {
    rows(answer).iter().map(|row| (id(&row[key]), row[value].as_i64().unwrap_or(0))).collect()
}

fn ids<'j>(entries: impl IntoIterator<Item = &'j Json>) -> Ids {
    entries.into_iter().map(|entry| text(entry, "id").to_owned()).collect()
}

fn headline(answer: &Json) -> &str {
    answer["headline"]["ja"].as_str().expect("a sentence")
}

fn flows<'c>(city: &'c City, keep: impl Fn(&Json) -> bool + 'c) -> impl Iterator<Item = &'c Json> {
    city.list("data_flows").iter().filter(move |flow| keep(flow))
}

fn carries_class(city: &City, flow: &Json, classes: &[&str]) -> bool {
    texts(flow, "data").iter().any(|data| classes.contains(&text(city.entry("data_objects", data), "personal_class")))
}

fn uses<'j>(process: &'j Json, role: Option<&str>) -> Vec<&'j str> {
    let uses = process["systems"].as_array().into_iter().flatten();
    uses.filter(|held| role.is_none_or(|role| held["role"] == role)).map(|held| text(held, "system")).collect()
}

/// What stops with a system or piece of infrastructure: all that needs it, over any number of steps.
fn stopped(city: &City, start: &str) -> Ids {
    let mut stopped = Ids::from([start.to_owned()]);
    loop {
        let needs = |system: &&Json| {
            let needs = system["depends_on"].as_array().into_iter().flatten();
            needs.clone().any(|held| held["level"] == "essential" && stopped.contains(text(held, "target")))
        };
        let found: Ids = ids(city.list("systems").iter().filter(needs));
        let before = stopped.len();
        stopped.extend(found);
        if stopped.len() == before {
            return stopped;
        }
    }
}

#[test]
fn what_suffers_when_a_system_stops() {
    let city = City::read();
    for system in ["sys-juki", "sys-ninsho", "sys-kaigo"] {
        let gone = stopped(&city, system);
        let hit = city.list("business_processes").iter().filter(|p| uses(p, None).iter().any(|s| gone.contains(*s)));
        let answer = ask(shared_city(), "system-stops", json!({"system": system}));
        assert_eq!(column(&answer, "item"), ids(hit.clone()), "{system}");
        let departments: BTreeSet<&str> = hit.clone().map(|process| text(process, "owner_department")).collect();
        let expected = format!("{}課の{}件の業務に支障が出る", departments.len(), hit.clone().count());
        assert!(headline(&answer).contains(&expected), "{} / {expected}", headline(&answer));
    }
}

#[test]
fn what_stops_with_a_piece_of_infrastructure() {
    let city = City::read();
    let mut gone = stopped(&city, "inf-vm-old");
    let hit = city.list("business_processes").iter().filter(|p| uses(p, None).iter().any(|s| gone.contains(*s)));
    let hit = ids(hit);
    gone.remove("inf-vm-old");
    assert_eq!(gone.len(), 47, "the domain's figure");
    let answer = ask(shared_city(), "infrastructure-stops", json!({}));
    let found = column(&answer, "item");
    // Systems that are only starved of data are hit too, but by less than a stop.
    assert!(gone.is_subset(&found) && hit.is_subset(&found));
    let stopped_rows =
        rows(&answer).into_iter().filter(|row| row["effect"]["ja"] == "停止" && row["kind"]["en"] == "System");
    assert_eq!(stopped_rows.map(|row| id(&row["item"])).collect::<Ids>(), gone);
}

#[test]
fn flood_and_load() {
    let city = City::read();
    let flooded = ids(city.list("infrastructures").iter().filter(|i| i["hazard"] == "flood-3m"));
    let expected = city.list("systems").iter().filter(|s| texts(s, "runs_on").iter().any(|i| flooded.contains(i)));
    let answer = ask(shared_city(), "flood", json!({}));
    assert_eq!(column(&answer, "system"), ids(expected));
    let mut load: BTreeMap<String, i64> = BTreeMap::new();
    for system in city.list("systems") {
        for needs in system["depends_on"].as_array().into_iter().flatten().filter(|held| held["level"] == "essential") {
            *load.entry(text(needs, "target").to_owned()).or_default() += 1;
        }
    }
    load.retain(|target, count| target.starts_with("inf-") && *count >= 5);
    assert_eq!(of(&ask(shared_city(), "infrastructure-load", json!({})), "infrastructure", "systems"), load);
}

#[test]
fn urgent_work() {
    let city = City::read();
    for hours in [3, 24] {
        let urgent = city.list("business_processes").iter();
        let urgent = urgent.filter(|p| p["continuity"]["rto_hours"].as_i64().is_some_and(|rto| rto <= hours));
        let answer = ask(shared_city(), "urgent-work", json!({"hours": hours}));
        assert_eq!(column(&answer, "process"), ids(urgent.clone()));
        for row in rows(&answer) {
            let process = city.entry("business_processes", &id(&row["process"]));
            let expected: Ids = uses(process, Some("essential")).into_iter().map(str::to_owned).collect();
            assert_eq!(held(&row, "systems"), expected);
        }
    }
}

#[test]
fn flows_without_control_and_by_mail() {
    let city = City::read();
    let open = flows(&city, |flow| flow["control"] == "none" && carries_class(&city, flow, &SENSITIVE));
    assert_eq!(column(&ask(shared_city(), "uncontrolled-flows", json!({})), "flow"), ids(open));
    let personal = ["personal", "sensitive", "specific", "specific-sensitive"];
    let mail = flows(&city, |flow| flow["method"] == "mail" && carries_class(&city, flow, &personal));
    assert_eq!(column(&ask(shared_city(), "mail-flows", json!({})), "flow"), ids(mail));
    let carried = flows(&city, |flow| texts(flow, "data").contains(&"dat-juki".to_owned()));
    assert_eq!(column(&ask(shared_city(), "data-goes-where", json!({})), "flow"), ids(carried));
    let by_hand = flows(&city, |flow| ["manualcsv", "usb", "paper"].contains(&text(flow, "method")));
    assert_eq!(column(&ask(shared_city(), "manual-file-flows", json!({})), "flow"), ids(by_hand));
    let sent = flows(&city, |flow| flow["source"] == "sys-juki");
    assert_eq!(column(&ask(shared_city(), "system-sends", json!({})), "flow"), ids(sent));
}

#[test]
fn retyping_takes_the_hours_that_the_domain_says() {
    let city = City::read();
    let retyped: Vec<&Json> = flows(&city, |flow| flow["method"] == "rekey").collect();
    let hours: i64 = retyped.iter().filter_map(|flow| flow["manual_hours_per_year"].as_i64()).sum();
    assert_eq!((retyped.len(), hours), (35, 3823), "the domain's figures");
    let answer = ask(shared_city(), "rekeying", json!({}));
    assert_eq!(column(&answer, "flow"), ids(retyped.iter().copied()));
    assert!(headline(&answer).contains("35件") && headline(&answer).contains("3,823時間"), "{}", headline(&answer));
}

#[test]
fn systems_with_my_number() {
    let city = City::read();
    let with = city.list("systems").iter();
    let with: Vec<&Json> =
        with.filter(|s| ["use", "related"].contains(&text(&s["personal_data"], "my_number_use"))).collect();
    let covered: Ids = city.list("pias").iter().flat_map(|pia| texts(pia, "systems")).collect();
    let assessed = with.iter().filter(|system| covered.contains(text(system, "id"))).count();
    let answer = ask(shared_city(), "my-number-systems", json!({}));
    assert_eq!(column(&answer, "system"), ids(with.iter().copied()));
    assert!(headline(&answer).contains(&format!("{}件。うち保護評価に載るのは{assessed}件", with.len())), "{answer}");
}

#[test]
fn the_same_tool_many_times() {
    let city = City::read();
    let mut expected: BTreeMap<String, (Ids, Ids, i64)> = BTreeMap::new();
    let general = ids(city.list("function_codes").iter().filter(|code| code["general_purpose"] == true));
    for system in city.list("systems") {
        for code in texts(system, "function_codes").into_iter().filter(|code| general.contains(code)) {
            let entry = expected.entry(code).or_default();
            entry.0.insert(text(system, "id").to_owned());
            entry.1.insert(text(system, "owner_department").to_owned());
            entry.2 += system["annual_cost_kyen"].as_i64().unwrap_or(0);
        }
    }
    expected.retain(|_, (_, departments, _)| departments.len() >= 2);
    let answer = ask(shared_city(), "duplicate-tools", json!({}));
    assert_eq!(rows(&answer).len(), expected.len());
    for row in rows(&answer) {
        let (systems, departments, cost) = &expected[&id(&row["function"])];
        assert_eq!((&held(&row, "systems"), row["cost"].as_i64()), (systems, Some(*cost)), "{row}");
        assert_eq!(row["departments"].as_u64(), Some(departments.len() as u64), "{row}");
    }
}

#[test]
fn masters_and_needs() {
    let city = City::read();
    let several = city.list("data_objects").iter().filter(|data| texts(data, "masters").len() > 1);
    assert_eq!(column(&ask(shared_city(), "several-masters", json!({})), "data"), ids(several));
    let juki = city.entry("systems", "sys-juki");
    let needs = juki["depends_on"].as_array().into_iter().flatten().map(|held| text(held, "target").to_owned());
    assert_eq!(column(&ask(shared_city(), "system-needs", json!({})), "needs"), needs.collect::<Ids>());
}

#[test]
fn contracts() {
    let city = City::read();
    // ISO days compare as texts. 365 days after 2026-11-01 is 2027-11-01.
    let ending = city.list("systems").iter();
    let ending = ending.filter(|s| (DAY..="2027-11-01").contains(&text(s, "contract_end")));
    let answer = ask(shared_city(), "contracts-ending", json!({"days": 365}));
    assert_eq!(column(&answer, "system"), ids(ending));
    for row in rows(&answer) {
        let projects = city.list("projects").iter().filter(|project| {
            let systems = project["systems"].as_array().into_iter().flatten();
            systems.clone().any(|held| {
                held["system"] == id(&row["system"]).as_str()
                    && ["replace", "renew", "retire"].contains(&text(held, "role"))
            })
        });
        assert_eq!(held(&row, "successor"), ids(projects), "{row}");
    }
    let past = city.list("systems").iter();
    let past = past
        .filter(|s| s["status"] == "active" && !text(s, "contract_end").is_empty() && text(s, "contract_end") < DAY);
    assert_eq!(column(&ask(shared_city(), "contracts-past", json!({})), "system"), ids(past));
    let leases = city.list("infrastructures").iter();
    let leases = leases.filter(|i| !text(i, "lease_end").is_empty() && text(i, "lease_end") <= "2028-10-31");
    assert_eq!(column(&ask(shared_city(), "leases-ending", json!({"days": 730})), "infrastructure"), ids(leases));
}

#[test]
fn costs_by_vendor_and_department() {
    let city = City::read();
    let total = |field: &str| {
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for system in city.list("systems").iter().filter(|system| !text(system, field).is_empty()) {
            *sums.entry(text(system, field).to_owned()).or_default() +=
                system["annual_cost_kyen"].as_i64().unwrap_or(0);
        }
        sums
    };
    assert_eq!(of(&ask(shared_city(), "vendor-share", json!({})), "vendor", "cost"), total("vendor"));
    let answer = ask(shared_city(), "cost-by-department", json!({}));
    assert_eq!(of(&answer, "department", "cost"), total("owner_department"));
    assert!(headline(&answer).contains("161件"), "{}", headline(&answer));
}

#[test]
fn hours_of_work() {
    let city = City::read();
    let processes = city.list("business_processes");
    let hours = |process: &Json| process["staff_hours_per_year"].as_i64().unwrap_or(0);
    let answer = ask(shared_city(), "hours-of-work", json!({}));
    let expected: BTreeMap<String, i64> = processes.iter().map(|p| (text(p, "id").to_owned(), hours(p))).collect();
    assert_eq!(of(&answer, "process", "hours"), expected);
    let routine = processes.iter();
    let routine = routine.filter(|p| p["classification"]["routine"] == true && p["classification"]["core"] == false);
    assert_eq!(column(&ask(shared_city(), "routine-work", json!({})), "process"), ids(routine));
    let own = processes.iter().filter(|process| process["owner_department"] == "dept-shimin");
    let answer = ask(shared_city(), "department-work", json!({"department": "dept-shimin"}));
    let sum: i64 = own.clone().map(hours).sum();
    assert_eq!(column(&answer, "process"), ids(own.clone()));
    assert_eq!(rows(&answer).iter().filter_map(|row| row["hours"].as_i64()).sum::<i64>(), sum);
    let alone = processes.iter();
    let alone = alone.filter(|p| p["owner_department"] == "dept-shisanzei" && texts(p, "known_by").len() == 1);
    assert_eq!(column(&ask(shared_city(), "who-knows-department", json!({})), "process"), ids(alone));
}

#[test]
fn work_of_one_type() {
    let city = City::read();
    let subsidies = city.list("business_processes").iter().filter(|process| process["type"] == "hojo");
    let answer = ask(shared_city(), "similar-work", json!({"type": "hojo"}));
    assert_eq!(column(&answer, "process"), ids(subsidies));
    assert!(headline(&answer).starts_with("「補助金」"), "{}", headline(&answer));
    let busy = city.list("business_processes").iter();
    let busy = busy.filter(|p| !["", "通年", "毎月", "随時"].contains(&text(p, "peak")));
    assert_eq!(column(&ask(shared_city(), "busy-months", json!({})), "process"), ids(busy));
}

#[test]
fn tools_that_are_not_used() {
    let city = City::read();
    let unused: Vec<&Json> =
        city.list("adoptions").iter().filter(|held| held["rate"].as_f64().is_some_and(|rate| rate < 0.3)).collect();
    let answer = ask(shared_city(), "not-adopted", json!({}));
    let pair = |held: &Json| (text(held, "system").to_owned(), text(held, "department").to_owned());
    let expected: BTreeSet<(String, String)> = unused.iter().map(|held| pair(held)).collect();
    let found = rows(&answer).iter().map(|row| (id(&row["system"]), id(&row["department"]))).collect();
    assert_eq!(expected, found);
    let led = unused.iter().filter(|held| !text(held, "champion").is_empty()).count();
    assert!(headline(&answer).contains(&format!("推進役がいるのはそのうち{led}件")), "{}", headline(&answer));
}

#[test]
fn issues() {
    let city = City::read();
    let mut hours: BTreeMap<String, i64> = BTreeMap::new();
    for issue in city.list("issues").iter().filter(|issue| issue["cause"] != "good-practice") {
        *hours.entry(text(issue, "cause").to_owned()).or_default() +=
            issue["loss_hours_per_year"].as_i64().unwrap_or(0);
    }
    let answer = ask(shared_city(), "issues-by-cause", json!({}));
    let mut found: Vec<i64> = rows(&answer).iter().filter_map(|row| row["hours"].as_i64()).collect();
    let mut expected: Vec<i64> = hours.into_values().collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    let open = city.list("issues").iter().filter(|i| i["department"] == "dept-hoiku" && i["status"] != "完了");
    assert_eq!(column(&ask(shared_city(), "department-issues", json!({})), "issue"), ids(open));
    let about = city.list("issues").iter().filter(|issue| issue["process"] == "prc-hoiku");
    assert_eq!(column(&ask(shared_city(), "process-issues", json!({})), "issue"), ids(about));
}

#[test]
fn risks_people_and_vendors() {
    let city = City::read();
    let scores: BTreeMap<String, i64> = city
        .list("risks")
        .iter()
        .map(|risk| {
            let part = |name: &str| risk[name].as_i64().unwrap_or(0);
            (text(risk, "id").to_owned(), part("likelihood") * part("impact"))
        })
        .collect();
    assert_eq!(of(&ask(shared_city(), "top-risks", json!({})), "risk", "score"), scores);
    let people: Ids = texts(city.entry("business_processes", "prc-tennyu"), "known_by").into_iter().collect();
    assert_eq!(column(&ask(shared_city(), "process-people", json!({})), "person"), people);
    let supplied = ids(city.list("systems").iter().filter(|system| system["vendor"] == "vnd-aoba"));
    let hit = city.list("business_processes").iter();
    let hit = ids(hit.filter(|p| uses(p, Some("essential")).iter().any(|system| supplied.contains(*system))));
    let answer = ask(shared_city(), "vendor-exit", json!({"vendor": "vnd-aoba"}));
    assert_eq!(column(&answer, "item"), supplied.union(&hit).cloned().collect::<Ids>());
}

#[test]
fn rules_answer_with_their_findings() {
    for (question, filter) in [
        ("leak-paths", "rule=S13"),
        ("protective-measures", "rule=S15"),
        ("no-offsite-backup", "rule=B03"),
        ("projects-collide", "set=project"),
        ("top-findings", "severity=critical"),
        ("findings-of-department", "department=dept-shimin"),
    ] {
        let page = shared_city().get(&format!("/api/v1/findings?{filter}&limit=1000")).json();
        let expected = ids(page["items"].as_array().expect("items"));
        assert_eq!(column(&ask(shared_city(), question, json!({})), "finding"), expected, "{question}");
    }
}
