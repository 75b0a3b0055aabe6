//! The shape of a small graph that is gathered for one question: cycles, order, dominators, cut points, centrality,
//! communities. What petgraph has comes from petgraph.

use std::collections::{BTreeMap, VecDeque};

use petgraph::algo::dominators::simple_fast;
use petgraph::algo::{articulation_points::articulation_points, kosaraju_scc};
use petgraph::graph::{DiGraph, NodeIndex, UnGraph};

/// A directed graph of the nodes `0..count`; parallel edges count once, loops are kept.
#[derive(Debug, Clone)]
pub struct SmallGraph {
    count: usize,
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
}

/// How central each node is.
#[derive(Debug, Clone, PartialEq)]
pub struct Betweenness {
    /// The share of shortest paths between others that pass through a node, as a number of paths.
    pub values: Vec<f64>,
    /// From how many nodes paths were followed; all of them make it exact.
    pub sources: usize,
}

impl SmallGraph {
    /// A graph of so many nodes and these edges; an edge to a node that is not there is left out.
    pub fn new(count: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let (mut outgoing, mut incoming) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (source, target) in edges.into_iter().filter(|(source, target)| *source < count && *target < count) {
            outgoing[source].push(target);
            incoming[target].push(source);
        }
        for list in outgoing.iter_mut().chain(&mut incoming) {
            list.sort_unstable();
            list.dedup();
        }
        Self { count, outgoing, incoming }
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.count
    }

    /// The nodes that a node points to, ascending.
    pub fn targets(&self, node: usize) -> &[usize] {
        &self.outgoing[node]
    }

    /// The nodes that point to a node, ascending.
    pub fn sources(&self, node: usize) -> &[usize] {
        &self.incoming[node]
    }

    fn directed(&self) -> DiGraph<(), ()> {
        let mut graph = DiGraph::with_capacity(self.count, self.count);
        for _ in 0..self.count {
            graph.add_node(());
        }
        for (source, targets) in self.outgoing.iter().enumerate() {
            for target in targets {
                graph.add_edge(NodeIndex::new(source), NodeIndex::new(*target), ());
            }
        }
        graph
    }

    /// Sets of nodes that reach each other, each ascending, and in the order of their first nodes.
    pub fn strongly_connected(&self) -> Vec<Vec<usize>> {
        let found = kosaraju_scc(&self.directed());
        sorted(found.into_iter().map(|nodes| nodes.into_iter().map(NodeIndex::index).collect()).collect())
    }

    /// Whether a node points to itself.
    pub fn has_loop(&self, node: usize) -> bool {
        self.outgoing[node].binary_search(&node).is_ok()
    }

    /// A shortest cycle through a node within a set of nodes, without the node at its end again.
    pub fn shortest_cycle(&self, start: usize, within: &[usize]) -> Option<Vec<usize>> {
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(node) = waiting.pop_front() {
            for next in self.targets(node).iter().filter(|next| within.binary_search(next).is_ok()) {
                if *next == start {
                    let mut way = vec![node];
                    while let Some(last) = way.last().and_then(|last| before.get(last)) {
                        way.push(*last);
                    }
                    way.reverse();
                    return Some(way);
                }
                if *next != start && !before.contains_key(next) {
                    before.insert(*next, node);
                    waiting.push_back(*next);
                }
            }
        }
        None
    }

    /// Sets of nodes that hang together, whichever way edges point.
    pub fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.count];
        let mut found = Vec::new();
        for start in 0..self.count {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let mut component = vec![start];
            let mut place = 0;
            while let Some(node) = component.get(place).copied() {
                place += 1;
                for next in self.outgoing[node].iter().chain(&self.incoming[node]) {
                    if !std::mem::replace(&mut seen[*next], true) {
                        component.push(*next);
                    }
                }
            }
            found.push(component);
        }
        sorted(found)
    }

    /// By node, the length of the longest way that leads to it; nodes of one cycle share a level.
    pub fn levels(&self) -> Vec<usize> {
        let groups = self.strongly_connected();
        let mut group_of = vec![0; self.count];
        for (group, nodes) in groups.iter().enumerate() {
            for node in nodes {
                group_of[*node] = group;
            }
        }
        let mut waiting_for = vec![0; groups.len()];
        let across = |node: usize| self.outgoing[node].iter().map(move |target| (node, *target));
        let crossing = (0..self.count).flat_map(across).filter(|(a, b)| group_of[*a] != group_of[*b]);
        let crossing: Vec<(usize, usize)> = crossing.map(|(a, b)| (group_of[a], group_of[b])).collect();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
        for (from, to) in crossing {
            next[from].push(to);
            waiting_for[to] += 1;
        }
        let mut level = vec![0; groups.len()];
        let mut ready: VecDeque<usize> = (0..groups.len()).filter(|group| waiting_for[*group] == 0).collect();
        while let Some(group) = ready.pop_front() {
            for to in &next[group] {
                level[*to] = level[*to].max(level[group] + 1);
                waiting_for[*to] -= 1;
                if waiting_for[*to] == 0 {
                    ready.push_back(*to);
                }
            }
        }
        group_of.iter().map(|group| level[*group]).collect()
    }

    /// By node, the nearest other node through which every way from a node without sources leads to it; none where
    /// there are several independent ways. A node in a cycle that nothing outside leads to counts as a start.
    pub fn immediate_dominators(&self) -> Vec<Option<usize>> {
        let mut graph = self.directed();
        let root = graph.add_node(());
        for group in self.strongly_connected() {
            let is_start =
                group.iter().all(|node| self.incoming[*node].iter().all(|from| group.binary_search(from).is_ok()));
            if is_start {
                for node in group {
                    graph.add_edge(root, NodeIndex::new(node), ());
                }
            }
        }
        let dominators = simple_fast(&graph, root);
        let nearest = |node| dominators.immediate_dominator(NodeIndex::new(node)).filter(|found| *found != root);
        (0..self.count).map(|node| nearest(node).map(NodeIndex::index)).collect()
    }

    /// Nodes whose removal splits what hangs together, ascending.
    pub fn cut_points(&self) -> Vec<usize> {
        let mut graph = UnGraph::<(), ()>::with_capacity(self.count, self.count);
        for _ in 0..self.count {
            graph.add_node(());
        }
        for (source, targets) in self.outgoing.iter().enumerate() {
            for target in targets.iter().filter(|target| **target != source) {
                graph.update_edge(NodeIndex::new(source), NodeIndex::new(*target), ());
            }
        }
        let mut found: Vec<usize> = articulation_points(&graph).into_iter().map(NodeIndex::index).collect();
        found.sort_unstable();
        found
    }

    /// Everything that can be reached from a node, itself excluded, ascending.
    pub fn reach(&self, start: usize) -> Vec<usize> {
        let mut seen = vec![false; self.count];
        seen[start] = true;
        let mut found = vec![start];
        let mut place = 0;
        while let Some(node) = found.get(place).copied() {
            place += 1;
            for next in &self.outgoing[node] {
                if !std::mem::replace(&mut seen[*next], true) {
                    found.push(*next);
                }
            }
        }
        found.remove(0);
        found.sort_unstable();
        found
    }

    /// How many shortest paths between others pass through each node (Brandes 2001), with direction. With `sample`,
    /// paths are followed from so many nodes chosen by a seed, and the numbers are scaled up.
    #[expect(clippy::cast_precision_loss, reason = "counts of nodes")]
    pub fn betweenness(&self, sample: Option<(usize, u64)>) -> Betweenness {
        let sources = match sample {
            Some((most, seed)) if most < self.count => chosen(self.count, most, seed),
            _ => (0..self.count).collect(),
        };
        let mut values = vec![0.0; self.count];
        for source in &sources {
            self.add_dependencies(*source, &mut values);
        }
        let scale = if sources.is_empty() { 1.0 } else { self.count as f64 / sources.len() as f64 };
        for value in &mut values {
            *value *= scale;
        }
        Betweenness { values, sources: sources.len() }
    }

    fn add_dependencies(&self, source: usize, values: &mut [f64]) {
        let mut paths = vec![0.0; self.count];
        let mut distance = vec![usize::MAX; self.count];
        (paths[source], distance[source]) = (1.0, 0);
        let mut order = vec![source];
        let mut place = 0;
        while let Some(node) = order.get(place).copied() {
            place += 1;
            for next in &self.outgoing[node] {
                if distance[*next] == usize::MAX {
                    distance[*next] = distance[node] + 1;
                    order.push(*next);
                }
                if distance[*next] == distance[node] + 1 {
                    paths[*next] += paths[node];
                }
            }
        }
        let mut share = vec![0.0; self.count];
        for node in order.into_iter().rev() {
            for before in self.incoming[node].iter().filter(|before| distance[**before] != usize::MAX) {
                if distance[*before] + 1 == distance[node] {
                    share[*before] += paths[*before] / paths[node] * (1.0 + share[node]);
                }
            }
            if node != source {
                values[node] += share[node];
            }
        }
    }
}

/// Sets in a fixed order: each ascending, then by their first members.
pub(super) fn sorted(mut sets: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    for set in &mut sets {
        set.sort_unstable();
    }
    sets.sort();
    sets
}

/// So many of `0..count`, in an order that depends on the seed alone (Fisher and Yates, `SplitMix64`).
pub(super) fn chosen(count: usize, most: usize, seed: u64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..count).collect();
    let mut state = seed;
    for place in 0..most.min(count) {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let rest = u64::try_from(count - place).unwrap_or(1);
        let step = usize::try_from((mixed ^ (mixed >> 31)) % rest).unwrap_or(0);
        all.swap(place, place + step);
    }
    all.truncate(most);
    all
}
