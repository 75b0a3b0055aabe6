//! The topology with every cycle drawn together: an acyclic graph that answers reach at once.

use super::each_target;
use crate::graph::adjacency::Topology;
use crate::graph::bits::{BitSet, WORD};
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node};

use super::reach::Reached;

/// Marks a node that has no component yet, or none at all because it is hidden.
const NONE: u32 = u32::MAX;

/// The strongly connected components of what a filter lets through, and the edges between them.
///
/// Components are numbered against the direction of the edges: an edge leads from a larger number
/// to a smaller one. Built in O(nodes + edges); worth keeping as long as topology and filter stay.
#[derive(Clone, Debug)]
pub struct Condensation {
    /// The component of each node.
    components: Vec<u32>,
    /// The nodes of each component.
    members: Lists,
    successors: Lists,
    predecessors: Lists,
    /// The nodes of components that are large, as bits, so that they are added a word at a time.
    large: Vec<(u32, BitSet)>,
}

/// A list of small integers for each of a dense range of owners.
#[derive(Clone, Debug, Default)]
struct Lists {
    starts: Vec<usize>,
    items: Vec<u32>,
}

impl Lists {
    fn new() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Closes the list of the next owner.
    fn close(&mut self) {
        self.starts.push(self.items.len());
    }

    fn get(&self, owner: u32) -> &[u32] {
        let owner = owner as usize;
        &self.items[self.starts[owner]..self.starts[owner + 1]]
    }

    /// The lists in which every item owns its owners.
    fn inverted(&self) -> Self {
        let mut starts = vec![0; self.len() + 1];
        for &item in &self.items {
            starts[item as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut ends = starts.clone();
        let mut items = vec![0; self.items.len()];
        for owner in 0..self.len() {
            let owner = Node::at(owner).0;
            for &item in self.get(owner) {
                let end = &mut ends[item as usize];
                items[*end] = owner;
                *end += 1;
            }
        }
        Self { starts, items }
    }
}

impl Condensation {
    /// Finds the components of what the filter lets through.
    #[must_use]
    pub fn build<F: Filter>(topology: &Topology, filter: &F) -> Self {
        let targets = seen_targets(topology, filter);
        let seen = |node: &Node| filter.node(*node);
        let (components, members) = components(&targets, topology.nodes().filter(seen));
        let successors = edges_between(&targets, &components, &members);
        Self {
            large: large_components(&members, topology.node_count()),
            predecessors: successors.inverted(),
            components,
            members,
            successors,
        }
    }

    /// How many components there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// The component of a node; none when it is hidden or unknown.
    #[must_use]
    pub fn component(&self, node: Node) -> Option<u32> {
        let component = self.components.get(node.index()).copied();
        component.filter(|&component| component != NONE)
    }

    /// The nodes of a component.
    ///
    /// # Panics
    /// When there is no such component.
    pub fn members(&self, component: u32) -> impl ExactSizeIterator<Item = Node> + '_ {
        self.members.get(component).iter().copied().map(Node)
    }

    /// The components that a component has an edge to, each once.
    ///
    /// # Panics
    /// When there is no such component.
    #[must_use]
    pub fn successors(&self, component: u32) -> &[u32] {
        self.successors.get(component)
    }

    /// The components that have an edge to a component, each once.
    ///
    /// # Panics
    /// When there is no such component.
    #[must_use]
    pub fn predecessors(&self, component: u32) -> &[u32] {
        self.predecessors.get(component)
    }

    /// What `reach` answers with the same topology and filter.
    #[must_use]
    pub fn reach(&self, starts: &[Node], direction: Direction) -> Reached {
        let mut found = BitSet::with_capacity(self.count());
        let starts = starts.iter().filter_map(|&start| self.component(start));
        let mut stack: Vec<u32> = starts.filter(|&start| found.insert(start)).collect();
        let mut words = vec![0; self.components.len().div_ceil(WORD)];
        let mut count = 0;
        while let Some(component) = stack.pop() {
            count += self.add_members(component, &mut words);
            for &side in direction.sides() {
                let lists = if side == Direction::Outgoing { &self.successors } else { &self.predecessors };
                let next = lists.get(component).iter().copied();
                stack.extend(next.filter(|&next| found.insert(next)));
            }
        }
        let bits = BitSet::from_words(words);
        Reached { bits, count }
    }

    /// Sets the bits of a component's nodes and says how many they are.
    fn add_members(&self, component: u32, words: &mut [u64]) -> usize {
        let members = self.members.get(component);
        if members.len() >= large_from(self.components.len()) {
            let large = self.large.iter().find(|(other, _)| *other == component);
            let bits = large.map_or(&[][..], |(_, bits)| bits.words());
            for (word, bits) in words.iter_mut().zip(bits) {
                *word |= bits;
            }
        } else {
            for &member in members {
                words[member as usize / WORD] |= 1 << (member as usize % WORD);
            }
        }
        members.len()
    }
}

/// From how many nodes on a component is large: when a word at a time is cheaper than a node at a
/// time. There are at most 64 such components.
fn large_from(nodes: usize) -> usize {
    nodes.div_ceil(WORD).max(WORD)
}

fn large_components(members: &Lists, nodes: usize) -> Vec<(u32, BitSet)> {
    let all = (0..members.len()).map(|component| Node::at(component).0);
    let large = all.filter(|&component| members.get(component).len() >= large_from(nodes));
    large
        .map(|component| {
            let mut bits = BitSet::with_capacity(nodes);
            bits.extend(members.get(component).iter().copied());
            (component, bits)
        })
        .collect()
}

/// What each node leads to, as far as it is seen.
fn seen_targets<F: Filter>(topology: &Topology, filter: &F) -> Lists {
    let mut lists = Lists::new();
    for node in topology.nodes() {
        if filter.node(node) {
            each_target(topology, node, Direction::Outgoing, filter, |target| {
                if filter.node(target) {
                    lists.items.push(target.0);
                }
            });
        }
        lists.close();
    }
    lists
}

/// Tarjan's algorithm with its own stack, since a chain may be as long as the topology.
struct Tarjan<'a> {
    targets: &'a Lists,
    /// The order in which nodes were entered, counted from 1; 0 before.
    entered: Vec<u32>,
    /// The earliest entered node known to be in the same component.
    lowest: Vec<u32>,
    /// Entered nodes without a component.
    open: Vec<u32>,
    /// The way to the current node: each with its next target to look at.
    way: Vec<(u32, usize)>,
    clock: u32,
    components: Vec<u32>,
    members: Lists,
}

fn components(targets: &Lists, roots: impl Iterator<Item = Node>) -> (Vec<u32>, Lists) {
    let nodes = targets.len();
    let mut tarjan = Tarjan {
        targets,
        entered: vec![0; nodes],
        lowest: vec![0; nodes],
        open: Vec::new(),
        way: Vec::new(),
        clock: 0,
        components: vec![NONE; nodes],
        members: Lists::new(),
    };
    for root in roots {
        if tarjan.entered[root.index()] == 0 {
            tarjan.explore(root.0);
        }
    }
    (tarjan.components, tarjan.members)
}

impl Tarjan<'_> {
    fn enter(&mut self, node: u32) {
        self.clock += 1;
        self.entered[node as usize] = self.clock;
        self.lowest[node as usize] = self.clock;
        self.open.push(node);
        self.way.push((node, self.targets.starts[node as usize]));
    }

    fn explore(&mut self, root: u32) {
        self.enter(root);
        while let Some((node, next)) = self.way.last_mut() {
            let node = *node;
            if *next == self.targets.starts[node as usize + 1] {
                self.leave(node);
                continue;
            }
            let target = self.targets.items[*next];
            *next += 1;
            if self.entered[target as usize] == 0 {
                self.enter(target);
            } else if self.components[target as usize] == NONE {
                self.lower(node, self.entered[target as usize]);
            }
        }
    }

    fn lower(&mut self, node: u32, to: u32) {
        let lowest = &mut self.lowest[node as usize];
        *lowest = to.min(*lowest);
    }

    fn leave(&mut self, node: u32) {
        self.way.pop();
        let lowest = self.lowest[node as usize];
        if let Some(&(before, _)) = self.way.last() {
            self.lower(before, lowest);
        }
        if lowest == self.entered[node as usize] {
            self.close_component(node);
        }
    }

    /// Everything that was entered since `first` and is still open is one component.
    fn close_component(&mut self, first: u32) {
        let component = Node::at(self.members.len()).0;
        while let Some(member) = self.open.pop() {
            self.components[member as usize] = component;
            self.members.items.push(member);
            if member == first {
                break;
            }
        }
        self.members.close();
    }
}

/// The components that each component leads to, itself excluded, each once.
fn edges_between(targets: &Lists, components: &[u32], members: &Lists) -> Lists {
    let mut lists = Lists::new();
    let mut last_from = vec![NONE; members.len()];
    for component in 0..members.len() {
        let component = Node::at(component).0;
        for &member in members.get(component) {
            for &target in targets.get(member) {
                let other = components[target as usize];
                let last = &mut last_from[other as usize];
                if other != component && *last != component {
                    *last = component;
                    lists.items.push(other);
                }
            }
        }
        lists.close();
    }
    lists
}
