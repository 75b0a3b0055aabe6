//! Drawings that were imported come back as they were, with what the model says today.

use std::collections::BTreeMap;

use ezu::application::imports::ImportOptions;
use ezu::application::texts::{Drawing, TextFile, TextForm, TextRequest, write};
use ezu::application::{Workspace, WriteRequest};
use ezu::domain::element::Model;
use ezu::domain::{ChangeSet, Operation};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::support::{bpmn, changes, city, corpus, empty, import, of_kind, proposal, value};

mod edits;
mod random;
mod unfit;

pub const COUNTER: &str = include_str!("fixtures/counter.bpmn");

/// The counter with places, a comment, and prefixes that only values use.
pub fn counter() -> String {
    let diagram = r#"<!-- 図 --><di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="D"><di:BPMNPlane id="P" bpmnElement="Collaboration"><di:BPMNShape id="S" bpmnElement="Record"><dc:Bounds x="321" y="7" width="100" height="80"/></di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></bpmn:definitions>"#;
    COUNTER.replace("</bpmn:definitions>", diagram)
}

pub fn imported(text: &str) -> Workspace {
    let workspace = city();
    import(&workspace, "counter.bpmn", text.as_bytes(), &ImportOptions::default());
    workspace
}

/// The only process of this name.
pub fn process(workspace: &Workspace, name: &str) -> String {
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("business_process").expect("a kind").id;
    let named =
        |id: &String| snapshot.element(id).and_then(|held| held.name.clone()).is_some_and(|held| &*held == name);
    let mut ids = snapshot.ids_of_kind(kind, None).map(ToString::to_string).filter(named);
    let id = ids.next().expect("a process");
    assert_eq!(ids.next(), None, "one of this name");
    id
}

pub fn exported(workspace: &Workspace, process: &str, drawing: Drawing) -> TextFile {
    let request = TextRequest { around: vec![process.to_owned()], drawing, ..TextRequest::of(TextForm::Bpmn) };
    write(&workspace.current_view(), &request).expect("written")
}

pub fn edit(workspace: &Workspace, operations: &Value) {
    let read = |one: &Value| Operation::from_json(one.clone(), "/operations").expect("an operation");
    let operations = operations.as_array().expect("a list").iter().map(read).collect();
    let change_set = ChangeSet { message: "an edit".to_owned(), operations, ..ChangeSet::default() };
    let request = WriteRequest { change_set, ..WriteRequest::default() };
    workspace.commit_blocking(request).unwrap_or_else(|error| panic!("{error:?}"));
}

/// The step's id in the model.
pub fn step(process: &str, shape: &str) -> String {
    format!("{process}--{shape}")
}

pub fn set(id: &str, fields: &Value) -> Value {
    json!({"op": "update_element", "id": id, "set": fields})
}

/// How many elements of each name there are, ezu's own left out.
pub fn counted(text: &str) -> BTreeMap<String, usize> {
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
pub fn said(text: &str, shape: &str, field: &str) -> Value {
    let read = bpmn("a.bpmn", text.as_bytes()).expect("readable");
    let steps = of_kind(&read, "process_step");
    let step = steps.iter().find(|step| step.source_id.as_deref() == Some(shape)).expect("a step");
    value(step, field)
}

/// Imported again, a file says nothing that the model does not know.
pub fn says_nothing_new(workspace: &Workspace, file: &str, text: &str) {
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

/// Every drawing of the corpora with its name, imported into a model of its own; nothing where they are not there.
pub fn each_of_corpus(mut look: impl FnMut(&str, &[u8], &Workspace)) -> Option<()> {
    for path in corpus("bpmn", ".bpmn")? {
        let (bytes, workspace) = (std::fs::read(&path).expect("readable"), empty());
        let name = path.file_name().expect("a name").to_string_lossy();
        import(&workspace, &name, &bytes, &ImportOptions::default());
        look(&name, &bytes, &workspace);
    }
    Some(())
}

/// The ids of all items of a kind.
pub fn ids(workspace: &Workspace, kind: &str) -> Vec<String> {
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named(kind).expect("a kind").id;
    snapshot.ids_of_kind(kind, None).map(ToString::to_string).collect()
}

pub fn processes_with_steps(workspace: &Workspace) -> Vec<String> {
    let snapshot = workspace.current();
    let has_step = snapshot.metamodel().kind_named("has_step").expect("a kind").id;
    ids(workspace, "business_process")
        .into_iter()
        .filter(|id| !snapshot.outgoing(id, Some(has_step)).is_empty())
        .collect()
}

#[test]
fn every_drawing_of_the_corpus_comes_back_as_it_was_imported() {
    let mut compared = 0;
    let looked = each_of_corpus(|name, _, workspace| {
        let snapshot = workspace.current();
        let content = snapshot.metamodel().attribute_name("content").expect("a name");
        let record = snapshot.element(&ids(workspace, "process_diagram")[0]).expect("the record");
        let kept = record.attributes.get(content).and_then(|held| held.as_text()).expect("a text");
        for process in processes_with_steps(workspace) {
            let file = exported(workspace, &process, Drawing::Fitting);
            assert_eq!(file.losses, [], "{name} {process}");
            // That what is kept is the whole of the file is shown beside, in `corpus`.
            assert_eq!(file.text.split_once('\n').expect("a declaration").1, kept, "{name} {process}");
            compared += 1;
        }
    });
    eprintln!("{compared} processes came back as they were imported");
    assert!(looked.is_none() || compared > 50, "{compared}");
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
pub fn small(body: &str) -> String {
    let places = r#"<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"><d:BPMNPlane><d:BPMNShape bpmnElement="t"/></d:BPMNPlane></d:BPMNDiagram>"#;
    crate::support::definitions(&format!("{body}{places}"))
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
