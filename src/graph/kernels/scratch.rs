//! Memory that shallow searches use again and again.

use crate::graph::ids::Node;

use super::shortest_path::Frontier;

/// What a shallow search needs to remember, kept between searches so that nothing is allocated and
/// nothing is cleared: a node is marked when its mark carries the number of the search.
///
/// One for each thread; it serves topologies of any size in turn.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(super) marks: Marks,
    pub(super) queue: Vec<Node>,
    pub(super) ends: Vec<usize>,
    pub(super) forward: Frontier,
    pub(super) backward: Frontier,
}

impl Scratch {
    /// Empty memory, which the first search sizes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Marks of nodes that are forgotten by counting on.
///
/// A byte each: the marks of a million nodes stay in the second-level cache, at the price of
/// clearing them every 255 searches.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    stamps: Vec<u8>,
    last: u8,
}

impl Marks {
    /// Forgets all marks, makes room for `nodes`, and gives `count` stamps to mark with.
    pub(super) fn begin(&mut self, nodes: usize, count: u8) -> Stamps<'_> {
        if self.stamps.len() < nodes {
            self.stamps.resize(nodes, 0);
        }
        if u8::MAX - self.last < count {
            self.stamps.fill(0);
            self.last = 0;
        }
        let first = self.last + 1;
        self.last += count;
        Stamps { stamps: &mut self.stamps, first }
    }
}

/// The marks of one search.
pub(super) struct Stamps<'a> {
    pub(super) stamps: &'a mut [u8],
    /// The first stamp of this search; smaller ones are old.
    pub(super) first: u8,
}
