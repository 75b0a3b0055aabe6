//! Questions about structure, candidates and suppositions over HTTP.

use serde_json::json;

use crate::support::shared_city;

#[test]
fn every_listed_question_answers_in_json_and_csv() {
    let service = shared_city();
    let listed = service.get("/api/v1/analyses").json();
    let items = listed["items"].as_array().expect("items");
    assert_eq!(items.len(), 17);
    for item in items {
        let address = item["address"].as_str().expect("an address");
        let query = if address.ends_with("lineage") { "?data=dat-juki" } else { "?" };
        let answer = service.get(&format!("{address}{query}"));
        assert_eq!(answer.status, 200, "{address}: {}", answer.text);
        assert!(answer.json()["sentence"]["ja"].is_string(), "{address}");
        let csv = service.get(&format!("{address}{query}&format=csv&language=en").replace("?&", "?"));
        assert_eq!((csv.status, csv.header("content-type").as_str()), (200, "text/csv; charset=utf-8"), "{address}");
        let xlsx = service.get(&format!("{address}{query}&format=xlsx").replace("?&", "?"));
        assert!(xlsx.status == 200 && xlsx.text.starts_with("PK"), "{address}");
        let text = csv.text.trim_start_matches('\u{feff}');
        let rows: Result<Vec<_>, _> = csv::Reader::from_reader(text.as_bytes()).records().collect();
        let rows = rows.expect("CSV").len();
        assert!(rows >= answer.json()["items"].as_array().map_or(0, Vec::len), "{address}: a row for each item");
    }
}

#[test]
fn wrong_questions_are_told_apart() {
    let service = shared_city();
    let answer = service.get("/api/v1/analyses/cyles");
    assert_eq!(answer.code(), "not_found");
    assert!(answer.text.contains("cycles"), "{}", answer.text);
    assert_eq!(service.get("/api/v1/analyses/cycles?depth=3").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/analyses/people?format=svg").code(), "not_acceptable");
    assert_eq!(service.get("/api/v1/analyses/summary?since=yesterday").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/analyses/lineage?data=dat-nothing").code(), "not_found");
    assert_eq!(service.get("/api/v1/analyses/standardization?type=magic").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/analyses/standardization?threshold=2").code(), "invalid_parameter");
}

#[test]
fn candidates_are_ranked_by_money_then_hours() {
    let page = shared_city().get("/api/v1/analyses/standardization").json();
    let items = page["items"].as_array().expect("items");
    assert!(items.len() > 50, "{}", items.len());
    let keys: Vec<(f64, i64)> = items
        .iter()
        .map(|item| (item["score"].as_f64().expect("a score"), item["saving"]["hours"].as_i64().unwrap_or(0)))
        .collect();
    assert!(keys.windows(2).all(|two| two[0].0 > two[1].0 || (two[0].0 >= two[1].0 && two[0].1 >= two[1].1)));
    assert!(items.iter().all(|item| item["saving"]["hours_as_kyen"].is_null()), "no rate is set");
    assert_eq!(page["coverage"].as_array().map(Vec::len), Some(8));
}

#[test]
fn a_supposition_tells_what_it_would_mean_and_records_nothing() {
    let service = shared_city();
    let before = service.revision();
    let ask = |body: serde_json::Value| service.post("/api/v1/analyses/what-if", &body);
    let removed = ask(json!({"systems": ["sys-form-b"], "change": "remove"}));
    assert_eq!(removed.status, 200, "{}", removed.text);
    let report = removed.json();
    assert_eq!(report["refusals"], json!([]));
    let ids = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert!(ids(&report["flows_to_rebuild"]).contains(&"flw-form-b-to-kosodate".to_owned()));
    assert!(ids(&report["findings"]["resolved"]).contains(&"P04--prj-form--prj-hoiku--sys-form-b".to_owned()));
    let merged = ask(json!({"systems": ["sys-form-b"], "change": "merge", "into": "sys-form-a"}));
    assert_eq!((merged.status, &merged.json()["refusals"]), (200, &json!([])), "{}", merged.text);
    let moved = ask(json!({"systems": ["sys-juki"], "change": "move", "zone": "zone-internet"})).json();
    let created = ids(&moved["findings"]["created"]);
    assert!(created.contains(&"S05--sys-juki".to_owned()), "{created:?}");
    assert_eq!(service.revision(), before);
    assert_eq!(ask(json!({"systems": [], "change": "remove"})).code(), "invalid_parameter");
    assert_eq!(ask(json!({"systems": ["sys-x"], "change": "remove"})).code(), "not_found");
    assert_eq!(ask(json!({"systems": ["sys-juki"], "change": "merge"})).code(), "invalid_request");
    assert_eq!(ask(json!({"systems": ["sys-juki"], "change": "burn"})).code(), "invalid_request");
}

#[test]
fn what_a_picture_says_better_is_drawn() {
    let service = shared_city();
    for (question, shown) in [
        ("single-points-of-failure", "inf-govcloud-line"),
        ("recovery-order", "第1段"),
        ("cycles", "循環"),
        ("communities", "まとまり1"),
        ("leak-trace?data=dat-kubun", "sys-shogai"),
        ("lineage?data=dat-juki", "時間前"),
        ("projects", "2026-"),
    ] {
        let sign = if question.contains('?') { '&' } else { '?' };
        let drawn = service.get(&format!("/api/v1/analyses/{question}{sign}format=dot"));
        assert_eq!((drawn.status, &drawn.text[..7]), (200, "digraph"), "{question}: {}", drawn.text);
        assert!(drawn.text.contains(shown), "{question} does not show {shown}");
        let again = service.get(&format!("/api/v1/analyses/{question}{sign}format=dot"));
        assert!(again.text == drawn.text, "{question}: the same picture");
    }
}

#[test]
fn the_page_tells_what_moved() {
    let service = crate::support::city();
    let before = service.revision();
    let body = json!({"message": "test", "operations": [
        {"op": "create_element", "id": "sys-new", "kind": "system", "name": "新規", "attributes": {"annual_cost_kyen": 500}},
        {"op": "update_element", "id": "rsk-01", "set": {"score": 3}},
    ]});
    let answer = service.post("/api/v1/change-sets", &body);
    assert!(answer.status < 300, "{}", answer.text);
    let page = service.get(&format!("/api/v1/analyses/summary?since={before}")).json();
    let row = |name: &str| {
        let rows = page["items"].as_array().expect("rows");
        rows.iter().find(|row| row["name"]["ja"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    let systems = row("情報システム");
    assert_eq!((&systems["before"], &systems["value"], &systems["change"]), (&json!(161), &json!(162), &json!(1.0)));
    assert_eq!(row("年間経費")["change"], json!(500.0));
    assert_eq!(row("業務時間")["change"], json!(null), "it did not move");
    // The risk of 20 points is no longer among the gravest.
    let rows = page["items"].as_array().expect("rows");
    let risk = rows.iter().find(|row| row["name"]["id"] == "rsk-01").expect("it stood on the page before");
    assert_eq!((&risk["before"], &risk["value"], &risk["change"]), (&json!(20), &json!(null), &json!(-20.0)));
    assert_eq!(page["figures"]["since_revision"], json!(before));
    // On another day the same revision is compared as it is seen on that day.
    let later = service.get(&format!("/api/v1/analyses/summary?since={}&at=2031-04-01", service.revision())).json();
    let moved = later["items"].as_array().expect("rows").iter().filter(|row| !row["change"].is_null()).count();
    assert_eq!(moved, 0, "only the day would have moved: {later}");
    assert!(page["sentence"]["ja"].as_str().is_some_and(|text| text.contains("行が動いた")), "{}", page["sentence"]);
}
