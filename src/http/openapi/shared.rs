//! What operations share: the day, the revision, preconditions, problems.

use serde_json::{Value as Json, json};

use super::collections::query;

/// Completes every operation.
pub(super) fn add(document: &mut Json) {
    document["components"]["schemas"]["ChangeNote"] = change_note();
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    for (path, item) in paths.iter_mut() {
        let Some(methods) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in methods.iter_mut() {
            complete(path, method, operation);
        }
    }
}

fn complete(path: &str, method: &str, operation: &mut Json) {
    let api = path.starts_with("/api/v1/");
    let mut parameters: Vec<Json> = operation["parameters"].as_array().cloned().unwrap_or_default();
    let untimed = ["/metamodel", "/change-sets", "/history", "/differences", "/ledger", "/backup"];
    if api && method == "get" && !untimed.iter().any(|part| path.contains(part)) {
        parameters.push(query(
            "at",
            json!({"type": "string", "format": "date"}),
            "The day in the world; the model's own day when absent",
            Json::Null,
        ));
        parameters.push(query(
            "revision",
            json!({"type": "integer", "minimum": 0}),
            "As it was recorded then; the newest when absent",
            Json::Null,
        ));
    }
    let writes = api && method != "get" && !path.contains("/analyses/");
    if writes && !path.ends_with("/redactions") {
        parameters.push(header("Idempotency-Key", "A retry with the same key is answered, not repeated"));
    }
    if writes && matches!(method, "patch" | "delete") {
        parameters.push(header("If-Match", "The `ETag` that the item must still have"));
    }
    if !parameters.is_empty() {
        operation["parameters"] = Json::Array(parameters);
    }
    if let Some(example) = request_example(operation["operationId"].as_str().unwrap_or_default()) {
        operation["requestBody"]["content"]["application/json"]["example"] = example;
    }
    if path.ends_with("/export") {
        // What the document holds is the model's business.
        for form in ["application/yaml", "application/json"] {
            operation["responses"]["200"]["content"][form]["schema"] = json!({});
        }
    }
    leave_bytes_without_schema(operation);
    if api {
        add_problems(path, method, writes, operation);
    }
}

/// Bytes are no list of numbers: their media type says all that there is to say (`OpenAPI` 3.1, Media Type Object).
fn leave_bytes_without_schema(operation: &mut Json) {
    let contents = operation.pointer_mut("/responses/200/content").and_then(Json::as_object_mut);
    for (form, content) in contents.into_iter().flatten() {
        if !form.contains("json") && content["schema"]["type"] == "array" {
            content["schema"] = json!({});
        }
    }
}

/// What "Try it out" sends.
fn request_example(operation: &str) -> Option<Json> {
    match operation {
        "create_change_set" => Some(json!({
            "message": "住民記録システムの利用者数を更新 / update the number of users",
            "author": "dept-shimin",
            "reason": "4月の人事異動 / transfers in April",
            "source": "hea-01",
            "dry_run": true,
            "operations": [
                {"op": "update_element", "id": "sys-juki", "set": {"users": 95}},
                {"op": "create_element", "id": "sys-example", "kind": "system", "name": "新しい台帳",
                 "attributes": {"owner_department": "dept-shimin", "zone": "zone-lgwan", "availability": {"rto_hours": 72}}},
                {"op": "create_relationship", "id": "flw-example", "kind": "data_flow", "source": "sys-juki",
                 "target": "sys-example", "attributes": {"data": ["dat-juki"], "method": "file", "frequency": "d"}},
            ],
        })),
        "revert_change_set" => Some(json!({"author": "dept-joho", "reason": "試し / a trial", "dry_run": true})),
        "dismiss_finding" => Some(json!({
            "author": "dept-joho", "reason": "2026年度末に廃止するため / it is retired this fiscal year",
            "until": "2027-03-31", "dry_run": true,
        })),
        "redact" => Some(json!({
            "fields": [{"id": "sys-juki", "field": "users"}], "author": "dept-joho",
            "reason": "試し / a trial", "dry_run": true,
        })),
        "ask_impact" => Some(json!({"subjects": ["inf-vm-old"], "change": "stop"})),
        "ask_what_if" => Some(json!({"systems": ["sys-form-b"], "change": "merge", "into": "sys-form-a"})),
        "ask_query" => Some(json!({
            "query": "MATCH (s:System)-[:DEPENDS_ON]->(i:Infrastructure {id: $machine}) \
                      RETURN s.id AS id, s.name AS name ORDER BY id",
            "parameters": {"machine": "inf-vm-old"},
        })),
        "ask_paths" => Some(json!({"from": ["sys-juki"], "to": ["sys-kokuho"]})),
        "ask_upstream" => Some(json!({"subjects": ["sys-kokuho"]})),
        _ => None,
    }
}

fn header(name: &str, description: &str) -> Json {
    json!({"name": name, "in": "header", "required": false, "description": description, "schema": {"type": "string"}})
}

fn add_problems(path: &str, method: &str, writes: bool, operation: &mut Json) {
    let mut statuses = vec![
        (400, "A parameter or the body cannot be read"),
        (403, "A foreign host or origin"),
        (500, "A fault of ezu"),
    ];
    statuses.push((404, "There is no such thing, or no such revision"));
    if matches!(method, "post" | "patch") {
        statuses.extend([(413, "Larger than the limit"), (415, "Another content type")]);
    }
    if path.contains("/analyses/") || path.contains("/diagrams/") || path.contains("/export") {
        statuses.push((406, "The format is not offered"));
    }
    if path.contains("/analyses/") {
        statuses.push((422, "More than the limit"));
    }
    if !writes {
        statuses.push((503, "It took too long, or a program that it needs is missing"));
    }
    if writes {
        statuses.extend([
            (409, "Others changed the same fields, or the idempotency key is used"),
            (412, "The item was changed in the meantime"),
            (422, "The change set is refused; `errors` has every reason with its place"),
            (429, "Too many writes are waiting"),
            (503, "The ledger is read-only until restart"),
            (507, "No room is left on the disk"),
        ]);
    }
    let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    for (status, description) in statuses {
        let status = status.to_string();
        if operation["responses"].get(&status).is_none() {
            operation["responses"][&status] = json!({"description": description, "content": problem});
        }
    }
}

fn change_note() -> Json {
    json!({
        "type": "object",
        "description": "Who, why and how, beside the fields of a single write.",
        "additionalProperties": false,
        "properties": {
            "message": {"type": ["string", "null"], "description": "What is done, for people; made up when absent"},
            "author": {"type": ["string", "null"], "description": "Who does it, as stated"},
            "reason": {"type": ["string", "null"], "description": "Why"},
            "source": {"type": ["string", "null"], "description": "Where it was learnt"},
            "base_revision": {"type": ["integer", "null"], "minimum": 0, "description": "The revision that the author had seen"},
            "dry_run": {"type": "boolean", "description": "Whether to try only"},
        },
    })
}
