//! Every reason for a refusal, with the place in the request that it names.

use ezu::domain::Operation;
use ezu::domain::validation::RefusalCode::{self, *};
use serde_json::{Value as Json, json};

use super::small;
use crate::support;

/// What is asked for, why it is refused, and where.
type Case = (Json, RefusalCode, &'static str);

fn cases() -> Vec<Case> {
    let mut cases = elements();
    cases.extend(values());
    cases.extend(relationships());
    cases.extend(updates_and_deletions());
    cases
}

fn elements() -> Vec<Case> {
    let create = |id: &str, kind: &str| json!([{"op": "create_element", "id": id, "kind": kind, "name": "x"}]);
    vec![
        (json!([]), InvalidRequest, "/operations"),
        (create("", "system"), InvalidIdentifier, "/operations/0/id"),
        (create("a b", "system"), InvalidIdentifier, "/operations/0/id"),
        (create("a\"b", "system"), InvalidIdentifier, "/operations/0/id"),
        (create("a\nb", "system"), InvalidIdentifier, "/operations/0/id"),
        (create("a\u{202e}b", "system"), InvalidIdentifier, "/operations/0/id"),
        (create("🙂", "system"), InvalidIdentifier, "/operations/0/id"),
        (create(&"x".repeat(2_000), "system"), InvalidIdentifier, "/operations/0/id"),
        (create("sys-a", "system"), IdentifierTaken, "/operations/0/id"),
        (create("flw-a", "system"), IdentifierTaken, "/operations/0/id"),
        (create("sys-new", "sistem"), UnknownKind, "/operations/0/kind"),
        (create("sys-new", "data_flow"), UnsuitableKind, "/operations/0/kind"),
        (create("sys-new", "element"), UnsuitableKind, "/operations/0/kind"),
        (create("per-new", "person"), InvalidName, "/operations/0/name"),
        (json!([{"op": "create_element", "id": "sys-new", "kind": "system"}]), InvalidName, "/operations/0/name"),
        (
            json!([{"op": "create_element", "id": "sys-new", "kind": "system", "name": " "}]),
            InvalidName,
            "/operations/0/name",
        ),
        (
            json!([{"op": "create_element", "id": "s1", "kind": "system", "name": "x"},
                   {"op": "create_element", "id": "s1", "kind": "system", "name": "y"}]),
            IdentifierTaken,
            "/operations/1/id",
        ),
    ]
}

fn values() -> Vec<Case> {
    let with = |attributes: Json| json!([{"op": "create_element", "id": "sys-new", "kind": "system", "name": "x", "attributes": attributes}]);
    vec![
        (with(json!({"usrs": 1})), UnknownAttribute, "/operations/0/attributes/usrs"),
        (with(json!({"availability": {"rto": 1}})), UnknownAttribute, "/operations/0/attributes/availability/rto"),
        (with(json!({"availability": 1})), UnknownAttribute, "/operations/0/attributes/availability"),
        (with(json!({"a/b~c": 1})), UnknownAttribute, "/operations/0/attributes/a~1b~0c"),
        (with(json!({"users": "5"})), InvalidValue, "/operations/0/attributes/users"),
        (with(json!({"users": -1})), InvalidValue, "/operations/0/attributes/users"),
        (with(json!({"users": 1.5})), InvalidValue, "/operations/0/attributes/users"),
        (with(json!({"installed": "2026-02-30"})), InvalidValue, "/operations/0/attributes/installed"),
        (with(json!({"installed": "R8.3.31"})), InvalidValue, "/operations/0/attributes/installed"),
        (with(json!({"type": "pakage"})), InvalidValue, "/operations/0/attributes/type"),
        (with(json!({"aliases": "one"})), InvalidValue, "/operations/0/attributes/aliases"),
        (with(json!({"remarks": "a\u{0}b"})), InvalidValue, "/operations/0/attributes/remarks"),
        (with(json!({"annual_cost_kyen": -1})), InvalidValue, "/operations/0/attributes/annual_cost_kyen"),
        (
            with(json!({"availability.redundant": "yes"})),
            InvalidValue,
            "/operations/0/attributes/availability.redundant",
        ),
        (
            with(json!({"availability": {"rto_hours": "4"}})),
            InvalidValue,
            "/operations/0/attributes/availability/rto_hours",
        ),
        (with(json!({"owner_department": ["dept-a"]})), InvalidValue, "/operations/0/attributes/owner_department"),
        (with(json!({"known_by": "per-a"})), InvalidValue, "/operations/0/attributes/known_by"),
        (with(json!({"known_by": ["per-a", 7]})), InvalidValue, "/operations/0/attributes/known_by/1"),
        (with(json!({"owner_department": "dept-z"})), UnknownItem, "/operations/0/attributes/owner_department"),
        (
            with(json!({"owner_department": "sys-a"})),
            ForbiddenRelationship,
            "/operations/0/attributes/owner_department",
        ),
        (with(json!({"owner_department": "no id"})), InvalidIdentifier, "/operations/0/attributes/owner_department"),
        (with(json!({"known_by": ["per-a", "per-z"]})), UnknownItem, "/operations/0/attributes/known_by/1"),
        (
            with(json!({"depends_on": [{"target": "sys-a", "level": "much"}]})),
            InvalidValue,
            "/operations/0/attributes/depends_on/0/level",
        ),
        (with(json!({"depends_on": [{"level": "support"}]})), InvalidValue, "/operations/0/attributes/depends_on/0"),
        (
            with(json!({"depends_on": [{"target": "sys-a", "id": "sys-b"}]})),
            IdentifierTaken,
            "/operations/0/attributes/depends_on/0",
        ),
    ]
}

fn relationships() -> Vec<Case> {
    let join = |kind: &str, source: &str, target: &str| json!([{"op": "create_relationship", "kind": kind, "source": source, "target": target}]);
    vec![
        (join("data_flo", "sys-a", "sys-b"), UnknownKind, "/operations/0/kind"),
        (join("system", "sys-a", "sys-b"), UnsuitableKind, "/operations/0/kind"),
        (join("data_flow", "a b", "sys-b"), InvalidIdentifier, "/operations/0/source"),
        (join("data_flow", "sys-a", "a b"), InvalidIdentifier, "/operations/0/target"),
        (join("data_flow", "sys-z", "sys-b"), UnknownItem, "/operations/0"),
        (join("data_flow", "sys-a", "sys-z"), UnknownItem, "/operations/0"),
        (join("data_flow", "sys-a", "dept-a"), ForbiddenRelationship, "/operations/0"),
        (join("carries", "sys-a", "dat-a"), ForbiddenRelationship, "/operations/0"),
        (join("owned_by", "sys-a", "dept-b"), ForbiddenRelationship, "/operations/0"),
        (join("explains", "flw-a", "dec-a"), ForbiddenRelationship, "/operations/0"),
        (
            json!([{"op": "create_relationship", "id": "r", "kind": "association", "source": "r", "target": "sys-a"}]),
            ForbiddenRelationship,
            "/operations/0",
        ),
        (
            json!([{"op": "create_relationship", "id": "sys-a", "kind": "data_flow", "source": "sys-a", "target": "sys-b"}]),
            IdentifierTaken,
            "/operations/0/id",
        ),
        (
            json!([{"op": "create_relationship", "kind": "data_flow", "source": "sys-a", "target": "sys-b", "attributes": {"method": "telepathy"}}]),
            InvalidValue,
            "/operations/0/attributes/method",
        ),
        (
            json!([{"op": "create_relationship", "kind": "data_flow", "source": "sys-a", "target": "sys-b", "attributes": {"data": ["dept-a"]}}]),
            ForbiddenRelationship,
            "/operations/0/attributes/data/0",
        ),
    ]
}

fn updates_and_deletions() -> Vec<Case> {
    let update = |id: &str, set: Json| json!([{"op": "update_element", "id": id, "set": set}]);
    vec![
        (update("sys-z", json!({"users": 1})), UnknownItem, "/operations/0/id"),
        (update("flw-a", json!({"method": "api"})), UnknownItem, "/operations/0/id"),
        (update("sys-a", json!({})), InvalidRequest, "/operations/0"),
        (update("sys-a", json!({"name": null})), InvalidName, "/operations/0/set/name"),
        (update("per-a", json!({"name": "x"})), InvalidName, "/operations/0/set/name"),
        (update("sys-a", json!({"users": "many"})), InvalidValue, "/operations/0/set/users"),
        (
            json!([{"op": "update_element", "id": "sys-a", "unset": ["users", "usrs"]}]),
            UnknownAttribute,
            "/operations/0/unset/1",
        ),
        (
            update("sys-a", json!({"availability": {"rto_hours": 1}, "availability.rto_hours": 2})),
            InvalidRequest,
            "/operations/0/set/availability.rto_hours",
        ),
        (
            json!([{"op": "update_element", "id": "sys-a", "set": {"users": 1}, "unset": ["users"]}]),
            InvalidRequest,
            "/operations/0/unset/0",
        ),
        (
            json!([{"op": "update_element", "id": "sys-a", "set": {"known_by": []}, "unset": ["known_by"]}]),
            InvalidRequest,
            "/operations/0/unset/0",
        ),
        (json!([{"op": "update_element", "id": "sys-a", "unset": ["name"]}]), InvalidName, "/operations/0/unset/0"),
        (json!([{"op": "update_relationship", "id": "sys-a", "set": {"users": 1}}]), UnknownItem, "/operations/0/id"),
        (
            json!([{"op": "update_relationship", "id": "flw-a", "set": {"methods": "api"}}]),
            UnknownAttribute,
            "/operations/0/set/methods",
        ),
        (json!([{"op": "delete_element", "id": "sys-z"}]), UnknownItem, "/operations/0/id"),
        (json!([{"op": "delete_element", "id": "flw-a"}]), UnknownItem, "/operations/0/id"),
        (json!([{"op": "delete_relationship", "id": "sys-a"}]), UnknownItem, "/operations/0/id"),
        (json!([{"op": "delete_element", "id": "dat-a"}]), StillReferenced, "/operations/0"),
        (json!([{"op": "delete_relationship", "id": "flw-a"}]), StillReferenced, "/operations/0"),
        (
            json!([{"op": "delete_element", "id": "dec-a"},
                   {"op": "create_element", "id": "dec-a", "kind": "decision", "name": "x"}]),
            IdentifierTaken,
            "/operations/1/id",
        ),
    ]
}

#[test]
fn every_wrong_change_set_is_refused_for_its_reason_at_its_place() {
    let workspace = small();
    for (request, code, pointer) in cases() {
        let refusals = support::refuse(&workspace, &request);
        assert_eq!(refusals.len(), 1, "{request}: {refusals:?}");
        assert_eq!((refusals[0].code, refusals[0].pointer.as_str()), (code, pointer), "{request}: {refusals:?}");
        assert!(!refusals[0].message.is_empty());
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_nothing_is_half_done() {
    let workspace = small();
    let refusals = support::refuse(
        &workspace,
        &json!([
            {"op": "create_element", "id": "sys-new", "kind": "system", "name": "x"},
            {"op": "update_element", "id": "sys-a", "set": {"users": "many", "installed": "soon", "usrs": 1}},
            {"op": "create_relationship", "kind": "data_flow", "source": "sys-new", "target": "sys-z"},
        ]),
    );
    let found: Vec<(RefusalCode, &str)> =
        refusals.iter().map(|refusal| (refusal.code, refusal.pointer.as_str())).collect();
    let expected = [
        (InvalidValue, "/operations/1/set/users"),
        (InvalidValue, "/operations/1/set/installed"),
        (UnknownAttribute, "/operations/1/set/usrs"),
        (UnknownItem, "/operations/2"),
    ];
    assert_eq!(found, expected);
    assert!(!super::exists(&workspace, "sys-new"));
}

#[test]
fn what_cannot_be_read_as_an_operation_is_refused_where_it_stands() {
    let cases = [
        (json!(7), "/operations/3"),
        (json!({}), "/operations/3/op"),
        (json!({"op": "create"}), "/operations/3/op"),
        (json!({"op": 1}), "/operations/3/op"),
        (json!({"op": "create_element", "id": "a"}), "/operations/3"),
        (json!({"op": "create_element", "id": "a", "kind": "system", "colour": "red"}), "/operations/3"),
        (json!({"op": "delete_element", "id": "a", "cascade": "yes"}), "/operations/3"),
        (json!({"op": "update_element", "id": ["a"]}), "/operations/3"),
        (json!({"op": "create_relationship", "kind": "data_flow", "source": "a"}), "/operations/3"),
    ];
    for (operation, pointer) in cases {
        let refusal = Operation::from_json(operation.clone(), "/operations/3").expect_err("it is no operation");
        assert_eq!((refusal.code, refusal.pointer.as_str()), (InvalidRequest, pointer), "{operation}");
    }
}

#[test]
fn a_misspelt_word_earns_the_nearest_one() {
    let workspace = small();
    let cases = [
        (json!([{"op": "create_element", "id": "s", "kind": "sistem", "name": "x"}]), "system"),
        (json!([{"op": "update_element", "id": "sys-a", "set": {"usrs": 1}}]), "users"),
        (json!([{"op": "update_element", "id": "sis-a", "set": {"users": 1}}]), "sys-a"),
        (json!([{"op": "update_element", "id": "sys-a", "set": {"owner_department": "dep-a"}}]), "dept-a"),
        (json!([{"op": "update_element", "id": "sys-a", "set": {"type": "pakage"}}]), "package"),
    ];
    for (request, nearest) in cases {
        let refusals = support::refuse(&workspace, &request);
        assert!(refusals[0].message.contains(&format!("did you mean \"{nearest}\"?")), "{}", refusals[0].message);
    }
}
