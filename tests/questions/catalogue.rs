//! The catalogue, and every question of it.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::support::{Service, shared_city, start};

pub fn questions(service: &Service) -> Vec<Json> {
    service.get("/api/v1/questions").json()["items"].as_array().expect("items").clone()
}

/// An answer with what is chosen; the defaults for the rest.
pub fn ask(service: &Service, id: &str, parameters: Json) -> Json {
    let answer = service.post(&format!("/api/v1/questions/{id}/answer"), &json!({"parameters": parameters}));
    assert_eq!(answer.status, 200, "{id}: {}", answer.text);
    answer.json()
}

#[test]
fn at_least_forty_questions_stand_in_groups() {
    let page = shared_city().get("/api/v1/questions").json();
    let (items, groups) = (page["items"].as_array().expect("items"), page["groups"].as_array().expect("groups"));
    assert!(items.len() >= 40, "{}", items.len());
    let ids: BTreeSet<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
    assert_eq!(ids.len(), items.len());
    for group in groups {
        let held = items.iter().filter(|item| item["group"] == group["id"]).count();
        assert!(held >= if group["id"] == "saved" { 3 } else { 5 }, "{group}: {held}");
    }
    for item in items {
        let id = &item["id"];
        assert!(item["unusable"].is_null(), "{item}");
        for language in ["ja", "en"] {
            assert!(item["ask"][language].as_str().is_some_and(|text| text.len() > 10), "{id}");
        }
        assert!(groups.iter().any(|group| group["id"] == item["group"]), "{id}");
        let leads_on = !item["next"].as_array().expect("a list").is_empty();
        assert!(leads_on || item["group"] == "saved", "{id} leads nowhere");
        let kind = item["call"]["kind"].as_str().expect("a call");
        assert!(!item["call"][kind].is_null(), "{id}");
        assert_eq!(shared_city().get(&format!("/api/v1/questions/{}", id.as_str().expect("an id"))).json(), *item);
    }
    let security = shared_city().get("/api/v1/questions?group=security").json();
    assert!(security["items"].as_array().is_some_and(|items| items.iter().all(|item| item["group"] == "security")));
    assert!(shared_city().get("/api/v1/questions?group=safety").text.contains("none of bcp"));
}

#[test]
fn every_question_is_answered_whole_in_both_languages() {
    let service = shared_city();
    for question in questions(service) {
        let id = question["id"].as_str().expect("an id");
        let answer = ask(service, id, json!({}));
        let table = &answer["table"];
        let (columns, rows) = (table["columns"].as_array().expect("columns"), table["rows"].as_array().expect("rows"));
        assert!(!columns.is_empty(), "{id}");
        let verdict = answer["answer"].as_str().expect("a word");
        assert!(["found", "none", "unknown"].contains(&verdict), "{id}: {verdict}");
        assert_eq!(verdict == "found", !rows.is_empty(), "{id}");
        for language in ["ja", "en"] {
            let mut said = vec![&answer["headline"], &answer["ask"], &answer["coverage"]["sentence"]];
            said.extend(answer["supporting"].as_array().expect("a list"));
            for sentence in said {
                let text = sentence[language].as_str().unwrap_or_else(|| panic!("{id}: {sentence}"));
                assert!(!text.is_empty() && !text.contains('{') && !text.contains("「」"), "{id}: {text}");
            }
        }
        for row in rows {
            assert_eq!(row.as_object().expect("a row").len(), columns.len(), "{id}");
        }
    }
}

#[test]
fn where_an_answer_leads_there_is_something() {
    let service = shared_city();
    for question in questions(service) {
        let id = question["id"].as_str().expect("an id");
        let answer = ask(service, id, json!({}));
        for next in answer["next"].as_array().expect("a list") {
            let href = next["href"].as_str().expect("an address");
            let found = service.get(href);
            assert_eq!(found.status, 200, "{id} → {href}: {}", found.text);
            for (name, value) in next["parameters"].as_object().expect("what is carried on") {
                assert_eq!(&found.json()["parameters"][name], value, "{href}");
            }
        }
        if let Some(href) = answer["diagram"]["href"].as_str() {
            let drawn = service.get(&href.replace("format=svg", "format=dot"));
            assert_eq!(drawn.status, 200, "{id}: {href}: {}", drawn.text);
            assert!(drawn.text.starts_with("digraph"), "{id}");
        }
    }
}

#[test]
fn a_saved_query_is_a_question_like_any_other() {
    let answer = ask(shared_city(), "qry-rekey-hours", json!({}));
    assert_eq!((answer["answer"].as_str(), answer["group"]["id"].as_str()), (Some("found"), Some("saved")));
    assert_eq!(answer["table"]["rows"].as_array().map(Vec::len), Some(35), "the domain's figure");
    assert!(answer["ask"]["ja"].as_str().is_some_and(|text| text.contains("再入力")));
    // The default is in the model; another day is chosen here.
    let early = ask(shared_city(), "qry-contract-ends", json!({"until": "2000-01-01"}));
    assert_eq!(
        (early["answer"].as_str(), early["parameters"]["until"].as_str()),
        (Some("unknown"), Some("2000-01-01"))
    );
    let usual = ask(shared_city(), "qry-contract-ends", json!({}));
    assert_eq!(usual["parameters"]["until"], "2027-03-31");
}

#[test]
fn a_saved_query_may_call_the_analyses() {
    let service = crate::support::city();
    let query =
        "CALL ezu.impact('inf-govcloud-line', 'stop') YIELD id, effect WHERE effect = 'stopped' RETURN id ORDER BY id";
    let attributes = json!({"question_ja": "回線が止まると何が止まるか。", "query": query});
    let body = json!({"id": "qry-line", "name": "回線", "attributes": attributes, "change": {"message": "test"}});
    let made = service.post("/api/v1/saved-queries", &body);
    assert_eq!(made.status, 201, "{}", made.text);
    let answer = ask(&service, "qry-line", json!({}));
    assert_eq!(answer["answer"], "found", "{answer}");
    // Domain knowledge §4: 30 systems and 38 processes.
    assert_eq!(answer["table"]["rows"].as_array().map(Vec::len), Some(68));
}

#[test]
fn every_question_about_structure_is_in_the_catalogue() {
    let asked: BTreeSet<String> = questions(shared_city())
        .iter()
        .filter_map(|item| item["call"]["structure"]["question"].as_str().map(str::to_owned))
        .collect();
    let known: BTreeSet<String> =
        ezu::analyses::structure::QUESTIONS.iter().map(|question| question.name.to_owned()).collect();
    assert_eq!(asked, known);
    let answer = ask(shared_city(), "single-points", json!({}));
    assert_eq!(answer["answer"], "found");
    assert!(answer["headline"]["ja"].as_str().is_some_and(|text| text.contains("冗長化")), "{answer}");
}

#[test]
fn what_was_chosen_is_carried_on() {
    let answer = ask(shared_city(), "system-stops", json!({"system": "sys-jite"}));
    assert_eq!(answer["parameters"], json!({"system": "sys-jite"}));
    let next = answer["next"].as_array().expect("a list").iter().find(|next| next["id"] == "system-needs");
    let next = next.expect("leads on");
    assert_eq!(next["parameters"], json!({"system": "sys-jite"}));
    assert_eq!(next["href"], "/api/v1/questions/system-needs/answer?system=sys%2Djite".replace("%2D", "-"));
    assert!(next["ask"]["ja"].as_str().is_some_and(|text| text.contains("児童手当")), "{next}");
}

#[test]
fn an_answer_can_be_a_table() {
    let service = shared_city();
    let address = "/api/v1/questions/contracts-ending/answer?days=365";
    let json = service.get(address).json();
    let csv = service.get(&format!("{address}&format=csv&language=en"));
    assert!(csv.text.starts_with("\u{feff}System,Contract end,Department"), "{}", csv.text);
    assert_eq!(csv.text.lines().count(), json["table"]["rows"].as_array().expect("rows").len() + 1);
    let xlsx = service.get(&format!("{address}&format=xlsx"));
    assert_eq!(xlsx.header("content-disposition"), "attachment; filename=\"question-contracts-ending.xlsx\"");
    assert_eq!(service.get(&format!("{address}&format=svg")).code(), "not_acceptable");
}

#[test]
fn what_cannot_be_chosen_is_refused_with_what_can() {
    let service = shared_city();
    let refused = |id: &str, body: Json| {
        let answer = service.post(&format!("/api/v1/questions/{id}/answer"), &body);
        assert!(answer.status >= 400, "{}", answer.text);
        (answer.code(), answer.text)
    };
    for (id, body, code, part) in [
        ("system-stop", json!({}), "not_found", "did you mean"),
        ("system-stops", json!({"parameters": {"sys": "sys-juki"}}), "invalid_parameter", "it has system"),
        ("system-stops", json!({"parameters": {"system": "sys-jukki"}}), "not_found", "sys-juki"),
        ("system-stops", json!({"parameters": {"system": "dept-shimin"}}), "invalid_parameter", "the id of a system"),
        ("system-stops", json!({"parameters": {"system": ["sys-juki"]}}), "invalid_parameter", "the id of a system"),
        ("contracts-ending", json!({"parameters": {"days": 99_999}}), "invalid_parameter", "from 0 to 3650"),
        ("contracts-ending", json!({"parameters": {"days": "soon"}}), "invalid_parameter", "a whole number"),
        ("similar-work", json!({"parameters": {"type": "x"}}), "invalid_parameter", "one of todokede"),
        ("system-stops", json!({"paramters": {}}), "invalid_request", "paramters"),
        ("system-stops", json!({"at": "yesterday"}), "invalid_parameter", "2026-11-01"),
        ("system-stops", json!({"revision": 99}), "not_found", "the newest"),
        ("system-stops", json!({"language": "fr"}), "invalid_parameter", "neither ja nor en"),
    ] {
        let (found, text) = refused(id, body.clone());
        assert_eq!(found, code, "{body}: {text}");
        assert!(text.contains(part), "{body}: {text}");
    }
    assert_eq!(service.get("/api/v1/questions/contracts-ending/answer?dayz=3").code(), "invalid_parameter");
}

#[test]
fn a_folder_of_questions_is_laid_over_the_built_in_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let ours = "
groups:
- {id: ours, label: {ja: 自課, en: Ours}}
questions:
- id: saas-without-owner
  group: ours
  ask: {ja: '利用者が{users}人を超えるSaaSはどれか。', en: 'Which SaaS has more than {users} users?'}
  parameters:
  - {name: users, integer: [0, 1000], default: 100, label: {ja: 人数, en: Users}}
  call:
    query: |
      MATCH (s:System {type: 'saas'}) WHERE s.users > $users RETURN s AS system, s.users AS users ORDER BY s.id
  columns:
    system: {ja: システム, en: System}
    users: {ja: 利用者, en: Users}
  answer:
    found: {ja: '{count}件ある。', en: 'There are {count}.'}
    none: {ja: 'ない。', en: 'None.'}
  reads:
  - {of: system, when: {type: [saas]}, needs: [users]}
  next: [vendor-share]
";
    std::fs::write(folder.path().join("ours.yaml"), ours).expect("written");
    let settings = ezu::settings::Settings { questions: Some(folder.path().to_owned()), ..Default::default() };
    let service = start(settings, true);
    let answer = ask(&service, "saas-without-owner", json!({}));
    let expected = crate::city::City::read();
    let expected = expected.list("systems").iter().filter(|s| s["type"] == "saas" && s["users"].as_i64() > Some(100));
    let expected: Vec<&str> = expected.filter_map(|system| system["id"].as_str()).collect();
    assert!(!expected.is_empty());
    let rows = answer["table"]["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), expected.len());
    assert!(questions(&service).len() > 60);
}

#[test]
fn a_faulty_question_is_refused_with_its_place() {
    use ezu::application::files::{load_metamodel, load_questions, load_rules};
    let metamodel = load_metamodel(None).expect("sound");
    let rules = load_rules(&metamodel, None).expect("sound");
    let good = "questions:
- id: x
  group: bcp
  ask: {ja: 問い, en: Question}
  call: {query: 'MATCH (s:System) RETURN s AS system'}
  columns: {system: {ja: システム, en: System}}
  answer: {found: {ja: '{count}件', en: '{count}'}}
";
    for (from, to, part) in [
        ("", "", ""),
        ("(s:System)", "(s:Sytem)", "did you mean"),
        ("RETURN s AS system", "RETURN s AS other", "the query returns other"),
        ("RETURN s AS system", "WHERE s.users > $least RETURN s AS system", "nothing says what $least is"),
        ("'{count}件'", "'{cuont}件'", "{cuont}"),
        ("'{count}件'", "'{sum.hours}件'", "{sum.hours}"),
        ("group: bcp", "group: nobody", "there is no group"),
        ("group: bcp", "group: bcp\n  next: [y]", "there is no question \"y\""),
        ("group: bcp", "group: bcp\n  colour: red", "unknown field"),
        ("group: bcp", "group: bcp\n  reads: [{of: system, needs: [coost]}]", "coost"),
        ("group: bcp", "group: bcp\n  diagram: {name: systms}", "did you mean \"systems\""),
        ("{query: 'MATCH (s:System) RETURN s AS system'}", "{findings: {rules: [S99]}}", "there is no rule \"S99\""),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("x.yaml"), good.replacen(from, to, 1)).expect("written");
        let read = load_questions(&metamodel, &rules, Some(folder.path()));
        match read {
            Ok(_) => assert_eq!(part, "", "{to} was accepted"),
            Err(error) => {
                let text = error.to_string();
                assert!(!part.is_empty() && text.contains(part) && text.contains("x.yaml:"), "{to}: {text}");
            }
        }
    }
}
