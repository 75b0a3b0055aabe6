//! What somebody sees of a snapshot on a day: the only way to ask anything.

use std::sync::Arc;

use jiff::civil::Date;

use super::adjacency::Topology;
use super::filter::{Everything, Masked};
use super::ids::{Edge, Node};
use super::masks::Masks;
use super::snapshot::{Place, Snapshot};
use crate::domain::element::{Element, Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{KindId, Metamodel};

/// A snapshot as of a date in the world, without what the asker may not see.
///
/// What is filtered out cannot be found, counted, traversed or drawn: it is decided here, once.
#[derive(Debug, Clone)]
pub struct View {
    snapshot: Arc<Snapshot>,
    date: Date,
    masks: Option<Arc<Masks>>,
}

/// The filter of a view, for kernels that are compiled for each form.
#[derive(Debug, Clone, Copy)]
pub enum ViewFilter<'a> {
    /// Nothing is hidden.
    Everything(Everything),
    /// Something is.
    Masked(Masked<'a>),
}

impl View {
    /// All that is valid on a day.
    pub fn new(snapshot: Arc<Snapshot>, date: Date) -> Self {
        let masks = snapshot.masks_at(date);
        Self { snapshot, date, masks }
    }

    /// All that is valid on a day and that passes `may_see`. Takes time proportional to the model.
    pub fn with_visibility(snapshot: Arc<Snapshot>, date: Date, may_see: impl Fn(Item<'_>) -> bool) -> Self {
        let masks = Masks::by(&snapshot, |item| snapshot.is_valid(item.attributes(), date) && may_see(item));
        Self { snapshot, date, masks: Some(Arc::new(masks)) }
    }

    /// The revision that is seen.
    pub fn revision(&self) -> u64 {
        self.snapshot.revision()
    }

    /// The day in the world that is seen.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The snapshot beneath; for what has no validity, such as history.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Who neighbours whom; to be asked with [`View::filter`] only.
    pub fn topology(&self) -> &Topology {
        self.snapshot.topology()
    }

    /// What is hidden.
    pub fn filter(&self) -> ViewFilter<'_> {
        match &self.masks {
            None => ViewFilter::Everything(Everything),
            Some(masks) => {
                ViewFilter::Masked(Masked { nodes: Some(&masks.nodes), edges: Some(&masks.edges), kinds: None })
            }
        }
    }

    /// Whether a node is seen.
    #[inline]
    pub fn sees_node(&self, node: Node) -> bool {
        self.masks.as_ref().is_none_or(|masks| masks.nodes.contains(node.0))
    }

    /// Whether an edge is seen.
    #[inline]
    pub fn sees_edge(&self, edge: Edge) -> bool {
        self.masks.as_ref().is_none_or(|masks| masks.edges.contains(edge.0))
    }

    /// The element with this id.
    pub fn element(&self, id: &str) -> Option<&Arc<Element>> {
        match self.item(id) {
            Some(Item::Element(element)) => Some(element),
            _ => None,
        }
    }

    /// The relationship with this id.
    pub fn relationship(&self, id: &str) -> Option<&Arc<Relationship>> {
        match self.item(id) {
            Some(Item::Relationship(relationship)) => Some(relationship),
            _ => None,
        }
    }

    /// What a node stands for, if it is seen.
    pub fn item_at(&self, node: Node) -> Option<Item<'_>> {
        self.snapshot.item_at(node).filter(|_| self.sees_node(node))
    }

    /// The relationship of an edge, if it is seen.
    pub fn relationship_at(&self, edge: Edge) -> Option<&Arc<Relationship>> {
        self.snapshot.relationship_at(edge).filter(|_| self.sees_edge(edge))
    }

    /// The node of an item that is seen.
    pub fn node(&self, id: &str) -> Option<Node> {
        self.snapshot.node(id).filter(|node| self.sees_node(*node))
    }

    /// Items of a kind and of those that specialise it, sorted by id, after `after`.
    pub fn items_of_kind<'a>(&'a self, kind: KindId, after: Option<&str>) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let kinds = self.snapshot.metamodel().descendants(kind);
        self.items_of_kinds(&kinds, after)
    }

    /// Items of exactly these kinds, sorted by id, after `after`.
    pub fn items_of_kinds<'a>(
        &'a self,
        kinds: &[KindId],
        after: Option<&str>,
    ) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let mut sources: Vec<_> = kinds.iter().map(|kind| self.snapshot.ids_of_kind(*kind, after).peekable()).collect();
        std::iter::from_fn(move || {
            let next = sources.iter_mut().enumerate().filter_map(|(place, ids)| Some((*ids.peek()?, place)));
            let (_, place) = next.min()?;
            sources[place].next()
        })
        .filter_map(|id: &Identifier| self.item(id.as_str()))
    }

    /// Elements of a kind and of those that specialise it, sorted by id.
    pub fn elements_of_kind(&self, kind: KindId) -> impl Iterator<Item = &Arc<Element>> {
        self.items_of_kind(kind, None).filter_map(|item| match item {
            Item::Element(element) => Some(element),
            Item::Relationship(_) => None,
        })
    }

    /// Relationships of a kind and of those that specialise it, sorted by id.
    pub fn relationships_of_kind(&self, kind: KindId) -> impl Iterator<Item = &Arc<Relationship>> {
        self.items_of_kind(kind, None).filter_map(|item| match item {
            Item::Relationship(relationship) => Some(relationship),
            Item::Element(_) => None,
        })
    }

    fn seen(&self, relationships: Vec<Arc<Relationship>>) -> Vec<Arc<Relationship>> {
        if self.masks.is_none() {
            return relationships;
        }
        relationships.into_iter().filter(|relationship| self.item(relationship.id.as_str()).is_some()).collect()
    }
}

impl Model for View {
    fn metamodel(&self) -> &Metamodel {
        self.snapshot.metamodel()
    }

    fn item(&self, id: &str) -> Option<Item<'_>> {
        let seen = match self.snapshot.place(id)? {
            Place::Element(node) => self.sees_node(node),
            Place::Relationship(edge) => self.sees_edge(edge),
        };
        if seen { self.snapshot.item(id) } else { None }
    }

    fn outgoing(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        self.seen(self.snapshot.outgoing(id, kind))
    }

    fn incoming(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        self.seen(self.snapshot.incoming(id, kind))
    }

    fn similar_id(&self, id: &str) -> Option<String> {
        self.snapshot.similar_id(id).filter(|found| self.item(found).is_some())
    }
}
