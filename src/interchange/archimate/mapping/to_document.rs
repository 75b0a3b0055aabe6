//! From the model to a document.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::document::{Document, Entry, Folder, Image, plain};
use super::super::view::{Node, View};
use super::concepts::Translator;
use super::fields::Dictionary;
use super::records::profiles;
use super::said::Said;
use super::words::Words;
use crate::domain::element::{Element, Item, Model, Relationship};
use crate::domain::metamodel::{AttributeType, Kind, Naming};
use crate::domain::naming::display_name;
use crate::interchange::identifiers::source_id;
use crate::interchange::loss::{Loss, Losses};

/// The deepest nesting of folders that is written.
const DEEPEST: usize = 256;

/// A document made from the model, and what no document carries.
#[derive(Debug)]
pub struct Exported {
    /// The document.
    pub document: Document,
    /// What has no place in any `ArchiMate` file.
    pub losses: Vec<Loss>,
}

/// The document of some items of the model: elements, relationships, and the records of views, folders and definitions.
///
/// `name` is what the model is called where no record says it. The same items give the same document.
pub fn to_document(model: &dyn Model, items: &[Item<'_>], words: &Words<'_>, name: &str) -> Exported {
    let saids: Vec<(Item<'_>, Said)> = items.iter().map(|item| (*item, said(words, *item))).collect();
    let records = |kind: &'static str| saids.iter().filter(move |(_, said)| said.kind == kind);
    let wholes: Vec<&Said> = records("archimate_model").map(|(_, said)| said).collect();
    let declared = if let [only] = wholes.as_slice() { profiles(only) } else { Vec::new() };
    let bare = Translator { words, dictionary: Dictionary::from(&[], Vec::new()) };
    let kind_of = |said: &Said| words.metamodel().kind_named(&said.kind);
    let definitions: Vec<_> = records("property_definition")
        .filter_map(|(_, said)| Some(bare.exported_definition(said, kind_of(said)?)))
        .collect();
    let translator = Translator { words, dictionary: Dictionary::from(&definitions, declared) };
    let mut exporter = Exporter { model, translator, document: Document::default(), losses: Losses::default() };
    exporter.document.property_definitions = definitions;
    for (item, said) in &saids {
        exporter.item(*item, said);
    }
    exporter.whole(&saids, name);
    Exported { document: exporter.document, losses: exporter.losses.into_list() }
}

/// What the model says of an item.
fn said(words: &Words<'_>, item: Item<'_>) -> Said {
    let metamodel = words.metamodel();
    let mut said = Said::of(&metamodel.kind(item.kind()).name);
    said.name = item.name().map(ToString::to_string);
    for (name, value) in item.attributes().iter() {
        said.fields.insert(metamodel.attribute_text(name).to_string(), value.to_json());
    }
    said
}

struct Exporter<'a, 'm> {
    model: &'a dyn Model,
    translator: Translator<'m>,
    document: Document,
    losses: Losses,
}

impl<'m> Exporter<'_, 'm> {
    fn kind(&self, name: &str) -> Option<&'m Kind> {
        self.translator.words.metamodel().kind_named(name)
    }

    fn item(&mut self, item: Item<'_>, said: &Said) {
        let Some(kind) = self.kind(&said.kind) else { return };
        match item {
            Item::Element(element) if kind.archimate.is_some() => self.element(element, said, kind),
            Item::Element(element) => self.record(element, said, kind),
            Item::Relationship(relationship) => self.relationship(relationship, said, kind),
        }
    }

    fn element(&mut self, element: &Arc<Element>, said: &Said, kind: &'m Kind) {
        let id = source_id(element.id.as_str());
        let mut held = self.translator.exported_element(said, kind, &id);
        // A name put together from other things is shown, and made anew when the file is read back.
        if matches!(kind.naming, Naming::Template(_)) && held.names.is_empty() {
            held.names = plain(display_name(self.model, Item::Element(element), "ja"));
        }
        self.tell_lost(&id, said, kind);
        self.document.elements.push(held);
    }

    fn relationship(&mut self, relationship: &Arc<Relationship>, said: &Said, kind: &'m Kind) {
        let id = source_id(relationship.id.as_str());
        let (mut source, mut target) =
            (source_id(relationship.source.as_str()), source_id(relationship.target.as_str()));
        if kind.relationship.as_ref().is_some_and(|traits| traits.reversed) {
            std::mem::swap(&mut source, &mut target);
        }
        let held = self.translator.exported_relationship(said, kind, &id, (&source, &target));
        self.tell_lost(&id, said, kind);
        self.document.relationships.push(held);
    }

    /// Attributes that no property carries.
    fn tell_lost(&mut self, id: &str, said: &Said, kind: &Kind) {
        let is_fragment = |name: &str| {
            let held = kind.attribute_named(name);
            held.is_some_and(|held| matches!(held.value_type, AttributeType::SourceFragment))
        };
        for _ in said.fields.keys().filter(|name| !name.starts_with("archimate.") && is_fragment(name)) {
            self.losses.add("source_fragment", id, "ほかの形式の元の記載", "pieces of files of other formats");
        }
    }

    fn record(&mut self, element: &Arc<Element>, said: &Said, kind: &'m Kind) {
        let id = source_id(element.id.as_str());
        match &*kind.name {
            "diagram" => {
                let mut view = self.translator.exported_view(said, kind, &id);
                with_source_ids(&mut view);
                self.document.views.push(view);
            }
            "archimate_image" => {
                let bytes = said.text("data").and_then(|data| STANDARD.decode(data).ok()).unwrap_or_default();
                self.document.images.push(Image { path: said.name.clone().unwrap_or_default(), bytes });
            }
            _ => {}
        }
    }

    /// The head of the document, and its folders.
    fn whole(&mut self, saids: &[(Item<'_>, Said)], name: &str) {
        let folders = saids.iter().filter(|(_, said)| said.kind == "folder");
        let folders: FxHashMap<&str, &Said> = folders.map(|(item, said)| (item.id().as_str(), said)).collect();
        let wholes: Vec<&(Item<'_>, Said)> = saids.iter().filter(|(_, said)| said.kind == "archimate_model").collect();
        let Some(kind) = self.kind("archimate_model") else { return };
        self.document.names = plain(name.to_owned());
        let mut trees = Vec::new();
        if let [(item, said)] = wholes.as_slice() {
            self.document.id = source_id(item.id().as_str());
            trees = self.translator.export_whole(said, kind, &mut self.document);
        }
        let mut below = FxHashSet::default();
        for said in folders.values() {
            below.extend(said.list("entries").iter().filter_map(serde_json::Value::as_str).map(str::to_owned));
        }
        let said_top: Vec<String> = wholes.iter().flat_map(|(_, said)| texts(said, "folders")).collect();
        let mut top = said_top.clone();
        let others = folders.keys().filter(|id| !below.contains(**id) && !said_top.iter().any(|held| held == *id));
        let mut others: Vec<String> = others.map(|id| (*id).to_owned()).collect();
        others.sort();
        top.extend(others);
        let mut done = FxHashSet::default();
        let entries: Vec<Entry> = top.iter().filter_map(|id| self.entry(id, &folders, &mut done, 0)).collect();
        self.document.organizations = split(entries, &trees);
    }

    fn entry(
        &self,
        id: &str,
        folders: &FxHashMap<&str, &Said>,
        done: &mut FxHashSet<String>,
        depth: usize,
    ) -> Option<Entry> {
        let Some(said) = folders.get(id) else {
            return Some(Entry::Item(source_id(id)));
        };
        if depth > DEEPEST || !done.insert(id.to_owned()) {
            return None;
        }
        let entries = texts(said, "entries");
        let entries = entries.iter().filter_map(|id| self.entry(id, folders, done, depth + 1)).collect();
        let own = source_id(id);
        let own = Some(own.as_str()).filter(|id| !id.starts_with("folder:"));
        let folder = self.translator.exported_folder(said, self.kind("folder")?, own);
        Some(Entry::Folder(Folder { entries, ..folder }))
    }
}

fn texts(said: &Said, name: &str) -> Vec<String> {
    said.list(name).iter().filter_map(serde_json::Value::as_str).map(str::to_owned).collect()
}

/// The trees that there were; one if nobody says otherwise.
fn split(entries: Vec<Entry>, trees: &[usize]) -> Vec<Vec<Entry>> {
    if entries.is_empty() && trees.is_empty() {
        return Vec::new();
    }
    if trees.is_empty() || trees.iter().sum::<usize>() != entries.len() {
        return vec![entries];
    }
    let mut rest = entries;
    let mut split = Vec::new();
    for size in trees {
        let more = rest.split_off(*size);
        split.push(std::mem::replace(&mut rest, more));
    }
    split
}

/// Identifiers of the model in a view become those of files.
fn with_source_ids(view: &mut View) {
    fn node(held: &mut Node) {
        held.element = held.element.take().map(|id| source_id(&id));
        held.view_refs = held.view_refs.iter().map(|id| source_id(id)).collect();
        held.nodes.iter_mut().for_each(node);
    }
    view.drawing.nodes.iter_mut().for_each(node);
    for line in &mut view.drawing.connections {
        line.relationship = line.relationship.take().map(|id| source_id(&id));
        line.view_refs = line.view_refs.iter().map(|id| source_id(id)).collect();
    }
}
