//! Rules and findings over HTTP.

use serde_json::{Value as Json, json};

use crate::support::{Service, city, shared_city, start};

fn ids(page: &Json) -> Vec<String> {
    page["items"].as_array().expect("items").iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// All pages of a list.
fn all(service: &Service, path: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = service.get(&format!("{path}{cursor}")).json();
        found.extend(ids(&page));
        match page["next_cursor"].as_str() {
            None => return found,
            Some(next) => cursor = format!("&cursor={next}"),
        }
    }
}

#[test]
fn a_finding_has_evidence_a_sentence_and_an_address() {
    let service = shared_city();
    let page = service.get("/api/v1/findings?rule=P04").json();
    let finding = &page["items"][0];
    assert_eq!(finding["id"], "P04--prj-form--prj-hoiku--sys-form-b");
    assert_eq!(finding["subjects"], json!(["prj-form", "prj-hoiku", "sys-form-b"]));
    assert_eq!((finding["set"].as_str(), finding["severity"].as_str()), (Some("project"), Some("high")));
    let (ja, en) = (&finding["sentence"]["ja"], &finding["sentence"]["en"]);
    assert!(ja.as_str().is_some_and(|text| text.contains("廃止") && !text.contains('{')), "{ja}");
    assert!(en.as_str().is_some_and(|text| text.contains("retires") && !text.contains('{')), "{en}");
    assert_eq!(&service.get("/api/v1/findings/P04--prj-form--prj-hoiku--sys-form-b").json(), finding);
    assert_eq!(service.get("/api/v1/findings/P04--nothing").code(), "not_found");
    assert_eq!(page["coverage"][0]["state"], "judged");
}

#[test]
fn a_leak_is_shown_hop_by_hop() {
    let page = shared_city().get("/api/v1/findings?rule=S13&limit=1").json();
    let path = &page["items"][0]["evidence"]["paths"][0];
    let steps = path["steps"].as_array().expect("steps");
    assert!(steps.len() >= 2, "{path}");
    assert_eq!(path["from"], steps[0]["from"]);
    assert_eq!(path["to"], steps[steps.len() - 1]["to"]);
    for (one, next) in steps.iter().zip(&steps[1..]) {
        assert_eq!(one["to"], next["from"]);
    }
    assert_eq!(steps[0]["facts"]["from_zone"], "zone-mynumber");
    assert_eq!(steps[steps.len() - 1]["facts"]["to_zone"], "zone-internet");
    assert!(steps.iter().all(|step| step["facts"]["control"].is_string()), "{path}");
}

#[test]
fn filters_narrow_and_pages_add_up() {
    let service = shared_city();
    let whole = all(service, "/api/v1/findings?limit=1000");
    assert_eq!(all(service, "/api/v1/findings?limit=7"), whole);
    let sum: usize = ["critical", "high", "medium", "low"]
        .iter()
        .map(|severity| all(service, &format!("/api/v1/findings?severity={severity}&limit=500")).len())
        .sum();
    assert_eq!(sum, whole.len());
    let of_department = all(service, "/api/v1/findings?department=dept-hoiku&limit=500");
    assert!(!of_department.is_empty() && of_department.len() < whole.len());
    let about = all(service, "/api/v1/findings?subject=sys-form-b&limit=500");
    assert!(about.contains(&"P04--prj-form--prj-hoiku--sys-form-b".to_owned()), "{about:?}");
    assert!(about.iter().all(|id| whole.contains(id)));
    assert_eq!(all(service, "/api/v1/findings?dismissed=true&limit=5"), Vec::<String>::new());
}

#[test]
fn a_wrong_filter_is_refused_with_what_is_known() {
    let service = shared_city();
    for (query, part) in [
        ("rule=S99", "there is no rule"),
        ("rule=s13", "did you mean"),
        ("set=safety", "security"),
        ("severity=grave", "critical"),
        ("dismissed=maybe", "all"),
        ("since=yesterday", "2026-11-01"),
        ("sett=security", "did you mean"),
        ("limit=0", "from 1"),
    ] {
        let answer = service.get(&format!("/api/v1/findings?{query}"));
        assert_eq!(answer.code(), "invalid_parameter", "{query}");
        assert!(answer.text.contains(part), "{query}: {}", answer.text);
    }
    assert_eq!(service.get("/api/v1/findings?since=99").code(), "not_found");
    assert_eq!(service.get("/api/v1/findings?format=svg").code(), "not_acceptable");
    assert_eq!(service.get("/api/v1/findings?cursor=00").code(), "invalid_cursor");
}

#[test]
fn rules_say_what_they_read_and_what_they_could_judge() {
    let page = shared_city().get("/api/v1/rules").json();
    let items = page["items"].as_array().expect("items");
    assert_eq!(items.len(), 56);
    let rule = |id: &str| items.iter().find(|rule| rule["id"] == id).unwrap_or_else(|| panic!("{id}"));
    assert_eq!((rule("S13")["form"].as_str(), rule("S01")["form"].as_str()), (Some("code"), Some("query")));
    assert!(rule("S01")["query"].as_str().is_some_and(|query| query.contains("DATA_FLOW")));
    assert_eq!(rule("S15")["principles"], json!(["pri-10"]));
    assert_eq!(
        rule("B02")["needs"],
        json!(["source.availability.rto_hours", "target.availability.rto_hours|target.rto_hours"])
    );
    assert!(items.iter().all(|rule| rule["coverage"]["sentence"]["ja"].is_string()));
    let principles = page["principles"].as_array().expect("principles");
    assert_eq!(principles.len(), 12);
    let protective = principles.iter().find(|one| one["principle"]["id"] == "pri-10").expect("pri-10");
    assert_eq!((protective["kept"].as_str(), &protective["rules"]), (Some("no"), &json!(["S15"])));
    let security = shared_city().get("/api/v1/rules?set=security").json();
    assert_eq!(security["items"].as_array().map(Vec::len), Some(17));
}

#[test]
fn a_dismissal_holds_until_the_evidence_changes() {
    let service = city();
    let id = "P04--prj-form--prj-hoiku--sys-form-b";
    let address = format!("/api/v1/findings/{id}");
    let note = json!({"author": "dept-dx", "reason": "保育の拡大は移行までのつなぎ"});
    let answer = service.post(&format!("{address}/dismissals"), &note);
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert!(all(&service, "/api/v1/findings?rule=P04&limit=9").is_empty());
    assert_eq!(all(&service, "/api/v1/findings?rule=P04&dismissed=true&limit=9"), [id]);
    let held = service.get(&address).json()["dismissal"].clone();
    assert_eq!((held["state"].as_str(), held["author"].as_str()), (Some("holds"), Some("dept-dx")));
    assert_eq!(service.post(&format!("{address}/dismissals"), &note).code(), "conflict");
    let unrelated = service.patch("/api/v1/systems/sys-form-b", &json!({"name": "別の名前"}));
    assert_eq!(unrelated.status, 201, "{}", unrelated.text);
    assert!(all(&service, "/api/v1/findings?rule=P04&limit=9").is_empty(), "a new name is no new evidence");
    let moved = service.patch("/api/v1/projects/prj-hoiku", &json!({"attributes": {"go_live": "2027-06-01"}}));
    assert_eq!(moved.status, 201, "{}", moved.text);
    assert_eq!(all(&service, "/api/v1/findings?rule=P04&limit=9"), [id]);
    assert_eq!(service.get(&address).json()["dismissal"]["state"], "evidence_changed");
    let again = service.post(&format!("{address}/dismissals"), &note);
    assert_eq!(again.status, 201, "{}", again.text);
}

#[test]
fn a_dismissal_ends_on_its_day_and_can_be_taken_back() {
    let service = city();
    let address = "/api/v1/findings/P04--prj-form--prj-hoiku--sys-form-b";
    let post = |body: Json| service.post(&format!("{address}/dismissals"), &body);
    assert_eq!(post(json!({"author": "dept-dx"})).code(), "invalid_request");
    assert_eq!(post(json!({"reason": "x"})).code(), "invalid_request");
    assert_eq!(post(json!({"author": "a", "reason": "x", "until": "2026-10-31"})).code(), "invalid_request");
    assert_eq!(post(json!({"author": "a", "reason": "x", "untill": "2027-10-31"})).code(), "invalid_request");
    let tried = post(json!({"author": "a", "reason": "x", "dry_run": true}));
    assert_eq!((tried.status, service.revision()), (200, 1));
    assert_eq!(post(json!({"author": "a", "reason": "x", "until": "2026-11-01"})).status, 201);
    assert_eq!(service.get(address).json()["dismissal"]["state"], "holds");
    assert_eq!(service.get(&format!("{address}?at=2026-11-02")).json()["dismissal"]["state"], "ended");
    assert_eq!(service.post("/api/v1/change-sets/2/revert", &json!({"author": "a"})).status, 201);
    assert!(service.get(address).json()["dismissal"].is_null());
}

#[test]
fn new_findings_are_those_that_were_not_there_then() {
    let service = city();
    let change = json!({"attributes": {"go_live": "2026-12-01"}});
    assert!(all(&service, "/api/v1/findings?since=1&limit=100").is_empty());
    assert_eq!(service.patch("/api/v1/projects/prj-rpa", &change).status, 201);
    let resolved = json!({"attributes": {"availability": {"rto_hours": 1}}});
    assert_eq!(service.patch("/api/v1/systems/sys-juki", &resolved).status, 201);
    let new = all(&service, "/api/v1/findings?since=1&limit=100");
    assert!(new.contains(&"B02--sys-juki--inf-govcloud".to_owned()), "{new:?}");
    assert!(new.iter().all(|id| id.starts_with("B0")), "{new:?}");
    let since_day = all(&service, "/api/v1/findings?since=2020-01-01&limit=1000");
    assert_eq!(since_day, all(&service, "/api/v1/findings?limit=1000"), "nothing was recorded then");
}

#[test]
fn a_dry_run_tells_which_findings_come_and_go() {
    let service = city();
    let body = json!({"message": "試し", "dry_run": true, "operations": [
        {"op": "update_element", "id": "sys-juki", "set": {"availability": {"rto_hours": 1}}},
        {"op": "update_relationship", "id": "prj-hoiku--changes_system--sys-form-b", "set": {"role": "use"}},
    ]});
    let answer = service.post("/api/v1/change-sets", &body).json();
    let of = |sort: &str| -> Vec<String> {
        let list = answer["findings"][sort].as_array().unwrap_or_else(|| panic!("{answer}"));
        list.iter().map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert!(of("created").contains(&"B02--sys-juki--inf-govcloud".to_owned()), "{:?}", of("created"));
    assert!(of("resolved").contains(&"P04--prj-form--prj-hoiku--sys-form-b".to_owned()), "{:?}", of("resolved"));
    assert_eq!(service.revision(), 1);
    let refused = json!({"message": "x", "dry_run": true, "operations": [{"op": "delete_element", "id": "nothing"}]});
    assert!(service.post("/api/v1/change-sets", &refused).json()["findings"].is_null());
}

#[test]
fn findings_as_csv_start_no_formula() {
    let answer = shared_city().get("/api/v1/findings?rule=P04&format=csv&language=en");
    assert_eq!(answer.status, 200);
    assert!(answer.text.starts_with("\u{feff}Rule,Severity,Finding"), "{}", answer.text);
    assert!(answer.text.contains("P04,high,"));
    let cells = answer.text.lines().flat_map(|line| line.split(','));
    assert!(!cells.map(|cell| cell.trim_matches('"')).any(|cell| cell.starts_with(['=', '+', '@'])));
}

#[test]
fn a_folder_of_rules_is_laid_over_the_built_in_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = "
rules:
- id: S13
  set: security
  severity: low
  title: {ja: 題, en: Title}
  sentence: {ja: '{subject}', en: '{subject} leaks'}
  judges: system
  needs: [zone]
  parameters: {classes: [specific]}
  code: transitive_leak
";
    std::fs::write(folder.path().join("ours.yaml"), rules).expect("written");
    let mut settings = ezu::settings::Settings { rules: Some(folder.path().to_owned()), ..Default::default() };
    settings.limits.page = 500;
    let page = start(settings, true).get("/api/v1/rules").json();
    let items = page["items"].as_array().expect("items");
    assert_eq!(items.len(), 56);
    let rule = items.iter().find(|rule| rule["id"] == "S13").expect("S13");
    assert_eq!(rule["severity"], "low");
}
