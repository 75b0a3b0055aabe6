//! Which nodes and edges exist for the asker.

use super::bits::{BitSet, WORD, place};
use super::ids::{Edge, EdgeKind, Node};

/// Decides which nodes and edges a search may see.
///
/// An edge is seen when it passes and both its ends pass. Kernels are compiled for each filter, so
/// a filter that lets everything through costs nothing.
pub trait Filter {
    /// Whether the filter lets everything through.
    const ALL: bool;

    /// Whether the node is seen.
    fn node(&self, node: Node) -> bool;

    /// Whether the edge itself is seen; its ends are asked about apart.
    fn edge(&self, kind: EdgeKind, edge: Edge) -> bool;

    /// True when no edge is ever refused: kernels then do not ask about any.
    fn all_edges(&self) -> bool {
        Self::ALL
    }

    /// The nodes `64 * index ..` that are seen, as bits; those that do not exist may be set.
    fn nodes_word(&self, index: usize) -> u64 {
        (0..WORD).filter(|bit| self.node(Node::at(index * WORD + bit))).fold(0, |word, bit| word | 1 << bit)
    }
}

impl<F: Filter> Filter for &F {
    const ALL: bool = F::ALL;

    fn node(&self, node: Node) -> bool {
        (**self).node(node)
    }

    fn edge(&self, kind: EdgeKind, edge: Edge) -> bool {
        (**self).edge(kind, edge)
    }

    fn all_edges(&self) -> bool {
        (**self).all_edges()
    }

    fn nodes_word(&self, index: usize) -> u64 {
        (**self).nodes_word(index)
    }
}

/// The filter that hides nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Everything;

impl Filter for Everything {
    const ALL: bool = true;

    #[inline]
    fn node(&self, _: Node) -> bool {
        true
    }

    #[inline]
    fn edge(&self, _: EdgeKind, _: Edge) -> bool {
        true
    }

    #[inline]
    fn nodes_word(&self, _: usize) -> u64 {
        u64::MAX
    }
}

/// A filter by sets; a set that is absent hides nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Masked<'a> {
    /// The nodes that are seen.
    pub nodes: Option<&'a BitSet>,
    /// The edges that are seen.
    pub edges: Option<&'a BitSet>,
    /// The kinds of edge that are seen.
    pub kinds: Option<&'a KindSet>,
}

impl Filter for Masked<'_> {
    const ALL: bool = false;

    #[inline]
    fn node(&self, node: Node) -> bool {
        self.nodes.is_none_or(|nodes| nodes.contains_node(node))
    }

    #[inline]
    fn edge(&self, kind: EdgeKind, edge: Edge) -> bool {
        // No short circuit: a set is asked faster than the processor guesses.
        self.kinds.is_none_or(|kinds| kinds.contains(kind)) & self.edges.is_none_or(|edges| edges.contains(edge.0))
    }

    fn all_edges(&self) -> bool {
        self.kinds.is_none() && self.edges.is_none()
    }

    #[inline]
    fn nodes_word(&self, index: usize) -> u64 {
        self.nodes.map_or(u64::MAX, |nodes| nodes.word(index))
    }
}

/// A set of edge kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindSet {
    bits: BitSet,
}

impl KindSet {
    /// The set of no kind.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind. True when it was not yet in.
    pub fn insert(&mut self, kind: EdgeKind) -> bool {
        self.bits.insert(u32::from(kind.0))
    }

    /// Takes a kind out. True when it was in.
    pub fn remove(&mut self, kind: EdgeKind) -> bool {
        self.bits.remove(u32::from(kind.0))
    }

    /// Whether the kind is in.
    #[inline]
    #[must_use]
    pub fn contains(&self, kind: EdgeKind) -> bool {
        let (word, bit) = place(u32::from(kind.0));
        self.bits.word(word) & bit != 0
    }

    /// How many kinds are in.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bits.count()
    }

    /// Whether no kind is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// The kinds, ascending.
    pub fn iter(&self) -> impl Iterator<Item = EdgeKind> + '_ {
        self.bits.iter().filter_map(|kind| u16::try_from(kind).ok().map(EdgeKind))
    }
}

impl FromIterator<EdgeKind> for KindSet {
    fn from_iter<I: IntoIterator<Item = EdgeKind>>(kinds: I) -> Self {
        Self { bits: kinds.into_iter().map(|kind| u32::from(kind.0)).collect() }
    }
}
