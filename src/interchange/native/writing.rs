//! From a model to a model file.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value as Json};

use super::emitting;
use crate::domain::description::{describe_attribute, describe_attributes, insert_nested};
use crate::domain::element::{Element, Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{AttributeDefinition, Kind, KindId, OwnedPart, PartSuffix};

/// The items of each kind, sorted by id; what a file is written from.
pub struct ItemsByKind<'a>(pub Vec<(KindId, Vec<Item<'a>>)>);

/// Writes all items as one model file. The same model gives the same bytes.
///
/// Lists stand in the metamodel's order, records by id, attributes in their kind's order.
/// Relationships that are references stand with their owner, parts under theirs.
pub fn write(model: &dyn Model, name: &str, items: &ItemsByKind<'_>) -> String {
    let mut out = String::new();
    let mut header = Map::new();
    header.insert("model".into(), Json::String(name.to_owned()));
    emitting::object(&mut out, &header, 0);
    let writer = Writer { model, owned: owned_parts(model, items) };
    let mut others = Vec::new();
    for (kind, items) in &items.0 {
        let kind = model.metamodel().kind(*kind);
        let records: Vec<_> = items.iter().filter_map(|item| writer.record(kind, *item)).collect();
        match &kind.collection {
            Some(collection) if !records.is_empty() => list(&mut out, collection, &records),
            Some(_) => {}
            None => others.extend(records.into_iter().map(|record| with_kind(kind, record))),
        }
    }
    if !others.is_empty() {
        list(&mut out, "relationships", &others);
    }
    out
}

fn list(out: &mut String, name: &str, records: &[Map<String, Json>]) {
    out.push('\n');
    out.push_str(name);
    out.push_str(":\n");
    emitting::records(out, records, 0);
}

fn with_kind(kind: &Kind, record: Map<String, Json>) -> Map<String, Json> {
    let mut whole = Map::new();
    let mut rest = Map::new();
    for (key, value) in record {
        if key == "id" {
            whole.insert(key, value)
        } else {
            rest.insert(key, value)
        };
    }
    whole.insert("kind".into(), Json::String(kind.name.to_string()));
    whole.extend(rest);
    whole
}

/// Parts that some owner holds; they are written under it and not in a list of their own.
fn owned_parts(model: &dyn Model, items: &ItemsByKind<'_>) -> FxHashSet<Identifier> {
    let mut owned = FxHashSet::default();
    for (kind, items) in &items.0 {
        for (_, reference) in model.metamodel().kind(*kind).references().filter(|(_, held)| held.owned.is_some()) {
            for item in items {
                let parts = model.outgoing(item.id().as_str(), Some(reference.relationship));
                owned.extend(parts.iter().map(|relationship| relationship.target.clone()));
            }
        }
    }
    owned
}

struct Writer<'a> {
    model: &'a dyn Model,
    owned: FxHashSet<Identifier>,
}

impl Writer<'_> {
    fn record(&self, kind: &Kind, item: Item<'_>) -> Option<Map<String, Json>> {
        match item {
            Item::Element(element) if self.owned.contains(&element.id) => None,
            Item::Element(element) => Some(self.element(element, true)),
            Item::Relationship(relationship) if self.is_reference(relationship) => None,
            Item::Relationship(relationship) => Some(self.relationship(kind, relationship)),
        }
    }

    /// Whether the owner's record says it already.
    fn is_reference(&self, relationship: &Relationship) -> bool {
        let Some(source) = self.model.item(relationship.source.as_str()) else {
            return false;
        };
        self.model.metamodel().kind(source.kind()).reference_by(relationship.kind).is_some()
    }

    fn element(&self, element: &Arc<Element>, with_id: bool) -> Map<String, Json> {
        let mut record = Map::new();
        if with_id {
            record.insert("id".into(), Json::String(element.id.to_string()));
        }
        if let Some(name) = &element.name {
            record.insert("name".into(), Json::String(name.to_string()));
        }
        let kind = self.model.metamodel().kind(element.kind);
        for definition in &kind.attributes {
            if let Some(value) = self.attribute(Item::Element(element), definition) {
                insert_nested(&mut record, &definition.text, value);
            }
        }
        record
    }

    fn attribute(&self, item: Item<'_>, definition: &AttributeDefinition) -> Option<Json> {
        let owned = definition.reference().and_then(|reference| Some((reference, reference.owned.as_ref()?)));
        let Some((reference, part)) = owned else {
            return describe_attribute(self.model, item, definition);
        };
        let mut parts = self.model.outgoing(item.id().as_str(), Some(reference.relationship));
        parts.sort_by(|a, b| natural_order(a.target.as_str(), b.target.as_str()));
        let records: Vec<Json> = parts
            .iter()
            .enumerate()
            .filter_map(|(index, relationship)| self.part(item.id(), part, index, &relationship.target))
            .collect();
        (!records.is_empty()).then_some(Json::Array(records))
    }

    fn part(&self, owner: &Identifier, part: &OwnedPart, index: usize, id: &Identifier) -> Option<Json> {
        let Some(Item::Element(element)) = self.model.item(id.as_str()) else {
            return None;
        };
        let derived = Self::derived_part_id(owner, part, index, element);
        Some(Json::Object(self.element(element, derived.as_deref() != Some(id.as_str()))))
    }

    fn derived_part_id(owner: &Identifier, part: &OwnedPart, index: usize, element: &Element) -> Option<String> {
        let mut id = format!("{owner}--");
        for piece in &part.id_suffix {
            match piece {
                PartSuffix::Literal(text) => id.push_str(text),
                PartSuffix::Index => id.push_str(&(index + 1).to_string()),
                PartSuffix::Attribute(name) => id.push_str(&element.attributes.get(*name)?.to_line("ja")),
            }
        }
        Some(id)
    }

    fn relationship(&self, kind: &Kind, relationship: &Arc<Relationship>) -> Map<String, Json> {
        let mut record = Map::new();
        let derived = format!("{}--{}--{}", relationship.source, kind.name, relationship.target);
        if relationship.id != *derived.as_str() {
            record.insert("id".into(), Json::String(relationship.id.to_string()));
        }
        if let Some(name) = &relationship.name {
            record.insert("name".into(), Json::String(name.to_string()));
        }
        record.insert("source".into(), Json::String(relationship.source.to_string()));
        record.insert("target".into(), Json::String(relationship.target.to_string()));
        record.extend(describe_attributes(self.model, Item::Relationship(relationship)));
        record
    }
}

/// Compares texts so that runs of digits count as numbers: `step-2` before `step-10`.
fn natural_order(a: &str, b: &str) -> Ordering {
    let pieces = |text: &str| {
        let mut pieces: Vec<(bool, String)> = Vec::new();
        for character in text.chars() {
            let digit = character.is_ascii_digit();
            match pieces.last_mut() {
                Some((held, run)) if *held == digit => run.push(character),
                _ => pieces.push((digit, character.to_string())),
            }
        }
        pieces
    };
    for ((a_digit, a_run), (b_digit, b_run)) in pieces(a).iter().zip(&pieces(b)) {
        let order = if *a_digit && *b_digit {
            let trimmed = |run: &str| run.trim_start_matches('0').to_owned();
            let (x, y) = (trimmed(a_run), trimmed(b_run));
            x.len().cmp(&y.len()).then(x.cmp(&y))
        } else {
            a_run.cmp(b_run)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len()).then(a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_ids_count_as_numbers() {
        let mut ids = vec!["p--step-10", "p--step-2", "p--step-1", "p", "a--step-3"];
        ids.sort_by(|a, b| natural_order(a, b));
        assert_eq!(ids, ["a--step-3", "p", "p--step-1", "p--step-2", "p--step-10"]);
    }
}
