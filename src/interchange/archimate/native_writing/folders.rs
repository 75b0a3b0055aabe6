//! Archi's folders: those of the document, or the usual ones with the document's trees below them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::document::{Access, Document, Element, Entry, Folder, Relationship, first, plain};
use super::super::types::{FOLDERS, folder_of};
use super::super::view::View;
use super::super::writable::{Concept, Writable};
use super::tree::{attribute, child, kept, text_child};
use super::{Writer, features, native_type, typed};
use crate::interchange::xml::XmlElement;

/// Where the items of a document are found.
struct Items<'d> {
    elements: FxHashMap<&'d str, &'d Element>,
    relationships: FxHashMap<&'d str, &'d Relationship>,
    views: FxHashMap<&'d str, &'d View>,
}

impl<'d> Items<'d> {
    fn of(document: &'d Document, writable: &Writable<'_>) -> Self {
        let mut relationships = FxHashMap::default();
        // Of several with one identifier, one that has its ends.
        let (whole, lacking): (Vec<_>, Vec<_>) =
            document.relationships.iter().partition(|held| writable.can_relate(held));
        for held in whole.into_iter().chain(lacking) {
            relationships.entry(held.id.as_str()).or_insert(held);
        }
        Self {
            elements: document.elements.iter().map(|held| (held.id.as_str(), held)).collect(),
            relationships,
            views: document.views.iter().map(|held| (held.id.as_str(), held)).collect(),
        }
    }

    /// What Archi's folder for an item holds.
    fn content(&self, id: &str) -> Option<&'static str> {
        if let Some(element) = self.elements.get(id) {
            return Some(folder_of(&element.kind));
        }
        if self.relationships.contains_key(id) {
            return Some("relations");
        }
        self.views.contains_key(id).then_some("diagrams")
    }
}

impl Writer<'_> {
    pub(super) fn folders(&mut self) -> Vec<XmlElement> {
        let document = self.document;
        let items = Items::of(document, &self.writable);
        let trees = arranged(document, &items);
        let mut written = FxHashSet::default();
        trees.iter().map(|folder| self.folder(folder, &items, &mut written)).collect()
    }

    fn folder(&mut self, folder: &Folder, items: &Items<'_>, written: &mut FxHashSet<String>) -> XmlElement {
        let mut tree = XmlElement::new("folder");
        let id = folder.id.clone().unwrap_or_default();
        let name = self.one(&folder.labels, &id);
        attribute(&mut tree, "name", &name);
        attribute(&mut tree, "id", &id);
        attribute(&mut tree, "type", folder.content.as_deref().unwrap_or_default());
        kept(&mut tree, &folder.extra);
        self.exchange_only(&folder.extra, &id);
        for entry in &folder.entries {
            match entry {
                Entry::Folder(inner) => {
                    let inner = self.folder(inner, items, written);
                    child(&mut tree, inner);
                }
                Entry::Item(id) if written.insert(id.clone()) => {
                    if let Some(item) = self.item(id, items) {
                        child(&mut tree, item);
                    }
                }
                Entry::Item(_) => {}
            }
        }
        let documentation = self.one(&folder.documentation, &id);
        text_child(&mut tree, "documentation", &documentation);
        self.properties(&mut tree, &folder.properties, &id);
        features(&mut tree, &folder.extra);
        tree
    }

    fn item(&mut self, id: &str, items: &Items<'_>) -> Option<XmlElement> {
        if let Some(element) = items.elements.get(id) {
            return self.element(element);
        }
        if let Some(relationship) = items.relationships.get(id) {
            return self.relationship(relationship);
        }
        if let Some(view) = items.views.get(id) {
            return Some(self.view(view));
        }
        self.losses.add(
            "dangling_folder_item",
            id,
            "フォルダーにある項目の実体がありません",
            "items of folders that are not there",
        );
        None
    }

    fn element(&mut self, held: &Element) -> Option<XmlElement> {
        if self.writable.get(&held.id) != Some(Concept::Element) {
            self.losses.add(
                "unknown_type",
                &held.id,
                "型がArchiMateにない要素",
                "elements of a type that ArchiMate has not",
            );
            return None;
        }
        let mut tree = XmlElement::new("element");
        typed(&mut tree, &native_type(&held.kind));
        let name = self.one(&held.names, &held.id);
        attribute(&mut tree, "name", &name);
        attribute(&mut tree, "id", &held.id);
        if held.kind == "OrJunction" {
            tree.set("type", "or");
        }
        let (profiles, properties) = self.specialized(&held.kind, &held.profiles, &held.properties);
        attribute(&mut tree, "profiles", &profiles);
        kept(&mut tree, &held.extra);
        self.exchange_only(&held.extra, &held.id);
        let documentation = self.one(&held.documentation, &held.id);
        text_child(&mut tree, "documentation", &documentation);
        self.properties(&mut tree, &properties, &held.id);
        features(&mut tree, &held.extra);
        Some(tree)
    }

    fn relationship(&mut self, held: &Relationship) -> Option<XmlElement> {
        if !self.writable.can_relate(held) {
            self.losses.add(
                "dangling_relationship",
                &held.id,
                "端がない、又は型がArchiMateにない関係",
                "relationships without an end, or of a type that ArchiMate has not",
            );
            return None;
        }
        let mut tree = XmlElement::new("element");
        typed(&mut tree, &native_type(&held.kind));
        let name = self.one(&held.names, &held.id);
        attribute(&mut tree, "name", &name);
        attribute(&mut tree, "id", &held.id);
        attribute(&mut tree, "source", &held.source);
        attribute(&mut tree, "target", &held.target);
        special(&mut tree, held);
        let (profiles, properties) = self.specialized(&held.kind, &held.profiles, &held.properties);
        attribute(&mut tree, "profiles", &profiles);
        kept(&mut tree, &held.extra);
        self.exchange_only(&held.extra, &held.id);
        let documentation = self.one(&held.documentation, &held.id);
        text_child(&mut tree, "documentation", &documentation);
        self.properties(&mut tree, &properties, &held.id);
        features(&mut tree, &held.extra);
        Some(tree)
    }
}

/// Attributes that only some relationship types have.
fn special(tree: &mut XmlElement, held: &Relationship) {
    match &*held.kind {
        "Access" => match held.access.unwrap_or(Access::Access) {
            Access::Write => {}
            access => tree.set("accessType", access.number()),
        },
        "Influence" => attribute(tree, "strength", held.modifier.as_deref().unwrap_or_default()),
        "Association" => {
            if let Some(directed) = held.directed {
                tree.set("directed", directed.to_string());
            }
        }
        _ => {}
    }
}

/// The folders to write: Archi's own where the document has them, else its trees below the usual ones; every item that
/// lies nowhere gets to the usual place.
fn arranged(document: &Document, items: &Items<'_>) -> Vec<Folder> {
    let is_archi = |entry: &Entry| matches!(entry, Entry::Folder(folder) if folder.content.is_some());
    let own = document.organizations.first().filter(|tree| tree.iter().any(is_archi));
    let mut folders: Vec<Folder> = match own {
        Some(tree) => tree.iter().filter_map(folder_of_entry).cloned().collect(),
        None => usual_folders(document, items),
    };
    let mut placed = FxHashSet::default();
    for folder in &folders {
        note_items(folder, &mut placed);
    }
    let elements = document.elements.iter().map(|held| &held.id);
    let relationships = document.relationships.iter().map(|held| &held.id);
    let views = document.views.iter().map(|held| &held.id);
    for id in elements.chain(relationships).chain(views) {
        if placed.insert(id.clone())
            && let Some(content) = items.content(id)
        {
            usual(&mut folders, content).entries.push(Entry::Item(id.clone()));
        }
    }
    folders
}

fn folder_of_entry(entry: &Entry) -> Option<&Folder> {
    match entry {
        Entry::Folder(folder) => Some(folder),
        Entry::Item(_) => None,
    }
}

fn note_items(folder: &Folder, placed: &mut FxHashSet<String>) {
    for entry in &folder.entries {
        match entry {
            Entry::Folder(inner) => note_items(inner, placed),
            Entry::Item(id) => {
                placed.insert(id.clone());
            }
        }
    }
}

/// Archi's folder for some content, made where it is missing.
fn usual<'f>(folders: &'f mut Vec<Folder>, content: &str) -> &'f mut Folder {
    let held = folders.iter().position(|folder| folder.content.as_deref() == Some(content));
    let place = held.unwrap_or_else(|| {
        let name = FOLDERS.iter().find(|(known, _)| *known == content).map_or(content, |(_, name)| name);
        let id = Some(format!("folder-{content}"));
        folders.push(Folder {
            id,
            labels: plain(name.to_owned()),
            content: Some(content.to_owned()),
            ..Folder::default()
        });
        folders.len() - 1
    });
    &mut folders[place]
}

/// Archi keeps each layer in a folder of its own, so a tree with mixed contents is taken apart: each item goes below
/// its usual folder, into folders of the same names as before.
fn usual_folders(document: &Document, items: &Items<'_>) -> Vec<Folder> {
    let mut folders = Vec::new();
    for (content, _) in FOLDERS {
        usual(&mut folders, content);
    }
    for tree in document.organizations.iter().take(1) {
        let mut path = Vec::new();
        for entry in tree {
            sort_in(&mut folders, &mut path, entry, items);
        }
    }
    folders
}

fn sort_in<'e>(folders: &mut Vec<Folder>, path: &mut Vec<&'e Folder>, entry: &'e Entry, items: &Items<'_>) {
    let id = match entry {
        Entry::Item(id) => Some(id),
        Entry::Folder(folder) => folder.item.as_ref(),
    };
    if let Some((id, content)) = id.and_then(|id| Some((id, items.content(id)?))) {
        let usual_name = FOLDERS.iter().find(|(known, _)| *known == content).map_or("", |(_, name)| name);
        let below = match path.first() {
            Some(top) if first(&top.labels) == usual_name => &path[1..],
            _ => &path[..],
        };
        let mut place = usual(folders, content);
        for (depth, folder) in below.iter().enumerate() {
            place = inner(place, folder, content, depth);
        }
        place.entries.push(Entry::Item(id.clone()));
    }
    if let Entry::Folder(folder) = entry {
        path.push(folder);
        for entry in &folder.entries {
            sort_in(folders, path, entry, items);
        }
        path.pop();
    }
}

/// The folder of the same name inside another, made where it is missing.
fn inner<'f>(place: &'f mut Folder, like: &Folder, content: &str, depth: usize) -> &'f mut Folder {
    let is_it = |entry: &Entry| matches!(entry, Entry::Folder(held) if held.labels == like.labels);
    let found = place.entries.iter().position(is_it);
    let index = found.unwrap_or_else(|| {
        let base = like.id.clone().unwrap_or_else(|| first(&like.labels).to_owned());
        let id = Some(format!("folder-{content}-{depth}-{base}"));
        let made =
            Folder { id, labels: like.labels.clone(), documentation: like.documentation.clone(), ..Folder::default() };
        place.entries.push(Entry::Folder(made));
        place.entries.len() - 1
    });
    match &mut place.entries[index] {
        Entry::Folder(held) => held,
        Entry::Item(_) => unreachable!("found or made as a folder"),
    }
}
