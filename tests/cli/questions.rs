//! Impact, diagrams and history of the reference city.

use std::io::Read;
use std::process::Stdio;
use std::sync::LazyLock;

use crate::support::{Folder, Ran};

/// Commands of different tests would wait for the folder's lock, so each takes its turn.
static CITY: LazyLock<std::sync::Mutex<Folder>> = LazyLock::new(|| Folder::with_city().into());

fn city(arguments: &[&str]) -> Ran {
    CITY.lock().expect("no test failed inside").run(arguments)
}

fn answer(arguments: &[&str]) -> String {
    let ran = city(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    ran.out
}

#[test]
fn impact_in_every_form() {
    let json: serde_json::Value =
        serde_json::from_str(&answer(&["impact", "sys-juki", "--change", "stop", "--format", "json"])).expect("JSON");
    let total = json["affected_total"].as_u64().expect("a number");
    assert_eq!(json["affected"].as_array().map(|items| items.len() as u64), Some(total));
    let csv = answer(&["impact", "sys-juki", "--format", "csv"]);
    assert_eq!(csv.lines().count() as u64, total + 1);
    let text = answer(&["impact", "sys-juki", "--language", "en"]);
    assert!(text.contains("\nstopped ") && text.contains("revision 1, as of 2026-11-01"), "{text}");
    assert!(answer(&["impact", "sys-juki"]).contains("改訂1、2026-11-01現在"));
    assert!(answer(&["impact", "sys-juki", "--format", "dot"]).starts_with("digraph"));
}

#[test]
fn what_is_unknown_is_said_to_be_unknown() {
    let text = answer(&["impact", "inf-nw-my", "--language", "en"]);
    assert!(text.contains("unknown") && text.contains("\"unknown\" does not mean \"no impact\""), "{text}");
    assert!(text.contains("sys-juki"), "the systems of its zone are named: {text}");
}

#[test]
fn questions_about_nothing_are_refused_with_a_hint() {
    let ran = city(&["impact", "sys-jukii"]);
    assert!(ran.code == 1 && ran.err.contains("did you mean \"sys-juki\"?"), "{}", ran.err);
    let ran = city(&["impact", "sys-juki", "--change", "explode"]);
    assert!(ran.code == 1 && ran.err.contains("person_leaves"), "{}", ran.err);
    assert_eq!(city(&["impact"]).code, 2);
    assert_eq!(city(&["impact", "sys-juki", "--at", "someday"]).code, 2);
}

#[test]
fn every_diagram_is_drawn_and_is_the_same_twice() {
    let kinds: [&[&str]; 5] = [
        &["neighbourhood", "sys-juki", "--depth", "2"],
        &["impact", "sys-juki", "--change", "stop"],
        &["systems", "--departments", "dept-shimin"],
        &["overview"],
        &["department", "dept-shimin"],
    ];
    for kind in kinds {
        let arguments = [&["diagram"], kind].concat();
        let first = answer(&arguments);
        assert!(first.starts_with("digraph") && first.trim_end().ends_with('}'), "{arguments:?}");
        assert_eq!(first, answer(&arguments));
    }
    assert_eq!(answer(&["diagram", "overview"]), answer(&["diagram", "layers"]), "as it is called over REST");
    assert_ne!(answer(&["diagram", "overview"]), answer(&["diagram", "overview", "--language", "en"]));
}

#[test]
fn a_diagram_without_graphviz_says_how_to_get_it() {
    let folder = CITY.lock().expect("no test failed inside");
    folder.write("ezu.toml", "[diagrams]\ndot = \"no-such-dot\"\n");
    let ran = folder.run(&["diagram", "overview", "--format", "svg", "--config", "ezu.toml"]);
    assert!(ran.code == 3 && ran.err.contains("no-such-dot") && ran.err.contains("install"), "{}", ran.err);
    let ran = folder.run(&["diagram", "overview", "--output", "x.jpg"]);
    assert!(ran.code == 1 && ran.err.contains("dot, svg or png"), "{}", ran.err);
}

#[test]
fn history_of_the_model_and_of_an_item() {
    assert!(answer(&["history"]).contains("test"));
    let item: serde_json::Value =
        serde_json::from_str(&answer(&["history", "sys-juki", "--format", "json"])).expect("JSON");
    assert_eq!((item.as_array().map(Vec::len), &item[0]["revision"]), (Some(1), &1.into()));
    assert_eq!(city(&["history", "sys-none-such"]).code, 1);
}

#[test]
fn a_reader_that_has_enough_ends_the_command_quietly() {
    let folder = CITY.lock().expect("no test failed inside");
    let mut child = folder.command(&["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut first = [0; 10];
    let mut pipe = child.stdout.take().expect("piped");
    pipe.read_exact(&mut first).expect("begins");
    drop(pipe);
    let ran = Ran::of(&child.wait_with_output().expect("ends"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn absent_and_faulty_surroundings_are_named() {
    let folder = Folder::new();
    let error = folder.fails(3, &["export"]);
    assert!(error.contains("./data") && error.contains("--data"), "{error}");
    assert!(!folder.path("data").exists(), "a question made a folder");
    let error = folder.fails(3, &["export", "--config", "absent.toml"]);
    assert!(error.contains("absent.toml"), "{error}");
    folder.write("ezu.toml", "[server]\nprot = 1\n");
    assert!(folder.fails(3, &["export", "--config", "ezu.toml"]).contains("prot"));
    folder.write(
        "extension/wrong.yaml",
        "metamodel: wrong\nversion: \"1\"\nelement_kinds:\n  thing:\n    specialises: sistem\n",
    );
    let error = folder.fails(3, &["import", "x.yaml", "--metamodel", "extension"]);
    assert!(error.contains("x.yaml"), "{error}");
    folder.write("x.yaml", "model: m\nsystems:\n- {id: s, name: n}\n");
    let error = folder.fails(3, &["import", "x.yaml", "--metamodel", "extension"]);
    assert!(error.contains("wrong.yaml:5") && error.contains("system"), "{error}");
}
