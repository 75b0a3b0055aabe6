//! The view itself, as the engine sees it.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use super::catalog::{ELEMENT, RELATIONSHIP, ViewCatalog};
use super::indexes::Indexes;
use super::keys::Meaning;
use super::shape::Shape;
use crate::domain::metamodel::KindId;
use crate::graph::{
    BitSet, Direction, Edge, EdgeKind, Everything, Filter, KindSet, Masked, Node, Scratch, Step, View, ViewFilter,
    prefetch_neighbours, reach, reach_within, shortest_path,
};
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::source::{Key, Label, PropertyGraph};
use crate::query::steps::{StepTable, StepsWanted};
use crate::query::value::Value;

/// What `CALL` runs: the analyses of the rooms above, which this room does not know.
pub trait Procedures {
    /// The rows of a procedure over a view.
    ///
    /// # Errors
    /// What is wrong with the arguments.
    fn call(&self, view: &View, name: &str, arguments: &[Value]) -> Result<Vec<Vec<Value>>, QueryError>;
}

/// No procedures.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProcedures;

impl Procedures for NoProcedures {
    fn call(&self, _: &View, name: &str, _: &[Value]) -> Result<Vec<Vec<Value>>, QueryError> {
        let message = format!("there is no procedure {name}");
        Err(QueryError::runtime(ErrorKind::ProcedureError, ErrorDetail::ProcedureNotFound, message))
    }
}

thread_local! {
    /// The memory of shallow searches: as large as the largest graph that the thread searched, and never cleared.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A view as a property graph.
pub struct ViewGraph<'v> {
    pub(super) view: &'v View,
    pub(super) catalog: &'v ViewCatalog,
    procedures: &'v dyn Procedures,
    pub(super) indexes: Option<&'v Indexes>,
    /// Numbers for estimates, once somebody asks.
    pub(super) shape: OnceLock<Arc<Shape>>,
}

/// More kinds than this are told apart edge by edge instead of being looked up one by one.
const FEW_KINDS: usize = 6;
/// A label that fewer than one in so many nodes have is read from the list of its kind.
const RARE: usize = 8;

impl<'v> ViewGraph<'v> {
    /// A view with the names of its metamodel.
    pub fn new(view: &'v View, catalog: &'v ViewCatalog) -> Self {
        Self { view, catalog, procedures: &NoProcedures, indexes: None, shape: OnceLock::new() }
    }

    /// With procedures that `CALL` can run.
    #[must_use]
    pub fn with_procedures(mut self, procedures: &'v dyn Procedures) -> Self {
        self.procedures = procedures;
        self
    }

    /// With indexes that are kept from query to query.
    #[must_use]
    pub fn with_indexes(mut self, indexes: &'v Indexes) -> Self {
        self.indexes = Some(indexes);
        self
    }

    /// Whether a node is there: seen, and where it stands for a relationship, an end of another one.
    fn is_there(&self, node: Node, kind: KindId) -> bool {
        self.view.sees_node(node) && (!self.is_relationship_kind(kind) || self.stands(node))
    }

    fn is_relationship_kind(&self, kind: KindId) -> bool {
        self.catalog.is_relationship[kind.index()]
    }

    fn stands(&self, node: Node) -> bool {
        self.view.topology().degree(node, Direction::Both) > 0
    }

    fn kind_has_label(&self, kind: KindId, label: Label) -> bool {
        match label {
            ELEMENT => !self.is_relationship_kind(kind),
            RELATIONSHIP => self.is_relationship_kind(kind),
            label => self.catalog.is_a(kind, label),
        }
    }

    fn nodes_of_kinds<B>(&self, kinds: &[KindId], mut visit: impl FnMut(Node) -> ControlFlow<B>) -> ControlFlow<B> {
        for kind in kinds {
            for node in self.view.snapshot().nodes_of_kind(*kind) {
                if self.is_there(node, *kind) {
                    visit(node)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn steps_of_kind<B>(
        &self,
        node: Node,
        direction: Direction,
        kind: Option<EdgeKind>,
        visit: &mut impl FnMut(Step) -> ControlFlow<B>,
        wanted: impl Fn(EdgeKind) -> bool,
    ) -> ControlFlow<B> {
        let topology = self.view.topology();
        for &side in direction.sides() {
            topology.visit_neighbours(node, side, kind, |neighbour| {
                // A loop is met from both sides; once is enough.
                let again = direction == Direction::Both && side == Direction::Incoming && neighbour.node == node;
                let seen = self.view.sees_edge(neighbour.edge) && self.view.sees_node(neighbour.node);
                if again || !seen || !wanted(neighbour.kind) {
                    return ControlFlow::Continue(());
                }
                let (kind, edge, to) = (neighbour.kind, neighbour.edge, neighbour.node);
                visit(Step { kind, edge, from: node, to, direction: side })
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Runs a search with the filter of the view and of the kinds.
    fn filtered<R>(&self, kinds: Option<&[EdgeKind]>, search: impl Search<R>) -> R {
        let set: Option<KindSet> = kinds.map(|kinds| kinds.iter().copied().collect());
        match (self.view.filter(), &set) {
            (ViewFilter::Everything(_), None) => search.run(&Everything),
            (ViewFilter::Everything(_), Some(kinds)) => {
                search.run(&Masked { nodes: None, edges: None, kinds: Some(kinds) })
            }
            (ViewFilter::Masked(masked), kinds) => search.run(&Masked { kinds: kinds.as_ref(), ..masked }),
        }
    }
}

/// A search that is compiled for each form of filter.
trait Search<R> {
    fn run<F: Filter>(self, filter: &F) -> R;
}

struct Reach<'g> {
    view: &'g View,
    starts: &'g [Node],
    direction: Direction,
}

impl Search<BitSet> for Reach<'_> {
    fn run<F: Filter>(self, filter: &F) -> BitSet {
        reach(self.view.topology(), self.starts, self.direction, filter).bits
    }
}

struct Within<'g> {
    view: &'g View,
    start: Node,
    direction: Direction,
    depth: usize,
    scratch: &'g mut Scratch,
}

impl Search<Vec<Node>> for Within<'_> {
    fn run<F: Filter>(self, filter: &F) -> Vec<Node> {
        let Self { view, start, direction, depth, scratch } = self;
        reach_within(view.topology(), start, direction, depth, filter, scratch).nodes().to_vec()
    }
}

struct Shortest<'g> {
    view: &'g View,
    from: Node,
    to: Node,
    direction: Direction,
    scratch: &'g mut Scratch,
}

impl Search<Option<Vec<(Edge, Node)>>> for Shortest<'_> {
    fn run<F: Filter>(self, filter: &F) -> Option<Vec<(Edge, Node)>> {
        let Self { view, from, to, direction, scratch } = self;
        let path = shortest_path(view.topology(), &[from], &[to], direction, filter, scratch)?;
        Some(path.into_iter().map(|step| (step.edge, step.to)).collect())
    }
}

impl PropertyGraph for ViewGraph<'_> {
    fn node_bound(&self) -> usize {
        self.view.snapshot().node_count()
    }

    fn sees_node(&self, node: Node) -> bool {
        self.view.snapshot().node_kind(node).is_some_and(|kind| self.is_there(node, kind))
    }

    #[inline]
    fn has_label(&self, node: Node, label: Label) -> bool {
        self.view.snapshot().node_kind(node).is_some_and(|kind| self.kind_has_label(kind, label))
    }

    fn for_each_node<B>(&self, label: Option<Label>, mut visit: impl FnMut(Node) -> ControlFlow<B>) -> ControlFlow<B> {
        let snapshot = self.view.snapshot();
        if let Some(kinds) = label.and_then(|label| self.catalog.descendants.get(label.0 as usize)) {
            let count: usize = kinds.iter().map(|kind| snapshot.count_of_kind(*kind)).sum();
            if count < snapshot.node_count() / RARE {
                return self.nodes_of_kinds(kinds, visit);
            }
        }
        snapshot.for_each_node_kind(|node, kind| {
            let wanted = label.is_none_or(|label| self.kind_has_label(kind, label));
            if wanted && self.is_there(node, kind) { visit(node) } else { ControlFlow::Continue(()) }
        })
    }

    #[inline]
    fn for_each_step<B>(
        &self,
        node: Node,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        mut visit: impl FnMut(Step) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match kinds {
            None => self.steps_of_kind(node, direction, None, &mut visit, |_| true),
            Some(kinds) if kinds.len() <= FEW_KINDS => {
                for kind in kinds {
                    self.steps_of_kind(node, direction, Some(*kind), &mut visit, |_| true)?;
                }
                ControlFlow::Continue(())
            }
            Some(kinds) => {
                self.steps_of_kind(node, direction, None, &mut visit, |kind| kinds.binary_search(&kind).is_ok())
            }
        }
    }

    fn expect_steps(&self, nodes: &[Node], direction: Direction, edges: bool) {
        prefetch_neighbours(self.view.topology(), nodes, direction, edges);
    }

    fn kept_steps(&self, wanted: &StepsWanted) -> Option<Arc<StepTable>> {
        self.indexes?.steps.find((self.view.revision(), self.view.date()), wanted)
    }

    fn keep_steps(&self, wanted: StepsWanted, table: &Arc<StepTable>) {
        if let Some(indexes) = self.indexes {
            indexes.steps.keep((self.view.revision(), self.view.date()), wanted, table);
        }
    }

    fn node_property(&self, node: Node, key: Key) -> Value {
        self.view.item_at(node).map_or(Value::Null, |item| self.property_of(item, key))
    }

    fn relationship_property(&self, edge: Edge, key: Key) -> Value {
        let item = self.view.relationship_at(edge).map(crate::domain::element::Item::Relationship);
        item.map_or(Value::Null, |item| self.property_of(item, key))
    }

    fn relationship_kind(&self, edge: Edge) -> EdgeKind {
        self.view.relationship_at(edge).map_or(EdgeKind(u16::MAX), |held| EdgeKind(held.kind.number()))
    }

    fn seek(&self, label: Option<Label>, key: Key, value: &Value) -> Option<Vec<Node>> {
        match (self.catalog.meaning(key)?, value) {
            (Meaning::Id, Value::String(id)) => {
                let node = self.view.node(id);
                let fits =
                    |node: &Node| self.sees_node(*node) && label.is_none_or(|label| self.has_label(*node, label));
                Some(node.filter(fits).into_iter().collect())
            }
            (Meaning::Id, _) => Some(Vec::new()),
            _ => self.indexed(label, key, value),
        }
    }

    fn reach(
        &self,
        starts: &[Node],
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        most: Option<u64>,
    ) -> Option<BitSet> {
        most.is_none().then(|| self.filtered(kinds, Reach { view: self.view, starts, direction }))
    }

    fn reach_within(
        &self,
        start: Node,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        depth: usize,
    ) -> Option<Vec<Node>> {
        SCRATCH.with(|scratch| {
            let mut scratch = scratch.try_borrow_mut().ok()?;
            Some(self.filtered(kinds, Within { view: self.view, start, direction, depth, scratch: &mut scratch }))
        })
    }

    fn shortest_path(
        &self,
        from: Node,
        to: Node,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
    ) -> Option<Option<Vec<(Edge, Node)>>> {
        SCRATCH.with(|scratch| {
            let mut scratch = scratch.try_borrow_mut().ok()?;
            Some(self.filtered(kinds, Shortest { view: self.view, from, to, direction, scratch: &mut scratch }))
        })
    }

    fn count_nodes(&self, label: Option<Label>) -> u64 {
        self.estimated_nodes(label) as u64
    }

    fn average_degree(
        &self,
        label: Option<Label>,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        to: Option<Label>,
    ) -> f64 {
        self.estimated_degree(label, direction, kinds, to)
    }

    fn average_matches(&self, label: Option<Label>, key: Key) -> f64 {
        self.estimated_matches(label, key)
    }

    fn is_unique(&self, key: Key) -> bool {
        self.catalog.meaning(key) == Some(&Meaning::Id)
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Vec<Vec<Value>>, QueryError> {
        self.procedures.call(self.view, name, arguments)
    }
}
