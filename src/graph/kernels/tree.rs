//! How everything was reached: a breadth-first tree.

use super::{seen_steps, sees};
use crate::graph::adjacency::Topology;
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node, Step};

/// Marks a node that is in no tree.
const NOWHERE: u32 = u32::MAX;

/// A shortest way to every reached node.
///
/// The tree depends on the topology alone: of several last hops that are equally short, a node
/// keeps the smallest by (kind, node before, edge).
#[derive(Clone, Debug)]
pub struct BfsTree {
    /// Reached nodes, by distance.
    visits: Vec<Visit>,
    /// Where each node stands among the visits.
    positions: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Visit {
    node: Node,
    distance: u32,
    by: Option<Step>,
}

impl BfsTree {
    /// The reached nodes, nearest first, starts included.
    #[must_use]
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node> + '_ {
        self.visits.iter().map(|visit| visit.node)
    }

    /// How many hops a reached node is away from the nearest start.
    #[must_use]
    pub fn distance(&self, node: Node) -> Option<u32> {
        self.visit(node).map(|visit| visit.distance)
    }

    /// The last hop on the way to a node; none for a start and for what was not reached.
    #[must_use]
    pub fn came_by(&self, node: Node) -> Option<Step> {
        self.visit(node)?.by
    }

    /// The way from a start to a reached node; no hops for a start itself.
    #[must_use]
    pub fn path_to(&self, node: Node) -> Option<Vec<Step>> {
        let mut visit = self.visit(node)?;
        let mut path = Vec::with_capacity(visit.distance as usize);
        while let Some(step) = visit.by {
            path.push(step);
            visit = self.visit(step.from)?;
        }
        path.reverse();
        Some(path)
    }

    fn visit(&self, node: Node) -> Option<&Visit> {
        let position = *self.positions.get(node.index())?;
        self.visits.get(position as usize)
    }

    /// Records a way to a node unless a better one is known.
    fn offer(&mut self, node: Node, distance: u32, by: Option<Step>) {
        let position = &mut self.positions[node.index()];
        if *position == NOWHERE {
            *position = Node::at(self.visits.len()).0;
            self.visits.push(Visit { node, distance, by });
            return;
        }
        let known = &mut self.visits[*position as usize];
        if known.distance == distance && by.map(rank) < known.by.map(rank) {
            known.by = by;
        }
    }
}

/// What decides between equally short ways.
fn rank(step: Step) -> impl Ord {
    (step.kind, step.from, step.edge, step.direction)
}

/// The breadth-first tree of all nodes at most `depth` hops from the starts (`u32::MAX` for no
/// limit).
///
/// O(nodes + reached edges).
#[must_use]
pub fn bfs_tree<F: Filter>(
    topology: &Topology,
    starts: &[Node],
    direction: Direction,
    depth: u32,
    filter: &F,
) -> BfsTree {
    let mut tree = BfsTree { visits: Vec::new(), positions: vec![NOWHERE; topology.node_count()] };
    for &start in starts {
        if sees(topology, filter, start) {
            tree.offer(start, 0, None);
        }
    }
    let mut head = 0;
    while let Some(&visit) = tree.visits.get(head) {
        head += 1;
        if visit.distance >= depth {
            break;
        }
        for step in seen_steps(topology, visit.node, direction, filter) {
            tree.offer(step.to, visit.distance + 1, Some(step));
        }
    }
    tree
}
