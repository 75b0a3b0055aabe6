//! Writing coArchi's tree of files.

use rustc_hash::FxHashMap;

use super::super::document::Document;
use super::super::native_writing::model;
use super::super::types::FOLDERS;
use super::FOLDER_FILE;
use super::normal::{CHILDREN, REFERENCES};
use crate::interchange::loss::Loss;
use crate::interchange::xml::{XSI_NAMESPACE, XmlAttribute, XmlElement, XmlName, XmlNode, XmlWriter};

/// Archi's namespace.
const ARCHIMATE: &str = "http://www.archimatetool.com/archimate";

/// Types by their name in Archi's own file and in coArchi's.
const TYPES: [(&str, &str); 4] = [
    ("DiagramObject", "DiagramModelArchimateObject"),
    ("Group", "DiagramModelGroup"),
    ("Note", "DiagramModelNote"),
    ("Connection", "DiagramModelArchimateConnection"),
];

/// Writes a document as coArchi's tree: paths below the repository's root with their bytes, and what was lost.
pub fn write_coarchi(document: &Document) -> (Vec<(String, Vec<u8>)>, Vec<Loss>) {
    let (root, losses) = model(document);
    let mut files = Files { types: types(&root), written: Vec::new() };
    files.model(root);
    let images = document.images.iter().map(|image| (image.path.clone(), image.bytes.clone()));
    files.written.extend(images);
    files.written.sort_by(|a, b| a.0.cmp(&b.0));
    (files.written, losses)
}

/// The type of everything with an identifier, for references.
fn types(root: &XmlElement) -> FxHashMap<String, String> {
    let mut found = FxHashMap::default();
    let mut waiting: Vec<&XmlElement> = vec![root];
    while let Some(tree) = waiting.pop() {
        if let (Some(id), Some(kind)) = (tree.attribute("id"), type_of(tree)) {
            found.insert(id.to_owned(), kind);
        }
        waiting.extend(tree.elements().filter(|child| matches!(child.local(), "folder" | "element")));
    }
    found
}

fn type_of(tree: &XmlElement) -> Option<String> {
    let held = tree.attributes.iter().find(|held| &*held.name.namespace == XSI_NAMESPACE)?;
    held.value.rsplit(':').next().map(str::to_owned)
}

struct Files {
    types: FxHashMap<String, String>,
    written: Vec<(String, Vec<u8>)>,
}

impl Files {
    fn model(&mut self, mut root: XmlElement) {
        root.name.local = "ArchimateModel".into();
        for node in std::mem::take(&mut root.children) {
            match node {
                XmlNode::Element(folder) if folder.local() == "folder" => self.folder("model", folder),
                XmlNode::Element(mut child) if child.local() == "profile" => {
                    child.name.local = "profiles".into();
                    root.children.push(XmlNode::Element(child));
                }
                other => root.children.push(other),
            }
        }
        let root = self.flat(root);
        self.file(format!("model/{FOLDER_FILE}"), &root);
    }

    fn folder(&mut self, above: &str, mut folder: XmlElement) {
        let content = folder.attribute("type").filter(|word| FOLDERS.iter().any(|(known, _)| known == word));
        let name = content.or(folder.attribute("id")).unwrap_or("folder");
        let path = format!("{above}/{}", safe(name));
        for node in std::mem::take(&mut folder.children) {
            match node {
                XmlNode::Element(inner) if inner.local() == "folder" => self.folder(&path, inner),
                XmlNode::Element(item) if item.local() == "element" => self.item(&path, item),
                other => folder.children.push(other),
            }
        }
        folder.name = named("Folder");
        let folder = self.flat(folder);
        self.file(format!("{path}/{FOLDER_FILE}"), &folder);
    }

    fn item(&mut self, folder: &str, mut item: XmlElement) {
        let kind = item.take_type().unwrap_or_default();
        let id = item.attribute("id").unwrap_or_default().to_owned();
        item.name = named(&kind);
        let item = self.flat(item);
        self.file(format!("{folder}/{}", file_name(&kind, &id)), &item);
    }

    /// Archi's own way of saying it turned into coArchi's.
    fn flat(&self, mut tree: XmlElement) -> XmlElement {
        let mut children = Vec::new();
        if let Some(profiles) = tree.take("profiles") {
            children.extend(profiles.split_whitespace().map(profile));
        }
        for (name, native) in REFERENCES {
            let is_end_of_line = matches!(native, "source" | "target") && is_line(&tree);
            if !is_end_of_line && let Some(id) = tree.take(native) {
                children.push(self.reference(name, &id));
            }
        }
        for node in std::mem::take(&mut tree.children) {
            match node {
                XmlNode::Element(child) if matches!(child.local(), "documentation" | "content" | "purpose") => {
                    tree.set(&child.name.local.clone(), child.text());
                }
                XmlNode::Element(child) => children.push(self.renamed(child)),
                XmlNode::Text(_) => {}
            }
        }
        tree.children = children.into_iter().map(XmlNode::Element).collect();
        tree
    }

    fn renamed(&self, mut child: XmlElement) -> XmlElement {
        if let Some((name, _)) = CHILDREN.iter().find(|(_, native)| *native == child.local()) {
            child.name.local = (*name).into();
        }
        for held in child.attributes.iter_mut().filter(|held| &*held.name.namespace == XSI_NAMESPACE) {
            let short = held.value.strip_prefix("archimate:").unwrap_or_default();
            if let Some((_, long)) = TYPES.iter().find(|(native, _)| *native == short) {
                held.value = format!("archimate:{long}");
            }
        }
        self.flat(child)
    }

    fn reference(&self, name: &str, id: &str) -> XmlElement {
        let kind = self.types.get(id).map_or("ArchimateConcept", String::as_str);
        let mut tree = XmlElement::new(name);
        let xsi = XmlName { namespace: XSI_NAMESPACE.into(), prefix: "xsi".into(), local: "type".into() };
        tree.attributes.push(XmlAttribute { name: xsi, value: format!("archimate:{kind}") });
        tree.set("href", format!("{}#{id}", file_name(kind, id)));
        tree
    }

    fn file(&mut self, path: String, tree: &XmlElement) {
        let mut writer = XmlWriter::bare_document();
        writer.tree(tree);
        self.written.push((path, writer.finish().into_bytes()));
    }
}

/// A line of a view keeps its ends as attributes; a relationship refers to other files.
fn is_line(tree: &XmlElement) -> bool {
    matches!(tree.local(), "sourceConnections" | "sourceConnection")
}

fn profile(id: &str) -> XmlElement {
    let mut tree = XmlElement::new("profiles");
    tree.set("href", format!("{FOLDER_FILE}#{id}"));
    tree
}

fn named(kind: &str) -> XmlName {
    XmlName { namespace: ARCHIMATE.into(), prefix: "archimate".into(), local: kind.into() }
}

fn file_name(kind: &str, id: &str) -> String {
    format!("{kind}_{}.xml", safe(id))
}

/// Without characters that a path gives a meaning.
fn safe(name: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = name.chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
    if name.starts_with('.') { format!("_{name}") } else { name }
}
