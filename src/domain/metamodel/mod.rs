//! The metamodel: which kinds of elements and relationships there are, what they
//! may say, how they may connect, and what a change of one means for another.
//!
//! It is data. `models/metamodel/archimate.yaml` holds `ArchiMate` 3.2, a profile
//! specialises it, and an architect's own files are laid over both.

mod attribute_definition;
mod attribute_reading;
mod fields;
mod impact_meaning;
mod kind;
mod kind_reading;
mod merging;
mod permitted;
mod reading;
mod vocabulary;
mod vocabulary_reading;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

pub use attribute_definition::{
    AttributeDefinition, AttributeType, Band, Enumeration, Field, Need, OwnedPart, PartSuffix, ReferenceDefinition,
};
pub use impact_meaning::{ImpactMeaning, MeaningDirection, StateName};
pub use kind::{EndKind, EndRule, Kind, Naming, RelationshipTraits, TemplatePart, Wording};
pub use permitted::PermittedMatrix;
pub use vocabulary::{
    Change, Effect, Layer, ModelDate, NeededFacts, ProbableDependents, SUBJECT, UseWithoutRole, Vocabulary,
};

use super::document::DocumentError;
use super::nearest;

/// A kind of element or relationship; an index into the metamodel's kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindId(u16);

impl KindId {
    /// The index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The index as it stands in the graph.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The kind at an index of [`Metamodel::kinds`].
    pub fn from_number(number: u16) -> Self {
        Self(number)
    }
}

/// An interned attribute name; its order has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeName(u16);

impl AttributeName {
    /// The name at an index of the metamodel's table of names.
    pub fn from_index(index: u16) -> Self {
        Self(index)
    }

    /// The index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// All kinds, and the words for changes and effects.
#[derive(Debug)]
pub struct Metamodel {
    kinds: Vec<Kind>,
    by_name: FxHashMap<Arc<str>, KindId>,
    by_collection: FxHashMap<Arc<str>, KindId>,
    names: AttributeNames,
    permitted: PermittedMatrix,
    vocabulary: Vocabulary,
    digest: [u8; 32],
}

/// The table of attribute names.
#[derive(Debug, Default)]
pub struct AttributeNames {
    names: Vec<Arc<str>>,
    index: FxHashMap<Arc<str>, AttributeName>,
}

impl AttributeNames {
    /// The interned form, made if it is new.
    fn intern(&mut self, text: &str) -> AttributeName {
        if let Some(name) = self.index.get(text) {
            return *name;
        }
        let number = u16::try_from(self.names.len()).expect("reading limits the number of attributes");
        let name = AttributeName(number);
        let text: Arc<str> = text.into();
        self.names.push(Arc::clone(&text));
        self.index.insert(text, name);
        name
    }
}

/// One file of a metamodel.
#[derive(Debug, Clone, Copy)]
pub struct MetamodelFile<'a> {
    /// The name shown in errors.
    pub name: &'a str,
    /// Its text, YAML.
    pub text: &'a str,
}

impl Metamodel {
    /// Reads files, each laid over the ones before it.
    ///
    /// # Errors
    /// The first fault, with file, line and what to write instead.
    pub fn read(files: &[MetamodelFile<'_>]) -> Result<Self, DocumentError> {
        Ok(Self { digest: digest_of(files), ..reading::read(files)? })
    }

    /// SHA-256 over the texts it was read from: what was derived under one digest is of no use under another.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// All kinds, in the order of their ids.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// A kind.
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[id.index()]
    }

    /// The kind of this name.
    pub fn kind_named(&self, name: &str) -> Option<&Kind> {
        self.by_name.get(name).map(|id| self.kind(*id))
    }

    /// The kind with this collection, in `snake_case` or kebab-case.
    pub fn kind_of_collection(&self, collection: &str) -> Option<&Kind> {
        self.by_collection.get(collection.replace('-', "_").as_str()).map(|id| self.kind(*id))
    }

    /// Element kinds, in order.
    pub fn element_kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter().filter(|kind| !kind.is_relationship())
    }

    /// Relationship kinds, in order.
    pub fn relationship_kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter().filter(|kind| kind.is_relationship())
    }

    /// Whether `kind` is `ancestor` or specialises it, directly or not.
    pub fn is_a(&self, kind: KindId, ancestor: KindId) -> bool {
        self.kind(kind).lineage.contains(&ancestor)
    }

    /// The kinds that are `ancestor` or specialise it.
    pub fn descendants(&self, ancestor: KindId) -> Vec<KindId> {
        self.kinds.iter().filter(|kind| kind.lineage.contains(&ancestor)).map(|kind| kind.id).collect()
    }

    /// The interned form of an attribute name, if any kind has it.
    pub fn attribute_name(&self, text: &str) -> Option<AttributeName> {
        self.names.index.get(text).copied()
    }

    /// The text of an interned attribute name.
    pub fn attribute_text(&self, name: AttributeName) -> &Arc<str> {
        &self.names.names[name.index()]
    }

    /// How many attribute names are interned.
    pub fn attribute_name_count(&self) -> usize {
        self.names.names.len()
    }

    /// The text of the attribute name at an index below [`Metamodel::attribute_name_count`].
    pub fn attribute_text_at(&self, index: usize) -> &Arc<str> {
        &self.names.names[index]
    }

    /// Changes, effects, layers.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What `ArchiMate` 3.2 appendix B permits.
    pub fn permitted(&self) -> &PermittedMatrix {
        &self.permitted
    }

    /// Whether a relationship of this kind may run between items of these kinds.
    ///
    /// The kind's own `ends` decide; where it declares none, the `ArchiMate` matrix does.
    pub fn permits(&self, relationship: KindId, source: KindId, target: KindId) -> bool {
        let kind = self.kind(relationship);
        let Some(traits) = kind.relationship.as_ref() else {
            return false;
        };
        if traits.ends.is_empty() {
            return self.permitted.permits(self, relationship, source, target);
        }
        traits.ends.iter().any(|rule| {
            rule.sources.iter().any(|end| self.end_matches(*end, source))
                && rule.targets.iter().any(|end| self.end_matches(*end, target))
        })
    }

    fn end_matches(&self, end: EndKind, kind: KindId) -> bool {
        match end {
            EndKind::AnyElement => !self.kind(kind).is_relationship(),
            EndKind::AnyRelationship => self.kind(kind).is_relationship(),
            EndKind::Kind(wanted) => self.is_a(kind, wanted),
        }
    }

    /// `; did you mean "…"?` for a misspelt kind.
    pub fn kind_hint(&self, word: &str) -> String {
        nearest::hint(word, self.kinds.iter().map(|kind| &*kind.name))
    }
}

fn digest_of(files: &[MetamodelFile<'_>]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for file in files {
        digest.update((file.text.len() as u64).to_le_bytes());
        digest.update(file.text.as_bytes());
    }
    digest.finalize().into()
}
