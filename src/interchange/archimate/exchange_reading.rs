//! Reading the Open Group's exchange format: 3.0, 3.1, 3.2, and the names of 2.1.

mod sections;
mod views;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::document::{
    Access, Document, Element, Extra, Line, Property, PropertyDefinition, Relationship, Texts, exact, first,
};
use super::pieces::keep_exchange;
use super::reading::Context;
use super::types::{element_type, is_element_type, is_relationship_type, relationship_type};
use super::xml_ids::decoded;
use crate::interchange::problem::Said;
use crate::interchange::source::Unreadable;
use crate::interchange::xml::{self, XmlElement, XmlEvent, XmlReader};

/// The beginning of every version's namespace.
const NAMESPACE: &str = "http://www.opengroup.org/xsd/archimate";

/// Reads a file.
pub(super) fn read(context: &mut Context<'_>, bytes: &[u8]) -> Result<Document, Unreadable> {
    let text = xml::decode(bytes).map_err(|error| context.unreadable(error))?;
    let mut reader = Reader {
        xml: XmlReader::new(&text, context.xml_limits()),
        context,
        document: Document::default(),
        size: text.len(),
        shared: FxHashMap::default(),
    };
    reader.model()?;
    let mut document = reader.document;
    drop_empty_name(&mut document.names);
    name_properties(context, &mut document);
    Ok(document)
}

/// Reads section by section; a section's items are trees of their own, so that memory goes to the document only.
struct Reader<'r, 't, 'c> {
    xml: XmlReader<'t>,
    context: &'r mut Context<'c>,
    document: Document,
    size: usize,
    /// Identifiers of definitions, each kept once.
    shared: FxHashMap<String, Arc<str>>,
}

impl Reader<'_, '_, '_> {
    fn next(&mut self) -> Result<XmlEvent, Unreadable> {
        self.xml.advance().map_err(|error| self.context.unreadable(error))
    }

    fn tree(&mut self, start: XmlElement) -> Result<XmlElement, Unreadable> {
        self.xml.subtree(start).map_err(|error| self.context.unreadable(error))
    }

    fn model(&mut self) -> Result<(), Unreadable> {
        let mut root = loop {
            if let XmlEvent::Start(root) = self.next()? {
                break root;
            }
        };
        if root.local() != "model" || !root.name.namespace.starts_with(NAMESPACE) {
            return Err(self.no_model(&root));
        }
        self.document.id = root.take("identifier").map(|id| decoded(&id)).unwrap_or_default();
        self.document.version = root.take("version");
        keep_exchange(&mut self.document.extra, &root);
        loop {
            match self.next()? {
                XmlEvent::Start(section) => self.section(section)?,
                XmlEvent::Text(_) => {}
                XmlEvent::End => break,
                XmlEvent::Finished => return Ok(()),
            }
        }
        self.next().map(drop)
    }

    fn no_model(&self, root: &XmlElement) -> Unreadable {
        let error = xml::XmlError::new(
            "no_archimate_model",
            root.line,
            format!("ArchiMate交換形式のモデルではありません（{}）", root.name.written()),
            format!("this is no model in the ArchiMate exchange format, but <{}>", root.name.written()),
        );
        self.context.unreadable(error)
    }

    fn section(&mut self, section: XmlElement) -> Result<(), Unreadable> {
        match section.local() {
            "name" | "documentation" | "purpose" => self.header(section),
            "properties" => {
                let tree = self.tree(section)?;
                self.document.properties = self.properties(tree);
                Ok(())
            }
            "elements" => self.each(|reader, tree| {
                reader.element(tree);
                Ok(())
            }),
            "relationships" => self.each(|reader, tree| {
                reader.relationship(tree);
                Ok(())
            }),
            "propertyDefinitions" | "propertydefs" => self.each(|reader, tree| {
                reader.property_definition(tree);
                Ok(())
            }),
            "organizations" | "organization" => self.organization(section),
            "views" => self.views(section),
            "metadata" => {
                let tree = self.tree(section)?;
                self.document.metadata = Some(tree.to_fragment());
                Ok(())
            }
            _ => {
                let tree = self.tree(section)?;
                self.document.extra.make().exchange_children.push(tree.to_fragment());
                Ok(())
            }
        }
    }

    fn header(&mut self, section: XmlElement) -> Result<(), Unreadable> {
        let is_name = section.local() == "name";
        let mut tree = self.tree(section)?;
        let text = self.context.text(&mut tree);
        if is_name {
            self.document.names.push(text);
        } else {
            self.document.documentation.push(text);
        }
        Ok(())
    }

    /// Gives every child of the section that was just begun to `read`.
    fn each(&mut self, read: impl Fn(&mut Self, XmlElement) -> Result<(), Unreadable>) -> Result<(), Unreadable> {
        loop {
            match self.next()? {
                XmlEvent::Start(start) => {
                    let tree = self.tree(start)?;
                    self.context.item(&self.xml, self.size)?;
                    read(self, tree)?;
                }
                XmlEvent::End | XmlEvent::Finished => return Ok(()),
                XmlEvent::Text(_) => {}
            }
        }
    }

    fn element(&mut self, mut tree: XmlElement) {
        let line = Line(tree.line);
        let written = tree.take_type().unwrap_or_default();
        let id = tree.take("identifier").map(|id| decoded(&id)).unwrap_or_default();
        let kind = element_type(&written);
        if !is_element_type(&kind) || id.is_empty() {
            return self.unknown(&id, &written, line);
        }
        self.tell_renamed(&written, &kind, line);
        let mut element = Element { id, kind, line, ..Element::default() };
        keep_exchange(&mut element.extra, &tree);
        let parts = self.parts(tree, &mut element.extra);
        (element.names, element.documentation, element.properties) =
            (parts.names, parts.documentation, parts.properties);
        self.document.elements.push(element);
    }

    fn relationship(&mut self, mut tree: XmlElement) {
        let line = Line(tree.line);
        let written = tree.take_type().unwrap_or_default();
        let mut id = || tree.take("identifier").map(|id| decoded(&id)).unwrap_or_default();
        let id = id();
        let kind = relationship_type(&written);
        if !is_relationship_type(&kind) || id.is_empty() {
            return self.unknown(&id, &written, line);
        }
        let mut end = |name: &str| tree.take(name).map(|id| decoded(&id)).unwrap_or_default();
        let (source, target) = (end("source"), end("target"));
        let mut held = Relationship { id, kind, source, target, line, ..Relationship::default() };
        self.special(&mut held, &mut tree);
        keep_exchange(&mut held.extra, &tree);
        let parts = self.parts(tree, &mut held.extra);
        (held.names, held.documentation, held.properties) = (parts.names, parts.documentation, parts.properties);
        self.document.relationships.push(held);
    }

    /// Attributes that only some relationship types have.
    fn special(&mut self, held: &mut Relationship, tree: &mut XmlElement) {
        if held.kind == "Access"
            && let Some(word) = tree.take("accessType")
        {
            held.access = Access::from_word(&word);
            if held.access.is_none() {
                let wrong = Said::new("アクセスの種類が分かりません", "the access type is not known");
                let assumed = Said::new("種類なしとみなします", "taken as not stated");
                self.context.assume("unknown_access_type", held.line, &word, wrong, assumed);
            }
        }
        if held.kind == "Influence" {
            held.modifier = tree.take("modifier");
        }
        if held.kind == "Association" {
            held.directed = tree.take("isDirected").map(|word| matches!(word.trim(), "true" | "1"));
        }
    }

    fn tell_renamed(&mut self, written: &str, kind: &str, line: Line) {
        if written != kind {
            let wrong =
                Said::new(format!("「{written}」は古い版の型です"), format!("{written} is a type of an older version"));
            let assumed = Said::new(format!("「{kind}」として読みます"), format!("read as {kind}"));
            self.context.assume("renamed_type", line, written, wrong, assumed);
        }
    }

    fn unknown(&mut self, id: &str, written: &str, line: Line) {
        let (code, wrong) = if id.is_empty() {
            ("no_identifier", Said::new("識別子がありません", "it has no identifier"))
        } else {
            let wrong = Said::new(
                format!("「{id}」の型「{written}」はArchiMate 3.2にありません"),
                format!("the type {written:?} of {id:?} is not one of ArchiMate 3.2"),
            );
            ("unknown_type", wrong)
        };
        let remedy = Said::new(
            "元のファイルで型と識別子を直してください",
            "give it a known type and an identifier in the source",
        );
        self.context.refuse(code, line, written, wrong, remedy);
    }

    /// Names, documentation and properties of something; other children are kept.
    fn parts(&mut self, tree: XmlElement, extra: &mut Extra) -> Parts {
        let mut parts = Parts::default();
        for mut child in tree.into_elements() {
            match child.local() {
                "name" | "label" => parts.names.push(self.context.text(&mut child)),
                "documentation" => parts.documentation.push(self.context.text(&mut child)),
                "properties" => parts.properties.extend(self.properties(child)),
                _ => extra.make().exchange_children.push(child.to_fragment()),
            }
        }
        drop_empty_name(&mut parts.names);
        parts.without_room()
    }

    fn properties(&mut self, tree: XmlElement) -> Vec<Property> {
        exact(tree.into_elements().map(|property| self.property(property)).collect())
    }

    fn property(&mut self, mut tree: XmlElement) -> Property {
        let reference = tree.take("propertyDefinitionRef").or_else(|| tree.take("identifierref")).unwrap_or_default();
        let definition = Arc::clone(self.shared.entry(reference).or_insert_with_key(|key| decoded(key).into()));
        let values = tree.into_elements().filter(|child| child.local() == "value");
        let values = exact(values.map(|mut value| self.context.text(&mut value)).collect());
        // What it is called is known once all is read.
        Property { key: Arc::clone(&definition), definition: Some(definition), values }
    }

    fn property_definition(&mut self, mut tree: XmlElement) {
        let line = Line(tree.line);
        let id = tree.take("identifier").map(|id| decoded(&id)).unwrap_or_default();
        let data_type = tree.take("type").unwrap_or_else(|| "string".to_owned());
        let name = tree.take("name");
        let mut definition = PropertyDefinition { id, data_type, line, ..PropertyDefinition::default() };
        keep_exchange(&mut definition.extra, &tree);
        let parts = self.parts(tree, &mut definition.extra);
        definition.names = parts.names;
        // Version 2.1 has the name as an attribute.
        definition.names.extend(name.map(super::document::Text::plain));
        definition.documentation = parts.documentation;
        self.document.property_definitions.push(definition);
    }
}

#[derive(Default)]
struct Parts {
    names: Texts,
    documentation: Texts,
    properties: Vec<Property>,
}

impl Parts {
    /// The same, without room for more: a list of one text takes four times what it holds.
    fn without_room(self) -> Self {
        let Self { names, documentation, properties } = self;
        Self { names: exact(names), documentation: exact(documentation), properties: exact(properties) }
    }
}

/// One empty name without a language is how the format writes that there is none.
fn drop_empty_name(names: &mut Texts) {
    if let [only] = names.as_slice()
        && only.language.is_none()
        && only.value.is_empty()
    {
        names.clear();
    }
}

/// Definitions stand behind their use: once all is read, properties get the names of theirs.
fn name_properties(context: &mut Context<'_>, document: &mut Document) {
    let named =
        document.property_definitions.iter().map(|held| (held.id.clone(), Arc::<str>::from(first(&held.names))));
    let keys: FxHashMap<String, Arc<str>> = named.collect();
    let mut missing: Vec<(Line, Arc<str>)> = Vec::new();
    let mut name = |properties: &mut Vec<Property>, line: Line| {
        for property in properties {
            let Some(id) = &property.definition else { continue };
            if let Some(key) = keys.get(&**id) {
                property.key = Arc::clone(key);
            } else {
                missing.push((line, Arc::clone(id)));
                property.key = Arc::clone(id);
            }
        }
    };
    name(&mut document.properties, Line(1));
    document.elements.iter_mut().for_each(|held| name(&mut held.properties, held.line));
    document.relationships.iter_mut().for_each(|held| name(&mut held.properties, held.line));
    document.views.iter_mut().for_each(|held| name(&mut held.properties, held.line));
    for (line, id) in missing {
        let wrong = Said::new("属性の定義がファイルにありません", "the property definition is not in the file");
        let assumed = Said::new("識別子を名前とします", "its identifier is taken as its name");
        context.assume("unknown_property_definition", line, &id, wrong, assumed);
    }
}
