//! A view as rules read it: by place instead of by id, without copies.

use std::cell::RefCell;
use std::rc::Rc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::terms::Terms;
use crate::domain::metamodel::{AttributeName, KindId, Metamodel};
use crate::domain::{Identifier, Item, Model, Relationship, Value};
use crate::graph::{Direction, Edge, EdgeKind, Node, Place, View};

/// Reads a view for one run of rules; what is asked often is kept.
///
/// Not to be shared between threads: a run has one of its own.
#[derive(Debug)]
pub struct Reader<'v> {
    view: &'v View,
    terms: Terms,
    kinds: RefCell<FxHashMap<Box<str>, Rc<[KindId]>>>,
    members: RefCell<FxHashMap<KindId, Rc<[Place]>>>,
}

impl<'v> Reader<'v> {
    /// A reader of a view; the terms say which items of the model are meant by words of the domain.
    pub fn new(view: &'v View, terms: &super::terms::TermDefinitions) -> Self {
        let terms = terms.resolve(view);
        Self { view, terms, kinds: RefCell::default(), members: RefCell::default() }
    }

    /// The view that is read.
    pub fn view(&self) -> &'v View {
        self.view
    }

    /// The metamodel of the view.
    pub fn metamodel(&self) -> &'v Metamodel {
        self.view.metamodel()
    }

    /// The day in the world.
    pub fn date(&self) -> Date {
        self.view.date()
    }

    /// Which items the words of the domain mean in this model.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// A kind and those that specialise it; empty where the metamodel does not have it.
    pub fn kinds(&self, name: &str) -> Rc<[KindId]> {
        if let Some(held) = self.kinds.borrow().get(name) {
            return Rc::clone(held);
        }
        let metamodel = self.metamodel();
        let found = metamodel.kind_named(name).map(|kind| metamodel.descendants(kind.id)).unwrap_or_default();
        let found: Rc<[KindId]> = found.into();
        self.kinds.borrow_mut().insert(name.into(), Rc::clone(&found));
        found
    }

    /// The items of a kind and of those that specialise it, by kind, then by id.
    pub fn all(&self, kind: &str) -> Vec<Place> {
        self.kinds(kind).iter().flat_map(|kind| self.members(*kind).to_vec()).collect()
    }

    /// The items of exactly this kind, sorted by id.
    pub fn members(&self, kind: KindId) -> Rc<[Place]> {
        if let Some(held) = self.members.borrow().get(&kind) {
            return Rc::clone(held);
        }
        let snapshot = self.view.snapshot();
        let found = snapshot.ids_of_kind(kind, None).filter_map(|id| self.place(id.as_str()));
        let found: Rc<[Place]> = found.collect::<Vec<_>>().into();
        self.members.borrow_mut().insert(kind, Rc::clone(&found));
        found
    }

    /// Where an item that is seen lives.
    pub fn place(&self, id: &str) -> Option<Place> {
        self.view.snapshot().place(id).filter(|place| self.sees(*place))
    }

    /// Whether what lives there is seen.
    pub fn sees(&self, place: Place) -> bool {
        match place {
            Place::Element(node) => self.view.sees_node(node) && self.view.snapshot().element_at(node).is_some(),
            Place::Relationship(edge) => {
                self.view.sees_edge(edge) && self.view.snapshot().relationship_at(edge).is_some()
            }
        }
    }

    /// The item at a place.
    pub fn item(&self, place: Place) -> Option<Item<'v>> {
        let snapshot = self.view.snapshot();
        match place {
            Place::Element(node) => snapshot.element_at(node).map(Item::Element),
            Place::Relationship(edge) => snapshot.relationship_at(edge).map(Item::Relationship),
        }
    }

    /// The identifier of what lives at a place; none where nothing does.
    pub fn identifier(&self, place: Place) -> Option<&'v Identifier> {
        self.item(place).map(Item::id)
    }

    /// The id of what lives at a place; empty where nothing does.
    pub fn id(&self, place: Place) -> &'v str {
        self.identifier(place).map_or("", Identifier::as_str)
    }

    /// The kind of what lives at a place.
    pub fn kind_of(&self, place: Place) -> Option<KindId> {
        self.item(place).map(Item::kind)
    }

    /// Whether an item is of a kind or of one that specialises it.
    pub fn is_a(&self, place: Place, kind: &str) -> bool {
        self.kind_of(place).is_some_and(|held| self.kinds(kind).contains(&held))
    }

    /// The value of an attribute by its full name.
    pub fn value(&self, place: Place, attribute: &str) -> Option<&'v Value> {
        self.value_of(place, self.metamodel().attribute_name(attribute)?)
    }

    /// The value of an attribute by its interned name.
    pub fn value_of(&self, place: Place, attribute: AttributeName) -> Option<&'v Value> {
        match self.item(place)? {
            Item::Element(element) => element.attributes.get(attribute),
            Item::Relationship(relationship) => relationship.attributes.get(attribute),
        }
    }

    /// The text or code of an attribute.
    pub fn text(&self, place: Place, attribute: &str) -> Option<&'v str> {
        self.value(place, attribute)?.as_text()
    }

    /// The whole number of an attribute.
    pub fn integer(&self, place: Place, attribute: &str) -> Option<i64> {
        self.value(place, attribute)?.as_integer()
    }

    /// The number of an attribute.
    pub fn number(&self, place: Place, attribute: &str) -> Option<f64> {
        self.value(place, attribute)?.as_number()
    }

    /// The yes or no of an attribute.
    pub fn boolean(&self, place: Place, attribute: &str) -> Option<bool> {
        match self.value(place, attribute)? {
            Value::Boolean(held) => Some(*held),
            _ => None,
        }
    }

    /// The day of an attribute.
    pub fn date_of(&self, place: Place, attribute: &str) -> Option<Date> {
        self.value(place, attribute)?.as_date()
    }

    /// The relationships of these kinds that start at an item, as far as they are seen.
    pub fn outgoing(&self, place: Place, kinds: &[KindId]) -> Vec<Edge> {
        self.edges(place, kinds, Direction::Outgoing)
    }

    /// The relationships of these kinds that end at an item, as far as they are seen.
    pub fn incoming(&self, place: Place, kinds: &[KindId]) -> Vec<Edge> {
        self.edges(place, kinds, Direction::Incoming)
    }

    fn edges(&self, place: Place, kinds: &[KindId], direction: Direction) -> Vec<Edge> {
        let Some(node) = self.node(place) else { return Vec::new() };
        let topology = self.view.topology();
        let neighbours =
            kinds.iter().flat_map(|kind| topology.neighbours_of_kind(node, direction, EdgeKind(kind.number())));
        neighbours.map(|neighbour| neighbour.edge).filter(|edge| self.view.sees_edge(*edge)).collect()
    }

    /// The node of an item; a relationship has one only when it is an end of another.
    pub fn node(&self, place: Place) -> Option<Node> {
        match place {
            Place::Element(node) => Some(node),
            Place::Relationship(edge) => self.view.snapshot().node_of_edge(edge),
        }
    }

    /// What a node stands for.
    pub fn place_of(&self, node: Node) -> Place {
        self.view.snapshot().edge_of_node(node).map_or(Place::Element(node), Place::Relationship)
    }

    /// Where a relationship starts.
    pub fn source(&self, edge: Edge) -> Option<Place> {
        self.view.snapshot().ends(edge).map(|(source, _)| self.place_of(source))
    }

    /// Where a relationship points.
    pub fn target(&self, edge: Edge) -> Option<Place> {
        self.view.snapshot().ends(edge).map(|(_, target)| self.place_of(target))
    }

    /// The relationship of an edge.
    pub fn relationship(&self, edge: Edge) -> Option<&'v Relationship> {
        self.view.snapshot().relationship_at(edge).map(|held| &**held)
    }

    /// What the relationships of a kind lead to from an item, sorted by id.
    pub fn targets(&self, place: Place, kind: &str) -> Vec<Place> {
        let edges = self.outgoing(place, &self.kinds(kind));
        self.sorted(edges.into_iter().filter_map(|edge| self.target(edge)).collect())
    }

    /// Where the relationships of a kind that point to an item come from, sorted by id.
    pub fn sources(&self, place: Place, kind: &str) -> Vec<Place> {
        let edges = self.incoming(place, &self.kinds(kind));
        self.sorted(edges.into_iter().filter_map(|edge| self.source(edge)).collect())
    }

    /// The one thing that a relationship of this kind leads to.
    pub fn target_of(&self, place: Place, kind: &str) -> Option<Place> {
        self.targets(place, kind).into_iter().next()
    }

    /// Places in the order of their ids, each once.
    pub fn sorted(&self, mut places: Vec<Place>) -> Vec<Place> {
        if places.len() > 1 {
            places.sort_by(|a, b| self.id(*a).cmp(self.id(*b)));
            places.dedup();
        }
        places
    }
}
