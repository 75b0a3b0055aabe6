//! Organisations.

use super::super::document::{Entry, Folder};
use super::super::pieces::keep_exchange;
use super::super::xml_ids::decoded;
use super::Reader;
use crate::interchange::source::Unreadable;
use crate::interchange::xml::XmlElement;

impl Reader<'_, '_, '_> {
    /// One tree of folders.
    pub(super) fn organization(&mut self, section: XmlElement) -> Result<(), Unreadable> {
        let tree = self.tree(section)?;
        let mut entries = Vec::new();
        for child in tree.into_elements() {
            entries.push(self.entry(child));
        }
        self.document.organizations.push(entries);
        Ok(())
    }

    fn entry(&mut self, mut tree: XmlElement) -> Entry {
        let item = tree.take("identifierRef").or_else(|| tree.take("identifierref")).map(|id| decoded(&id));
        let is_plain = tree.attributes.is_empty() && tree.children.is_empty();
        match item {
            Some(item) if is_plain => Entry::Item(item),
            item => Entry::Folder(self.folder(tree, item)),
        }
    }

    fn folder(&mut self, mut tree: XmlElement, item: Option<String>) -> Folder {
        let id = tree.take("identifier").map(|id| decoded(&id));
        let mut folder = Folder { id, item, ..Folder::default() };
        keep_exchange(&mut folder.extra, &tree);
        for mut child in tree.into_elements() {
            match child.local() {
                "label" => folder.labels.push(self.context.text(&mut child)),
                "documentation" => folder.documentation.push(self.context.text(&mut child)),
                "item" => {
                    let entry = self.entry(child);
                    folder.entries.push(entry);
                }
                _ => folder.extra.make().exchange_children.push(child.to_fragment()),
            }
        }
        folder
    }
}
