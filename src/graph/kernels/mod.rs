//! The searches that are hot, written by hand.
//!
//! All of them take a [`Filter`] and see only what it lets through. A start that is hidden or
//! unknown is ignored.

mod bounded;
mod condensation;
mod distances;
mod prefetch;
mod reach;
mod scratch;
mod shortest_path;
mod simple_paths;
mod tree;

pub use bounded::{Nearby, reach_within};
pub use condensation::Condensation;
pub use distances::{Distances, UNREACHED, distances};
pub use prefetch::{prefetch, prefetch_neighbours};
pub use reach::{Reached, reach};
pub use scratch::Scratch;
pub use shortest_path::shortest_path;
pub use simple_paths::{Ended, PathLimits, SimplePaths, all_simple_paths};
pub use tree::{BfsTree, bfs_tree};

use super::adjacency::{Topology, slot_of};
use super::filter::Filter;
use super::ids::{Direction, Node, Step};

/// Whether the node exists and is seen.
fn sees<F: Filter>(topology: &Topology, filter: &F, node: Node) -> bool {
    node.index() < topology.node_count() && filter.node(node)
}

/// Calls `visit` with the far end of every edge that the filter lets through, before it is asked
/// about that end.
#[inline]
fn each_target<F: Filter>(
    topology: &Topology,
    node: Node,
    direction: Direction,
    filter: &F,
    mut visit: impl FnMut(Node),
) {
    for &side in direction.sides() {
        let Some(chunk) = topology.side(side).chunk(node) else { continue };
        if filter.all_edges()
            && let Some(targets) = chunk.only_targets(slot_of(node))
        {
            targets.iter().for_each(|&target| visit(target));
            continue;
        }
        for run in chunk.runs(slot_of(node)) {
            let edges = run.kinds().iter().zip(run.edges());
            for (&target, (&kind, &edge)) in run.targets().iter().zip(edges) {
                if filter.edge(kind, edge) {
                    visit(target);
                }
            }
        }
    }
}

/// The hops from a node that the filter lets through, far ends included.
fn seen_steps<'a, F: Filter>(
    topology: &'a Topology,
    node: Node,
    direction: Direction,
    filter: &'a F,
) -> impl Iterator<Item = Step> + 'a {
    topology.steps(node, direction).filter(|step| filter.edge(step.kind, step.edge) && filter.node(step.to))
}
