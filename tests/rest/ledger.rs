//! The ledger's own matters: head, backup, redaction.

use serde_json::json;

use crate::support::{city, shared_city};

#[test]
fn a_backup_is_streamed_and_names_its_head() {
    let service = shared_city();
    let answer = service.get("/api/v1/backup");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("transfer-encoding"), "chunked", "it is not gathered first");
    let head = service.get("/api/v1/ledger/head").json();
    assert_eq!(answer.header("ezu-hash"), head["hash"].as_str().expect("text"));
    let folder = tempfile::tempdir().expect("a folder");
    let options = ezu::storage::StorageOptions::default();
    let restored = ezu::storage::Store::restore(&mut &answer.bytes[..], &folder.path().join("data"), &options, None);
    let restored = restored.expect("what was streamed is whole");
    assert_eq!((restored.revision, restored.hash.to_string()), (1, answer.header("ezu-hash")));
    let cut = &answer.bytes[..answer.bytes.len() - 10];
    assert!(ezu::storage::Store::restore(&mut &cut[..], &folder.path().join("cut"), &options, None).is_err());
    assert_eq!(service.get("/api/v1/backup?revision=99").code(), "invalid_parameter");
}

#[test]
fn a_name_is_removed_from_every_revision() {
    let service = city();
    let name = "花野次郎";
    let change = json!({"attributes": {"source_note": format!("{name}に聞いた")}, "change": {"author": "sato"}});
    assert_eq!(service.patch("/api/v1/systems/sys-juki", &change).status, 201);
    assert_eq!(service.patch("/api/v1/systems/sys-juki", &json!({"attributes": {"users": 91}})).status, 201);
    let key = [("content-type", "application/json"), ("idempotency-key", "kept")];
    let later = json!({"attributes": {"users": 92}}).to_string();
    assert_eq!(service.send("PATCH", "/api/v1/systems/sys-juki", &key, later.as_bytes()).status, 201);

    let asked = json!({"text": name, "reason": "誤入力", "author": "joho", "dry_run": true});
    let tried = service.post("/api/v1/ledger/redactions", &asked);
    assert_eq!((tried.status, &tried.json()["redacted"]), (200, &json!([{"revision": 2, "act": null}])));
    let asked = json!({"text": name, "reason": "誤入力", "author": "joho"});
    let done = service.post("/api/v1/ledger/redactions", &asked);
    assert_eq!((done.status, &done.json()["redacted"]), (201, &json!([{"revision": 2, "act": 5}])));
    assert_eq!(done.json()["revision"], 5);

    for path in [
        "/api/v1/systems/sys-juki",
        "/api/v1/systems/sys-juki?revision=2",
        "/api/v1/elements/sys-juki/history",
        "/api/v1/change-sets/2",
        "/api/v1/change-sets/5",
        "/api/v1/differences?from=1&to=2",
        "/api/v1/export",
    ] {
        let answer = service.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text.contains(name), "{path}: {}", answer.text);
    }
    let changed = service.get("/api/v1/systems/sys-juki?revision=2").json();
    assert_eq!(changed["attributes"]["source_note"], "■■■に聞いた");
    assert_eq!(service.get("/api/v1/systems/sys-juki").json()["attributes"]["users"], 92);
    assert_eq!(service.get("/api/v1/change-sets/2").json()["redacted_by"], 5);
    assert_eq!(service.get("/api/v1/change-sets/5").json()["redacts"], 2);
    // A retry of what was written before is still recognised.
    let retry = service.send("PATCH", "/api/v1/systems/sys-juki", &key, later.as_bytes());
    assert_eq!((retry.header("idempotent-replayed").as_str(), service.revision()), ("true", 5));
    assert_eq!(service.patch("/api/v1/systems/sys-juki", &json!({"attributes": {"users": 93}})).status, 201);
}

#[test]
fn what_cannot_be_redacted_is_refused() {
    let service = shared_city();
    for (body, code) in [
        (json!({}), "invalid_request"),
        (json!({"text": ""}), "invalid_request"),
        (json!({"text": "x", "colour": 1}), "invalid_request"),
        (json!({"text": "花野三郎", "reason": "花野三郎を消す"}), "invalid_request"),
        (json!({"text": "nowhere to be found"}), "refused"),
        (json!({"text": "sys-juki"}), "refused"),
        (json!({"fields": [{"id": "sys-juki", "field": "no_such_field"}]}), "refused"),
    ] {
        assert_eq!(service.post("/api/v1/ledger/redactions", &body).code(), code, "{body}");
    }
    assert_eq!(service.revision(), 1);
}
