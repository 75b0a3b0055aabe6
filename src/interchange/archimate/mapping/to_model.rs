//! From a document to what it says of the model.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::super::document::{Document, Element, Entry, Folder, Relationship, first};
use super::super::reading::Reading;
use super::super::view::View;
use super::super::writable::Writable;
use super::concepts::{Translator, UNPERMITTED};
use super::fields::Dictionary;
use super::records::{CONTENT, folder_path, pointers};
use super::said::Said;
use super::words::Words;
use crate::domain::metamodel::{Kind, KindId};
use crate::interchange::format::Format;
use crate::interchange::identifiers::identifier;
use crate::interchange::place::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said as Sentence};
use crate::interchange::read_model::{Absent, Ends, ReadItem, ReadModel, Statement, Target};

/// What a document says, item by item, in the words of the metamodel.
///
/// Identifiers of the file become identifiers of the model by `interchange::identifiers`; folders without one are known
/// by their path, property definitions by their name. The document is used up, so that it is not held twice.
pub fn to_read_model(reading: Reading, format: Format, file: &str, words: &Words<'_>) -> ReadModel {
    let Reading { document, problems } = reading;
    let source = format!("archimate:{}", document.id);
    let mut read = ReadModel::new(format, source, first(&document.names));
    read.version.clone_from(&document.version);
    read.absent = Absent::Deleted;
    read.problems = problems;
    let translator = Translator { words, dictionary: Dictionary::of(&document) };
    let mut mapper =
        Mapper { translator, read, file: file.into(), seen: FxHashSet::default(), kinds: FxHashMap::default() };
    mapper.document(document);
    mapper.read
}

struct Mapper<'m> {
    translator: Translator<'m>,
    read: ReadModel,
    file: std::sync::Arc<str>,
    /// Identifiers that were read already.
    seen: FxHashSet<String>,
    /// The kinds of elements and relationships, for what may join them.
    kinds: FxHashMap<String, KindId>,
}

impl<'m> Mapper<'m> {
    fn document(&mut self, document: Document) {
        self.note_kinds(&document);
        let dangling = dangling(&document);
        let definitions = Self::definition_ids(&document);
        let mut document = document;
        let trees = self.folders(&mut document);
        self.whole(&document, trees);
        let images = std::mem::take(&mut document.images);
        for (place, definition) in document.property_definitions.iter().enumerate() {
            let Some(kind) = self.record_kind("property_definition") else { break };
            let said = self.translator.definition(definition, kind);
            self.push(said, &definitions[place], definition.line.0);
        }
        for element in document.elements {
            self.element(&element);
        }
        for (held, is_dangling) in document.relationships.into_iter().zip(dangling) {
            if !is_dangling {
                self.relationship(&held);
            }
        }
        document.views.into_iter().for_each(|view| self.view(view));
        for image in images {
            let Some(kind) = self.record_kind("archimate_image") else { break };
            let mut said = Said { name: Some(image.path.clone()), ..Said::of(&kind.name) };
            said.set("data", Some(STANDARD.encode(&image.bytes)));
            self.push(said, &format!("image:{}", image.path), 0);
        }
    }

    fn record_kind(&self, name: &str) -> Option<&'m Kind> {
        self.translator.words.metamodel().kind_named(name)
    }

    fn note_kinds(&mut self, document: &Document) {
        for held in &document.elements {
            if let Some(kind) = self.translator.element_kind(held) {
                self.kinds.entry(held.id.clone()).or_insert(kind.id);
            }
        }
        for held in &document.relationships {
            if let Some(kind) = self.translator.relationship_kind(held, true) {
                self.kinds.entry(held.id.clone()).or_insert(kind.id);
            }
        }
    }

    fn element(&mut self, held: &Element) {
        if let Some(kind) = self.translator.element_kind(held)
            && !self.seen.contains(&held.id)
        {
            let said = self.translator.element(held, kind);
            self.push(said, &held.id, held.line.0);
        }
    }

    fn relationship(&mut self, held: &Relationship) {
        if self.seen.contains(&held.id) {
            return;
        }
        let Some(kind) = self.permitted_kind(held) else { return };
        let reversed = kind.relationship.as_ref().is_some_and(|traits| traits.reversed);
        let said = self.translator.relationship(held, kind);
        let (source, target) = if reversed { (&held.target, &held.source) } else { (&held.source, &held.target) };
        let end = |id: &String| Target::Source(id.clone());
        let ends = Ends { source: end(source), target: end(target) };
        if let Some(item) = self.item(said, &held.id, held.line.0) {
            self.read.items.push(&ReadItem { ends: Some(ends), ..item });
        }
    }

    /// The kind that may run between the ends: specialised, else the type's own, else the one for what `ArchiMate` forbids.
    fn permitted_kind(&mut self, held: &Relationship) -> Option<&'m Kind> {
        let words = self.translator.words;
        let ends = (self.kinds.get(&held.source).copied(), self.kinds.get(&held.target).copied());
        let (Some(source), Some(target)) = ends else { return None };
        let permits = |kind: &&'m Kind| {
            let reversed = kind.relationship.as_ref().is_some_and(|traits| traits.reversed);
            let (source, target) = if reversed { (target, source) } else { (source, target) };
            words.metamodel().permits(kind.id, source, target)
        };
        let special = self.translator.relationship_kind(held, true).filter(permits);
        let usual = || self.translator.relationship_kind(held, false).filter(permits);
        if let Some(kind) = special.or_else(usual) {
            return Some(kind);
        }
        self.tell_unpermitted(held);
        words.metamodel().kind_named(UNPERMITTED)
    }

    fn tell_unpermitted(&mut self, held: &Relationship) {
        let wrong = Sentence::new(
            format!("ArchiMate 3.2は、この両端の間に関係「{}」を認めていません", held.kind),
            format!("ArchiMate 3.2 permits no {} between these ends", held.kind),
        );
        let place = self.place(held.line.0).at(&held.id);
        let problem = Problem::new(ProblemKind::Assumed, "unpermitted_relationship", place, &held.kind, wrong);
        self.read.problems.push(problem.assuming(
            "「規格外の関係」として取り込み、書き出すときは元の型に戻します",
            "kept as a relationship that ArchiMate does not permit, and exported as it was",
        ));
    }

    fn view(&mut self, view: View) {
        let Some(kind) = self.record_kind("diagram") else { return };
        if self.seen.contains(&view.id) {
            return;
        }
        let said = self.translator.view(&view, kind);
        let ids = pointers(&view.drawing);
        // As text, which takes a tenth of the memory that its tree would.
        let content = Json::String(serde_json::to_string(&view.drawing).unwrap_or_default());
        let (id, line) = (view.id, view.line.0);
        drop(view.drawing);
        self.push_with(said, &id, line, Some((CONTENT, Statement::Embedded { json: content, ids })));
    }

    /// A line of the file; the whole file for line 0. The file's name is shared.
    fn place(&self, line: u32) -> Place {
        Place { file: std::sync::Arc::clone(&self.file), line: Some(line).filter(|line| *line > 0), ..Place::default() }
    }

    /// Writes an item down, unless its identifier was there before.
    fn push(&mut self, said: Said, source_id: &str, line: u32) {
        self.push_with(said, source_id, line, None);
    }

    /// Writes an item down with one more field, unless its identifier was there before.
    fn push_with(&mut self, said: Said, source_id: &str, line: u32, more: Option<(&str, Statement)>) {
        if let Some(mut item) = self.item(said, source_id, line) {
            item.fields.extend(more.map(|(name, statement)| (name.to_owned(), statement)));
            self.read.items.push(&item);
        }
    }

    /// An item that says something; nothing if its identifier was there before.
    fn item(&mut self, said: Said, source_id: &str, line: u32) -> Option<ReadItem> {
        if !self.seen.insert(source_id.to_owned()) {
            return None;
        }
        let place = self.place(line);
        let mut item = ReadItem::new(said.kind, place);
        item.id = identifier(source_id);
        item.source_id = Some(source_id.to_owned());
        item.name = said.name;
        item.fields.extend(said.fields.into_iter().map(|(name, value)| (name, Statement::Value(value))));
        item.complete = true;
        Some(item)
    }

    fn whole(&mut self, document: &Document, top: Vec<String>) {
        let Some(kind) = self.record_kind("archimate_model") else { return };
        let said = self.translator.whole(document, kind);
        let id = if document.id.is_empty() { "archimate-model" } else { &document.id };
        self.push_with(said, id, 0, (!top.is_empty()).then(|| ("folders", ids(top))));
    }

    /// What property definitions are known by: their names, since files number them anew.
    fn definition_ids(document: &Document) -> Vec<String> {
        let mut taken = FxHashSet::default();
        // By name, the number from which on it may be free.
        let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
        let mut known = |name: &str| {
            let mut id = format!("property:{name}");
            if taken.insert(id.clone()) {
                return id;
            }
            let number = numbers.entry(name.to_owned()).or_insert(2);
            loop {
                id = format!("property:{name}~{number}");
                *number += 1;
                if taken.insert(id.clone()) {
                    return id;
                }
            }
        };
        document.property_definitions.iter().map(|held| known(first(&held.names))).collect()
    }

    /// Folders as records; answers with the topmost entries. Items that are not in the file are left out of them.
    fn folders(&mut self, document: &mut Document) -> Vec<String> {
        let Some(kind) = self.record_kind("folder") else { return Vec::new() };
        let trees = document.organizations.clone();
        let mut paths = FxHashSet::default();
        let mut top = Vec::new();
        for (number, tree) in trees.iter().enumerate() {
            let above = if number == 0 { String::new() } else { format!("/{}", number + 1) };
            top.extend(tree.iter().map(|entry| self.entry(entry, &above, kind, &mut paths)));
        }
        top
    }

    fn entry(&mut self, entry: &Entry, above: &str, kind: &'m Kind, paths: &mut FxHashSet<String>) -> String {
        match entry {
            Entry::Item(id) => id.clone(),
            Entry::Folder(folder) => self.folder(folder, above, kind, paths),
        }
    }

    fn folder(&mut self, folder: &Folder, above: &str, kind: &'m Kind, paths: &mut FxHashSet<String>) -> String {
        let path = folder_path(above, folder, &mut |path| paths.insert(path.to_owned()));
        let id = folder.id.clone().unwrap_or_else(|| format!("folder:{path}"));
        let entries: Vec<String> = folder.entries.iter().map(|entry| self.entry(entry, &path, kind, paths)).collect();
        let said = self.translator.folder(folder, kind);
        self.push_with(said, &id, 0, (!entries.is_empty()).then(|| ("entries", ids(entries))));
        id
    }
}

/// A list of identifiers of the source.
fn ids(list: Vec<String>) -> Statement {
    let pointers = (0..list.len()).map(|place| format!("/{place}")).collect();
    Statement::Embedded { json: list.into_iter().map(Json::String).collect(), ids: pointers }
}

/// By place, whether a relationship lacks an end.
fn dangling(document: &Document) -> Vec<bool> {
    let writable = Writable::of(document);
    document.relationships.iter().map(|held| !writable.can_relate(held)).collect()
}
