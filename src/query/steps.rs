//! All steps of one sort in one place, for searches that take most of them.
//!
//! A graph may keep all that belongs to a node together. Who asks hundreds of thousands of nodes in no order for one
//! sort of step then waits for memory each time; going through the nodes in their order once and noting the steps is
//! several times quicker.

use super::source::Label;
use crate::graph::{Direction, Edge, EdgeKind, Node, prefetch};

/// Which steps a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepsWanted {
    /// Along relationships, against them, or both.
    pub direction: Direction,
    /// The kinds of the relationships; all where absent.
    pub kinds: Option<Box<[EdgeKind]>>,
    /// The label of the nodes from which the steps lead; any where absent.
    pub from: Option<Label>,
    /// The label of the nodes to which they lead; any where absent.
    pub to: Option<Label>,
}

/// Where each node's steps of one sort lead.
#[derive(Debug, Default)]
pub struct StepTable {
    /// By node, where its steps begin and end.
    places: Vec<(u32, u32)>,
    ends: Vec<(Node, Edge)>,
}

impl StepTable {
    /// An empty table for nodes below a number.
    pub(super) fn new(bound: usize) -> Self {
        Self { places: vec![(0, 0); bound], ends: Vec::new() }
    }

    /// Notes a step of the node that [`StepTable::finish`] names next.
    pub(super) fn add(&mut self, to: Node, edge: Edge) {
        self.ends.push((to, edge));
    }

    /// What was added since the node before is what leads from this one. Gives how many steps that is.
    pub(super) fn finish(&mut self, from: Node, begin: usize) -> usize {
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        if let Some(place) = self.places.get_mut(from.index()) {
            *place = (number(begin), number(self.ends.len()));
        }
        self.ends.len() - begin
    }

    /// How many steps it holds.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.places.len() * size_of::<(u32, u32)>() + self.ends.capacity() * size_of::<(Node, Edge)>()
    }

    /// Hints that the steps of these nodes are asked for soon.
    pub(super) fn expect(&self, nodes: &[Node]) {
        nodes.iter().for_each(|node| prefetch(&self.places, node.index()));
        for node in nodes {
            let begin = self.places.get(node.index()).map_or(0, |place| place.0);
            prefetch(&self.ends, begin as usize);
        }
    }

    /// Where the steps of a node lead: those that the table was made for.
    pub(super) fn steps(&self, node: Node) -> &[(Node, Edge)] {
        let (begin, end) = self.places.get(node.index()).copied().unwrap_or_default();
        self.ends.get(begin as usize..end as usize).unwrap_or_default()
    }
}
