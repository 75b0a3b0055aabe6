//! Shortest and simple paths against plain searches.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use super::support::{DIRECTIONS, Sample, built, record, samples};
use crate::graph::{
    Direction, Edge, Ended, Everything, Node, PathLimits, Scratch, Step, all_simple_paths, shortest_path,
};

const UNLIMITED: PathLimits<'static> =
    PathLimits { paths: usize::MAX, hops: u32::MAX, expansions: u64::MAX, cancelled: None };

/// Every hop is an edge that is seen, walked as it says, from where the one before ended.
fn check_walk(sample: &Sample, from: Node, path: &[Step], direction: Direction) -> Node {
    let seen = sample.seen_records();
    let mut at = from;
    for step in path {
        assert_eq!(step.from, at);
        assert!(direction == Direction::Both || step.direction == direction);
        let along = if step.direction == Direction::Incoming { step.reversed() } else { *step };
        let edge = record(along.edge.0, along.kind.0, along.from.0, along.to.0);
        assert!(seen.contains(&edge), "{edge:?}");
        at = step.to;
    }
    at
}

fn check_shortest(sample: &Sample, from: &[Node], to: &[Node], scratch: &mut Scratch) {
    let (topology, filter) = (sample.topology(), sample.filter());
    for direction in DIRECTIONS {
        let naive = sample.naive_distances(from, direction);
        let hops = to.iter().filter_map(|to| naive.get(to.index()).copied().flatten());
        let expected = hops.min();
        let path = shortest_path(&topology, from, to, direction, &filter, scratch);
        let length = path.as_ref().map(|path| u32::try_from(path.len()).expect("short"));
        assert_eq!(length, expected, "{direction:?}");
        if let Some(first) = path.as_ref().and_then(|path| path.first()) {
            assert!(from.contains(&first.from));
            let end = check_walk(sample, first.from, path.as_ref().expect("some"), direction);
            assert!(to.contains(&end));
        }
        let again = shortest_path(&topology, from, to, direction, &filter, scratch);
        assert_eq!(again, path, "the same question has the same answer");
    }
}

/// All simple paths as lists of edges, by trying everything.
fn naive_paths(sample: &Sample, from: Node, to: Node, way: Direction, hops: u32) -> BTreeSet<Vec<Edge>> {
    let mut found = BTreeSet::new();
    if sample.sees_node(from) && sample.sees_node(to) {
        let mut search = Naive { seen: sample.seen_records(), way, to, found: &mut found };
        search.walk(from, &mut vec![from], &mut Vec::new(), hops);
    }
    found
}

struct Naive<'a> {
    seen: Vec<crate::graph::EdgeRecord>,
    way: Direction,
    to: Node,
    found: &'a mut BTreeSet<Vec<Edge>>,
}

impl Naive<'_> {
    fn walk(&mut self, at: Node, nodes: &mut Vec<Node>, edges: &mut Vec<Edge>, hops: u32) {
        if at == self.to {
            self.found.insert(edges.clone());
            return;
        }
        if hops == 0 {
            return;
        }
        for record in self.seen.clone() {
            for (near, far, way) in [
                (record.source, record.target, Direction::Outgoing),
                (record.target, record.source, Direction::Incoming),
            ] {
                let allowed = self.way == Direction::Both || self.way == way;
                if allowed && near == at && !nodes.contains(&far) {
                    nodes.push(far);
                    edges.push(record.edge);
                    self.walk(far, nodes, edges, hops - 1);
                    nodes.pop();
                    edges.pop();
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn shortest_paths_are_shortest(
        sample in samples(120, 260),
        from in prop::collection::vec(any::<u32>(), 0..3),
        to in prop::collection::vec(any::<u32>(), 0..3),
    ) {
        let pick = |picks: Vec<u32>| -> Vec<Node> {
            picks.into_iter().map(|pick| Node(pick % (sample.nodes + 1))).collect()
        };
        check_shortest(&sample, &pick(from), &pick(to), &mut Scratch::new());
    }

    #[test]
    fn simple_paths_are_all_there(sample in samples(9, 16), ends in any::<(u32, u32)>(), hops in 0_u32..6) {
        let (topology, filter) = (sample.topology(), sample.filter());
        let (from, to) = (Node(ends.0 % sample.nodes), Node(ends.1 % sample.nodes));
        for direction in DIRECTIONS {
            let expected = naive_paths(&sample, from, to, direction, hops);
            let limits = PathLimits { hops, ..UNLIMITED };
            let found = all_simple_paths(&topology, from, to, direction, &filter, limits);
            prop_assert_eq!(found.ended, Ended::Complete);
            for path in &found.paths {
                prop_assert_eq!(check_walk(&sample, from, path, direction), to);
            }
            let edges = found.paths.iter().map(|path| path.iter().map(|step| step.edge).collect());
            prop_assert_eq!(edges.collect::<BTreeSet<Vec<Edge>>>(), expected.clone());
            prop_assert_eq!(found.paths.len(), expected.len());
            let order = |path: &Vec<Step>| -> Vec<_> {
                let hop = |step: &Step| (step.direction, step.kind, step.to, step.edge);
                path.iter().map(hop).collect()
            };
            prop_assert!(found.paths.iter().map(order).is_sorted());
        }
    }
}

/// A ladder of diamonds: 2^n simple paths.
fn diamonds(count: u32) -> crate::graph::Topology {
    let hops = (0..count).flat_map(|at| {
        let first = at * 3;
        [(first, first + 1), (first, first + 2), (first + 1, first + 3), (first + 2, first + 3)]
    });
    let records = (0..).zip(hops).map(|(edge, (from, to))| record(edge, 0, from, to));
    built(count * 3 + 1, &records.collect::<Vec<_>>())
}

fn from_end_to_end(count: u32, limits: PathLimits<'_>) -> crate::graph::SimplePaths {
    let (topology, outgoing) = (diamonds(count), Direction::Outgoing);
    all_simple_paths(&topology, Node(0), Node(count * 3), outgoing, &Everything, limits)
}

#[test]
fn a_search_for_paths_gives_up_where_it_is_told() {
    let all = from_end_to_end(10, UNLIMITED);
    assert_eq!((all.paths.len(), all.ended), (1024, Ended::Complete));
    let some = from_end_to_end(40, PathLimits { paths: 7, ..UNLIMITED });
    assert_eq!((some.paths.len(), some.ended), (7, Ended::PathLimit));
    assert_eq!(some.paths[..], from_end_to_end(40, PathLimits { paths: 8, ..UNLIMITED }).paths[..7]);
    let spent = from_end_to_end(40, PathLimits { expansions: 5_000, ..UNLIMITED });
    assert_eq!((spent.expansions, spent.ended), (5_000, Ended::Budget));
    assert!(!spent.paths.is_empty());
    let stop = AtomicBool::new(true);
    let cancelled = from_end_to_end(40, PathLimits { cancelled: Some(&stop), ..UNLIMITED });
    assert_eq!(cancelled.ended, Ended::Cancelled);
    let short = from_end_to_end(10, PathLimits { hops: 19, ..UNLIMITED });
    assert_eq!((short.paths.len(), short.expansions, short.ended), (0, 0, Ended::Complete));
    let none = from_end_to_end(10, PathLimits { paths: 0, ..UNLIMITED });
    assert_eq!((none.paths.len(), none.ended), (0, Ended::PathLimit));
}

#[test]
fn from_a_node_to_itself_there_is_the_path_without_hops() {
    let topology = built(2, &[record(0, 0, 0, 0), record(1, 0, 0, 1), record(2, 0, 1, 0)]);
    let found = all_simple_paths(&topology, Node(0), Node(0), Direction::Both, &Everything, UNLIMITED);
    assert_eq!((found.paths, found.ended), (vec![Vec::new()], Ended::Complete));
    let mut scratch = Scratch::new();
    let ends = [Node(0)];
    let path = shortest_path(&topology, &ends, &ends, Direction::Both, &Everything, &mut scratch);
    assert_eq!(path, Some(Vec::new()));
}
