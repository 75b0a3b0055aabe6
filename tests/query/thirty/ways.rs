//! Questions whose answers are ways through the city: walked step by step.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::Rows;
use super::city::{City, entries, number, text};
use super::row;

pub(super) fn moving_in(city: &City) -> Rows {
    let mut steps: Vec<&Json> = entries(&city.record(&json!("prc-tennyu"))["steps"]).iter().collect();
    steps.sort_by_key(|step| number(&step["no"]));
    let minutes: i64 = steps.iter().map(|step| number(&step["minutes_per_case"])).sum();
    let moves = steps.windows(2).filter(|pair| pair[0]["lane"] != pair[1]["lane"]);
    let lanes: Vec<&Json> = moves.map(|pair| city.name(&pair[1]["lane"])).collect();
    vec![row![steps.len(), minutes, lanes]]
}

/// The systems that cannot work without one of these.
fn essential_dependents<'a>(city: &'a City, on: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let needs = |system: &&Json| {
        let mut needed = entries(&system["depends_on"]).iter().filter(|needed| needed["level"] == "essential");
        needed.any(|needed| on.contains(text(&needed["target"])))
    };
    city.list("systems").iter().filter(needs).map(|system| text(&system["id"])).collect()
}

pub(super) fn standing_on_a_machine(city: &City) -> Rows {
    let mut found = BTreeSet::new();
    let mut last = BTreeSet::from(["inf-vm-old"]);
    for _ in 1..=4 {
        last = essential_dependents(city, &last);
        found.extend(last.iter().copied());
    }
    let mut rows = Rows::new();
    for system in city.list("systems").iter().filter(|system| found.contains(text(&system["id"]))) {
        let hours = &system["availability"]["rto_hours"];
        if hours.as_i64().is_some_and(|hours| hours <= 24) {
            rows.push(row![system["name"], hours]);
        }
    }
    rows.sort_by_key(|row| (number(&row[1]), text(&row[0]).to_owned()));
    rows
}

/// Every walk along so many of the data flows, none of them twice.
fn walks<'a>(flows: &[&'a Json], from: &str, hops: usize) -> Vec<Vec<&'a Json>> {
    let begins = flows.iter().filter(|flow| flow["source"] == from);
    let mut walks: Vec<Vec<&Json>> = begins.map(|flow| vec![*flow]).collect();
    for _ in 1..hops {
        let mut longer = Vec::new();
        for walk in &walks {
            let at = &walk[walk.len() - 1]["target"];
            for flow in flows.iter().filter(|flow| flow["source"] == *at) {
                if walk.iter().all(|walked| walked["id"] != flow["id"]) {
                    longer.push([walk.as_slice(), &[*flow]].concat());
                }
            }
        }
        walks = longer;
    }
    walks
}

/// The names of what a walk passes.
fn names<'a>(city: &'a City, walk: &[&Json]) -> Vec<&'a Json> {
    let first = std::iter::once(&walk[0]["source"]);
    first.chain(walk.iter().map(|flow| &flow["target"])).map(|id| city.name(id)).collect()
}

pub(super) fn to_the_printing_contractor(city: &City) -> Rows {
    let flows: Vec<&Json> = city.list("data_flows").iter().collect();
    for hops in 1..=6 {
        let mut found = walks(&flows, "sys-form-b", hops);
        found.retain(|walk| walk[hops - 1]["target"] == "ext-print");
        if let [walk] = found.as_slice() {
            let methods: Vec<&Json> = walk.iter().map(|flow| &flow["method"]).collect();
            return vec![row![hops, names(city, walk), methods]];
        }
        assert!(found.is_empty(), "several shortest ways: the page would have to choose");
    }
    Rows::new()
}

/// The ids of the systems in a zone.
fn in_zone<'a>(city: &'a City, zone: &str) -> BTreeSet<&'a str> {
    city.list("systems").iter().filter(|system| system["zone"] == zone).map(|system| text(&system["id"])).collect()
}

pub(super) fn hops_to_the_internet(city: &City) -> Rows {
    let internet = in_zone(city, "zone-internet");
    let mut found: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for start in in_zone(city, "zone-mynumber") {
        let mut seen = BTreeSet::from([start]);
        let mut last = seen.clone();
        for hops in 1..=3 {
            let flows = city.list("data_flows").iter().filter(|flow| last.contains(text(&flow["source"])));
            let next: BTreeSet<&str> =
                flows.map(|flow| text(&flow["target"])).filter(|id| !seen.contains(id)).collect();
            found.entry(hops).or_default().extend(next.iter().filter(|id| internet.contains(*id)));
            seen.extend(&next);
            last = next;
        }
    }
    let distinct = |ids: &[&str]| ids.iter().collect::<BTreeSet<_>>().len();
    found.iter().map(|(hops, ends)| row![hops, ends.len(), distinct(ends)]).collect()
}

/// What happens when the sign-on service stops, by the meanings that the metamodel gives to relationships: who needs
/// something that stopped stops too; work with a stopped system stops, or is impaired where it only helps; who gets data
/// automatically from something stopped is starved; the section of stopped work is affected.
pub(super) fn stopped_sign_on(city: &City) -> Rows {
    let mut stopped = BTreeSet::from(["sys-ninsho"]);
    loop {
        let more = essential_dependents(city, &stopped);
        let before = stopped.len();
        stopped.extend(more);
        if stopped.len() == before {
            break;
        }
    }
    let (mut work, mut impaired, mut sections) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for process in city.list("business_processes") {
        let uses = |role: &str| {
            let mut used = entries(&process["systems"]).iter().filter(|used| used["role"] == role);
            used.any(|used| stopped.contains(text(&used["system"])))
        };
        if uses("essential") {
            work.insert(text(&process["id"]));
            sections.insert(text(&process["owner_department"]));
        } else if uses("support") {
            impaired.insert(text(&process["id"]));
        }
    }
    let automatic = ["api", "file", "dbl", "lgwan", "rpa"];
    let flows = city.list("data_flows").iter().filter(|flow| automatic.contains(&text(&flow["method"])));
    let starved: BTreeSet<&str> = flows
        .filter(|flow| stopped.contains(text(&flow["source"])) && !stopped.contains(text(&flow["target"])))
        .map(|flow| text(&flow["target"]))
        .collect();
    let (systems, externals): (Vec<&str>, Vec<&str>) = starved.iter().partition(|id| id.starts_with("sys-"));
    vec![
        row!["affected", "Department", sections.len()],
        row!["impaired", "BusinessProcess", impaired.len()],
        row!["starved", "External", externals.len()],
        row!["starved", "System", systems.len()],
        row!["stopped", "BusinessProcess", work.len()],
        row!["stopped", "System", stopped.len() - 1],
    ]
}

/// Who is connected with whom: a record with every record that it names, a flow's ends with each other, and both the
/// work and the lane of a step with the step.
fn neighbours(city: &City) -> BTreeMap<String, BTreeSet<String>> {
    let ids: BTreeSet<&str> = city.all().map(|(_, record)| text(&record["id"])).collect();
    let mut links: Vec<(String, String)> = Vec::new();
    for (_, record) in city.all() {
        let own = text(&record["id"]);
        for step in entries(&record["steps"]) {
            let name = format!("{own} step {}", step["no"]);
            links.extend([own, text(&step["lane"]), text(&step["system"])].map(|id| (id.to_owned(), name.clone())));
        }
        let mut named = Vec::new();
        record.as_object().into_iter().flatten().filter(|(key, _)| *key != "steps").for_each(|(_, held)| {
            texts(held, &mut named);
        });
        links.extend(named.iter().filter(|id| ids.contains(*id)).map(|id| (own.to_owned(), (*id).to_owned())));
        if !record["source"].is_null() {
            links.push((text(&record["source"]).to_owned(), text(&record["target"]).to_owned()));
        }
    }
    let mut neighbours: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (one, other) in links.into_iter().filter(|(one, other)| one != other && !one.is_empty()) {
        neighbours.entry(one.clone()).or_default().insert(other.clone());
        neighbours.entry(other).or_default().insert(one);
    }
    neighbours
}

/// All texts in a value.
fn texts<'a>(value: &'a Json, found: &mut Vec<&'a str>) {
    match value {
        Json::String(text) => found.push(text),
        Json::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Json::Object(entries) => entries.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

pub(super) fn person_and_residents(city: &City) -> Rows {
    let neighbours = neighbours(city);
    let mut ways = vec![vec!["per-cdo-aide".to_owned()]];
    while ways.iter().all(|way| way[way.len() - 1] != "ext-citizen") {
        let longer = |way: &Vec<String>| {
            let next = neighbours[&way[way.len() - 1]].iter().filter(|id| !way.contains(*id));
            next.map(|id| [way.as_slice(), std::slice::from_ref(id)].concat()).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    ways.retain(|way| way[way.len() - 1] == "ext-citizen");
    assert_eq!(ways.len(), 1, "several shortest ways: the page would have to choose");
    let kind = |id: &str| match id.split('-').next() {
        Some("per") => "Person",
        Some("dept") => "Department",
        Some("sys") => "System",
        _ => "External",
    };
    ways[0].iter().map(|id| row![ways[0].len() - 1, kind(id), city.name(&json!(id))]).collect()
}

pub(super) fn leaks(city: &City) -> Rows {
    let (inside, internet) = (in_zone(city, "zone-mynumber"), in_zone(city, "zone-internet"));
    let grave = |data: &Json| {
        ["sensitive", "specific", "specific-sensitive"].contains(&text(&city.record(data)["personal_class"]))
    };
    let leads_on = |flow: &&Json| {
        let target = text(&flow["target"]);
        target.starts_with("sys-")
            && !inside.contains(target)
            && flow["method"] != "view"
            && flow["anonymized"] != true
            && entries(&flow["data"]).iter().any(grave)
    };
    let flows: Vec<&Json> = city.list("data_flows").iter().filter(leads_on).collect();
    let mut rows = Rows::new();
    for start in &inside {
        for hops in 2..=4 {
            for walk in walks(&flows, start, hops) {
                if internet.contains(text(&walk[hops - 1]["target"])) {
                    let controls: Vec<&Json> = walk.iter().map(|flow| &flow["control"]).collect();
                    rows.push(row![names(city, &walk), controls]);
                }
            }
        }
    }
    let words = |list: &Json| entries(list).iter().map(|word| text(word).to_owned()).collect::<Vec<_>>();
    rows.sort_by_key(|row| (entries(&row[0]).len(), words(&row[0]), words(&row[1])));
    rows
}
