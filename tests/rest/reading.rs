//! Looking at the reference city.

use crate::support::shared_city;

#[test]
fn the_overview_is_drawn_under_both_of_its_names() {
    let service = shared_city();
    let drawn = |name: &str| service.get(&format!("/api/v1/diagrams/{name}?format=dot"));
    assert_eq!((drawn("layers").status, drawn("overview").text), (200, drawn("layers").text));
}

#[test]
fn an_element_is_served_generically_and_by_kind() {
    let service = shared_city();
    let element = service.get("/api/v1/elements/sys-juki");
    assert_eq!(element.status, 200, "{}", element.text);
    let json = element.json();
    assert_eq!(json["name"], "住民記録システム");
    assert_eq!(json["attributes"]["availability"]["rto_hours"], 24);
    assert_eq!(json["attributes"]["owner_department"], "dept-shimin");
    assert_eq!(service.get("/api/v1/systems/sys-juki").json(), json);
    assert_eq!(service.get("/api/v1/application-components/sys-juki").json(), json, "a system is one");
    assert_eq!(service.get("/api/v1/departments/sys-juki").code(), "not_found");
    let english = service.get_with("/api/v1/systems/sys-juki", &[("accept-language", "en")]);
    assert_eq!(english.json()["name"], "Resident Record System");
}

#[test]
fn a_misspelt_id_or_collection_earns_a_hint() {
    let service = shared_city();
    let wrong = service.get("/api/v1/elements/sys-jukki");
    assert_eq!(wrong.code(), "not_found");
    assert!(wrong.text.contains("sys-juki"), "{}", wrong.text);
    let wrong = service.get("/api/v1/sistems");
    assert_eq!(wrong.code(), "not_found");
    assert!(wrong.text.contains("systems"), "{}", wrong.text);
    assert_eq!(service.get("/nowhere").code(), "not_found");
    assert_eq!(service.send("PUT", "/api/v1/systems", &[], b"").code(), "method_not_allowed");
}

#[test]
fn a_data_flow_is_a_relationship_and_never_an_element() {
    let service = shared_city();
    let flow = service.get("/api/v1/data-flows/flw-juki-to-renkei").json();
    assert_eq!((flow["source"].as_str(), flow["target"].as_str()), (Some("sys-juki"), Some("sys-renkei")));
    assert_eq!(flow["attributes"]["data"], serde_json::json!(["dat-juki", "dat-juki-ido", "dat-shien"]));
    assert_eq!(service.get("/api/v1/relationships/flw-juki-to-renkei").json(), flow);
    assert_eq!(service.get("/api/v1/elements/flw-juki-to-renkei").code(), "not_found");
}

#[test]
fn search_knows_readings_widths_and_ids() {
    let service = shared_city();
    for query in ["じゅうみんきろく", "ｼﾞｭｳﾐﾝｷﾛｸ", "住民記録", "SYS-JUKI", "resident record"]
    {
        let query: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let hits = service.get(&format!("/api/v1/search?kind=system&q={query}")).json();
        let ids: Vec<_> =
            hits["items"].as_array().expect("a list").iter().filter_map(|hit| hit["id"].as_str()).collect();
        assert!(ids.contains(&"sys-juki"), "{query}: {ids:?}");
    }
    assert_eq!(service.get("/api/v1/search").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/search?q=nothinglikethis").json()["items"], serde_json::json!([]));
}

#[test]
fn the_neighbourhood_holds_both_ends_of_each_relationship() {
    let body = shared_city().get("/api/v1/elements/sys-juki/neighbourhood?depth=1").json();
    let elements: Vec<_> =
        body["elements"].as_array().expect("a list").iter().filter_map(|e| e["id"].as_str()).collect();
    for expected in ["sys-juki", "dept-shimin", "inf-govcloud", "sys-renkei", "vnd-aoba"] {
        assert!(elements.contains(&expected), "{expected}");
    }
    for relationship in body["relationships"].as_array().expect("a list") {
        if relationship["kind"] != "carries" {
            assert!(elements.contains(&relationship["source"].as_str().expect("an id")), "{relationship}");
            assert!(elements.contains(&relationship["target"].as_str().expect("an id")), "{relationship}");
        }
    }
}

#[test]
fn an_etag_saves_the_second_answer() {
    let service = shared_city();
    let first = service.get("/api/v1/systems/sys-juki");
    let tag = first.header("etag");
    assert_eq!(tag, "\"r1\"");
    assert_eq!(service.get_with("/api/v1/systems/sys-juki", &[("if-none-match", &tag)]).status, 304);
    assert_eq!(service.get_with("/api/v1/systems/sys-juki", &[("if-none-match", "\"r9\"")]).status, 200);
}

#[test]
fn impact_is_asked_by_post_and_by_link() {
    let service = shared_city();
    let question = serde_json::json!({"subjects": ["inf-vm-old"], "change": "stop"});
    let posted = service.post("/api/v1/analyses/impact", &question).json();
    // Domain §4: a flood of the old platform stops 47 systems and 54 processes.
    let stopped = |kind: &str| {
        let affected = posted["affected"].as_array().expect("a list");
        affected.iter().filter(|item| item["kind"] == kind && item["effect"] == "stopped").count()
    };
    assert_eq!((stopped("system"), stopped("business_process")), (47, 54));
    let linked = service.get("/api/v1/analyses/impact?subjects=inf-vm-old&change=stop").json();
    assert_eq!(linked, posted);
    let unknown = service.get("/api/v1/analyses/impact?subjects=inf-nw-my&change=stop").json();
    assert_eq!(unknown["headline"]["answer"], "unknown");
    let csv = service.get("/api/v1/analyses/impact?subjects=inf-vm-old&change=stop&format=csv");
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.text.lines().count() > 100, "{}", csv.text.lines().count());
    let dot = service.get("/api/v1/analyses/impact?subjects=inf-vm-old&change=stop&format=dot");
    assert!(dot.text.starts_with("digraph"), "{}", &dot.text[..40]);
    for (path, code) in [
        ("subjects=inf-vm-ole&change=stop", "not_found"),
        ("subjects=inf-vm-old&change=stopp", "invalid_parameter"),
        ("change=stop", "invalid_parameter"),
        ("subjects=inf-vm-old&change=stop&format=docx", "not_acceptable"),
    ] {
        assert_eq!(service.get(&format!("/api/v1/analyses/impact?{path}")).code(), code, "{path}");
    }
}

#[test]
fn well_being_is_told() {
    let service = shared_city();
    assert_eq!(service.get("/healthz").text, "ok\n");
    assert_eq!(service.get("/readyz").status, 200);
    let metrics = service.get("/metrics").text;
    assert!(metrics.contains("ezu_elements 12"), "{metrics}");
    let head = service.get("/api/v1/ledger/head").json();
    assert_eq!(head["revision"], 1);
    assert_eq!(head["hash"].as_str().map(str::len), Some(64));
    assert_eq!(service.get("/docs/").status, 200);
    assert!(service.get("/docs/problems").text.contains("precondition_failed"));
}
