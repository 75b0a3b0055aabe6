//! Elements and relationships of Archi's format.

use super::super::document::{
    Access, Element, Entry, Extra, Folder, KeptAttribute, Line, Property, Relationship, Texts, TypeName, exact, plain,
};
use super::super::pieces::keep_native;
use super::super::types::{element_type, is_element_type, is_relationship_type, relationship_type};
use super::{Parts, feature, native_property};
use crate::interchange::problem::Said;
use crate::interchange::source::Unreadable;
use crate::interchange::xml::{XSI_NAMESPACE, XmlAttribute, XmlElement, XmlName};

impl Parts<'_, '_> {
    /// An element, a relationship or a view.
    pub(super) fn item(&mut self, folder: &mut Folder, mut tree: XmlElement) -> Result<(), Unreadable> {
        let Some(written) = tree.take_type() else {
            self.unknown(&tree, "");
            return Ok(());
        };
        let id = tree.attribute("id").unwrap_or_default().to_owned();
        if written.ends_with("DiagramModel") || written.ends_with("SketchModel") {
            self.view(&written, tree)?;
        } else if written.ends_with("CanvasModel") {
            keep_canvas(folder, &written, tree);
            return Ok(());
        } else if is_relationship_type(&relationship_type(&written)) && !is_element_type(&written) {
            self.relationship(&written, tree);
        } else if is_element_type(&type_of(&written, &tree)) && !id.is_empty() {
            self.element(&written, tree);
        } else {
            self.unknown(&tree, &written);
            return Ok(());
        }
        folder.entries.push(Entry::Item(id));
        Ok(())
    }

    fn unknown(&mut self, tree: &XmlElement, written: &str) {
        let id = tree.attribute("id").unwrap_or_default();
        let wrong = Said::new(
            format!("「{id}」の型「{written}」はArchiMate 3.2にありません"),
            format!("the type {written:?} of {id:?} is not one of ArchiMate 3.2"),
        );
        let remedy = Said::new("Archiで型を直して保存してください", "correct its type in Archi and save again");
        self.context.refuse("unknown_type", Line(tree.line), written, wrong, remedy);
    }

    fn element(&mut self, written: &str, mut tree: XmlElement) {
        let line = Line(tree.line);
        let kind = type_of(written, &tree);
        self.tell_renamed(written, &kind, line);
        if kind.ends_with("Junction") {
            tree.take("type");
        }
        let mut element = Element { id: tree.take("id").unwrap_or_default(), kind, line, ..Element::default() };
        element.names = plain(tree.take("name").unwrap_or_default());
        element.profiles = words(tree.take("profiles"));
        let parts = Self::concept_parts(tree, &mut element.extra);
        (element.documentation, element.properties) = (parts.0, parts.1);
        self.document.elements.push(element);
    }

    fn relationship(&mut self, written: &str, mut tree: XmlElement) {
        let line = Line(tree.line);
        let kind = relationship_type(written);
        let short = written.strip_suffix("Relationship").unwrap_or(written);
        self.tell_renamed(short, &kind, line);
        let mut take = |name: &str| tree.take(name).unwrap_or_default();
        let (id, source, target) = (take("id"), take("source"), take("target"));
        let mut held = Relationship { id, kind, source, target, line, ..Relationship::default() };
        held.names = plain(tree.take("name").unwrap_or_default());
        held.profiles = words(tree.take("profiles"));
        self.special(&mut held, &mut tree);
        let parts = Self::concept_parts(tree, &mut held.extra);
        (held.documentation, held.properties) = (parts.0, parts.1);
        self.document.relationships.push(held);
    }

    fn special(&mut self, held: &mut Relationship, tree: &mut XmlElement) {
        match &*held.kind {
            // Archi's default is to write (archimate.ecore: accessType = 0).
            "Access" => {
                let number = tree.take("accessType").unwrap_or_else(|| "0".to_owned());
                let access = Access::from_number(&number);
                // What is not stated has a number of its own here, and no word in the exchange format.
                held.access = access.filter(|access| *access != Access::Access);
                if access.is_none() {
                    let wrong = Said::new("アクセスの種類が分かりません", "the access type is not known");
                    let assumed = Said::new("種類なしとみなします", "taken as not stated");
                    self.context.assume("unknown_access_type", held.line, &number, wrong, assumed);
                }
            }
            "Influence" => held.modifier = tree.take("strength").filter(|strength| !strength.is_empty()),
            "Association" => held.directed = tree.take("directed").map(|word| word.trim() == "true"),
            _ => {}
        }
    }

    fn tell_renamed(&mut self, written: &str, kind: &str, line: Line) {
        if written != kind && written != "Junction" {
            let wrong =
                Said::new(format!("「{written}」は古い版の型です"), format!("{written} is a type of an older version"));
            let assumed = Said::new(format!("「{kind}」として読みます"), format!("read as {kind}"));
            self.context.assume("renamed_type", line, written, wrong, assumed);
        }
    }

    /// Documentation and properties; everything else is kept.
    pub(super) fn concept_parts(mut tree: XmlElement, extra: &mut Extra) -> (Texts, Vec<Property>) {
        // coArchi writes the documentation as an attribute.
        let mut documentation = plain(tree.take("documentation").unwrap_or_default());
        let mut properties = Vec::new();
        keep_native(extra, &tree);
        for mut child in tree.into_elements() {
            match child.local() {
                "documentation" => documentation = plain(child.text()),
                "property" => properties.push(native_property(&mut child)),
                "feature" => extra.make().features.push(feature(&mut child)),
                _ => extra.make().native_children.push(child.to_fragment()),
            }
        }
        (documentation, exact(properties))
    }
}

/// Canvases are drawings of an extension of Archi: kept whole.
fn keep_canvas(folder: &mut Folder, written: &str, mut tree: XmlElement) {
    let value = format!("canvas:{written}");
    let name = XmlName { namespace: XSI_NAMESPACE.into(), prefix: "xsi".into(), local: "type".into() };
    tree.attributes.insert(0, XmlAttribute { name, value });
    folder.extra.make().native_children.push(tree.to_fragment());
}

/// The type of an element; Archi tells the two junctions apart by an attribute.
fn type_of(written: &str, tree: &XmlElement) -> TypeName {
    if written == "Junction" && tree.attribute("type").is_some_and(|word| word.eq_ignore_ascii_case("or")) {
        return TypeName::Borrowed("OrJunction");
    }
    element_type(written)
}

fn words(list: Option<String>) -> Vec<String> {
    list.iter().flat_map(|list| list.split_whitespace()).map(str::to_owned).collect()
}

/// An attribute of Archi that is kept as it was written.
pub(super) fn raw(name: &str, value: String) -> KeptAttribute {
    KeptAttribute { name: name.to_owned(), namespace: String::new(), value }
}
