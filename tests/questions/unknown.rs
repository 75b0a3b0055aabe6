//! Unknown is never "none".

use serde_json::{Value as Json, json};

use crate::catalogue::{ask, questions};
use crate::support::{Service, city, start};

fn unjudged(answer: &Json, of: &str, lacks: &str) -> u64 {
    let found = answer["coverage"]["unjudged"].as_array().expect("a list");
    let held = found.iter().find(|held| held["of"] == of && held["lacks"] == lacks);
    held.and_then(|held| held["count"].as_u64()).unwrap_or(0)
}

fn create(service: &Service, collection: &str, id: &str, attributes: Json) {
    let body = json!({"id": id, "name": id, "attributes": attributes, "change": {"message": "test"}});
    let answer = service.post(&format!("/api/v1/{collection}"), &body);
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[test]
fn an_empty_model_answers_nothing_and_says_so() {
    let service = start(ezu::settings::Settings::default(), false);
    let mut asked = 0;
    for question in questions(&service) {
        let id = question["id"].as_str().expect("an id");
        let answer = service.post(&format!("/api/v1/questions/{id}/answer"), &json!({}));
        if answer.status == 200 {
            asked += 1;
            let json = answer.json();
            assert!(["not_applicable", "unknown"].contains(&json["answer"].as_str().expect("a word")), "{id}: {json}");
            let said = json["headline"]["ja"].as_str().expect("a sentence");
            assert!(said.contains("ない"), "{id}: {said}");
        } else {
            // What has to be chosen is not there.
            assert_eq!(answer.code(), "invalid_parameter", "{id}: {}", answer.text);
            assert!(answer.text.contains("choose"), "{id}: {}", answer.text);
        }
    }
    assert!(asked > 20, "{asked}");
}

#[test]
fn a_fact_that_is_not_recorded_is_named() {
    let service = city();
    let before = ask(&service, "contracts-ending", json!({}));
    // 31 systems of the city have no contract end.
    assert_eq!((before["answer"].as_str(), unjudged(&before, "system", "contract_end")), (Some("found"), 31));
    assert!(
        before["coverage"]["sentence"]["ja"]
            .as_str()
            .is_some_and(|text| text.contains("31件に「契約終了日」の記載がない"))
    );
    let removed = json!({"attributes": {"contract_end": null}});
    let juki = service.get("/api/v1/systems/sys-juki").json();
    assert!(juki["attributes"]["contract_end"].is_string());
    assert_eq!(service.patch("/api/v1/systems/sys-juki", &removed).status, 201);
    let after = ask(&service, "contracts-ending", json!({}));
    assert_eq!(unjudged(&after, "system", "contract_end"), 32);
    let old = ask(&service, "contracts-ending", json!({}));
    assert_eq!(old["revision"], 2);
    let past = service.get("/api/v1/questions/contracts-ending/answer?revision=1").json();
    assert_eq!(unjudged(&past, "system", "contract_end"), 31);
}

#[test]
fn nothing_found_is_not_none_while_something_is_not_judged() {
    let service = start(ezu::settings::Settings::default(), false);
    create(&service, "departments", "dept-a", json!({"type": "section"}));
    create(&service, "zones", "zone-a", json!({}));
    let system = |contract: Json| {
        let mut attributes = json!({"owner_department": "dept-a", "zone": "zone-a", "status": "active",
            "availability": {"rto_hours": 24}, "personal_data": {"class": "none", "my_number_use": "none"}});
        if !contract.is_null() {
            attributes["contract_end"] = contract;
        }
        attributes
    };
    create(&service, "systems", "sys-a", system(json!("2100-01-01")));
    let none = ask(&service, "contracts-past", json!({}));
    assert_eq!((none["answer"].as_str(), none["coverage"]["complete"].as_bool()), (Some("none"), Some(true)), "{none}");
    create(&service, "systems", "sys-b", system(Json::Null));
    let unknown = ask(&service, "contracts-past", json!({}));
    assert_eq!((unknown["answer"].as_str(), unjudged(&unknown, "system", "contract_end")), (Some("unknown"), 1));
    assert_eq!(unknown["coverage"]["unjudged"][0]["examples"], json!(["sys-b"]));
    let said = unknown["headline"]["ja"].as_str().expect("a sentence");
    assert!(said.contains("ないとは言えない"), "{said}");
    // Nothing records what the system depends on, so what its stop hits is unknown.
    let stop = ask(&service, "system-stops", json!({"system": "sys-a"}));
    assert_ne!(stop["answer"], "none", "{stop}");
    assert_eq!(unjudged(&stop, "system", "depends_on"), 1, "{stop}");
}
