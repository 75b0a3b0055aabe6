//! Questions whose answers are matrices and lists, computed a second time over the text of a model.

use std::collections::{BTreeMap, BTreeSet};

/// Two sets of ids.
type Cell<'a> = (BTreeSet<&'a str>, BTreeSet<&'a str>);

use serde_json::{Value as Json, json};

use crate::city_text::{CityText, entries, number, text, texts};
use crate::second::record;

pub(crate) const TODAY: &str = "2026-11-01";
const IN_TWO_YEARS: &str = "2028-11-01";

/// Row, data, letters in the order CRUD; rows are processes or the sections in charge of them.
pub(crate) fn crud(model: &CityText, by_department: bool) -> BTreeSet<String> {
    let mut cells: BTreeMap<(&str, &str), BTreeSet<char>> = BTreeMap::new();
    for process in model.list("business_processes") {
        let row = text(process, if by_department { "owner_department" } else { "id" });
        for entry in entries(process, "data").iter().filter(|_| !row.is_empty()) {
            cells.entry((row, text(entry, "data"))).or_default().extend(text(entry, "crud").chars());
        }
    }
    let letters = |held: &BTreeSet<char>| "CRUD".chars().filter(|letter| held.contains(letter)).collect::<String>();
    cells.into_iter().map(|((row, data), held)| json!([row, data, letters(&held)]).to_string()).collect()
}

/// What a column of the matrix must have (domain knowledge §8.2): sections, data, what is wrong.
pub(crate) fn crud_checks(model: &CityText) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // Where no work is recorded with its data, nothing can be said of any.
    if model.list("business_processes").iter().all(|process| entries(process, "data").is_empty()) {
        return found;
    }
    for data in model.list("data_objects").iter().map(|data| text(data, "id")) {
        let rows: Vec<(&str, &str)> = model
            .list("business_processes")
            .iter()
            .flat_map(|process| entries(process, "data").iter().map(move |entry| (process, entry)))
            .filter(|(_, entry)| text(entry, "data") == data)
            .map(|(process, entry)| (text(process, "owner_department"), text(entry, "crud")))
            .collect();
        let with =
            |letter: char| rows.iter().filter(move |(_, crud)| crud.contains(letter)).map(|(section, _)| *section);
        let mut say = |rows: &[&str], what: &str| found.insert(json!([rows, data, what]).to_string());
        if rows.is_empty() {
            say(&[], "どの業務も扱わない");
            continue;
        }
        if with('C').next().is_none() {
            say(&[], "作る業務がない");
        }
        if with('R').next().is_none() {
            say(&[], "読む業務がない");
        }
        let creating: BTreeSet<&str> = with('C').collect();
        if creating.len() > 1 {
            say(&creating.into_iter().collect::<Vec<_>>(), "複数の課が作る");
        }
    }
    found
}

/// Function, section, systems, processes: the section that owns a system with the function, and the sections whose
/// processes use it.
pub(crate) fn coverage_matrix(model: &CityText) -> Vec<Json> {
    let mut cells: BTreeMap<(&str, &str), Cell<'_>> = BTreeMap::new();
    for system in model.list("systems") {
        let id = text(system, "id");
        for function in texts(system, "function_codes") {
            let owner = text(system, "owner_department");
            if !owner.is_empty() {
                cells.entry((function, owner)).or_default().0.insert(id);
            }
            for process in model.list("business_processes") {
                if entries(process, "systems").iter().any(|used| text(used, "system") == id) {
                    let cell = cells.entry((function, text(process, "owner_department"))).or_default();
                    cell.0.insert(id);
                    cell.1.insert(text(process, "id"));
                }
            }
        }
    }
    cells.into_iter().map(|((function, section), (systems, work))| json!([function, section, systems, work])).collect()
}

/// Project, system, who changes it at the same time, who contradicts, what has to come first.
pub(crate) fn projects(model: &CityText) -> Vec<Json> {
    let touches: Vec<(&Json, &str, &str)> = model
        .list("projects")
        .iter()
        .flat_map(|project| entries(project, "systems").iter().map(move |entry| (project, entry)))
        .map(|(project, entry)| (project, text(entry, "system"), text(entry, "role")))
        .collect();
    let mut rows: Vec<(&str, &str, &str, Json)> = Vec::new();
    for (project, system, role) in &touches {
        let others =
            touches.iter().filter(|(other, held, _)| held == system && text(other, "id") != text(project, "id"));
        let (mut colliding, mut contradicting) = (BTreeSet::new(), BTreeSet::new());
        for (other, _, theirs) in others {
            let overlap =
                text(project, "start") <= text(other, "go_live") && text(other, "start") <= text(project, "go_live");
            if overlap && ![*role, *theirs].contains(&"use") {
                colliding.insert(text(other, "id"));
            }
            if [*role, *theirs] == ["retire", "extend"] || [*role, *theirs] == ["extend", "retire"] {
                contradicting.insert(text(other, "id"));
            }
        }
        let first: BTreeSet<&str> = texts(project, "depends_on").into_iter().collect();
        let row = json!([text(project, "id"), system, colliding, contradicting, first]);
        rows.push((text(project, "start"), text(project, "id"), system, row));
    }
    rows.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    rows.into_iter().map(|row| row.3).collect()
}

/// Project, system, its days, the end of the system's contract, who changes it at the same time, from when to when.
pub(crate) fn schedule(model: &CityText) -> Vec<Json> {
    let systems = model.list("systems");
    let day = |record: &Json, key: &str| Some(text(record, key).to_owned()).filter(|day| !day.is_empty());
    let touches = |project: &Json, system: &str| {
        entries(project, "systems").iter().any(|entry| text(entry, "system") == system && text(entry, "role") != "use")
    };
    let mut rows: Vec<(String, String, String, Json)> = Vec::new();
    for project in model.list("projects") {
        for entry in entries(project, "systems") {
            let system = text(entry, "system");
            let (start, go_live) = (text(project, "start"), text(project, "go_live"));
            let mut with = BTreeSet::new();
            let (mut from, mut to): (Option<&str>, Option<&str>) = (None, None);
            for other in model.list("projects") {
                let shared = (start.max(text(other, "start")), go_live.min(text(other, "go_live")));
                let both = text(entry, "role") != "use" && touches(other, system);
                if text(other, "id") != text(project, "id") && both && shared.0 <= shared.1 {
                    with.insert(text(other, "id"));
                    from = Some(from.map_or(shared.0, |held| held.min(shared.0)));
                    to = Some(to.map_or(shared.1, |held| held.max(shared.1)));
                }
            }
            let contract =
                systems.iter().find(|held| text(held, "id") == system).and_then(|held| day(held, "contract_end"));
            let id = text(project, "id");
            let row = json!([id, system, day(project, "start"), day(project, "go_live"), contract, with, from, to]);
            rows.push((start.to_owned(), id.to_owned(), system.to_owned(), row));
        }
    }
    rows.sort_by(|a, b| (&a.0, &a.1, &a.2).cmp(&(&b.0, &b.1, &b.2)));
    rows.into_iter().map(|row| row.3).collect()
}

/// Date, item, whether it is past, the projects that follow.
pub(crate) fn lifecycle(model: &CityText) -> Vec<Json> {
    let ends = [
        ("systems", "contract_end"),
        ("infrastructures", "lease_end"),
        ("technologies", "end_of_support"),
        ("decisions", "review_due"),
        ("projects", "go_live"),
    ];
    let mut rows: Vec<(&str, usize, &str)> = Vec::new();
    for (place, (list, key)) in ends.iter().enumerate() {
        for held in model.list(list) {
            let date = text(held, key);
            // What was due to be looked at or to begin in the past is over; what ended is still a gap.
            let counts = date >= TODAY || place <= 2;
            if !date.is_empty() && date <= IN_TWO_YEARS && counts {
                rows.push((date, place, text(held, "id")));
            }
        }
    }
    rows.sort_unstable();
    rows.into_iter().map(|(date, _, id)| json!([date, id, date < TODAY, successors(model, id)])).collect()
}

fn successors<'a>(model: &'a CityText, system: &str) -> BTreeSet<&'a str> {
    let following = |project: &&Json| {
        let mut touched = entries(project, "systems").iter();
        touched.any(|entry| {
            text(entry, "system") == system && ["replace", "renew", "retire"].contains(&text(entry, "role"))
        })
    };
    model.list("projects").iter().filter(following).map(|project| text(project, "id")).collect()
}

/// Fiscal year, thousand yen under contract, thousand yen without an end, systems whose contract has ended.
pub(crate) fn cost_curve(model: &CityText) -> Vec<Json> {
    let costed: Vec<(i64, i64)> = model
        .list("systems")
        .iter()
        .filter_map(|system| Some((number(system, &["annual_cost_kyen"])?, fiscal_year(text(system, "contract_end")))))
        .collect();
    let sum = |fits: &dyn Fn(i64) -> bool| -> f64 {
        let sum: i64 = costed.iter().filter(|(_, end)| fits(*end)).map(|(cost, _)| cost).sum();
        sum.to_string().parse().expect("a number")
    };
    (2026..2031)
        .map(|year| {
            let ended = costed.iter().filter(|(_, end)| *end != NEVER && *end < year).count();
            json!([year, sum(&|end| end != NEVER && end >= year), sum(&|end| end == NEVER), ended])
        })
        .collect()
}

const NEVER: i64 = 9_999;

fn fiscal_year(date: &str) -> i64 {
    if date.is_empty() {
        return NEVER;
    }
    let year: i64 = date[..4].parse().expect("a year");
    if date[5..7] < *"04" { year - 1 } else { year }
}

/// Vendor, systems, cost; no cost where none is recorded.
pub(crate) fn vendors(model: &CityText) -> BTreeSet<String> {
    let mut sums: BTreeMap<&str, (usize, Option<i64>)> = BTreeMap::new();
    for system in model.list("systems").iter().filter(|system| !text(system, "vendor").is_empty()) {
        let sum = sums.entry(text(system, "vendor")).or_default();
        sum.0 += 1;
        if let Some(cost) = number(system, &["annual_cost_kyen"]) {
            sum.1 = Some(sum.1.unwrap_or(0) + cost);
        }
    }
    let float = |cost: i64| -> f64 { cost.to_string().parse().expect("a number") };
    sums.into_iter().map(|(vendor, (count, cost))| json!([vendor, count, cost.map(float)]).to_string()).collect()
}

/// Person, what only they know, the hours of it, what one other knows.
pub(crate) fn people(model: &CityText) -> BTreeSet<String> {
    let mut known: BTreeMap<&str, [BTreeSet<&str>; 2]> = BTreeMap::new();
    for held in model.list("systems").iter().chain(model.list("business_processes")) {
        let knowers = texts(held, "known_by");
        for person in knowers.iter().filter(|_| knowers.len() <= 2) {
            known.entry(person).or_default()[knowers.len() - 1].insert(text(held, "id"));
        }
    }
    let hours = |ids: &BTreeSet<&str>| -> i64 {
        ids.iter().filter_map(|id| number(record(model, id), &["staff_hours_per_year"])).sum()
    };
    let rows = known.into_iter().map(|(person, [alone, two])| json!([person, alone, hours(&alone), two]).to_string());
    rows.collect()
}
