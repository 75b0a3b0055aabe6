//! The shape of small graphs, held against definitions tried out one by one.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::graph::SmallGraph;

fn graphs() -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
    (1..9usize).prop_flat_map(|count| (Just(count), prop::collection::vec((0..count, 0..count), 0..20)))
}

/// What can be reached from a node over edges that avoid a node.
fn reach(edges: &[(usize, usize)], starts: &[usize], without: Option<usize>) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> = starts.iter().copied().filter(|node| Some(*node) != without).collect();
    loop {
        let more: Vec<usize> = edges
            .iter()
            .filter(|(a, b)| found.contains(a) && !found.contains(b) && Some(*b) != without)
            .map(|(_, b)| *b)
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn undirected(edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    edges.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]).collect()
}

proptest! {
    #[test]
    fn sets_are_those_of_their_definitions((count, edges) in graphs()) {
        let graph = SmallGraph::new(count, edges.clone());
        let both = undirected(&edges);
        for set in graph.strongly_connected() {
            for a in &set {
                let mutual: Vec<usize> = (0..count)
                    .filter(|b| reach(&edges, &[*a], None).contains(b) && reach(&edges, &[*b], None).contains(a))
                    .collect();
                prop_assert_eq!(&mutual, &set);
            }
        }
        for set in graph.components() {
            prop_assert_eq!(reach(&both, &[set[0]], None).into_iter().collect::<Vec<_>>(), set);
        }
        for node in 0..count {
            let mut reached = reach(&edges, &[node], None);
            reached.remove(&node);
            prop_assert_eq!(graph.reach(node), reached.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn cut_points_split_what_hangs_together((count, edges) in graphs()) {
        let (graph, both) = (SmallGraph::new(count, edges.clone()), undirected(&edges));
        let splits = |node: &usize| {
            let mut others = reach(&both, &[*node], None);
            others.remove(node);
            others.first().is_some_and(|first| reach(&both, &[*first], Some(*node)) != others)
        };
        prop_assert_eq!(graph.cut_points(), (0..count).filter(splits).collect::<Vec<_>>());
    }

    #[test]
    fn a_dominator_is_on_every_way((count, edges) in graphs()) {
        let graph = SmallGraph::new(count, edges.clone());
        let starts: Vec<usize> = (0..count)
            .filter(|node| {
                let group: Vec<usize> = graph.strongly_connected().into_iter().find(|set| set.contains(node)).expect("one");
                group.iter().all(|member| graph.sources(*member).iter().all(|from| group.contains(from)))
            })
            .collect();
        for (node, dominator) in graph.immediate_dominators().into_iter().enumerate() {
            let on_every_way: Vec<usize> = (0..count)
                .filter(|other| *other != node && !reach(&edges, &starts, Some(*other)).contains(&node))
                .collect();
            match dominator {
                None => prop_assert!(on_every_way.is_empty(), "{} {:?}", node, on_every_way),
                Some(dominator) => prop_assert!(on_every_way.contains(&dominator)),
            }
        }
    }

    #[test]
    fn levels_grow_along_edges((count, edges) in graphs()) {
        let graph = SmallGraph::new(count, edges.clone());
        let levels = graph.levels();
        for (a, b) in &edges {
            let together = reach(&edges, &[*b], None).contains(a);
            let fits = if together { levels[*a] == levels[*b] } else { levels[*a] < levels[*b] };
            prop_assert!(fits, "{} {}", a, b);
        }
    }

    #[test]
    fn betweenness_counts_shortest_paths((count, edges) in graphs()) {
        let graph = SmallGraph::new(count, edges);
        let found = graph.betweenness(None);
        prop_assert_eq!(found.sources, count);
        let mut expected = vec![0.0; count];
        for from in 0..count {
            for to in (0..count).filter(|to| *to != from) {
                let ways = shortest(&graph, from, to);
                for way in &ways {
                    for node in &way[1..way.len() - 1] {
                        expected[*node] += 1.0 / f64::from(u32::try_from(ways.len()).expect("few"));
                    }
                }
            }
        }
        for (one, other) in found.values.iter().zip(&expected) {
            prop_assert!((one - other).abs() < 1e-9, "{:?} {:?}", found.values, expected);
        }
    }

    #[test]
    fn communities_part_the_nodes_and_depend_on_the_seed_alone((count, edges) in graphs(), seed in 0..5u64) {
        let graph = SmallGraph::new(count, edges);
        let groups = graph.communities(seed);
        let mut all: Vec<usize> = groups.iter().flatten().copied().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..count).collect::<Vec<_>>());
        prop_assert_eq!(groups, graph.communities(seed));
    }
}

/// All shortest ways between two nodes, by trying all simple ways.
fn shortest(graph: &SmallGraph, from: usize, to: usize) -> Vec<Vec<usize>> {
    let (mut found, mut waiting): (Vec<Vec<usize>>, Vec<Vec<usize>>) = (Vec::new(), vec![vec![from]]);
    while found.is_empty() && !waiting.is_empty() {
        let mut longer = Vec::new();
        for way in waiting {
            for next in graph.targets(way[way.len() - 1]).iter().filter(|next| !way.contains(next)) {
                let mut way = way.clone();
                way.push(*next);
                if *next == to { found.push(way) } else { longer.push(way) }
            }
        }
        waiting = longer;
    }
    found
}

#[test]
fn two_triangles_are_two_communities() {
    let edges = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)];
    let graph = SmallGraph::new(6, edges);
    for seed in 0..10 {
        assert_eq!(graph.communities(seed), [vec![0, 1, 2], vec![3, 4, 5]]);
    }
    assert_eq!(graph.cut_points(), [2, 3]);
    assert_eq!(graph.shortest_cycle(0, &[0, 1, 2]), Some(vec![0, 1, 2]));
}
