//! The tree of files that coArchi keeps in git: a folder a folder, a file an element.

mod normal;
mod writing;

use std::collections::BTreeMap;

use super::document::{Document, Entry, Folder, Image};
use super::native_reading::{Parts, unpack_parts};
use super::reading::{Context, Reading, refuse_large};
use super::types::FOLDERS;
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::source::{ReadProgress, SourceFile, Unreadable};
use crate::interchange::xml::{self, XSI_NAMESPACE, XmlAttribute, XmlElement, XmlError, XmlEvent, XmlName, XmlReader};

pub use writing::write_coarchi;

/// The file that describes the folder that it lies in.
const FOLDER_FILE: &str = "folder.xml";

/// Reads the files of a tree; names are paths below its root, with `/`.
///
/// # Errors
/// Files that are not well-formed, no model among them, or more than a limit.
pub fn read_coarchi(
    files: &[SourceFile<'_>],
    limits: &Limits,
    progress: &(dyn Fn(ReadProgress) + Sync),
) -> Result<Reading, Unreadable> {
    let mut context = Context::new("", limits, progress);
    refuse_large(&context, files.iter().map(|file| file.bytes.len()).sum())?;
    if let Some(deep) = files.iter().find(|file| file.name.matches('/').count() > limits.depth) {
        return Err(Unreadable::beyond(Place::file(deep.name), "depth", limits.depth as u64));
    }
    let mut tree = Tree::default();
    let mut document = Document::default();
    let mut ordered: Vec<&SourceFile<'_>> = files.iter().collect();
    ordered.sort_by(|a, b| a.name.cmp(b.name));
    let root = root_folder(&ordered);
    let mut model = None;
    for (count, file) in ordered.iter().enumerate() {
        progress(ReadProgress { done: count as u64, of: files.len() as u64 });
        let Some(path) = file.name.strip_prefix(root.as_str()) else {
            document.images.extend(image(file));
            continue;
        };
        if let Some(held) = image(&SourceFile { name: path, bytes: file.bytes }) {
            document.images.push(held);
        } else if path == FOLDER_FILE {
            model = Some(parse(&mut context, file)?);
        } else if path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xml")) {
            let parsed = parse(&mut context, file)?;
            tree.put(path, file.name, parsed);
        }
    }
    let model = model.ok_or_else(|| no_model(&context))?;
    let mut parts = Parts { context: &mut context, document };
    parts.root(normal::model(model))?;
    let folders = tree.folders(&mut parts)?;
    parts.document.organizations.push(folders.into_iter().map(Entry::Folder).collect());
    let document = parts.document;
    Ok(context.finish(document))
}

/// The files of a tree that came as a zip file, as an export of ezu or a hosting service of git makes it.
///
/// # Errors
/// What is no zip file, or holds more than a limit.
pub fn unpack_coarchi(file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<(String, Vec<u8>)>, Unreadable> {
    let context = Context::new(file, limits, &|_| {});
    unpack_parts(&context, bytes, |name| name.ends_with(".xml") || name.contains("images/"))
}

/// The part of every path before the model's own files: where the highest `folder.xml` lies.
fn root_folder(files: &[&SourceFile<'_>]) -> String {
    let folders = files.iter().filter_map(|file| file.name.strip_suffix(FOLDER_FILE));
    let highest = folders.filter(|folder| folder.is_empty() || folder.ends_with('/'));
    highest.min_by_key(|folder| folder.matches('/').count()).unwrap_or_default().to_owned()
}

fn image(file: &SourceFile<'_>) -> Option<Image> {
    let at = file.name.rfind("images/").filter(|at| *at == 0 || file.name[..*at].ends_with('/'))?;
    Some(Image { path: file.name[at..].to_owned(), bytes: file.bytes.to_vec() })
}

fn no_model(context: &Context<'_>) -> Unreadable {
    context.unreadable(XmlError::new(
        "no_coarchi_model",
        0,
        "coArchiのモデルではありません（folder.xml がありません）",
        "this is no tree of coArchi: there is no folder.xml in it",
    ))
}

fn parse(context: &mut Context<'_>, file: &SourceFile<'_>) -> Result<XmlElement, Unreadable> {
    context.set_file(file.name);
    let read = || -> Result<XmlElement, XmlError> {
        let text = xml::decode(file.bytes)?;
        let mut reader = XmlReader::new(&text, context.xml_limits());
        loop {
            if let XmlEvent::Start(start) = reader.advance()? {
                let tree = reader.subtree(start)?;
                while !matches!(reader.advance()?, XmlEvent::Finished) {}
                return Ok(tree);
            }
        }
    };
    let parsed = read().map_err(|error| context.unreadable(error))?;
    context.count(1)?;
    Ok(parsed)
}

/// A folder of files.
#[derive(Default)]
struct Tree {
    own: Option<XmlElement>,
    inner: BTreeMap<String, Tree>,
    /// Items by file name, with their whole path.
    items: BTreeMap<String, (String, XmlElement)>,
}

impl Tree {
    fn put(&mut self, path: &str, whole: &str, parsed: XmlElement) {
        match path.split_once('/') {
            Some((folder, rest)) => self.inner.entry(folder.to_owned()).or_default().put(rest, whole, parsed),
            None if path == FOLDER_FILE => self.own = Some(parsed),
            None => {
                self.items.insert(path.to_owned(), (whole.to_owned(), parsed));
            }
        }
    }

    /// The folders in it: Archi's own in their usual order, others by name.
    fn folders(self, parts: &mut Parts<'_, '_>) -> Result<Vec<Folder>, Unreadable> {
        let usual = |name: &str| FOLDERS.iter().position(|(known, _)| *known == name).unwrap_or(FOLDERS.len());
        let mut inner: Vec<(String, Tree)> = self.inner.into_iter().collect();
        inner.sort_by_key(|(name, _)| usual(name));
        inner.into_iter().map(|(name, tree)| tree.folder(&name, parts)).collect()
    }

    fn folder(mut self, name: &str, parts: &mut Parts<'_, '_>) -> Result<Folder, Unreadable> {
        let own = self.own.take().unwrap_or_else(|| unnamed(name));
        let mut folder = parts.folder(normal::tree(own));
        let items = std::mem::take(&mut self.items);
        folder.entries.extend(self.folders(parts)?.into_iter().map(Entry::Folder));
        for (path, item) in items.into_values() {
            parts.context.set_file(&path);
            parts.folder_part(&mut folder, as_item(item))?;
        }
        Ok(folder)
    }
}

/// A folder that lost its file is still one.
fn unnamed(name: &str) -> XmlElement {
    let mut tree = XmlElement::new("Folder");
    tree.set("name", name);
    tree.set("id", name);
    tree
}

/// A file's root is named after its type; inside a folder of Archi's file it is an `element` of that type.
fn as_item(tree: XmlElement) -> XmlElement {
    let mut tree = normal::tree(tree);
    let kind = std::mem::replace(&mut tree.name, XmlName::plain("element")).local;
    let name = XmlName { namespace: XSI_NAMESPACE.into(), prefix: "xsi".into(), local: "type".into() };
    tree.attributes.insert(0, XmlAttribute { name, value: kind.into() });
    tree
}
