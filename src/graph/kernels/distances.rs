//! How many hops away everything is.

use super::{each_target, sees};
use crate::graph::adjacency::Topology;
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node};

/// The distance of a node that was not reached.
pub const UNREACHED: u32 = u32::MAX;

/// The distance of every node from the nearest start, in hops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distances {
    values: Vec<u32>,
}

impl Distances {
    /// The distance of a node, if it was reached.
    #[must_use]
    pub fn get(&self, node: Node) -> Option<u32> {
        let value = self.values.get(node.index()).copied();
        value.filter(|&value| value != UNREACHED)
    }

    /// The distance of each node by its index, [`UNREACHED`] for those not reached.
    #[must_use]
    pub fn values(&self) -> &[u32] {
        &self.values
    }
}

/// The distances of all nodes at most `depth` hops from the starts (`u32::MAX` for no limit).
///
/// O(nodes + reached edges).
#[must_use]
pub fn distances<F: Filter>(
    topology: &Topology,
    starts: &[Node],
    direction: Direction,
    depth: u32,
    filter: &F,
) -> Distances {
    let mut values = vec![UNREACHED; topology.node_count()];
    let mut queue = Vec::new();
    for &start in starts {
        if sees(topology, filter, start) && values[start.index()] == UNREACHED {
            values[start.index()] = 0;
            queue.push(start);
        }
    }
    let mut head = 0;
    while let Some(&node) = queue.get(head) {
        head += 1;
        let distance = values[node.index()];
        if distance >= depth {
            break;
        }
        each_target(topology, node, direction, filter, |target| {
            let value = &mut values[target.index()];
            if *value == UNREACHED && filter.node(target) {
                *value = distance + 1;
                queue.push(target);
            }
        });
    }
    Distances { values }
}
