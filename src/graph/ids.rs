//! The plain integers that the graph room speaks of.

/// A node: a dense index, appended and never reused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub u32);

/// An edge: a dense index chosen by the caller. Parallel edges and self loops have their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge(pub u32);

/// The kind of an edge: an index into the caller's table of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeKind(pub u16);

impl Node {
    /// The node as an index into a table of nodes.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The node with this index.
    ///
    /// # Panics
    /// When `index` does not fit 32 bits, which no topology reaches.
    #[must_use]
    pub fn at(index: usize) -> Self {
        Self(u32::try_from(index).expect("a topology holds fewer than 2^32 nodes"))
    }
}

impl Edge {
    /// The edge as an index into a table of edges.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl EdgeKind {
    /// The kind as an index into a table of kinds.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which way edges are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From source to target.
    Outgoing,
    /// From target to source.
    Incoming,
    /// Either way: first the outgoing edges, then the incoming ones. A self loop is met twice.
    Both,
}

impl Direction {
    /// The one or two simple directions that this one stands for.
    #[must_use]
    pub const fn sides(self) -> &'static [Self] {
        match self {
            Self::Outgoing => &[Self::Outgoing],
            Self::Incoming => &[Self::Incoming],
            Self::Both => &[Self::Outgoing, Self::Incoming],
        }
    }

    /// The way back. `Both` is its own.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Outgoing => Self::Incoming,
            Self::Incoming => Self::Outgoing,
            Self::Both => Self::Both,
        }
    }

    pub(super) const fn uses_outgoing(self) -> bool {
        matches!(self, Self::Outgoing | Self::Both)
    }

    pub(super) const fn uses_incoming(self) -> bool {
        matches!(self, Self::Incoming | Self::Both)
    }
}

/// One end of an edge, seen from the other. Ordered by (kind, node, edge), as adjacency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Neighbour {
    /// The kind of the edge between.
    pub kind: EdgeKind,
    /// The node at the other end.
    pub node: Node,
    /// The edge between.
    pub edge: Edge,
}

/// One hop of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The kind of the edge.
    pub kind: EdgeKind,
    /// The edge that is walked.
    pub edge: Edge,
    /// The node that the hop leaves.
    pub from: Node,
    /// The node that the hop reaches.
    pub to: Node,
    /// [`Direction::Outgoing`] when walked from source to target, [`Direction::Incoming`] when
    /// walked against the edge; never [`Direction::Both`].
    pub direction: Direction,
}

impl Step {
    pub(super) const fn new(from: Node, neighbour: Neighbour, direction: Direction) -> Self {
        Self { kind: neighbour.kind, edge: neighbour.edge, from, to: neighbour.node, direction }
    }

    /// The same hop walked the other way.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { from: self.to, to: self.from, direction: self.direction.reversed(), ..self }
    }
}
