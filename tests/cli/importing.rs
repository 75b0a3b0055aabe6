//! Files in, files out, and what is said about files that are wrong.

use crate::support::{Folder, hanano};

const SMALL: &str = "\
model: small
departments:
- id: dept-a
  name: 甲課
systems:
- id: sys-a
  name: システム甲
  owner_department: dept-a
  availability:
    rto_hours: 4
  users: 10
- id: sys-b
  name: システム乙
  depends_on:
  - target: sys-a
    level: essential
";

#[test]
fn export_import_export_is_byte_identical() {
    let folder = Folder::with_city();
    folder.succeeds(&["export", "--format", "yaml", "--output", "first.yaml"]);
    folder.succeeds(&["import", "first.yaml", "--data", "second"]);
    let second = folder.succeeds(&["export", "--data", "second"]);
    assert!(folder.read("first.yaml") == second, "the second export differs");
    assert!(second.matches("\n- id: sys-").count() == 161, "{}", second.matches("\n- id: sys-").count());
}

#[test]
fn a_json_export_says_the_same_as_the_yaml_one() {
    let folder = Folder::with_city();
    folder.succeeds(&["export", "--format", "json", "--output", "city.json"]);
    let json: serde_json::Value = serde_json::from_str(&folder.read("city.json")).expect("JSON");
    assert_eq!(json["systems"].as_array().map(Vec::len), Some(161));
    let preview = folder.succeeds(&["import", "city.json"]);
    assert!(preview.contains("total: 0 created, 0 updated, 1622 unchanged; 0 relationship(s)"), "{preview}");
    folder.succeeds(&["import", "city.json", "--data", "second"]);
    assert!(folder.succeeds(&["export"]) == folder.succeeds(&["export", "--data", "second"]), "the exports differ");
}

#[test]
fn a_dry_run_leaves_nothing() {
    let folder = Folder::new();
    let preview = folder.succeeds(&["import", &hanano(), "--dry-run"]);
    assert!(preview.contains("total: 1622 created, 0 updated, 0 unchanged"), "{preview}");
    assert!(preview.contains("dry run: nothing was changed"), "{preview}");
    assert!(!folder.path("data").exists());

    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml"]);
    let before = folder.succeeds(&["ledger", "head"]);
    folder.write("more.yaml", "model: m\nsystems:\n- id: sys-c\n  name: システム丙\n");
    folder.succeeds(&["import", "more.yaml", "--dry-run"]);
    assert_eq!(folder.succeeds(&["ledger", "head"]), before);
}

#[test]
fn what_exists_is_updated_and_what_is_left_out_stays() {
    let folder = Folder::new();
    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml", "--message", "first", "--author", "甲"]);
    folder.write(
        "later.yaml",
        "model: m\nsystems:\n- id: sys-a\n  name: システム甲\n  users: 12\n- id: sys-b\n  name: システム乙\n\
         - id: sys-c\n  name: システム丙\n  depends_on:\n  - {target: sys-b, level: support}\n",
    );
    let preview = folder.succeeds(&["import", "later.yaml"]);
    assert!(preview.contains("total: 1 created, 1 updated, 1 unchanged; 1 relationship(s)"), "{preview}");
    let export = folder.succeeds(&["export"]);
    assert!(
        export.contains("users: 12") && export.contains("rto_hours: 4") && export.contains("owner_department: dept-a"),
        "{export}"
    );
    // A second time there is nothing to do, and no revision is spent on it.
    let again = folder.succeeds(&["import", "later.yaml"]);
    assert!(again.contains("nothing to do"), "{again}");
    let history = folder.succeeds(&["history", "--format", "json"]);
    let history: serde_json::Value = serde_json::from_str(&history).expect("JSON");
    assert_eq!(history.as_array().map(Vec::len), Some(2));
    assert_eq!((&history[1]["message"], &history[1]["author"]), (&"first".into(), &"甲".into()));
    // `null` is the way to take something away.
    folder.write("null.yaml", "model: m\nsystems:\n- {id: sys-a, users: null}\n");
    folder.succeeds(&["import", "null.yaml"]);
    assert!(!folder.succeeds(&["export"]).contains("users:"));
}

#[test]
fn an_update_of_a_reference_counts_as_an_update_of_its_record() {
    let folder = Folder::new();
    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml"]);
    folder.write("later.yaml", "model: m\nsystems:\n- id: sys-b\n  owner_department: dept-a\n");
    let preview = folder.succeeds(&["import", "later.yaml"]);
    assert!(preview.contains("total: 0 created, 1 updated, 0 unchanged; 1 relationship(s)"), "{preview}");
}

#[test]
fn a_problem_names_file_line_id_attribute_and_the_nearest_id() {
    let folder = Folder::new();
    folder.write("bad.yaml", &SMALL.replace("owner_department: dept-a", "owner_department: dept-aa"));
    let error = folder.fails(1, &["import", "bad.yaml"]);
    assert!(error.contains("bad.yaml:8: sys-a: owner_department: "), "{error}");
    assert!(error.contains("dept-aa") && error.contains("did you mean \"dept-a\"?"), "{error}");

    folder.write("bad.yaml", &SMALL.replace("rto_hours: 4", "rto_hours: soon"));
    let error = folder.fails(1, &["import", "bad.yaml"]);
    assert!(error.contains("bad.yaml:10: sys-a: availability.rto_hours: "), "{error}");

    folder.write("bad.yaml", &SMALL.replace("systems:", "sistems:"));
    let error = folder.fails(1, &["import", "bad.yaml"]);
    assert!(error.contains("bad.yaml:5: ") && error.contains("did you mean \"systems\"?"), "{error}");
}

#[test]
fn a_problem_in_an_update_is_found_in_the_file_too() {
    let folder = Folder::new();
    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml"]);
    let before = folder.succeeds(&["ledger", "head"]);
    // The first record says nothing new and makes no operation: places must still be told rightly.
    folder.write("bad.yaml", "model: m\nsystems:\n- id: sys-b\n- id: sys-a\n  availability:\n    rto_hours: soon\n");
    let error = folder.fails(1, &["import", "bad.yaml"]);
    assert!(error.contains("bad.yaml:6: sys-a: availability.rto_hours: "), "{error}");
    assert_eq!(folder.succeeds(&["ledger", "head"]), before);
}

#[test]
fn the_ends_of_a_flow_do_not_change_by_import() {
    let folder = Folder::new();
    folder.write(
        "small.yaml",
        &format!("{SMALL}data_flows:\n- id: flw-a\n  source: sys-a\n  target: sys-b\n  method: api\n"),
    );
    folder.succeeds(&["import", "small.yaml"]);
    folder.write("moved.yaml", "model: m\ndata_flows:\n- id: flw-a\n  source: sys-b\n  target: sys-a\n");
    let error = folder.fails(1, &["import", "moved.yaml"]);
    assert!(error.contains("moved.yaml:4: flw-a: source: ") && error.contains("ends cannot change"), "{error}");
}

#[test]
fn the_same_id_twice_is_refused() {
    let folder = Folder::new();
    folder.write("twice.yaml", "model: m\nsystems:\n- {id: sys-a, name: 甲}\n- {id: sys-a, name: 乙}\n");
    let error = folder.fails(1, &["import", "twice.yaml"]);
    assert!(error.contains("twice.yaml:4: sys-a: "), "{error}");
    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml"]);
    let error = folder.fails(1, &["import", "twice.yaml"]);
    assert!(error.contains("twice.yaml:4: sys-a: "), "{error}");
}

#[test]
fn other_formats_and_absent_files_are_refused_by_name() {
    let folder = Folder::new();
    folder.write("book.xlsx", "no workbook");
    let error = folder.fails(1, &["import", "book.xlsx"]);
    assert!(error.contains("book.xlsx") && error.contains("見出しの行が見つからず"), "{error}");
    let error = folder.fails(3, &["import", "absent.yaml"]);
    assert!(error.contains("absent.yaml cannot be read"), "{error}");
    folder.write("empty.yaml", "model: m\n");
    let error = folder.fails(1, &["import", "empty.yaml"]);
    assert!(error.contains("empty.yaml:0: there is no record in it"), "{error}");
    assert!(!folder.path("data").exists(), "what was refused left a folder");
}

#[test]
fn exports_of_earlier_revisions_are_as_they_were() {
    let folder = Folder::new();
    folder.write("small.yaml", SMALL);
    folder.succeeds(&["import", "small.yaml"]);
    let first = folder.succeeds(&["export"]);
    folder.write("more.yaml", "model: m\nsystems:\n- {id: sys-a, users: 99}\n");
    folder.succeeds(&["import", "more.yaml"]);
    assert_ne!(folder.succeeds(&["export"]), first);
    assert_eq!(folder.succeeds(&["export", "--revision", "1"]), first);
    let error = folder.fails(1, &["export", "--revision", "9"]);
    assert!(error.contains("there is no revision 9; the newest is 2"), "{error}");
}

#[test]
fn an_export_holds_what_is_no_longer_valid() {
    let folder = Folder::new();
    folder.write("old.yaml", "model: m\nsystems:\n- {id: sys-old, name: 旧, valid_to: 2001-03-31}\n");
    folder.succeeds(&["import", "old.yaml"]);
    assert!(folder.succeeds(&["export"]).contains("sys-old"));
}
