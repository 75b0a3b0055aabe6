//! How is this connected with that? Paths between items, each step in words.
//!
//! A path goes from end to end of relationships; where a relationship is itself an end of another (a data flow
//! carries data), it can also step onto it and off it.

mod report;
mod request;
mod search;
mod walking;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use report::{FoundPath, PathsEnded, PathsReport};
pub use request::{PathDirection, PathMode, PathsRequest};

use super::answer::{Basis, PathStep};
use super::error::AnalysisError;
use super::names::{LANGUAGES, find_items, find_kinds, kind_name, summary_of, words_of};
use crate::domain::metamodel::Kind;
use crate::domain::naming::fill;
use crate::domain::{Item, Localized};
use crate::graph::{Direction, Edge, View};
use search::{Found, Left, Limits, all_paths};
use walking::{Form, Hop, Key, Walker};

/// One shortest path between two sets of items, or all up to the limits.
///
/// The shortest takes time proportional to what is nearer than it; all can take time exponential in the number
/// of steps, which is why they are limited.
///
/// # Errors
/// When the question names something that is not there.
pub fn paths(view: &View, request: &PathsRequest) -> Result<PathsReport, AnalysisError> {
    let from = find_items(view, "from", &request.from)?;
    let to = find_items(view, "to", &request.to)?;
    let kinds = find_kinds(view, "kinds", "relationship kind", &request.kinds, Kind::is_relationship)?;
    let keys = |items: &[Item<'_>]| items.iter().filter_map(|item| Walker::key(view, *item)).collect::<Vec<_>>();
    let (starts, goals) = (keys(&from), keys(&to));
    let walker = Walker { view, direction: direction_of(request), kinds, asked: edges_among(&starts, &goals) };
    let found = find(&walker, &starts, &goals, request);
    let shortest_beyond = beyond(&walker, &starts, &goals, &found);
    let mut wording = Wording { walker: &walker, worded: FxHashMap::default() };
    Ok(PathsReport {
        basis: Basis::of(view),
        from: from.iter().map(|item| summary_of(view, *item)).collect(),
        to: to.iter().map(|item| summary_of(view, *item)).collect(),
        direction: request.direction,
        mode: request.mode,
        sentence: sentence(request, &found, shortest_beyond),
        paths: found.paths.iter().map(|hops| wording.path(hops, &from)).collect(),
        ended: found.ended,
        expansions: found.expansions,
        shortest_beyond,
    })
}

fn direction_of(request: &PathsRequest) -> Direction {
    match request.direction {
        PathDirection::Outgoing => Direction::Outgoing,
        PathDirection::Incoming => Direction::Incoming,
        PathDirection::Both => Direction::Both,
    }
}

fn edges_among(starts: &[Key], goals: &[Key]) -> FxHashSet<Edge> {
    let edge = |key: &Key| match key {
        Key::Edge(edge) => Some(*edge),
        Key::Node(_) => None,
    };
    starts.iter().chain(goals).filter_map(edge).collect()
}

fn find(walker: &Walker<'_>, starts: &[Key], goals: &[Key], request: &PathsRequest) -> Found {
    let limits = Limits { paths: request.max_paths, hops: request.hops(), expansions: request.max_expansions };
    match request.mode {
        PathMode::All => all_paths(walker, starts, goals, limits),
        PathMode::Shortest => shortest(walker, starts, goals, limits),
    }
}

/// A shortest path: at each item the step over the relationship with the smallest id.
fn shortest(walker: &Walker<'_>, starts: &[Key], goals: &[Key], limits: Limits) -> Found {
    let wanted: FxHashSet<Key> = starts.iter().copied().collect();
    let left = Left::measure(walker, goals, limits.hops, Some(&wanted));
    let mut found = Found { paths: Vec::new(), ended: PathsEnded::Complete, expansions: 0 };
    let nearest = starts.iter().filter_map(|start| Some((left.get(*start)?, *start)));
    let Some((mut distance, mut key)) = nearest.min_by_key(|(distance, _)| *distance) else {
        return found;
    };
    let mut path = Vec::with_capacity(distance);
    while distance > 0 {
        let hops = walker.hops(key, false).into_iter().filter(|hop| left.get(hop.to) == Some(distance - 1));
        let id = |hop: &Hop| walker.view.relationship_at(hop.edge).map(|held| held.id.clone());
        let Some(hop) = hops.min_by_key(|hop| (id(hop), hop.forward, hop.form != Form::Across)) else {
            break;
        };
        found.expansions += 1;
        path.push(hop);
        key = hop.to;
        distance -= 1;
    }
    found.paths.push(path);
    found
}

/// How long the shortest path is, when the limit of steps kept all of them out.
fn beyond(walker: &Walker<'_>, starts: &[Key], goals: &[Key], found: &Found) -> Option<usize> {
    if !found.paths.is_empty() || found.ended != PathsEnded::Complete {
        return None;
    }
    let wanted: FxHashSet<Key> = starts.iter().copied().collect();
    let left = Left::measure(walker, goals, usize::MAX, Some(&wanted));
    starts.iter().filter_map(|start| left.get(*start)).min()
}

/// Puts steps into words, each relationship once.
struct Wording<'w, 'a> {
    walker: &'w Walker<'a>,
    worded: FxHashMap<(Edge, Form, bool), Arc<PathStep>>,
}

impl Wording<'_, '_> {
    fn path(&mut self, hops: &[Hop], from: &[Item<'_>]) -> FoundPath {
        let view = self.walker.view;
        let start = hops.first().map(|hop| hop.from);
        // A path without steps starts where it ends.
        let first = start.and_then(|key| self.walker.item(key)).or_else(|| from.first().copied());
        let rest = hops.iter().filter_map(|hop| self.walker.item(hop.to));
        FoundPath {
            length: hops.len(),
            items: first.into_iter().chain(rest).map(|item| summary_of(view, item)).collect(),
            steps: hops.iter().filter_map(|hop| self.step(hop)).collect(),
        }
    }

    fn step(&mut self, hop: &Hop) -> Option<Arc<PathStep>> {
        let key = (hop.edge, hop.form, hop.forward);
        if let Some(step) = self.worded.get(&key) {
            return Some(Arc::clone(step));
        }
        let view = self.walker.view;
        let relationship = view.relationship_at(hop.edge)?;
        let id = |key| self.walker.item(key).map_or_else(String::new, |item| item.id().to_string());
        let step = Arc::new(PathStep {
            relationship: relationship.id.to_string(),
            kind: kind_name(view, relationship.kind),
            from: id(hop.from),
            to: id(hop.to),
            forward: hop.forward,
            text: words_of(view, relationship, hop.forward),
        });
        self.worded.insert(key, Arc::clone(&step));
        Some(step)
    }
}

fn sentence(request: &PathsRequest, found: &Found, beyond: Option<usize>) -> Localized {
    let (ja, en) = match (found.ended, found.paths.is_empty(), beyond) {
        (PathsEnded::PathLimit, ..) => (
            "短い順に{count}件で打ち切った。ほかにも経路があり得る。",
            "Cut after the {count} shortest paths; there may be more.",
        ),
        (PathsEnded::ExpansionLimit, ..) => (
            "{tried}段を調べて打ち切った。ほかにも経路があり得る。",
            "Cut after trying {tried} steps; there may be more paths.",
        ),
        (PathsEnded::Complete, true, Some(_)) => (
            "{hops}段以内の経路はない。最短の経路は{beyond}段である。",
            "There is no path of at most {hops} steps; the shortest has {beyond}.",
        ),
        (PathsEnded::Complete, true, None) => {
            ("記録された関係をたどる経路はない。", "No recorded relationships lead there.")
        }
        (PathsEnded::Complete, false, _) if request.mode == PathMode::Shortest => {
            ("最短の経路の一つ。", "One of the shortest paths.")
        }
        (PathsEnded::Complete, false, _) => {
            ("{hops}段以内の経路は{count}件。", "There are {count} paths of at most {hops} steps.")
        }
    };
    let [count, tried, hops] =
        [found.paths.len() as u64, found.expansions, request.hops() as u64].map(|n| n.to_string());
    let beyond = beyond.map_or_else(String::new, |length| length.to_string());
    let values = [("count", &*count), ("tried", &*tried), ("hops", &*hops), ("beyond", &*beyond)];
    let [ja, en] = LANGUAGES.map(|language| fill(if language == "ja" { ja } else { en }, &values));
    Localized::ja_en(&ja, &en)
}
