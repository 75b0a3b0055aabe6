//! The reference city as a view, read from the project's own files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ezu::domain::change_set::CreateElement;
use ezu::domain::metamodel::MetamodelFile;
use ezu::domain::validation::resolve;
use ezu::domain::{ChangeSet, Metamodel, Operation};
use ezu::graph::{ChangeSummary, Snapshot, View};
use ezu::interchange::native::{self, ModelFile};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

/// The day that the city's files describe.
pub const DATE: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

fn models() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    assert!(own.is_dir(), "{} holds the sample", own.display());
    own
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `ArchiMate` and the municipal profile.
pub fn metamodel() -> Arc<Metamodel> {
    let texts =
        ["archimate.yaml", "municipality.yaml"].map(|name| (name, read(&models().join("metamodel").join(name))));
    let files: Vec<MetamodelFile<'_>> = texts.iter().map(|(name, text)| MetamodelFile { name, text }).collect();
    Arc::new(Metamodel::read(&files).expect("the project's own metamodel"))
}

/// The reference city at revision 1.
pub fn view() -> View {
    let metamodel = metamodel();
    let folder = std::fs::read_dir(models().join("hanano")).expect("the sample");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let texts: Vec<(String, String)> = paths.iter().map(|path| (path.display().to_string(), read(path))).collect();
    let files: Vec<ModelFile<'_>> = texts.iter().map(|(name, text)| ModelFile { name, text }).collect();
    let city = native::read(&metamodel, &files).expect("the project's own model");
    view_of(metamodel, city.operations)
}

/// A view of what some operations make of an empty model, at revision 1.
pub fn view_of(metamodel: Arc<Metamodel>, operations: Vec<Operation>) -> View {
    let empty = Snapshot::empty(metamodel);
    let resolution = resolve(&empty, &ChangeSet { operations, ..ChangeSet::default() });
    assert!(resolution.refusals.is_empty(), "{:#?}", resolution.refusals);
    let summary = ChangeSummary {
        revision: 1,
        hash: OnceLock::new(),
        time: Timestamp::UNIX_EPOCH,
        message: "sample".into(),
        author: None,
        reason: None,
        source: None,
        operations: resolution.delta.elements.len(),
        touched: Arc::new([]),
    };
    View::new(Arc::new(empty.apply(&resolution.delta, summary)), DATE)
}

/// Makes an element.
pub fn element(id: &str, kind: &str, name: Option<&str>, attributes: Map<String, Json>) -> Operation {
    let (id, kind, name) = (id.to_owned(), kind.to_owned(), name.map(str::to_owned));
    Operation::CreateElement(CreateElement { id, kind, name, attributes })
}
