//! Random multigraphs, with hubs, in the forms that are compared.

use std::collections::VecDeque;

use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use proptest::prelude::*;

use crate::graph::{BitSet, Direction, Edge, EdgeKind, EdgeRecord, KindSet, Masked, Node, Topology, TopologyBuilder};

pub(super) const KINDS: u16 = 5;
pub(super) const DIRECTIONS: [Direction; 3] = [Direction::Outgoing, Direction::Incoming, Direction::Both];

pub(super) fn record(edge: u32, kind: u16, source: u32, target: u32) -> EdgeRecord {
    EdgeRecord { edge: Edge(edge), kind: EdgeKind(kind), source: Node(source), target: Node(target) }
}

/// A graph and what a filter shows of it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) nodes: u32,
    pub(super) records: Vec<EdgeRecord>,
    pub(super) seen_nodes: Option<BitSet>,
    pub(super) seen_edges: Option<BitSet>,
    pub(super) seen_kinds: Option<KindSet>,
}

impl Sample {
    /// The graph as a topology that was half built at once and half edited, as a revision is.
    pub(super) fn topology(&self) -> Topology {
        let (first, second) = self.records.split_at(self.records.len() / 2);
        let mut topology = built(self.nodes, first).clone();
        for edge in second.iter().chain(first) {
            topology.insert_edge(edge.edge, edge.kind, edge.source, edge.target);
        }
        for edge in first.iter().step_by(3) {
            assert!(topology.remove_edge(edge.edge, edge.kind, edge.source, edge.target));
            assert!(topology.insert_edge(edge.edge, edge.kind, edge.source, edge.target));
        }
        topology
    }

    pub(super) fn filter(&self) -> Masked<'_> {
        Masked { nodes: self.seen_nodes.as_ref(), edges: self.seen_edges.as_ref(), kinds: self.seen_kinds.as_ref() }
    }

    pub(super) fn sees_node(&self, node: Node) -> bool {
        let seen = self.seen_nodes.as_ref();
        node.0 < self.nodes && seen.is_none_or(|nodes| nodes.contains(node.0))
    }

    /// The edges that the filter shows, one by one.
    pub(super) fn seen_records(&self) -> Vec<EdgeRecord> {
        let (edges, kinds) = (self.seen_edges.as_ref(), self.seen_kinds.as_ref());
        let seen = self.records.iter().filter(|record| {
            edges.is_none_or(|edges| edges.contains(record.edge.0))
                && kinds.is_none_or(|kinds| kinds.contains(record.kind))
                && self.sees_node(record.source)
                && self.sees_node(record.target)
        });
        seen.copied().collect()
    }

    /// The same graph in petgraph, without what is hidden; node indices stay.
    pub(super) fn stable(&self) -> StableDiGraph<(), EdgeRecord> {
        let mut graph = StableDiGraph::new();
        for _ in 0..self.nodes {
            graph.add_node(());
        }
        for record in self.seen_records() {
            graph.add_edge(index(record.source), index(record.target), record);
        }
        for node in (0..self.nodes).map(Node) {
            if !self.sees_node(node) {
                graph.remove_node(index(node));
            }
        }
        graph
    }

    /// Distances by a plain breadth-first search over a list of edges.
    pub(super) fn naive_distances(&self, starts: &[Node], direction: Direction) -> Vec<Option<u32>> {
        let hops = hops(&self.seen_records(), direction);
        let mut from = vec![Vec::new(); self.nodes as usize];
        for (source, target) in hops {
            from[source.index()].push(target);
        }
        let mut distances = vec![None; self.nodes as usize];
        let mut queue = VecDeque::new();
        for &start in starts.iter().filter(|&&start| self.sees_node(start)) {
            distances[start.index()] = Some(0);
            queue.push_back(start);
        }
        while let Some(node) = queue.pop_front() {
            for &next in &from[node.index()] {
                if distances[next.index()].is_none() {
                    distances[next.index()] = distances[node.index()].map(|hops| hops + 1);
                    queue.push_back(next);
                }
            }
        }
        distances
    }
}

/// The pairs of nodes that a hop joins.
fn hops(records: &[EdgeRecord], direction: Direction) -> Vec<(Node, Node)> {
    let mut hops = Vec::new();
    for record in records {
        if direction != Direction::Incoming {
            hops.push((record.source, record.target));
        }
        if direction != Direction::Outgoing {
            hops.push((record.target, record.source));
        }
    }
    hops
}

pub(super) fn index(node: Node) -> NodeIndex {
    NodeIndex::new(node.index())
}

pub(super) fn built(nodes: u32, records: &[EdgeRecord]) -> Topology {
    let mut builder = TopologyBuilder::new(nodes);
    for &record in records {
        assert!(builder.add(record));
    }
    builder.build()
}

/// A graph with up to `nodes` nodes and `edges` edges, some of them crowded at a few nodes, and a
/// filter that hides some or nothing.
pub(super) fn samples(nodes: u32, edges: usize) -> impl Strategy<Value = Sample> {
    (1..=nodes, 0..=edges, 1_u32..=4).prop_flat_map(|(nodes, edges, crowd)| {
        let end = prop_oneof![3 => 0..nodes, 1 => 0..crowd.min(nodes)];
        let ends = prop::collection::vec((0..KINDS, end.clone(), end), edges);
        let hidden_nodes = prop::option::of(prop::collection::vec(0..nodes, 0..=nodes as usize / 4));
        let hidden_edges = prop::collection::vec(0..=edges, 0..=edges / 8);
        let kinds = prop::collection::vec(0..KINDS, 1..=usize::from(KINDS));
        let sets = (hidden_nodes, prop::option::of(hidden_edges), prop::option::of(kinds));
        (Just(nodes), ends, sets).prop_map(|(nodes, ends, sets)| sample(nodes, ends, sets))
    })
}

type Hidden = (Option<Vec<u32>>, Option<Vec<usize>>, Option<Vec<u16>>);

fn sample(nodes: u32, ends: Vec<(u16, u32, u32)>, hidden: Hidden) -> Sample {
    let (hidden_nodes, hidden_edges, kinds) = hidden;
    let count = ends.len();
    let records = (0..).zip(ends);
    let records = records.map(|(edge, (kind, source, target))| record(edge, kind, source, target));
    let without = |count: usize, hidden: Vec<u32>| {
        let mut set = BitSet::full(count);
        for value in hidden {
            set.remove(value);
        }
        set
    };
    let small = |value: usize| u32::try_from(value).expect("few edges");
    Sample {
        nodes,
        records: records.collect(),
        seen_nodes: hidden_nodes.map(|hidden| without(nodes as usize, hidden)),
        seen_edges: hidden_edges.map(|hidden| without(count, hidden.into_iter().map(small).collect())),
        seen_kinds: kinds.map(|kinds| kinds.into_iter().map(EdgeKind).collect()),
    }
}
