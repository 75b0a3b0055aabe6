//! A gap: something that is not recorded of an item.

use crate::analyses::findings::{Condition, Need, Reader};
use crate::domain::Localized;
use crate::domain::metamodel::{AttributeDefinition, AttributeName, Kind, KindId};
use crate::graph::Place;

/// What is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blank {
    /// A value.
    Attribute(AttributeName),
    /// A relationship of one of these kinds that starts at the item.
    Outgoing(Vec<KindId>),
    /// A relationship of one of these kinds that ends at the item.
    Incoming(Vec<KindId>),
}

/// Something that is not recorded of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap {
    /// The item.
    pub place: Place,
    /// What is not recorded of it.
    pub blank: Blank,
}

impl Gap {
    /// The attribute that would be filled in, where the item's kind has one for it.
    pub fn definition<'m>(&self, reader: &Reader<'m>) -> Option<&'m AttributeDefinition> {
        let kind = reader.metamodel().kind(reader.kind_of(self.place)?);
        self.blank.definition(kind)
    }
}

impl Blank {
    /// The attribute of a kind that stands for it.
    pub fn definition<'m>(&self, kind: &'m Kind) -> Option<&'m AttributeDefinition> {
        match self {
            Self::Attribute(name) => kind.attribute(*name),
            Self::Outgoing(kinds) => {
                kind.references().find(|(_, held)| kinds.contains(&held.relationship)).map(|(definition, _)| definition)
            }
            Self::Incoming(_) => None,
        }
    }

    /// What people call it, as a part of an item.
    pub fn label(&self, reader: &Reader<'_>, place: Place) -> Localized {
        let metamodel = reader.metamodel();
        let kind = reader.kind_of(place).map(|kind| metamodel.kind(kind));
        if let Some(definition) = kind.and_then(|kind| self.definition(kind)) {
            return definition.label.clone();
        }
        match self {
            Self::Attribute(name) => {
                let text = metamodel.attribute_text(*name);
                Localized::ja_en(text, text)
            }
            Self::Outgoing(kinds) | Self::Incoming(kinds) => {
                kinds.first().map_or_else(Localized::default, |kind| metamodel.kind(*kind).label.clone())
            }
        }
    }
}

/// Where a need that is not met ends too early; empty where it is met.
pub(in crate::analyses) fn gaps_of_need(reader: &Reader<'_>, need: &Need, start: Place) -> Vec<Gap> {
    if need.is_met(reader, start) {
        return Vec::new();
    }
    let mut gaps: Vec<Gap> = need.paths().iter().flat_map(|path| path.gaps(reader, start)).collect();
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

/// Where a condition lacks the value that would decide it; empty where there is one.
pub(in crate::analyses) fn gaps_of_condition(reader: &Reader<'_>, condition: &Condition, start: Place) -> Vec<Gap> {
    if condition.path.is_present(reader, start) { Vec::new() } else { condition.path.gaps(reader, start) }
}
