//! Drawings that were imported come back as they were, with what the model says today.

use std::collections::BTreeMap;

use ezu::application::imports::ImportOptions;
use ezu::application::texts::{Drawing, TextFile, TextForm, TextRequest, write};
use ezu::application::{Workspace, WriteRequest};
use ezu::domain::element::Model;
use ezu::domain::{ChangeSet, Operation};
use proptest::prelude::*;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::support::{bpmn, changes, city, corpus, empty, import, of_kind, proposal, value};

const COUNTER: &str = include_str!("fixtures/counter.bpmn");

/// The counter with places, a comment, and prefixes that only values use.
fn counter() -> String {
    let diagram = r#"<!-- 図 --><di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="D"><di:BPMNPlane id="P" bpmnElement="Collaboration"><di:BPMNShape id="S" bpmnElement="Record"><dc:Bounds x="321" y="7" width="100" height="80"/></di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></bpmn:definitions>"#;
    COUNTER.replace("</bpmn:definitions>", diagram)
}

fn imported(text: &str) -> Workspace {
    let workspace = city();
    import(&workspace, "counter.bpmn", text.as_bytes(), &ImportOptions::default());
    workspace
}

/// The only process of this name.
fn process(workspace: &Workspace, name: &str) -> String {
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("business_process").expect("a kind").id;
    let named =
        |id: &String| snapshot.element(id).and_then(|held| held.name.clone()).is_some_and(|held| &*held == name);
    let mut ids = snapshot.ids_of_kind(kind, None).map(ToString::to_string).filter(named);
    let id = ids.next().expect("a process");
    assert_eq!(ids.next(), None, "one of this name");
    id
}

fn exported(workspace: &Workspace, process: &str, drawing: Drawing) -> TextFile {
    let request = TextRequest {
        form: TextForm::Bpmn,
        kinds: Vec::new(),
        diagram: None,
        around: vec![process.to_owned()],
        depth: 1,
        language: "ja".to_owned(),
        is_whole: true,
        drawing,
        limits: ezu::interchange::Limits::default(),
    };
    write(&workspace.current_view(), &request).expect("written")
}

fn edit(workspace: &Workspace, operations: &Value) {
    let read = |one: &Value| Operation::from_json(one.clone(), "/operations").expect("an operation");
    let operations = operations.as_array().expect("a list").iter().map(read).collect();
    let change_set = ChangeSet { message: "an edit".to_owned(), operations, ..ChangeSet::default() };
    let request = WriteRequest { change_set, ..WriteRequest::default() };
    workspace.commit_blocking(request).unwrap_or_else(|error| panic!("{error:?}"));
}

/// The step's id in the model.
fn step(process: &str, shape: &str) -> String {
    format!("{process}--{shape}")
}

fn set(id: &str, fields: &Value) -> Value {
    json!({"op": "update_element", "id": id, "set": fields})
}

/// How many elements of each name there are, ezu's own left out.
fn counted(text: &str) -> BTreeMap<String, usize> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut counts = BTreeMap::new();
    let standard =
        |node: &Node<'_, '_>| node.is_element() && node.tag_name().namespace() != Some(ezu::interchange::bpmn::EZU);
    for node in document.descendants().filter(standard) {
        *counts.entry(node.tag_name().name().to_owned()).or_default() += 1;
    }
    counts
}

/// What a file says of a step, read by somebody who knows nothing else.
fn said(text: &str, shape: &str, field: &str) -> Value {
    let read = bpmn("a.bpmn", text.as_bytes()).expect("readable");
    let steps = of_kind(&read, "process_step");
    let step = steps.iter().find(|step| step.source_id.as_deref() == Some(shape)).expect("a step");
    value(step, field)
}

/// Imported again, a file says nothing that the model does not know.
fn says_nothing_new(workspace: &Workspace, file: &str, text: &str) {
    let again = proposal(workspace, file, text.as_bytes(), &ImportOptions::default());
    let report = serde_json::to_value(&again.report).expect("JSON");
    assert_eq!(changes(&report), [], "{file}: {:#}\n{text}", report["changes"]);
    assert_eq!(report["conflicts"], json!([]), "{file}");
}

#[test]
fn a_drawing_comes_back_as_it_was_imported() {
    let text = counter();
    let workspace = imported(&text);
    let file = exported(&workspace, &process(&workspace, "転入の受付"), Drawing::Fitting);
    assert_eq!((file.text, file.losses), (text, Vec::new()));
}

#[test]
fn every_drawing_of_the_corpus_comes_back_as_it_was_imported() {
    let Some(paths) = corpus("bpmn", ".bpmn") else { return };
    let mut compared = 0;
    for path in paths {
        let bytes = std::fs::read(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy();
        let workspace = empty();
        import(&workspace, &name, &bytes, &ImportOptions::default());
        let snapshot = workspace.current();
        let kind = |name: &str| snapshot.metamodel().kind_named(name).expect("a kind").id;
        let has_step = kind("has_step");
        let processes = snapshot.ids_of_kind(kind("business_process"), None).map(ToString::to_string);
        for process in processes.filter(|id| !snapshot.outgoing(id, Some(has_step)).is_empty()) {
            let file = exported(&workspace, &process, Drawing::Fitting);
            assert_eq!(file.losses, [], "{name} {process}");
            let record = snapshot.ids_of_kind(kind("process_diagram"), None).next().expect("a record");
            let content = snapshot.metamodel().attribute_name("content").expect("a name");
            let held = snapshot.element(record.as_str()).expect("the record").attributes.get(content).cloned();
            let kept = held.and_then(|held| held.as_text().map(str::to_owned)).expect("a text");
            // That what is kept is the whole of the file is shown beside, in `corpus`.
            assert_eq!(file.text.split_once('\n').expect("a declaration").1, kept, "{name} {process}");
            compared += 1;
        }
    }
    eprintln!("{compared} processes came back as they were imported");
    assert!(compared > 50, "{compared}");
}

#[test]
fn a_drawing_without_steps_comes_back_with_the_name_of_today() {
    let text = crate::support::definitions(
        r#"<bpmn:process id="p" name="通知"><bpmn:startEvent id="s"/><bpmn:endEvent id="e"/></bpmn:process>"#,
    );
    let workspace = imported(&text);
    let id = process(&workspace, "通知");
    assert_eq!(exported(&workspace, &id, Drawing::Imported).text, text);
    edit(&workspace, &json!([set(&id, &json!({"name": "お知らせ"}))]));
    let file = exported(&workspace, &id, Drawing::Imported);
    assert_eq!((file.text, file.losses), (text.replace("通知", "お知らせ"), Vec::new()));
}

/// A file that names nothing is called after its own name the first time, and then as the model calls it.
#[test]
fn what_has_no_name_is_not_renamed_when_its_file_is() {
    let text = crate::support::definitions(r#"<bpmn:process id="p"><bpmn:task id="t" name="包む"/></bpmn:process>"#);
    let workspace = imported(&text);
    let id = process(&workspace, "counter");
    says_nothing_new(&workspace, "another name.bpmn", &text);
    edit(&workspace, &json!([set(&id, &json!({"name": "発送"}))]));
    says_nothing_new(&workspace, "a third name.bpmn", &text);
    // What the model calls it is written into the drawing.
    let file = exported(&workspace, &id, Drawing::Imported);
    assert!(file.text.contains(r#"<bpmn:process name="発送" id="p">"#), "{}", file.text);
    says_nothing_new(&workspace, "a fourth name.bpmn", &file.text);
}

/// Identifiers may hold characters that no text of the model holds: here a control character of broken Japanese.
#[test]
fn identifiers_with_control_characters_come_in_and_go_out() {
    let text = counter().replace("\"Record\"", "\"Record\u{90}\"").replace(">Record<", ">Record\u{90}<");
    let workspace = imported(&text);
    let id = process(&workspace, "転入の受付");
    let steps = workspace.current().outgoing(&id, None);
    assert!(steps.iter().any(|held| held.target.as_str().contains("Record")), "{steps:?}");
    // As a reference, since no text of the model holds it.
    let kept = text.replace('\u{90}', "&#x90;");
    assert_eq!(exported(&workspace, &id, Drawing::Fitting).text, kept);
    says_nothing_new(&workspace, "counter.bpmn", &text);
}

#[test]
fn addresses_of_drafts_of_the_standard_are_known() {
    for address in ["http://www.omg.org/spec/BPMN/20100501/BPMN20.xsd", "http://schema.omg.org/spec/BPMN/2.0"] {
        let text = counter().replace("http://www.omg.org/spec/BPMN/20100524/MODEL", address);
        let workspace = imported(&text);
        let id = process(&workspace, "転入の受付");
        assert_eq!(exported(&workspace, &id, Drawing::Fitting).text, text);
    }
}

/// A drawing that says where things stand.
fn small(body: &str) -> String {
    let places = r#"<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"><d:BPMNPlane><d:BPMNShape bpmnElement="t"/></d:BPMNPlane></d:BPMNDiagram>"#;
    crate::support::definitions(&format!("{body}{places}"))
}

/// What comes back of a drawing whose only step, `t`, was edited; it must come back itself, and say nothing new.
fn edited(body: &str, fields: &Value) -> (Workspace, String) {
    let workspace = imported(&small(body));
    let id = process(&workspace, "業務");
    edit(&workspace, &json!([set(&step(&id, "t"), fields)]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses, [], "{fields}");
    says_nothing_new(&workspace, "counter.bpmn", &file.text);
    (workspace, file.text)
}

const WITH_PROPERTIES: &str = r#"<bpmn:process id="p" name="業務"><bpmn:userTask id="t" name="受付"><bpmn:extensionElements><vendor:p name="所要時間" value="15"/><vendor:p name="媒体" value="画面"/></bpmn:extensionElements></bpmn:userTask></bpmn:process>"#;

#[test]
fn only_what_the_drawing_does_not_say_is_written_beside_it() {
    let (workspace, text) = edited(WITH_PROPERTIES, &json!({"medium": "紙"}));
    assert!(text.contains(r#"<ezu:step xmlns:ezu="urn:ezu:bpmn:1" medium="紙"/>"#), "{text}");
    // What a drawing program changes of the rest is therefore heard.
    let later = text.replace("value=\"15\"", "value=\"40\"").replace("userTask", "manualTask");
    import(&workspace, "counter.bpmn", later.as_bytes(), &ImportOptions::default());
    let snapshot = workspace.current();
    let held = snapshot.element(&step(&process(&workspace, "業務"), "t")).expect("the step").attributes.clone();
    let value = |name: &str| {
        held.get(snapshot.metamodel().attribute_name(name).expect("a name")).map(|held| held.to_line("ja"))
    };
    assert_eq!(
        ["minutes_per_case", "means", "medium"].map(value),
        ["40", "手作業", "紙"].map(|text| Some(text.to_owned()))
    );
}

#[test]
fn what_was_taken_out_of_the_model_is_taken_back() {
    for (field, rest) in [("minutes_per_case", "medium"), ("medium", "minutes_per_case"), ("means", "medium")] {
        let (_, text) = edited(WITH_PROPERTIES, &json!({field: null}));
        assert_eq!(said(&text, "t", field), Value::Null, "{field}: {text}");
        assert_ne!(said(&text, "t", rest), Value::Null, "{rest}: {text}");
    }
    let (_, text) = edited(WITH_PROPERTIES, &json!({"medium": null, "minutes_per_case": 3}));
    assert_eq!((said(&text, "t", "medium"), said(&text, "t", "minutes_per_case")), (Value::Null, json!(3)));
    let (_, text) = edited(WITH_PROPERTIES, &json!({"minutes_per_case": 99_999_999_999_i64}));
    assert_eq!(said(&text, "t", "minutes_per_case"), json!(99_999_999_999_i64));
}

#[test]
fn documentation_keeps_its_white_space() {
    let body = r#"<bpmn:process id="p" name="業務"><bpmn:task id="t" name="受付"/></bpmn:process>"#;
    for documentation in ["一行目\n", " 字下げ", "a\r\nb", "a\rb", "\n"] {
        let (_, text) = edited(body, &json!({"documentation": documentation}));
        assert_eq!(said(&text, "t", "documentation"), json!(documentation), "{text}");
    }
    let noted = r#"<bpmn:process id="p" name="業務"><bpmn:task id="t" name="受付"/><bpmn:textAnnotation id="n"><bpmn:text>注記</bpmn:text></bpmn:textAnnotation><bpmn:association id="a" sourceRef="t" targetRef="n"/></bpmn:process>"#;
    for documentation in ["\n\n注記", "注記", "説明\n\n注記", "別の説明"] {
        let (_, text) = edited(noted, &json!({"documentation": documentation}));
        assert_eq!(said(&text, "t", "documentation"), json!(documentation), "{text}");
    }
}

#[test]
fn references_to_what_the_model_does_not_know_stay() {
    let beside = r#"<z:step xmlns:z="urn:ezu:bpmn:1" system="sys-none" lane="dep-none"/>"#;
    let body = format!(
        r#"<bpmn:process id="p" name="業務"><bpmn:task id="t" name="受付"><bpmn:extensionElements>{beside}</bpmn:extensionElements></bpmn:task></bpmn:process>"#
    );
    let workspace = imported(&small(&body));
    let id = process(&workspace, "業務");
    assert_eq!(exported(&workspace, &id, Drawing::Fitting).text, small(&body));
    edit(&workspace, &json!([set(&step(&id, "t"), &json!({"medium": "紙"}))]));
    let text = exported(&workspace, &id, Drawing::Fitting).text;
    assert!(text.contains("system=\"sys-none\"") && text.contains("lane=\"dep-none\""), "{text}");
}

#[test]
fn a_service_task_that_is_called_like_a_system_is_no_riddle() {
    let body = |name: &str| {
        format!(r#"<bpmn:process id="p" name="業務"><bpmn:serviceTask id="t" name="{name}"/></bpmn:process>"#)
    };
    let workspace = imported(&small(&body("住民記録システム")));
    let id = process(&workspace, "業務");
    assert_eq!(exported(&workspace, &id, Drawing::Fitting).text, small(&body("住民記録システム")));
    let (_, text) = edited(&body("登録する"), &json!({"function": "住民記録システム"}));
    assert!(text.contains("system=\"\""), "{text}");
}

#[test]
fn a_drawing_of_ezu_bears_the_names_of_today() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    edit(&workspace, &json!([set(&step(&id, "Record"), &json!({"lane": "dept-shuzei"}))]));
    let drawn = exported(&workspace, &id, Drawing::New).text;
    import(&workspace, "drawn.bpmn", drawn.as_bytes(), &ImportOptions::default());
    edit(&workspace, &json!([set("dept-shuzei", &json!({"name": "改称課"}))]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert!(file.text.contains("name=\"改称課\"") && !file.text.contains("収税課"), "{}", file.text);
    says_nothing_new(&workspace, "drawn.bpmn", &file.text);
}

#[test]
fn an_older_drawing_is_told_where_the_newest_cannot_be_used() {
    let older = small(r#"<bpmn:process id="p" name="業務"><bpmn:task id="t" name="受付"/></bpmn:process>"#);
    let workspace = imported(&older);
    let id = process(&workspace, "業務");
    let newer = small(
        r#"<bpmn:process id="p" name="業務"><bpmn:task id="t" name="受付"/></bpmn:process><bpmn:process id="q" name="業務二"><bpmn:task id="u" name="他"/></bpmn:process>"#,
    );
    import(&workspace, "newer.bpmn", newer.as_bytes(), &ImportOptions::default());
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!((file.text.as_str(), file.losses.len()), (newer.as_str(), 0), "the newest");
    edit(&workspace, &json!([{"op": "delete_element", "id": process(&workspace, "業務二"), "cascade": true}]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["older_drawing"]);
    assert_eq!(file.text, older);
}

#[test]
fn instructions_and_marked_sections_come_back() {
    let body = "<bpmn:process id=\"p\" name=\"業務\"><bpmn:documentation><![CDATA[a\u{202e}b]]></bpmn:documentation><!-- <![CDATA[ --><bpmn:task id=\"t\" name=\"受付\"/></bpmn:process>";
    let text = small(body);
    let text = format!("<?xml-stylesheet href=\"a.xsl\"?>\n{}", text.split_once('\n').expect("a declaration").1);
    let workspace = imported(&text);
    let back = exported(&workspace, &process(&workspace, "業務"), Drawing::Fitting).text;
    let kept = text.replace('\u{202e}', "]]>&#x202E;<![CDATA[");
    assert_eq!(back, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{kept}"));
    let said = |text: &str| {
        Document::parse(text)
            .expect("well-formed")
            .descendants()
            .find(|node| node.tag_name().name() == "documentation")
            .and_then(|node| node.text().map(str::to_owned))
    };
    assert_eq!(said(&back), said(&text));
}

#[test]
fn an_activity_with_the_id_of_data_is_no_step_and_no_obstacle() {
    let text = small(
        r#"<bpmn:process id="p" name="業務"><bpmn:dataObject id="t" name="台帳"/><bpmn:dataObjectReference id="r" dataObjectRef="t"/><bpmn:task id="a" name="受付"><bpmn:dataInputAssociation><bpmn:sourceRef>r</bpmn:sourceRef></bpmn:dataInputAssociation></bpmn:task></bpmn:process><bpmn:process id="q" name="業務二"><bpmn:task id="t" name="審査"/></bpmn:process>"#,
    );
    let workspace = imported(&text);
    let file = exported(&workspace, &process(&workspace, "業務"), Drawing::Fitting);
    assert_eq!((file.text, file.losses), (text, Vec::new()));
}

#[test]
fn a_drawing_without_any_process_says_so() {
    let read = bpmn("a.bpmn", small("").as_bytes()).expect("readable");
    assert_eq!(crate::support::codes(&read), ["no_process"]);
}

/// Every step of every drawing with another name, documentation and time.
#[test]
fn edits_of_every_drawing_of_the_corpus_are_read_again() {
    let Some(paths) = corpus("bpmn", ".bpmn") else { return };
    let (mut written, mut told) = (0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy();
        let workspace = empty();
        import(&workspace, &name, &bytes, &ImportOptions::default());
        let snapshot = workspace.current();
        let kind = |name: &str| snapshot.metamodel().kind_named(name).expect("a kind").id;
        let steps: Vec<String> = snapshot.ids_of_kind(kind("process_step"), None).map(ToString::to_string).collect();
        let fields = |place: usize| json!({"function": format!("作業 <{place}>"), "documentation": format!("説明\n{place}"), "minutes_per_case": 600 + place});
        let edits: Vec<Value> = steps.iter().enumerate().map(|(place, id)| set(id, &fields(place))).collect();
        if edits.is_empty() {
            continue;
        }
        edit(&workspace, &json!(edits));
        let text = String::from_utf8_lossy(&bytes);
        let mut before = counted(text.trim_start_matches('\u{feff}'));
        let snapshot = workspace.current();
        let has_step = kind("has_step");
        let processes = snapshot.ids_of_kind(kind("business_process"), None).map(ToString::to_string);
        for process in processes.filter(|id| !snapshot.outgoing(id, Some(has_step)).is_empty()) {
            let file = exported(&workspace, &process, Drawing::Imported);
            if !file.losses.is_empty() {
                told += 1;
                continue;
            }
            written += 1;
            if let Ok(folder) = std::env::var("EZU_WRITE_BPMN") {
                // For a look at them with render.mjs.
                std::fs::write(format!("{folder}/{written}-edited.bpmn"), &file.text).expect("written");
                std::fs::write(format!("{folder}/{written}-original.bpmn"), &bytes).expect("written");
            }
            says_nothing_new(&workspace, &name, &file.text);
            let mut after = counted(&file.text);
            for changed in ["documentation", "extensionElements"] {
                before.remove(changed);
                after.remove(changed);
            }
            // Documentation may have been marked up.
            let lost: Vec<_> = before.iter().filter(|(name, count)| after.get(*name) != Some(*count)).collect();
            assert!(
                lost.iter().all(|(name, _)| ["p", "br", "b", "div", "span", "html", "body"].contains(&name.as_str())),
                "{}: {lost:?}",
                path.display()
            );
        }
    }
    eprintln!("{written} processes were edited in their drawings, {told} drawn anew");
    assert!(written > 50 && told == 0, "{written} {told}");
}

#[test]
fn what_the_model_says_today_is_written_into_the_drawing() {
    let text = counter();
    let workspace = imported(&text);
    let id = process(&workspace, "転入の受付");
    let record = step(&id, "Record");
    edit(
        &workspace,
        &json!([
            set(&id, &json!({"name": "転入届 <受付>", "documentation": "窓口で\n行う。"})),
            set(&record, &json!({"function": "住民票を\"作る\"", "minutes_per_case": 4, "system": "sys-koseki"})),
            set(
                &step(&id, "Accept"),
                &json!({"documentation": "番号札を渡す。", "medium": "紙", "input": "本人確認書類"})
            ),
            set(&step(&id, "Papers"), &json!({"function": "添付書類を確かめる"})),
        ]),
    );
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses, []);
    let mut before = counted(&text);
    // Two texts, and a place for what ezu writes beside a step that had none.
    *before.entry("documentation".to_owned()).or_default() += 2;
    *before.entry("extensionElements".to_owned()).or_default() += 1;
    assert_eq!(counted(&file.text), before);
    for kept in [
        "<!-- 図 -->",
        "x=\"321\"",
        "name=\"color\" value=\"green\"",
        "name=\"そろっているか\"",
        "name=\"届書を受け付ける\"",
    ] {
        assert!(file.text.contains(kept), "{kept}: {}", file.text);
    }
    let expected = [
        ("Record", "function", json!("住民票を\"作る\"")),
        ("Record", "minutes_per_case", json!(4)),
        ("Record", "medium", json!("画面")),
        ("Record", "documentation", json!("住民票を作る。\n\n15分以内に終える")),
        ("Accept", "documentation", json!("番号札を渡す。")),
        ("Accept", "medium", json!("紙")),
        ("Accept", "input", json!("本人確認書類")),
        ("Papers", "function", json!("添付書類を確かめる")),
    ];
    for (shape, field, expected) in expected {
        assert_eq!(said(&file.text, shape, field), expected, "{shape} {field}");
    }
    says_nothing_new(&workspace, "counter.bpmn", &file.text);
    // Somewhere else it is a file like any other.
    let elsewhere = imported(&file.text);
    let snapshot = elsewhere.current();
    let uses = snapshot.metamodel().kind_named("step_uses").expect("a kind").id;
    let there = process(&elsewhere, "転入届 <受付>");
    let systems: Vec<String> =
        snapshot.outgoing(&step(&there, "Record"), Some(uses)).iter().map(|held| held.target.to_string()).collect();
    assert_eq!(systems, ["sys-koseki"]);
}

#[test]
fn a_lane_bears_the_name_of_who_does_its_steps_now() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    let moved = |shapes: &[&str]| -> Value {
        shapes.iter().map(|shape| set(&step(&id, shape), &json!({"lane": "dept-shuzei"}))).collect()
    };
    edit(&workspace, &moved(&["Record", "Send"]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses, []);
    let document = Document::parse(&file.text).expect("well-formed");
    let lane = document.descendants().find(|node| node.attribute("id") == Some("Back")).expect("the lane");
    assert_eq!(lane.attribute("name"), Some("収税課"));
    says_nothing_new(&workspace, "counter.bpmn", &file.text);
    // One step alone has left its lane: no name of a lane would be true.
    edit(&workspace, &moved(&["Accept"]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    let told: Vec<_> = file.losses.iter().map(|loss| (loss.code, loss.items.clone())).collect();
    assert_eq!(told, [("drawn_anew", vec![step(&id, "Accept")])]);
    assert!(!counted(&file.text).contains_key("exclusiveGateway"), "drawn anew");
}

#[test]
fn steps_that_come_go_or_change_places_ask_for_a_new_drawing() {
    let text = counter();
    let gone = |id: &str| json!([{"op": "delete_element", "id": step(id, "Return"), "cascade": true}]);
    let come = |id: &str| {
        json!([
            {"op": "create_element", "id": "stp-new", "kind": "process_step", "attributes": {"no": 9, "function": "控える"}},
            {"op": "create_relationship", "kind": "has_step", "source": id, "target": "stp-new"},
        ])
    };
    let turned = |id: &str| json!([set(&step(id, "Accept"), &json!({"no": 50}))]);
    let other = |id: &str| json!([set(&step(id, "Record"), &json!({"output": "別の台帳"}))]);
    let edits: [&dyn Fn(&str) -> Value; 4] = [&gone, &come, &turned, &other];
    for operations in edits {
        let workspace = imported(&text);
        let id = process(&workspace, "転入の受付");
        edit(&workspace, &operations(&id));
        let file = exported(&workspace, &id, Drawing::Fitting);
        assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["drawn_anew"], "{}", operations(&id));
        assert!(file.text.contains("exporter=\"ezu\""), "{}", file.text);
    }
}

#[test]
fn a_file_that_does_not_say_where_things_stand_is_given_to_who_asks_for_it() {
    let workspace = imported(COUNTER);
    let id = process(&workspace, "転入の受付");
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["drawn_anew"]);
    assert!(file.text.contains("BPMNShape"), "it can be looked at: {}", file.text);
    let file = exported(&workspace, &id, Drawing::Imported);
    assert_eq!((file.text.as_str(), file.losses), (COUNTER, Vec::new()));
}

#[test]
fn who_wants_a_new_drawing_gets_one() {
    let workspace = imported(&counter());
    let file = exported(&workspace, &process(&workspace, "転入の受付"), Drawing::New);
    assert_eq!(file.losses, []);
    assert!(file.text.contains("exporter=\"ezu\"") && !file.text.contains("exclusiveGateway"));
}

#[test]
fn places_that_were_moved_in_a_drawing_of_ezu_stay() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    let drawn = exported(&workspace, &id, Drawing::New).text;
    let (before, rest) = drawn.split_once("<dc:Bounds x=\"").expect("a place");
    let moved = format!("{before}<dc:Bounds x=\"-4711\" {}", &rest[rest.find("y=\"").expect("a place")..]);
    import(&workspace, "moved.bpmn", moved.as_bytes(), &ImportOptions::default());
    // Two drawings show the process now; that which was imported last comes back.
    edit(&workspace, &json!([set(&step(&id, "Record"), &json!({"minutes_per_case": 99, "system": null}))]));
    let file = exported(&workspace, &id, Drawing::Fitting);
    assert_eq!(file.losses, []);
    assert!(file.text.contains("x=\"-4711\""), "the place");
    let document = Document::parse(&file.text).expect("well-formed");
    let notes: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name((ezu::interchange::bpmn::MODEL, "text")))
        .filter_map(|node| node.text())
        .collect();
    assert!(
        notes.iter().any(|note| note.contains("99分")) && !notes.iter().any(|note| note.contains("15分・")),
        "{notes:?}"
    );
    assert_eq!(said(&file.text, &step(&id, "Record"), "minutes_per_case"), 99);
    says_nothing_new(&workspace, "moved.bpmn", &file.text);
}

/// The record of the drawing that did not come from ezu.
fn foreign_record(workspace: &Workspace) -> String {
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("process_diagram").expect("a kind").id;
    let exporter = snapshot.metamodel().attribute_name("exporter").expect("a name");
    let is_foreign = |id: &String| snapshot.element(id).is_some_and(|held| held.attributes.get(exporter).is_none());
    snapshot.ids_of_kind(kind, None).map(ToString::to_string).find(is_foreign).expect("a record")
}

#[test]
fn a_record_that_somebody_spoilt_is_told_and_never_given() {
    let workspace = imported(&counter());
    let id = process(&workspace, "転入の受付");
    let record = foreign_record(&workspace);
    for content in [
        "",
        "<a",
        "<!DOCTYPE a><a/>",
        "<a/>",
        "<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>",
    ] {
        edit(&workspace, &json!([set(&record, &json!({"content": content}))]));
        let file = exported(&workspace, &id, Drawing::Fitting);
        assert!(file.text.contains("exporter=\"ezu\""), "{content:?}: {}", file.text);
        assert_eq!(file.losses.iter().map(|loss| loss.code).collect::<Vec<_>>(), ["drawn_anew"], "{content:?}");
    }
}

fn any_edit(id: &str) -> impl Strategy<Value = Value> + use<> {
    let shapes = ["Record", "Accept", "Papers", "Person", "Return", "Send"].map(|shape| step(id, shape));
    let text = "[ -~ぁ-んァ-ヶ一-龠<&\"'\n]{1,12}";
    let fields = prop_oneof![
        text.prop_filter("a name", |text| !text.trim().is_empty()).prop_map(|text| json!({"function": text.trim()})),
        text.prop_map(|text| json!({"documentation": text})),
        prop_oneof![Just(json!(null)), (0..500_u32).prop_map(|minutes| json!(minutes))]
            .prop_map(|held| json!({"minutes_per_case": held})),
        prop_oneof![Just(json!(null)), Just(json!("紙")), Just(json!("メール"))]
            .prop_map(|held| json!({"medium": held})),
        prop_oneof![Just(json!(null)), Just(json!("手作業")), Just(json!("システム"))]
            .prop_map(|held| json!({"means": held})),
        prop_oneof![Just(json!(null)), Just(json!("sys-juki")), Just(json!("sys-koseki"))]
            .prop_map(|held| json!({"system": held})),
        prop_oneof![Just(json!("dept-shuzei")), Just(json!("dept-shimin"))].prop_map(|held| json!({"lane": held})),
        prop_oneof![Just(json!(null)), Just(json!("申請書、控え"))].prop_map(|held| json!({"input": held})),
    ];
    (prop::sample::select(shapes.to_vec()), fields).prop_map(|(id, fields)| set(&id, &fields))
}

fn cases() -> ProptestConfig {
    let wanted = std::env::var("KEPT_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig::with_cases(wanted.unwrap_or(24))
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever was edited: the export is well-formed, keeps every shape that was drawn or tells that it does not, and says
    /// nothing new when it is imported again.
    #[test]
    fn any_edits_are_written_so_that_they_are_read_again(edits in prop::collection::vec(any_edit("prc-転入の受付"), 1..6)) {
        let text = counter();
        let workspace = imported(&text);
        let id = process(&workspace, "転入の受付");
        for one in &edits {
            edit(&workspace, &json!([one]));
        }
        let file = exported(&workspace, &id, Drawing::Fitting);
        if file.losses.is_empty() {
            let (before, after) = (counted(&text), counted(&file.text));
            for name in ["exclusiveGateway", "sequenceFlow", "BPMNShape", "lane", "property", "textAnnotation", "dataObjectReference"] {
                prop_assert_eq!(before.get(name), after.get(name), "{}", name);
            }
            says_nothing_new(&workspace, "counter.bpmn", &file.text);
        } else {
            prop_assert!(file.text.contains("exporter=\"ezu\""));
        }
    }

    /// Damaged drawings, as far as they are read at all: what the model says otherwise is written into them or is told not to
    /// be, and says nothing new when it is imported again.
    #[test]
    fn damaged_drawings_are_written_so_that_they_are_read_again(
        at in any::<prop::sample::Index>(),
        length in 0..40_usize,
        from in any::<prop::sample::Index>(),
    ) {
        let text = counter();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let (start, piece) = (at.index(places.len()), from.index(places.len()));
        let end = |place: usize| places.get(place + length).copied().unwrap_or(text.len());
        let damaged = format!("{}{}{}", &text[..places[start]], &text[places[piece]..end(piece)], &text[end(start)..]);
        if bpmn("damaged.bpmn", damaged.as_bytes()).is_err() {
            return Ok(());
        }
        let workspace = imported(&damaged);
        let snapshot = workspace.current();
        let kind = |name: &str| snapshot.metamodel().kind_named(name).expect("a kind").id;
        let record = snapshot.ids_of_kind(kind("process_diagram"), None).next().expect("a record").to_string();
        let of_step = |id: &String| snapshot.incoming(id, Some(kind("has_step"))).first().map(|held| held.source.to_string());
        let ours = |id: &String| id.contains("--") && snapshot.revision_of(id) == snapshot.revision_of(&record);
        for step in snapshot.ids_of_kind(kind("process_step"), None).map(ToString::to_string).filter(ours) {
            let Some(process) = of_step(&step) else { continue };
            edit(&workspace, &json!([set(&step, &json!({"function": "書き直した作業", "minutes_per_case": 77}))]));
            let file = exported(&workspace, &process, Drawing::Fitting);
            if file.losses.is_empty() {
                says_nothing_new(&workspace, "damaged.bpmn", &file.text);
            } else {
                prop_assert!(file.text.contains("exporter=\"ezu\""));
            }
        }
    }
}
