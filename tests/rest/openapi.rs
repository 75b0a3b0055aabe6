//! The `OpenAPI` document is the committed one, and its examples work.

use serde_json::{Value as Json, json};

use crate::support::{Service, shared_city, start};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");

#[test]
fn the_served_document_is_the_committed_one() {
    let served = shared_city().get("/api/v1/openapi.json").json();
    let pretty = format!("{}\n", serde_json::to_string_pretty(&served).expect("JSON"));
    if std::env::var_os("EZU_UPDATE_OPENAPI").is_some() {
        std::fs::write(COMMITTED, &pretty).expect("written");
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    assert!(
        committed == pretty,
        "openapi/openapi.json is out of date; run the test with EZU_UPDATE_OPENAPI=1 and look at the difference"
    );
}

fn operations(document: &Json) -> Vec<(String, String, Json)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            found.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    found
}

#[test]
fn every_operation_says_what_it_is_and_how_it_fails() {
    let document = shared_city().get("/api/v1/openapi.json").json();
    let operations = operations(&document);
    assert!(operations.len() > 150, "{}", operations.len());
    let mut ids = std::collections::HashSet::new();
    for (path, method, operation) in &operations {
        let place = format!("{method} {path}");
        for field in ["summary", "description", "operationId"] {
            assert!(operation[field].as_str().is_some_and(|text| !text.is_empty()), "{place} lacks {field}");
        }
        assert!(
            ids.insert(operation["operationId"].as_str().map(str::to_owned)),
            "{place}: not the only one of its id"
        );
        if path.starts_with("/api/") {
            assert!(operation["responses"]["400"]["content"]["application/problem+json"].is_object(), "{place}");
        }
    }
    for reference in document.to_string().split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a pointer");
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}

/// Sends what "Try it out" sends when nothing is filled in: the examples of the document.
fn try_out(service: &Service, path: &str, method: &str, operation: &Json) -> u16 {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let Some(example) = parameter.get("example") else {
            continue;
        };
        let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let name = parameter["name"].as_str().expect("a name");
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &text),
            Some("query") => query.push(format!("{name}={}", percent(&text))),
            _ => {}
        }
    }
    assert!(!path.contains('{'), "{method} {path} lacks an example");
    if path.contains("/imports/9f3c2b7a41d05e6688aa") {
        path = path.replace("9f3c2b7a41d05e6688aa", &waiting_import(service));
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    if let Some(text) = operation["requestBody"]["content"]["text/csv"]["example"].as_str() {
        let answer = service.send(&method.to_uppercase(), &path, &[("content-type", "text/csv")], text.as_bytes());
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text);
        return answer.status;
    }
    let body = &operation["requestBody"]["content"]["application/json"];
    let body = if body["example"].is_null() { example_of(service, body) } else { body["example"].clone() };
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let answer = service.send(&method.to_uppercase(), &path, &[("content-type", "application/json")], &bytes);
    assert!(answer.status < 300, "{method} {path} {body}: {} {}", answer.status, answer.text);
    answer.status
}

/// An import that waits: its id is made when it comes, so that the document can only show what one looks like.
fn waiting_import(service: &Service) -> String {
    let text = "システム名,課名\n番号発券機,市民課\n";
    let answer = service.send("POST", "/api/v1/imports", &[("content-type", "text/csv")], text.as_bytes());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// What Swagger UI makes of a schema without an example of its own: the examples of its fields.
fn example_of(service: &Service, body: &Json) -> Json {
    let Some(reference) = body["schema"]["$ref"].as_str() else {
        return Json::Null;
    };
    let document = service.get("/api/v1/openapi.json").json();
    let schema = document.pointer(&reference[1..]).expect("a schema").clone();
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    panic!("{reference} needs an example as a whole")
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[test]
fn every_example_works_when_tried_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = ezu::settings::Settings { data: folder.path().to_owned(), ..ezu::settings::Settings::default() };
    let service = start(settings, true);
    service.post(
        "/api/v1/change-sets",
        &json!({"message": "a second revision", "operations": [
        {"op": "update_element", "id": "sys-juki", "set": {"remarks": "x"}}]}),
    );
    let document = service.get("/api/v1/openapi.json").json();
    let has_dot = std::process::Command::new("dot").arg("-V").output().is_ok();
    for (path, method, operation) in operations(&document) {
        if path.contains("/diagrams/") && !has_dot {
            eprintln!("skipped without Graphviz: {path}");
            continue;
        }
        try_out(&service, &path, &method, &operation);
    }
}
