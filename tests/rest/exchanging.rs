//! Models of other tools over REST: sent, agreed to, and handed out again.

use ezu::settings::Settings;
use serde_json::Value as Json;

use crate::support::{Service, start};

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
    // Nothing of it is new, and nothing is asked twice.
    let again = sent(&service, "name=counter.bpmn", diagram.as_bytes());
    assert_eq!(again["report"]["is_empty"], true, "{:#}", again["report"]["changes"]);
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
