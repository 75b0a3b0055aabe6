//! Which kind a type and a specialisation stand for, and which attribute a property.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::document::SPECIALIZATION;
use crate::domain::metamodel::{AttributeDefinition, AttributeType, Kind, KindId, Metamodel, Naming};

/// The words of a metamodel as files of `ArchiMate` models use them.
///
/// A kind that specialises the kind of an `ArchiMate` type is written as that type with the kind's Japanese label as its
/// specialisation; an attribute as a property under its Japanese label. Where a label is not unique, the name stands.
pub struct Words<'m> {
    metamodel: &'m Metamodel,
    /// The kind of each `ArchiMate` type.
    of_type: FxHashMap<Arc<str>, KindId>,
    /// Kinds by type and specialisation.
    of_specialization: FxHashMap<(Arc<str>, Arc<str>), KindId>,
    /// The specialisation of each kind that is no type's own.
    specialization: FxHashMap<KindId, Arc<str>>,
    /// The properties of each kind: key and place among the kind's attributes.
    properties: FxHashMap<KindId, Vec<(Arc<str>, usize)>>,
}

impl<'m> Words<'m> {
    /// The words of a metamodel. Takes time proportional to its kinds and attributes.
    pub fn of(metamodel: &'m Metamodel) -> Self {
        let mut words = Self {
            metamodel,
            of_type: FxHashMap::default(),
            of_specialization: FxHashMap::default(),
            specialization: FxHashMap::default(),
            properties: FxHashMap::default(),
        };
        for kind in metamodel.kinds().iter().filter(|kind| is_own(metamodel, kind)) {
            if let Some(archimate) = &kind.archimate {
                words.of_type.entry(Arc::clone(archimate)).or_insert(kind.id);
            }
        }
        words.specializations();
        // Records have places of their own for what they say.
        for kind in metamodel.kinds().iter().filter(|kind| kind.archimate.is_some()) {
            words.properties.insert(kind.id, keys(kind));
        }
        words
    }

    fn specializations(&mut self) {
        let special: Vec<&Kind> = self.metamodel.kinds().iter().filter(|kind| self.is_special(kind)).collect();
        for kind in &special {
            let Some(archimate) = &kind.archimate else { continue };
            let label = kind.label.get("ja");
            let alike =
                special.iter().filter(|other| other.archimate == kind.archimate && other.label.get("ja") == label);
            let word: Arc<str> =
                if alike.count() == 1 && !label.is_empty() { label.into() } else { Arc::clone(&kind.name) };
            self.specialization.insert(kind.id, Arc::clone(&word));
            self.of_specialization.insert((Arc::clone(archimate), word), kind.id);
        }
    }

    fn is_special(&self, kind: &Kind) -> bool {
        let own = kind.archimate.as_ref().and_then(|archimate| self.of_type.get(archimate));
        !kind.is_abstract && own.is_some_and(|own| *own != kind.id)
    }

    /// The metamodel.
    pub fn metamodel(&self) -> &'m Metamodel {
        self.metamodel
    }

    /// The kind of a type, specialised if some kind goes by that name.
    pub fn kind(&self, archimate: &str, specialization: Option<&str>) -> Option<&'m Kind> {
        let special = specialization.and_then(|word| self.of_specialization.get(&(archimate.into(), word.into())));
        let id = special.or_else(|| self.of_type.get(archimate))?;
        Some(self.metamodel.kind(*id)).filter(|kind| !kind.is_abstract)
    }

    /// How a kind is called as a specialisation of its type.
    pub fn specialization(&self, kind: KindId) -> Option<&Arc<str>> {
        self.specialization.get(&kind)
    }

    /// The attribute of a kind that a property's key stands for.
    pub fn attribute(&self, kind: &'m Kind, key: &str) -> Option<&'m AttributeDefinition> {
        let held = self.properties.get(&kind.id)?.iter().find(|(held, _)| &**held == key)?;
        kind.attributes.get(held.1)
    }

    /// The attributes of a kind that are written as properties, with their keys, in order.
    pub fn properties(&self, kind: &'m Kind) -> impl Iterator<Item = (&Arc<str>, &'m AttributeDefinition)> {
        let held = self.properties.get(&kind.id).into_iter().flatten();
        held.filter_map(|(key, place)| Some((key, kind.attributes.get(*place)?)))
    }
}

/// Whether a kind is a type's own: nothing above it has the same type.
fn is_own(metamodel: &Metamodel, kind: &Kind) -> bool {
    let above = kind.lineage.iter().skip(1).map(|id| metamodel.kind(*id));
    !kind.is_abstract && above.into_iter().all(|held| held.archimate != kind.archimate)
}

/// The keys of a kind's attributes that are written as properties.
fn keys(kind: &Kind) -> Vec<(Arc<str>, usize)> {
    let written: Vec<(usize, &AttributeDefinition)> =
        kind.attributes.iter().enumerate().filter(|(_, held)| is_property(kind, held)).collect();
    let key = |held: &AttributeDefinition| {
        let label = held.label.get("ja");
        let alike = written.iter().filter(|(_, other)| other.label.get("ja") == label).count();
        let usable = alike == 1 && !label.is_empty() && label != SPECIALIZATION;
        if usable { label.into() } else { Arc::clone(&held.text) }
    };
    written.iter().map(|(place, held)| (key(held), *place)).collect()
}

/// References are relationships; names, documentation and what `ArchiMate` itself knows have a place of their own.
fn is_property(kind: &Kind, held: &AttributeDefinition) -> bool {
    let is_name = kind.naming == Naming::Attribute(held.name);
    let is_native = match kind.archimate.as_deref() {
        Some("Access") => &*held.text == "access_type",
        Some("Influence") => &*held.text == "modifier",
        Some("Association") => &*held.text == "directed",
        _ => false,
    };
    let is_reference = matches!(held.value_type, AttributeType::Reference(_));
    let is_ours = held.text.starts_with("archimate.") || &*held.text == "documentation";
    !(is_name || is_native || is_reference || is_ours)
}
