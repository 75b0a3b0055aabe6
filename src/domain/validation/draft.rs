//! A model with the changes of one change set laid over it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::attributes::Attributes;
use crate::domain::element::{Delta, Element, Item, Model, Relationship, Transition};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{KindId, Metamodel};

/// A model under change; what is not touched is read from the base.
pub struct Draft<'m> {
    base: &'m dyn Model,
    /// Whether what is new keeps neither name nor attributes: enough to judge others by, and little to hold.
    forgets: bool,
    elements: Overlay<Element>,
    relationships: Overlay<Relationship>,
    outgoing: FxHashMap<Identifier, Vec<Identifier>>,
    incoming: FxHashMap<Identifier, Vec<Identifier>>,
}

/// Touched items in the order of their first touch.
struct Overlay<T> {
    order: Vec<Identifier>,
    touched: FxHashMap<Identifier, Transition<T>>,
}

impl<T: PartialEq> Overlay<T> {
    fn new() -> Self {
        Self { order: Vec::new(), touched: FxHashMap::default() }
    }

    fn put(&mut self, id: &Identifier, before: Option<Arc<T>>, after: Option<Arc<T>>) {
        if let Some(transition) = self.touched.get_mut(id) {
            transition.after = after;
            return;
        }
        self.order.push(id.clone());
        self.touched.insert(id.clone(), Transition { before, after });
    }

    fn removed(&self) -> impl Iterator<Item = &Identifier> {
        self.order.iter().filter(|id| self.touched[*id].after.is_none())
    }

    /// What really changed, in order.
    fn transitions(mut self) -> Vec<Transition<T>> {
        let touched = self.order.iter().filter_map(|id| self.touched.remove(id));
        touched.filter(|transition| transition.before != transition.after).collect()
    }
}

impl<'m> Draft<'m> {
    /// A draft in which nothing is changed yet.
    pub fn new(base: &'m dyn Model) -> Self {
        Self {
            base,
            forgets: false,
            elements: Overlay::new(),
            relationships: Overlay::new(),
            outgoing: FxHashMap::default(),
            incoming: FxHashMap::default(),
        }
    }

    /// A draft that keeps neither names nor attributes of what is new.
    pub(super) fn forgetful(base: &'m dyn Model) -> Self {
        Self { forgets: true, ..Self::new(base) }
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

    /// Makes or replaces an element.
    pub fn put_element(&mut self, element: Element) {
        let before = self.base_element(&element.id);
        let element = if self.forgets && before.is_none() {
            Element { name: None, attributes: Attributes::default(), ..element }
        } else {
            element
        };
        self.elements.put(&element.id.clone(), before, Some(Arc::new(element)));
    }

    /// Removes an element, and nothing else.
    pub fn remove_element(&mut self, id: &Identifier) {
        let before = self.base_element(id);
        self.elements.put(id, before, None);
    }

    /// Whether this change set has removed the item with this id.
    pub fn has_removed(&self, id: &str) -> bool {
        let element = self.elements.touched.get(id).is_some_and(|transition| transition.after.is_none());
        element || self.relationships.touched.get(id).is_some_and(|transition| transition.after.is_none())
    }

    /// Makes or replaces a relationship; its ends must not change.
    pub fn put_relationship(&mut self, relationship: Relationship) {
        let before = self.base_relationship(&relationship.id);
        if before.is_none() && !self.relationships.touched.contains_key(&relationship.id) {
            self.outgoing.entry(relationship.source.clone()).or_default().push(relationship.id.clone());
            self.incoming.entry(relationship.target.clone()).or_default().push(relationship.id.clone());
        }
        let relationship = if self.forgets && before.is_none() {
            Relationship { name: None, attributes: Attributes::default(), ..relationship }
        } else {
            relationship
        };
        self.relationships.put(&relationship.id.clone(), before, Some(Arc::new(relationship)));
    }

    /// Removes a relationship, and nothing else.
    pub fn remove_relationship(&mut self, id: &Identifier) {
        let before = self.base_relationship(id);
        self.relationships.put(id, before, None);
    }

    /// Relationships touched so far, as they are now.
    pub fn touched_relationships(&self) -> impl Iterator<Item = &Transition<Relationship>> {
        self.relationships.order.iter().map(|id| &self.relationships.touched[id])
    }

    /// Ids of the items removed so far, those that this very change set had made included.
    pub fn removed(&self) -> impl Iterator<Item = &Identifier> {
        self.elements.removed().chain(self.relationships.removed())
    }

    /// What changed against the base.
    pub fn into_delta(self) -> Delta {
        Delta { elements: self.elements.transitions(), relationships: self.relationships.transitions() }
    }

    fn base_element(&self, id: &Identifier) -> Option<Arc<Element>> {
        match self.base.item(id.as_str()) {
            Some(Item::Element(element)) => Some(Arc::clone(element)),
            _ => None,
        }
    }

    fn base_relationship(&self, id: &Identifier) -> Option<Arc<Relationship>> {
        match self.base.item(id.as_str()) {
            Some(Item::Relationship(relationship)) => Some(Arc::clone(relationship)),
            _ => None,
        }
    }

    fn connected(
        &self,
        from_base: Vec<Arc<Relationship>>,
        added: Option<&Vec<Identifier>>,
        kind: Option<KindId>,
    ) -> Vec<Arc<Relationship>> {
        let wanted = |held: KindId| kind.is_none_or(|kind| held == kind);
        let current = |relationship: Arc<Relationship>| match self.relationships.touched.get(&relationship.id) {
            None => Some(relationship),
            Some(transition) => transition.after.clone(),
        };
        let mut found: Vec<Arc<Relationship>> = from_base.into_iter().filter_map(current).collect();
        let added = added.into_iter().flatten().filter_map(|id| self.relationships.touched.get(id)?.after.clone());
        found.extend(added.filter(|relationship| wanted(relationship.kind)));
        found
    }
}

impl Model for Draft<'_> {
    fn metamodel(&self) -> &Metamodel {
        self.base.metamodel()
    }

    fn item(&self, id: &str) -> Option<Item<'_>> {
        if let Some(transition) = self.elements.touched.get(id)
            && let Some(element) = &transition.after
        {
            return Some(Item::Element(element));
        }
        if let Some(transition) = self.relationships.touched.get(id) {
            return transition.after.as_ref().map(Item::Relationship);
        }
        if self.elements.touched.contains_key(id) {
            return None;
        }
        self.base.item(id)
    }

    fn outgoing(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        let mut found = self.connected(self.base.outgoing(id, kind), self.outgoing.get(id), kind);
        found.sort_by(|a, b| (&a.target, &a.id).cmp(&(&b.target, &b.id)));
        found
    }

    fn incoming(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        let mut found = self.connected(self.base.incoming(id, kind), self.incoming.get(id), kind);
        found.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
        found
    }

    fn similar_id(&self, id: &str) -> Option<String> {
        let touched = self.elements.order.iter().chain(&self.relationships.order).map(Identifier::as_str);
        let here = crate::domain::nearest::nearest(id, touched).map(str::to_owned);
        here.or_else(|| self.base.similar_id(id))
    }
}
