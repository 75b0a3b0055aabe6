//! How items are sent.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::domain::description::describe_attributes;
use crate::domain::element::{Item, Model};
use crate::domain::naming::display_name;
use crate::graph::View;

/// An element.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Element)]
pub struct ElementBody {
    /// Unique among elements and relationships.
    #[schema(example = "sys-juki")]
    pub id: String,
    /// Its kind.
    #[schema(example = "system")]
    pub kind: String,
    /// What it is called; made from its attributes where its kind has no name of its own.
    #[schema(example = "住民記録システム", required = false)]
    pub name: String,
    /// All that is recorded of it; groups are nested, references are ids.
    #[schema(value_type = std::collections::HashMap<String, Json>, example = json!({"zone": "zone-mynumber", "availability": {"rto_hours": 24}}))]
    pub attributes: Map<String, Json>,
    /// The revision that last changed it or what it refers to; also its `ETag`.
    #[schema(example = 1)]
    pub revision: u64,
}

/// A relationship.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Relationship)]
pub struct RelationshipBody {
    /// Unique among elements and relationships.
    #[schema(example = "flw-juki-to-renkei")]
    pub id: String,
    /// Its kind.
    #[schema(example = "data_flow")]
    pub kind: String,
    /// A name of its own, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The item it starts from.
    #[schema(example = "sys-juki")]
    pub source: String,
    /// The item it points to.
    #[schema(example = "sys-renkei")]
    pub target: String,
    /// All that is recorded of it; groups are nested, references are ids.
    #[schema(value_type = std::collections::HashMap<String, Json>, example = json!({"method": "file", "data": ["dat-juki"]}))]
    pub attributes: Map<String, Json>,
    /// The revision that last changed it or what it refers to; also its `ETag`.
    #[schema(example = 1)]
    pub revision: u64,
}

/// An element or a relationship.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ItemBody {
    /// An element.
    Element(ElementBody),
    /// A relationship.
    Relationship(RelationshipBody),
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Given as `cursor`, leads to the next page; absent on the last.
    pub next_cursor: Option<String>,
    /// The revision that was read.
    pub revision: u64,
}

/// An item as it is sent, its name in a language.
pub fn item_body(view: &View, item: Item<'_>, language: &str) -> ItemBody {
    let kind = view.metamodel().kind(item.kind()).name.to_string();
    let (id, attributes) = (item.id().to_string(), describe_attributes(view, item));
    let revision = view.snapshot().revision_of(&id);
    match item {
        Item::Element(_) => {
            ItemBody::Element(ElementBody { id, kind, name: display_name(view, item, language), attributes, revision })
        }
        Item::Relationship(relationship) => ItemBody::Relationship(RelationshipBody {
            id,
            kind,
            name: relationship.name.as_deref().map(str::to_owned),
            source: relationship.source.to_string(),
            target: relationship.target.to_string(),
            attributes,
            revision,
        }),
    }
}

/// Keeps only some fields of an item: `id`, `kind`, ends and `revision` always, `name`, attributes and groups as asked.
pub fn select_fields(body: &ItemBody, fields: &[String]) -> Json {
    let whole = serde_json::to_value(body).unwrap_or_default();
    let (Json::Object(whole), false) = (&whole, fields.is_empty()) else {
        return whole;
    };
    let mut kept = Map::new();
    for key in ["id", "kind", "source", "target", "revision"] {
        if let Some(value) = whole.get(key) {
            kept.insert(key.into(), value.clone());
        }
    }
    let mut attributes = Map::new();
    for field in fields {
        match whole.get(field.as_str()).filter(|_| field != "attributes") {
            Some(value) => drop(kept.insert(field.clone(), value.clone())),
            None => copy_attribute(whole.get("attributes"), field, &mut attributes),
        }
    }
    kept.insert("attributes".into(), Json::Object(attributes));
    Json::Object(kept)
}

fn copy_attribute(from: Option<&Json>, path: &str, into: &mut Map<String, Json>) {
    let value = path.split('.').try_fold(from, |value, step| Some(value?.get(step))).flatten();
    if let Some(value) = value {
        crate::domain::description::insert_nested(into, path, value.clone());
    }
}
