//! Files that mean harm, or nothing.

use proptest::prelude::*;

use crate::support::{bpmn, definitions, of_kind, structurizr};

fn refused(bytes: &[u8]) -> String {
    bpmn("evil.bpmn", bytes).expect_err("refused").0.code
}

#[test]
fn entities_and_other_files_are_never_resolved() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="&b;"/></definitions>"#;
    assert_eq!(refused(bomb.as_bytes()), "document_type");
    let outside =
        r#"<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>"#;
    assert_eq!(refused(outside.as_bytes()), "document_type");
}

#[test]
fn what_is_no_bpmn_says_what_it_is() {
    for text in [
        "",
        "{}",
        "<a/>",
        "<definitions/>",
        r#"<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>"#,
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/DI"/>"#,
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\">",
    ] {
        let error = bpmn("a.bpmn", text.as_bytes()).expect_err(text);
        assert!(error.0.remedy.is_some(), "{text}: it says what to do");
    }
}

#[test]
fn sub_processes_nest_as_deep_as_the_limit_and_no_deeper() {
    let nested = |depth: usize| {
        let open: String = (0..depth).map(|n| format!(r#"<bpmn:subProcess id="s{n}">"#)).collect();
        definitions(&format!(
            r#"<bpmn:process id="p" name="P">{open}<bpmn:task id="t" name="T"/>{}</bpmn:process>"#,
            "</bpmn:subProcess>".repeat(depth)
        ))
    };
    let read = bpmn("deep.bpmn", nested(200).as_bytes()).expect("readable");
    assert_eq!(of_kind(&read, "process_step").len(), 1);
    assert_eq!(refused(nested(10_000).as_bytes()), "limit_exceeded");
}

#[test]
fn references_in_circles_end() {
    let text = definitions(
        r#"<bpmn:process id="p" name="P"><bpmn:task id="a" name="A"/><bpmn:task id="b" name="B"/>
        <bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="b"/><bpmn:sequenceFlow id="f2" sourceRef="b" targetRef="a"/>
        <bpmn:sequenceFlow id="f3" sourceRef="a" targetRef="a"/>
        <bpmn:dataObjectReference id="x" dataObjectRef="y"/><bpmn:dataObjectReference id="y" dataObjectRef="x"/>
        <bpmn:association id="as" sourceRef="a" targetRef="x"/></bpmn:process>"#,
    );
    let read = bpmn("circle.bpmn", text.as_bytes()).expect("readable");
    assert_eq!(of_kind(&read, "process_step").len(), 2);
}

#[test]
fn ten_thousand_steps_take_no_long_time() {
    let steps: String = (0..10_000).map(|n| format!(r#"<bpmn:task id="t{n}" name="T{n}"/>"#)).collect();
    let flows: String = (1..10_000)
        .map(|n| format!(r#"<bpmn:sequenceFlow id="f{n}" sourceRef="t{}" targetRef="t{n}"/>"#, n - 1))
        .collect();
    let text = definitions(&format!(r#"<bpmn:process id="p" name="P">{flows}{steps}</bpmn:process>"#));
    let started = std::time::Instant::now();
    let read = bpmn("long.bpmn", text.as_bytes()).expect("readable");
    assert_eq!(of_kind(&read, "process_step").len(), 10_000);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn workspaces_that_are_none_say_why() {
    for (text, code) in [
        ("", "not_json"),
        ("[", "not_json"),
        ("[]", "no_workspace"),
        (r#"{"model": 3}"#, "no_workspace"),
        (r#"workspace "Big Bank" {}"#, "not_json"),
    ] {
        assert_eq!(structurizr("a.json", text.as_bytes()).expect_err(text).0.code, code, "{text}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(structurizr("deep.json", deep.as_bytes()).expect_err("too deep").0.code, "not_json");
}

/// Pieces of which files are made, so that many random files get far.
fn piece() -> impl Strategy<Value = String> {
    let id = "[abc]";
    let kind = prop::sample::select(vec![
        "task",
        "userTask",
        "serviceTask",
        "subProcess",
        "startEvent",
        "laneSet",
        "lane",
        "dataObject",
        "dataStoreReference",
        "ioSpecification",
        "participant",
        "messageFlow",
        "association",
        "textAnnotation",
        "extensionElements",
        "process",
        "collaboration",
    ]);
    let leaf = (kind.clone(), id, id, id).prop_map(|(kind, id, source, target)| {
        format!(
            r#"<bpmn:{kind} id="{id}" name="N{id}" sourceRef="{source}" targetRef="{target}" processRef="{target}" dataObjectRef="{source}" attachedToRef="{target}"><bpmn:flowNodeRef>{source}</bpmn:flowNodeRef><bpmn:dataInputAssociation><bpmn:sourceRef>{source}</bpmn:sourceRef></bpmn:dataInputAssociation><bpmn:extensionElements><vendor:p name="minutes" value="{id}1"/></bpmn:extensionElements></bpmn:{kind}>"#
        )
    });
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (kind.clone(), id, prop::collection::vec(inner, 0..4))
            .prop_map(|(kind, id, inner)| format!(r#"<bpmn:{kind} id="{id}">{}</bpmn:{kind}>"#, inner.concat()))
    })
}

/// Found at random: the data that a task reads has the id of the process.
#[test]
fn data_with_the_id_of_a_process_stay_apart() {
    let text = definitions(
        r#"<bpmn:process id="a" name="P"><bpmn:dataObject id="b" name="D" dataObjectRef="a"/><bpmn:task id="c" name="T"><bpmn:dataInputAssociation><bpmn:sourceRef>b</bpmn:sourceRef></bpmn:dataInputAssociation></bpmn:task></bpmn:process>"#,
    );
    let read = bpmn("twice.bpmn", text.as_bytes()).expect("read");
    let mut ids: Vec<String> = read.items.iter().filter_map(|item| item.source_id).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), all), (4, 4), "process, task, data, drawing: {ids:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_nesting_is_read_without_panic(pieces in prop::collection::vec(piece(), 0..6)) {
        let text = definitions(&pieces.concat());
        let read = bpmn("random.bpmn", text.as_bytes()).expect("it is BPMN, whatever is in it");
        let mut ids: Vec<String> = read.items.iter().filter_map(|item| item.source_id).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        // Flows may share an id that is used twice; items of the model are known by one each.
        prop_assert!(all - ids.len() <= read.items.iter().filter(|item| item.ends.is_some()).count());
    }

    #[test]
    fn cut_and_garbled_files_are_refused_or_read(at in 0..6_000_usize, with in any::<[u8; 3]>()) {
        let mut bytes = include_bytes!("fixtures/counter.bpmn").to_vec();
        let place = at % bytes.len();
        let _ = bpmn("cut.bpmn", &bytes[..place]);
        let end = (place + with.len()).min(bytes.len());
        bytes[place..end].copy_from_slice(&with[..end - place]);
        let _ = bpmn("garbled.bpmn", &bytes);
    }

    #[test]
    fn any_json_is_refused_or_read(text in r#"\{"name":("[a-z]{0,3}"|3|null),"model":\{"people":(\[\{"id":"1","name":"a","relationships":\[\{"sourceId":"1","destinationId":"[12]"\}\]\}\]|\[\]|\{\}|\[3\]|null),"softwareSystems":(\[\{"id":"2","name":"b","containers":\[\{"name":"c"\},\{"name":"c"\},\{\}\]\}\]|3)\}\}"#) {
        prop_assert!(structurizr("a.json", text.as_bytes()).is_ok());
    }
}
