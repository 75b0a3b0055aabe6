//! What becomes of what is drawn.

use serde_json::json;

use ezu::application::imports::{Answer, ImportOptions};
use ezu::domain::element::Model;
use ezu::interchange::{Absent, Otherwise, ReadItem, Statement, Target};

use crate::support::{bpmn, changes, city, codes, definitions, empty, import, of_kind, proposal, value};

/// A counter with nested lanes, a system, data in and out, a sub-process, two ways and a black-box pool.
const COUNTER: &str = include_str!("fixtures/counter.bpmn");

fn named(target: &Target) -> (&str, &Otherwise) {
    match target {
        Target::Named(named) => (&named.name, &named.otherwise),
        other => panic!("{other:?}"),
    }
}

fn target(item: &ReadItem, field: &str) -> Target {
    match item.field(field) {
        Some(Statement::References(all)) => all[0].target.clone(),
        other => panic!("{field}: {other:?}"),
    }
}

#[test]
fn steps_say_who_with_what_from_what_to_what_and_how_long() {
    let read = bpmn("counter.bpmn", COUNTER.as_bytes()).expect("readable");
    let steps = of_kind(&read, "process_step");
    let names: Vec<_> = steps.iter().map(|step| value(step, "function")).collect();
    // What is inside the sub-process stands in its place; of the gateway's ways the first in the file comes first.
    let expected =
        ["届書を受け付ける", "本人を確認する", "書類を確かめる", "台帳に記載する", "差し戻す", "証明書を送る"];
    assert_eq!(names, expected);
    let numbers: Vec<_> = steps.iter().map(|step| value(step, "no")).collect();
    assert_eq!(json!(numbers), json!([1, 2, 3, 4, 5, 6]));
    let record = steps[3];
    assert_eq!(value(record, "input"), "転入届書");
    assert_eq!(value(record, "output"), "住民票情報");
    assert_eq!(value(record, "minutes_per_case"), 15);
    assert_eq!(value(record, "medium"), "画面");
    assert_eq!(value(record, "means"), "システム");
    assert_eq!(value(record, "documentation"), "住民票を作る。\n\n15分以内に終える");
    assert_eq!(named(&target(record, "system")), ("住民記録システム", &Otherwise::Ask));
    assert_eq!(named(&target(record, "lane")), ("住民係", &Otherwise::Make("business_role".into())));
    assert_eq!(named(&target(steps[1], "lane")).0, "受付", "what is in a sub-process is in its lane");
    assert_eq!(value(steps[4], "means"), "手作業");
    assert!(steps[4].field("system").is_none(), "a manual task needs no system");
    let process = of_kind(&read, "business_process")[0];
    assert_eq!(process.name.as_deref(), Some("転入の受付"));
    assert_eq!(named(&target(process, "owner_department")), ("市民課", &Otherwise::Nothing));
    let Some(Statement::References(data)) = process.field("data") else { panic!("data") };
    let data: Vec<_> = data.iter().map(|one| (one.target.clone(), json!(one.attributes))).collect();
    let source = |id: &str| Target::Source(id.to_owned());
    // The form is written by one step and read by another, the register is only written.
    let expected =
        [(source("Form"), json!({"access_type": "read_write"})), (source("Register"), json!({"access_type": "write"}))];
    assert_eq!(data, expected);
    assert_eq!(read.absent, Absent::Deleted);
    assert_eq!(codes(&read), Vec::<&str>::new());
}

#[test]
fn what_passes_between_pools_is_a_flow() {
    let read = bpmn("counter.bpmn", COUNTER.as_bytes()).expect("readable");
    let flows = of_kind(&read, "flow");
    let ends: Vec<_> = flows.iter().map(|flow| flow.ends.clone().expect("ends")).collect();
    assert_eq!(ends[0].target, Target::Source("Accept".into()), "into a step");
    assert_eq!(named(&ends[0].source), ("転入者", &Otherwise::Make("external".into())));
    assert_eq!(ends[1].source, Target::Source("Send".into()));
    assert_eq!(flows[1].name.as_deref(), Some("住民票の写し"), "the name of its message");
}

#[test]
fn names_of_the_city_are_found_and_roles_made() {
    let workspace = city();
    let report = import(&workspace, "counter.bpmn", COUNTER.as_bytes(), &ImportOptions::default());
    let snapshot = workspace.current();
    let steps: Vec<_> = changes(&report).into_iter().filter(|(kind, _, _)| kind == "process_step").collect();
    assert_eq!(steps.len(), 6, "{report:#}");
    let (_, step, _) = steps.iter().find(|(_, id, _)| id.ends_with("--Record")).expect("the step");
    let targets = |id: &str, name: &str| -> Vec<String> {
        let kind = snapshot.metamodel().kind_named(name).expect("a kind").id;
        snapshot.outgoing(id, Some(kind)).iter().map(|held| held.target.to_string()).collect()
    };
    assert_eq!(targets(step, "step_uses"), ["sys-juki"], "found by its name");
    let lane = targets(step, "performed_by");
    let role = snapshot.element(&lane[0]).expect("a role");
    assert_eq!(&*snapshot.metamodel().kind(role.kind).name, "business_role");
    let process = changes(&report).into_iter().find(|(kind, _, _)| kind == "business_process").expect("the process").1;
    assert_eq!(targets(&process, "owned_by"), ["dept-shimin"]);
    assert_eq!(targets(&process, "has_step").len(), 6);
}

#[test]
fn a_service_task_without_a_system_is_a_question() {
    let text = definitions(
        r#"<bpmn:process id="p" name="発送"><bpmn:serviceTask id="t" name="住民記録システムへ送る"/></bpmn:process>"#,
    );
    let workspace = city();
    let report = import(&workspace, "a.bpmn", text.as_bytes(), &ImportOptions::default());
    let question = &report["questions"][0];
    assert_eq!(question["text"], "住民記録システムへ送る");
    assert_eq!(question["candidates"][0]["id"], "sys-juki", "what the text names is proposed: {question:#}");
    let id = question["id"].as_str().expect("an id").to_owned();
    let answers = [(id, Answer::Use("sys-juki".into()))].into_iter().collect();
    let options = ImportOptions { answers, ..ImportOptions::default() };
    let again = proposal(&workspace, "a.bpmn", text.as_bytes(), &options);
    assert!(again.report.questions.is_empty());
    assert!(!again.operations.is_empty(), "the step uses the system now");
}

#[test]
fn a_newer_drawing_becomes_the_difference() {
    let workspace = empty();
    let old = definitions(
        r#"<bpmn:process id="p" name="発送"><bpmn:task id="a" name="包む"/><bpmn:task id="b" name="送る"/><bpmn:task id="c" name="控える"/>
        <bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="b"/><bpmn:sequenceFlow id="f2" sourceRef="b" targetRef="c"/></bpmn:process>"#,
    );
    import(&workspace, "old.bpmn", old.as_bytes(), &ImportOptions::default());
    // b is gone, c has another name, d comes in front.
    let new = definitions(
        r#"<bpmn:process id="p" name="発送"><bpmn:task id="a" name="包む"/><bpmn:task id="c" name="控えを取る"/><bpmn:task id="d" name="量る"/>
        <bpmn:sequenceFlow id="f1" sourceRef="d" targetRef="a"/><bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="c"/></bpmn:process>"#,
    );
    let report = import(&workspace, "new.bpmn", new.as_bytes(), &ImportOptions::default());
    assert_eq!(report["conflicts"], json!([]), "{report:#}");
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("process_step").expect("a kind").id;
    let name = |text: &str| snapshot.metamodel().attribute_name(text).expect("a name");
    let (no, function) = (name("no"), name("function"));
    let mut steps: Vec<(i64, String)> = snapshot
        .ids_of_kind(kind, None)
        .filter_map(|id| {
            let step = snapshot.element(id.as_str())?;
            Some((step.attributes.get(no)?.as_integer()?, step.attributes.get(function)?.as_text()?.to_owned()))
        })
        .collect();
    steps.sort();
    assert_eq!(steps, [(1, "量る".into()), (2, "包む".into()), (3, "控えを取る".into())]);
}

#[test]
fn steps_of_different_processes_that_share_a_name_stay_apart() {
    let workspace = empty();
    for (process, name) in [("p", "転入届"), ("q", "転出届")] {
        let text = definitions(&format!(
            r#"<bpmn:process id="{process}" name="{name}"><bpmn:task id="t" name="本人を確認する"/></bpmn:process>"#
        ));
        import(&workspace, "a.bpmn", text.as_bytes(), &ImportOptions::default());
    }
    let snapshot = workspace.current();
    let kind = snapshot.metamodel().kind_named("process_step").expect("a kind").id;
    assert_eq!(snapshot.ids_of_kind(kind, None).count(), 2);
}

#[test]
fn prefixes_and_encodings_do_not_matter() {
    let content = |p: &str| {
        format!(r#"<{p}process id="p" name="Auszahlung prüfen"><{p}userTask id="t" name="Prüfen"/></{p}process>"#)
    };
    let namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    let plain = format!(r#"<definitions xmlns="{namespace}">{}</definitions>"#, content(""));
    let prefixed = format!(
        r#"<?xml version="1.0" encoding="ISO-8859-1"?><s:definitions xmlns:s="{namespace}">{}</s:definitions>"#,
        content("s:")
    );
    let latin: Vec<u8> = prefixed.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    for bytes in [plain.as_bytes(), &latin] {
        let read = bpmn("a.bpmn", bytes).expect("readable");
        assert_eq!(of_kind(&read, "business_process")[0].name.as_deref(), Some("Auszahlung prüfen"));
        assert_eq!(value(of_kind(&read, "process_step")[0], "function"), "Prüfen");
    }
}

#[test]
fn dangling_references_warn_and_the_rest_is_read() {
    let text = definitions(
        r#"<bpmn:collaboration id="c"><bpmn:participant id="pp" name="Pool" processRef="nowhere"/>
          <bpmn:messageFlow id="m" sourceRef="t" targetRef="gone"/></bpmn:collaboration>
          <bpmn:process id="p" name="P"><bpmn:laneSet id="ls"><bpmn:lane id="l" name="L"><bpmn:flowNodeRef>ghost</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
          <bpmn:task id="t" name="T"><bpmn:dataInputAssociation id="da"><bpmn:sourceRef>lost</bpmn:sourceRef></bpmn:dataInputAssociation></bpmn:task>
          <bpmn:boundaryEvent id="b" attachedToRef="off"/>
          <bpmn:dataObjectReference id="dr" dataObjectRef="void"/>
          <bpmn:sequenceFlow id="f" sourceRef="t" targetRef="away"/></bpmn:process>"#,
    );
    let read = bpmn("a.bpmn", text.as_bytes()).expect("readable");
    let lost = read.problems.iter().filter(|problem| problem.code == "dangling_reference");
    let mut lost: Vec<&str> = lost.map(|problem| problem.text.as_str()).collect();
    lost.sort_unstable();
    assert_eq!(lost, ["away", "ghost", "gone", "lost", "nowhere", "off", "void"]);
    assert!(read.problems.iter().all(|problem| problem.place.line.is_some()), "each with its line");
    assert_eq!(of_kind(&read, "process_step").len(), 1);
    assert_eq!(of_kind(&read, "flow").len(), 0);
}

#[test]
fn what_has_no_name_and_times_that_are_none_are_told() {
    let text = definitions(
        r#"<bpmn:process id="p"><bpmn:task id="t"><bpmn:extensionElements><vendor:property name="所要時間" value="すぐ"/></bpmn:extensionElements></bpmn:task>
        <bpmn:task name="no id"/><bpmn:task id="t" name="twice"/></bpmn:process>"#,
    );
    let read = bpmn("folder/発送.bpmn", text.as_bytes()).expect("readable");
    assert_eq!(of_kind(&read, "business_process")[0].name.as_deref(), Some("発送"), "the name of the file");
    assert_eq!(codes(&read), ["duplicate_id", "unnamed_process", "unnamed_step", "unclear_time"]);
    assert_eq!(of_kind(&read, "process_step").len(), 2, "the id that is used twice counts once");
}
