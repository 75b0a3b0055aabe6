//! Writing the Open Group's exchange format, valid against its schemas (3.1, which 3.2 kept).

mod definitions;
mod shapes;

use rustc_hash::FxHashSet;

use super::document::{
    Access, Document, Element, Entry, Extra, Folder, Property, PropertyDefinition, Relationship, Text, first,
};
use super::types::is_element_type;
use super::writable::{Concept, Writable};
use super::xml_ids::encoded;
use crate::interchange::loss::{Loss, Losses};
use crate::interchange::xml::XmlWriter;
use definitions::Definitions;

/// A file, and what it could not carry.
#[derive(Debug)]
pub struct Written {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// What was left out or changed.
    pub losses: Vec<Loss>,
}

/// Writes a document in the exchange format.
///
/// What the schema or Archi's importer refuses (dangling ends, unknown types, negative coordinates) is left out or
/// adjusted, and told among the losses. The same document gives the same bytes.
pub fn write_exchange(document: &Document) -> Written {
    let mut writer = Writer {
        xml: XmlWriter::document(),
        document,
        definitions: Definitions::of(document),
        losses: Losses::default(),
        concepts: Writable::of(document),
        views: document.views.iter().map(|view| view.id.as_str()).collect(),
        used: FxHashSet::default(),
    };
    writer.model();
    let mut losses = writer.losses.into_list();
    losses.extend(whole_losses(document));
    Written { bytes: writer.xml.finish().into_bytes(), losses }
}

pub(super) struct Writer<'d> {
    xml: XmlWriter,
    document: &'d Document,
    definitions: Definitions<'d>,
    losses: Losses,
    /// Elements and relationships that can be written: known types, no dangling ends.
    concepts: Writable<'d>,
    views: FxHashSet<&'d str>,
    /// Identifiers written so far: each may occur once in a file.
    used: FxHashSet<String>,
}

/// What the format has no place for in the model as a whole.
fn whole_losses(document: &Document) -> Vec<Loss> {
    let mut losses = Losses::default();
    for image in &document.images {
        losses.add("image", &image.path, "画像は交換形式に入りません", "the exchange format carries no pictures");
    }
    for profile in document.profiles.iter().filter(|profile| !profile.extra.is_empty()) {
        losses.add(
            "profile_image",
            &profile.id,
            "特化（プロファイル）の画像は交換形式に入りません",
            "the exchange format carries no pictures of specialisations",
        );
    }
    losses.into_list()
}

impl Writer<'_> {
    fn model(&mut self) {
        let document = self.document;
        self.xml.start("model");
        self.xml.attribute("xmlns", "http://www.opengroup.org/xsd/archimate/3.0/");
        self.xml.attribute("xmlns:xsi", crate::interchange::xml::XSI_NAMESPACE);
        self.xml.attribute(
            "xsi:schemaLocation",
            "http://www.opengroup.org/xsd/archimate/3.0/ \
             http://www.opengroup.org/xsd/archimate/3.1/archimate3_Diagram.xsd",
        );
        let id = if document.id.is_empty() { "model" } else { &document.id };
        self.identifier(id);
        self.xml.optional("version", document.version.as_deref());
        self.kept_attributes(&document.extra, id);
        self.texts("name", &document.names, true);
        self.texts("documentation", &document.documentation, false);
        self.kept_children(&document.extra);
        self.properties(&document.properties, &[]);
        if let Some(metadata) = &document.metadata {
            self.xml.raw(metadata);
        }
        self.elements();
        self.relationships();
        self.organizations();
        self.property_definitions();
        self.views();
        self.xml.end();
    }

    /// Writes an identifier; a second one of the same text gets a number behind it.
    fn identifier(&mut self, id: &str) {
        let mut written = encoded(id).into_owned();
        let mut number = 2_u32;
        while !self.used.insert(written.clone()) {
            self.losses.add(
                "identifier_twice",
                id,
                "同じ識別子が複数あり、後のものは番号を付けて書き出しました",
                "an identifier occurs twice; the later one was written with a number behind it",
            );
            written = format!("{}-{number}", encoded(id));
            number += 1;
        }
        self.xml.attribute("identifier", &written);
    }

    fn texts(&mut self, name: &str, texts: &[Text], required: bool) {
        if texts.is_empty() && required {
            self.xml.text_element(name, "");
        }
        for text in texts {
            self.xml.start(name);
            self.xml.optional("xml:lang", text.language.as_deref());
            self.xml.text(&text.value);
            self.xml.end();
        }
    }

    fn elements(&mut self) {
        let document = self.document;
        let can = |held: &&Element| self.concepts.get(&held.id) == Some(Concept::Element);
        let writable: Vec<&Element> = document.elements.iter().filter(can).collect();
        let unknown = document.elements.iter().filter(|held| !is_element_type(&held.kind));
        for held in unknown {
            self.losses.add(
                "unknown_type",
                &held.id,
                "型がArchiMateにない要素",
                "elements of a type that ArchiMate has not",
            );
        }
        if writable.is_empty() {
            return;
        }
        self.xml.start("elements");
        for held in writable {
            self.xml.start("element");
            self.identifier(&held.id);
            self.xml.attribute("xsi:type", &held.kind);
            self.concept(&held.id, &held.names, !held.kind.ends_with("Junction"), &held.documentation, &held.extra);
            self.properties(&held.properties, &held.profiles);
            self.xml.end();
        }
        self.xml.end();
    }

    fn concept(&mut self, id: &str, names: &[Text], named: bool, documentation: &[Text], extra: &Extra) {
        self.kept_attributes(extra, id);
        self.texts("name", names, named);
        self.texts("documentation", documentation, false);
        self.kept_children(extra);
    }

    fn relationships(&mut self) {
        let document = self.document;
        let can = |held: &&Relationship| self.concepts.can_relate(held);
        let writable: Vec<&Relationship> = document.relationships.iter().filter(can).collect();
        for held in document.relationships.iter().filter(|held| !can(held)) {
            self.losses.add(
                "dangling_relationship",
                &held.id,
                "端がない、又は型がArchiMateにない関係",
                "relationships without an end, or of a type that ArchiMate has not",
            );
        }
        if writable.is_empty() {
            return;
        }
        self.xml.start("relationships");
        for held in writable {
            self.relationship(held);
        }
        self.xml.end();
    }

    fn relationship(&mut self, held: &Relationship) {
        self.xml.start("relationship");
        self.identifier(&held.id);
        self.xml.attribute("source", &encoded(&held.source));
        self.xml.attribute("target", &encoded(&held.target));
        self.xml.attribute("xsi:type", &held.kind);
        self.xml.optional("accessType", held.access.map(Access::word));
        self.xml.optional("modifier", held.modifier.as_deref());
        self.xml.optional("isDirected", held.directed.map(|directed| if directed { "true" } else { "false" }));
        self.concept(&held.id, &held.names, false, &held.documentation, &held.extra);
        self.properties(&held.properties, &held.profiles);
        self.xml.end();
    }

    /// Properties, and as a property each specialisation.
    fn properties(&mut self, properties: &[Property], profiles: &[String]) {
        let specializations = self.document.specializations(profiles, &[]);
        if properties.is_empty() && specializations.is_empty() {
            return;
        }
        self.xml.start("properties");
        for property in properties {
            let reference = self.definitions.reference(property).into_owned();
            self.property(&reference, &property.values);
        }
        for name in specializations {
            let reference = self.definitions.specialization().to_owned();
            self.property(&reference, &[Text::plain(name)]);
        }
        self.xml.end();
    }

    fn property(&mut self, reference: &str, values: &[Text]) {
        self.xml.start("property");
        self.xml.attribute("propertyDefinitionRef", &encoded(reference));
        self.texts("value", values, true);
        self.xml.end();
    }

    fn property_definitions(&mut self) {
        let definitions: Vec<PropertyDefinition> = self.definitions.all();
        if definitions.is_empty() {
            return;
        }
        self.xml.start("propertyDefinitions");
        for definition in &definitions {
            self.xml.start("propertyDefinition");
            self.identifier(&definition.id);
            self.xml.attribute("type", data_type(&definition.data_type));
            self.concept(&definition.id, &definition.names, true, &definition.documentation, &definition.extra);
            self.xml.end();
        }
        self.xml.end();
    }

    fn organizations(&mut self) {
        let document = self.document;
        for tree in &document.organizations {
            let writable: Vec<&Entry> = tree.iter().filter(|entry| self.can_write(entry)).collect();
            if writable.is_empty() {
                continue;
            }
            self.xml.start("organizations");
            for entry in writable {
                self.entry(entry);
            }
            self.xml.end();
        }
    }

    fn can_write(&self, entry: &Entry) -> bool {
        match entry {
            Entry::Folder(_) => true,
            Entry::Item(id) => self.exists(id),
        }
    }

    fn exists(&self, id: &str) -> bool {
        self.concepts.get(id).is_some() || self.views.contains(id) || self.definitions.has(id)
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Item(id) if self.exists(id) => {
                self.xml.start("item");
                self.xml.attribute("identifierRef", &encoded(id));
                self.xml.end();
            }
            Entry::Item(id) => self.losses.add(
                "dangling_organization_item",
                id,
                "フォルダーにある項目の実体がありません",
                "items of folders that are not there",
            ),
            Entry::Folder(folder) => self.folder(folder),
        }
    }

    fn folder(&mut self, folder: &Folder) {
        self.xml.start("item");
        if let Some(id) = &folder.id {
            self.identifier(id);
        }
        let item = folder.item.as_deref().filter(|id| self.exists(id));
        self.xml.optional("identifierRef", item.map(encoded).as_deref());
        let id = folder.id.as_deref().unwrap_or_else(|| first(&folder.labels));
        self.kept_attributes(&folder.extra, id);
        if !folder.properties.is_empty() {
            self.losses.add("folder_properties", id, "フォルダーの属性", "properties of folders");
        }
        self.texts("label", &folder.labels, false);
        self.texts("documentation", &folder.documentation, false);
        for entry in &folder.entries {
            self.entry(entry);
        }
        self.kept_children(&folder.extra);
        self.xml.end();
    }

    /// Attributes of other namespaces go back; those of Archi have no place here.
    fn kept_attributes(&mut self, extra: &Extra, id: &str) {
        let Some(kept) = extra.get() else { return };
        let mut declared = Vec::new();
        for attribute in &kept.exchange {
            // The prefix that the format itself needs may have stood for something else.
            let name = attribute.name.strip_prefix("xsi:").map(|local| format!("xsi_:{local}"));
            let name = name.unwrap_or_else(|| attribute.name.clone());
            if let Some((prefix, _)) = name.split_once(':')
                && prefix != "xml"
                && !declared.iter().any(|held| held == prefix)
            {
                self.xml.attribute(&format!("xmlns:{prefix}"), &attribute.namespace);
                declared.push(prefix.to_owned());
            }
            self.xml.attribute(&name, &attribute.value);
        }
        let archi = kept.native.len() + kept.native_children.len() + kept.features.len();
        for _ in 0..archi {
            self.losses.add(
                "archi_only",
                id,
                "Archiだけが知る設定（文字の配置、機能など）",
                "settings that only Archi knows (positions of text, features and the like)",
            );
        }
    }

    fn kept_children(&mut self, extra: &Extra) {
        for child in extra.get().into_iter().flat_map(|kept| &kept.exchange_children) {
            self.xml.raw(child);
        }
    }
}

/// One of the types that the schema knows.
fn data_type(word: &str) -> &str {
    if ["string", "boolean", "currency", "date", "time", "number"].contains(&word) { word } else { "string" }
}
