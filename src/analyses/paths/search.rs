//! Paths that visit nothing twice, the shortest first.

use rustc_hash::{FxHashMap, FxHashSet};

use super::report::PathsEnded;
use super::walking::{Form, Hop, Key, Walker};

/// How many steps every item is before the nearest goal.
#[derive(Debug, Default)]
pub(super) struct Left(FxHashMap<Key, usize>);

impl Left {
    /// Measures from the goals backwards, to `most` steps; with `starts`, only until one of them is met.
    ///
    /// Takes time proportional to what is met.
    pub(super) fn measure(walker: &Walker<'_>, goals: &[Key], most: usize, starts: Option<&FxHashSet<Key>>) -> Self {
        let mut left = Self::default();
        let mut queue: Vec<Key> = Vec::new();
        for goal in goals {
            if left.0.insert(*goal, 0).is_none() {
                queue.push(*goal);
            }
        }
        let mut head = 0;
        while let Some(key) = queue.get(head).copied() {
            head += 1;
            let distance = left.0[&key];
            let is_met = starts.is_some_and(|starts| starts.contains(&key));
            if distance >= most || is_met {
                break;
            }
            for hop in walker.hops(key, true) {
                left.0.entry(hop.to).or_insert_with(|| {
                    queue.push(hop.to);
                    distance + 1
                });
            }
        }
        left
    }

    /// The steps left from an item, if a goal can be reached from it.
    pub(super) fn get(&self, key: Key) -> Option<usize> {
        self.0.get(&key).copied()
    }

    /// The largest number of steps that any path without repetition could have.
    fn longest(&self) -> usize {
        self.0.len()
    }
}

/// What was found, and why the search ended.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) paths: Vec<Vec<Hop>>,
    pub(super) ended: PathsEnded,
    pub(super) expansions: u64,
}

/// Where a search gives up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) paths: usize,
    pub(super) hops: usize,
    pub(super) expansions: u64,
}

/// All paths from a start to a goal that visit nothing twice and end at the first goal they meet.
///
/// One length after the other, so that what a limit keeps is the shortest. Exponential in the worst case,
/// hence the limits.
pub(super) fn all_paths(walker: &Walker<'_>, starts: &[Key], goals: &[Key], limits: Limits) -> Found {
    let left = Left::measure(walker, goals, limits.hops, None);
    let mut search = Search {
        walker,
        left: &left,
        goals: goals.iter().copied().collect(),
        limits,
        on_path: FxHashSet::default(),
        path: Vec::new(),
        found: Found { paths: Vec::new(), ended: PathsEnded::Complete, expansions: 0 },
        went_further: false,
    };
    let nearest = starts.iter().filter_map(|start| left.get(*start)).min();
    let Some(mut length) = nearest else {
        return search.found;
    };
    while length <= limits.hops && length <= left.longest() {
        search.went_further = false;
        for start in starts {
            if let Some(ended) = search.of_length(*start, length) {
                search.found.ended = ended;
                return search.found;
            }
        }
        if !search.went_further && length > 0 {
            break;
        }
        length += 1;
    }
    search.found
}

struct Search<'s, 'a> {
    walker: &'s Walker<'a>,
    left: &'s Left,
    goals: FxHashSet<Key>,
    limits: Limits,
    on_path: FxHashSet<Key>,
    path: Vec<Hop>,
    found: Found,
    /// Whether some path was given up only because it would be longer than the length asked for.
    went_further: bool,
}

impl Search<'_, '_> {
    /// Adds the paths of exactly this length; tells if a limit was met.
    fn of_length(&mut self, start: Key, length: usize) -> Option<PathsEnded> {
        if self.goals.contains(&start) {
            return if length == 0 { self.keep() } else { None };
        }
        self.on_path.clear();
        self.path.clear();
        self.on_path.insert(start);
        let mut branches = vec![self.branch(start, length).into_iter()];
        while let Some(branch) = branches.last_mut() {
            let Some(hop) = branch.next() else {
                branches.pop();
                if let Some(hop) = self.path.pop() {
                    self.on_path.remove(&hop.to);
                }
                continue;
            };
            if self.is_repeated(&hop) {
                continue;
            }
            self.path.push(hop);
            if self.goals.contains(&hop.to) {
                let ended = self.keep();
                self.path.pop();
                if ended.is_some() {
                    return ended;
                }
                continue;
            }
            if self.found.expansions >= self.limits.expansions {
                return Some(PathsEnded::ExpansionLimit);
            }
            self.on_path.insert(hop.to);
            branches.push(self.branch(hop.to, length).into_iter());
        }
        None
    }

    fn keep(&mut self) -> Option<PathsEnded> {
        if self.found.paths.len() == self.limits.paths {
            return Some(PathsEnded::PathLimit);
        }
        self.found.paths.push(self.path.clone());
        None
    }

    /// Whether a step visits something twice, or tells twice what is one step across a relationship: onto it and
    /// off it at the other end.
    fn is_repeated(&self, hop: &Hop) -> bool {
        let is_detour = hop.form == Form::Off && self.path.last().is_some_and(|last| last.edge == hop.edge);
        is_detour || self.on_path.contains(&hop.to)
    }

    /// The steps from an item that can arrive in exactly the steps left, by the relationship's id.
    fn branch(&mut self, key: Key, length: usize) -> Vec<Hop> {
        let walked = self.path.len() + 1;
        let mut hops = self.walker.hops(key, false);
        self.found.expansions += hops.len() as u64;
        hops.retain(|hop| {
            let Some(left) = self.left.get(hop.to) else {
                return false;
            };
            self.went_further |= walked + left > length;
            walked + left <= length && (left > 0 || walked == length)
        });
        let view = self.walker.view;
        let id = |hop: &Hop| view.relationship_at(hop.edge).map(|relationship| relationship.id.clone());
        hops.sort_by_cached_key(|hop| (id(hop), hop.forward, hop.form != Form::Across));
        hops
    }
}
