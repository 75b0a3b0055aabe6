//! Queries that are part of the model: recorded by change sets, listed, asked.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Service, city};

const BY_ZONE: &str = "MATCH (s:System {zone: $zone}) RETURN count(s) AS systems";

fn record(service: &Service, attributes: Json) -> Answer {
    let operation = json!({"op": "create_element", "id": "qry-zone", "kind": "saved_query", "name": "系のシステム数",
        "attributes": attributes});
    service.post("/api/v1/change-sets", &json!({"message": "a question", "operations": [operation]}))
}

fn good() -> Json {
    json!({"question_ja": "この系にシステムはいくつあるか", "question_en": "How many systems are in this zone?",
        "query": BY_ZONE, "parameters": "{\"zone\": \"zone-mynumber\"}", "owner_department": "dept-dx"})
}

#[test]
fn a_query_is_recorded_listed_and_asked() {
    let service = city();
    let answer = record(&service, good());
    assert!(answer.status < 300, "{}", answer.text);
    let listed = service.get("/api/v1/queries").json();
    assert_eq!(listed["revision"], 2);
    let items = listed["items"].as_array().expect("a list");
    let ids: Vec<&Json> = items.iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, ["qry-contract-ends", "qry-rekey-hours", "qry-sensitive-recipients", "qry-zone"]);
    let own = &items[3];
    assert_eq!(
        (&own["name"], &own["query"], &own["owner"]),
        (&json!("系のシステム数"), &json!(BY_ZONE), &json!("dept-dx"))
    );
    assert_eq!(
        own["question"],
        json!({"ja": "この系にシステムはいくつあるか", "en": "How many systems are in this zone?"})
    );
    assert_eq!(own["parameters"], json!({"zone": "zone-mynumber"}));
    // Counted in the files of the city.
    let asked = |more: &str| service.get(&format!("/api/v1/queries/qry-zone/answer{more}"));
    assert_eq!(asked("").json()["rows"], json!([[51]]));
    assert_eq!(
        asked("?param.zone=zone-internet").json()["rows"],
        json!([[34]]),
        "what is given comes before the default"
    );
    assert_eq!(asked("?param.zone=zone-lgwan&format=csv").text, "\u{feff}systems\r\n66\r\n");
    assert_eq!(asked("?revision=1").status, 404, "it was not there yet");
    assert_eq!(asked("?zone=zone-lgwan").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/queries?revision=1").json()["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(service.get("/api/v1/queries/sys-juki/answer").code(), "not_found");
    // It is a question among those of the catalogue.
    let catalogue = service.get("/api/v1/questions").text;
    assert!(catalogue.contains("qry-zone") && catalogue.contains("この系にシステムはいくつあるか"), "{catalogue}");
}

#[test]
fn a_query_that_nobody_could_ask_is_not_recorded() {
    let service = city();
    for (query, code) in [
        ("MATCH (s:Sytem) RETURN s", "System"),
        ("MATCH (s:System) RETRUN s", "RETURN"),
        ("MATCH (s:System) DELETE s", "change"),
        ("RETURN x", "x"),
    ] {
        let mut attributes = good();
        attributes["query"] = query.into();
        let answer = record(&service, attributes);
        assert_eq!((answer.status, answer.code().as_str()), (422, "refused"), "{query}: {}", answer.text);
        let error = answer.json()["errors"][0].clone();
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(code) && message.ends_with('^'), "{message}");
        assert_eq!((&error["pointer"], &error["id"]), (&json!("/operations/0/attributes/query"), &json!("qry-zone")));
    }
    let mut attributes = good();
    attributes["parameters"] = "zone=zone-mynumber".into();
    let error = record(&service, attributes).json()["errors"][0].clone();
    assert_eq!(error["pointer"], "/operations/0/attributes/parameters");
    let update = json!({"op": "update_element", "id": "qry-rekey-hours", "set": {"query": "RETRUN 1"}});
    for dry_run in [true, false] {
        let body = json!({"message": "worse", "operations": [update], "dry_run": dry_run});
        let answer = service.post("/api/v1/change-sets", &body);
        assert!(answer.text.contains("/operations/0/set/query"), "{dry_run}: {}", answer.text);
    }
    assert_eq!(service.revision(), 1, "nothing was recorded");
    let renamed = json!({"op": "update_element", "id": "qry-rekey-hours", "set": {"name": "再入力"}});
    let answer = service.post("/api/v1/change-sets", &json!({"message": "a better name", "operations": [renamed]}));
    assert!(answer.status < 300, "{}", answer.text);
}
