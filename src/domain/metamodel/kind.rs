//! A kind of element or relationship.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::attribute_definition::{AttributeDefinition, AttributeType, ReferenceDefinition};
use super::impact_meaning::ImpactMeaning;
use super::{AttributeName, KindId};
use crate::domain::localized::Localized;
use crate::domain::nearest;

/// What all elements or relationships of one kind have in common.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its place in the metamodel.
    pub id: KindId,
    /// Its name in `snake_case`.
    pub name: Arc<str>,
    /// Itself and what it specialises, nearest first.
    pub lineage: Vec<KindId>,
    /// Whether elements of exactly this kind are refused.
    pub is_abstract: bool,
    /// The name in the `ArchiMate` exchange format, own or inherited.
    pub archimate: Option<Arc<str>>,
    /// The `ArchiMate` layer's name, own or inherited.
    pub layer: Option<Arc<str>>,
    /// The layer of デジタル庁's guidebook DS-467, where it has one.
    pub ds467_layer: Option<Arc<str>>,
    /// What people call it.
    pub label: Localized,
    /// One line of explanation.
    pub help: Localized,
    /// Plural in `snake_case`: the list in a model file and, in kebab-case, the REST collection.
    /// Relationship kinds have one only where the metamodel says so.
    pub collection: Option<Arc<str>>,
    /// Other spellings of the collection that are served alike.
    pub collection_aliases: Vec<Arc<str>>,
    /// How identifiers of this kind usually begin.
    pub id_prefix: Option<Arc<str>>,
    /// Where the display name comes from.
    pub naming: Naming,
    /// Whether a name of its own may be left out (junctions).
    pub name_is_optional: bool,
    /// Attributes that hold the name in another language.
    pub name_in: Vec<(Arc<str>, AttributeName)>,
    /// The attribute that holds the name's reading (kana).
    pub reading: Option<AttributeName>,
    /// Attributes, inherited ones first, in the order they are shown.
    pub attributes: Vec<AttributeDefinition>,
    /// What only relationship kinds have.
    pub relationship: Option<RelationshipTraits>,
    pub(super) index: FxHashMap<AttributeName, usize>,
    pub(super) by_text: FxHashMap<Arc<str>, usize>,
}

/// Where a display name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// A name of its own.
    Own,
    /// The value of an attribute.
    Attribute(AttributeName),
    /// Parts put together.
    Template(Vec<TemplatePart>),
}

/// A part of a display name's template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// Characters as they are.
    Literal(Arc<str>),
    /// An attribute's value, or the display names that a reference points to.
    Attribute(AttributeName),
}

/// What only relationship kinds have.
#[derive(Debug, Clone, Default)]
pub struct RelationshipTraits {
    /// Whether `ArchiMate`'s arrow points the other way.
    pub reversed: bool,
    /// How a relationship is read aloud.
    pub wording: Wording,
    /// The permitted ends; empty when the `ArchiMate` matrix decides.
    pub ends: Vec<EndRule>,
    /// What a change at one end means for the other.
    pub impact: Vec<ImpactMeaning>,
    /// Whether its presence shows that somebody recorded a dependency (coverage of impact).
    pub shows_dependency: bool,
}

/// How a relationship is read aloud; `{source}` and `{target}` stand for display names.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// Along the arrow.
    pub forward: Localized,
    /// Against it.
    pub backward: Localized,
}

/// One permitted combination of ends.
#[derive(Debug, Clone)]
pub struct EndRule {
    /// The source is one of these.
    pub sources: Vec<EndKind>,
    /// And the target one of these.
    pub targets: Vec<EndKind>,
}

/// What may stand at an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndKind {
    /// Every element.
    AnyElement,
    /// Every relationship.
    AnyRelationship,
    /// Items of this kind and of those that specialise it.
    Kind(KindId),
}

impl Kind {
    /// Whether this is a relationship kind.
    pub fn is_relationship(&self) -> bool {
        self.relationship.is_some()
    }

    /// Whether its items have a name of their own.
    pub fn has_own_name(&self) -> bool {
        !self.is_relationship() && self.naming == Naming::Own
    }

    /// An attribute's definition.
    pub fn attribute(&self, name: AttributeName) -> Option<&AttributeDefinition> {
        self.index.get(&name).map(|place| &self.attributes[*place])
    }

    /// An attribute's definition by the attribute's full, dotted name.
    pub fn attribute_named(&self, text: &str) -> Option<&AttributeDefinition> {
        self.by_text.get(text).map(|place| &self.attributes[*place])
    }

    /// The attributes that are references, with what they refer to.
    pub fn references(&self) -> impl Iterator<Item = (&AttributeDefinition, &ReferenceDefinition)> {
        self.attributes.iter().filter_map(|definition| Some((definition, definition.reference()?)))
    }

    /// The reference attribute that stands for relationships of `relationship` starting here.
    pub fn reference_by(&self, relationship: KindId) -> Option<(&AttributeDefinition, &ReferenceDefinition)> {
        self.references().find(|(_, reference)| reference.relationship == relationship)
    }

    /// The path under which items of this kind are served, in kebab-case.
    pub fn rest_collection(&self) -> Option<String> {
        self.collection.as_ref().map(|collection| collection.replace('_', "-"))
    }

    /// `; did you mean "…"?` for a misspelt attribute.
    pub fn attribute_hint(&self, word: &str) -> String {
        nearest::hint(word, self.attributes.iter().map(|definition| &*definition.text))
    }

    /// Whether some attribute's name begins with this group, as `availability` begins `availability.rto_hours`.
    pub fn has_group(&self, group: &str) -> bool {
        self.attributes
            .iter()
            .any(|definition| definition.text.strip_prefix(group).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Attributes with a value type (no references), in order.
    pub fn value_attributes(&self) -> impl Iterator<Item = &AttributeDefinition> {
        self.attributes.iter().filter(|definition| !matches!(definition.value_type, AttributeType::Reference(_)))
    }
}
