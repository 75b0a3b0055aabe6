//! Neighbours in parallel arrays, sorted by (kind, target, edge).

use std::ops::{ControlFlow, Range};

use crate::graph::ids::{Edge, EdgeKind, Neighbour, Node};

/// The end points, kinds and edges of consecutive neighbours, in arrays of equal length.
///
/// The targets are contiguous because the hottest search reads nothing else.
#[derive(Clone, Debug, Default)]
pub(in crate::graph) struct Run {
    targets: Vec<Node>,
    kinds: Vec<EdgeKind>,
    edges: Vec<Edge>,
}

/// Up to so many neighbours are looked through one by one.
const FEW: usize = 12;

/// A run without neighbours, for nodes that have none.
static EMPTY: Run = Run { targets: Vec::new(), kinds: Vec::new(), edges: Vec::new() };

impl Run {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            targets: Vec::with_capacity(capacity),
            kinds: Vec::with_capacity(capacity),
            edges: Vec::with_capacity(capacity),
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    #[inline]
    pub(in crate::graph) fn targets(&self) -> &[Node] {
        &self.targets
    }

    #[inline]
    pub(in crate::graph) fn kinds(&self) -> &[EdgeKind] {
        &self.kinds
    }

    pub(in crate::graph) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    #[inline]
    pub(super) fn at(&self, index: usize) -> Neighbour {
        Neighbour { kind: self.kinds[index], node: self.targets[index], edge: self.edges[index] }
    }

    pub(super) fn first(&self) -> Option<Neighbour> {
        (!self.is_empty()).then(|| self.at(0))
    }

    pub(super) fn last(&self) -> Option<Neighbour> {
        self.len().checked_sub(1).map(|index| self.at(index))
    }

    pub(super) fn push(&mut self, neighbour: Neighbour) {
        self.targets.push(neighbour.node);
        self.kinds.push(neighbour.kind);
        self.edges.push(neighbour.edge);
    }

    pub(super) fn insert(&mut self, index: usize, neighbour: Neighbour) {
        self.targets.insert(index, neighbour.node);
        self.kinds.insert(index, neighbour.kind);
        self.edges.insert(index, neighbour.edge);
    }

    pub(super) fn remove(&mut self, index: usize) {
        self.targets.remove(index);
        self.kinds.remove(index);
        self.edges.remove(index);
    }

    /// Puts `other` in the place of `range`.
    pub(super) fn splice(&mut self, range: Range<usize>, other: &Self) {
        self.targets.splice(range.clone(), other.targets.iter().copied());
        self.kinds.splice(range.clone(), other.kinds.iter().copied());
        self.edges.splice(range, other.edges.iter().copied());
    }

    /// A run of its own with the neighbours of `range`.
    pub(super) fn copy(&self, range: Range<usize>) -> Self {
        Self {
            targets: self.targets[range.clone()].to_vec(),
            kinds: self.kinds[range.clone()].to_vec(),
            edges: self.edges[range].to_vec(),
        }
    }

    pub(super) fn append(&mut self, other: &Self) {
        let end = self.len();
        self.splice(end..end, other);
    }

    /// Where `neighbour` stands in the sorted `range`, or where it would.
    pub(super) fn search(&self, range: Range<usize>, neighbour: Neighbour) -> Result<usize, usize> {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low.midpoint(high);
            match self.at(middle).cmp(&neighbour) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// The part of the sorted `range` that has this kind.
    #[inline]
    pub(super) fn kind_range(&self, range: Range<usize>, kind: EdgeKind) -> Range<usize> {
        let kinds = &self.kinds[range.clone()];
        if kinds.len() <= FEW {
            let low = kinds.iter().take_while(|&&other| other < kind).count();
            let count = kinds[low..].iter().take_while(|&&other| other == kind).count();
            return range.start + low..range.start + low + count;
        }
        let low = kinds.partition_point(|&other| other < kind);
        let high = low + kinds[low..].partition_point(|&other| other == kind);
        range.start + low..range.start + high
    }

    #[inline]
    pub(super) fn slice(&self, range: Range<usize>) -> RunSlice<'_> {
        RunSlice { run: self, range }
    }

    #[inline]
    pub(super) fn whole(&self) -> RunSlice<'_> {
        self.slice(0..self.len())
    }

    /// Bytes held outside the struct itself.
    pub(super) fn heap_bytes(&self) -> usize {
        self.targets.capacity() * size_of::<Node>()
            + self.kinds.capacity() * size_of::<EdgeKind>()
            + self.edges.capacity() * size_of::<Edge>()
    }
}

/// Part of a [`Run`].
#[derive(Clone, Debug)]
pub(in crate::graph) struct RunSlice<'a> {
    run: &'a Run,
    range: Range<usize>,
}

impl<'a> RunSlice<'a> {
    #[inline]
    pub(super) fn empty() -> Self {
        EMPTY.whole()
    }

    #[inline]
    pub(in crate::graph) fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    #[inline]
    pub(in crate::graph) fn targets(&self) -> &'a [Node] {
        &self.run.targets[self.range.clone()]
    }

    #[inline]
    pub(in crate::graph) fn kinds(&self) -> &'a [EdgeKind] {
        &self.run.kinds[self.range.clone()]
    }

    #[inline]
    pub(in crate::graph) fn edges(&self) -> &'a [Edge] {
        &self.run.edges[self.range.clone()]
    }

    /// Calls `visit` with each neighbour until it breaks.
    #[inline]
    pub(super) fn visit<B>(&self, visit: &mut impl FnMut(Neighbour) -> ControlFlow<B>) -> ControlFlow<B> {
        let ends = self.targets().iter().zip(self.kinds()).zip(self.edges());
        for ((&node, &kind), &edge) in ends {
            visit(Neighbour { kind, node, edge })?;
        }
        ControlFlow::Continue(())
    }

    #[inline]
    pub(super) fn next_neighbour(&mut self) -> Option<Neighbour> {
        self.range.next().map(|index| self.run.at(index))
    }
}
