//! Reading Archi's own file, versions 2.6 to 5.x, plain or zipped.

mod concepts;
mod drawing;
mod looks;
mod zipped;

use super::document::{Document, Entry, Folder, Profile, Property, Text, plain};
use super::pieces::keep_native;
use super::reading::Context;
use super::types::{element_type, relationship_type};
use crate::interchange::source::Unreadable;
use crate::interchange::xml::{self, XmlElement, XmlError, XmlEvent, XmlReader};

use concepts::raw;
pub(super) use looks::{alpha_of, compose_font, parse_font};
pub(super) use zipped::{unpack, unpack_parts};

/// Archi's namespaces, the present one first.
pub(super) const NAMESPACES: [&str; 2] =
    ["http://www.archimatetool.com/archimate", "http://www.bolton.ac.uk/archimate"];

/// Reads a file that is not packed.
pub(super) fn read(context: &mut Context<'_>, bytes: &[u8]) -> Result<Document, Unreadable> {
    let text = xml::decode(bytes).map_err(|error| context.unreadable(error))?;
    let size = text.len();
    let xml = XmlReader::new(&text, context.xml_limits());
    let mut reader = Reader { xml, parts: Parts { context, document: Document::default() }, size };
    reader.model()?;
    Ok(reader.parts.document)
}

struct Reader<'r, 't, 'c> {
    xml: XmlReader<'t>,
    parts: Parts<'r, 'c>,
    size: usize,
}

/// What turns trees into parts of the document; shared with the reader of coArchi's files.
pub(super) struct Parts<'r, 'c> {
    pub(super) context: &'r mut Context<'c>,
    pub(super) document: Document,
}

impl Reader<'_, '_, '_> {
    fn next(&mut self) -> Result<XmlEvent, Unreadable> {
        self.xml.advance().map_err(|error| self.parts.context.unreadable(error))
    }

    fn tree(&mut self, start: XmlElement) -> Result<XmlElement, Unreadable> {
        self.xml.subtree(start).map_err(|error| self.parts.context.unreadable(error))
    }

    fn model(&mut self) -> Result<(), Unreadable> {
        let root = loop {
            if let XmlEvent::Start(root) = self.next()? {
                break root;
            }
        };
        self.parts.root(root)?;
        let mut folders = Vec::new();
        loop {
            match self.next()? {
                XmlEvent::Start(start) if start.local() == "folder" => folders.push(Entry::Folder(self.folder(start)?)),
                XmlEvent::Start(start) => {
                    let tree = self.tree(start)?;
                    self.parts.header(tree);
                }
                XmlEvent::Text(_) => {}
                XmlEvent::End => break,
                XmlEvent::Finished => return Ok(()),
            }
        }
        self.parts.document.organizations.push(folders);
        self.next().map(drop)
    }

    fn folder(&mut self, start: XmlElement) -> Result<Folder, Unreadable> {
        let mut folder = self.parts.folder(start);
        loop {
            match self.next()? {
                XmlEvent::Start(start) if start.local() == "folder" => {
                    let inner = self.folder(start)?;
                    folder.entries.push(Entry::Folder(inner));
                }
                XmlEvent::Start(start) => {
                    let tree = self.tree(start)?;
                    self.parts.context.item(&self.xml, self.size)?;
                    self.parts.folder_part(&mut folder, tree)?;
                }
                XmlEvent::Text(_) => {}
                XmlEvent::End | XmlEvent::Finished => return Ok(folder),
            }
        }
    }
}

impl Parts<'_, '_> {
    /// The model's own attributes.
    pub(super) fn root(&mut self, mut root: XmlElement) -> Result<(), Unreadable> {
        let is_archi = NAMESPACES.contains(&&*root.name.namespace);
        if !is_archi || !matches!(root.local(), "model" | "ArchimateModel") {
            return Err(self.no_model(&root));
        }
        self.document.id = root.take("id").unwrap_or_default();
        self.document.names = plain(root.take("name").unwrap_or_default());
        // coArchi writes the purpose as an attribute.
        self.document.documentation = plain(root.take("purpose").unwrap_or_default());
        // The present version is written anyway, and what an older one called otherwise is read into present words.
        let version = root.take("version").filter(|version| is_other_present_version(version));
        self.document.extra.make().native.extend(version.map(|version| raw("version", version)));
        keep_native(&mut self.document.extra, &root);
        for child in root.into_elements() {
            self.header(child);
        }
        Ok(())
    }

    fn no_model(&self, root: &XmlElement) -> Unreadable {
        let name = root.name.written();
        // Of Archi's own names only coArchi writes others than the model's at the top.
        let (japanese, english) = if NAMESPACES.contains(&&*root.name.namespace) {
            (
                format!(
                    "coArchiのフォルダーの中の一つのファイルです（{name}）。フォルダーごと、又はzipにして取り込んでください"
                ),
                format!(
                    "this is one file (<{name}>) of a folder of coArchi: import the whole folder, or a zip file of it"
                ),
            )
        } else {
            (
                format!("Archiのモデルではありません（{name}、{}）", root.name.namespace),
                format!("this is no model of Archi, but <{name}> of {:?}", &*root.name.namespace),
            )
        };
        self.context.unreadable(XmlError::new("no_archi_model", root.line, japanese, english))
    }

    /// What stands in the model beside its folders.
    fn header(&mut self, mut tree: XmlElement) {
        match tree.local() {
            "purpose" | "documentation" => self.document.documentation = plain(tree.text()),
            "property" => {
                let property = native_property(&mut tree);
                self.document.properties.push(property);
            }
            "profile" => self.profile(tree),
            "feature" => self.document.extra.make().features.push(feature(&mut tree)),
            _ => self.document.extra.make().native_children.push(tree.to_fragment()),
        }
    }

    fn profile(&mut self, mut tree: XmlElement) {
        let id = tree.take("id").unwrap_or_default();
        let name = tree.take("name").unwrap_or_default();
        let concept = tree.take("conceptType").unwrap_or_default();
        let short = concept.strip_suffix("Relationship").unwrap_or(&concept);
        let concept = if short == concept { element_type(&concept) } else { relationship_type(&concept) };
        let mut profile = Profile { id, name, concept, ..Profile::default() };
        keep_native(&mut profile.extra, &tree);
        for mut child in tree.into_elements() {
            if child.local() == "feature" {
                profile.extra.make().features.push(feature(&mut child));
            }
        }
        self.document.profiles.push(profile);
    }

    /// A folder without what lies in it.
    pub(super) fn folder(&mut self, mut start: XmlElement) -> Folder {
        let id = start.take("id");
        let labels = plain(start.take("name").unwrap_or_default());
        // The folders of Archi 2 that lost their own place in Archi 4.
        let content = start.take("type").map(|word| match word.as_str() {
            "informations" | "connectors" => "other".to_owned(),
            "derived" => "relations".to_owned(),
            _ => word,
        });
        let documentation = plain(start.take("documentation").unwrap_or_default());
        let mut folder = Folder { id, labels, documentation, content, ..Folder::default() };
        keep_native(&mut folder.extra, &start);
        for child in start.into_elements() {
            // Infallible: a folder's own parts are no items.
            let _ = self.folder_part(&mut folder, child);
        }
        folder
    }

    /// Something that stands in a folder: an item, or a part of the folder itself.
    pub(super) fn folder_part(&mut self, folder: &mut Folder, mut tree: XmlElement) -> Result<(), Unreadable> {
        match tree.local() {
            "element" => self.item(folder, tree)?,
            "documentation" => folder.documentation = plain(tree.text()),
            "property" => folder.properties.push(native_property(&mut tree)),
            "feature" => folder.extra.make().features.push(feature(&mut tree)),
            _ => folder.extra.make().native_children.push(tree.to_fragment()),
        }
        Ok(())
    }
}

/// Whether it is a version since 4, when Archi took up `ArchiMate` 3, that is not the one ezu writes.
fn is_other_present_version(version: &str) -> bool {
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    version != super::native_writing::VERSION && major.is_none_or(|major| major >= 4)
}

/// A property as Archi writes it.
pub(super) fn native_property(tree: &mut XmlElement) -> Property {
    let key = tree.take("key").unwrap_or_default();
    let value = tree.take("value").unwrap_or_default();
    Property { key: key.into(), definition: None, values: vec![Text::plain(value)] }
}

/// A feature: a setting that Archi keeps by name.
pub(super) fn feature(tree: &mut XmlElement) -> (String, String) {
    (tree.take("name").unwrap_or_default(), tree.take("value").unwrap_or_default())
}
