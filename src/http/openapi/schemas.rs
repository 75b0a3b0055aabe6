//! A schema for each kind.

use serde_json::{Map, Value as Json, json};

use crate::domain::metamodel::{AttributeDefinition, AttributeType, Kind, Metamodel, ReferenceDefinition};

/// `data_flow` becomes `DataFlow`.
pub(super) fn schema_name(kind: &Kind) -> String {
    kind.name.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect::<String>() + "Item"
}

/// The attributes of a kind as a nested object.
pub(super) fn attributes(metamodel: &Metamodel, kind: &Kind) -> Json {
    let mut root = Map::new();
    for definition in &kind.attributes {
        insert(&mut root, &definition.text, attribute(metamodel, definition));
    }
    json!({"type": "object", "properties": root})
}

/// Puts a schema at a dotted path, making object schemas on the way.
fn insert(properties: &mut Map<String, Json>, path: &str, schema: Json) {
    let Some((group, rest)) = path.split_once('.') else {
        properties.insert(path.to_owned(), schema);
        return;
    };
    let inner = properties.entry(group.to_owned()).or_insert_with(|| json!({"type": "object", "properties": {}}));
    if let Some(Json::Object(inner)) = inner.get_mut("properties") {
        insert(inner, rest, schema);
    }
}

fn attribute(metamodel: &Metamodel, definition: &AttributeDefinition) -> Json {
    let mut schema = value_schema(metamodel, &definition.value_type);
    if let Json::Object(fields) = &mut schema {
        fields.insert("title".into(), definition.label.get("ja").into());
        let unit = definition.unit.get("en");
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let text = format!(
            "{}{unit}. {} {}",
            definition.label.get("en"),
            definition.help.get("ja"),
            definition.help.get("en")
        );
        fields.insert("description".into(), text.into());
    }
    schema
}

fn value_schema(metamodel: &Metamodel, value_type: &AttributeType) -> Json {
    match value_type {
        AttributeType::Text | AttributeType::SourceFragment => json!({"type": "string"}),
        AttributeType::LocalizedText => {
            json!({"type": "object", "additionalProperties": {"type": "string"}})
        }
        AttributeType::Integer { minimum, maximum } => limited("integer", json!(minimum), json!(maximum)),
        AttributeType::Number { minimum, maximum } => limited("number", json!(minimum), json!(maximum)),
        AttributeType::Money { minimum } => limited("number", json!(minimum), Json::Null),
        AttributeType::Boolean => json!({"type": "boolean"}),
        AttributeType::Date => json!({"type": "string", "format": "date"}),
        AttributeType::Duration => json!({"type": "string", "format": "duration"}),
        AttributeType::Enumeration(enumeration) if enumeration.open => json!({"type": "string"}),
        AttributeType::Enumeration(enumeration) => {
            json!({"type": "string", "enum": enumeration.values.iter().map(|(code, _)| code).collect::<Vec<_>>()})
        }
        AttributeType::List(item) => {
            json!({"type": "array", "items": value_schema(metamodel, item)})
        }
        AttributeType::Record(fields) => {
            let properties: Map<String, Json> = fields
                .iter()
                .map(|field| (field.name.to_string(), value_schema(metamodel, &field.value_type)))
                .collect();
            json!({"type": "object", "properties": properties})
        }
        AttributeType::Reference(reference) => reference_schema(metamodel, reference),
    }
}

fn limited(name: &str, minimum: Json, maximum: Json) -> Json {
    let mut schema = json!({"type": name, "minimum": minimum, "maximum": maximum});
    if let Json::Object(fields) = &mut schema {
        fields.retain(|_, value| !value.is_null());
    }
    schema
}

/// An id, or an object when there is more to say.
fn reference_schema(metamodel: &Metamodel, reference: &ReferenceDefinition) -> Json {
    let key = reference.key.as_deref().unwrap_or("target");
    let mut properties = Map::new();
    properties.insert(key.to_owned(), json!({"type": "string"}));
    for definition in metamodel.kind(reference.relationship).value_attributes() {
        insert(&mut properties, &definition.text, value_schema(metamodel, &definition.value_type));
    }
    properties.entry("id").or_insert_with(|| json!({"type": "string"}));
    let entry = json!({"oneOf": [
        {"type": "string"},
        {"type": "object", "properties": properties, "required": [key]},
    ]});
    if reference.many { json!({"type": "array", "items": entry}) } else { entry }
}

/// An item of a kind as it is sent.
pub(super) fn item(metamodel: &Metamodel, kind: &Kind) -> Json {
    let mut properties = json!({
        "id": {"type": "string"},
        "kind": {"type": "string"},
        "name": {"type": "string"},
        "attributes": attributes(metamodel, kind),
        "revision": {"type": "integer", "minimum": 0},
    });
    let mut required = vec!["id", "kind", "attributes", "revision"];
    if kind.is_relationship() {
        properties["source"] = json!({"type": "string"});
        properties["target"] = json!({"type": "string"});
        required.extend(["source", "target"]);
    }
    let text = format!("{} / {}. {}", kind.label.get("ja"), kind.label.get("en"), kind.help.get("en"));
    json!({"type": "object", "description": text, "properties": properties, "required": required})
}
