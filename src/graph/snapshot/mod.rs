//! The whole model at one revision, immutable and shared by pointer.

mod applying;
mod earlier;
mod forgetting;
mod history;
mod image;
mod kind_column;
mod past;
mod search;
mod slots;

#[cfg(test)]
mod tests;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use imbl::{HashMap, OrdMap, Vector};
use jiff::Timestamp;
use jiff::civil::Date;

pub use applying::ChangeSummary;
pub use earlier::TouchedField;
pub use forgetting::EarlierTouches;
pub use history::{ItemDifference, ItemVersion};
pub use image::ImageError;
pub use search::{Found, SearchRank};

use super::adjacency::Topology;
use super::ids::{Edge, Node};
use super::masks::Masks;
use crate::domain::element::{Element, Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{AttributeName, KindId, Metamodel};
use crate::domain::nearest;
use earlier::Earlier;
use kind_column::KindColumn;
use search::SearchColumn;
use slots::{EdgeSlot, NodeSlot};

/// Where an item lives in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An element's node.
    Element(Node),
    /// A relationship's edge.
    Relationship(Edge),
}

/// The model at one revision. A clone costs a few pointers.
///
/// Nodes are elements, and those relationships that are themselves an end of another.
/// Identifiers keep their node or edge for as long as the process runs, also after deletion,
/// so that their history stays with them.
#[derive(Debug, Clone)]
pub struct Snapshot {
    revision: u64,
    time: Timestamp,
    metamodel: Arc<Metamodel>,
    topology: Topology,
    nodes: Vector<NodeSlot>,
    edges: Vector<EdgeSlot>,
    ids: HashMap<Identifier, Place>,
    /// Where ids lived that were an element and are a relationship, or the other way round.
    former: HashMap<Identifier, Place>,
    kinds: Vector<OrdMap<Identifier, u32>>,
    node_kinds: KindColumn,
    search: SearchColumn,
    /// The change sets from `first_change` on.
    changes: Vector<Arc<ChangeSummary>>,
    first_change: u64,
    /// What touched what up to the floor.
    earlier: Arc<Earlier>,
    counts: Counts,
    validity: ValidityNames,
    /// Masks by date, made on first use and shared by all views of this snapshot.
    masks: Arc<Mutex<MasksByDate>>,
}

/// The masks of the dates asked for last.
type MasksByDate = Vec<(Date, Arc<Masks>)>;

/// How many items there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Elements.
    pub elements: usize,
    /// Relationships.
    pub relationships: usize,
    /// Items with a `valid_from` or `valid_to`.
    pub limited: usize,
}

/// The attributes that limit an item's validity in the world.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValidityNames {
    pub(super) from: Option<AttributeName>,
    pub(super) to: Option<AttributeName>,
}

/// How many dates keep their masks.
const MOST_MASKS: usize = 8;

impl Snapshot {
    /// The empty model, revision 0.
    pub fn empty(metamodel: Arc<Metamodel>) -> Self {
        let validity =
            ValidityNames { from: metamodel.attribute_name("valid_from"), to: metamodel.attribute_name("valid_to") };
        let kinds = metamodel.kinds().iter().map(|_| OrdMap::new()).collect();
        Self {
            revision: 0,
            time: Timestamp::UNIX_EPOCH,
            metamodel,
            topology: Topology::new(),
            nodes: Vector::new(),
            edges: Vector::new(),
            ids: HashMap::new(),
            former: HashMap::new(),
            kinds,
            node_kinds: KindColumn::default(),
            search: SearchColumn::default(),
            changes: Vector::new(),
            first_change: 1,
            earlier: Arc::default(),
            counts: Counts::default(),
            validity,
            masks: Arc::default(),
        }
    }

    /// The revision; 0 is the empty model.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The ledger's hash at this revision, in hexadecimal.
    pub fn hash(&self) -> &str {
        self.changes.back().and_then(|summary| summary.hash.get()).map_or("", |hash| hash)
    }

    /// When the revision was recorded.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// The metamodel, shared.
    pub fn shared_metamodel(&self) -> &Arc<Metamodel> {
        &self.metamodel
    }

    /// Who neighbours whom.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// How many items there are.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// What is known of a change set; revisions count from 1. Absent before the floor.
    pub fn change(&self, revision: u64) -> Option<&Arc<ChangeSummary>> {
        let place = usize::try_from(revision.checked_sub(self.first_change)?).ok()?;
        self.changes.get(place)
    }

    /// The revision from which on states and change sets are in memory; what was before has to be read from
    /// the ledger. 0 when everything is here.
    pub fn floor(&self) -> u64 {
        self.earlier.floor
    }

    /// Where an item lives; also for items that are deleted.
    pub fn place(&self, id: &str) -> Option<Place> {
        self.ids.get(id).copied()
    }

    /// The element with this id. Takes O(1).
    pub fn element(&self, id: &str) -> Option<&Arc<Element>> {
        match self.place(id)? {
            Place::Element(node) => self.element_at(node),
            Place::Relationship(_) => None,
        }
    }

    /// The relationship with this id. Takes O(1).
    pub fn relationship(&self, id: &str) -> Option<&Arc<Relationship>> {
        match self.place(id)? {
            Place::Element(_) => None,
            Place::Relationship(edge) => self.relationship_at(edge),
        }
    }

    /// The element of a node, if it is one and not deleted.
    pub fn element_at(&self, node: Node) -> Option<&Arc<Element>> {
        match self.nodes.get(node.index())? {
            NodeSlot::Element(version, _) => version.state.as_ref(),
            NodeSlot::Relationship(_) => None,
        }
    }

    /// The relationship of an edge, if it is not deleted.
    pub fn relationship_at(&self, edge: Edge) -> Option<&Arc<Relationship>> {
        self.edges.get(edge.index())?.version.state.as_ref()
    }

    /// What a node stands for: an element, or a relationship that is an end of another.
    pub fn item_at(&self, node: Node) -> Option<Item<'_>> {
        match self.nodes.get(node.index())? {
            NodeSlot::Element(version, _) => version.state.as_ref().map(Item::Element),
            NodeSlot::Relationship(edge) => self.relationship_at(*edge).map(Item::Relationship),
        }
    }

    /// The node of an item; a relationship has one only if it is an end of another.
    pub fn node(&self, id: &str) -> Option<Node> {
        match self.place(id)? {
            Place::Element(node) => Some(node),
            Place::Relationship(edge) => self.edges.get(edge.index())?.node,
        }
    }

    /// The edge that a node stands for, if it stands for one.
    pub fn edge_of_node(&self, node: Node) -> Option<Edge> {
        match self.nodes.get(node.index())? {
            NodeSlot::Relationship(edge) => Some(*edge),
            NodeSlot::Element(..) => None,
        }
    }

    /// The nodes at the ends of an edge.
    pub fn ends(&self, edge: Edge) -> Option<(Node, Node)> {
        self.edges.get(edge.index()).map(|slot| (slot.source, slot.target))
    }

    /// The nodes at the ends of an edge whose relationship is not deleted.
    pub fn live_ends(&self, edge: Edge) -> Option<(Node, Node)> {
        let slot = self.edges.get(edge.index())?;
        slot.version.state.is_some().then_some((slot.source, slot.target))
    }

    /// The node of an edge, if the relationship is an end of another.
    pub fn node_of_edge(&self, edge: Edge) -> Option<Node> {
        self.edges.get(edge.index())?.node
    }

    /// The ids of exactly this kind after `after`, in order.
    pub fn ids_of_kind<'a>(
        &'a self,
        kind: KindId,
        after: Option<&str>,
    ) -> impl Iterator<Item = &'a Identifier> + use<'a> {
        use std::ops::Bound;
        let lower = after.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = self.kinds.get(kind.index()).map(|ids| ids.range::<_, str>((lower, Bound::Unbounded)));
        ids.into_iter().flatten().map(|(id, _)| id)
    }

    /// The kind of what a node stands for; none where it is deleted. Takes O(1) and touches two lines of memory.
    #[inline]
    pub fn node_kind(&self, node: Node) -> Option<KindId> {
        self.node_kinds.get(node)
    }

    /// Calls `visit` with each node that stands for something and its kind, ascending.
    pub fn for_each_node_kind<B>(&self, visit: impl FnMut(Node, KindId) -> ControlFlow<B>) -> ControlFlow<B> {
        self.node_kinds.for_each(visit)
    }

    /// The nodes of items of exactly this kind, in the order of their ids; relationships only where they have one.
    pub fn nodes_of_kind(&self, kind: KindId) -> impl Iterator<Item = Node> + '_ {
        let relationship = self.metamodel.kind(kind).is_relationship();
        let places = self.kinds.get(kind.index()).into_iter().flat_map(|ids| ids.values().copied());
        places.filter_map(move |place| if relationship { self.node_of_edge(Edge(place)) } else { Some(Node(place)) })
    }

    /// How many items of exactly this kind there are.
    pub fn count_of_kind(&self, kind: KindId) -> usize {
        self.kinds.get(kind.index()).map_or(0, OrdMap::len)
    }

    /// Elements, and relationships that are an end of another, whose names, readings, aliases or ids
    /// hold the words, best first.
    pub fn search(&self, query: &str, limit: usize, accept: impl Fn(Node) -> bool) -> Vec<Found> {
        self.search.find(query, limit, |node| self.is_found(node) && accept(node))
    }

    /// A relationship keeps its node when it is no longer an end of another, and is not found by it any more.
    fn is_found(&self, node: Node) -> bool {
        match self.nodes.get(node.index()) {
            Some(NodeSlot::Relationship(_)) => self.topology.degree(node, super::ids::Direction::Both) > 0,
            held => held.is_some(),
        }
    }

    /// The masks of a date, or none when every item is valid at all times.
    pub(super) fn masks_at(&self, date: Date) -> Option<Arc<Masks>> {
        if self.counts.limited == 0 {
            return None;
        }
        let mut held = self.masks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, masks)) = held.iter().find(|(of, _)| *of == date) {
            return Some(Arc::clone(masks));
        }
        let masks = Arc::new(Masks::at(self, date));
        if held.len() >= MOST_MASKS {
            held.remove(0);
        }
        held.push((date, Arc::clone(&masks)));
        Some(masks)
    }

    /// Whether attributes make an item valid on a day; both limits are inclusive.
    pub(super) fn is_valid(&self, attributes: &crate::domain::Attributes, date: Date) -> bool {
        let limit = |name: Option<AttributeName>| name.and_then(|name| attributes.get(name)?.as_date());
        limit(self.validity.from).is_none_or(|from| from <= date) && limit(self.validity.to).is_none_or(|to| date <= to)
    }

    /// How many nodes there are, deleted ones included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// How many edges there ever were.
    pub fn edge_capacity(&self) -> usize {
        self.edges.len()
    }

    fn related(&self, id: &str, direction: super::ids::Direction, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        let Some(node) = self.node(id) else {
            return Vec::new();
        };
        let edge_kind = kind.map(|kind| super::ids::EdgeKind(kind.number()));
        let mut found: Vec<Arc<Relationship>> = match edge_kind {
            Some(kind) => self.relationships_of(self.topology.neighbours_of_kind(node, direction, kind)),
            None => self.relationships_of(self.topology.neighbours(node, direction)),
        };
        match direction {
            super::ids::Direction::Incoming => found.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id))),
            _ => found.sort_by(|a, b| (&a.target, &a.id).cmp(&(&b.target, &b.id))),
        }
        found
    }

    fn relationships_of(&self, neighbours: impl Iterator<Item = super::ids::Neighbour>) -> Vec<Arc<Relationship>> {
        neighbours.filter_map(|neighbour| self.relationship_at(neighbour.edge).cloned()).collect()
    }
}

impl Model for Snapshot {
    fn metamodel(&self) -> &Metamodel {
        &self.metamodel
    }

    fn item(&self, id: &str) -> Option<Item<'_>> {
        match self.place(id)? {
            Place::Element(node) => self.element_at(node).map(Item::Element),
            Place::Relationship(edge) => self.relationship_at(edge).map(Item::Relationship),
        }
    }

    fn outgoing(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        self.related(id, super::ids::Direction::Outgoing, kind)
    }

    fn incoming(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        self.related(id, super::ids::Direction::Incoming, kind)
    }

    fn similar_id(&self, id: &str) -> Option<String> {
        let element_ids = self.metamodel.element_kinds().flat_map(|kind| self.ids_of_kind(kind.id, None));
        nearest::nearest(id, element_ids.take(MOST_COMPARED).map(Identifier::as_str)).map(str::to_owned)
    }
}

/// How many ids a misspelt one is compared with at most.
const MOST_COMPARED: usize = 20_000;
