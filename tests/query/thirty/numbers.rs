//! Questions whose answers are numbers: counted and added up record by record.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Rows;
use super::city::{City, entries, number, text};
use super::row;

/// The day that the city describes.
const TODAY: &str = "2026-11-01";

pub(super) fn actors(city: &City) -> Rows {
    let lists = [
        ("Person", "persons"),
        ("Department", "departments"),
        ("External", "externals"),
        ("Vendor", "vendors"),
        ("City", "cities"),
    ];
    let mut rows: Rows = lists.iter().map(|(kind, list)| row![kind, city.list(list).len()]).collect();
    rows.sort_by_key(|row| Reverse(number(&row[1])));
    rows
}

pub(super) fn general_functions(city: &City) -> Rows {
    let mut rows = Rows::new();
    for function in city.list("function_codes").iter().filter(|function| function["general_purpose"] == true) {
        let provides = |system: &&Json| entries(&system["function_codes"]).contains(&function["id"]);
        let systems: Vec<&Json> = city.list("systems").iter().filter(provides).collect();
        let cost: i64 = systems.iter().map(|system| number(&system["annual_cost_kyen"])).sum();
        if systems.len() >= 3 {
            rows.push(row![function["name"], systems.len(), cost]);
        }
    }
    rows.sort_by_key(|row| (Reverse(number(&row[1])), text(&row[0]).to_owned()));
    rows
}

pub(super) fn channels(city: &City) -> Rows {
    let mut channels: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for process in city.list("business_processes") {
        for channel in entries(&process["channel"]) {
            let (processes, cases) = channels.entry(text(channel)).or_default();
            *processes += 1;
            *cases += number(&process["volume_per_year"]);
        }
    }
    let mut rows: Rows = channels.iter().map(|(name, (processes, cases))| row![name, processes, cases]).collect();
    rows.sort_by_key(|row| (Reverse(number(&row[2])), text(&row[0]).to_owned()));
    rows.truncate(5);
    rows
}

#[expect(clippy::cast_precision_loss, reason = "amounts of money far below 2^53")]
pub(super) fn vendors(city: &City) -> Rows {
    let cost = |system: &Json| number(&system["annual_cost_kyen"]);
    let supplied = || city.list("systems").iter().filter(|system| !system["vendor"].is_null());
    let total: i64 = supplied().map(cost).sum();
    let mut rows = Rows::new();
    for vendor in city.list("vendors") {
        let own: Vec<i64> = supplied().filter(|system| system["vendor"] == vendor["id"]).map(cost).collect();
        if !own.is_empty() {
            let sum: i64 = own.iter().sum();
            let tenths = (1000.0 * sum as f64 / total as f64).round();
            rows.push(row![vendor["name"], sum, tenths / 10.0]);
        }
    }
    rows.sort_by_key(|row| (Reverse(number(&row[1])), text(&row[0]).to_owned()));
    rows.truncate(5);
    rows
}

pub(super) fn issues(city: &City) -> Rows {
    let mut rows = Rows::new();
    for section in city.list("departments") {
        let open = |issue: &&Json| issue["department"] == section["id"] && issue["status"] != "完了";
        let open: Vec<&Json> = city.list("issues").iter().filter(open).collect();
        if open.is_empty() {
            continue;
        }
        let overdue = open.iter().filter(|issue| issue["due"].as_str().is_some_and(|due| due < TODAY)).count();
        let nobodys = open.iter().filter(|issue| issue["assignee"].is_null()).count();
        let hours: i64 = open.iter().map(|issue| number(&issue["loss_hours_per_year"])).sum();
        rows.push(row![section["name"], open.len(), overdue, nobodys, hours]);
    }
    rows.sort_by_key(|row| (Reverse(number(&row[4])), text(&row[0]).to_owned()));
    rows.truncate(5);
    rows
}

pub(super) fn out_of_support(city: &City) -> Rows {
    let mut rows = Rows::new();
    for technology in city.list("technologies") {
        let Some(ended) = technology["end_of_support"].as_str().filter(|ended| *ended < TODAY) else { continue };
        let uses = |system: &&Json| entries(&system["technologies"]).contains(&technology["id"]);
        let systems = city.list("systems").iter().filter(uses).count();
        // The last year counts once its day has come round.
        let years = year(TODAY) - year(ended) - i64::from(ended[5..] > TODAY[5..]);
        if systems > 0 {
            rows.push(row![technology["name"], ended, years, systems]);
        }
    }
    rows.sort_by_key(|row| (text(&row[1]).to_owned(), text(&row[0]).to_owned()));
    rows
}

fn year(day: &str) -> i64 {
    day[..4].parse().expect("digits")
}

pub(super) fn contracts_by_fiscal_year(city: &City) -> Rows {
    let mut years: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for system in city.list("systems") {
        let end = text(&system["contract_end"]);
        if (TODAY..="2029-10-31").contains(&end) {
            let before_april = &end[5..7] < "04";
            let (contracts, cost) = years.entry(year(end) - i64::from(before_april)).or_default();
            *contracts += 1;
            *cost += number(&system["annual_cost_kyen"]);
        }
    }
    years.iter().map(|(year, (contracts, cost))| row![year, contracts, cost]).collect()
}

pub(super) fn ended_leases(city: &City) -> Rows {
    let mut rows = Rows::new();
    for machine in city.list("infrastructures") {
        let ended = machine["lease_end"].as_str().is_some_and(|end| end < "2028-04-01");
        let stands = |system: &&Json| entries(&system["runs_on"]).contains(&machine["id"]);
        let systems = city.list("systems").iter().filter(stands).count();
        if ended && systems > 0 {
            rows.push(row![machine["name"], machine["lease_end"], systems]);
        }
    }
    rows.sort_by_key(|row| (text(&row[1]).to_owned(), text(&row[0]).to_owned()));
    rows
}
