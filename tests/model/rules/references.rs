//! Reference attributes are relationships.

use ezu::domain::element::Model;
use ezu::domain::validation::RefusalCode;
use serde_json::json;

use super::{exists, outgoing, small, value};
use crate::support::{accept, refuse};

#[test]
fn a_reference_is_a_relationship_with_an_id_of_its_ends() {
    let workspace = small();
    assert_eq!(outgoing(&workspace, "sys-a"), ["sys-a--owned_by--dept-a", "sys-a--known_by--per-a", "flw-a"]);
    let held = workspace.current().relationship("sys-a--owned_by--dept-a").cloned().expect("it is one");
    assert_eq!((held.source.as_str(), held.target.as_str(), held.name.as_deref()), ("sys-a", "dept-a", None));
    assert_eq!(value(&workspace, "sys-b--depends_on--sys-a", "level"), Some(json!("essential")));
}

#[test]
fn several_between_the_same_two_are_numbered() {
    let workspace = small();
    let flow = json!({"op": "create_relationship", "kind": "data_flow", "source": "sys-a", "target": "sys-b"});
    accept(&workspace, &json!([flow, flow]));
    accept(&workspace, &json!([flow]));
    for id in ["sys-a--data_flow--sys-b", "sys-a--data_flow--sys-b--2", "sys-a--data_flow--sys-b--3"] {
        assert!(exists(&workspace, id), "{id}");
    }
    accept(&workspace, &json!([{"op": "delete_relationship", "id": "sys-a--data_flow--sys-b--2"}]));
    accept(&workspace, &json!([flow]));
    assert!(exists(&workspace, "sys-a--data_flow--sys-b--2") && !exists(&workspace, "sys-a--data_flow--sys-b--4"));
    accept(
        &workspace,
        &json!([{"op": "update_element", "id": "sys-b", "set": {"depends_on": [
        {"target": "sys-a", "level": "support"}, {"target": "sys-a", "level": "essential"}]}}]),
    );
    assert_eq!(value(&workspace, "sys-b--depends_on--sys-a", "level"), Some(json!("support")));
    assert_eq!(value(&workspace, "sys-b--depends_on--sys-a--2", "level"), Some(json!("essential")));
}

#[test]
fn setting_a_reference_replaces_it_in_the_same_change_set() {
    let workspace = small();
    let revision =
        accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"owner_department": "dept-b"}}]));
    assert!(exists(&workspace, "sys-a--owned_by--dept-b") && !exists(&workspace, "sys-a--owned_by--dept-a"));
    assert_eq!(workspace.current().difference(revision - 1, revision).len(), 2, "one went and one came");
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"owner_department": null}}]));
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "unset": ["known_by"]}]));
    assert_eq!(outgoing(&workspace, "sys-a"), ["flw-a"]);
}

#[test]
fn a_list_keeps_what_it_names_and_drops_the_rest() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "create_element", "id": "per-b", "kind": "person"}]));
    let revision =
        accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"known_by": ["per-b", "per-a"]}}]));
    assert_eq!(workspace.current().versions("sys-a--known_by--per-a").len(), 1, "what stays is not touched");
    assert_eq!(workspace.current().versions("sys-a--known_by--per-b")[0].revision, revision);
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "set": {"known_by": []}}]));
    assert!(!exists(&workspace, "sys-a--known_by--per-a") && !exists(&workspace, "sys-a--known_by--per-b"));
}

#[test]
fn a_second_relationship_where_one_is_expected_is_refused_in_any_order() {
    let workspace = small();
    let owned = |source: &str, target: &str| json!({"op": "create_relationship", "kind": "owned_by", "source": source, "target": target});
    let created = json!({"op": "create_element", "id": "sys-c", "kind": "system", "name": "x"});
    for request in [
        json!([owned("sys-b", "dept-a"), owned("sys-b", "dept-b")]),
        json!([owned("sys-c", "dept-a"), owned("sys-c", "dept-b"), created]),
        json!([created, owned("sys-c", "dept-a"), owned("sys-c", "dept-a")]),
    ] {
        let refusals = refuse(&workspace, &request);
        assert!(refusals.iter().all(|refusal| refusal.code == RefusalCode::ForbiddenRelationship), "{refusals:?}");
    }
    // One may give way to another in the same change set, whichever comes first.
    accept(
        &workspace,
        &json!([owned("sys-a", "dept-b"), {"op": "delete_relationship", "id": "sys-a--owned_by--dept-a"}]),
    );
    assert!(exists(&workspace, "sys-a--owned_by--dept-b"));
}

#[test]
fn what_comes_later_in_a_change_set_may_be_referred_to() {
    let workspace = small();
    accept(
        &workspace,
        &json!([
            {"op": "create_relationship", "kind": "explains", "source": "dec-b", "target": "flw-b"},
            {"op": "create_relationship", "id": "flw-b", "kind": "data_flow", "source": "sys-c", "target": "sys-a"},
            {"op": "create_element", "id": "dec-b", "kind": "decision", "name": "x"},
            {"op": "create_element", "id": "sys-c", "kind": "system", "name": "x", "attributes": {"owner_department": "dept-c"}},
            {"op": "create_element", "id": "dept-c", "kind": "department", "name": "x"},
        ]),
    );
    let explained = workspace.current().incoming("flw-b", None);
    assert_eq!(explained.iter().map(|held| held.id.to_string()).collect::<Vec<_>>(), ["dec-b--explains--flw-b"]);
}

#[test]
fn groups_are_nested_or_dotted_and_null_removes() {
    let workspace = small();
    accept(
        &workspace,
        &json!([{"op": "update_element", "id": "sys-a", "set": {"availability.rpo_hours": 1, "availability": {"redundant": true}}}]),
    );
    let all = |workspace: &_| {
        ["availability.rto_hours", "availability.rpo_hours", "availability.redundant"]
            .map(|name| value(workspace, "sys-a", name))
    };
    assert_eq!(all(&workspace), [Some(json!(24)), Some(json!(1)), Some(json!(true))]);
    accept(
        &workspace,
        &json!([{"op": "update_element", "id": "sys-a", "set": {"availability": {"rto_hours": null}, "users": null}}]),
    );
    accept(&workspace, &json!([{"op": "update_element", "id": "sys-a", "unset": ["availability.rpo_hours"]}]));
    assert_eq!(all(&workspace), [None, None, Some(json!(true))]);
    assert_eq!(value(&workspace, "sys-a", "users"), None);
}

#[test]
fn a_required_attribute_may_be_absent() {
    let workspace = small();
    // owner_department, zone, availability.rto_hours and personal_data.class are required of a system.
    accept(&workspace, &json!([{"op": "create_element", "id": "sys-c", "kind": "system", "name": "x"}]));
    assert!(exists(&workspace, "sys-c") && outgoing(&workspace, "sys-c").is_empty());
}
