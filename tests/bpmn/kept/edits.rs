//! What the model says today is written into a drawing, and nothing else.

use ezu::application::Workspace;
use ezu::application::imports::ImportOptions;
use ezu::application::texts::Drawing;
use ezu::domain::element::Model;
use serde_json::{Value, json};

use super::{
    counted, counter, each_of_corpus, edit, exported, ids, imported, process, processes_with_steps, said,
    says_nothing_new, set, small, step,
};
use crate::support::import;

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

/// Every step of every drawing with another name, documentation and time.
#[test]
fn edits_of_every_drawing_of_the_corpus_are_read_again() {
    let (mut written, mut told) = (0, 0);
    let looked = each_of_corpus(|name, bytes, workspace| {
        let fields = |place: usize| json!({"function": format!("作業 <{place}>"), "documentation": format!("説明\n{place}"), "minutes_per_case": 600 + place});
        let steps = ids(workspace, "process_step");
        let edits: Vec<Value> = steps.iter().enumerate().map(|(place, id)| set(id, &fields(place))).collect();
        if edits.is_empty() {
            return;
        }
        edit(workspace, &json!(edits));
        for process in processes_with_steps(workspace) {
            let file = exported(workspace, &process, Drawing::Imported);
            if !file.losses.is_empty() {
                told += 1;
                continue;
            }
            written += 1;
            if let Ok(folder) = std::env::var("EZU_WRITE_BPMN") {
                // For a look at them with render.mjs.
                std::fs::write(format!("{folder}/{written}-edited.bpmn"), &file.text).expect("written");
                std::fs::write(format!("{folder}/{written}-original.bpmn"), bytes).expect("written");
            }
            says_nothing_new(workspace, name, &file.text);
            assert_nothing_lost(name, &String::from_utf8_lossy(bytes), &file.text);
        }
    });
    eprintln!("{written} processes were edited in their drawings, {told} drawn anew");
    assert!(looked.is_none() || (written > 50 && told == 0), "{written} {told}");
}

/// As many elements of every name, but for documentation (which may have been marked up) and its place.
fn assert_nothing_lost(name: &str, before: &str, after: &str) {
    let (before, after) = (counted(before.trim_start_matches('\u{feff}')), counted(after));
    let is_text = |name: &str| {
        ["documentation", "extensionElements", "p", "br", "b", "div", "span", "html", "body"].contains(&name)
    };
    let lost: Vec<_> =
        before.iter().filter(|(name, count)| after.get(*name) != Some(*count) && !is_text(name)).collect();
    assert!(lost.is_empty(), "{name}: {lost:?}");
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
