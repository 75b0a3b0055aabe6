//! Queries over HTTP: parameters, views, refusals, plans, limits. Expected values are counted in the files of the city, or
//! follow from the query itself.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Service, percent, shared_city};

/// Asks by POST.
fn ask(body: &Json) -> Answer {
    shared_city().post("/api/v1/query", body)
}

/// The rows of an answer that must come.
fn rows(body: &Json) -> Json {
    let answer = ask(body);
    assert_eq!(answer.status, 200, "{body}: {}", answer.text);
    answer.json()["rows"].clone()
}

/// The one error of a problem about a query, with code and message.
fn refused(query: &str) -> (String, String) {
    let answer = ask(&json!({"query": query}));
    assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_query"), "{query}: {}", answer.text);
    let problem = answer.json();
    assert_eq!(problem["errors"][0]["pointer"], "/query");
    assert_eq!(problem["errors"][0]["message"], problem["detail"]);
    let field = |name: &str| problem["errors"][0][name].as_str().expect("a text").to_owned();
    (field("code"), field("message"))
}

#[test]
fn an_answer_says_what_and_of_which_revision_and_day() {
    let query = "MATCH (s:System {id: 'sys-juki'})-[r:IN_ZONE]->(z) RETURN s, r, z.id AS zone, s.contract_end AS ends";
    let answer = ask(&json!({"query": query})).json();
    assert_eq!(answer["columns"], json!(["s", "r", "zone", "ends"]));
    assert_eq!((&answer["revision"], &answer["date"]), (&json!(1), &json!("2026-11-01")));
    let row = &answer["rows"][0];
    assert_eq!((&row[0]["node"], &row[0]["labels"][0]), (&json!("sys-juki"), &json!("System")));
    assert!(row[0]["labels"].as_array().expect("a list").contains(&json!("ApplicationComponent")));
    assert_eq!(row[0]["properties"]["name"], "住民記録システム");
    assert_eq!((&row[1]["type"], &row[1]["source"]), (&json!("IN_ZONE"), &json!("sys-juki")));
    assert_eq!((&row[1]["target"], &row[2], &row[3]), (&row[2], &json!("zone-mynumber"), &json!("2031-03-31")));
    assert_eq!(answer["statistics"]["rows"], 1);
    assert!(answer["statistics"]["expansions"].as_u64() > Some(0) && answer["plan"].is_null(), "{answer}");
}

#[test]
fn parameters_are_of_every_type_of_json() {
    let values = json!({
        "nothing": null, "truth": true, "whole": -7, "float": 1.5, "text": "=1+1 '\"\\ \u{1F600}", "empty": "",
        "list": [1, "a", null, [2]], "map": {"a": 1, "住": {"b": [true]}}, "large": 9_007_199_254_740_993_i64,
    });
    let names: Vec<&str> = values.as_object().expect("an object").keys().map(String::as_str).collect();
    let query =
        format!("RETURN {}", names.iter().map(|name| format!("${name} AS {name}")).collect::<Vec<_>>().join(", "));
    let back = rows(&json!({"query": query, "parameters": values}));
    let expected: Vec<&Json> = values.as_object().expect("an object").values().collect();
    assert_eq!(back[0], json!(expected));
    // They are values and never text of the query.
    let hostile = "x'}) MATCH (n) RETURN n //";
    let query = "MATCH (s:System {id: $id}) RETURN s.id";
    assert_eq!(rows(&json!({"query": query, "parameters": {"id": hostile}})), json!([]));
    // They can be whole lists of ids, and parts of maps.
    let query = "MATCH (s:System) WHERE s.id IN $ids AND s.zone = $where.zone RETURN s.id AS id ORDER BY id";
    let parameters = json!({"ids": ["sys-juki", "sys-zaimu", "sys-inkan"], "where": {"zone": "zone-mynumber"}});
    assert_eq!(rows(&json!({"query": query, "parameters": parameters})), json!([["sys-inkan"], ["sys-juki"]]));
}

#[test]
fn a_missing_parameter_is_named() {
    let (code, message) = refused("MATCH (s:System {id: $id}) RETURN s");
    assert!(code == "MissingParameter" && message.contains("$id"), "{code}: {message}");
}

#[test]
fn the_request_or_the_text_chooses_the_view_and_the_text_comes_first() {
    let date = "RETURN date() AS today";
    assert_eq!(rows(&json!({"query": date})), json!([["2026-11-01"]]));
    assert_eq!(rows(&json!({"query": date, "at": "2028-04-01"})), json!([["2028-04-01"]]));
    let text = format!("AT DATE '2031-04-01' {date}");
    assert_eq!(rows(&json!({"query": text, "at": "2028-04-01"})), json!([["2031-04-01"]]));
    let text = format!("AT DATE $day {date}");
    assert_eq!(rows(&json!({"query": text, "parameters": {"day": "2031-04-01"}})), json!([["2031-04-01"]]));
    let count = "MATCH (n:System) RETURN count(n) AS n";
    assert_eq!(rows(&json!({"query": count, "revision": 0})), json!([[0]]));
    assert_eq!(rows(&json!({"query": count, "revision": 1})), json!([[161]]));
    assert_eq!(rows(&json!({"query": format!("AT REVISION 0 {count}"), "revision": 1})), json!([[0]]));
    assert_eq!(ask(&json!({"query": count, "revision": 7})).status, 404);
    assert_eq!(ask(&json!({"query": count, "at": "April"})).code(), "invalid_parameter");
    let (code, message) = refused("AT DATE 'April' RETURN 1");
    assert!(code == "InvalidArgumentValue" && message.contains("2028-04-01"), "{code}: {message}");
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    let (code, message) = refused("MATCH (s:System)\nRETRUN s");
    assert_eq!(code, "UnexpectedSyntax");
    assert!(message.contains("Did you mean RETURN?") && message.ends_with("\n2 | RETRUN s\n    ^^^^^^"), "{message}");
    let (code, message) = refused("MATCH (n) RETURN '住民', m");
    assert_eq!(code, "UndefinedVariable");
    // Wide characters take two places in a terminal.
    assert!(message.ends_with(&format!("\n{}^", " ".repeat("1 | MATCH (n) RETURN '住民', ".len() - 2))), "{message}");
    for (query, wrong, meant) in [
        ("MATCH (s:Sytem) RETURN s", "Sytem", "System"),
        ("MATCH (s:system_) RETURN s", "system_", "System"),
        ("MATCH ()-[r:DATAFLOW]->() RETURN r", "DATAFLOW", "DATA_FLOW"),
        ("MATCH (s:System) RETURN s.anual_cost_kyen", "anual_cost_kyen", "annual_cost_kyen"),
        ("MATCH (s:`情報システメ`) RETURN s", "情報システメ", "情報システム"),
        ("RETURN toUper('x')", "toUper", "toUpper"),
        ("CALL ezu.impct('sys-juki', 'stop') YIELD id RETURN id", "ezu.impct", "ezu.impact"),
    ] {
        let (_, message) = refused(query);
        assert!(message.contains(wrong) && message.contains(meant) && message.contains("id you mean"), "{message}");
        assert!(message.ends_with('^'), "{message}");
    }
}

#[test]
fn a_write_is_refused_and_shown_the_way() {
    for query in [
        "CREATE (s:System {id: 'sys-x'})",
        "MERGE (s:System {id: 'sys-x'}) RETURN s",
        "MATCH (s:System) SET s.users = 0",
        "MATCH (s:System) REMOVE s.users RETURN s",
        "MATCH (s:System) DETACH DELETE s",
        "INSERT (:System)",
    ] {
        let (code, message) = refused(query);
        assert!(code == "WriteClause" && message.contains("/api/v1/change-sets"), "{query}: {code} {message}");
    }
    assert_eq!(shared_city().revision(), 1);
}

#[test]
fn a_request_that_is_no_question_is_refused() {
    let service = shared_city();
    for body in [
        json!({}),
        json!({"query": 1}),
        json!({"query": "RETURN 1", "params": {}}),
        json!({"query": "RETURN 1", "parameters": []}),
        json!({"query": "RETURN 1", "limits": {"seconds": 1}}),
        json!({"query": "RETURN 1", "limits": {"rows": -1}}),
        json!({"query": "RETURN 1", "explain": "yes"}),
        json!({"query": "RETURN 1", "revision": "1"}),
    ] {
        assert_eq!(ask(&body).code(), "invalid_request", "{body}");
    }
    assert_eq!(ask(&json!({"query": ""})).code(), "invalid_query");
    assert_eq!(ask(&json!({"query": "RETURN 1", "format": "pdf"})).code(), "not_acceptable");
    assert_eq!(service.get("/api/v1/query").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/query?query=RETURN%201&x=1").code(), "invalid_parameter");
    let long = json!({"query": format!("RETURN '{}'", "x".repeat(300_000))});
    let answer = ask(&long);
    assert!(answer.code() == "query_stopped" && answer.text.contains("262144"), "{}", &answer.text[..200]);
}

#[test]
fn a_link_asks_the_same() {
    let get = |query: &str, more: &str| {
        let answer = shared_city().get(&format!("/api/v1/query?query={}{more}", percent(query)));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        answer.json()
    };
    let count = "MATCH (s:System {zone: $zone}) RETURN count(s) AS systems";
    assert_eq!(get(count, "&param.zone=zone-mynumber")["rows"], json!([[51]]));
    // A value is JSON, or else text as it stands.
    let given = "&param.a=1&param.b=true&param.c=%5B1,%22x%22%5D&param.d=2028-04-01&param.e=%221%22";
    let back = get("RETURN $a AS a, $b AS b, $c AS c, $d AS d, $e AS e", given);
    assert_eq!(back["rows"], json!([[1, true, [1, "x"], "2028-04-01", "1"]]));
    assert_eq!(get("RETURN date() AS d", "&at=2028-04-01")["rows"], json!([["2028-04-01"]]));
    assert_eq!(get("MATCH (n) RETURN count(n) AS n", "&revision=0")["rows"], json!([[0]]));
    assert!(get("RETURN 1 AS x", "&explain=plan")["plan"].is_array());
    let answer = shared_city().get("/api/v1/query?query=RETURN%201&explain=perhaps");
    assert_eq!(answer.code(), "invalid_parameter");
}

/// All operations of a plan.
fn operations(plan: &Json) -> Vec<&Json> {
    let own = plan.as_array().into_iter().flatten();
    own.flat_map(|node| std::iter::once(node).chain(operations(&node["children"]))).collect()
}

#[test]
fn a_plan_is_explained_and_profiled() {
    let query = "MATCH (s:System {zone: 'zone-mynumber'}) RETURN count(s) AS n";
    let explained = ask(&json!({"query": query, "explain": "plan"})).json();
    assert_eq!(explained["rows"], json!([]), "nothing ran");
    assert!(operations(&explained["plan"]).iter().all(|node| node["rows"].is_null() && node["operation"].is_string()));
    assert!(operations(&explained["plan"]).iter().any(|node| node["estimated_rows"].is_number()), "{explained}");
    assert!(!explained["plan_text"].as_str().expect("text").is_empty());
    assert_eq!(ask(&json!({"query": format!("EXPLAIN {query}")})).json()["plan"], explained["plan"]);
    let profiled = ask(&json!({"query": query, "explain": "profile"})).json();
    assert_eq!(profiled["rows"], json!([[51]]));
    let came: Vec<&Json> = operations(&profiled["plan"]).iter().map(|node| &node["rows"]).collect();
    assert!(came.contains(&&json!(51)) && came.contains(&&json!(1)), "{profiled}");
    assert_eq!(ask(&json!({"query": format!("PROFILE {query}")})).json()["rows"], json!([[51]]));
}

#[test]
fn a_request_lowers_limits_and_never_raises_them() {
    let mut settings = ezu::settings::Settings::default();
    (settings.limits.query_rows, settings.limits.query_expansions) = (100, 50_000);
    let service: Service = crate::support::start(settings, true);
    let stopped = |query: &str, limits: Json| {
        let answer = service.post("/api/v1/query", &json!({"query": query, "limits": limits}));
        assert_eq!((answer.status, answer.code().as_str()), (422, "query_stopped"), "{}", answer.text);
        let problem = answer.json();
        (
            problem["errors"][0]["code"].as_str().expect("a code").to_owned(),
            problem["detail"].as_str().expect("text").to_owned(),
        )
    };
    let count = |rows: u64| format!("UNWIND range(1, {rows}) AS x RETURN x");
    let answer = service.post("/api/v1/query", &json!({"query": count(100)}));
    assert_eq!(answer.json()["statistics"]["rows"], 100);
    for (query, limits, code, most) in [
        (count(11), json!({"rows": 10}), "RowLimit", "10 rows"),
        (count(101), json!({"rows": 1_000_000}), "RowLimit", "100 rows"),
        (count(101), json!({}), "RowLimit", "100 rows"),
        (count(40), json!({"expansions": 20}), "ExpansionLimit", "20 steps"),
        (
            "MATCH (a), (b), (c) RETURN count(*)".to_owned(),
            json!({"expansions": 1_000_000_000}),
            "ExpansionLimit",
            "50000 steps",
        ),
        ("RETURN range(1, 1000)".to_owned(), json!({"memory_bytes": 1000}), "MemoryLimit", "1000 bytes"),
    ] {
        let (said, detail) = stopped(&query, limits.clone());
        assert!(said == code && detail.contains(most), "{query} {limits}: {said} {detail}");
    }
    let (_, detail) = stopped(&count(101), json!({}));
    assert!(detail.contains("LIMIT"), "what would help: {detail}");
}
