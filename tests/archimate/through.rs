//! Files through the model and out again.

use std::sync::{Arc, OnceLock};

use ezu::application::{Workspace, WriteRequest, archimate, files as model_files};
use ezu::domain::Metamodel;
use ezu::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, JsonObject, Operation};
use ezu::domain::clock::Clock;
use ezu::interchange::archimate::mapping::{Words, to_read_model};
use ezu::interchange::archimate::{Document, Reading, write_archi, write_coarchi, write_exchange};
use ezu::interchange::identifiers::identifier;
use ezu::interchange::json_text::json_text;
use ezu::interchange::{Format, ReadItem, ReadModel, Statement, Target};
use ezu::settings::Limits;
use ezu::storage::Store;
use serde_json::Value as Json;

use crate::support::{archi, coarchi, corpora, exchange, files};

/// An empty model with the built-in metamodel.
pub fn empty() -> Workspace {
    static METAMODEL: OnceLock<Arc<Metamodel>> = OnceLock::new();
    let metamodel = METAMODEL.get_or_init(|| model_files::load_metamodel(None).expect("sound"));
    Workspace::open(Arc::clone(metamodel), Store::memory(), Clock::System, &Limits::default()).expect("opens")
}

fn id_of(source: &str) -> String {
    identifier(source).expect("short enough")
}

/// What creates the items of an import in an empty model.
pub fn operations(read: &ReadModel) -> Vec<Operation> {
    read.items.iter().map(|item| operation(&item)).collect()
}

fn operation(item: &ReadItem) -> Operation {
    let attributes: JsonObject =
        item.fields.iter().map(|(name, statement)| (name.clone(), value(name, statement))).collect();
    let target = |target: &Target| match target {
        Target::Source(id) => id_of(id),
        Target::Id(id) | Target::Name(id) => id.clone(),
        Target::Named(named) => named.name.clone(),
    };
    match &item.ends {
        None => Operation::CreateElement(CreateElement {
            id: item.id.clone().expect("an id"),
            kind: item.kind.clone(),
            name: item.name.clone(),
            attributes,
        }),
        Some(ends) => Operation::CreateRelationship(CreateRelationship {
            id: item.id.clone(),
            kind: item.kind.clone(),
            source: target(&ends.source),
            target: target(&ends.target),
            name: item.name.clone(),
            attributes,
        }),
    }
}

fn value(name: &str, statement: &Statement) -> Json {
    match statement {
        Statement::Value(value) => value.clone(),
        Statement::Embedded { json, ids } => {
            let parsed = json.as_str().and_then(|text| serde_json::from_str(text).ok());
            let mut json: Json = parsed.unwrap_or_else(|| json.clone());
            for pointer in ids {
                let held = json.pointer_mut(pointer).expect("a pointer leads somewhere");
                *held = Json::String(id_of(held.as_str().expect("an id")));
            }
            if name == "content" { Json::String(json_text(&json)) } else { json }
        }
        other => panic!("{name}: {other:?}"),
    }
}

/// A document through an empty model.
pub fn through(reading: Reading, format: Format) -> (Document, ReadModel) {
    let workspace = empty();
    let metamodel = workspace.metamodel();
    let read = to_read_model(reading, format, "test.xml", &Words::of(&metamodel));
    let change_set = ChangeSet { operations: operations(&read), ..ChangeSet::default() };
    let outcome = workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
    if let Err(error) = outcome {
        panic!("{error:#?}");
    }
    (archimate::of_snapshot(&workspace.current(), "test").document, read)
}

/// A document whose lists that have no order of their own are sorted.
pub fn sorted(mut document: Document) -> Document {
    document.elements.sort_by(|a, b| a.id.cmp(&b.id));
    document.relationships.sort_by(|a, b| a.id.cmp(&b.id));
    document.views.sort_by(|a, b| a.id.cmp(&b.id));
    document.property_definitions.sort_by(|a, b| a.id.cmp(&b.id));
    document.images.sort_by(|a, b| a.path.cmp(&b.path));
    document
}

/// What differs between two documents, part by part.
pub fn differences(before: Document, after: Document) -> Vec<String> {
    let (before, after) = (sorted(before), sorted(after));
    let mut found = Vec::new();
    macro_rules! compare {
        ($($part:ident),*) => {$(
            if before.$part != after.$part {
                found.push(format!("{}: {}", stringify!($part), first_difference(&format!("{:#?}", before.$part), &format!("{:#?}", after.$part))));
            }
        )*};
    }
    compare!(id, version, names, documentation, properties, metadata, organizations, property_definitions);
    compare!(viewpoints, profiles, images, extra);
    macro_rules! compare_items {
        ($($part:ident),*) => {$(
            if before.$part.len() != after.$part.len() {
                found.push(format!("{}: {} became {}", stringify!($part), before.$part.len(), after.$part.len()));
            }
            for (before, after) in before.$part.iter().zip(&after.$part).filter(|(before, after)| before != after).take(3) {
                found.push(format!("{} {}: {}", stringify!($part), before.id, first_difference(&format!("{before:#?}"), &format!("{after:#?}"))));
            }
        )*};
    }
    compare_items!(elements, relationships, views);
    found
}

fn first_difference(before: &str, after: &str) -> String {
    let place = before.lines().zip(after.lines()).position(|(before, after)| before != after).unwrap_or_default();
    let around = |text: &str| text.lines().skip(place.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
    format!("\n{}\n--- became ---\n{}", around(before), around(after))
}

#[test]
fn exchange_files_come_through_the_model() {
    let Some(corpora) = corpora() else { return };
    for path in files(&corpora.join("archimate/exchange"), &[".xml"]) {
        let bytes = std::fs::read(&path).expect("readable");
        let source = exchange(&bytes).document;
        let (exported, read) = through(exchange(&bytes), Format::ArchimateExchange);
        assert_eq!(differences(source.clone(), exported.clone()), Vec::<String>::new(), "{}", path.display());
        let again = exchange(&write_exchange(&exported).bytes).document;
        assert_eq!(differences(source, again), Vec::<String>::new(), "{}", path.display());
        eprintln!("{}: {} items, {} kept as in the source", path.display(), read.items.len(), kept(&read));
    }
}

#[test]
fn archi_files_come_through_the_model() {
    let Some(corpora) = corpora() else { return };
    for path in files(&corpora.join("archimate/native"), &[".archimate"]) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with("compatibility_test") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let source = archi(&bytes).document;
        let (exported, read) = through(archi(&bytes), Format::Archi);
        assert_eq!(differences(source.clone(), exported.clone()), Vec::<String>::new(), "{name}");
        let again = archi(&write_archi(&exported).expect("written").bytes).document;
        assert_eq!(differences(source, again), Vec::<String>::new(), "{name}");
        let (tree, _) = write_coarchi(&exported);
        assert_eq!(coarchi(&tree).document.elements.len(), exported.elements.len());
        eprintln!("{name}: {} items, {} kept as in the source", read.items.len(), kept(&read));
    }
}

/// How many items need to be kept as the file had them.
fn kept(read: &ReadModel) -> usize {
    read.items.iter().filter(|item| item.field("archimate.source").is_some()).count()
}
