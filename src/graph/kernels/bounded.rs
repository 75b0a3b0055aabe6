//! What can be reached in a few hops.

use std::ops::Range;

use super::prefetch::prefetch_ahead;
use super::scratch::Scratch;
use super::{each_target, sees};
use crate::graph::adjacency::Topology;
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node};

/// The nodes within some hops of a start, by distance.
#[derive(Clone, Copy, Debug)]
pub struct Nearby<'a> {
    nodes: &'a [Node],
    ends: &'a [usize],
}

impl<'a> Nearby<'a> {
    /// All nodes, the start first, then by distance.
    #[must_use]
    pub const fn nodes(&self) -> &'a [Node] {
        self.nodes
    }

    /// The nodes at exactly this distance.
    #[must_use]
    pub fn at_distance(&self, distance: usize) -> &'a [Node] {
        let start = match distance {
            0 => 0,
            _ => self.ends.get(distance - 1).copied().unwrap_or(self.nodes.len()),
        };
        let end = self.ends.get(distance).copied().unwrap_or(self.nodes.len());
        &self.nodes[start..end]
    }

    /// The greatest distance at which there is a node; `None` when not even the start is seen.
    #[must_use]
    pub const fn farthest(&self) -> Option<usize> {
        self.ends.len().checked_sub(1)
    }
}

/// All nodes at most `depth` hops from `start`, which is among them.
///
/// Touches only what it reaches: the price does not depend on the size of the topology.
pub fn reach_within<'s, F: Filter>(
    topology: &Topology,
    start: Node,
    direction: Direction,
    depth: usize,
    filter: &F,
    scratch: &'s mut Scratch,
) -> Nearby<'s> {
    let Scratch { marks, queue, ends, .. } = scratch;
    let marks = marks.begin(topology.node_count(), 1);
    queue.clear();
    ends.clear();
    if sees(topology, filter, start) {
        marks.stamps[start.index()] = marks.first;
        queue.push(start);
        ends.push(1);
    }
    let mut level: Range<usize> = 0..queue.len();
    while ends.len() <= depth && !level.is_empty() {
        for index in level.clone() {
            prefetch_ahead(topology, direction, index, |index| queue.get(index).copied());
            each_target(topology, queue[index], direction, filter, |target| {
                let stamp = &mut marks.stamps[target.index()];
                if *stamp != marks.first && filter.node(target) {
                    *stamp = marks.first;
                    queue.push(target);
                }
            });
        }
        level = level.end..queue.len();
        if !level.is_empty() {
            ends.push(level.end);
        }
    }
    Nearby { nodes: queue, ends }
}
