//! The rules for change sets, case by case.

mod deleting;
mod merging;
mod naming;
mod queue;
mod references;
mod refusals;
mod writing;

use ezu::application::Workspace;
use ezu::domain::element::Model;
use serde_json::{Value as Json, json};

use crate::support;

/// A small city hall: enough for every rule. It is revision 1.
pub fn small() -> Workspace {
    let workspace = support::empty();
    support::accept(
        &workspace,
        &json!([
            {"op": "create_element", "id": "dept-a", "kind": "department", "name": "住民課"},
            {"op": "create_element", "id": "dept-b", "kind": "department", "name": "税務課"},
            {"op": "create_element", "id": "per-a", "kind": "person", "attributes": {"code": "P1", "department": "dept-a"}},
            {"op": "create_element", "id": "inf-a", "kind": "infrastructure", "name": "電算室"},
            {"op": "create_element", "id": "sys-a", "kind": "system", "name": "住民記録", "attributes": {
                "users": 5, "owner_department": "dept-a", "known_by": ["per-a"], "availability": {"rto_hours": 24}}},
            {"op": "create_element", "id": "sys-b", "kind": "system", "name": "税", "attributes": {
                "depends_on": [{"target": "sys-a", "level": "essential"}]}},
            {"op": "create_element", "id": "dat-a", "kind": "data_object", "name": "住民票", "attributes": {"masters": ["sys-a"]}},
            {"op": "create_relationship", "id": "flw-a", "kind": "data_flow", "source": "sys-a", "target": "sys-b",
                "attributes": {"method": "file", "data": ["dat-a"]}},
            {"op": "create_element", "id": "prc-a", "kind": "business_process", "name": "転入", "attributes": {
                "systems": [{"system": "sys-a", "role": "essential"}], "steps": ["prc-a--step-1"]}},
            {"op": "create_element", "id": "prc-a--step-1", "kind": "process_step", "attributes": {
                "no": 1, "function": "受け付ける", "lane": "dept-a"}},
            {"op": "create_element", "id": "dec-a", "kind": "decision", "name": "媒体のまま", "attributes": {
                "date": "2026-04-01", "explains": ["flw-a"]}},
        ]),
    );
    workspace
}

/// Ids of the relationships that start from an item, by target.
pub fn outgoing(workspace: &Workspace, id: &str) -> Vec<String> {
    workspace.current().outgoing(id, None).into_iter().map(|held| held.id.to_string()).collect()
}

/// Whether an item is there.
pub fn exists(workspace: &Workspace, id: &str) -> bool {
    workspace.current().item(id).is_some()
}

/// The value of an attribute.
pub fn value(workspace: &Workspace, id: &str, name: &str) -> Option<Json> {
    let snapshot = workspace.current();
    let name = snapshot.metamodel().attribute_name(name).expect("an attribute of the profile");
    snapshot.item(id).expect("it exists").attributes().get(name).map(ezu::domain::Value::to_json)
}
