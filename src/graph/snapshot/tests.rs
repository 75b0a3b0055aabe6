//! Slots, places and topology of snapshots, from inside.
//!
//! What a snapshot answers is held against a naive model under random change sets in `tests/model`.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::{Map, json};

use super::super::ids::{Direction, Node};
use super::{ChangeSummary, Place, Snapshot};
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::metamodel::{Metamodel, MetamodelFile};
use crate::domain::recorded::touched_fields;
use crate::domain::validation::resolve;

const METAMODEL: &str = "
metamodel: small
version: '1'
element_kinds:
  thing: {label: {ja: もの, en: Thing}, name: {own: true}}
relationship_kinds:
  link:
    label: {ja: つながり, en: Link}
    ends: [{source: [any_element, any_relationship], target: [any_element, any_relationship]}]
    impact: []
";

fn empty() -> Snapshot {
    let metamodel = Metamodel::read(&[MetamodelFile { name: "small.yaml", text: METAMODEL }]);
    Snapshot::empty(Arc::new(metamodel.expect("it is sound")))
}

fn thing(id: &str) -> Operation {
    operation(json!({"op": "create_element", "id": id, "kind": "thing", "name": id}))
}

fn link(id: &str, source: &str, target: &str) -> Operation {
    operation(json!({"op": "create_relationship", "id": id, "kind": "link", "source": source, "target": target}))
}

fn operation(json: serde_json::Value) -> Operation {
    Operation::from_json(json, "").expect("an operation")
}

/// The next snapshot; the operations are valid.
fn after(snapshot: &Snapshot, operations: Vec<Operation>) -> Snapshot {
    let resolution = resolve(snapshot, &ChangeSet { operations, ..ChangeSet::default() });
    assert!(resolution.refusals.is_empty(), "{:?}", resolution.refusals);
    let summary = ChangeSummary {
        revision: snapshot.revision() + 1,
        hash: OnceLock::new(),
        time: Timestamp::UNIX_EPOCH,
        message: "".into(),
        author: None,
        reason: None,
        source: None,
        operations: resolution.delta.elements.len() + resolution.delta.relationships.len(),
        touched: touched_fields(snapshot, &resolution.delta).into(),
    };
    snapshot.apply(&resolution.delta, summary)
}

fn deleted(id: &str, what: &str) -> Operation {
    operation(json!({"op": format!("delete_{what}"), "id": id}))
}

#[test]
fn an_id_keeps_its_node_through_deletion_and_return() {
    let first = after(&empty(), vec![thing("a"), thing("b")]);
    let node = first.node("a");
    let gone = after(&first, vec![deleted("a", "element")]);
    assert_eq!((gone.place("a"), gone.element("a")), (node.map(Place::Element), None));
    let back = after(&gone, vec![thing("a")]);
    assert_eq!((back.node("a"), back.node_count()), (node, 2));
    assert_eq!(
        first.element("a").map(|held| held.id.to_string()).as_deref(),
        Some("a"),
        "the older snapshot is as it was"
    );
}

#[test]
fn a_relationship_gets_a_node_when_it_becomes_an_end_and_only_then() {
    let first = after(&empty(), vec![thing("a"), thing("b"), link("r", "a", "b")]);
    assert_eq!((first.node("r"), first.node_count()), (None, 2));
    let second = after(&first, vec![link("on-r", "a", "r"), link("on-on-r", "on-r", "b")]);
    let node = second.node("r").expect("it is an end");
    let Some(Place::Relationship(edge)) = second.place("r") else { panic!("r is a relationship") };
    assert_eq!((second.edge_of_node(node), second.node_of_edge(edge)), (Some(edge), Some(node)));
    assert_eq!(second.topology().degree(node, Direction::Incoming), 1);
    assert_eq!(second.node_count(), 4);
}

#[test]
fn all_made_at_once_in_any_order_gives_the_same_neighbours() {
    let operations = vec![link("on-r", "r", "a"), link("r", "a", "b"), thing("b"), thing("a")];
    let snapshot = after(&empty(), operations);
    let around = |id: &str, direction| {
        let node = snapshot.node(id).expect("it has a node");
        let neighbours = snapshot.topology().neighbours(node, direction);
        let mut ids: Vec<String> =
            neighbours.filter_map(|held| Some(snapshot.item_at(held.node)?.id().to_string())).collect();
        ids.sort();
        ids
    };
    assert_eq!(around("a", Direction::Outgoing), ["b"]);
    assert_eq!(around("a", Direction::Incoming), ["r"]);
    assert_eq!(around("r", Direction::Outgoing), ["a"]);
}

#[test]
fn an_id_that_changes_its_nature_has_one_node_and_one_edge_for_ever() {
    let mut snapshot = after(&empty(), vec![thing("a"), thing("b"), thing("x")]);
    let (node, mut edge) = (snapshot.place("x"), None);
    for _ in 0..3 {
        snapshot = after(&snapshot, vec![deleted("x", "element")]);
        snapshot = after(&snapshot, vec![link("x", "a", "b")]);
        assert_eq!(*edge.get_or_insert(snapshot.place("x")), snapshot.place("x"));
        snapshot = after(&snapshot, vec![deleted("x", "relationship")]);
        snapshot = after(&snapshot, vec![thing("x")]);
        assert_eq!(snapshot.place("x"), node);
    }
    assert_eq!((snapshot.node_count(), snapshot.edge_capacity()), (3, 1));
    assert_eq!(snapshot.versions("x").len(), 13);
}

#[test]
fn the_past_has_the_nodes_and_the_history_of_its_time() {
    let first = after(&empty(), vec![thing("a"), thing("b"), link("r", "a", "b")]);
    let rename = operation(json!({"op": "update_element", "id": "a", "set": {"name": "other"}}));
    let later = after(&after(&first, vec![rename]), vec![thing("c"), deleted("r", "relationship")]);
    let past = later.at_revision(1).expect("it was");
    assert_eq!((past.revision(), past.counts()), (1, first.counts()));
    assert_eq!((past.node("a"), past.node("c")), (first.node("a"), None));
    assert_eq!((past.revision_of("a"), past.revision_of("b"), past.revision_of("c")), (1, 1, 0));
    assert_eq!(past.versions("a").len(), 1);
    assert!(past.relationship("r").is_some() && past.search("other", 9, |_| true).is_empty());
    assert_eq!(past.search("c", 9, |_| true).len(), 0);
    let degree = |snapshot: &Snapshot| snapshot.topology().degree(Node(0), Direction::Both);
    assert_eq!((degree(&past), degree(&later)), (1, 0));
}

#[test]
fn ten_thousand_versions_of_one_item_are_dropped_without_recursion() {
    let mut snapshot = after(&empty(), vec![thing("a")]);
    for number in 0..10_000 {
        let set = Map::from_iter([("name".to_owned(), json!(format!("{number}")))]);
        let update = operation(json!({"op": "update_element", "id": "a", "set": set}));
        snapshot = after(&snapshot, vec![update]);
    }
    assert_eq!(snapshot.touches("a").count(), 10_001);
    let worker = std::thread::Builder::new().stack_size(64 << 10).spawn(move || drop(snapshot));
    worker.expect("a thread starts").join().expect("the stack suffices");
}
