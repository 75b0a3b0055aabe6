//! Writing Archi's own file (5.x), plain or with pictures zipped.

mod drawing;
mod folders;
mod tree;

use std::io::{Cursor, Write as _};

use super::document::{Document, Extra, Property, PropertyDefinition, SPECIALIZATION, Text, first};
use super::exchange_writing::Written;
use super::native_reading::NAMESPACES;
use super::types::{is_relationship_type, viewpoint_id};
use super::writable::Writable;
use crate::interchange::loss::{Loss, Losses};
use crate::interchange::xml::{XSI_NAMESPACE, XmlAttribute, XmlElement, XmlName, XmlNode, XmlWriter};
use tree::{attribute, child, kept, text_child};

/// The version of Archi's format that is written where the document states none.
pub(super) const VERSION: &str = "5.0.0";

/// Writes a document as Archi's own file: zipped where it has pictures, as Archi does.
///
/// # Errors
/// None is expected: packing happens in memory.
pub fn write_archi(document: &Document) -> std::io::Result<Written> {
    let (model, losses) = model(document);
    let mut writer = XmlWriter::document();
    writer.tree(&model);
    let text = writer.finish().into_bytes();
    if document.images.is_empty() {
        return Ok(Written { bytes: text, losses });
    }
    Ok(Written { bytes: packed(document, &text)?, losses })
}

fn packed(document: &Document, model: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("model.xml", options)?;
    archive.write_all(model)?;
    for image in &document.images {
        archive.start_file(image.path.as_str(), options)?;
        archive.write_all(&image.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The whole model as a tree, and what it could not carry.
pub(super) fn model(document: &Document) -> (XmlElement, Vec<Loss>) {
    let profiles = specializations(document);
    let mut writer = Writer { document, writable: Writable::of(document), losses: Losses::default(), profiles };
    let root = writer.model();
    let mut losses = writer.losses.into_list();
    losses.extend(whole_losses(document));
    (root, losses)
}

pub(super) struct Writer<'d> {
    document: &'d Document,
    writable: Writable<'d>,
    losses: Losses,
    /// Profiles for specialisations that are properties: name, type, and the identifier made.
    profiles: Vec<(String, String, String)>,
}

/// The specialisations that stand as properties, each once by name and type, with an identifier.
fn specializations(document: &Document) -> Vec<(String, String, String)> {
    let elements = document.elements.iter().map(|held| (&held.kind, &held.profiles, &held.properties));
    let relationships = document.relationships.iter().map(|held| (&held.kind, &held.profiles, &held.properties));
    let mut found: Vec<(String, String, String)> = Vec::new();
    for (kind, profiles, properties) in elements.chain(relationships) {
        if !profiles.is_empty() {
            continue;
        }
        for name in document.specializations(profiles, properties) {
            if !name.is_empty() && !found.iter().any(|(held, of, _)| held == name && of == kind) {
                found.push((name.to_owned(), kind.to_string(), format!("profile-{}", found.len() + 1)));
            }
        }
    }
    found
}

/// Archi's name of a type: relationship types have the word behind them.
pub(super) fn native_type(kind: &str) -> String {
    match kind {
        "AndJunction" | "OrJunction" => "Junction".to_owned(),
        kind if is_relationship_type(kind) => format!("{kind}Relationship"),
        kind => kind.to_owned(),
    }
}

fn whole_losses(document: &Document) -> Vec<Loss> {
    let mut losses = Losses::default();
    let id = document.id.as_str();
    if document.metadata.is_some() {
        losses.add("metadata", id, "メタデータ", "metadata of the exchange format");
    }
    if document.viewpoints.is_some() {
        losses.add("viewpoint_definitions", id, "ビューポイントの定義", "definitions of viewpoints");
    }
    if document.version.is_some() {
        losses.add("model_version", id, "モデルの版", "the version of the model");
    }
    for held in document.property_definitions.iter().filter(|held| says_more(held)) {
        losses.add(
            "property_definition",
            &held.id,
            "属性の定義の型、説明、他の言語での名称",
            "types, descriptions and further names of property definitions",
        );
    }
    losses.into_list()
}

fn says_more(held: &PropertyDefinition) -> bool {
    let more = held.names.len() > 1 || held.names.iter().any(|name| name.language.is_some());
    held.data_type != "string" || more || !held.documentation.is_empty()
}

impl Writer<'_> {
    fn model(&mut self) -> XmlElement {
        let document = self.document;
        let mut root = XmlElement::new("model");
        root.name.namespace = NAMESPACES[0].into();
        root.name.prefix = "archimate".into();
        attribute(&mut root, "name", &self.one(&document.names, &document.id));
        let id = if document.id.is_empty() { "model" } else { &document.id };
        attribute(&mut root, "id", id);
        kept(&mut root, &document.extra);
        if root.attribute("version").is_none() {
            attribute(&mut root, "version", VERSION);
        }
        self.exchange_only(&document.extra, id);
        for folder in self.folders() {
            root.children.push(XmlNode::Element(folder));
        }
        let purpose = self.one(&document.documentation, id);
        text_child(&mut root, "purpose", &purpose);
        self.properties(&mut root, &document.properties, id);
        self.profiles(&mut root);
        features(&mut root, &document.extra);
        root
    }

    fn profiles(&mut self, root: &mut XmlElement) {
        for profile in &self.document.profiles {
            let mut tree = XmlElement::new("profile");
            attribute(&mut tree, "name", &profile.name);
            attribute(&mut tree, "id", &profile.id);
            attribute(&mut tree, "conceptType", &native_type(&profile.concept));
            kept(&mut tree, &profile.extra);
            features(&mut tree, &profile.extra);
            child(root, tree);
        }
        for (name, kind, id) in &self.profiles {
            let mut tree = XmlElement::new("profile");
            attribute(&mut tree, "name", name);
            attribute(&mut tree, "id", id);
            attribute(&mut tree, "conceptType", &native_type(kind));
            child(root, tree);
        }
    }

    /// The one text that Archi keeps of several languages.
    fn one(&mut self, texts: &[Text], id: &str) -> String {
        if texts.len() > 1 {
            self.losses.add(
                "languages",
                id,
                "二つ目以降の言語の名称と説明",
                "names and descriptions in further languages",
            );
        }
        if texts.first().is_some_and(|text| text.language.is_some()) {
            self.losses.add("language", id, "名称や説明が何語であるか", "which language a name or description is in");
        }
        first(texts).to_owned()
    }

    /// Properties; those that are specialisations became profiles.
    fn properties(&mut self, tree: &mut XmlElement, properties: &[Property], id: &str) {
        for property in properties {
            let mut held = XmlElement::new("property");
            attribute(&mut held, "key", &property.key);
            let value = self.one(&property.values, id);
            if !value.is_empty() {
                held.set("value", value);
            }
            child(tree, held);
        }
    }

    /// The profiles of a concept, and its properties without those that became profiles.
    fn specialized(&self, kind: &str, profiles: &[String], properties: &[Property]) -> (String, Vec<Property>) {
        if !profiles.is_empty() {
            return (profiles.join(" "), properties.to_vec());
        }
        let profile = |property: &Property| {
            let name = first(&property.values);
            let held = self.profiles.iter().find(|(held, of, _)| held == name && of == kind);
            held.filter(|_| &*property.key == SPECIALIZATION).map(|(_, _, id)| id.clone())
        };
        let ids: Vec<String> = properties.iter().filter_map(profile).collect();
        let rest = properties.iter().filter(|property| profile(property).is_none()).cloned().collect();
        (ids.join(" "), rest)
    }

    /// Notes what only the exchange format carries.
    fn exchange_only(&mut self, extra: &Extra, id: &str) {
        let count = extra.get().map_or(0, |kept| kept.exchange.len() + kept.exchange_children.len());
        for _ in 0..count {
            self.losses.add(
                "exchange_only",
                id,
                "交換形式のファイルにあった、ほかの名前空間の属性や要素",
                "attributes and elements of other namespaces that the exchange file held",
            );
        }
    }

    fn view_point(viewpoint: &str) -> String {
        viewpoint_id(viewpoint)
    }
}

/// Archi's features.
fn features(tree: &mut XmlElement, extra: &Extra) {
    for (name, value) in extra.get().into_iter().flat_map(|kept| &kept.features) {
        let mut held = XmlElement::new("feature");
        held.set("name", name);
        held.set("value", value);
        child(tree, held);
    }
}

/// `xsi:type` in Archi's namespace.
fn typed(tree: &mut XmlElement, kind: &str) {
    let name = XmlName { namespace: XSI_NAMESPACE.into(), prefix: "xsi".into(), local: "type".into() };
    tree.attributes.push(XmlAttribute { name, value: format!("archimate:{kind}") });
}
