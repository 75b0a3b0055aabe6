//! The reference city as a view, read from the project's own files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ezu::domain::change_set::{CreateElement, CreateRelationship};
use ezu::domain::document;
use ezu::domain::metamodel::{Kind, MetamodelFile, PartSuffix};
use ezu::domain::validation::resolve;
use ezu::domain::{ChangeSet, Metamodel, Operation};
use ezu::graph::{ChangeSummary, Snapshot, View};
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
    let texts = ["archimate.yaml", "municipality.yaml"].map(|name| (name, read(&models().join("metamodel").join(name))));
    let files: Vec<MetamodelFile<'_>> = texts.iter().map(|(name, text)| MetamodelFile { name, text }).collect();
    Arc::new(Metamodel::read(&files).expect("the project's own metamodel"))
}

/// The reference city at revision 1.
pub fn view() -> View {
    let metamodel = metamodel();
    let mut operations = Vec::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(models().join("hanano")).expect("the sample").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for path in files {
        let document = document::parse(&path.display().to_string(), &read(&path)).expect("YAML").to_json();
        let Json::Object(lists) = document else { panic!("a model file is a mapping") };
        for (collection, records) in lists {
            let Some(kind) = metamodel.kind_of_collection(&collection) else { continue };
            for record in records.as_array().expect("a list") {
                let mut record = record.clone();
                operations.extend(part_operations(&metamodel, kind, &mut record));
                operations.push(operation(&kind.name, kind.is_relationship(), record));
            }
        }
    }
    view_of(metamodel, operations)
}

/// A view of what some operations make of an empty model, at revision 1.
pub fn view_of(metamodel: Arc<Metamodel>, operations: Vec<Operation>) -> View {
    let empty = Snapshot::empty(metamodel);
    let resolution = resolve(&empty, &ChangeSet { operations, ..ChangeSet::default() });
    assert!(resolution.refusals.is_empty(), "{:#?}", resolution.refusals);
    let summary = ChangeSummary {
        revision: 1,
        hash: "00".into(),
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

/// Makes the parts that are written under their owner, and leaves their ids in their place.
fn part_operations(metamodel: &Metamodel, kind: &Kind, record: &mut Json) -> Vec<Operation> {
    let owner = record["id"].as_str().unwrap_or_default().to_owned();
    let mut operations = Vec::new();
    for (definition, reference) in kind.references() {
        let Some(part) = &reference.owned else { continue };
        let Some(entries) = record.get_mut(&*definition.text).and_then(Json::as_array_mut) else { continue };
        for (place, entry) in entries.iter_mut().enumerate() {
            let Json::Object(fields) = std::mem::take(entry) else { panic!("a part is a mapping") };
            let suffix = part.id_suffix.iter().map(|piece| match piece {
                PartSuffix::Literal(text) => text.to_string(),
                PartSuffix::Attribute(name) => fields[&**metamodel.attribute_text(*name)].to_string(),
                PartSuffix::Index => (place + 1).to_string(),
            });
            let id = format!("{owner}--{}", suffix.collect::<String>().replace('"', ""));
            let mut fields = fields;
            let name = fields.remove("name");
            let name = name.as_ref().and_then(Json::as_str);
            operations.push(element(&id, &metamodel.kind(part.kind).name, name, fields));
            *entry = Json::String(id);
        }
    }
    operations
}

fn operation(kind: &str, is_relationship: bool, record: Json) -> Operation {
    let Json::Object(mut fields) = record else { panic!("a record is a mapping") };
    let mut text = |key: &str| match fields.remove(key) {
        Some(Json::String(text)) => Some(text),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let (id, name) = (text("id"), text("name"));
    if is_relationship {
        let (source, target) = (text("source").expect("a source"), text("target").expect("a target"));
        let kind = kind.to_owned();
        return Operation::CreateRelationship(CreateRelationship { id, kind, source, target, name, attributes: fields });
    }
    element(&id.expect("an id"), kind, name.as_deref(), fields)
}

/// Makes an element.
pub fn element(id: &str, kind: &str, name: Option<&str>, attributes: Map<String, Json>) -> Operation {
    let (id, kind, name) = (id.to_owned(), kind.to_owned(), name.map(str::to_owned));
    Operation::CreateElement(CreateElement { id, kind, name, attributes })
}
