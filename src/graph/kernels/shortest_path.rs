//! A shortest path, searched from both ends.

use std::ops::ControlFlow;

use super::prefetch::prefetch_ahead;
use super::scratch::{Scratch, Stamps};
use super::{seen_steps, sees, try_each_target};
use crate::graph::adjacency::Topology;
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node, Step};

/// Stands before a node that the search started from.
const START: u32 = u32::MAX;

/// What one end of the search has reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    visits: Vec<Visit>,
    /// Where the outermost level starts.
    level: usize,
}

#[derive(Clone, Copy, Debug)]
struct Visit {
    node: Node,
    /// The place of the visit that led here, or [`START`].
    before: u32,
}

impl Frontier {
    fn outermost(&self) -> usize {
        self.visits.len() - self.level
    }

    /// The nodes from a visit back to where its end started.
    fn trace(&self, position: usize) -> impl Iterator<Item = Node> + '_ {
        let first = self.visits.get(position);
        let visits = std::iter::successors(first, |visit| self.visits.get(visit.before as usize));
        visits.map(|visit| visit.node)
    }

    /// The place of a visit, most likely one of the last.
    fn find(&self, node: Node) -> Option<usize> {
        self.visits.iter().rposition(|visit| visit.node == node)
    }
}

/// A path with the fewest hops from any node of `from` to any node of `to`, or none.
///
/// No hops when a node is in both. Of several shortest paths the answer is always the same one for
/// the same question, and of parallel edges it takes the smallest by (direction, kind, edge). Goes
/// level by level from the end whose outermost level is smaller, so that in a wide graph it touches
/// about the square root of what a search from one end would.
#[must_use]
pub fn shortest_path<F: Filter>(
    topology: &Topology,
    from: &[Node],
    to: &[Node],
    direction: Direction,
    filter: &F,
    scratch: &mut Scratch,
) -> Option<Vec<Step>> {
    let search = Search { topology, direction, filter };
    let path = search.nodes(from, to, scratch)?;
    let steps = path.windows(2).map(|pair| search.step(pair[0], pair[1]));
    steps.collect()
}

/// What is searched.
struct Search<'a, F> {
    topology: &'a Topology,
    direction: Direction,
    filter: &'a F,
}

/// How one end marks its nodes and the other end's are marked.
#[derive(Clone, Copy)]
struct Side {
    direction: Direction,
    mine: u8,
    theirs: u8,
}

impl<F: Filter> Search<'_, F> {
    /// The nodes of a shortest path, both ends included.
    fn nodes(&self, from: &[Node], to: &[Node], scratch: &mut Scratch) -> Option<Vec<Node>> {
        let Scratch { marks, forward, backward, .. } = scratch;
        let mut marks = marks.begin(self.topology.node_count(), 2);
        let (mine, theirs) = (marks.first, marks.first + 1);
        let (direction, back) = (self.direction, self.direction.reversed());
        let ahead = Side { direction, mine, theirs };
        let behind = Side { direction: back, mine: theirs, theirs: mine };
        self.begin(from, ahead, forward, &mut marks);
        if let Some(common) = self.begin(to, behind, backward, &mut marks) {
            return Some(vec![common]);
        }
        while forward.outermost() > 0 && backward.outermost() > 0 {
            if forward.outermost() <= backward.outermost() {
                if let Some((last, node)) = self.expand(ahead, forward, &mut marks) {
                    return Some(joined(forward, last, backward, backward.find(node)?));
                }
            } else if let Some((first, node)) = self.expand(behind, backward, &mut marks) {
                return Some(joined(forward, forward.find(node)?, backward, first));
            }
        }
        None
    }

    /// Starts one end, unless a node of it belongs to the other end already; then gives that node.
    fn begin(&self, nodes: &[Node], side: Side, frontier: &mut Frontier, marks: &mut Stamps<'_>) -> Option<Node> {
        frontier.visits.clear();
        frontier.level = 0;
        for &node in nodes {
            if !sees(self.topology, self.filter, node) {
                continue;
            }
            let stamp = &mut marks.stamps[node.index()];
            if *stamp == side.theirs {
                return Some(node);
            }
            if *stamp != side.mine {
                *stamp = side.mine;
                let before = START;
                frontier.visits.push(Visit { node, before });
            }
        }
        None
    }

    /// Goes one hop outwards, and gives the first hop that meets the other end: the visit that it
    /// leaves and the node that it reaches.
    ///
    /// It closes a shortest path. A shorter one, or one by way of what the other end reached before
    /// its outermost level, would have been met a level earlier.
    fn expand(&self, side: Side, frontier: &mut Frontier, marks: &mut Stamps<'_>) -> Option<(usize, Node)> {
        let Frontier { visits, level } = frontier;
        let outermost = *level..visits.len();
        *level = visits.len();
        for position in outermost {
            let node_at = |index: usize| visits.get(index).map(|visit| visit.node);
            prefetch_ahead(self.topology, side.direction, position, node_at);
            let (node, before) = (visits[position].node, Node::at(position).0);
            let visit = |node: Node| {
                let stamp = &mut marks.stamps[node.index()];
                if *stamp == side.theirs {
                    return ControlFlow::Break(node);
                }
                if *stamp != side.mine && self.filter.node(node) {
                    *stamp = side.mine;
                    visits.push(Visit { node, before });
                }
                ControlFlow::Continue(())
            };
            let met = try_each_target(self.topology, node, side.direction, self.filter, visit);
            if let ControlFlow::Break(node) = met {
                return Some((position, node));
            }
        }
        None
    }

    /// The first seen hop between two neighbours.
    fn step(&self, from: Node, to: Node) -> Option<Step> {
        seen_steps(self.topology, from, self.direction, self.filter).find(|step| step.to == to)
    }
}

/// The nodes from the start to visit `last`, then those from visit `first` to the end.
fn joined(forward: &Frontier, last: usize, backward: &Frontier, first: usize) -> Vec<Node> {
    let mut nodes: Vec<Node> = forward.trace(last).collect();
    nodes.reverse();
    nodes.extend(backward.trace(first));
    nodes
}
