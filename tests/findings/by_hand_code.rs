//! The second computation of the rules that ezu has as code.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::by_hand::{City, TODAY, at};
use crate::city_text::{entries, number, text, texts};
use crate::rules::Subjects;

pub(crate) fn add(city: &City, all: &mut Subjects) {
    let mut put = |rule: &str, found: BTreeSet<Vec<String>>| drop(all.insert(rule.to_owned(), found));
    put("S06", one(city, "pias", &|pia| rank(text(pia, "level_done")) < required(pia)));
    put(
        "S06b",
        one(city, "pias", &|pia| text(pia, "published").get(..4).is_some_and(|_| is_older_than_five_years(pia))),
    );
    put("S13", leaks(city));
    put("S15", one(city, "systems", &|system| is_unprotected(city, system)));
    put("B02", inversions(city));
    put("B04", pillars(city));
    put("K02", one(city, "business_processes", &|process| is_about_to_be_lost(city, process)));
    put("D04", patterns(city));
    put("P01", collisions(city));
    put("P02", outlived(city));
    put("P04", contradictions(city));
    put("I03", causes(city));
}

fn one(city: &City, list: &str, violates: &dyn Fn(&Json) -> bool) -> BTreeSet<Vec<String>> {
    let found = city.list(list).iter().filter(|record| violates(record));
    found.map(|record| vec![text(record, "id").to_owned()]).collect()
}

fn rank(level: &str) -> usize {
    ["未実施", "基礎項目", "重点項目", "全項目"].iter().position(|held| *held == level).expect("a level")
}

fn required(pia: &Json) -> usize {
    let subjects = number(pia, &["subjects"]).expect("subjects");
    let raised =
        number(pia, &["handlers"]).expect("handlers") >= 500 || text(pia, "serious_incident_last_year") == "true";
    if subjects < 1_000 {
        0
    } else if subjects < 10_000 || (subjects < 100_000 && !raised) {
        1
    } else if subjects < 100_000 || (subjects < 300_000 && !raised) {
        2
    } else {
        3
    }
}

fn is_older_than_five_years(pia: &Json) -> bool {
    let published = text(pia, "published");
    let year: i64 = published[..4].parse().expect("a year");
    format!("{}{}", year + 5, &published[4..]).as_str() < TODAY
}

fn leaks_along(city: &City, flow: &Json) -> bool {
    let classes = ["sensitive", "specific", "specific-sensitive"];
    text(flow, "method") != "view"
        && text(flow, "anonymized") != "true"
        && texts(flow, "data").into_iter().any(|data| classes.contains(&text(city.get(data), "personal_class")))
}

/// By trying every simple way of up to six flows from every system of the My Number zone.
fn leaks(city: &City) -> BTreeSet<Vec<String>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for flow in city.list("data_flows").iter().filter(|flow| leaks_along(city, flow)) {
        let (from, to) = (text(flow, "source"), text(flow, "target"));
        if from.starts_with("sys-") && to.starts_with("sys-") {
            next.entry(from).or_default().insert(to);
        }
    }
    let mut ends = BTreeSet::new();
    for start in city.list("systems").iter().filter(|system| text(system, "zone") == "zone-mynumber") {
        walk(city, &next, &mut vec![text(start, "id")], &mut ends);
    }
    ends
}

fn walk<'a>(
    city: &City,
    next: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    way: &mut Vec<&'a str>,
    ends: &mut BTreeSet<Vec<String>>,
) {
    let last = way[way.len() - 1];
    if way.len() > 2 && city.zone(last) == "zone-internet" {
        ends.insert(vec![last.to_owned()]);
    }
    for to in next.get(last).into_iter().flatten() {
        if way.len() <= 6 && city.zone(to) != "zone-mynumber" && !way.contains(to) {
            way.push(to);
            walk(city, next, way, ends);
            way.pop();
        }
    }
}

fn is_unprotected(city: &City, system: &Json) -> bool {
    let id = text(system, "id");
    let incoming = || city.list("data_flows").iter().filter(|flow| text(flow, "target") == id);
    let carries = |flow: &Json, wanted: &[&str]| texts(flow, "data").iter().any(|data| wanted.contains(data));
    let copies = incoming().any(|flow| {
        carries(flow, &["dat-juki", "dat-juki-ido"])
            && text(flow, "method") != "view"
            && text(flow, "anonymized") != "true"
    });
    let is_told = incoming().any(|flow| carries(flow, &["dat-shien"]));
    let masters = texts(city.get("dat-shien"), "masters").contains(&id);
    copies && !is_told && !masters && text(system, "type") != "national"
}

fn recovery(record: &Json) -> Option<i64> {
    number(record, &["availability", "rto_hours"]).or_else(|| number(record, &["rto_hours"]))
}

fn inversions(city: &City) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for system in city.list("systems") {
        for entry in entries(system, "depends_on").iter().filter(|entry| text(entry, "level") == "essential") {
            let given = recovery(city.get(text(entry, "target")));
            if recovery(system).zip(given).is_some_and(|(wanted, given)| wanted < given) {
                found.insert(vec![text(system, "id").to_owned(), text(entry, "target").to_owned()]);
            }
        }
    }
    found
}

fn pillars(city: &City) -> BTreeSet<Vec<String>> {
    let mut dependents: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for system in city.list("systems") {
        for entry in entries(system, "depends_on").iter().filter(|entry| text(entry, "level") == "essential") {
            dependents.entry(text(entry, "target")).or_default().insert(text(system, "id"));
        }
    }
    for flow in city.list("data_flows") {
        if ["api", "file", "dbl", "lgwan", "rpa"].contains(&text(flow, "method")) {
            dependents.entry(text(flow, "source")).or_default().insert(text(flow, "target"));
        }
    }
    let stands_alone = |id: &str| {
        let record = city.get(id);
        let redundant = [at(record, &["availability", "redundant"]), text(record, "redundant")].concat();
        redundant == "false" && !(id.starts_with("inf-") && text(record, "type") == "pc")
    };
    let many = dependents.iter().filter(|(id, held)| held.len() >= 10 && stands_alone(id));
    many.map(|(id, _)| vec![(*id).to_owned()]).collect()
}

fn is_about_to_be_lost(city: &City, process: &Json) -> bool {
    let known_by = texts(process, "known_by");
    let [person] = known_by[..] else { return false };
    let person = city.get(person);
    !text(person, "leaving").is_empty() || number(person, &["years_in_post"]).is_some_and(|years| years >= 4)
}

fn patterns(city: &City) -> BTreeSet<Vec<String>> {
    let mut groups: BTreeMap<(String, String), Vec<&Json>> = BTreeMap::new();
    for process in city.list("business_processes") {
        let key = (text(process, "type").to_owned(), texts(process, "functions").join("|"));
        groups.entry(key).or_default().push(process);
    }
    let tools = |process: &Json| -> BTreeSet<String> {
        let used = entries(process, "systems").iter().map(|entry| text(entry, "system"));
        let made = used.filter(|system| ["euc-excel", "euc-access"].contains(&text(city.get(system), "type")));
        made.map(str::to_owned).collect()
    };
    let mut found = BTreeSet::new();
    for group in groups.values() {
        let has_own = |process: &&&Json| {
            let others: BTreeSet<String> = group
                .iter()
                .filter(|other| text(other, "id") != text(process, "id"))
                .flat_map(|other| tools(other))
                .collect();
            tools(process).difference(&others).next().is_some()
        };
        let mut members: Vec<String> =
            group.iter().filter(has_own).map(|process| text(process, "id").to_owned()).collect();
        members.sort();
        if members.len() >= 2 {
            found.insert(members);
        }
    }
    found
}

/// Every project that touches a system, and how.
fn touches(city: &City) -> BTreeMap<&str, Vec<(&Json, &str)>> {
    let mut found: BTreeMap<&str, Vec<(&Json, &str)>> = BTreeMap::new();
    for project in city.list("projects") {
        for entry in entries(project, "systems") {
            found.entry(text(entry, "system")).or_default().push((project, text(entry, "role")));
        }
    }
    found
}

fn collisions(city: &City) -> BTreeSet<Vec<String>> {
    let changing = ["replace", "modify", "extend", "retire", "renew"];
    let mut found = BTreeSet::new();
    for (system, projects) in touches(city) {
        for (first, role) in &projects {
            for (second, other) in &projects {
                let (a, b) = (text(first, "id"), text(second, "id"));
                let overlap =
                    text(first, "start") <= text(second, "go_live") && text(second, "start") <= text(first, "go_live");
                if a < b && overlap && changing.contains(role) && changing.contains(other) {
                    found.insert(vec![a.to_owned(), b.to_owned(), system.to_owned()]);
                }
            }
        }
    }
    found
}

fn outlived(city: &City) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (system, projects) in touches(city) {
        let end = text(city.get(system), "contract_end");
        let is_replaced = projects.iter().any(|(_, role)| ["replace", "renew"].contains(role));
        for (project, role) in &projects {
            let relies = ["use", "extend", "modify"].contains(role);
            if relies && !end.is_empty() && end < text(project, "go_live") && !is_replaced {
                found.insert(vec![text(project, "id").to_owned(), system.to_owned()]);
            }
        }
    }
    found
}

fn contradictions(city: &City) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (system, projects) in touches(city) {
        for (first, _) in projects.iter().filter(|(_, role)| *role == "retire") {
            for (second, _) in projects.iter().filter(|(_, role)| *role == "extend") {
                found.insert(vec![text(first, "id").to_owned(), text(second, "id").to_owned(), system.to_owned()]);
            }
        }
    }
    found
}

fn causes(city: &City) -> BTreeSet<Vec<String>> {
    let mut groups: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for issue in city.list("issues").iter().filter(|issue| !text(issue, "cause").is_empty()) {
        groups.entry(text(issue, "cause")).or_default().push(issue);
    }
    let several =
        |issues: &&Vec<&Json>| issues.iter().map(|issue| text(issue, "department")).collect::<BTreeSet<_>>().len() >= 2;
    let sorted = |issues: &Vec<&Json>| {
        let mut ids: Vec<String> = issues.iter().map(|issue| text(issue, "id").to_owned()).collect();
        ids.sort();
        ids
    };
    groups.values().filter(several).map(sorted).collect()
}
