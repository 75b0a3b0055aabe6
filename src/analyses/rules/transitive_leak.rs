//! S13: personal data that leave the My Number zone in one hop and reach the internet in a later one, although each
//! hop may be allowed.
//!
//! Judged is the end on the internet. A search backwards from it, over flows that carry sensitive data readably and
//! through systems outside the My Number zone, finds every system of the My Number zone that is two or more flows away,
//! the nearest first.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyses::findings::{Case, ChangedPlace, Code, DraftPath, DraftStep, Fact, Judge, Reader, Rule};
use crate::domain::Value;
use crate::graph::{Edge, Place};

pub(super) const CODE: Code = Code { judge: Judge::Each(judge), affected: Some(affected) };

fn judge(case: &mut Case<'_, '_>) {
    let (reader, end) = (case.reader, case.anchor);
    if !is_in(reader, end, "zone_internet") {
        return;
    }
    let classes = leaking_classes(case.rule);
    let search = Search { reader, classes: &classes, end };
    let limit = |name, otherwise| usize::try_from(case.rule.number(name, otherwise)).unwrap_or(usize::MAX);
    let starts = search.starts(limit("starts", 20), limit("systems", 2_000));
    if starts.is_empty() {
        return;
    }
    let counts = search.count_ways(limit("steps", 2_000));
    let places: Vec<Place> = starts.iter().map(|(start, _)| *start).collect();
    let mut draft = case.about(&[end]).items(reader, "starts", &places).count("count", starts.len());
    for (start, flows) in starts {
        let steps = flows.iter().filter_map(|flow| step(reader, *flow)).collect();
        let others = counts.ways.get(&start).copied().unwrap_or(1).saturating_sub(1);
        if let Some(path) = DraftPath::along(reader, start, end, steps) {
            draft = draft.path(path.with_others(others, counts.stopped));
        }
    }
    case.report(draft);
}

/// The classes of personal data that must not get out.
fn leaking_classes(rule: &Rule) -> Vec<&str> {
    rule.words("classes")
}

fn is_in(reader: &Reader<'_>, system: Place, zone: &str) -> bool {
    let zones = reader.outgoing(system, &reader.kinds("in_zone")).into_iter();
    zones.filter_map(|edge| reader.target(edge)).any(|held| reader.terms().means(zone, held))
}

/// Whether a flow carries data of these classes so that they can be read at its end and kept.
fn is_leaking(reader: &Reader<'_>, flow: Edge, classes: &[&str]) -> bool {
    let place = Place::Relationship(flow);
    let is_looked_up = reader.text(place, "method") == Some("view");
    let is_anonymous = reader.value(place, "anonymized") == Some(&Value::Boolean(true));
    let carried = || {
        let carried = reader.outgoing(place, &reader.kinds("carries")).into_iter();
        carried.filter_map(|edge| reader.text(reader.target(edge)?, "personal_class"))
    };
    !is_looked_up && !is_anonymous && carried().any(|class| classes.contains(&class))
}

fn step(reader: &Reader<'_>, flow: Edge) -> Option<DraftStep> {
    let place = Place::Relationship(flow);
    let mut facts: Vec<Fact> =
        ["method", "control"].iter().filter_map(|key| Fact::recorded(reader, key, place, key)).collect();
    let zone = |end: Option<Place>| end.and_then(|end| reader.target_of(end, "in_zone"));
    facts.extend(zone(reader.source(flow)).and_then(|zone| Fact::item(reader, "from_zone", zone)));
    facts.extend(zone(reader.target(flow)).and_then(|zone| Fact::item(reader, "to_zone", zone)));
    DraftStep::over(reader, flow, true, facts)
}

struct Search<'s, 'v> {
    reader: &'s Reader<'v>,
    classes: &'s [&'s str],
    end: Place,
}

/// How many ways lead from each start.
struct Counts {
    ways: FxHashMap<Place, usize>,
    stopped: bool,
}

impl Search<'_, '_> {
    /// The leaking flows into a system from other systems, sorted by id so that the order of a model is no matter.
    fn flows_into(&self, system: Place) -> Vec<(Edge, Place)> {
        let incoming = self.reader.incoming(system, &self.reader.kinds("data_flow")).into_iter();
        let leaking = incoming.filter(|flow| is_leaking(self.reader, *flow, self.classes));
        let ends = leaking.filter_map(|flow| Some((flow, self.reader.source(flow)?)));
        let mut found: Vec<(Edge, Place)> = ends.filter(|(_, place)| self.reader.is_a(*place, "system")).collect();
        found.sort_by_key(|(flow, _)| self.reader.id(Place::Relationship(*flow)));
        found
    }

    /// Systems of the My Number zone at least two flows away, the nearest first, with the flows of a shortest way.
    fn starts(&self, most: usize, most_systems: usize) -> Vec<(Place, Vec<Edge>)> {
        let mut ways: FxHashMap<Place, Vec<Edge>> = FxHashMap::from_iter([(self.end, Vec::new())]);
        let mut found: Vec<(Place, Vec<Edge>)> = Vec::new();
        let mut known = FxHashSet::default();
        let mut waiting = VecDeque::from([self.end]);
        while let Some(system) = waiting.pop_front() {
            let behind = ways[&system].clone();
            for (flow, from) in self.flows_into(system) {
                let way = || std::iter::once(flow).chain(behind.iter().copied()).collect::<Vec<_>>();
                if is_in(self.reader, from, "zone_my_number") {
                    if system != self.end && known.insert(from) {
                        found.push((from, way()));
                    }
                } else if let Entry::Vacant(free) = ways.entry(from) {
                    free.insert(way());
                    waiting.push_back(from);
                }
            }
            if found.len() >= most || ways.len() >= most_systems {
                break;
            }
        }
        found.truncate(most);
        found
    }

    /// Counts simple ways from each start, at most so many steps being tried.
    fn count_ways(&self, steps: usize) -> Counts {
        let mut counts = Counts { ways: FxHashMap::default(), stopped: false };
        let mut left = steps;
        self.count_from(self.end, &mut vec![self.end], &mut left, &mut counts);
        counts
    }

    fn count_from(&self, system: Place, on_way: &mut Vec<Place>, left: &mut usize, counts: &mut Counts) {
        for (_, from) in self.flows_into(system) {
            if *left == 0 || on_way.len() > DEEPEST {
                counts.stopped = true;
                return;
            }
            *left -= 1;
            if is_in(self.reader, from, "zone_my_number") {
                if system != self.end {
                    *counts.ways.entry(from).or_default() += 1;
                }
            } else if !on_way.contains(&from) {
                on_way.push(from);
                self.count_from(from, on_way, left, counts);
                on_way.pop();
            }
        }
    }
}

/// The longest way that is counted.
const DEEPEST: usize = 64;

/// The ends on the internet that data reach from a changed item.
fn affected(reader: &Reader<'_>, rule: &Rule, changed: &ChangedPlace<'_>) -> Vec<Place> {
    let classes = leaking_classes(rule);
    let mut waiting = touched_systems(reader, changed);
    let mut known: FxHashSet<Place> = waiting.iter().copied().collect();
    while let Some(system) = waiting.pop() {
        for flow in reader.outgoing(system, &reader.kinds("data_flow")) {
            if is_leaking(reader, flow, &classes)
                && let Some(to) = reader.target(flow)
                && !is_in(reader, to, "zone_my_number")
                && known.insert(to)
            {
                waiting.push(to);
            }
        }
    }
    known.into_iter().filter(|system| is_in(reader, *system, "zone_internet")).collect()
}

/// The systems into or from which data may now flow otherwise.
fn touched_systems(reader: &Reader<'_>, changed: &ChangedPlace<'_>) -> Vec<Place> {
    let receivers = |flow: Place| match flow {
        Place::Relationship(edge) => reader.target(edge).into_iter().collect(),
        Place::Element(_) => Vec::new(),
    };
    let touches = |names: &[&str]| {
        let mut known = names.iter().filter_map(|name| reader.metamodel().attribute_name(name));
        known.any(|name| changed.touches(name))
    };
    let place = changed.place;
    if reader.is_a(place, "data_flow") && touches(&["method", "anonymized"]) {
        return receivers(place);
    }
    if reader.is_a(place, "data_object") && touches(&["personal_class"]) {
        return reader.sources(place, "carries").into_iter().flat_map(receivers).collect();
    }
    let Place::Relationship(edge) = place else { return Vec::new() };
    let source = || reader.source(edge);
    if changed.came_or_went && reader.is_a(place, "carries") {
        return source().into_iter().flat_map(receivers).collect();
    }
    if changed.came_or_went && reader.is_a(place, "in_zone") {
        return source().into_iter().collect();
    }
    Vec::new()
}
