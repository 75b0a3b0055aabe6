//! A shortest path, searched from both ends.

use super::scratch::{Scratch, Stamps};
use super::{seen_steps, sees};
use crate::graph::adjacency::Topology;
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node, Step};

/// What one end of the search has reached, and how.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    visits: Vec<Visit>,
    /// Where the outermost level starts.
    level: usize,
}

#[derive(Clone, Copy, Debug)]
struct Visit {
    node: Node,
    /// The hop that led here, and the place of the visit that it came from.
    by: Option<(Step, usize)>,
}

impl Frontier {
    fn begin<F: Filter>(
        &mut self,
        topology: &Topology,
        nodes: &[Node],
        filter: &F,
        marks: &mut Stamps<'_>,
        mark: u8,
    ) {
        self.visits.clear();
        self.level = 0;
        for &node in nodes {
            if sees(topology, filter, node) && marks.stamps[node.index()] != mark {
                marks.stamps[node.index()] = mark;
                self.visits.push(Visit { node, by: None });
            }
        }
    }

    fn outermost(&self) -> usize {
        self.visits.len() - self.level
    }

    /// The hops that led to a visit, the last one first.
    fn trace(&self, position: usize) -> impl Iterator<Item = Step> + '_ {
        let mut position = position;
        std::iter::from_fn(move || {
            let (step, before) = self.visits[position].by?;
            position = before;
            Some(step)
        })
    }

    fn find(&self, node: Node) -> Option<usize> {
        self.visits.iter().rposition(|visit| visit.node == node)
    }
}

/// A path with the fewest hops from any node of `from` to any node of `to`, or none.
///
/// No hops when a node is in both. Of several shortest paths the answer is always the same one for
/// the same question. Level by level from the end whose outermost level is smaller, so that in a
/// wide graph it touches about the square root of what a search from one end would.
#[must_use]
pub fn shortest_path<F: Filter>(
    topology: &Topology,
    from: &[Node],
    to: &[Node],
    direction: Direction,
    filter: &F,
    scratch: &mut Scratch,
) -> Option<Vec<Step>> {
    let Scratch {
        marks,
        forward,
        backward,
        ..
    } = scratch;
    let mut marks = marks.begin(topology.node_count(), 2);
    let (ahead, behind) = (marks.first, marks.first + 1);
    let common = |node: &&Node| from.contains(node) && sees(topology, filter, **node);
    if to.iter().any(|node| common(&node)) {
        return Some(Vec::new());
    }
    forward.begin(topology, from, filter, &mut marks, ahead);
    backward.begin(topology, to, filter, &mut marks, behind);
    while forward.outermost() > 0 && backward.outermost() > 0 {
        if forward.outermost() <= backward.outermost() {
            let level = Level {
                topology,
                filter,
                direction,
                mine: ahead,
                theirs: behind,
            };
            if let Some((position, step)) = level.expand(forward, &mut marks) {
                let meeting = backward.find(step.to)?;
                return Some(joined(forward, position, step, backward, meeting));
            }
        } else {
            let direction = direction.reversed();
            let level = Level {
                topology,
                filter,
                direction,
                mine: behind,
                theirs: ahead,
            };
            if let Some((position, step)) = level.expand(backward, &mut marks) {
                let meeting = forward.find(step.to)?;
                return Some(joined(
                    forward,
                    meeting,
                    step.reversed(),
                    backward,
                    position,
                ));
            }
        }
    }
    None
}

/// The next level of one end.
struct Level<'a, F> {
    topology: &'a Topology,
    filter: &'a F,
    direction: Direction,
    mine: u8,
    theirs: u8,
}

impl<F: Filter> Level<'_, F> {
    /// Goes one hop outwards. The first hop that meets the other end closes a shortest path: all
    /// shorter ones would have been met on the level before, and what the other end reached earlier
    /// than in its outermost level as well.
    fn expand(&self, frontier: &mut Frontier, marks: &mut Stamps<'_>) -> Option<(usize, Step)> {
        let level = frontier.level..frontier.visits.len();
        frontier.level = level.end;
        for position in level {
            let node = frontier.visits[position].node;
            for step in seen_steps(self.topology, node, self.direction, self.filter) {
                let stamp = &mut marks.stamps[step.to.index()];
                if *stamp == self.theirs {
                    return Some((position, step));
                }
                if *stamp != self.mine {
                    *stamp = self.mine;
                    frontier.visits.push(Visit {
                        node: step.to,
                        by: Some((step, position)),
                    });
                }
            }
        }
        None
    }
}

/// The way to visit `before`, then `step`, then the way on from visit `after`.
fn joined(
    forward: &Frontier,
    before: usize,
    step: Step,
    backward: &Frontier,
    after: usize,
) -> Vec<Step> {
    let mut path: Vec<Step> = forward.trace(before).collect();
    path.reverse();
    path.push(step);
    path.extend(backward.trace(after).map(Step::reversed));
    path
}
