//! All states that follow, each at its smallest distance.

use crate::domain::metamodel::AttributeName;

use super::propagation::{Candidate, Key, Propagation, State, Verdict};
use super::rules::Way;

/// What was reached, and how far it is.
#[derive(Debug)]
pub(super) struct Reached<'a> {
    way: Way,
    states: usize,
    nodes: usize,
    /// Distance + 1 by item and state; 0 where not reached.
    distances: Vec<u32>,
    /// Reached states, the nearest first, starts included.
    pub(super) order: Vec<State>,
    /// What would follow if an attribute were known, and did not follow otherwise.
    pub(super) unrecorded: Vec<(Candidate<'a>, AttributeName)>,
    /// Whether more would have been reached without the limit of depth.
    pub(super) is_cut: bool,
}

/// Follows the rules from the starts until nothing new follows, or to a depth.
///
/// Breadth first over (item, state), each visited once: O(states reached + relationships looked at).
pub(super) fn spread<'a>(
    propagation: &Propagation<'a>,
    way: Way,
    starts: &[State],
    depth: Option<usize>,
) -> Reached<'a> {
    let mut reached = Reached::new(propagation, way);
    for start in starts {
        reached.add(*start, 0);
    }
    let mut head = 0;
    while let Some(state) = reached.order.get(head).copied() {
        head += 1;
        let distance = reached.distance(state).unwrap_or(0) + 1;
        let beyond = depth.is_some_and(|depth| distance as usize > depth);
        if beyond && reached.is_cut {
            break;
        }
        propagation.candidates(way, state, |candidate| {
            let far = far_end(way, &candidate);
            if reached.distance(far).is_some() {
                return;
            }
            match propagation.verdict(&candidate) {
                Verdict::Yes if beyond => reached.is_cut = true,
                Verdict::Yes => reached.add(far, distance),
                Verdict::Unrecorded(name) => reached.unrecorded.push((candidate, name)),
                Verdict::No => {}
            }
        });
    }
    let mut unrecorded = std::mem::take(&mut reached.unrecorded);
    unrecorded.retain(|(candidate, _)| reached.distance(far_end(way, candidate)).is_none());
    reached.unrecorded = unrecorded;
    reached
}

/// The end of a step that a search in this direction arrives at.
pub(super) fn far_end(way: Way, candidate: &Candidate<'_>) -> State {
    match way {
        Way::Onward => candidate.to,
        Way::Back => candidate.from,
    }
}

impl<'a> Reached<'a> {
    fn new(propagation: &Propagation<'a>, way: Way) -> Self {
        let snapshot = propagation.view.snapshot();
        let states = propagation.table.states.len();
        let nodes = snapshot.node_count();
        Self {
            way,
            states,
            nodes,
            distances: vec![0; (nodes + snapshot.edge_capacity()) * states],
            order: Vec::new(),
            unrecorded: Vec::new(),
            is_cut: false,
        }
    }

    fn index(&self, state: State) -> usize {
        let item = match state.item {
            Key::Node(node) => node.index(),
            Key::Edge(edge) => self.nodes + edge.index(),
        };
        item * self.states + usize::from(state.state)
    }

    /// How many steps a state is away from the nearest start.
    pub(super) fn distance(&self, state: State) -> Option<u32> {
        self.distances.get(self.index(state)).and_then(|held| held.checked_sub(1))
    }

    fn add(&mut self, state: State, distance: u32) {
        let index = self.index(state);
        if let Some(held) = self.distances.get_mut(index).filter(|held| **held == 0) {
            *held = distance + 1;
            self.order.push(state);
        }
    }

    /// The way in which it was reached.
    pub(super) fn way(&self) -> Way {
        self.way
    }
}
