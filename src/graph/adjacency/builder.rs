//! A whole topology at once.

use super::Topology;
use super::chunk::{CHUNK_NODES, Chunk};
use super::table::Table;
use crate::graph::ids::{Edge, EdgeKind, Neighbour, Node};

/// An edge with everything that a topology knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EdgeRecord {
    /// The edge.
    pub edge: Edge,
    /// Its kind.
    pub kind: EdgeKind,
    /// Where it starts.
    pub source: Node,
    /// Where it ends.
    pub target: Node,
}

impl EdgeRecord {
    pub(super) const fn seen_from_source(self) -> Neighbour {
        Neighbour { kind: self.kind, node: self.target, edge: self.edge }
    }

    pub(super) const fn seen_from_target(self) -> Neighbour {
        Neighbour { kind: self.kind, node: self.source, edge: self.edge }
    }
}

/// Builds a [`Topology`] from many edges at once, far faster than one insertion after another.
#[derive(Clone, Debug)]
pub struct TopologyBuilder {
    nodes: u32,
    records: Vec<EdgeRecord>,
}

impl TopologyBuilder {
    /// A builder for the nodes `0..nodes`.
    #[must_use]
    pub fn new(nodes: u32) -> Self {
        Self { nodes, records: Vec::new() }
    }

    /// The same, with room for `edges` edges.
    #[must_use]
    pub fn with_capacity(nodes: u32, edges: usize) -> Self {
        Self { nodes, records: Vec::with_capacity(edges) }
    }

    /// Adds an edge. False, and nothing added, when an end is no node of the topology.
    pub fn add(&mut self, record: EdgeRecord) -> bool {
        let known = record.source.0 < self.nodes && record.target.0 < self.nodes;
        if known {
            self.records.push(record);
        }
        known
    }

    /// The topology. An edge that was added twice is in it once.
    ///
    /// O(nodes + edges · log(largest degree)): a counting sort by node, then each node's own sort.
    #[must_use]
    pub fn build(self) -> Topology {
        let nodes = self.nodes as usize;
        let outgoing = Lists::new(nodes, &self.records, |record| (record.source, record.seen_from_source()));
        let edges = outgoing.len();
        let outgoing = outgoing.into_table();
        let incoming = Lists::new(nodes, &self.records, |record| (record.target, record.seen_from_target()));
        Topology { nodes: self.nodes, edges, outgoing, incoming: incoming.into_table() }
    }
}

/// The neighbours of every node on one side, one sorted list after the other.
struct Lists {
    /// The list of node `n` is `bounds[n].0..bounds[n].1` of the neighbours.
    bounds: Vec<(usize, usize)>,
    neighbours: Vec<Neighbour>,
}

impl Lists {
    fn new(nodes: usize, records: &[EdgeRecord], seen: impl Fn(EdgeRecord) -> (Node, Neighbour)) -> Self {
        let mut bounds = bounds_of_counts(nodes, records.iter().map(|&record| seen(record).0));
        let mut neighbours = vec![Neighbour::NOWHERE; records.len()];
        for &record in records {
            let (node, neighbour) = seen(record);
            let end = &mut bounds[node.index()].1;
            neighbours[*end] = neighbour;
            *end += 1;
        }
        for (start, end) in &mut bounds {
            *end = *start + sort_without_duplicates(&mut neighbours[*start..*end]);
        }
        Self { bounds, neighbours }
    }

    fn len(&self) -> usize {
        self.bounds.iter().map(|(start, end)| end - start).sum()
    }

    fn into_table(self) -> Table {
        let neighbours = &self.neighbours;
        let chunks = self.bounds.chunks(CHUNK_NODES);
        Table::from_chunks(chunks.map(|bounds| {
            let lists = bounds.iter();
            Chunk::from_lists(lists.map(|&(start, end)| &neighbours[start..end]))
        }))
    }
}

/// Empty bounds for each node, with room behind each start for as often as the node occurs.
fn bounds_of_counts(nodes: usize, occurring: impl Iterator<Item = Node>) -> Vec<(usize, usize)> {
    let mut counts = vec![0_usize; nodes];
    for node in occurring {
        counts[node.index()] += 1;
    }
    let mut start = 0;
    let bounds = counts.into_iter().map(|count| {
        let bound = (start, start);
        start += count;
        bound
    });
    bounds.collect()
}

/// Sorts, moves repeated ones behind, and says how many are left in front.
fn sort_without_duplicates(list: &mut [Neighbour]) -> usize {
    list.sort_unstable();
    let mut kept = 0;
    for index in 0..list.len() {
        if index == 0 || list[index] != list[kept - 1] {
            list[kept] = list[index];
            kept += 1;
        }
    }
    kept
}

impl Neighbour {
    /// Fills a place until the real one is known.
    const NOWHERE: Self = Self { kind: EdgeKind(0), node: Node(0), edge: Edge(0) };
}
