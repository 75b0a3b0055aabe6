//! A shortest path, searched from both ends.

use std::ops::ControlFlow;

use super::prefetch::prefetch_ahead;
use super::scratch::{Scratch, Stamps};
use super::sees;
use crate::graph::adjacency::{Topology, slot_of};
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Neighbour, Node, Step};

/// Stands before a node that the search started from.
const START: u32 = u32::MAX;

/// Most paths have fewer hops.
const USUAL_HOPS: usize = 15;

/// What one end of the search has reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    /// Those of this search first; what is behind them is left from earlier ones.
    visits: Vec<Visit>,
    count: usize,
    /// Where the outermost level starts.
    level: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Visit {
    node: Node,
    /// The place of the visit that led here, or [`START`].
    before: u32,
}

impl Frontier {
    fn outermost(&self) -> usize {
        self.count - self.level
    }

    /// Room for so many more visits, behind those that are noted.
    #[inline]
    fn room(&mut self, more: usize) -> &mut [Visit] {
        if self.visits.len() < self.count + more {
            self.grow(more);
        }
        &mut self.visits[self.count..]
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        self.visits.resize((self.count + more).next_power_of_two().max(64), Visit::default());
    }

    /// The nodes from a visit back to where its end started.
    fn trace(&self, position: usize) -> impl Iterator<Item = Node> + '_ {
        let first = self.visits[..self.count].get(position);
        let visits = std::iter::successors(first, |visit| self.visits.get(visit.before as usize));
        visits.map(|visit| visit.node)
    }

    /// The place of a visit, most likely one of the last.
    fn find(&self, node: Node) -> Option<usize> {
        self.visits[..self.count].iter().rposition(|visit| visit.node == node)
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
    let mut steps = Vec::with_capacity(path.len());
    for pair in path.windows(2) {
        steps.push(search.step(pair[0], pair[1])?);
    }
    Some(steps)
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
        (frontier.count, frontier.level) = (0, 0);
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
                frontier.room(1)[0] = Visit { node, before: START };
                frontier.count += 1;
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
        let outermost = frontier.level..frontier.count;
        frontier.level = frontier.count;
        for position in outermost.clone() {
            let node_at = |index: usize| outermost.contains(&index).then(|| frontier.visits[index].node);
            prefetch_ahead(self.topology, side.direction, position, node_at);
            let (node, before) = (frontier.visits[position].node, Node::at(position).0);
            if let Some(node) = self.visit_targets(node, before, side, frontier, marks.stamps) {
                return Some((position, node));
            }
        }
        None
    }

    /// Visits the neighbours of a node. Gives one that belongs to the other end, if it meets it.
    #[inline]
    fn visit_targets(
        &self,
        node: Node,
        before: u32,
        side: Side,
        frontier: &mut Frontier,
        stamps: &mut [u8],
    ) -> Option<Node> {
        for &direction in side.direction.sides() {
            let Some(chunk) = self.topology.side(direction).chunk(node) else { continue };
            if self.filter.all_edges()
                && let Some(targets) = chunk.only_targets(slot_of(node))
            {
                let room = frontier.room(targets.len());
                let (added, met) = self.mark(targets, |_| true, stamps, side, before, room);
                frontier.count += added;
                if met.is_some() {
                    return met;
                }
                continue;
            }
            for run in chunk.runs(slot_of(node)) {
                let room = frontier.room(run.targets().len());
                let (kinds, edges) = (run.kinds(), run.edges());
                let keeps = |place: usize| self.filter.edge(kinds[place], edges[place]);
                let (added, met) = self.mark(run.targets(), keeps, stamps, side, before, room);
                frontier.count += added;
                if met.is_some() {
                    return met;
                }
            }
        }
        None
    }

    /// Marks new nodes and notes their visits in `room`. Gives how many there were, and the first node that belongs to
    /// the other end, at which it stops.
    ///
    /// The hottest loop of the search: everything that it writes comes as a slice of its own, so that nothing has to be
    /// read again after a write.
    #[inline]
    fn mark(
        &self,
        targets: &[Node],
        keeps: impl Fn(usize) -> bool,
        stamps: &mut [u8],
        side: Side,
        before: u32,
        room: &mut [Visit],
    ) -> (usize, Option<Node>) {
        let mut added = 0;
        for (place, &node) in targets.iter().enumerate() {
            if !keeps(place) {
                continue;
            }
            let stamp = &mut stamps[node.index()];
            if *stamp == side.theirs {
                return (added, Some(node));
            }
            if *stamp != side.mine && self.filter.node(node) {
                *stamp = side.mine;
                room[added] = Visit { node, before };
                added += 1;
            }
        }
        (added, None)
    }

    /// The first seen hop between two neighbours.
    fn step(&self, from: Node, to: Node) -> Option<Step> {
        for &direction in self.direction.sides() {
            let found = self.topology.visit_neighbours(from, direction, None, |neighbour| {
                let Neighbour { kind, node, edge } = neighbour;
                if node == to && self.filter.edge(kind, edge) && self.filter.node(to) {
                    return ControlFlow::Break(Step { kind, edge, from, to, direction });
                }
                ControlFlow::Continue(())
            });
            if let ControlFlow::Break(step) = found {
                return Some(step);
            }
        }
        None
    }
}

/// The nodes from the start to visit `last`, then those from visit `first` to the end.
fn joined(forward: &Frontier, last: usize, backward: &Frontier, first: usize) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(USUAL_HOPS);
    nodes.extend(forward.trace(last));
    nodes.reverse();
    nodes.extend(backward.trace(first));
    nodes
}
