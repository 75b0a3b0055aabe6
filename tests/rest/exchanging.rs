//! Models of other tools over REST: sent, agreed to, and handed out again.

use std::collections::BTreeSet;

use ezu::settings::Settings;
use serde_json::Value as Json;

use crate::support::{Service, shared_city, start};

/// A service with a folder for waiting imports, that goes away.
fn running(sample: bool) -> (Service, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (start(Settings { data: folder.path().to_owned(), ..Settings::default() }, sample), folder)
}

const MODEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" identifier="id-m">
  <name xml:lang="ja">小さなモデル</name>
  <elements>
    <element identifier="id-a" xsi:type="ApplicationComponent"><name xml:lang="ja">甲</name></element>
    <element identifier="id-b" xsi:type="DataObject"><name xml:lang="ja">乙</name></element>
  </elements>
  <relationships>
    <relationship identifier="id-r" source="id-a" target="id-b" xsi:type="Access" accessType="Write"/>
  </relationships>
  <views><diagrams><view identifier="id-v" xsi:type="Diagram"><name xml:lang="ja">図</name>
    <node identifier="id-n1" elementRef="id-a" xsi:type="Element" x="10" y="10" w="120" h="55"/>
    <node identifier="id-n2" elementRef="id-b" xsi:type="Element" x="200" y="10" w="120" h="55"/>
    <connection identifier="id-c" relationshipRef="id-r" xsi:type="Relationship" source="id-n1" target="id-n2"/>
  </view></diagrams></views>
</model>"#;

/// Sends a file; answers with what it would do.
fn sent(service: &Service, query: &str, body: &[u8]) -> Json {
    let sent = service.send("POST", &format!("/api/v1/imports?{query}"), &[], body);
    assert_eq!(sent.status, 201, "{}", sent.text);
    sent.json()
}

fn committed(service: &Service, import: &Json) {
    let id = import["id"].as_str().expect("an id");
    let path = format!("/api/v1/imports/{id}/commit");
    let answer = service.send("POST", &path, &[("content-type", "application/json")], b"{}");
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[test]
fn a_model_in_the_exchange_format_comes_in_and_goes_out_in_every_form() {
    let (service, _folder) = running(false);
    let import = sent(&service, "name=m.xml", MODEL.as_bytes());
    let created = |kind: &str| {
        let kinds = import["report"]["kinds"].as_array().expect("kinds");
        kinds.iter().find(|one| one["kind"] == kind).map_or(0, |one| one["created"].as_u64().expect("a number"))
    };
    let counts = ["application_component", "data_object", "access", "diagram"].map(created);
    let all = &import["report"]["kinds"];
    assert_eq!(counts, [1; 4], "{all:#}");
    let named = import["report"]["changes"].as_array().expect("changes").iter().find(|one| one["id"] == "id-a");
    assert_eq!(named.expect("the element")["name"], "甲");
    committed(&service, &import);

    let exchange = service.get("/api/v1/export?format=archimate-exchange");
    assert_eq!(exchange.status, 200, "{}", exchange.text);
    for part in ["identifier=\"id-a\"", "accessType=\"Write\"", "x=\"200\"", "relationshipRef=\"id-r\""] {
        assert!(exchange.text.contains(part), "{part} is not in {}", exchange.text);
    }
    // What went out is what is there.
    for (format, name) in [("archimate-exchange", "m.xml"), ("archi", "m.archimate"), ("coarchi", "m.zip")] {
        let bytes = service.bytes(&format!("/api/v1/export?format={format}"));
        let same = sent(&service, &format!("name={name}"), &bytes);
        let kinds = &same["report"]["kinds"];
        // Archi keeps everything in folders of its own.
        let ours = kinds.as_array().expect("kinds").iter().filter(|one| one["kind"] != "folder");
        let made: u64 = ours.filter_map(|one| one["created"].as_u64()).sum();
        assert_eq!(made, 0, "{format}: {kinds:#}");
        assert_eq!(same["report"]["conflicts"], Json::Array(Vec::new()), "{format}");
    }
}

#[test]
fn a_process_diagram_comes_in_and_is_drawn() {
    let (service, _folder) = running(true);
    let diagram = include_str!("../bpmn/fixtures/counter.bpmn");
    let import = sent(&service, "format=bpmn&name=counter.bpmn", diagram.as_bytes());
    let changes = import["report"]["changes"].as_array().expect("changes").clone();
    let process = changes.iter().find(|one| one["kind"] == "business_process").expect("a process");
    committed(&service, &import);
    let id = process["id"].as_str().expect("an id");
    let around: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let drawn = service.get(&format!("/api/v1/export?format=bpmn&around={around}"));
    assert_eq!(drawn.status, 200, "{}", drawn.text);
    assert!(drawn.text.contains("差し戻す") && drawn.text.contains("BPMNShape"), "{}", drawn.text);
    // It does not say where things stand; who wants it gets it.
    assert_eq!(drawn.header("ezu-losses"), "drawn_anew=1");
    let kept = service.get(&format!("/api/v1/export?format=bpmn&around={around}&drawing=imported"));
    assert_eq!((kept.text.as_str(), kept.header("ezu-losses").as_str()), (diagram, ""));
    let wrong = service.get(&format!("/api/v1/export?format=bpmn&around={around}&drawing=old"));
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (400, Some("invalid_parameter")), "{}", wrong.text);
    // Nothing of it is new, and nothing is asked twice.
    let again = sent(&service, "name=counter.bpmn", diagram.as_bytes());
    assert_eq!(again["report"]["is_empty"], true, "{:#}", again["report"]["changes"]);
}

/// Every form of the model: what it is asked as, what it is served as, and what its file is called.
const FORMS: [(&str, &str, &str); 13] = [
    ("yaml", "application/yaml", ""),
    ("json", "application/json", ""),
    ("ndjson", "application/x-ndjson", "ezu.ndjson"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "ezu.xlsx"),
    ("csv&kinds=system", "text/csv", "ezu.csv"),
    ("graphml", "application/graphml+xml", "ezu.graphml"),
    ("mermaid", "text/vnd.mermaid", "ezu.mermaid"),
    ("plantuml", "text/plain", "ezu.plantuml"),
    ("bpmn", "application/xml", "ezu.bpmn"),
    ("archimate-exchange", "application/xml", "ezu.xml"),
    ("archi", "application/octet-stream", "ezu.archimate"),
    ("coarchi", "application/zip", "ezu-coarchi.zip"),
    ("mermaid&around=sys-juki&depth=2&language=en", "text/vnd.mermaid", "ezu.mermaid"),
];

#[test]
fn the_city_goes_out_in_every_form_that_the_document_names() {
    let service = shared_city();
    let document = service.get("/api/v1/openapi.json").json();
    let named = &document["paths"]["/api/v1/export"]["get"]["responses"]["200"]["content"];
    let known: BTreeSet<&str> = FORMS.iter().map(|(_, served, _)| *served).collect();
    let listed: BTreeSet<&str> = named.as_object().expect("media types").keys().map(String::as_str).collect();
    assert_eq!(listed, known);
    // Bytes are no list of numbers.
    assert!(named.as_object().expect("media types").values().all(|content| content["schema"]["type"] != "array"));
    for (asked, served, file) in FORMS {
        let answer = service.get(&format!("/api/v1/export?format={asked}"));
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text);
        let kind = answer.header("content-type");
        assert_eq!(kind.split(';').next(), Some(served), "{asked}");
        let disposition = answer.header("content-disposition");
        assert_eq!(disposition.contains(&format!("filename=\"{file}\"")), !file.is_empty(), "{asked}: {disposition}");
    }
}

#[test]
fn accept_chooses_the_form_where_the_request_names_none() {
    let service = shared_city();
    let served = |path: &str, accept: &str| {
        let answer = service.get_with(path, &[("accept", accept)]);
        assert_eq!(answer.status, 200, "{accept}: {}", answer.text);
        answer.header("content-type").split(';').next().unwrap_or_default().to_owned()
    };
    for form in FORMS.iter().map(|(_, served, _)| *served) {
        let kinds = if form == "text/csv" { "?kinds=system" } else { "" };
        assert_eq!(served(&format!("/api/v1/export{kinds}"), &format!("{form}, */*;q=0.5")), form);
    }
    assert_eq!(served("/api/v1/export?format=ndjson", "application/json"), "application/x-ndjson");
    assert_eq!(served("/api/v1/export", "text/html,application/xhtml+xml,*/*;q=0.8"), "application/yaml");
}

#[test]
fn the_same_elements_and_relationships_go_out_whatever_the_form() {
    let service = shared_city();
    let text =
        |form: &str| service.get(&format!("/api/v1/export?format={form}&kinds=system,depends_on,data_flow")).text;
    let lines: Vec<Json> = text("ndjson").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |word: &str| lines.iter().filter(|line| line["type"] == word).count();
    let whole = service.get("/api/v1/export?format=json").json();
    assert_eq!(of("element"), whole["systems"].as_array().expect("systems").len(), "every system is a line");
    assert!(of("relationship") > 0);

    let graphml = text("graphml");
    let graphml = roxmltree::Document::parse(&graphml).expect("XML");
    let tagged = |name: &str| {
        graphml.descendants().filter(|one| one.has_tag_name(("http://graphml.graphdrafting.org/xmlns", name))).count()
    };
    assert_eq!((tagged("node"), tagged("edge")), (of("element"), of("relationship")));

    let mermaid = text("mermaid");
    assert_eq!(mermaid.lines().filter(|line| line.contains("[\"")).count(), of("element"));
}

#[test]
fn what_cannot_go_out_is_refused_with_what_could() {
    let service = shared_city();
    for (asked, status, code, part) in [
        ("visio", 406, "not_acceptable", "archimate-exchange"),
        ("csv", 400, "invalid_parameter", "kind"),
        ("json&kinds=system", 400, "invalid_parameter", "kinds"),
        ("graphml&around=sys-nothing", 400, "invalid_parameter", "sys-nothing"),
        ("mermaid&diagram=dgm-nothing", 400, "invalid_parameter", "/query/diagram"),
        ("mermaid&diagram=sys-juki", 400, "invalid_parameter", "/query/diagram"),
        ("plantuml&around=sys-juki&depth=99", 400, "invalid_parameter", "depth"),
        ("bpmn&around=sys-juki", 400, "invalid_parameter", "sys-juki"),
    ] {
        let answer = service.get(&format!("/api/v1/export?format={asked}"));
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{asked}: {}", answer.text);
        assert!(answer.text.contains(part), "{asked}: {}", answer.text);
    }
}

#[test]
fn what_a_killed_service_left_of_an_upload_is_gone_when_it_starts_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let left = folder.path().join("imports").join("0123456789abcdef");
    std::fs::create_dir_all(&left).expect("a folder");
    std::fs::write(left.join("0.file"), "システム名\n乙\n").expect("a file");
    let service = start(Settings { data: folder.path().to_owned(), ..Settings::default() }, false);
    assert!(!left.exists());
    assert_eq!(service.get("/api/v1/imports").json()["items"], Json::Array(Vec::new()));
}

#[test]
fn hostile_files_are_refused_with_a_reason() {
    let (service, folder) = running(false);
    let bomb = b"<?xml version=\"1.0\"?><!DOCTYPE m [<!ENTITY a \"aaaa\">]><model>&a;</model>";
    for format in ["archimate-exchange", "archi", "coarchi", "bpmn"] {
        let sent = service.send("POST", &format!("/api/v1/imports?format={format}&name=folder.xml"), &[], bomb);
        assert_eq!((sent.status, sent.code()), (422, "unreadable_file".to_owned()), "{format}: {}", sent.text);
        assert!(sent.text.contains("DOCTYPE"), "{format}: {}", sent.text);
    }
    let waiting = std::fs::read_dir(folder.path().join("imports")).map_or(0, Iterator::count);
    assert_eq!(waiting, 0, "what cannot be read does not wait");
}
