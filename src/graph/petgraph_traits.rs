//! petgraph's traits over a filtered topology, so that its algorithms run on it.

use petgraph::Directed;
use petgraph::visit::{
    Data, EdgeCount, EdgeRef, GetAdjacencyMatrix, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges,
    IntoEdgesDirected, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences,
    NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};

use super::adjacency::{Steps, Topology};
use super::bits::BitSet;
use super::filter::{Everything, Filter};
use super::ids::{Direction, Edge, EdgeKind, Node, Step};

/// A topology as far as a filter shows it, for petgraph's algorithms.
///
/// Pass it by value: it is two pointers. Node indices keep their holes, so only the graph that
/// hides nothing is [`NodeCompactIndexable`]. Counting nodes and edges walks the topology unless
/// nothing is hidden.
#[derive(Debug)]
pub struct FilteredGraph<'a, F> {
    /// What there is.
    pub topology: &'a Topology,
    /// What is seen of it.
    pub filter: &'a F,
}

impl<F> Clone for FilteredGraph<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FilteredGraph<'_, F> {}

impl<'a, F: Filter> FilteredGraph<'a, F> {
    /// The topology seen through the filter.
    #[must_use]
    pub const fn new(topology: &'a Topology, filter: &'a F) -> Self {
        Self { topology, filter }
    }

    /// The edges of a node on one side.
    fn edges_of(self, node: Node, direction: Direction) -> FilteredEdges<'a, F> {
        FilteredEdges { filter: self.filter, seen: self.filter.node(node), steps: self.topology.steps(node, direction) }
    }
}

/// An edge of a [`FilteredGraph`]; its weight is its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilteredEdge {
    edge: Edge,
    kind: EdgeKind,
    source: Node,
    target: Node,
}

impl From<Step> for FilteredEdge {
    fn from(step: Step) -> Self {
        let along = if step.direction == Direction::Incoming { step.reversed() } else { step };
        Self { edge: along.edge, kind: along.kind, source: along.from, target: along.to }
    }
}

impl EdgeRef for FilteredEdge {
    type NodeId = Node;
    type EdgeId = Edge;
    type Weight = EdgeKind;

    fn source(&self) -> Node {
        self.source
    }

    fn target(&self) -> Node {
        self.target
    }

    fn weight(&self) -> &EdgeKind {
        &self.kind
    }

    fn id(&self) -> Edge {
        self.edge
    }
}

/// The seen edges of one node on one side.
#[derive(Debug)]
pub struct FilteredEdges<'a, F> {
    filter: &'a F,
    /// Whether the node itself is seen.
    seen: bool,
    steps: Steps<'a>,
}

impl<F: Filter> FilteredEdges<'_, F> {
    fn next_step(&mut self) -> Option<Step> {
        let filter = self.filter;
        let passes = |step: &Step| filter.edge(step.kind, step.edge) && filter.node(step.to);
        if self.seen { self.steps.find(passes) } else { None }
    }
}

impl<F: Filter> Iterator for FilteredEdges<'_, F> {
    type Item = FilteredEdge;

    fn next(&mut self) -> Option<FilteredEdge> {
        self.next_step().map(FilteredEdge::from)
    }
}

/// The seen neighbours of one node on one side.
#[derive(Debug)]
pub struct FilteredNeighbours<'a, F>(FilteredEdges<'a, F>);

impl<F: Filter> Iterator for FilteredNeighbours<'_, F> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        self.0.next_step().map(|step| step.to)
    }
}

/// All seen nodes, ascending.
#[derive(Debug)]
pub struct FilteredNodes<'a, F> {
    filter: &'a F,
    rest: std::ops::Range<u32>,
}

impl<F: Filter> Iterator for FilteredNodes<'_, F> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        self.rest.by_ref().map(Node).find(|&node| self.filter.node(node))
    }
}

/// All seen nodes as petgraph's references, which carry nothing more.
#[derive(Debug)]
pub struct FilteredNodeReferences<'a, F>(FilteredNodes<'a, F>);

impl<F: Filter> Iterator for FilteredNodeReferences<'_, F> {
    type Item = (Node, ());

    fn next(&mut self) -> Option<(Node, ())> {
        self.0.next().map(|node| (node, ()))
    }
}

/// All seen edges, by source.
#[derive(Debug)]
pub struct AllFilteredEdges<'a, F> {
    graph: FilteredGraph<'a, F>,
    nodes: FilteredNodes<'a, F>,
    current: Option<FilteredEdges<'a, F>>,
}

impl<F: Filter> Iterator for AllFilteredEdges<'_, F> {
    type Item = FilteredEdge;

    fn next(&mut self) -> Option<FilteredEdge> {
        loop {
            if let Some(edge) = self.current.as_mut().and_then(Iterator::next) {
                return Some(edge);
            }
            let node = self.nodes.next()?;
            self.current = Some(self.graph.edges_of(node, Direction::Outgoing));
        }
    }
}

const fn ours(direction: petgraph::Direction) -> Direction {
    match direction {
        petgraph::Direction::Outgoing => Direction::Outgoing,
        petgraph::Direction::Incoming => Direction::Incoming,
    }
}

impl<F> GraphBase for FilteredGraph<'_, F> {
    type NodeId = Node;
    type EdgeId = Edge;
}

impl<F> GraphRef for FilteredGraph<'_, F> {}

impl<F> Data for FilteredGraph<'_, F> {
    type NodeWeight = ();
    type EdgeWeight = EdgeKind;
}

impl<F> GraphProp for FilteredGraph<'_, F> {
    type EdgeType = Directed;
}

impl<'a, F: Filter> IntoNeighbors for FilteredGraph<'a, F> {
    type Neighbors = FilteredNeighbours<'a, F>;

    fn neighbors(self, node: Node) -> Self::Neighbors {
        FilteredNeighbours(self.edges_of(node, Direction::Outgoing))
    }
}

impl<'a, F: Filter> IntoNeighborsDirected for FilteredGraph<'a, F> {
    type NeighborsDirected = FilteredNeighbours<'a, F>;

    fn neighbors_directed(self, node: Node, direction: petgraph::Direction) -> Self::Neighbors {
        FilteredNeighbours(self.edges_of(node, ours(direction)))
    }
}

impl<'a, F: Filter> IntoEdgeReferences for FilteredGraph<'a, F> {
    type EdgeRef = FilteredEdge;
    type EdgeReferences = AllFilteredEdges<'a, F>;

    fn edge_references(self) -> Self::EdgeReferences {
        AllFilteredEdges { graph: self, nodes: self.node_identifiers(), current: None }
    }
}

impl<'a, F: Filter> IntoEdges for FilteredGraph<'a, F> {
    type Edges = FilteredEdges<'a, F>;

    fn edges(self, node: Node) -> Self::Edges {
        self.edges_of(node, Direction::Outgoing)
    }
}

impl<'a, F: Filter> IntoEdgesDirected for FilteredGraph<'a, F> {
    type EdgesDirected = FilteredEdges<'a, F>;

    fn edges_directed(self, node: Node, direction: petgraph::Direction) -> Self::Edges {
        self.edges_of(node, ours(direction))
    }
}

impl<'a, F: Filter> IntoNodeIdentifiers for FilteredGraph<'a, F> {
    type NodeIdentifiers = FilteredNodes<'a, F>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        FilteredNodes { filter: self.filter, rest: 0..Node::at(self.topology.node_count()).0 }
    }
}

impl<'a, F: Filter> IntoNodeReferences for FilteredGraph<'a, F> {
    type NodeRef = (Node, ());
    type NodeReferences = FilteredNodeReferences<'a, F>;

    fn node_references(self) -> Self::NodeReferences {
        FilteredNodeReferences(self.node_identifiers())
    }
}

impl<F: Filter> NodeIndexable for FilteredGraph<'_, F> {
    fn node_bound(&self) -> usize {
        self.topology.node_count()
    }

    fn to_index(&self, node: Node) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> Node {
        Node::at(index)
    }
}

impl NodeCompactIndexable for FilteredGraph<'_, Everything> {}

impl<F: Filter> NodeCount for FilteredGraph<'_, F> {
    fn node_count(&self) -> usize {
        if F::ALL { self.topology.node_count() } else { self.node_identifiers().count() }
    }
}

impl<F: Filter> EdgeCount for FilteredGraph<'_, F> {
    fn edge_count(&self) -> usize {
        if F::ALL { self.topology.edge_count() } else { self.edge_references().count() }
    }
}

impl<F: Filter> Visitable for FilteredGraph<'_, F> {
    type Map = BitSet;

    fn visit_map(&self) -> BitSet {
        BitSet::with_capacity(self.topology.node_count())
    }

    fn reset_map(&self, map: &mut BitSet) {
        map.clear();
    }
}

impl VisitMap<Node> for BitSet {
    fn visit(&mut self, node: Node) -> bool {
        self.insert(node.0)
    }

    fn is_visited(&self, node: &Node) -> bool {
        self.contains(node.0)
    }

    fn unvisit(&mut self, node: Node) -> bool {
        self.remove(node.0)
    }
}

/// The sorted adjacency answers by itself; no matrix is made.
impl<F: Filter> GetAdjacencyMatrix for FilteredGraph<'_, F> {
    type AdjMatrix = ();

    fn adjacency_matrix(&self) {}

    fn is_adjacent(&self, (): &(), source: Node, target: Node) -> bool {
        self.neighbors(source).any(|node| node == target)
    }
}
