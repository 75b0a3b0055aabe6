//! `GraphML` (graphml.graphdrafting.org, 1.0) for Gephi, yEd and the like.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::shown::{Half, Shown, ShownEdge, ShownNode, colour};
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{AttributeName, AttributeType};
use crate::domain::value::Value;
use crate::interchange::xml::XmlWriter;

/// The columns that every node and edge has.
const COMMON: [&str; 6] = ["label", "id", "kind", "kind_label", "archimate", "layer"];

/// Writes items as nodes and edges with typed attributes, and with shapes for yEd. The same items give the same text.
pub fn write(model: &dyn Model, items: &[Item<'_>], language: &str) -> String {
    let shown = Shown::of(model, items, language);
    let columns = Columns::of(model, items);
    let mut writer = XmlWriter::document();
    writer.start("graphml");
    writer.attribute("xmlns", "http://graphml.graphdrafting.org/xmlns");
    writer.attribute("xmlns:y", "http://www.yworks.com/xml/graphml");
    columns.declare(&mut writer);
    writer.start("graph");
    writer.attribute("id", "ezu");
    writer.attribute("edgedefault", "directed");
    for (place, node) in shown.nodes.iter().enumerate() {
        self::node(&mut writer, &columns, place, node, language);
    }
    for (place, edge) in shown.edges.iter().enumerate() {
        self::edge(&mut writer, &columns, place, edge, language);
    }
    writer.end();
    writer.end();
    writer.finish()
}

/// The attributes that occur, each with the type that it has everywhere.
struct Columns {
    names: BTreeMap<AttributeName, (Arc<str>, &'static str)>,
}

impl Columns {
    fn of(model: &dyn Model, items: &[Item<'_>]) -> Self {
        let mut names: BTreeMap<AttributeName, (Arc<str>, &'static str)> = BTreeMap::new();
        for item in items {
            let kind = model.metamodel().kind(item.kind());
            for (name, _) in item.attributes().iter() {
                let word = kind.attribute(name).map_or("string", |held| word(&held.value_type));
                let text = model.metamodel().attribute_text(name);
                let entry = names.entry(name).or_insert_with(|| (Arc::clone(text), word));
                if entry.1 != word {
                    entry.1 = "string";
                }
            }
        }
        Self { names }
    }

    fn declare(&self, writer: &mut XmlWriter) {
        let mut key = |id: &str, domain: &str, name: &str, word: &str| {
            writer.start("key");
            for (attribute, value) in [("id", id), ("for", domain), ("attr.name", name), ("attr.type", word)] {
                writer.attribute(attribute, value);
            }
            writer.end();
        };
        for name in COMMON {
            // Gephi has columns of these names for nodes and edges.
            let shown = if name == "id" { "ezu_id" } else { name };
            key(name, "all", shown, "string");
        }
        key("half", "edge", "half", "string");
        for (name, (text, word)) in &self.names {
            key(&format!("a{}", name.index()), "all", text, word);
        }
        for (id, domain, word) in [("shape", "node", "nodegraphics"), ("line", "edge", "edgegraphics")] {
            writer.start("key");
            writer.attribute("id", id);
            writer.attribute("for", domain);
            writer.attribute("yfiles.type", word);
            writer.end();
        }
    }
}

fn word(value_type: &AttributeType) -> &'static str {
    match value_type {
        AttributeType::Integer { .. } | AttributeType::Money { .. } => "long",
        AttributeType::Number { .. } => "double",
        AttributeType::Boolean => "boolean",
        _ => "string",
    }
}

fn common(writer: &mut XmlWriter, values: [&str; 6]) {
    for (key, value) in COMMON.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
        data(writer, key, value);
    }
}

fn data(writer: &mut XmlWriter, key: &str, value: &str) {
    writer.start("data");
    writer.attribute("key", key);
    writer.text(value);
    writer.end();
}

fn attributes(writer: &mut XmlWriter, columns: &Columns, item: Item<'_>, language: &str) {
    for (name, value) in item.attributes().iter() {
        let text = match value {
            Value::Integer(_) | Value::Number(_) | Value::Boolean(_) => value.to_json().to_string(),
            other => other.to_line(language),
        };
        if columns.names.contains_key(&name) && !text.is_empty() {
            data(writer, &format!("a{}", name.index()), &xml_text(&text));
        }
    }
}

fn node(writer: &mut XmlWriter, columns: &Columns, place: usize, node: &ShownNode<'_>, language: &str) {
    let kind = node.kind;
    let texts = [
        xml_text(&node.name),
        node.item.id().to_string(),
        kind.name.to_string(),
        kind.label.get(language).to_owned(),
        kind.archimate.as_deref().unwrap_or_default().to_owned(),
        kind.layer.as_deref().unwrap_or_default().to_owned(),
    ];
    writer.start("node");
    writer.attribute("id", &format!("n{place}"));
    common(writer, texts.each_ref().map(String::as_str));
    attributes(writer, columns, node.item, language);
    shape(writer, &texts[0], colour(kind));
    writer.end();
}

/// What yEd draws.
fn shape(writer: &mut XmlWriter, name: &str, colour: &str) {
    let width = name.chars().map(|c| if c.is_ascii() { 8 } else { 14 }).sum::<usize>().clamp(60, 260) + 20;
    writer.start("data");
    writer.attribute("key", "shape");
    writer.start("y:ShapeNode");
    writer.start("y:Geometry");
    writer.attribute("width", &width.to_string());
    writer.attribute("height", "40");
    writer.end();
    writer.start("y:Fill");
    writer.attribute("color", colour);
    writer.attribute("transparent", "false");
    writer.end();
    writer.text_element("y:NodeLabel", name);
    writer.start("y:Shape");
    writer.attribute("type", "roundrectangle");
    writer.end();
    writer.end();
    writer.end();
}

fn edge(writer: &mut XmlWriter, columns: &Columns, place: usize, edge: &ShownEdge<'_>, language: &str) {
    let (kind, relationship) = (edge.kind, edge.relationship);
    let label = kind.label.get(language);
    let name = relationship.name.as_deref().map_or_else(|| label.to_owned(), xml_text);
    writer.start("edge");
    writer.attribute("id", &format!("e{place}"));
    writer.attribute("source", &format!("n{}", edge.source));
    writer.attribute("target", &format!("n{}", edge.target));
    let archimate = kind.archimate.as_deref().unwrap_or_default();
    common(writer, [&name, relationship.id.as_str(), &kind.name, label, archimate, ""]);
    if let Some(half) = edge.half {
        data(writer, "half", if half == Half::First { "first" } else { "second" });
    } else {
        attributes(writer, columns, Item::Relationship(relationship), language);
    }
    writer.start("data");
    writer.attribute("key", "line");
    writer.start("y:PolyLineEdge");
    writer.start("y:Arrows");
    writer.attribute("source", "none");
    writer.attribute("target", if edge.half == Some(Half::First) { "none" } else { "standard" });
    writer.end();
    writer.text_element("y:EdgeLabel", &name);
    writer.end();
    writer.end();
    writer.end();
}

/// A text without what XML 1.0 §2.2 does not permit.
fn xml_text(text: &str) -> String {
    let is_permitted =
        |c: &char| !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_permitted).collect()
}
