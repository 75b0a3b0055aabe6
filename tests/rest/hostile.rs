//! A thousand hostile requests: problems, no panic, state unchanged.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Service, city, percent, start};

/// Texts that have broken other services.
const NASTY: [&str; 18] = [
    "",
    " ",
    "'",
    "\"",
    "\\",
    "a\nb",
    "a\0b",
    "\u{202e}gnp",
    "🙂",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "%00",
    "${jndi:ldap://x}",
    "=1+1",
    "\u{feff}x",
    "a/b",
    "NaN",
    "\u{fff0}",
];

fn assert_harmless(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
    if answer.status >= 400 {
        answer.code();
    }
}

#[test]
fn a_thousand_hostile_requests_change_nothing() {
    let service = city();
    let before = service.get("/api/v1/export").text;
    let mut count = 0;
    let mut check = |answer: Answer, what: &str| {
        assert_harmless(&answer, what);
        count += 1;
    };
    for nasty in NASTY {
        for path in ["elements", "relationships", "systems", "data-flows", "change-sets", "diagrams"] {
            let path = format!("/api/v1/{path}/{}", percent(nasty));
            check(service.get(&path), &path);
        }
        for query in [
            "q",
            "kind",
            "at",
            "revision",
            "cursor",
            "sort",
            "fields",
            "limit",
            "owner_department",
            "subjects",
            "format",
        ] {
            for list in ["systems", "search", "analyses/impact", "elements", "differences"] {
                let path = format!("/api/v1/{list}?{query}={}", percent(nasty));
                check(service.get(&path), &path);
            }
        }
        for body in hostile_bodies(nasty) {
            check(service.post("/api/v1/change-sets", &body), &body.to_string());
            check(service.post("/api/v1/systems", &body), &body.to_string());
            check(service.post("/api/v1/analyses/impact", &body), &body.to_string());
        }
    }
    assert!(count >= 1_000, "{count}");
    assert_eq!(service.revision(), 1);
    assert_eq!(service.get("/api/v1/export").text, before);
}

/// Bodies that no reading of the interface accepts.
fn hostile_bodies(nasty: &str) -> Vec<Json> {
    let operation = |operation: Json| json!({"message": "x", "operations": [operation]});
    vec![
        json!(nasty),
        json!([nasty]),
        json!({nasty: nasty}),
        json!({"message": nasty, "operations": []}),
        json!({"message": "x", "operations": nasty}),
        operation(json!({"op": nasty})),
        operation(
            json!({"op": "create_element", "id": nasty, "kind": "system", "name": "x", "attributes": {nasty: 1}}),
        ),
        operation(json!({"op": "create_element", "id": "sys-x", "kind": format!("{nasty}!"), "name": "x"})),
        operation(json!({"op": "update_element", "id": format!("{nasty}!"), "set": {"users": 1}})),
        operation(json!({"op": "update_element", "id": "sys-juki", "set": {format!("{nasty}!"): 1}})),
        operation(json!({"op": "update_element", "id": "sys-juki", "set": {"users": nasty}})),
        operation(json!({"op": "delete_element", "id": format!("{nasty}!")})),
        operation(json!({"op": "create_relationship", "kind": "owned_by", "source": nasty, "target": nasty})),
        json!({"subjects": [nasty], "change": nasty}),
        json!({"subjects": nasty, "change": 1}),
        json!({"message": "x", "unknown": 1, "operations": [{"op": "delete_element", "id": "sys-juki"}]}),
    ]
}

#[test]
fn huge_and_deep_bodies_are_refused_early() {
    let mut settings = ezu::settings::Settings::default();
    settings.limits.body_bytes = 100_000;
    let service = start(settings, true);
    let json = [("content-type", "application/json")];
    let huge = format!("{{\"message\": \"{}\"}}", "x".repeat(200_000));
    assert_eq!(service.send("POST", "/api/v1/change-sets", &json, huge.as_bytes()).code(), "too_large");
    let deep = format!("{}{}", "[".repeat(40_000), "]".repeat(40_000));
    let answer = service.send("POST", "/api/v1/change-sets", &json, deep.as_bytes());
    assert_eq!(answer.code(), "invalid_request");
    assert!(answer.text.contains("nested"), "{}", answer.text);
    let deep = format!("{{\"message\":\"x\",\"operations\":[{}1{}]}}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    assert_eq!(service.send("POST", "/api/v1/change-sets", &json, deep.as_bytes()).code(), "invalid_request");
    for broken in [
        "",
        "{",
        "nul",
        "{\"a\":1}}",
        "\u{0}",
        "{\"message\": \"x\", \"operations\": [{\"op\": \"delete_element\", \"id\": \"sys-juki\", \"id\": \"x\"}]}",
    ] {
        assert_harmless(&service.send("POST", "/api/v1/change-sets", &json, broken.as_bytes()), broken);
    }
    assert_harmless(&service.send("POST", "/api/v1/change-sets", &json, &[0xff, 0xfe, b'{']), "not UTF-8");
    assert_eq!(service.revision(), 1);
}

#[test]
fn another_sites_page_cannot_write_or_read() {
    let service = city();
    let body = json!({"message": "x", "operations": [{"op": "delete_element", "id": "sys-ninsho", "cascade": true}]})
        .to_string();
    let own = format!("http://127.0.0.1:{}", service.port);
    let foreign: [(&str, &str, &str); 6] = [
        ("origin", "https://evil.example", "foreign_origin"),
        ("origin", "null", "foreign_origin"),
        ("origin", "http://127.0.0.1:1", "foreign_origin"),
        ("sec-fetch-site", "cross-site", "foreign_origin"),
        ("host", "evil.example", "foreign_host"),
        ("host", "localhost.evil.example:8080", "foreign_host"),
    ];
    for (name, value, code) in foreign {
        let headers = [("content-type", "application/json"), (name, value)];
        let answer = service.send("POST", "/api/v1/change-sets", &headers, body.as_bytes());
        assert_eq!((answer.status, answer.code().as_str()), (403, code), "{name}: {value}");
    }
    assert_eq!(service.get_with("/api/v1/systems", &[("host", "evil.example")]).code(), "foreign_host", "rebinding");
    assert_eq!(service.get_with("/api/v1/systems", &[("origin", &own)]).status, 200);
    // What a form of another site can send without asking first.
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = service.send("POST", "/api/v1/change-sets", &[("content-type", media_type)], body.as_bytes());
        assert_eq!(answer.code(), "unsupported_media_type", "{media_type}");
    }
    assert_eq!(service.revision(), 1);
}

#[test]
fn limits_are_settings() {
    let mut settings = ezu::settings::Settings::default();
    (settings.limits.page, settings.limits.operations, settings.limits.subjects) = (5, 2, 1);
    let service: Service = start(settings, true);
    assert_eq!(service.get("/api/v1/systems?limit=6").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/systems").json()["items"].as_array().map(Vec::len), Some(5));
    let delete = json!({"op": "delete_element", "id": "sys-juki"});
    let body = json!({"message": "x", "operations": [delete.clone(), delete.clone(), delete]});
    assert_eq!(service.post("/api/v1/change-sets", &body).code(), "limit_exceeded");
    let question = json!({"subjects": ["sys-juki", "sys-cs"], "change": "stop"});
    assert_eq!(service.post("/api/v1/analyses/impact", &question).code(), "limit_exceeded");
}
