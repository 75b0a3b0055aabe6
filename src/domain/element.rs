//! Elements, relationships, and what both are: items.

use std::sync::Arc;

use super::attributes::Attributes;
use super::identifier::Identifier;
use super::metamodel::KindId;

/// A thing of the city: a system, a department, a process, a piece of data (`ArchiMate` 3.2 §3.2, element).
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Unique among elements and relationships.
    pub id: Identifier,
    /// An element kind of the metamodel.
    pub kind: KindId,
    /// Its own name; absent where the kind takes its display name from elsewhere.
    pub name: Option<Arc<str>>,
    /// Its attributes; references are relationships and not among them.
    pub attributes: Attributes,
}

/// A directed connection of two items (`ArchiMate` 3.2 §5); an end may itself be a relationship.
#[derive(Debug, Clone, PartialEq)]
pub struct Relationship {
    /// Unique among elements and relationships.
    pub id: Identifier,
    /// A relationship kind of the metamodel.
    pub kind: KindId,
    /// The item it starts from.
    pub source: Identifier,
    /// The item it points to.
    pub target: Identifier,
    /// A name of its own, where it has one.
    pub name: Option<Arc<str>>,
    /// Its attributes; references are relationships and not among them.
    pub attributes: Attributes,
}

/// An element or a relationship.
#[derive(Debug, Clone, Copy)]
pub enum Item<'a> {
    /// An element.
    Element(&'a Arc<Element>),
    /// A relationship.
    Relationship(&'a Arc<Relationship>),
}

impl<'a> Item<'a> {
    /// Its identifier.
    pub fn id(self) -> &'a Identifier {
        match self {
            Self::Element(element) => &element.id,
            Self::Relationship(relationship) => &relationship.id,
        }
    }

    /// Its kind.
    pub fn kind(self) -> KindId {
        match self {
            Self::Element(element) => element.kind,
            Self::Relationship(relationship) => relationship.kind,
        }
    }

    /// Its attributes.
    pub fn attributes(self) -> &'a Attributes {
        match self {
            Self::Element(element) => &element.attributes,
            Self::Relationship(relationship) => &relationship.attributes,
        }
    }

    /// Its own name, where it has one.
    pub fn name(self) -> Option<&'a Arc<str>> {
        match self {
            Self::Element(element) => element.name.as_ref(),
            Self::Relationship(relationship) => relationship.name.as_ref(),
        }
    }
}

/// What a set of changes did: each touched item before and after.
#[derive(Debug, Clone, Default)]
pub struct Delta {
    /// Elements; absent before = created, absent after = deleted.
    pub elements: Vec<Transition<Element>>,
    /// Relationships, likewise.
    pub relationships: Vec<Transition<Relationship>>,
}

/// One item before and after a change; at least one is present and both have the same id.
#[derive(Debug, Clone)]
pub struct Transition<T> {
    /// As it was; absent if it was created.
    pub before: Option<Arc<T>>,
    /// As it is; absent if it was deleted.
    pub after: Option<Arc<T>>,
}

impl<T> Transition<T> {
    /// The state that exists, the later one if both do.
    ///
    /// # Panics
    /// Never for a transition made by validation: one side is always there.
    pub fn either(&self) -> &Arc<T> {
        self.after.as_ref().or(self.before.as_ref()).expect("a transition has a before or an after")
    }
}

impl Delta {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty() && self.relationships.is_empty()
    }
}

/// What validation and naming need to know of a model, without knowing how it is kept.
pub trait Model {
    /// The metamodel that the model follows.
    fn metamodel(&self) -> &super::Metamodel;
    /// The element or relationship with this id.
    fn item(&self, id: &str) -> Option<Item<'_>>;
    /// The relationships that start from an item, of one kind if given, sorted by (target, id).
    fn outgoing(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>>;
    /// The relationships that point to an item, of one kind if given, sorted by (source, id).
    fn incoming(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>>;
    /// Ids that a misspelt one could have meant.
    fn similar_id(&self, id: &str) -> Option<String>;
}
