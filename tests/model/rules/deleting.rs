//! What goes with what, and what may not go.

use ezu::domain::validation::{RefusalCode, judge, resolve_wholly};
use serde_json::json;

use super::{exists, outgoing, small};
use crate::support::{self, accept, refuse};

#[test]
fn what_others_point_to_stays_and_they_are_listed() {
    let workspace = small();
    let refusals = refuse(&workspace, &json!([{"op": "delete_element", "id": "sys-a"}]));
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!((refusals[0].code, refusals[0].id.as_deref()), (RefusalCode::StillReferenced, Some("sys-a")));
    let mut related = refusals[0].related.clone();
    related.sort();
    assert_eq!(related, ["dat-a--mastered_by--sys-a", "flw-a", "prc-a--uses--sys-a", "sys-b--depends_on--sys-a"]);
}

#[test]
fn own_references_go_with_their_owner() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "delete_element", "id": "dec-a"}]));
    assert!(!exists(&workspace, "dec-a--explains--flw-a") && exists(&workspace, "flw-a"));
    assert!(workspace.current().counts().relationships > 0);
}

#[test]
fn parts_go_with_their_owner_unless_others_point_to_them() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "delete_element", "id": "prc-a"}]));
    for id in [
        "prc-a",
        "prc-a--step-1",
        "prc-a--has_step--prc-a--step-1",
        "prc-a--step-1--performed_by--dept-a",
        "prc-a--uses--sys-a",
    ] {
        assert!(!exists(&workspace, id), "{id}");
    }
    let workspace = small();
    accept(&workspace, &json!([{"op": "update_element", "id": "dec-a", "set": {"explains": ["prc-a--step-1"]}}]));
    let refusals = refuse(&workspace, &json!([{"op": "delete_element", "id": "prc-a"}]));
    assert_eq!(refusals[0].id.as_deref(), Some("prc-a--step-1"));
    assert_eq!(refusals[0].related, ["dec-a--explains--prc-a--step-1"]);
}

#[test]
fn cascade_takes_all_relationships_that_touch_what_goes_and_no_other_element() {
    let workspace = small();
    let elements = workspace.current().counts().elements;
    accept(&workspace, &json!([{"op": "delete_element", "id": "sys-a", "cascade": true}]));
    for id in [
        "flw-a",
        "flw-a--carries--dat-a",
        "dec-a--explains--flw-a",
        "dat-a--mastered_by--sys-a",
        "sys-b--depends_on--sys-a",
    ] {
        assert!(!exists(&workspace, id), "{id}");
    }
    assert_eq!(workspace.current().counts().elements, elements - 1);
    assert!(outgoing(&workspace, "dec-a").is_empty());
}

#[test]
fn a_flow_goes_with_what_it_carries() {
    let workspace = small();
    let refusals = refuse(&workspace, &json!([{"op": "delete_relationship", "id": "flw-a"}]));
    assert_eq!(refusals[0].related, ["dec-a--explains--flw-a"], "a decision explains it");
    accept(&workspace, &json!([{"op": "delete_relationship", "id": "flw-a", "cascade": true}]));
    assert!(!exists(&workspace, "flw-a--carries--dat-a") && exists(&workspace, "dat-a") && exists(&workspace, "dec-a"));
}

#[test]
fn those_who_point_to_it_may_be_deleted_in_the_same_change_set() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "delete_relationship", "id": "flw-a"}, {"op": "delete_element", "id": "dec-a"}]));
    assert!(!exists(&workspace, "flw-a") && !exists(&workspace, "dec-a"));
}

#[test]
fn what_a_change_set_makes_it_may_unmake() {
    let workspace = small();
    let before = workspace.current().counts();
    let revision = accept(
        &workspace,
        &json!([
            {"op": "create_element", "id": "sys-c", "kind": "system", "name": "x", "attributes": {"owner_department": "dept-a"}},
            {"op": "create_relationship", "id": "flw-c", "kind": "data_flow", "source": "sys-c", "target": "sys-a"},
            {"op": "delete_relationship", "id": "flw-c"},
            {"op": "delete_element", "id": "sys-c"},
        ]),
    );
    assert_eq!(workspace.current().counts(), before);
    assert!(workspace.current().difference(revision - 1, revision).is_empty());
    assert!(workspace.current().versions("sys-c").is_empty());
}

#[test]
fn an_id_may_come_back_in_another_nature_and_keeps_its_history() {
    let workspace = small();
    accept(&workspace, &json!([{"op": "create_element", "id": "x", "kind": "system", "name": "one"}]));
    accept(&workspace, &json!([{"op": "delete_element", "id": "x"}]));
    accept(
        &workspace,
        &json!([{"op": "create_relationship", "id": "x", "kind": "data_flow", "source": "sys-a", "target": "sys-b"}]),
    );
    accept(&workspace, &json!([{"op": "delete_relationship", "id": "x"}]));
    accept(&workspace, &json!([{"op": "create_element", "id": "x", "kind": "department", "name": "two"}]));
    let snapshot = workspace.current();
    let natures: Vec<(u64, bool, bool)> = snapshot
        .versions("x")
        .iter()
        .map(|version| (version.revision, version.element.is_some(), version.relationship.is_some()))
        .collect();
    assert_eq!(natures, [(6, true, false), (5, false, false), (4, false, true), (3, false, false), (2, true, false)]);
    assert_eq!(snapshot.touches("x").collect::<Vec<_>>(), [6, 5, 4, 3, 2]);
    let past = snapshot.at_revision(4).expect("it was");
    assert!(past.relationship("x").is_some() && past.element("x").is_none());
    assert_eq!(past.revision_of("x"), 4);
}

#[test]
fn an_id_that_the_same_change_set_frees_is_taken_also_when_it_is_judged_in_pieces() {
    let workspace = small();
    let model = workspace.current();
    let create = json!({"op": "create_element", "id": "flw-a", "kind": "system", "name": "新"});
    let delete = json!({"op": "delete_element", "id": "sys-b", "cascade": true});
    for operations in [[&create, &delete], [&delete, &create]] {
        let change_set = support::change_set("Sato", &json!(operations));
        let whole = resolve_wholly(&*model, &change_set).refusals;
        let pieces = judge(&*model, &change_set.operations.iter().cloned().collect(), 1).refusals;
        for refusals in [whole, pieces] {
            let codes: Vec<RefusalCode> = refusals.iter().map(|refusal| refusal.code).collect();
            assert_eq!(codes, [RefusalCode::IdentifierTaken], "{refusals:?}");
        }
    }
}
