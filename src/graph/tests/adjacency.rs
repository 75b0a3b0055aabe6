//! The copy-on-write topology against a plain list of edges.

use proptest::prelude::*;

use super::support::{DIRECTIONS, KINDS, built, record, samples};
use crate::graph::{Direction, EdgeKind, EdgeRecord, Neighbour, Node, Topology};

/// A topology and the list that it should equal.
#[derive(Clone, Default)]
struct Pair {
    topology: Topology,
    nodes: u32,
    records: Vec<EdgeRecord>,
    next_edge: u32,
}

impl Pair {
    fn add_nodes(&mut self, count: u32) {
        for _ in 0..count {
            assert_eq!(self.topology.add_node(), Node(self.nodes));
            self.nodes += 1;
        }
    }

    fn insert(&mut self, kind: u16, source: u32, target: u32) {
        let new = record(self.next_edge, kind, source % self.nodes, target % self.nodes);
        self.next_edge += 1;
        assert!(insert(&mut self.topology, new));
        assert!(!insert(&mut self.topology, new), "an edge is there once");
        self.records.push(new);
    }

    fn remove(&mut self, which: usize) {
        if self.records.is_empty() {
            return;
        }
        let old = self.records.swap_remove(which % self.records.len());
        assert!(remove(&mut self.topology, old));
        assert!(!remove(&mut self.topology, old), "an edge goes once");
    }

    fn check(&self) {
        check_topology(&self.topology, self.nodes, &self.records);
    }
}

fn insert(topology: &mut Topology, edge: EdgeRecord) -> bool {
    topology.insert_edge(edge.edge, edge.kind, edge.source, edge.target)
}

fn remove(topology: &mut Topology, edge: EdgeRecord) -> bool {
    topology.remove_edge(edge.edge, edge.kind, edge.source, edge.target)
}

fn naive_neighbours(records: &[EdgeRecord], node: Node, direction: Direction) -> Vec<Neighbour> {
    let mut found = Vec::new();
    for &side in direction.sides() {
        let ends = records.iter().map(|record| match side {
            Direction::Incoming => (record.target, record.source, record),
            _ => (record.source, record.target, record),
        });
        let mine = ends.filter(|(near, _, _)| *near == node);
        let mut sorted: Vec<Neighbour> =
            mine.map(|(_, far, record)| Neighbour { kind: record.kind, node: far, edge: record.edge }).collect();
        sorted.sort();
        found.extend(sorted);
    }
    found
}

fn check_topology(topology: &Topology, nodes: u32, records: &[EdgeRecord]) {
    assert_eq!(topology.node_count(), nodes as usize);
    assert_eq!(topology.edge_count(), records.len());
    for node in (0..=nodes).map(Node) {
        for direction in DIRECTIONS {
            let expected = naive_neighbours(records, node, direction);
            let actual: Vec<_> = topology.neighbours(node, direction).collect();
            assert_eq!(actual, expected, "{node:?} {direction:?}");
            assert_eq!(topology.degree(node, direction), expected.len());
            let steps: Vec<_> = topology.steps(node, direction).map(|step| step.edge).collect();
            assert!(steps.iter().eq(expected.iter().map(|neighbour| &neighbour.edge)));
            for kind in (0..=KINDS).map(EdgeKind) {
                let of_kind = topology.neighbours_of_kind(node, direction, kind);
                let expected = expected.iter().copied().filter(|found| found.kind == kind);
                assert!(of_kind.eq(expected), "{node:?} {direction:?} {kind:?}");
            }
        }
    }
    let mut all: Vec<_> = topology.edges().map(|record| record.edge).collect();
    let mut expected: Vec<_> = records.iter().map(|record| record.edge).collect();
    all.sort();
    expected.sort();
    assert_eq!(all, expected);
}

#[derive(Clone, Debug)]
enum Change {
    AddNodes(u32),
    Insert(u16, u32, u32),
    Remove(usize),
    /// Many edges at one node, enough to make it a hub, outgoing or incoming.
    Crowd(u32, usize, bool),
    /// Many edges away, enough to end a hub.
    Thin(usize),
    Keep,
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => (1_u32..90).prop_map(Change::AddNodes),
        8 => (0..KINDS, any::<u32>(), any::<u32>())
            .prop_map(|(kind, source, target)| Change::Insert(kind, source, target)),
        6 => any::<usize>().prop_map(Change::Remove),
        1 => (0_u32..3, 300_usize..900, any::<bool>())
            .prop_map(|(node, count, outgoing)| Change::Crowd(node, count, outgoing)),
        1 => (300_usize..900).prop_map(Change::Thin),
        3 => Just(Change::Keep),
    ]
}

fn apply(pair: &mut Pair, change: &Change) {
    match *change {
        Change::AddNodes(count) => pair.add_nodes(count),
        Change::Insert(kind, source, target) => pair.insert(kind, source, target),
        Change::Remove(which) => pair.remove(which),
        Change::Crowd(node, count, outgoing) => {
            for index in 0..u32::try_from(count).expect("few") {
                let kind = u16::try_from(index % u32::from(KINDS)).expect("few");
                let other = index.wrapping_mul(7919);
                let (source, target) = if outgoing { (node, other) } else { (other, node) };
                pair.insert(kind, source, target);
            }
        }
        Change::Thin(count) => (0..count).for_each(|index| pair.remove(index * 31)),
        Change::Keep => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn edits_equal_a_list_and_old_clones_stay(changes in prop::collection::vec(changes(), 1..40)) {
        let mut pair = Pair::default();
        pair.add_nodes(1);
        let mut kept = vec![pair.clone()];
        for change in &changes {
            apply(&mut pair, change);
            if matches!(change, Change::Keep) {
                kept.push(pair.clone());
            }
        }
        pair.check();
        kept.iter().for_each(Pair::check);
    }

    #[test]
    fn the_builder_equals_insertions(sample in samples(150, 1800)) {
        let built = built(sample.nodes, &sample.records);
        check_topology(&built, sample.nodes, &sample.records);
        let mut grown = Topology::new();
        for _ in 0..sample.nodes {
            grown.add_node();
        }
        for &edge in &sample.records {
            insert(&mut grown, edge);
        }
        check_topology(&grown, sample.nodes, &sample.records);
    }
}

#[test]
fn a_node_becomes_a_hub_and_stops_being_one() {
    let mut pair = Pair::default();
    pair.add_nodes(130);
    for index in 0..2_000 {
        pair.insert(0, 70, index);
        pair.insert(1, index, 70);
    }
    pair.check();
    let as_hub = pair.clone();
    while pair.records.len() > 3 {
        pair.remove(pair.records.len() / 2);
        if pair.records.len() % 500 == 3 {
            pair.check();
        }
    }
    pair.check();
    as_hub.check();
}

#[test]
fn nodes_on_many_pages_keep_their_places() {
    let nodes = 20_000;
    let ring: Vec<_> = (0..nodes).map(|node| record(node, 0, node, (node + 1) % nodes)).collect();
    let topology = built(nodes, &ring);
    for node in 0..nodes {
        let next: Vec<_> = topology.neighbours(Node(node), Direction::Outgoing).collect();
        assert_eq!(next.len(), 1);
        assert_eq!(next[0].node, Node((node + 1) % nodes));
    }
}

#[test]
fn an_edge_without_its_ends_is_refused() {
    let mut topology = built(2, &[]);
    assert!(!insert(&mut topology, record(0, 0, 0, 2)));
    assert!(!insert(&mut topology, record(0, 0, 2, 0)));
    assert!(!remove(&mut topology, record(0, 0, 0, u32::MAX)));
    assert_eq!(topology.edge_count(), 0);
    assert_eq!(topology.neighbours(Node(u32::MAX), Direction::Both).count(), 0);
    let mut builder = crate::graph::TopologyBuilder::new(2);
    assert!(!builder.add(record(0, 0, 0, 2)));
    assert!(builder.add(record(0, 0, 0, 1)) && builder.add(record(0, 0, 0, 1)));
    assert_eq!(builder.build().edge_count(), 1, "an edge added twice is there once");
}

#[test]
fn memory_is_at_least_what_the_edges_need() {
    let records: Vec<_> = (0..10_000).map(|edge| record(edge, 0, edge % 100, edge % 97)).collect();
    let bytes = built(100, &records).memory_bytes();
    assert!(bytes >= 10_000 * 2 * 10, "both sides, ten bytes an edge: {bytes}");
}
