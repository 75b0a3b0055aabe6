//! The whole model as one JSON object a line, for programs that read line by line.

use serde_json::{Map, Value as Json};

use crate::domain::description::describe_attributes;
use crate::domain::element::{Item, Model};

/// One line an item: `type` (element or relationship), `id`, `kind`, `name`, `source` and `target`, `attributes`.
/// References stand as relationships of their own, so that no line repeats another. The same items give the same text.
pub fn write(model: &dyn Model, items: &[Item<'_>]) -> String {
    let mut out = String::new();
    for item in items {
        out.push_str(&Json::Object(line(model, *item)).to_string());
        out.push('\n');
    }
    out
}

fn line(model: &dyn Model, item: Item<'_>) -> Map<String, Json> {
    let kind = model.metamodel().kind(item.kind());
    let mut line = Map::new();
    let word = if kind.is_relationship() { "relationship" } else { "element" };
    line.insert("type".to_owned(), word.into());
    line.insert("id".to_owned(), item.id().as_str().into());
    line.insert("kind".to_owned(), (&*kind.name).into());
    if let Some(name) = item.name() {
        line.insert("name".to_owned(), (&**name).into());
    }
    if let Item::Relationship(relationship) = item {
        line.insert("source".to_owned(), relationship.source.as_str().into());
        line.insert("target".to_owned(), relationship.target.as_str().into());
    }
    let mut attributes = describe_attributes(model, item);
    for (definition, _) in kind.references() {
        remove(&mut attributes, &definition.text);
    }
    if !attributes.is_empty() {
        line.insert("attributes".to_owned(), Json::Object(attributes));
    }
    line
}

/// Removes a value by its dotted name, and the group if that leaves it empty.
fn remove(object: &mut Map<String, Json>, path: &str) {
    match path.split_once('.') {
        None => {
            object.shift_remove(path);
        }
        Some((group, rest)) => {
            let Some(Json::Object(inner)) = object.get_mut(group) else { return };
            remove(inner, rest);
            if inner.is_empty() {
                object.shift_remove(group);
            }
        }
    }
}
