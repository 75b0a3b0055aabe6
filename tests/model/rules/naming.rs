//! Names, and undoing a change of one.

use serde_json::json;

use super::{exists, small};
use crate::support::accept;

fn name(workspace: &ezu::application::Workspace, id: &str) -> Option<String> {
    workspace.current().relationship(id).expect("it exists").name.as_ref().map(ToString::to_string)
}

#[test]
fn a_relationship_may_get_and_lose_a_name() {
    let workspace = small();
    for (request, expected) in [
        (json!({"set": {"name": "日次連携"}}), Some("日次連携")),
        (json!({"set": {"name": null}}), None),
        (json!({"set": {"name": "連携"}}), Some("連携")),
        (json!({"unset": ["name"]}), None),
    ] {
        let mut operation = request;
        operation["op"] = json!("update_relationship");
        operation["id"] = json!("flw-a");
        accept(&workspace, &json!([operation]));
        assert_eq!(name(&workspace, "flw-a").as_deref(), expected);
    }
}

/// Takes back the newest revision.
fn undo(workspace: &ezu::application::Workspace) {
    let revision = workspace.current().revision();
    let change_set = workspace.reversal(revision).expect("nothing happened since");
    let request = ezu::application::WriteRequest { change_set, ..Default::default() };
    workspace.commit_blocking(request).unwrap_or_else(|error| panic!("undoing {revision}: {error:?}"));
    assert!(
        workspace.current().difference(revision - 1, revision + 1).is_empty(),
        "undoing {revision} leaves a difference"
    );
}

#[test]
fn every_kind_of_change_can_be_taken_back() {
    let workspace = small();
    for operations in [
        json!([{"op": "update_relationship", "id": "flw-a", "set": {"name": "日次連携", "method": "api"}}]),
        json!([{"op": "update_element", "id": "sys-a", "set": {"name": "住記", "users": 6, "owner_department": "dept-b"}, "unset": ["known_by"]}]),
        json!([{"op": "update_element", "id": "sys-b", "set": {"depends_on": [{"target": "sys-a", "level": "support"}, {"target": "inf-a"}]}}]),
        json!([{"op": "delete_element", "id": "sys-a", "cascade": true}]),
        json!([{"op": "delete_element", "id": "prc-a"}]),
        json!([{"op": "delete_relationship", "id": "flw-a", "cascade": true}, {"op": "delete_element", "id": "dat-a", "cascade": true}]),
        json!([{"op": "create_element", "id": "prc-b", "kind": "business_process", "name": "x", "attributes": {"steps": ["prc-b--step-1"]}},
               {"op": "create_element", "id": "prc-b--step-1", "kind": "process_step", "attributes": {"lane": "dept-a"}},
               {"op": "create_relationship", "id": "flw-b", "kind": "data_flow", "source": "sys-b", "target": "sys-a", "attributes": {"data": ["dat-a"]}},
               {"op": "create_relationship", "kind": "explains", "source": "dec-a", "target": "flw-b--carries--dat-a"}]),
    ] {
        accept(&workspace, &operations);
        undo(&workspace);
        undo(&workspace);
        undo(&workspace);
    }
    assert!(exists(&workspace, "sys-a--owned_by--dept-a"));
}

#[test]
fn what_changed_since_cannot_be_taken_back() {
    let workspace = small();
    let first = accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"users": 6}}]));
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"users": 7}}]));
    let refusal = workspace.reversal(first).expect_err("a later revision changed the same");
    assert_eq!(refusal.related, ["sys-a"]);
    assert!(workspace.reversal(99).is_err() && workspace.reversal(0).is_err());
}
