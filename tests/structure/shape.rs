//! Hubs, islands and communities of the city and of models made up at random, computed a second time with petgraph or
//! by the definition over all relationships of the model.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ezu::domain::Model;
use ezu::graph::View;
use petgraph::unionfind::UnionFind;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::asking::{answer, rows};
use crate::city_text::{CityText, entries, text};
use crate::made_up::made_up;
use crate::second::flows;
use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

/// Elements in the order of their ids, and who points to whom, by number.
struct Drawn {
    ids: Vec<String>,
    links: BTreeSet<(usize, usize)>,
}

fn drawn(view: &View) -> Drawn {
    let metamodel = view.metamodel();
    let of_kind = |kind| view.snapshot().ids_of_kind(kind, None).map(ToString::to_string).collect::<Vec<_>>();
    let mut ids: Vec<String> = metamodel.element_kinds().flat_map(|kind| of_kind(kind.id)).collect();
    ids.sort();
    let number: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(number, id)| (id.as_str(), number)).collect();
    let mut links = BTreeSet::new();
    for id in &ids {
        for held in view.outgoing(id, None) {
            links.extend(number.get(held.target.as_str()).map(|target| (number[id.as_str()], *target)));
        }
    }
    Drawn { ids, links }
}

impl Drawn {
    fn targets(&self) -> Vec<Vec<usize>> {
        let mut lists = vec![Vec::new(); self.ids.len()];
        for (source, target) in &self.links {
            lists[*source].push(*target);
        }
        lists
    }
}

/// Shortest distances from a node, and how many shortest ways there are.
fn ways(targets: &[Vec<usize>], start: usize) -> (Vec<Option<u32>>, Vec<f64>) {
    let (mut distance, mut count) = (vec![None; targets.len()], vec![0.0; targets.len()]);
    (distance[start], count[start]) = (Some(0), 1.0);
    let mut waiting = VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        let next = distance[node].map(|distance| distance + 1);
        for target in &targets[node] {
            if distance[*target].is_none() {
                distance[*target] = next;
                waiting.push_back(*target);
            }
            if distance[*target] == next {
                count[*target] += count[node];
            }
        }
    }
    (distance, count)
}

/// How many shortest ways between others pass through a node, by the definition: all pairs.
fn betweenness(from_all: &[(Vec<Option<u32>>, Vec<f64>)], node: usize) -> f64 {
    let (onwards, onward_ways) = &from_all[node];
    let mut sum = 0.0;
    for (start, (distance, count)) in from_all.iter().enumerate().filter(|(start, _)| *start != node) {
        let Some(before) = distance[node] else { continue };
        for end in (0..from_all.len()).filter(|end| *end != node && *end != start) {
            if onwards[end].is_some_and(|after| distance[end] == Some(before + after)) {
                sum += count[node] * onward_ways[end] / count[end];
            }
        }
    }
    sum
}

fn check_hubs(view: &View, most: usize) {
    let drawn = drawn(view);
    let targets = drawn.targets();
    let from_all: Vec<_> = (0..drawn.ids.len()).map(|start| ways(&targets, start)).collect();
    let limit = most.to_string();
    let found = rows(view, "hubs", &[("limit", &limit)], &["item", "incoming", "outgoing", "betweenness"]);
    for row in &found {
        let node = drawn.ids.binary_search(&row[0].as_str().expect("an id").to_owned()).expect("an element");
        let incoming = drawn.links.iter().filter(|(_, target)| *target == node).count();
        assert_eq!((&row[1], &row[2]), (&json!(incoming), &json!(targets[node].len())), "{}", row[0]);
        let (held, expected) = (row[3].as_f64().expect("a number"), betweenness(&from_all, node));
        assert!((held - expected).abs() < 0.001, "{}: {held} {expected}", row[0]);
    }
    // The most connected come first.
    let mut degrees: Vec<usize> = (0..drawn.ids.len())
        .map(|node| drawn.links.iter().filter(|(source, target)| [*source, *target].contains(&node)).count())
        .filter(|degree| *degree > 0)
        .collect();
    degrees.sort_unstable_by(|a, b| b.cmp(a));
    let shown: Vec<Json> = rows(view, "hubs", &[("limit", &limit)], &["neighbours"]);
    let expected: Vec<Json> = degrees.into_iter().take(most).map(|degree| json!([degree])).collect();
    assert_eq!(shown, expected);
}

fn check_islands(view: &View) {
    let drawn = drawn(view);
    let mut sets = UnionFind::<usize>::new(drawn.ids.len());
    for (source, target) in &drawn.links {
        sets.union(*source, *target);
    }
    let mut parts: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (node, id) in drawn.ids.iter().enumerate() {
        parts.entry(sets.find(node)).or_default().push(id);
    }
    let main = parts.values().map(Vec::len).max().unwrap_or(0);
    let page = answer(view, "islands", &[]);
    assert_eq!(page["figures"]["mainland"], json!(main));
    let found: BTreeSet<String> =
        page["items"].as_array().expect("rows").iter().map(|row| row["items"].to_string()).collect();
    let mut expected: BTreeSet<String> = parts.values().map(|ids| json!(ids).to_string()).collect();
    // One of the largest is the mainland.
    let mainland = expected.iter().find(|ids| !found.contains(*ids)).cloned().expect("one is no island");
    assert_eq!(mainland.matches(',').count() + 1, main);
    expected.remove(&mainland);
    assert_eq!(found, expected);
}

/// Links between systems, whichever way: essential dependencies and flows.
fn linked(model: &CityText) -> BTreeSet<(&str, &str)> {
    let mut found = flows(model);
    for system in model.list("systems") {
        let needed = entries(system, "depends_on").iter().filter(|entry| text(entry, "level") == "essential");
        found.extend(needed.map(|entry| (text(entry, "target"), text(system, "id"))));
    }
    found.retain(|(a, b)| [a, b].iter().all(|end| end.starts_with("sys-")));
    found
}

fn check_communities(view: &View, model: &CityText) {
    let links = linked(model);
    let pairs: BTreeSet<(&str, &str)> =
        links.iter().filter(|(a, b)| a != b).map(|(a, b)| if a < b { (*a, *b) } else { (*b, *a) }).collect();
    let page = answer(view, "communities", &[("seed", "3")]);
    assert_eq!(page, answer(view, "communities", &[("seed", "3")]), "the same for a seed");
    let mut community: BTreeMap<String, usize> = BTreeMap::new();
    for (number, row) in page["items"].as_array().expect("rows").iter().enumerate() {
        for id in row["items"].as_array().expect("items") {
            let before = community.insert(id.as_str().expect("an id").to_owned(), number);
            assert_eq!(before, None, "{id} is in one community only");
        }
    }
    let systems: BTreeSet<&str> = links.iter().flat_map(|(a, b)| [*a, *b]).collect();
    assert!(systems.iter().copied().eq(community.keys().map(String::as_str)), "every linked system is in one");
    let of = |id: &str| community[id];
    let inside = pairs.iter().filter(|(a, b)| of(a) == of(b)).count();
    let modularity = modularity(&pairs, &|id| of(id));
    if !pairs.is_empty() {
        let held = page["figures"]["modularity"].as_f64().expect("a number");
        assert!((held - modularity).abs() < 0.001, "{held} {modularity}");
    }
    // Not worse than all in one, which has 0.
    assert!(modularity > -1e-9 && (inside > 0 || pairs.is_empty()), "{modularity}");
    assert!(!page["items"].as_array().expect("rows").is_empty() || pairs.is_empty());
}

/// Newman and Girvan 2004: the share of links inside less what chance would put there.
fn modularity(pairs: &BTreeSet<(&str, &str)>, of: &dyn Fn(&str) -> usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).expect("few"));
    let groups: BTreeSet<usize> = pairs.iter().flat_map(|(a, b)| [of(a), of(b)]).collect();
    let total = count(pairs.len());
    let terms = groups.into_iter().map(|group| {
        let inside = count(pairs.iter().filter(|(a, b)| of(a) == group && of(b) == group).count());
        let ends = count(pairs.iter().flat_map(|(a, b)| [of(a), of(b)]).filter(|held| *held == group).count());
        inside / total - (ends / (2.0 * total)).powi(2)
    });
    if pairs.is_empty() { 0.0 } else { terms.sum() }
}

#[test]
fn of_the_reference_city() {
    let view = city();
    check_hubs(&view, 5);
    check_islands(&view);
    check_communities(&view, &CityText::read());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn of_any_model(seed in any::<u64>()) {
        let written = made_up(seed);
        let view = model(&[ARCHIMATE, MUNICIPALITY], &written);
        check_hubs(&view, 12);
        check_islands(&view);
        check_communities(&view, &CityText::of(&[&written]));
    }
}
