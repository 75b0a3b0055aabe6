//! petgraph's algorithms on a filtered topology against the same on petgraph's own graph.

use std::collections::BTreeSet;
use std::collections::hash_map::RandomState;

use petgraph::algo;
use petgraph::algo::dominators::simple_fast;
use petgraph::visit::{
    Bfs, Dfs, EdgeCount, EdgeRef, IntoEdgeReferences, IntoEdges, IntoEdgesDirected, IntoNodeIdentifiers,
    IntoNodeReferences, NodeCount, NodeIndexable, Reversed, Visitable,
};
use proptest::prelude::*;

use super::support::{Sample, index, samples};
use crate::graph::{Condensation, Direction, EdgeRecord, Everything, FilteredGraph, Masked, Node, reach};

fn node(index: petgraph::stable_graph::NodeIndex) -> Node {
    Node::at(index.index())
}

fn sets<T: Ord>(groups: impl IntoIterator<Item = Vec<T>>) -> BTreeSet<BTreeSet<T>> {
    groups.into_iter().map(|group| group.into_iter().collect()).collect()
}

fn check_lists(sample: &Sample, graph: FilteredGraph<'_, Masked<'_>>) {
    let mut expected = sample.seen_records();
    expected.sort_by_key(|record| record.edge);
    let to_record = |edge: crate::graph::FilteredEdge| EdgeRecord {
        edge: edge.id(),
        kind: *edge.weight(),
        source: edge.source(),
        target: edge.target(),
    };
    let sorted = |mut records: Vec<EdgeRecord>| {
        records.sort_by_key(|record| record.edge);
        records
    };
    assert_eq!(sorted(graph.edge_references().map(to_record).collect()), expected);
    assert_eq!(graph.edge_count(), expected.len());
    let nodes: Vec<Node> = graph.node_identifiers().collect();
    let seen: Vec<Node> = (0..sample.nodes).map(Node).filter(|&node| sample.sees_node(node)).collect();
    assert_eq!(nodes, seen);
    assert_eq!(graph.node_count(), seen.len());
    assert!(graph.node_references().map(|(node, ())| node).eq(seen));
    assert_eq!(graph.node_bound(), sample.nodes as usize);
    let all = (0..sample.nodes).map(Node);
    let outgoing = all.clone().flat_map(|node| graph.edges(node)).map(to_record);
    assert_eq!(sorted(outgoing.collect()), expected);
    let incoming = all.flat_map(|node| graph.edges_directed(node, petgraph::Incoming));
    assert_eq!(sorted(incoming.map(to_record).collect()), expected);
}

fn check_searches(sample: &Sample, graph: FilteredGraph<'_, Masked<'_>>, start: Node) {
    let stable = sample.stable();
    let topology = graph.topology;
    let expected: BTreeSet<Node> = Bfs::new(&stable, index(start)).iter_all(&stable);
    let mut found = BTreeSet::new();
    let mut bfs = Bfs::new(graph, start);
    while let Some(node) = bfs.next(graph) {
        found.insert(node);
    }
    assert_eq!(found, expected);
    let mut found = BTreeSet::new();
    let mut dfs = Dfs::new(graph, start);
    while let Some(node) = dfs.next(graph) {
        found.insert(node);
    }
    assert_eq!(found, expected);
    let ours = reach(topology, &[start], Direction::Outgoing, graph.filter);
    assert!(ours.bits.nodes().eq(expected));
    let mut back = Bfs::new(Reversed(graph), start);
    let mut found = BTreeSet::new();
    while let Some(node) = back.next(Reversed(graph)) {
        found.insert(node);
    }
    let ours = reach(topology, &[start], Direction::Incoming, graph.filter);
    assert!(ours.bits.nodes().eq(found));
    let dominators = simple_fast(graph, start);
    let peers = simple_fast(&stable, index(start));
    for other in (0..sample.nodes).map(Node) {
        let expected = peers.immediate_dominator(index(other)).map(node);
        assert_eq!(dominators.immediate_dominator(other), expected);
    }
}

/// Everything that a search visits.
trait IterAll {
    fn iter_all(self, graph: &petgraph::stable_graph::StableDiGraph<(), EdgeRecord>) -> BTreeSet<Node>;
}

impl<M: petgraph::visit::VisitMap<petgraph::stable_graph::NodeIndex>> IterAll
    for Bfs<petgraph::stable_graph::NodeIndex, M>
{
    fn iter_all(mut self, graph: &petgraph::stable_graph::StableDiGraph<(), EdgeRecord>) -> BTreeSet<Node> {
        let mut found = BTreeSet::new();
        while let Some(next) = self.next(graph) {
            found.insert(node(next));
        }
        found
    }
}

fn check_components(sample: &Sample, graph: FilteredGraph<'_, Masked<'_>>) {
    let stable = sample.stable();
    let named = |groups: Vec<Vec<petgraph::stable_graph::NodeIndex>>| {
        sets(groups.into_iter().map(|group| group.into_iter().map(node).collect()))
    };
    let expected = named(algo::tarjan_scc(&stable));
    assert_eq!(sets(algo::tarjan_scc(graph)), expected);
    assert_eq!(sets(algo::kosaraju_scc(graph)), expected);
    let condensation = Condensation::build(graph.topology, graph.filter);
    let all = 0..u32::try_from(condensation.count()).expect("few");
    assert_eq!(sets(all.clone().map(|one| condensation.members(one).collect())), expected);
    let mut between = BTreeSet::new();
    for record in sample.seen_records() {
        let ends = [record.source, record.target].map(|node| condensation.component(node));
        let [from, to] = ends.map(|component| component.expect("a seen node is in one"));
        if from != to {
            assert!(from > to, "numbered against the edges");
            between.insert((from, to));
        }
    }
    let listed = all.clone().flat_map(|from| condensation.successors(from).iter().map(move |&to| (from, to)));
    let listed: Vec<_> = listed.collect();
    assert_eq!(listed.len(), between.len(), "each once");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), between);
    let back = all.flat_map(|to| condensation.predecessors(to).iter().map(move |&from| (from, to)));
    assert_eq!(back.collect::<BTreeSet<_>>(), between);
    let cyclic = algo::is_cyclic_directed(&stable);
    assert_eq!(algo::is_cyclic_directed(graph), cyclic);
    match algo::toposort(graph, None) {
        Ok(order) => {
            assert!(!cyclic);
            let place = |node| order.iter().position(|&other| other == node);
            assert_eq!(order.len(), graph.node_count());
            let records = sample.seen_records();
            assert!(records.iter().all(|edge| place(edge.source) < place(edge.target)));
        }
        Err(_) => assert!(cyclic),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn algorithms_of_petgraph_run(sample in samples(60, 120), pick in any::<u32>()) {
        let (topology, filter) = (sample.topology(), sample.filter());
        let graph = FilteredGraph::new(&topology, &filter);
        check_lists(&sample, graph);
        check_components(&sample, graph);
        let start = Node(pick % sample.nodes);
        if sample.sees_node(start) {
            check_searches(&sample, graph, start);
        }
    }

    #[test]
    fn simple_paths_of_petgraph_run(sample in samples(8, 14), ends in any::<(u32, u32)>()) {
        let (topology, filter) = (sample.topology(), sample.filter());
        let graph = FilteredGraph::new(&topology, &filter);
        let (from, to) = (Node(ends.0 % sample.nodes), Node(ends.1 % sample.nodes));
        if from != to && sample.sees_node(from) && sample.sees_node(to) {
            let stable = sample.stable();
            let found = algo::all_simple_paths::<Vec<_>, _, RandomState>(graph, from, to, 0, None);
            let peers = algo::all_simple_paths::<Vec<_>, _, RandomState>(
                &stable, index(from), index(to), 0, None,
            );
            let peers = peers.map(|path: Vec<_>| path.into_iter().map(node).collect::<Vec<_>>());
            prop_assert_eq!(found.collect::<BTreeSet<_>>(), peers.collect::<BTreeSet<_>>());
        }
    }
}

#[test]
fn what_asks_for_compact_indices_runs_unfiltered() {
    let records = [(0, 1), (1, 2), (2, 0), (3, 4)];
    let records = (0..).zip(records).map(|(edge, (from, to))| super::support::record(edge, 0, from, to));
    let topology = super::support::built(5, &records.collect::<Vec<_>>());
    let graph = FilteredGraph::new(&topology, &Everything);
    assert_eq!(algo::connected_components(graph), 2);
    assert!(algo::is_isomorphic(&graph, &graph));
    let mut map = graph.visit_map();
    assert!(petgraph::visit::VisitMap::visit(&mut map, Node(3)));
    assert!(!petgraph::visit::VisitMap::visit(&mut map, Node(3)));
    assert!(petgraph::visit::VisitMap::unvisit(&mut map, Node(3)));
    graph.reset_map(&mut map);
    assert!(!petgraph::visit::VisitMap::is_visited(&map, &Node(3)));
}
