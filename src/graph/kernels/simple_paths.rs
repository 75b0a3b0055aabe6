//! All paths that visit no node twice.

use std::sync::atomic::{AtomicBool, Ordering};

use super::distances::{Distances, distances};
use super::sees;
use crate::graph::adjacency::{Steps, Topology};
use crate::graph::bits::BitSet;
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node, Step};

/// How often the search looks whether it was cancelled, in hops looked at; a power of two.
const CANCEL_EVERY: u64 = 1024;

/// Where a search for paths gives up: their number can grow exponentially.
#[derive(Clone, Copy, Debug)]
pub struct PathLimits<'a> {
    /// The most paths to return.
    pub paths: usize,
    /// The most hops in a path.
    pub hops: u32,
    /// The most hops to look at.
    pub expansions: u64,
    /// Set by somebody else to end the search early.
    pub cancelled: Option<&'a AtomicBool>,
}

/// Why a search for paths ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every path within the hops is there.
    Complete,
    /// As many paths as allowed were found, and there may be more.
    PathLimit,
    /// As many hops as allowed were looked at, and there may be more paths.
    Budget,
    /// Somebody cancelled, and there may be more paths.
    Cancelled,
}

/// Paths, and whether they are all.
#[derive(Clone, Debug)]
pub struct SimplePaths {
    /// The paths, in the order of their hops, each by (direction, kind, node, edge).
    pub paths: Vec<Vec<Step>>,
    /// Whether there may be more.
    pub ended: Ended,
    /// How many hops were looked at.
    pub expansions: u64,
}

/// All paths from one node to another that visit no node twice, each parallel edge its own path.
///
/// From a node to itself there is one path, without hops. A depth-first search that only goes
/// where the target can still be reached in the hops left; it may nevertheless have to turn back,
/// hence the budget.
#[must_use]
pub fn all_simple_paths<F: Filter>(
    topology: &Topology,
    from: Node,
    to: Node,
    direction: Direction,
    filter: &F,
    limits: PathLimits<'_>,
) -> SimplePaths {
    let mut search = Search {
        topology,
        filter,
        direction,
        to,
        limits,
        left: distances(topology, &[to], direction.reversed(), limits.hops, filter),
        on_path: BitSet::with_capacity(topology.node_count()),
        path: Vec::new(),
        found: SimplePaths { paths: Vec::new(), ended: Ended::Complete, expansions: 0 },
    };
    if sees(topology, filter, from) && search.left.get(from).is_some() {
        search.found.ended = search.run(from);
    }
    search.found
}

struct Search<'a, F> {
    topology: &'a Topology,
    filter: &'a F,
    direction: Direction,
    to: Node,
    limits: PathLimits<'a>,
    /// How many hops each node is before the target.
    left: Distances,
    on_path: BitSet,
    path: Vec<Step>,
    found: SimplePaths,
}

impl<'a, F: Filter> Search<'a, F> {
    fn run(&mut self, from: Node) -> Ended {
        if self.limits.paths == 0 {
            return Ended::PathLimit;
        }
        if from == self.to {
            self.found.paths.push(Vec::new());
            return Ended::Complete;
        }
        self.on_path.insert(from.0);
        let mut branches = vec![self.branch(from)];
        while let Some(branch) = branches.last_mut() {
            let Some(step) = branch.next() else {
                branches.pop();
                self.retreat();
                continue;
            };
            if let Some(ended) = self.spend() {
                return ended;
            }
            if !self.leads_on(step) {
                continue;
            }
            self.path.push(step);
            if step.to != self.to {
                self.on_path.insert(step.to.0);
                branches.push(self.branch(step.to));
                continue;
            }
            self.found.paths.push(self.path.clone());
            self.path.pop();
            if self.found.paths.len() == self.limits.paths {
                return Ended::PathLimit;
            }
        }
        Ended::Complete
    }

    fn branch(&self, node: Node) -> Steps<'a> {
        self.topology.steps(node, self.direction)
    }

    /// Leaves the last node of the path.
    fn retreat(&mut self) {
        if let Some(step) = self.path.pop() {
            self.on_path.remove(step.to.0);
        }
    }

    /// Counts a hop looked at, and says whether to give up.
    fn spend(&mut self) -> Option<Ended> {
        if self.found.expansions == self.limits.expansions {
            return Some(Ended::Budget);
        }
        self.found.expansions += 1;
        let asks = self.found.expansions.is_multiple_of(CANCEL_EVERY);
        let cancelled = self.limits.cancelled.filter(|_| asks)?;
        cancelled.load(Ordering::Relaxed).then_some(Ended::Cancelled)
    }

    /// Whether the hop is seen, visits nothing twice, and can still arrive in the hops left.
    ///
    /// Nodes from which the target cannot be reached are hidden too: the distances were measured
    /// through the filter.
    fn leads_on(&self, step: Step) -> bool {
        let Some(left) = self.left.get(step.to) else {
            return false;
        };
        let walked = self.path.len() as u64 + 1;
        walked + u64::from(left) <= u64::from(self.limits.hops)
            && self.filter.edge(step.kind, step.edge)
            && !self.on_path.contains(step.to.0)
    }
}
