//! The impact rules of the municipal profile, written out by hand over the text of the city.

use std::collections::{BTreeMap, BTreeSet};

use crate::city_text::{CityText, entries, number, text, texts};

/// Effect and distance by id.
pub(crate) type Effects = BTreeMap<String, (String, usize)>;

const AUTOMATIC: [&str; 5] = ["api", "file", "dbl", "lgwan", "rpa"];
const STRONGEST_FIRST: [&str; 8] =
    ["stopped", "unsupported", "nobody_left", "starved", "changed", "one_left", "impaired", "affected"];

/// Keeps the stronger effect, and of equal ones the nearer.
fn hit(effects: &mut Effects, subjects: &[&str], id: &str, effect: &str, distance: usize) {
    if subjects.contains(&id) {
        return;
    }
    let rank = |effect: &str| STRONGEST_FIRST.iter().position(|held| *held == effect).expect("an effect");
    let held = effects.entry(id.to_owned()).or_insert_with(|| (effect.to_owned(), distance));
    if (rank(effect), distance) < (rank(&held.0), held.1) {
        *held = (effect.to_owned(), distance);
    }
}

/// A system that essentially depends on what stops, stops as well; level by level.
fn stopped_systems(city: &CityText, subjects: &[&str]) -> BTreeMap<String, usize> {
    let mut stopped: BTreeMap<String, usize> = subjects.iter().map(|id| ((*id).to_owned(), 0)).collect();
    for distance in 1.. {
        let mut next = BTreeSet::new();
        for system in city.list("systems") {
            let depends = entries(system, "depends_on")
                .iter()
                .any(|entry| text(entry, "level") == "essential" && stopped.contains_key(text(entry, "target")));
            if depends && !stopped.contains_key(text(system, "id")) {
                next.insert(text(system, "id").to_owned());
            }
        }
        if next.is_empty() {
            break;
        }
        stopped.extend(next.into_iter().map(|id| (id, distance)));
    }
    stopped
}

pub(crate) fn stop(city: &CityText, subjects: &[&str]) -> Effects {
    let stopped = stopped_systems(city, subjects);
    let mut effects = Effects::new();
    for (id, distance) in &stopped {
        hit(&mut effects, subjects, id, "stopped", *distance);
    }
    for flow in city.list("data_flows") {
        if !AUTOMATIC.contains(&text(flow, "method")) {
            continue;
        }
        if let Some(distance) = stopped.get(text(flow, "source")) {
            hit(&mut effects, subjects, text(flow, "target"), "starved", distance + 1);
        }
        if subjects.contains(&text(flow, "id")) {
            hit(&mut effects, subjects, text(flow, "target"), "starved", 1);
        }
    }
    for process in city.list("business_processes") {
        for entry in entries(process, "systems") {
            let Some(distance) = stopped.get(text(entry, "system")) else {
                continue;
            };
            let effect = if text(entry, "role") == "essential" { "stopped" } else { "impaired" };
            hit(&mut effects, subjects, text(process, "id"), effect, distance + 1);
        }
    }
    for process in city.list("business_processes") {
        let distance = match effects.get(text(process, "id")) {
            Some((effect, distance)) if effect == "stopped" => *distance,
            _ if subjects.contains(&text(process, "id")) => 0,
            _ => continue,
        };
        hit(&mut effects, subjects, text(process, "owner_department"), "affected", distance + 1);
    }
    effects
}

/// What touches or carries the subject has to be reviewed.
pub(crate) fn change(city: &CityText, subject: &str) -> Effects {
    let mut effects = Effects::new();
    let mut hit = |id: &str, distance| hit(&mut effects, &[subject], id, "changed", distance);
    for flow in city.list("data_flows") {
        let ends = [text(flow, "source"), text(flow, "target")];
        if text(flow, "id") == subject {
            for end in ends {
                hit(end, 1);
            }
        } else if ends.contains(&subject) || texts(flow, "data").contains(&subject) {
            hit(text(flow, "id"), 1);
            for end in ends {
                hit(end, 2);
            }
        }
    }
    for system in city.list("systems") {
        if entries(system, "depends_on").iter().any(|entry| text(entry, "target") == subject) {
            hit(text(system, "id"), 1);
        }
    }
    for data in city.list("data_objects").iter().filter(|data| text(data, "id") == subject) {
        for master in texts(data, "masters") {
            hit(master, 1);
        }
    }
    for process in city.list("business_processes") {
        let uses = entries(process, "systems").iter().any(|entry| text(entry, "system") == subject);
        if uses || entries(process, "data").iter().any(|entry| text(entry, "data") == subject) {
            hit(text(process, "id"), 1);
        }
    }
    effects
}

/// What only the leavers know, or they and one more.
pub(crate) fn leave(city: &CityText, leavers: &[&str]) -> Effects {
    let mut effects = Effects::new();
    for record in city.list("systems").iter().chain(city.list("business_processes")) {
        let known_by = texts(record, "known_by");
        let remaining = known_by.iter().filter(|person| !leavers.contains(person)).count();
        if remaining == known_by.len() {
            continue;
        }
        match remaining {
            0 => hit(&mut effects, leavers, text(record, "id"), "nobody_left", 1),
            1 => hit(&mut effects, leavers, text(record, "id"), "one_left", 1),
            _ => {}
        }
    }
    effects
}

pub(crate) fn vendor_exit(city: &CityText, vendor: &str) -> Effects {
    let mut effects = Effects::new();
    let supplied = city.list("systems").iter().filter(|system| text(system, "vendor") == vendor);
    let supplied: Vec<&str> = supplied.map(|system| text(system, "id")).collect();
    for id in &supplied {
        hit(&mut effects, &[vendor], id, "unsupported", 1);
    }
    for process in city.list("business_processes") {
        let is_hit = entries(process, "systems")
            .iter()
            .any(|entry| text(entry, "role") == "essential" && supplied.contains(&text(entry, "system")));
        if is_hit {
            hit(&mut effects, &[vendor], text(process, "id"), "unsupported", 2);
        }
    }
    effects
}

/// Count, hours, volume and shortest recovery time of the processes of each department that suffer an effect.
pub(crate) type Sums = BTreeMap<String, (usize, i64, i64, Option<i64>)>;

pub(crate) fn department_sums(city: &CityText, effects: &Effects, wanted: &str) -> Sums {
    let mut sums = Sums::new();
    for process in city.list("business_processes") {
        if effects.get(text(process, "id")).is_none_or(|(effect, _)| effect != wanted) {
            continue;
        }
        let sum = sums.entry(text(process, "owner_department").to_owned()).or_default();
        sum.0 += 1;
        sum.1 += number(process, &["staff_hours_per_year"]).unwrap_or(0);
        sum.2 += number(process, &["volume_per_year"]).unwrap_or(0);
        sum.3 = sum.3.into_iter().chain(number(process, &["continuity", "rto_hours"])).min();
    }
    sums
}

/// The relationships of the text that can stand in an explanation, by id, as (kind, source, target).
pub(crate) fn relationships(city: &CityText) -> BTreeMap<String, (String, String, String)> {
    let mut all = BTreeMap::new();
    let mut add = |kind: &str, source: &str, target: &str| {
        all.insert(format!("{source}--{kind}--{target}"), (kind.into(), source.into(), target.into()));
    };
    for system in city.list("systems") {
        let id = text(system, "id");
        for entry in entries(system, "depends_on") {
            add("depends_on", id, text(entry, "target"));
        }
        for person in texts(system, "known_by") {
            add("known_by", id, person);
        }
        add("supplied_by", id, text(system, "vendor"));
    }
    for process in city.list("business_processes") {
        let id = text(process, "id");
        for entry in entries(process, "systems") {
            add("uses", id, text(entry, "system"));
        }
        for entry in entries(process, "data") {
            add("accesses", id, text(entry, "data"));
        }
        for person in texts(process, "known_by") {
            add("known_by", id, person);
        }
        add("owned_by", id, text(process, "owner_department"));
    }
    for data in city.list("data_objects") {
        for master in texts(data, "masters") {
            add("mastered_by", text(data, "id"), master);
        }
    }
    for flow in city.list("data_flows") {
        for data in texts(flow, "data") {
            add("carries", text(flow, "id"), data);
        }
    }
    for flow in city.list("data_flows") {
        let of = |key| text(flow, key).to_owned();
        all.insert(of("id"), ("data_flow".into(), of("source"), of("target")));
    }
    all
}

/// The relationships over which a stop passes at all: essential ones, automatic ones.
pub(crate) fn stop_carriers(city: &CityText) -> BTreeSet<String> {
    let mut carriers = BTreeSet::new();
    let mut add = |list: &str, key: &str, end: &str, kind: &str, attribute: &str| {
        for record in city.list(list) {
            for entry in entries(record, key).iter().filter(|entry| text(entry, attribute) == "essential") {
                carriers.insert(format!("{}--{kind}--{}", text(record, "id"), text(entry, end)));
            }
        }
    };
    add("systems", "depends_on", "target", "depends_on", "level");
    add("business_processes", "systems", "system", "uses", "role");
    for process in city.list("business_processes") {
        carriers.insert(format!("{}--owned_by--{}", text(process, "id"), text(process, "owner_department")));
    }
    let flows = city.list("data_flows").iter().filter(|flow| AUTOMATIC.contains(&text(flow, "method")));
    carriers.extend(flows.map(|flow| text(flow, "id").to_owned()));
    carriers
}
