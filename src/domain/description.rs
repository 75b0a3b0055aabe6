//! An item's attributes as one JSON object: groups nested, references as ids, in the metamodel's order.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::element::{Item, Model, Relationship};
use super::metamodel::{AttributeDefinition, KindId, ReferenceDefinition};

/// All that is recorded of an item, references included; owned parts stand as their ids.
pub fn describe_attributes(model: &dyn Model, item: Item<'_>) -> Map<String, Json> {
    let kind = model.metamodel().kind(item.kind());
    if item.attributes().is_empty() && kind.references().next().is_none() {
        return Map::new();
    }
    let mut outgoing = Outgoing::new(model, item.id().as_str());
    let mut object = Map::new();
    for definition in &kind.attributes {
        if let Some(value) = attribute_json(model, item, definition, &mut outgoing) {
            insert_nested(&mut object, &definition.text, value);
        }
    }
    object
}

/// One attribute of an item as JSON; absent if nothing is recorded.
pub fn describe_attribute(model: &dyn Model, item: Item<'_>, definition: &AttributeDefinition) -> Option<Json> {
    attribute_json(model, item, definition, &mut Outgoing::new(model, item.id().as_str()))
}

/// The relationships from an item, looked up once and only when a reference asks for them.
struct Outgoing<'a> {
    model: &'a dyn Model,
    id: &'a str,
    all: Option<Vec<Arc<Relationship>>>,
}

impl<'a> Outgoing<'a> {
    fn new(model: &'a dyn Model, id: &'a str) -> Self {
        Self { model, id, all: None }
    }

    fn of_kind(&mut self, kind: KindId) -> Vec<&Arc<Relationship>> {
        let (model, id) = (self.model, self.id);
        let all = self.all.get_or_insert_with(|| model.outgoing(id, None));
        all.iter().filter(|relationship| relationship.kind == kind).collect()
    }
}

fn attribute_json(
    model: &dyn Model,
    item: Item<'_>,
    definition: &AttributeDefinition,
    outgoing: &mut Outgoing<'_>,
) -> Option<Json> {
    let Some(reference) = definition.reference() else {
        return item.attributes().get(definition.name).map(super::value::Value::to_json);
    };
    let entries: Vec<Json> = outgoing
        .of_kind(reference.relationship)
        .into_iter()
        .map(|relationship| reference_json(model, reference, relationship))
        .collect();
    if entries.is_empty() {
        return None;
    }
    if reference.many { Some(Json::Array(entries)) } else { entries.into_iter().next() }
}

/// An entry of a reference: the id alone, or an object when there is more to say.
pub fn reference_json(model: &dyn Model, reference: &ReferenceDefinition, relationship: &Arc<Relationship>) -> Json {
    let attributes = describe_attributes(model, Item::Relationship(relationship));
    let derived = has_derived_id(model, relationship);
    if reference.key.is_none() && attributes.is_empty() && derived {
        return Json::String(relationship.target.to_string());
    }
    let mut entry = Map::new();
    if !derived {
        entry.insert("id".into(), Json::String(relationship.id.to_string()));
    }
    let key = reference.key.as_deref().unwrap_or("target");
    entry.insert(key.to_owned(), Json::String(relationship.target.to_string()));
    entry.extend(attributes);
    Json::Object(entry)
}

/// Whether a relationship's id is `<source>--<kind>--<target>`.
fn has_derived_id(model: &dyn Model, relationship: &Relationship) -> bool {
    let kind = &model.metamodel().kind(relationship.kind).name;
    let rest = relationship.id.as_str().strip_prefix(relationship.source.as_str());
    let rest = rest.and_then(|rest| rest.strip_prefix("--")).and_then(|rest| rest.strip_prefix(&**kind));
    rest.and_then(|rest| rest.strip_prefix("--")) == Some(relationship.target.as_str())
}

/// Puts a value at a dotted path, making groups on the way.
pub fn insert_nested(object: &mut Map<String, Json>, path: &str, value: Json) {
    let Some((group, rest)) = path.split_once('.') else {
        object.insert(path.to_owned(), value);
        return;
    };
    let inner = object.entry(group.to_owned()).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(inner) = inner {
        insert_nested(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_become_groups() {
        let mut object = Map::new();
        insert_nested(&mut object, "a.b.c", 1.into());
        insert_nested(&mut object, "a.d", 2.into());
        assert_eq!(Json::Object(object), serde_json::json!({"a": {"b": {"c": 1}, "d": 2}}));
    }
}
