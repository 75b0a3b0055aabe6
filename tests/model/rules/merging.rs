//! Two people at once: what clashes, what does not, and what `If-Match` asks.

use ezu::application::{Committed, Precondition, Workspace, WriteError, WriteRequest};
use ezu::domain::ChangeSet;
use ezu::domain::validation::{Refusal, RefusalCode};
use serde_json::{Value as Json, json};

use super::{small, value};
use crate::support::{accept, change_set};

/// Somebody else's change set, made on the first revision.
fn on_first(workspace: &Workspace, operations: &Json) -> Result<Committed, WriteError> {
    let change_set = ChangeSet { base_revision: Some(1), ..change_set("Suzuki", operations) };
    workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() })
}

fn conflicts(workspace: &Workspace, operations: &Json) -> Vec<Refusal> {
    let before = workspace.current().revision();
    match on_first(workspace, operations) {
        Err(WriteError::Conflict(refusals)) => {
            assert_eq!(workspace.current().revision(), before);
            assert!(
                refusals
                    .iter()
                    .all(|refusal| refusal.code == RefusalCode::Conflict && refusal.pointer == "/base_revision")
            );
            refusals
        }
        other => panic!("{operations}: no conflict but {other:?}"),
    }
}

fn update(id: &str, set: &Json) -> Json {
    json!([{"op": "update_element", "id": id, "set": set}])
}

#[test]
fn different_attributes_do_not_clash() {
    let workspace = small();
    accept(&workspace, &update("sys-a", &json!({"users": 6})));
    on_first(&workspace, &update("sys-a", &json!({"installed": "2026-01-01", "owner_department": "dept-b"})))
        .expect("no clash");
    on_first(&workspace, &update("sys-b", &json!({"users": 1}))).expect("another element");
    assert_eq!(value(&workspace, "sys-a", "users"), Some(json!(6)));
    assert_eq!(value(&workspace, "sys-a", "installed"), Some(json!("2026-01-01")));
}

#[test]
fn the_same_attribute_clashes_and_says_which_and_who() {
    let workspace = small();
    accept(&workspace, &update("sys-a", &json!({"users": 6, "name": "住記"})));
    let refusals = conflicts(&workspace, &update("sys-a", &json!({"users": 7, "installed": "2026-01-01"})));
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!((refusals[0].id.as_deref(), &refusals[0].related[..]), (Some("sys-a"), &["users".to_owned()][..]));
    assert!(
        refusals[0].message.contains("Sato") && refusals[0].message.contains("revision 2"),
        "{}",
        refusals[0].message
    );
    assert_eq!(conflicts(&workspace, &update("sys-a", &json!({"name": "x"})))[0].related, ["name"]);
    let unset = json!([{"op": "update_element", "id": "sys-a", "unset": ["users"]}]);
    assert_eq!(conflicts(&workspace, &unset)[0].related, ["users"]);
}

#[test]
fn without_a_base_the_last_word_wins_and_with_the_newest_nothing_clashes() {
    let workspace = small();
    accept(&workspace, &update("sys-a", &json!({"users": 6})));
    accept(&workspace, &update("sys-a", &json!({"users": 7})));
    let newest = ChangeSet { base_revision: Some(3), ..change_set("Suzuki", &update("sys-a", &json!({"users": 8}))) };
    workspace
        .commit_blocking(WriteRequest { change_set: newest, ..WriteRequest::default() })
        .expect("nothing happened since");
}

#[test]
fn a_base_that_does_not_exist_is_refused() {
    let workspace = small();
    let change_set =
        ChangeSet { base_revision: Some(2), ..change_set("Suzuki", &update("sys-a", &json!({"users": 8}))) };
    let run = workspace.dry_run(&change_set);
    let answer = workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
    assert!(matches!(answer, Err(WriteError::UnknownBase { base: 2, head: 1 })), "{answer:?}");
    assert!(run.outcome.is_none() && run.refusals[0].pointer == "/base_revision", "a dry run says so too");
}

#[test]
fn deleting_clashes_with_a_change_and_a_change_with_a_deletion() {
    let workspace = small();
    accept(&workspace, &update("dec-a", &json!({"date": "2026-05-01"})));
    let delete = json!([{"op": "delete_element", "id": "dec-a"}]);
    assert_eq!(conflicts(&workspace, &delete)[0].related, ["date"]);

    accept(&workspace, &delete);
    let late = conflicts(&workspace, &update("dec-a", &json!({"status": "accepted"})));
    assert_eq!((late[0].id.as_deref(), late[0].message.contains("Sato")), (Some("dec-a"), true), "{late:?}");
    assert_eq!(
        conflicts(&workspace, &delete)[0].id.as_deref(),
        Some("dec-a"),
        "both wanted it gone; the second is told"
    );
}

#[test]
fn a_reference_attribute_is_one_field_however_it_is_written() {
    let workspace = small();
    accept(
        &workspace,
        &json!([
            {"op": "delete_relationship", "id": "sys-a--owned_by--dept-a"},
            {"op": "create_relationship", "kind": "owned_by", "source": "sys-a", "target": "dept-b"},
        ]),
    );
    let refusals = conflicts(&workspace, &update("sys-a", &json!({"owner_department": null})));
    assert!(refusals.iter().any(|refusal| refusal.related == ["owner_department"]), "{refusals:?}");
    accept(&workspace, &update("sys-b", &json!({"owner_department": "dept-a"})));
    let created = json!([{"op": "create_relationship", "kind": "owned_by", "source": "sys-b", "target": "dept-b"}]);
    // That sys-b has an owner by now is no reason to speak of a wrong request.
    let refusals = conflicts(&workspace, &created);
    assert!(
        refusals
            .iter()
            .any(|refusal| refusal.id.as_deref() == Some("sys-b") && refusal.related == ["owner_department"])
    );
}

#[test]
fn if_match_is_strict() {
    let workspace = small();
    accept(&workspace, &update("sys-b", &json!({"users": 1})));
    let with = |id: &str, revisions: &[u64]| {
        let preconditions = vec![Precondition { id: id.to_owned(), revisions: revisions.to_vec() }];
        let change_set = change_set("Suzuki", &update("sys-b", &json!({"users": 2})));
        workspace.commit_blocking(WriteRequest { change_set, preconditions, ..WriteRequest::default() })
    };
    assert!(matches!(with("sys-b", &[1]), Err(WriteError::PreconditionFailed { current: 2, .. })));
    assert!(matches!(with("sys-z", &[]), Err(WriteError::PreconditionFailed { current: 0, .. })));
    assert!(matches!(with("sys-z", &[0]), Err(WriteError::PreconditionFailed { current: 0, .. })));
    assert_eq!(value(&workspace, "sys-b", "users"), Some(json!(1)));
    assert_eq!(with("sys-b", &[1, 2]).expect("it matches").revision, 3);
    assert!(matches!(with("sys-b", &[2]), Err(WriteError::PreconditionFailed { current: 3, .. })));
    assert_eq!(with("sys-b", &[]).expect("any revision is accepted").revision, 4);
    // A reference attribute belongs to its element: whoever saw the element before saw another state.
    accept(&workspace, &update("sys-b", &json!({"owner_department": "dept-a"})));
    assert!(matches!(with("sys-b", &[4]), Err(WriteError::PreconditionFailed { current: 5, .. })));
}
