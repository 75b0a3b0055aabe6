//! Questions about ways and order, computed a second time over the text of a model: loops and petgraph, nothing of ezu.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use serde_json::{Value as Json, json};

use crate::city_text::{CityText, entries, number, text, texts};

/// Who points to whom.
pub(crate) type Links<'a> = BTreeSet<(&'a str, &'a str)>;

pub(crate) fn record<'a>(model: &'a CityText, id: &str) -> &'a Json {
    let lists = ["systems", "infrastructures", "business_processes", "projects", "data_flows"];
    let mut all = lists.iter().flat_map(|list| model.list(list));
    all.find(|record| text(record, "id") == id).unwrap_or(&Json::Null)
}

/// What stops (in front) and what stops with it: domain knowledge §9, essential dependencies and uses.
pub(crate) fn dependencies(model: &CityText) -> Links<'_> {
    let mut links = Links::new();
    for (list, key, end, level) in
        [("systems", "depends_on", "target", "level"), ("business_processes", "systems", "system", "role")]
    {
        for record in model.list(list) {
            let needed = entries(record, key).iter().filter(|entry| text(entry, level) == "essential");
            links.extend(needed.map(|entry| (text(entry, end), text(record, "id"))));
        }
    }
    links
}

pub(crate) fn flows(model: &CityText) -> Links<'_> {
    model.list("data_flows").iter().map(|flow| (text(flow, "source"), text(flow, "target"))).collect()
}

/// What links lead to from a start, and in how many steps; without the start.
pub(crate) fn distances<'a>(links: &Links<'a>, start: &str) -> BTreeMap<&'a str, usize> {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for step in 1.. {
        let here = |id: &str| if step == 1 { id == start } else { found.get(id) == Some(&(step - 1)) };
        let next: Vec<&str> = links
            .iter()
            .filter(|(from, to)| here(from) && *to != start && !found.contains_key(to))
            .map(|(_, to)| *to)
            .collect();
        if next.is_empty() {
            break;
        }
        found.extend(next.into_iter().map(|to| (to, step)));
    }
    found
}

fn rto(record: &Json) -> Option<i64> {
    let places: [&[&str]; 3] = [&["availability", "rto_hours"], &["rto_hours"], &["continuity", "rto_hours"]];
    places.iter().find_map(|path| number(record, path))
}

fn is_redundant(record: &Json) -> bool {
    text(&record["availability"], "redundant") == "true" || text(record, "redundant") == "true"
}

/// Item, what stops with it, processes, hours, shortest recovery time.
pub(crate) fn points_of_failure(model: &CityText) -> BTreeSet<String> {
    let links = dependencies(model);
    let starts: BTreeSet<&str> = links.iter().map(|(from, _)| *from).collect();
    let without_spare = starts.into_iter().filter(|id| !is_redundant(record(model, id)));
    without_spare
        .map(|id| {
            let stopped: Vec<&Json> = distances(&links, id).into_keys().map(|id| record(model, id)).collect();
            let work: Vec<&&Json> = stopped.iter().filter(|held| text(held, "id").starts_with("prc-")).collect();
            let hours: i64 = work.iter().filter_map(|held| number(held, &["staff_hours_per_year"])).sum();
            let shortest = stopped.iter().filter_map(|held| rto(held)).min();
            json!([id, stopped.len(), work.len(), hours, shortest]).to_string()
        })
        .collect()
}

/// Step, item, recovery time, what it needs, what of that comes later, whether it is in a cycle.
pub(crate) fn recovery_order(model: &CityText) -> Vec<Json> {
    let links = dependencies(model);
    let mut known = BTreeMap::new();
    let items: BTreeSet<&str> = links.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let mut rows: Vec<(usize, i64, &str, Json)> = Vec::new();
    for item in items.into_iter().filter(|item| !item.starts_with("prc-")) {
        let (step, mine) = (level(&links, item, &mut known) + 1, rto(record(model, item)));
        let needs: Vec<&str> = links.iter().filter(|(_, to)| *to == item).map(|(from, _)| *from).collect();
        let later = |need: &&&str| rto(record(model, need)).zip(mine).is_some_and(|(need, mine)| need > mine);
        let slower: Vec<&&str> = needs.iter().filter(later).collect();
        let in_cycle = together(&links, item).len() > 1;
        rows.push((step, mine.unwrap_or(i64::MAX), item, json!([step, item, mine, needs, slower, in_cycle])));
    }
    rows.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    rows.into_iter().map(|row| row.3).collect()
}

/// What an item reaches and is reached by, itself included.
fn together<'a>(links: &Links<'a>, item: &'a str) -> BTreeSet<&'a str> {
    let reached = distances(links, item).into_keys();
    let mut found: BTreeSet<&str> = reached.filter(|other| distances(links, other).contains_key(item)).collect();
    found.insert(item);
    found
}

fn level<'a>(links: &Links<'a>, item: &'a str, known: &mut BTreeMap<&'a str, usize>) -> usize {
    if let Some(level) = known.get(item) {
        return *level;
    }
    let group = together(links, item);
    let before: Vec<&str> =
        links.iter().filter(|(from, to)| group.contains(to) && !group.contains(from)).map(|(from, _)| *from).collect();
    let found = before.into_iter().map(|from| level(links, from, known) + 1).max().unwrap_or(0);
    known.insert(item, found);
    found
}

/// Sets of items that reach each other, by petgraph.
pub(crate) fn cycles<'a>(links: &Links<'a>) -> BTreeSet<Vec<&'a str>> {
    let graph: DiGraphMap<&str, ()> = links.iter().copied().collect();
    let sets = tarjan_scc(&graph).into_iter().map(|mut set| {
        set.sort_unstable();
        set
    });
    sets.filter(|set| set.len() > 1 || links.contains(&(set[0], set[0]))).collect()
}

/// The flows that pass data on in a form that can be kept and read.
pub(crate) fn carrying<'a>(model: &'a CityText, data: &str) -> Vec<&'a Json> {
    let flows = model.list("data_flows").iter();
    flows
        .filter(|flow| {
            texts(flow, "data").contains(&data) && text(flow, "method") != "view" && text(flow, "anonymized") != "true"
        })
        .collect()
}

fn masters<'a>(model: &'a CityText, data: &str) -> Vec<&'a str> {
    let held = model.list("data_objects").iter().find(|held| text(held, "id") == data);
    held.map_or_else(Vec::new, |held| texts(held, "masters"))
}

pub(crate) fn ends<'a>(flows: &[&'a Json]) -> Links<'a> {
    flows.iter().map(|flow| (text(flow, "source"), text(flow, "target"))).collect()
}

/// Data, from, to, hops.
pub(crate) fn leak_trace(model: &CityText, data: &str) -> BTreeSet<String> {
    let links = ends(&carrying(model, data));
    let mut starts = masters(model, data);
    if starts.is_empty() {
        starts = links.iter().map(|(from, _)| *from).collect::<BTreeSet<_>>().into_iter().collect();
    }
    let rows = starts.into_iter().flat_map(|start| {
        distances(&links, start).into_iter().map(move |(to, hops)| json!([data, start, to, hops]).to_string())
    });
    rows.collect()
}

/// How old a copy is at most, in minutes: unknown, minutes, hops. The freshest way counts, a known age before an
/// unknown one; what comes by 随時 has no known age.
type Age = (bool, u64, usize);

fn minutes(frequency: &str) -> Option<u64> {
    let days = |days: u64| Some(days * 24 * 60);
    match frequency {
        "rt" => Some(0),
        "5min" => Some(5),
        "d" => days(1),
        "w" => days(7),
        "m" => days(31),
        "q" => days(92),
        "h" => days(184),
        "y" => days(366),
        _ => None,
    }
}

/// Place, hours, hops, how many it feeds: by going through all flows until nothing gets fresher.
pub(crate) fn lineage(model: &CityText, data: &str) -> BTreeSet<String> {
    let flows: Vec<&Json> =
        model.list("data_flows").iter().filter(|flow| texts(flow, "data").contains(&data)).collect();
    let mut ages: BTreeMap<&str, Age> = masters(model, data).into_iter().map(|id| (id, (false, 0, 0))).collect();
    loop {
        let mut changed = false;
        for flow in &flows {
            let Some((unknown, age, hops)) = ages.get(text(flow, "source")).copied() else { continue };
            let next = match minutes(text(flow, "frequency")).filter(|_| !unknown) {
                Some(step) => (false, age + step, hops + 1),
                None => (true, 0, hops + 1),
            };
            let held = ages.entry(text(flow, "target")).or_insert((true, u64::MAX, usize::MAX));
            changed |= next < *held;
            *held = next.min(*held);
        }
        if !changed {
            break;
        }
    }
    let rows = ages.into_iter().map(|(place, (unknown, minutes, hops))| {
        let feeds = flows.iter().filter(|flow| text(flow, "source") == place).count();
        json!([place, (!unknown).then(|| hundredths(minutes)), hops, feeds]).to_string()
    });
    rows.collect()
}

/// Hours with two decimals.
fn hundredths(minutes: u64) -> f64 {
    let minutes = f64::from(u32::try_from(minutes).expect("few"));
    (minutes / 60.0 * 100.0).round() / 100.0
}
