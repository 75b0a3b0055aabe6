//! A model, and its newer version over it: the change set is the difference, and what was done in between survives.

use std::collections::{BTreeMap, BTreeSet};

use ezu::application::imports::{ImportFile, ImportOptions, Proposal, Readers, propose, read_files};
use ezu::application::{Workspace, WriteRequest, archimate};
use ezu::domain::change_set::{ChangeSet, Operation, Update};
use ezu::domain::element::Model;
use ezu::domain::packed::Packed;
use ezu::interchange::Limits;

use crate::support::{corpora, exchange};
use crate::through::{differences, empty};

fn proposed(workspace: &Workspace, name: &str, bytes: &[u8]) -> Proposal {
    let files = vec![ImportFile { name: name.to_owned(), bytes: bytes.to_vec() }];
    let (readers, options) = (Readers::new(Limits::default()), ImportOptions::default());
    let read = read_files(&readers, &workspace.current(), files, None, &options, &|_| {}).expect("readable");
    let mut proposal = propose(workspace, read.0, &read.1, &options, 10_000, &|_, _| {});
    // Changes are filled in where they are shown.
    proposal.report.changes = proposal.shown(usize::MAX).changes;
    proposal
}

fn commit(workspace: &Workspace, change_set: ChangeSet) {
    let outcome = workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
    if let Err(error) = outcome {
        panic!("{error:#?}");
    }
}

/// What one version says of each item, read by a reader that is not ezu's: names, documentation and properties by the
/// names of their definitions.
struct Version {
    elements: BTreeMap<String, String>,
    relationships: BTreeMap<String, (String, String)>,
    views: BTreeMap<String, String>,
}

fn version(text: &str) -> Version {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let root = document.root_element();
    let named = |name: &'static str| root.descendants().filter(move |node| node.tag_name().name() == name);
    let id = |node: &roxmltree::Node<'_, '_>| node.attribute("identifier").unwrap_or_default().to_owned();
    let child_text = |node: &roxmltree::Node<'_, '_>, name: &str| {
        let held = node.children().find(|child| child.tag_name().name() == name);
        held.and_then(|child| child.text()).unwrap_or_default().to_owned()
    };
    let keys: BTreeMap<String, String> =
        named("propertyDefinition").map(|node| (id(&node), child_text(&node, "name"))).collect();
    let says = |node: &roxmltree::Node<'_, '_>| {
        let properties = node.descendants().filter(|child| child.tag_name().name() == "property");
        let properties: Vec<(String, String)> = properties
            .map(|held| {
                (
                    keys[held.attribute("propertyDefinitionRef").expect("a definition")].clone(),
                    child_text(&held, "value"),
                )
            })
            .collect();
        let kind = node.attribute(("http://www.w3.org/2001/XMLSchema-instance", "type")).unwrap_or_default();
        let special = (node.attribute("isDirected"), node.attribute("accessType"), node.attribute("modifier"));
        format!(
            "{kind} {:?} {:?} {special:?} {properties:?}",
            child_text(node, "name"),
            child_text(node, "documentation")
        )
    };
    let ends = |node: &roxmltree::Node<'_, '_>| {
        format!("{} {}", node.attribute("source").unwrap_or_default(), node.attribute("target").unwrap_or_default())
    };
    Version {
        elements: named("element").map(|node| (id(&node), says(&node))).collect(),
        relationships: named("relationship").map(|node| (id(&node), (ends(&node), says(&node)))).collect(),
        views: named("view").map(|node| (id(&node), child_text(&node, "name"))).collect(),
    }
}

fn set<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    ids.cloned().collect()
}

/// The ids that a change set creates, updates or deletes, of items of ArchiMate and of views.
fn touched(change_set: &ChangeSet, of: impl Fn(&Operation) -> Option<&str>) -> BTreeSet<String> {
    change_set.operations.iter().filter_map(of).map(str::to_owned).collect()
}

fn is_record(id: &str) -> bool {
    ["property", "folder", "import-", "bab45d6e"].iter().any(|prefix| id.starts_with(prefix))
}

#[test]
fn a_newer_version_becomes_the_difference() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("archimate/exchange/VERA-versions");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("readable");
    let (old, new) = (read("VERA 3.2.1.xml"), read("VERA 4.1.xml"));
    let (before, after) = (version(&old), version(&new));

    let workspace = empty();
    let first = proposed(&workspace, "VERA 3.2.1.xml", old.as_bytes());
    commit(&workspace, first.into_change_set());
    let exported = archimate::of_snapshot(&workspace.current(), "").document;
    assert_eq!(differences(exchange(old.as_bytes()).document, exported), Vec::<String>::new());
    assert!(proposed(&workspace, "VERA 3.2.1.xml", old.as_bytes()).report.is_empty, "the same again changes nothing");

    // Somebody describes an element that both versions have and describe alike.
    let edited =
        before.elements.iter().find(|(id, says)| after.elements.get(*id) == Some(*says)).expect("one").0.clone();
    let edit = Update {
        id: edited.clone(),
        set: serde_json::json!({"source_note": "ヒアリング"}).as_object().expect("an object").clone(),
        unset: Vec::new(),
    };
    commit(&workspace, ChangeSet { operations: vec![Operation::UpdateElement(edit)], ..ChangeSet::default() });

    let second = proposed(&workspace, "VERA 4.1.xml", new.as_bytes());
    assert_eq!(second.report.questions.len(), 0, "{:#?}", second.report.questions);
    assert_eq!(second.report.conflicts.len(), 0, "{:#?}", second.report.conflicts);
    let change_set = second.into_change_set();
    let operations = change_set.packed.iter().collect();
    let change_set = ChangeSet { operations, packed: Packed::new(), ..change_set };

    let created = touched(&change_set, |operation| match operation {
        Operation::CreateElement(create) if !is_record(&create.id) => Some(&create.id),
        _ => None,
    });
    let deleted = touched(&change_set, |operation| match operation {
        Operation::DeleteElement(delete) if !is_record(&delete.id) => Some(&delete.id),
        _ => None,
    });
    let updated = touched(&change_set, |operation| match operation {
        Operation::UpdateElement(update) if before.elements.contains_key(&update.id) => Some(&update.id),
        _ => None,
    });
    // Views get new ids now and then and keep their names: they are found again by kind and name.
    let gone: Vec<&String> = before.views.keys().filter(|id| !after.views.contains_key(*id)).collect();
    let new_views: Vec<&String> = after.views.keys().filter(|id| !before.views.contains_key(*id)).collect();
    let renumbered: Vec<(&String, &String)> = new_views
        .iter()
        .filter_map(|id| Some((*id, *gone.iter().find(|old| before.views[**old] == after.views[*id])?)))
        .collect();
    let mut expected: BTreeSet<String> = set(after.elements.keys().filter(|id| !before.elements.contains_key(*id)));
    expected
        .extend(new_views.iter().filter(|id| !renumbered.iter().any(|(new, _)| new == *id)).map(|id| (*id).clone()));
    assert_eq!(created, expected);
    let mut expected: BTreeSet<String> = set(before.elements.keys().filter(|id| !after.elements.contains_key(*id)));
    expected.extend(gone.iter().filter(|id| !renumbered.iter().any(|(_, old)| old == *id)).map(|id| (*id).clone()));
    assert_eq!(deleted, expected);
    let changed = before.elements.iter().filter(|(id, says)| after.elements.get(*id).is_some_and(|now| now != *says));
    assert_eq!(updated, set(changed.map(|(id, _)| id)));

    // A relationship that runs elsewhere is another one: its ends never change.
    let moved: BTreeSet<&String> = before
        .relationships
        .iter()
        .filter(|(id, (ends, _))| after.relationships.get(*id).is_some_and(|(now, _)| now != ends))
        .map(|(id, _)| id)
        .collect();
    let created = touched(&change_set, |operation| match operation {
        Operation::CreateRelationship(create) => create.id.as_deref(),
        _ => None,
    });
    let mut expected = set(after.relationships.keys().filter(|id| !before.relationships.contains_key(*id)));
    expected.extend(moved.iter().map(|id| format!("{id}--2")));
    assert_eq!(created, expected);
    let deleted = touched(&change_set, |operation| match operation {
        Operation::DeleteRelationship(delete) => Some(&delete.id),
        _ => None,
    });
    let mut expected = set(before.relationships.keys().filter(|id| !after.relationships.contains_key(*id)));
    expected.extend(moved.iter().map(|id| (*id).clone()));
    assert_eq!(deleted, expected);
    let updated = touched(&change_set, |operation| match operation {
        Operation::UpdateRelationship(update) => Some(&update.id),
        _ => None,
    });
    let changed = before.relationships.iter().filter(|(id, (ends, says))| {
        after.relationships.get(*id).is_some_and(|(now_ends, now)| now_ends == ends && now != says)
    });
    assert_eq!(updated, set(changed.map(|(id, _)| id)));

    commit(&workspace, change_set);
    let snapshot = workspace.current();
    let note = snapshot.metamodel().attribute_name("source_note").expect("an attribute");
    let held = snapshot.element(&edited).expect("still there");
    assert_eq!(
        held.attributes.get(note).and_then(|value| value.as_text()),
        Some("ヒアリング"),
        "the local edit survives"
    );
    let exported = archimate::of_snapshot(&snapshot, "").document;
    let source = exchange(new.as_bytes()).document;
    assert_eq!(exported.elements.len(), source.elements.len());
    assert_eq!(exported.relationships.len(), source.relationships.len());
    assert_eq!(exported.views.len(), source.views.len());
    let third = proposed(&workspace, "VERA 4.1.xml", new.as_bytes());
    assert!(third.report.is_empty, "the same again changes nothing: {:#?}", third.report.changes);
}
