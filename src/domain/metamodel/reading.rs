//! From metamodel files to a [`Metamodel`].

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fields::{Fields, mapping, text};
use super::kind_reading::KindReader;
use super::merging::lay_over;
use super::permitted::{MatrixEnd, PermittedMatrix};
use super::vocabulary::Vocabulary;
use super::vocabulary_reading::{Known, read_vocabulary};
use super::{AttributeNames, Kind, KindId, Metamodel, MetamodelFile};
use crate::domain::document::{self, Content, DocumentError, Key, Node};
use crate::domain::nearest;

/// Keys and values of a mapping.
pub(super) type Entries<'a> = &'a [(Key, Node)];

/// More kinds or attribute names than anybody could mean; keeps ids within 16 bits.
const MOST_KINDS: usize = 8_000;

pub(super) fn read(files: &[MetamodelFile<'_>]) -> Result<Metamodel, DocumentError> {
    let (tree, sources) = merge(files)?;
    let mut fields = Fields::new(&tree)?;
    for header in ["metamodel", "version", "description", "extends"] {
        fields.take(header);
    }
    let element_kinds = fields.mapping("element_kinds")?;
    let relationship_kinds = fields.mapping("relationship_kinds")?;
    let index = KindIndex::new(element_kinds, relationship_kinds)?;
    let mut names = AttributeNames::default();
    let kinds = read_kinds(&mut fields, &index, &mut names)?;
    let permitted = read_permitted(&mut fields, &index)?;
    let known = Known { index: &index, names: &names, kinds: &kinds };
    let vocabulary = read_vocabulary(&mut fields, sources, &known)?;
    fields.finish()?;
    check_meanings(&kinds, &vocabulary, &index)?;
    assemble(kinds, index, names, permitted, vocabulary)
}

/// Names and versions of the files that were read.
pub(super) type Sources = Vec<(Arc<str>, Arc<str>)>;

fn merge(files: &[MetamodelFile<'_>]) -> Result<(Node, Sources), DocumentError> {
    let mut sources: Sources = Vec::new();
    let mut whole = Node { file: "metamodel".into(), line: 1, content: Content::Mapping(Vec::new()) };
    for file in files {
        let tree = document::parse(file.name, file.text)?;
        mapping(&tree)?;
        check_header(&tree, &mut sources)?;
        lay_over(&mut whole, tree);
    }
    Ok((whole, sources))
}

fn check_header(tree: &Node, sources: &mut Sources) -> Result<(), DocumentError> {
    let name = tree
        .get("metamodel")
        .ok_or_else(|| tree.error("a metamodel file begins with `metamodel: NAME`, the name of its vocabulary"))?;
    let version = tree.get("version").and_then(Node::text).unwrap_or("");
    if let Some(Content::Sequence(needed)) = tree.get("extends").map(|node| &node.content) {
        for node in needed {
            let wanted = text(node)?;
            if !sources.iter().any(|(known, _)| &**known == wanted) {
                let hint = nearest::hint(wanted, sources.iter().map(|(known, _)| &**known));
                return Err(node.error(format!("extends \"{wanted}\", which is not loaded before this file{hint}")));
            }
        }
    }
    sources.push((text(name)?.into(), version.into()));
    Ok(())
}

/// Names of kinds and where they were declared.
pub(super) struct KindIndex<'a> {
    by_name: FxHashMap<&'a str, KindId>,
    relationships_from: usize,
    nodes: Vec<(&'a Key, &'a Node)>,
}

impl<'a> KindIndex<'a> {
    fn new(elements: Entries<'a>, relationships: Entries<'a>) -> Result<Self, DocumentError> {
        let mut index = Self { by_name: FxHashMap::default(), relationships_from: elements.len(), nodes: Vec::new() };
        for (key, node) in elements.iter().chain(relationships) {
            let number = u16::try_from(index.nodes.len()).unwrap_or(u16::MAX);
            let is_name = key.text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if !is_name || key.text.is_empty() {
                return Err(node.error(format!("\"{}\" is no kind name; use snake_case (a-z, 0-9, _)", key.text)));
            }
            if index.nodes.len() >= MOST_KINDS {
                return Err(node.error(format!("more than {MOST_KINDS} kinds")));
            }
            if index.by_name.insert(&key.text, KindId(number)).is_some() {
                return Err(node.error(format!("\"{}\" is both an element and a relationship kind", key.text)));
            }
            index.nodes.push((key, node));
        }
        Ok(index)
    }

    /// The kind of this name, or an error at `node`.
    pub(super) fn find(&self, node: &Node, name: &str) -> Result<KindId, DocumentError> {
        self.by_name.get(name).copied().ok_or_else(|| {
            let hint = nearest::hint(name, self.by_name.keys().copied());
            node.error(format!("there is no kind \"{name}\"{hint}"))
        })
    }

    /// Whether a kind is a relationship kind.
    pub(super) fn is_relationship(&self, id: KindId) -> bool {
        id.index() >= self.relationships_from
    }

    /// The declaration of a kind.
    pub(super) fn node(&self, id: KindId) -> &'a Node {
        self.nodes[id.index()].1
    }

    /// The name of a kind.
    pub(super) fn name(&self, id: KindId) -> &'a str {
        &self.nodes[id.index()].0.text
    }

    fn ids(&self) -> impl Iterator<Item = KindId> + use<> {
        (0..u16::try_from(self.nodes.len()).unwrap_or(u16::MAX)).map(KindId)
    }
}

fn read_kinds<'a>(
    fields: &mut Fields<'a>,
    index: &KindIndex<'a>,
    names: &mut AttributeNames,
) -> Result<Vec<Kind>, DocumentError> {
    let common = fields.mapping("common_attributes")?;
    let mut reader = KindReader::new(index, names, common);
    for id in index.ids() {
        reader.ensure(id, &mut Vec::new())?;
    }
    reader.finish()
}

fn read_permitted(fields: &mut Fields<'_>, index: &KindIndex<'_>) -> Result<PermittedMatrix, DocumentError> {
    let mut letters: FxHashMap<char, KindId> = FxHashMap::default();
    for (key, node) in fields.mapping("relationship_letters")? {
        let letter = key.text.chars().next().filter(|_| key.text.chars().count() == 1);
        let letter = letter.ok_or_else(|| node.error("the key is one letter"))?;
        letters.insert(letter, index.find(node, text(node)?)?);
    }
    let mut cells = Vec::new();
    for (source, row) in fields.mapping("permitted")? {
        let from = matrix_end(index, row, &source.text)?;
        for (target, cell) in mapping(row)? {
            let to = matrix_end(index, cell, &target.text)?;
            cells.push((from, to, cell_kinds(&letters, cell)?));
        }
    }
    Ok(PermittedMatrix::new(cells))
}

fn matrix_end(index: &KindIndex<'_>, node: &Node, name: &str) -> Result<MatrixEnd, DocumentError> {
    match name {
        "relationship" | "any_relationship" => Ok(MatrixEnd::Relationship),
        other => Ok(MatrixEnd::Kind(index.find(node, other)?)),
    }
}

fn cell_kinds(letters: &FxHashMap<char, KindId>, cell: &Node) -> Result<Vec<KindId>, DocumentError> {
    let of_letter = |letter: char| {
        letters
            .get(&letter)
            .copied()
            .ok_or_else(|| cell.error(format!("\"{letter}\" is not declared under relationship_letters")))
    };
    text(cell)?.chars().map(of_letter).collect()
}

/// Every effect and change that a meaning names must be declared.
fn check_meanings(kinds: &[Kind], vocabulary: &Vocabulary, index: &KindIndex<'_>) -> Result<(), DocumentError> {
    for kind in kinds {
        for meaning in kind.relationship.iter().flat_map(|traits| &traits.impact) {
            let node = index.node(kind.id).get("impact").unwrap_or_else(|| index.node(kind.id));
            for change in &meaning.changes {
                if vocabulary.change(change).is_none() {
                    let hint = nearest::hint(change, vocabulary.changes.iter().map(|held| &*held.name));
                    return Err(node.error(format!("the change \"{change}\" is not declared under `changes`{hint}")));
                }
            }
            let effects = meaning.from.iter().chain([&meaning.gives]);
            for effect in effects.filter(|name| &***name != super::vocabulary::SUBJECT) {
                if vocabulary.effect(effect).is_none() {
                    let hint = nearest::hint(effect, vocabulary.effects.iter().map(|held| &*held.name));
                    return Err(node.error(format!("the effect \"{effect}\" is not declared under `effects`{hint}")));
                }
            }
        }
    }
    Ok(())
}

fn assemble(
    kinds: Vec<Kind>,
    index: KindIndex<'_>,
    names: AttributeNames,
    permitted: PermittedMatrix,
    vocabulary: Vocabulary,
) -> Result<Metamodel, DocumentError> {
    let mut by_collection: FxHashMap<Arc<str>, KindId> = FxHashMap::default();
    for kind in &kinds {
        for collection in kind.collection.iter().chain(&kind.collection_aliases) {
            if let Some(other) = by_collection.insert(Arc::clone(collection), kind.id) {
                let other = index.name(other);
                let message = format!("the collection \"{collection}\" belongs to {other} already; choose another");
                return Err(index.node(kind.id).error(message));
            }
        }
    }
    let by_name = kinds.iter().map(|kind| (Arc::clone(&kind.name), kind.id)).collect();
    Ok(Metamodel { kinds, by_name, by_collection, names, permitted, vocabulary, digest: [0; 32] })
}
