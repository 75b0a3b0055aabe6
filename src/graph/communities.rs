//! Groups of a small graph that hang together more within than between.

use std::collections::{BTreeMap, BTreeSet};

use super::structure::{SmallGraph, chosen, sorted};

/// How often the nodes of one level are gone through at most.
const MOST_ROUNDS: usize = 50;

impl SmallGraph {
    /// Groups with more inside than between (Louvain, Blondel et al. 2008), whichever way edges point. The seed decides
    /// the order in which nodes are looked at; the same seed gives the same groups.
    ///
    /// Their modularity is never below that of one group of all, which is 0.
    pub fn communities(&self, seed: u64) -> Vec<Vec<usize>> {
        let mut members: Vec<Vec<usize>> = (0..self.node_count()).map(|node| vec![node]).collect();
        let mut level = Level::of(self);
        loop {
            let groups = level.groups(seed);
            if groups.len() == members.len() {
                return sorted(members);
            }
            level = level.folded(&groups);
            let joined = |group: &Vec<usize>| group.iter().flat_map(|node| members[*node].clone()).collect();
            members = groups.iter().map(joined).collect();
        }
    }

    /// The share of links inside groups less what chance would put there (Newman and Girvan 2004); 0 without links.
    /// Loops do not count, and links in both directions count once.
    pub fn modularity(&self, groups: &[Vec<usize>]) -> f64 {
        let level = Level::of(self);
        let total: f64 = level.degrees.iter().sum();
        if total <= 0.0 {
            return 0.0;
        }
        let share = |group: &Vec<usize>| {
            let members: BTreeSet<&usize> = group.iter().collect();
            let ends: f64 = group.iter().map(|node| level.degrees[*node]).sum();
            let links = group.iter().flat_map(|node| &level.links[*node]);
            let inside: f64 = links.filter(|(other, _)| members.contains(*other)).map(|(_, weight)| weight).sum();
            inside / total - (ends / total).powi(2)
        };
        groups.iter().map(share).sum::<f64>() + 0.0
    }
}

/// Groups of a level before, as nodes: the links between them by weight, and the ends of links that they hold.
struct Level {
    links: Vec<BTreeMap<usize, f64>>,
    degrees: Vec<f64>,
}

impl Level {
    fn of(graph: &SmallGraph) -> Self {
        let links: Vec<BTreeMap<usize, f64>> = (0..graph.node_count())
            .map(|node| {
                let both = graph.targets(node).iter().chain(graph.sources(node));
                both.filter(|next| **next != node).map(|next| (*next, 1.0)).collect()
            })
            .collect();
        let degrees = links.iter().map(|links| links.values().sum()).collect();
        Self { links, degrees }
    }

    /// Each node to the group of a neighbour that gains most by it, until none moves.
    fn groups(&self, seed: u64) -> Vec<Vec<usize>> {
        let count = self.links.len();
        let mut group_of: Vec<usize> = (0..count).collect();
        let mut weight = self.degrees.clone();
        let total: f64 = self.degrees.iter().sum();
        let order = chosen(count, count, seed);
        for _ in 0..MOST_ROUNDS {
            let mut moved = false;
            for node in &order {
                let own = group_of[*node];
                weight[own] -= self.degrees[*node];
                let best = self.best_group(*node, &group_of, &weight, total);
                moved |= best != own;
                group_of[*node] = best;
                weight[best] += self.degrees[*node];
            }
            if !moved {
                break;
            }
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (node, group) in group_of.into_iter().enumerate() {
            groups.entry(group).or_default().push(node);
        }
        groups.into_values().collect()
    }

    /// The group that a node gains most by joining; its own where none is better.
    fn best_group(&self, node: usize, group_of: &[usize], weight: &[f64], total: f64) -> usize {
        let own = group_of[node];
        let mut links: BTreeMap<usize, f64> = BTreeMap::from([(own, 0.0)]);
        for (next, weight) in &self.links[node] {
            *links.entry(group_of[*next]).or_default() += weight;
        }
        let gain = |group: usize| links[&group] - weight[group] * self.degrees[node] / total.max(1.0);
        links.keys().fold(own, |best, group| if gain(*group) > gain(best) + 1e-9 { *group } else { best })
    }

    /// The groups as nodes.
    fn folded(&self, groups: &[Vec<usize>]) -> Self {
        let mut group_of = vec![0; self.links.len()];
        for (number, group) in groups.iter().enumerate() {
            group.iter().for_each(|node| group_of[*node] = number);
        }
        let mut links: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); groups.len()];
        for (node, nearby) in self.links.iter().enumerate() {
            for (next, weight) in nearby.iter().filter(|(next, _)| group_of[**next] != group_of[node]) {
                *links[group_of[node]].entry(group_of[*next]).or_default() += weight;
            }
        }
        let degrees = groups.iter().map(|group| group.iter().map(|node| self.degrees[*node]).sum()).collect();
        Self { links, degrees }
    }
}
