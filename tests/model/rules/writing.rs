//! The one writer: retries, dry runs, many writers at once.

use std::collections::BTreeSet;

use ezu::application::{Workspace, WriteError, WriteRequest};
use ezu::storage::Store;
use serde_json::json;

use super::{exists, small};
use crate::support::{self, accept, change_set};

fn keyed(key: &str, digest: &str, id: &str) -> WriteRequest {
    WriteRequest {
        change_set: change_set("Sato", &json!([{"op": "create_element", "id": id, "kind": "system", "name": "x"}])),
        idempotency_key: Some(key.to_owned()),
        request_digest: Some(digest.to_owned()),
        ..WriteRequest::default()
    }
}

#[test]
fn a_retry_is_answered_and_not_repeated() {
    let workspace = small();
    let first = workspace.commit_blocking(keyed("k1", "d1", "sys-c")).expect("it is valid");
    accept(&workspace, &json!([{"op": "delete_element", "id": "sys-c"}]));
    let again = workspace.commit_blocking(keyed("k1", "d1", "sys-c")).expect("the same answer");
    assert_eq!((again.revision, &again.hash, again.time), (first.revision, &first.hash, first.time));
    assert!(again.is_replay && !first.is_replay);
    assert!(!exists(&workspace, "sys-c"), "it is not made a second time");
    assert_eq!(workspace.current().revision(), 3);
    let other = workspace.commit_blocking(keyed("k1", "d2", "sys-d"));
    assert!(matches!(other, Err(WriteError::KeyReused { revision: 2 })), "{other:?}");
}

#[test]
fn a_key_of_a_refused_request_is_free_and_a_used_one_outlives_the_process() {
    let workspace = support::empty();
    let refused = workspace.commit_blocking(keyed("k1", "d1", "no id"));
    assert!(matches!(refused, Err(WriteError::Refused(_))));
    workspace.commit_blocking(keyed("k1", "d2", "sys-c")).expect("nothing was made under the key");

    let payload = workspace.store().frame(1).expect("readable").expect("there").payload;
    let store = Store::memory();
    let entry = ezu::storage::Entry { payload: payload.bytes().expect("not redacted").to_vec(), time: 0 };
    store.append(&[entry]).expect("memory accepts");
    let reopened = support::open(store);
    assert!(reopened.commit_blocking(keyed("k1", "d2", "sys-c")).expect("a retry").is_replay);
    assert!(matches!(reopened.commit_blocking(keyed("k1", "d3", "sys-d")), Err(WriteError::KeyReused { revision: 1 })));
}

#[test]
fn a_dry_run_leaves_nothing() {
    let workspace = small();
    let before = workspace.current();
    let made = json!([{"op": "create_element", "id": "sys-c", "kind": "system", "name": "x", "attributes": {"owner_department": "dept-a"}}]);
    let run = workspace.dry_run(&change_set("Sato", &made));
    assert_eq!((run.delta.elements.len(), run.delta.relationships.len(), run.refusals.len()), (1, 1, 0));
    let outcome = run.outcome.expect("it would be accepted");
    assert!(outcome.element("sys-c").is_some() && outcome.revision() == 2);
    assert!(before.element("sys-c").is_none() && !exists(&workspace, "sys-c"));
    assert_eq!((workspace.current().revision(), workspace.store().head().revision), (1, 1));
    assert_eq!(workspace.current().counts(), before.counts());

    let refused = workspace.dry_run(&change_set("Sato", &json!([{"op": "delete_element", "id": "sys-a"}])));
    assert!(refused.outcome.is_none() && !refused.refusals.is_empty());
    assert_eq!(accept(&workspace, &made), 2, "the real one is still possible");
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let workspace = small();
    let held = workspace.current();
    accept(&workspace, &json!([{"op": "delete_element", "id": "sys-a", "cascade": true}]));
    assert!(held.element("sys-a").is_some() && held.relationship("flw-a").is_some());
    assert_eq!((held.revision(), held.counts().elements), (1, workspace.current().counts().elements + 1));
}

#[test]
fn many_writers_at_once_leave_no_gap_and_lose_nothing() {
    const WRITERS: usize = 8;
    const EACH: usize = 40;
    let workspace = small();
    let shared = &workspace;
    let mut revisions: Vec<(u64, String)> = std::thread::scope(|scope| {
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| scope.spawn(move || write_many(shared, writer, EACH))).collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("no writer panics")).collect()
    });
    revisions.sort();
    let numbers: Vec<u64> = revisions.iter().map(|(revision, _)| *revision).collect();
    assert_eq!(numbers, (2..2 + (WRITERS * EACH) as u64).collect::<Vec<_>>());
    let snapshot = workspace.current();
    for (revision, id) in &revisions {
        let versions = snapshot.versions(id);
        assert_eq!((versions.len(), versions[0].revision), (1, *revision), "{id}");
        assert!(snapshot.element(id).is_some());
    }
    let hashes: BTreeSet<String> = (1..=snapshot.revision())
        .map(|n| snapshot.change(n).expect("it is").hash.get().expect("set").to_string())
        .collect();
    assert_eq!(hashes.len() as u64, snapshot.revision(), "every revision has a hash of its own");
    assert_eq!(*snapshot.hash(), workspace.store().head().hash.to_string());
}

/// Half of what a writer asks for is wrong; answers what was acknowledged.
fn write_many(workspace: &Workspace, writer: usize, each: usize) -> Vec<(u64, String)> {
    let mut acknowledged = Vec::new();
    for number in 0..each {
        let id = format!("sys-{writer}-{number}");
        let create = json!([{"op": "create_element", "id": id, "kind": "system", "name": "x", "attributes": {"owner_department": "dept-a"}}]);
        acknowledged.push((accept(workspace, &create), id.clone()));
        let again = support::commit(workspace, &create);
        assert!(matches!(again, Err(WriteError::Refused(_))), "{id} is taken: {again:?}");
        assert!(exists(workspace, &id), "who was answered reads what they wrote");
    }
    acknowledged
}
