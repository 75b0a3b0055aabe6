//! Questions whose answers are things: found by looking at record after record.

use std::cmp::Reverse;

use serde_json::{Value as Json, json};

use super::Rows;
use super::city::{City, entries, number, text};
use super::row;

/// The day that the city describes.
const TODAY: &str = "2026-11-01";

/// The texts of a column, for sorting.
fn column(row: &[Json], place: usize) -> String {
    text(&row[place]).to_owned()
}

/// The id of the department with a name.
fn department<'a>(city: &'a City, name: &str) -> &'a Json {
    &city.list("departments").iter().find(|department| department["name"] == name).expect("it is there")["id"]
}

pub(super) fn one_system(city: &City) -> Rows {
    let system = city.record(&json!("sys-juki"));
    vec![row![system["name"], system["contract_end"], system["annual_cost_kyen"]]]
}

pub(super) fn sections_of_a_division(city: &City) -> Rows {
    let division = department(city, "市長公室");
    let sections = city.list("departments").iter().filter(|section| section["parent"] == *division);
    let mut rows: Rows = sections.map(|section| row![section["name"], section["staff"]]).collect();
    rows.sort_by_key(|row| Reverse(number(&row[1])));
    rows
}

pub(super) fn systems_of_a_section(city: &City) -> Rows {
    let section = department(city, "資産税課");
    let mut rows = Rows::new();
    for system in city.list("systems").iter().filter(|system| system["owner_department"] == *section) {
        let mut technologies: Vec<&str> = entries(&system["technologies"]).iter().map(text).collect();
        technologies.sort_unstable();
        rows.push(row![system["name"], system["annual_cost_kyen"], technologies]);
    }
    rows.sort_by_key(|row| (Reverse(number(&row[1])), column(row, 0)));
    rows
}

pub(super) fn unregistered_personal_files(city: &City) -> Rows {
    let mut rows = Rows::new();
    for data in city.list("data_objects") {
        let is_personal = data["personal_class"] != "none";
        if is_personal && number(&data["subjects"]) >= 1000 && data["personal_file_registry"] == "missing" {
            rows.push(row![data["name"], data["subjects"]]);
        }
    }
    rows.sort_by_key(|row| (Reverse(number(&row[1])), column(row, 0)));
    rows
}

pub(super) fn urgent_work_offline(city: &City) -> Rows {
    let mut rows = Rows::new();
    for process in city.list("business_processes") {
        let hours = &process["continuity"]["rto_hours"];
        if hours.as_i64().is_some_and(|hours| hours <= 3) && process["online"] == "not_available" {
            rows.push(row![process["name"], hours, process["legal_basis"]]);
        }
    }
    rows.sort_by_key(|row| (number(&row[1]), column(row, 0)));
    rows
}

pub(super) fn most_retyping(city: &City) -> Rows {
    let mut rows = Rows::new();
    for flow in city.list("data_flows").iter().filter(|flow| flow["method"] == "rekey") {
        rows.push(row![city.name(&flow["source"]), city.name(&flow["target"]), flow["manual_hours_per_year"]]);
    }
    rows.sort_by_key(|row| (Reverse(number(&row[2])), column(row, 0)));
    rows.truncate(5);
    rows
}

pub(super) fn unguarded_media(city: &City) -> Rows {
    let mut rows = Rows::new();
    for flow in city.list("data_flows").iter().filter(|flow| flow["method"] == "usb" && flow["control"] == "none") {
        let data: Vec<&Json> = entries(&flow["data"]).iter().map(|data| city.name(data)).collect();
        assert_eq!(data.len(), 1, "the order of several would have to be said");
        rows.push(row![city.name(&flow["source"]), city.name(&flow["target"]), data]);
    }
    rows.sort_by_key(|row| (column(row, 0), column(row, 1)));
    rows
}

pub(super) fn standard_affairs(city: &City) -> Rows {
    let mut systems: Vec<&Json> = city.list("systems").iter().collect();
    systems.sort_by_key(|system| text(&system["id"]));
    let mut rows = Rows::new();
    for affair in city.list("standard_affairs") {
        let (mut names, mut states) = (Vec::new(), Vec::new());
        for system in systems.iter().filter(|system| system["standardization"]["target_affair"] == affair["id"]) {
            names.push(&system["name"]);
            let state = &system["standardization"]["status"];
            if !states.contains(&state) {
                states.push(state);
            }
        }
        rows.push(row![affair["id"], affair["name"], names, states]);
    }
    rows.sort_by_key(|row| column(row, 0));
    rows
}

pub(super) fn unconnected_systems(city: &City) -> Rows {
    let mut rows = Rows::new();
    for system in city.list("systems") {
        let id = &system["id"];
        let flows = city.list("data_flows").iter().any(|flow| flow["source"] == *id || flow["target"] == *id);
        let mut uses = city.list("business_processes").iter().flat_map(|process| entries(&process["systems"]));
        if !flows && !uses.any(|used| used["system"] == *id) {
            rows.push(row![id, system["name"]]);
        }
    }
    rows.sort_by_key(|row| column(row, 0));
    rows
}

/// The thresholds of the privacy impact assessment: people, handlers, incident.
fn demanded_level(people: i64, more: bool) -> &'static str {
    match (people, more) {
        (300_000.., _) | (100_000.., true) => "全項目",
        (100_000.., false) | (10_000.., true) => "重点項目",
        (1_000.., _) => "基礎項目",
        _ => "不要",
    }
}

pub(super) fn wrong_privacy_assessments(city: &City) -> Rows {
    let mut rows = Rows::new();
    for assessment in city.list("pias") {
        let more = number(&assessment["handlers"]) >= 500 || assessment["serious_incident_last_year"] == true;
        let demanded = demanded_level(number(&assessment["subjects"]), more);
        if assessment["level_done"] != demanded {
            rows.push(row![assessment["affair"], assessment["subjects"], demanded, assessment["level_done"]]);
        }
    }
    rows.sort_by_key(|row| (Reverse(number(&row[1])), column(row, 0)));
    rows
}

pub(super) fn work_of_a_section(city: &City) -> Rows {
    let mut rows = Rows::new();
    for (list, what) in [("business_processes", "業務"), ("systems", "システム"), ("projects", "プロジェクト")]
    {
        let own = city.list(list).iter().filter(|record| record["owner_department"] == "dept-shogai");
        rows.extend(own.map(|record| row![what, record["name"]]));
    }
    rows
}

pub(super) fn leavers(city: &City) -> Rows {
    let leaving = |person: &Json| !city.record(person)["leaving"].is_null();
    let mut rows = Rows::new();
    for person in city.list("persons").iter().filter(|person| !person["leaving"].is_null()) {
        let mut only: Vec<&str> = Vec::new();
        for what in ["systems", "business_processes"].into_iter().flat_map(|list| city.list(list)) {
            let knowing = entries(&what["known_by"]);
            if knowing.contains(&person["id"]) && knowing.iter().all(leaving) {
                // Two leavers would each leave something behind that the other knows only until then.
                only.push(text(&what["name"]));
            }
        }
        only.sort_unstable();
        if !only.is_empty() {
            rows.push(row![person["code"], city.name(&person["department"]), person["leaving"], only]);
        }
    }
    rows.sort_by_key(|row| column(row, 0));
    rows
}

pub(super) fn explained_flows(city: &City) -> Rows {
    let mut rows = Rows::new();
    for decision in city.list("decisions") {
        for flow in city.list("data_flows").iter().filter(|flow| entries(&decision["explains"]).contains(&flow["id"])) {
            let (source, target) = (city.name(&flow["source"]), city.name(&flow["target"]));
            rows.push(row![decision["date"], source, target, decision["name"]]);
        }
    }
    rows.sort_by_key(|row| (column(row, 0), column(row, 1), column(row, 2)));
    rows
}

pub(super) fn idle_controls(city: &City) -> Rows {
    let mut rows = Rows::new();
    for risk in city.list("risks").iter().filter(|risk| number(&risk["score"]) >= 12) {
        let controls = entries(&risk["controls"]);
        if !controls.is_empty() && controls.iter().all(|control| control["status"] == "未実施") {
            let names: Vec<&Json> = controls.iter().map(|control| &control["name"]).collect();
            rows.push(row![risk["name"], risk["score"], names, text(&risk["review_due"]) < TODAY]);
        }
    }
    rows.sort_by_key(|row| (Reverse(number(&row[1])), column(row, 0)));
    rows
}

pub(super) fn colliding_projects(city: &City) -> Rows {
    let mut rows = Rows::new();
    for one in city.list("projects") {
        for other in city.list("projects").iter().filter(|other| text(&one["id"]) < text(&other["id"])) {
            let begins = text(&one["start"]).max(text(&other["start"]));
            let ends = text(&one["go_live"]).min(text(&other["go_live"]));
            for does in entries(&one["systems"]).iter().filter(|change| change["role"] != "use") {
                let same = |change: &&Json| change["system"] == does["system"] && change["role"] != "use";
                for too in entries(&other["systems"]).iter().filter(same).filter(|_| begins < ends) {
                    let system = city.name(&does["system"]);
                    let days = days(ends) - days(begins);
                    rows.push(row![system, one["name"], does["role"], other["name"], too["role"], days]);
                }
            }
        }
    }
    rows.sort_by_key(|row| (Reverse(number(&row[5])), column(row, 0)));
    rows
}

/// The number of a day, counted from a day long ago: years of 365 days, months, and a day for each leap year before.
fn days(day: &str) -> i64 {
    let part = |from: usize, to: usize| day[from..to].parse::<i64>().expect("digits");
    let (year, month) = (part(0, 4), part(5, 7));
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before: i64 = lengths.iter().zip(1..month).map(|(length, _)| length).sum();
    let full_years = if month > 2 { year } else { year - 1 };
    let leap_days = full_years / 4 - full_years / 100 + full_years / 400;
    year * 365 + before + part(8, 10) + leap_days
}
