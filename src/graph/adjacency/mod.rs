//! Who neighbours whom: copy-on-write, in chunks of 64 nodes, in both directions.

mod builder;
mod chunk;
mod hub;
mod neighbours;
mod run;
mod table;

pub use builder::{EdgeRecord, TopologyBuilder};
pub use neighbours::{Neighbours, Steps};

pub(super) use chunk::{CHUNK_NODES, Chunk};
pub(super) use neighbours::Runs;
pub(super) use run::RunSlice;
pub(super) use table::{Table, slot_of};

use std::ops::ControlFlow;

use super::ids::{Direction, Edge, EdgeKind, Neighbour, Node};

/// A directed multigraph of plain integers.
///
/// A clone costs two pointers and shares everything; a write copies what it touches (the root and
/// one page of the chunk table, one chunk of 64 nodes, on both sides) unless that is already this
/// topology's own. The clones never see it.
#[derive(Clone, Debug)]
pub struct Topology {
    nodes: u32,
    edges: usize,
    outgoing: Table,
    incoming: Table,
}

impl Default for Topology {
    fn default() -> Self {
        Self::new()
    }
}

impl Topology {
    /// A topology without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: 0, edges: 0, outgoing: Table::new(), incoming: Table::new() }
    }

    /// Appends a node.
    ///
    /// # Panics
    /// Beyond 2³² − 1 nodes, long after memory is exhausted.
    pub fn add_node(&mut self) -> Node {
        let node = Node(self.nodes);
        self.nodes = self.nodes.checked_add(1).expect("fewer than 2^32 nodes");
        self.outgoing.grow(self.nodes as usize);
        self.incoming.grow(self.nodes as usize);
        node
    }

    /// How many nodes there are; they are `0..node_count()`.
    #[must_use]
    pub const fn node_count(&self) -> usize {
        self.nodes as usize
    }

    /// How many edges there are now.
    #[must_use]
    pub const fn edge_count(&self) -> usize {
        self.edges
    }

    /// All nodes, ascending.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node> + use<> {
        (0..self.nodes).map(Node)
    }

    /// Adds an edge. False, and nothing changed, when it is already there or an end is no node.
    ///
    /// O(degree) within a chunk or a block of a hub, plus the copies the type speaks of.
    pub fn insert_edge(&mut self, edge: Edge, kind: EdgeKind, source: Node, target: Node) -> bool {
        let record = EdgeRecord { edge, kind, source, target };
        if source.0 >= self.nodes || target.0 >= self.nodes || self.contains(record) {
            return false;
        }
        self.outgoing.insert(source, record.seen_from_source());
        self.incoming.insert(target, record.seen_from_target());
        self.edges += 1;
        true
    }

    /// Takes an edge out. False, and nothing changed, when there is no such edge of this kind
    /// between these nodes. Costs what [`Topology::insert_edge`] costs.
    pub fn remove_edge(&mut self, edge: Edge, kind: EdgeKind, source: Node, target: Node) -> bool {
        let record = EdgeRecord { edge, kind, source, target };
        if !self.contains(record) {
            return false;
        }
        self.outgoing.remove(source, record.seen_from_source());
        self.incoming.remove(target, record.seen_from_target());
        self.edges -= 1;
        true
    }

    /// Whether exactly this edge is there; a binary search.
    #[must_use]
    pub fn contains(&self, record: EdgeRecord) -> bool {
        self.outgoing.contains(record.source, record.seen_from_source())
    }

    /// The neighbours of a node, each side sorted by (kind, node, edge). None for an unknown node.
    #[must_use]
    pub fn neighbours(&self, node: Node, direction: Direction) -> Neighbours<'_> {
        self.neighbours_by(direction, |table| table.runs(node))
    }

    /// The neighbours over edges of one kind, found by binary search.
    #[must_use]
    pub fn neighbours_of_kind(&self, node: Node, direction: Direction, kind: EdgeKind) -> Neighbours<'_> {
        self.neighbours_by(direction, |table| table.runs_of_kind(node, kind))
    }

    /// Calls `visit` with each neighbour on one side, perhaps over edges of one kind only, in the order of
    /// [`Topology::neighbours`], until it breaks. Quicker than the iterators where most nodes have few neighbours.
    #[inline]
    pub fn visit_neighbours<B>(
        &self,
        node: Node,
        side: Direction,
        kind: Option<EdgeKind>,
        mut visit: impl FnMut(Neighbour) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Some(chunk) = self.side(side).chunk(node) else {
            return ControlFlow::Continue(());
        };
        if let Some(run) = chunk.only_run(slot_of(node), kind) {
            return run.visit(&mut visit);
        }
        let runs = match kind {
            Some(kind) => chunk.runs_of_kind(slot_of(node), kind),
            None => chunk.runs(slot_of(node)),
        };
        for run in runs {
            run.visit(&mut visit)?;
        }
        ControlFlow::Continue(())
    }

    /// The hops that lead from a node, in the order of [`Topology::neighbours`].
    #[must_use]
    pub fn steps(&self, node: Node, direction: Direction) -> Steps<'_> {
        Steps::new(node, self.neighbours(node, direction))
    }

    fn neighbours_by<'a>(&'a self, direction: Direction, runs: impl Fn(&'a Table) -> Runs<'a>) -> Neighbours<'a> {
        let side = |table, used| if used { runs(table) } else { Runs::empty() };
        Neighbours::new(
            side(&self.outgoing, direction.uses_outgoing()),
            side(&self.incoming, direction.uses_incoming()),
        )
    }

    /// How many neighbours [`Topology::neighbours`] gives.
    #[must_use]
    pub fn degree(&self, node: Node, direction: Direction) -> usize {
        let sides = direction.sides().iter();
        sides.map(|&side| self.side(side).degree(node)).sum()
    }

    /// All edges, by source.
    pub fn edges(&self) -> impl Iterator<Item = EdgeRecord> + '_ {
        self.nodes().flat_map(|source| {
            let neighbours = self.neighbours(source, Direction::Outgoing);
            neighbours.map(move |neighbour| EdgeRecord {
                edge: neighbour.edge,
                kind: neighbour.kind,
                source,
                target: neighbour.node,
            })
        })
    }

    /// An estimate of the bytes held, shared ones included, by walking all chunks.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>() + self.outgoing.memory_bytes() + self.incoming.memory_bytes()
    }

    /// The table of a simple direction; of `Both`, the outgoing one.
    pub(super) fn side(&self, direction: Direction) -> &Table {
        match direction {
            Direction::Outgoing | Direction::Both => &self.outgoing,
            Direction::Incoming => &self.incoming,
        }
    }
}
