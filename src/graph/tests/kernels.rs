//! Reach, distances and trees against a plain search over a list of edges.

use proptest::prelude::*;

use super::support::{DIRECTIONS, Sample, built, record, samples};
use crate::graph::{
    BitSet, Condensation, Direction, Everything, Filter, Masked, Node, Scratch, Step, bfs_tree, distances, reach,
    reach_within,
};

fn starts_of(sample: &Sample, picks: &[u32]) -> Vec<Node> {
    // One start beyond the end: it is to be ignored.
    picks.iter().map(|pick| Node(pick % (sample.nodes + 1))).collect()
}

fn check_reach(sample: &Sample, starts: &[Node]) {
    let (topology, filter) = (sample.topology(), sample.filter());
    let condensation = Condensation::build(&topology, &filter);
    for direction in DIRECTIONS {
        let naive = sample.naive_distances(starts, direction);
        let expected: BitSet = (0..sample.nodes).filter(|&node| naive[node as usize].is_some()).collect();
        let reached = reach(&topology, starts, direction, &filter);
        assert_eq!(reached.bits, expected, "{direction:?}");
        assert_eq!(reached.count, expected.count());
        assert_eq!(condensation.reach(starts, direction), reached, "{direction:?}");
        let all = distances(&topology, starts, direction, u32::MAX, &filter);
        for node in (0..sample.nodes).map(Node) {
            assert_eq!(all.get(node), naive[node.index()], "{node:?} {direction:?}");
        }
    }
}

/// The smallest last hop among the shortest ways, by looking at every edge.
fn naive_parent(sample: &Sample, naive: &[Option<u32>], node: Node, way: Direction) -> Option<Step> {
    let before = naive[node.index()]?.checked_sub(1)?;
    let mut hops = Vec::new();
    for record in sample.seen_records() {
        let along = Step {
            kind: record.kind,
            edge: record.edge,
            from: record.source,
            to: record.target,
            direction: Direction::Outgoing,
        };
        hops.extend((way != Direction::Incoming).then_some(along));
        hops.extend((way != Direction::Outgoing).then_some(along.reversed()));
    }
    let last = hops.into_iter().filter(|hop| hop.to == node && naive[hop.from.index()] == Some(before));
    last.min_by_key(|hop| (hop.kind, hop.from, hop.edge))
}

fn check_tree(sample: &Sample, starts: &[Node], depth: u32) {
    let (topology, filter) = (sample.topology(), sample.filter());
    for direction in DIRECTIONS {
        let naive = sample.naive_distances(starts, direction);
        let tree = bfs_tree(&topology, starts, direction, depth, &filter);
        let near = distances(&topology, starts, direction, depth, &filter);
        for node in (0..sample.nodes).map(Node) {
            let expected = naive[node.index()].filter(|&hops| hops <= depth);
            assert_eq!(tree.distance(node), expected, "{node:?} {direction:?}");
            assert_eq!(near.get(node), expected);
            let parent = expected.and_then(|_| naive_parent(sample, &naive, node, direction));
            assert_eq!(tree.came_by(node), parent, "{node:?} {direction:?}");
            let path = tree.path_to(node);
            let hops = path.as_ref().map(Vec::len);
            assert_eq!(hops, expected.map(|hops| hops as usize));
            let mut at = path.iter().flatten().next().map_or(node, |step| step.from);
            for step in path.iter().flatten() {
                assert_eq!(step.from, at);
                at = step.to;
            }
            assert_eq!(at, node);
        }
        let order: Vec<_> = tree.nodes().filter_map(|node| tree.distance(node)).collect();
        assert!(order.is_sorted());
    }
}

fn check_within(sample: &Sample, start: Node, depth: usize, scratch: &mut Scratch) {
    let (topology, filter) = (sample.topology(), sample.filter());
    for direction in DIRECTIONS {
        let naive = sample.naive_distances(&[start], direction);
        let nearby = reach_within(&topology, start, direction, depth, &filter, scratch);
        let mut total = 0;
        for distance in 0..=depth + 1 {
            let at = |node: &u32| {
                let hops = naive[*node as usize].map(|hops| hops as usize);
                hops == Some(distance) && distance <= depth
            };
            let expected: Vec<_> = (0..sample.nodes).filter(at).map(Node).collect();
            let mut actual = nearby.at_distance(distance).to_vec();
            actual.sort();
            assert_eq!(actual, expected, "{distance} {direction:?}");
            total += expected.len();
        }
        assert_eq!(nearby.nodes().len(), total);
        let reached = naive.iter().flatten().map(|&hops| hops as usize);
        assert_eq!(nearby.farthest(), reached.filter(|&hops| hops <= depth).max());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn reach_equals_a_plain_search(
        sample in samples(200, 700),
        picks in prop::collection::vec(any::<u32>(), 0..4),
    ) {
        check_reach(&sample, &starts_of(&sample, &picks));
    }

    #[test]
    fn trees_equal_a_plain_search(
        sample in samples(60, 160),
        picks in prop::collection::vec(any::<u32>(), 0..3),
        depth in prop_oneof![0_u32..5, Just(u32::MAX)],
    ) {
        check_tree(&sample, &starts_of(&sample, &picks), depth);
    }

    #[test]
    fn bounded_reach_equals_a_plain_search(
        sample in samples(100, 250),
        picks in prop::collection::vec(any::<u32>(), 1..4),
        depth in 0_usize..6,
    ) {
        let mut scratch = Scratch::new();
        for start in starts_of(&sample, &picks) {
            check_within(&sample, start, depth, &mut scratch);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn reach_over_hubs_equals_a_plain_search(
        sample in samples(1_500, 12_000),
        picks in prop::collection::vec(any::<u32>(), 1..3),
    ) {
        check_reach(&sample, &starts_of(&sample, &picks));
    }
}

/// Sparse and large, so that reach goes from pushing to pulling and back.
#[test]
fn reach_on_graphs_of_every_thickness_equals_a_plain_search() {
    for (nodes, per_node) in [(5_000, 1), (5_000, 2), (10_000, 3), (5_000, 8)] {
        let mut random = 1_u64;
        let mut next = |bound: u32| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::try_from((random >> 33) % u64::from(bound)).expect("below the bound")
        };
        let records = (0..nodes * per_node).map(|edge| record(edge, 0, next(nodes), next(nodes)));
        let records = records.collect();
        let sample = Sample { nodes, records, seen_nodes: None, seen_edges: None, seen_kinds: None };
        for start in [0, 1] {
            check_reach(&sample, &[Node(start)]);
        }
    }
}

/// Levels of 256 nodes, each joined only to the next: wide at every step, yet never worth pulling.
#[test]
fn reach_follows_a_thick_chain_to_its_end() {
    let (levels, width) = (100, 256);
    let joined = |from: u32| (0..3).map(move |twist| (from, from + width + twist * 7 % width));
    let hops = (0..(levels - 1) * width).flat_map(joined);
    let known = hops.filter(|&(_, to)| to < levels * width);
    let records: Vec<_> = (0..)
        .zip(known)
        // Backwards, so that no single pass in the order of the nodes runs along the chain.
        .map(|(edge, (from, to))| record(edge, 0, levels * width - 1 - from, levels * width - 1 - to))
        .collect();
    let nodes = levels * width;
    let topology = built(nodes, &records);
    let starts: Vec<_> = (nodes - width..nodes).map(Node).collect();
    let reached = reach(&topology, &starts, Direction::Outgoing, &Everything);
    assert_eq!(reached.count, nodes as usize);
    let back = reach(&topology, &[Node(nodes - 1)], Direction::Incoming, &Everything);
    assert_eq!(back.count, 1);
}

/// Many nodes wait at once, so that reach pulls; one of those still open is a hub, among others that
/// have a neighbour but are never reached.
#[test]
fn a_hub_is_reached_by_pulling_and_leads_on() {
    let width = 600;
    let (hub, behind) = (1_280, 1_340);
    let fan = (1..=width).flat_map(|node| [(0, node), (node, node + width), (node, hub)]);
    let alone = (hub + 1..behind).map(|node| (node, node));
    let hops = fan.chain(alone).chain([(hub, behind)]);
    let records = (0..).zip(hops);
    let sample = Sample {
        nodes: 5_000,
        records: records.map(|(edge, (from, to))| record(edge, 0, from, to)).collect(),
        seen_nodes: None,
        seen_edges: None,
        seen_kinds: None,
    };
    check_reach(&sample, &[Node(0)]);
}

#[test]
fn a_long_chain_neither_overflows_nor_stops() {
    let nodes = 200_000;
    let chain: Vec<_> = (1..nodes).map(|node| record(node, 0, node - 1, node)).collect();
    let topology = built(nodes, &chain);
    let reached = reach(&topology, &[Node(5)], Direction::Outgoing, &Everything);
    assert_eq!(reached.count, nodes as usize - 5);
    let condensation = Condensation::build(&topology, &Everything);
    assert_eq!(condensation.count(), nodes as usize);
    assert_eq!(condensation.reach(&[Node(5)], Direction::Outgoing), reached);
}

/// Marks are numbered with a byte, so that the numbers come round again; every search here touches
/// nodes that carry the number from the round before.
#[test]
fn marks_of_earlier_searches_are_forgotten() {
    let pairs = 255;
    let records: Vec<_> = (0..pairs).map(|at| record(at, 0, at, at + pairs)).collect();
    let topology = built(2 * pairs, &records);
    let (outgoing, mut scratch) = (Direction::Outgoing, Scratch::new());
    for at in (0..pairs).cycle().take(1_000) {
        let nearby = reach_within(&topology, Node(at), outgoing, 1, &Everything, &mut scratch);
        assert_eq!(nearby.nodes(), [Node(at), Node(at + pairs)]);
    }
}

#[test]
fn a_filter_by_closure_needs_no_words() {
    struct Even;
    impl Filter for Even {
        const ALL: bool = false;
        fn node(&self, node: Node) -> bool {
            node.0.is_multiple_of(2)
        }
        fn edge(&self, _: crate::graph::EdgeKind, _: crate::graph::Edge) -> bool {
            true
        }
    }
    let edges = [(0, 2), (2, 3), (3, 4), (2, 130), (130, 128)];
    let records = (0..).zip(edges).map(|(edge, (from, to))| record(edge, 0, from, to));
    let topology = built(131, &records.collect::<Vec<_>>());
    let reached = reach(&topology, &[Node(0)], Direction::Outgoing, &&Even);
    assert!(reached.bits.iter().eq([0, 2, 128, 130]));
}

#[test]
fn an_empty_topology_answers() {
    let topology = built(0, &[]);
    let nothing = Masked::default();
    let mut scratch = Scratch::new();
    assert_eq!(reach(&topology, &[Node(0)], Direction::Both, &nothing).count, 0);
    let nearby = reach_within(&topology, Node(0), Direction::Both, 3, &nothing, &mut scratch);
    assert_eq!((nearby.nodes(), nearby.farthest()), (&[][..], None));
    assert_eq!(Condensation::build(&topology, &nothing).count(), 0);
}
