//! What a drawing cannot show asks for a new one, which is told; who changed what by moving boxes keeps that.

use ezu::application::Workspace;
use ezu::application::imports::ImportOptions;
use ezu::application::texts::Drawing;
use ezu::domain::element::Model;
use roxmltree::Document;
use serde_json::{Value, json};

use super::{COUNTER, counted, counter, edit, exported, imported, process, said, says_nothing_new, set, step};
use crate::support::import;

#[test]
fn a_lane_bears_the_name_of_who_does_its_steps_now() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    let moved = |shapes: &[&str]| -> Value {
        shapes.iter().map(|shape| set(&step(&id, shape), &json!({"lane": "dept-shuzei"}))).collect()
    };
    edit(&workspace, &moved(&["Record", "Send"]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses, []);
    let document = Document::parse(&file.text).expect("well-formed");
    let lane = document.descendants().find(|node| node.attribute("id") == Some("Back")).expect("the lane");
    assert_eq!(lane.attribute("name"), Some("収税課"));
    says_nothing_new(&workspace, "counter.bpmn", &file.text);
    // One step alone has left its lane: no name of a lane would be true.
    edit(&workspace, &moved(&["Accept"]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    let told: Vec<_> = file.losses.iter().map(|loss| (loss.code, loss.items.clone())).collect();
    assert_eq!(told, [("drawn_anew", vec![step(&id, "Accept")])]);
    assert!(!counted(&file.text).contains_key("exclusiveGateway"), "drawn anew");
}

#[test]
fn steps_that_come_go_or_change_places_ask_for_a_new_drawing() {
    let text = counter();
    let gone = |id: &str| json!([{"op": "delete_element", "id": step(id, "Return"), "cascade": true}]);
    let come = |id: &str| {
        json!([
            {"op": "create_element", "id": "stp-new", "kind": "process_step", "attributes": {"no": 9, "function": "控える"}},
            {"op": "create_relationship", "kind": "has_step", "source": id, "target": "stp-new"},
        ])
    };
    let turned = |id: &str| json!([set(&step(id, "Accept"), &json!({"no": 50}))]);
    let other = |id: &str| json!([set(&step(id, "Record"), &json!({"output": "別の台帳"}))]);
    let edits: [&dyn Fn(&str) -> Value; 4] = [&gone, &come, &turned, &other];
    for operations in edits {
        let workspace = imported(&text);
        let id = process(&workspace, "転入の受付");
        edit(&workspace, &operations(&id));
        let file = exported(&workspace, &id, Drawing::Fitting);
        assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["drawn_anew"], "{}", operations(&id));
        assert!(file.text.contains("exporter=\"ezu\""), "{}", file.text);
    }
}

#[test]
fn a_file_that_does_not_say_where_things_stand_is_given_to_who_asks_for_it() {
    let workspace = imported(COUNTER);
    let id = process(&workspace, "転入の受付");
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["drawn_anew"]);
    assert!(file.text.contains("BPMNShape"), "it can be looked at: {}", file.text);
    let file = exported(&workspace, &id, Drawing::Imported);
    assert_eq!((file.text.as_str(), file.losses), (COUNTER, Vec::new()));
}

#[test]
fn who_wants_a_new_drawing_gets_one() {
    let workspace = imported(&counter());
    let file = exported(&workspace, &process(&workspace, "転入の受付"), Drawing::New);
    assert_eq!(file.losses, []);
    assert!(file.text.contains("exporter=\"ezu\"") && !file.text.contains("exclusiveGateway"));
}

#[test]
fn places_that_were_moved_in_a_drawing_of_ezu_stay() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    let drawn = exported(&workspace, &id, Drawing::New).text;
    let (before, rest) = drawn.split_once("<dc:Bounds x=\"").expect("a place");
    let moved = format!("{before}<dc:Bounds x=\"-4711\" {}", &rest[rest.find("y=\"").expect("a place")..]);
    import(&workspace, "moved.bpmn", moved.as_bytes(), &ImportOptions::default());
    // Two drawings show the process now; that which was imported last comes back.
    edit(&workspace, &json!([set(&step(&id, "Record"), &json!({"minutes_per_case": 99, "system": null}))]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses, []);
    assert!(file.text.contains("x=\"-4711\""), "the place");
    let document = Document::parse(&file.text).expect("well-formed");
    let notes: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name((ezu::interchange::bpmn::MODEL, "text")))
        .filter_map(|node| node.text())
        .collect();
    assert!(
        notes.iter().any(|note| note.contains("99分")) && !notes.iter().any(|note| note.contains("15分・")),
        "{notes:?}"
    );
    assert_eq!(said(&file.text, &step(&id, "Record"), "minutes_per_case"), 99);
    says_nothing_new(&workspace, "moved.bpmn", &file.text);
}

/// The record of the drawing that did not come from ezu.
fn foreign_record(workspace: &Workspace) -> String {
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("process_diagram").expect("a kind").id;
    let exporter = snapshot.metamodel().attribute_name("exporter").expect("a name");
    let is_foreign = |id: &String| snapshot.element(id).is_some_and(|held| held.attributes.get(exporter).is_none());
    snapshot.ids_of_kind(kind, None).map(ToString::to_string).find(is_foreign).expect("a record")
}

#[test]
fn a_record_that_somebody_spoilt_is_told_and_never_given() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    let record = foreign_record(&workspace);
    for content in [
        "",
        "<a",
        "<!DOCTYPE a><a/>",
        "<a/>",
        "<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>",
    ] {
        edit(&workspace, &json!([set(&record, &json!({"content": content}))]));
        let file = exported(&workspace, &id, Drawing::Fitting);
        assert!(file.text.contains("exporter=\"ezu\""), "{content:?}: {}", file.text);
        assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["drawn_anew"], "{content:?}");
    }
}
