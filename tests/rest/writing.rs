//! Change sets over HTTP.

use serde_json::{Value as Json, json};

use crate::support::{Service, city};

fn update(id: &str, set: Json) -> Json {
    json!({"message": "更新", "author": "dept-joho", "operations": [{"op": "update_element", "id": id, "set": set}]})
}

fn users(service: &Service) -> Json {
    service.get("/api/v1/systems/sys-juki").json()["attributes"]["users"].clone()
}

#[test]
fn a_change_set_is_accepted_read_back_and_taken_back() {
    let service = city();
    let before = users(&service);
    let answer = service.post("/api/v1/change-sets", &update("sys-juki", json!({"users": 93})));
    assert_eq!(answer.status, 201, "{}", answer.text);
    let body = answer.json();
    assert_eq!((body["revision"].as_u64(), body["change_set"].as_str()), (Some(2), Some("/api/v1/change-sets/2")));
    assert_eq!(answer.header("location"), "/api/v1/change-sets/2");
    assert_eq!(body["hash"], service.get("/api/v1/ledger/head").json()["hash"]);
    assert_eq!(users(&service), 93);
    let kept = service.get("/api/v1/change-sets/2").json();
    assert_eq!(kept["operations"], json!([{"op": "update_element", "id": "sys-juki", "set": {"users": 93}}]));
    assert_eq!((kept["author"].as_str(), kept["author_known_by"].as_str()), (Some("dept-joho"), Some("stated")));
    let history = service.get("/api/v1/elements/sys-juki/history").json();
    assert_eq!(history["items"][0]["fields"], json!(["users"]));
    assert_eq!(history["items"][1]["change"], "created");
    let past = service.get("/api/v1/systems/sys-juki?revision=1").json();
    assert_eq!(past["attributes"]["users"], before);
    let difference = service.get("/api/v1/differences?from=1").json();
    assert_eq!(
        difference["items"],
        json!([{
            "id": "sys-juki", "kind": "system", "item": "element", "change": "updated",
            "fields": [{"field": "users", "before": before, "after": 93}],
        }])
    );
    let reverted = service.post("/api/v1/change-sets/2/revert", &json!({"author": "dept-joho"}));
    assert_eq!(reverted.status, 201, "{}", reverted.text);
    assert_eq!(users(&service), before);
    assert_eq!(service.get("/api/v1/differences?from=1").json()["items"], json!([]));
}

#[test]
fn a_dry_run_leaves_nothing_and_tells_what_it_affects() {
    let service = city();
    let mut body = json!({"message": "試し", "dry_run": true, "operations": [{"op": "delete_element", "id": "sys-ninsho", "cascade": true}]});
    let answer = service.post("/api/v1/change-sets", &body);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let json = answer.json();
    assert_eq!(json["refusals"], json!([]));
    assert!(json["changes"].as_array().is_some_and(|changes| changes.iter().any(|c| c["op"] == "delete_element")));
    let affected = json["affected"][0]["affected"].as_array().expect("a list");
    assert!(
        affected.iter().any(|item| item["id"] == "sys-juki" && item["effect"] == "stopped"),
        "sign-on is essential"
    );
    body["operations"][0]["cascade"] = false.into();
    let refused = service.post("/api/v1/change-sets", &body).json();
    assert_eq!(refused["refusals"][0]["code"], "still_referenced");
    assert_eq!(service.revision(), 1);
}

#[test]
fn a_single_write_is_a_change_set_of_one_operation() {
    let service = city();
    let created = service.post("/api/v1/systems", &json!({
        "id": "sys-new", "name": "新しい台帳", "attributes": {"owner_department": "dept-dx", "availability": {"rto_hours": 72}},
        "change": {"message": "台帳を追加", "author": "dept-dx"},
    }));
    assert_eq!(created.status, 201, "{}", created.text);
    let element = service.get("/api/v1/systems/sys-new").json();
    assert_eq!(element["attributes"], json!({"owner_department": "dept-dx", "availability": {"rto_hours": 72}}));
    let reference = service.get("/api/v1/relationships/sys-new--owned_by--dept-dx");
    assert_eq!(reference.status, 200, "a reference attribute is a relationship");
    let patched = service.patch(
        "/api/v1/systems/sys-new",
        &json!({"attributes": {"owner_department": "dept-joho", "availability": {"rto_hours": null}}}),
    );
    assert_eq!(patched.status, 201, "{}", patched.text);
    let element = service.get("/api/v1/systems/sys-new").json();
    assert_eq!(element["attributes"], json!({"owner_department": "dept-joho"}));
    assert_eq!(service.get("/api/v1/relationships/sys-new--owned_by--dept-dx").code(), "not_found");
    let flow = service.post("/api/v1/data-flows", &json!({
        "id": "flw-new", "source": "sys-juki", "target": "sys-new", "attributes": {"data": ["dat-juki"], "method": "file"},
    }));
    assert_eq!(flow.status, 201, "{}", flow.text);
    let refused = service.delete("/api/v1/systems/sys-new");
    assert_eq!(refused.code(), "refused");
    assert!(refused.text.contains("flw-new"), "{}", refused.text);
    assert_eq!(service.delete("/api/v1/systems/sys-new?cascade=true").status, 201);
    assert_eq!(service.get("/api/v1/data-flows/flw-new").code(), "not_found");
}

#[test]
fn if_match_is_strict_and_base_revision_merges() {
    let service = city();
    let tag = service.get("/api/v1/systems/sys-juki").header("etag");
    let body = json!({"attributes": {"users": 94}}).to_string();
    let headers = |tag: &'static str| [("content-type", "application/json"), ("if-match", tag)];
    assert_eq!(tag, "\"r1\"");
    assert_eq!(service.send("PATCH", "/api/v1/systems/sys-juki", &headers("\"r1\""), body.as_bytes()).status, 201);
    let stale = service.send("PATCH", "/api/v1/systems/sys-juki", &headers("\"r1\""), body.as_bytes());
    assert_eq!(stale.code(), "precondition_failed");
    // Another field of the same element does not clash; the same one does, and names who wrote it.
    let mut merge = update("sys-juki", json!({"remarks": "別の項目"}));
    merge["base_revision"] = 1.into();
    assert_eq!(service.post("/api/v1/change-sets", &merge).status, 201);
    let mut clash = update("sys-juki", json!({"users": 95}));
    clash["base_revision"] = 1.into();
    let answer = service.post("/api/v1/change-sets", &clash);
    assert_eq!(answer.code(), "conflict");
    assert!(answer.text.contains("users"), "{}", answer.text);
    let mut future = update("sys-juki", json!({"users": 95}));
    future["base_revision"] = 99.into();
    assert_eq!(service.post("/api/v1/change-sets", &future).code(), "invalid_request");
}

#[test]
fn a_retry_is_answered_and_not_repeated() {
    let service = city();
    let body = json!({"message": "追加", "operations": [{"op": "create_element", "id": "sys-once", "kind": "system", "name": "一度だけ"}]}).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", "key-1")];
    let first = service.send("POST", "/api/v1/change-sets", &headers, body.as_bytes());
    let second = service.send("POST", "/api/v1/change-sets", &headers, body.as_bytes());
    assert_eq!((first.status, second.status), (201, 201), "{} {}", first.text, second.text);
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotent-replayed"), "true");
    let other = body.replace("sys-once", "sys-twice");
    assert_eq!(
        service.send("POST", "/api/v1/change-sets", &headers, other.as_bytes()).code(),
        "idempotency_key_reused"
    );
    assert_eq!(service.revision(), 2);
}

#[test]
fn a_bulk_body_of_lines_is_one_change_set() {
    let service = city();
    let mut body = String::from("{\"message\": \"まとめて\", \"author\": \"dept-dx\"}\n");
    for number in 0..50 {
        body.push_str(&json!({"op": "create_element", "id": format!("sys-bulk-{number}"), "kind": "system", "name": format!("台帳{number}")}).to_string());
        body.push('\n');
    }
    let headers = [("content-type", "application/x-ndjson")];
    let answer = service.send("POST", "/api/v1/change-sets", &headers, body.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(service.revision(), 2);
    assert_eq!(service.get("/api/v1/systems/sys-bulk-49").status, 200);
    let broken = format!("{body}{{\"op\": \n");
    let answer = service.send("POST", "/api/v1/change-sets", &headers, broken.as_bytes());
    assert_eq!(answer.code(), "invalid_request");
    assert!(answer.text.contains("line 52"), "{}", answer.text);
}

#[test]
fn a_refusal_names_place_reason_and_a_likely_id() {
    let service = city();
    let body = json!({"message": "誤り", "operations": [
        {"op": "create_element", "id": "sys-bad", "kind": "system", "name": "x", "attributes": {
            "owner_department": "dept-shimim", "availability": {"rto_hours": "24"}, "colour": "red"}},
        {"op": "update_element", "id": "sys-jukki", "set": {"users": 1}},
    ]});
    let answer = service.post("/api/v1/change-sets", &body);
    assert_eq!(answer.code(), "refused");
    let errors = answer.json()["errors"].clone();
    let find = |code: &str| {
        errors
            .as_array()
            .expect("a list")
            .iter()
            .find(|e| e["code"] == code && !e["pointer"].is_null())
            .unwrap_or_else(|| panic!("{code}: {errors}"))
            .clone()
    };
    assert_eq!(find("invalid_value")["pointer"], "/operations/0/attributes/availability/rto_hours");
    assert_eq!(find("unknown_attribute")["pointer"], "/operations/0/attributes/colour");
    let unknown: Vec<_> = errors.as_array().expect("a list").iter().filter(|e| e["code"] == "unknown_item").collect();
    assert!(
        unknown.iter().any(|e| e["pointer"] == "/operations/0/attributes/owner_department"
            && e["message"].as_str().is_some_and(|m| m.contains("dept-shimin"))),
        "{errors}"
    );
    assert!(
        unknown.iter().any(
            |e| e["pointer"] == "/operations/1/id" && e["message"].as_str().is_some_and(|m| m.contains("sys-juki"))
        ),
        "{errors}"
    );
    assert_eq!(service.revision(), 1);
}
