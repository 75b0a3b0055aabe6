//! The names that queries over a model use: kinds, their ancestors, and attributes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::keys::{Keys, Meaning};
use super::shape::Shapes;
use super::spelling::{label_of, type_of};
use crate::domain::metamodel::{Kind, KindId, Metamodel};
use crate::domain::nearest;
use crate::graph::EdgeKind;
use crate::query::source::{Catalog, Key, Label, Signature, Unknown};

/// The label of every element.
pub(super) const ELEMENT: Label = Label(u32::MAX);
/// The label of every relationship that stands as a node.
pub(super) const RELATIONSHIP: Label = Label(u32::MAX - 1);

/// The names of a metamodel, as queries spell them. Made once for a metamodel and shared.
#[derive(Debug)]
pub struct ViewCatalog {
    labels: FxHashMap<Arc<str>, Label>,
    types: FxHashMap<Arc<str>, Vec<EdgeKind>>,
    pub(super) keys: Keys,
    /// By kind, itself and its ancestors as labels, nearest first.
    pub(super) lineages: Vec<Arc<[Arc<str>]>>,
    /// By kind, its name as a relationship type.
    pub(super) spelt_types: Vec<Arc<str>>,
    /// By label (a kind), the kinds that are it or specialise it.
    pub(super) descendants: Vec<Vec<KindId>>,
    /// By kind, whether it is a kind of relationship.
    pub(super) is_relationship: Vec<bool>,
    /// By kind, whether it is, or specialises, another kind: one bit each.
    is_a: Vec<Vec<u64>>,
    procedures: FxHashMap<Arc<str>, Arc<Signature>>,
    /// Numbers about the graph that was last asked under these names, for estimates.
    pub(super) shapes: Shapes,
}

impl ViewCatalog {
    /// The names of a metamodel.
    pub fn new(metamodel: &Metamodel) -> Self {
        let mut catalog = Self {
            labels: FxHashMap::default(),
            types: FxHashMap::default(),
            keys: Keys::new(metamodel),
            lineages: Vec::new(),
            spelt_types: Vec::new(),
            descendants: Vec::new(),
            is_relationship: Vec::new(),
            is_a: Vec::new(),
            procedures: FxHashMap::default(),
            shapes: Shapes::default(),
        };
        for kind in metamodel.kinds() {
            catalog.add_kind(metamodel, kind);
        }
        catalog.labels.insert("Element".into(), ELEMENT);
        catalog.labels.insert("Relationship".into(), RELATIONSHIP);
        // What people call a kind comes last: it never takes the place of a kind's name.
        for kind in metamodel.kinds() {
            catalog.add_spoken_names(kind);
        }
        catalog
    }

    /// Adds a procedure that can be called.
    #[must_use]
    pub fn with_procedure(mut self, name: &str, signature: Signature) -> Self {
        self.procedures.insert(name.into(), Arc::new(signature));
        self
    }

    fn add_kind(&mut self, metamodel: &Metamodel, kind: &Kind) {
        let label = Label(u32::from(kind.id.number()));
        self.labels.insert(label_of(&kind.name).into(), label);
        self.labels.entry(Arc::clone(&kind.name)).or_insert(label);
        let lineage = kind.lineage.iter().map(|id| label_of(&metamodel.kind(*id).name).into());
        self.lineages.push(lineage.collect());
        self.spelt_types.push(type_of(&kind.name).into());
        let descendants = metamodel.descendants(kind.id);
        if kind.is_relationship() {
            let kinds: Vec<EdgeKind> = descendants.iter().map(|id| EdgeKind(id.number())).collect();
            for name in [type_of(&kind.name), label_of(&kind.name), kind.name.to_string()] {
                self.types.entry(name.into()).or_insert_with(|| kinds.clone());
            }
        }
        self.descendants.push(descendants);
        self.is_relationship.push(kind.is_relationship());
        let mut bits = vec![0_u64; metamodel.kinds().len().div_ceil(64)];
        kind.lineage.iter().for_each(|id| bits[id.index() / 64] |= 1 << (id.index() % 64));
        self.is_a.push(bits);
    }

    fn add_spoken_names(&mut self, kind: &Kind) {
        let label = Label(u32::from(kind.id.number()));
        for language in ["ja", "en"] {
            let Some(name) = kind.label.exactly(language).filter(|name| !name.is_empty()) else { continue };
            self.labels.entry(name.into()).or_insert(label);
            if kind.is_relationship() {
                let kinds = self.descendants[kind.id.index()].iter().map(|id| EdgeKind(id.number())).collect();
                self.types.entry(name.into()).or_insert(kinds);
            }
        }
    }

    /// Whether a kind is, or specialises, the kind of a label.
    #[inline]
    pub(super) fn is_a(&self, kind: KindId, label: Label) -> bool {
        let label = label.0 as usize;
        self.is_a[kind.index()].get(label / 64).is_some_and(|word| word & (1 << (label % 64)) != 0)
    }

    pub(super) fn meaning(&self, key: Key) -> Option<&Meaning> {
        self.keys.meaning(key)
    }

    /// The labels that can be used, for completion.
    pub fn label_names(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(|name| &**name)
    }

    /// The relationship types that can be used, for completion.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(|name| &**name)
    }

    /// The property names that can be used, for completion.
    pub fn property_names(&self) -> impl Iterator<Item = &str> {
        self.keys.names()
    }

    /// The procedures that can be called.
    pub fn procedures(&self) -> impl Iterator<Item = (&str, &Signature)> {
        self.procedures.iter().map(|(name, signature)| (&**name, &**signature))
    }
}

/// The known name that is nearest, also where only capitals and underscores differ.
fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Unknown {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let bare = |text: &str| text.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect::<String>();
    let wanted = bare(name);
    let same = known.iter().copied().find(|candidate| bare(candidate) == wanted);
    let nearest = same.or_else(|| nearest::nearest(name, known));
    Unknown { suggestion: nearest.map(str::to_owned) }
}

impl Catalog for ViewCatalog {
    fn label(&self, name: &str) -> Result<Option<Label>, Unknown> {
        match self.labels.get(name) {
            Some(label) => Ok(Some(*label)),
            None => Err(suggestion(name, self.label_names())),
        }
    }

    fn relationship_kinds(&self, name: &str) -> Result<Vec<EdgeKind>, Unknown> {
        self.types.get(name).cloned().ok_or_else(|| suggestion(name, self.type_names()))
    }

    fn key(&self, name: &str) -> Result<Option<Key>, Unknown> {
        self.keys.find(name).map(Some).ok_or_else(|| suggestion(name, self.property_names()))
    }

    fn procedure(&self, name: &str) -> Option<Arc<Signature>> {
        self.procedures.get(name).cloned()
    }

    fn procedure_names(&self) -> Vec<String> {
        self.procedures.keys().map(ToString::to_string).collect()
    }
}
