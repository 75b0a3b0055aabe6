//! Verify, back up, restore, and the ledger behind it.

use std::fs;
use std::path::Path;

use crate::support::{Folder, Ran};

const MARK: &str = "ANCHORTEXT";

fn with_two_revisions() -> Folder {
    let folder = Folder::new();
    folder.write("a.yaml", &format!("model: m\nsystems:\n- {{id: sys-a, name: {MARK}}}\n"));
    folder.write("b.yaml", "model: m\nsystems:\n- {id: sys-b, name: 乙}\n");
    folder.succeeds(&["import", "a.yaml"]);
    folder.succeeds(&["import", "b.yaml"]);
    folder
}

/// `REVISION:HASH` as a command printed it.
fn witness(text: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix("witness: "));
    line.unwrap_or_else(|| panic!("no witness in {text}")).to_owned()
}

/// Changes one letter of every [`MARK`] in the files under a folder whose path accepts; says how many.
fn flip(folder: &Path, accept: &dyn Fn(&Path) -> bool) -> usize {
    let mut flipped = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            flipped += flip(&path, accept);
        } else if accept(&path) {
            let mut bytes = fs::read(&path).expect("readable");
            let places: Vec<usize> = bytes
                .windows(MARK.len())
                .enumerate()
                .filter(|(_, seen)| *seen == MARK.as_bytes())
                .map(|(at, _)| at)
                .collect();
            for place in &places {
                bytes[*place] ^= 1;
            }
            flipped += places.len();
            fs::write(&path, bytes).expect("written");
        }
    }
    flipped
}

#[test]
fn a_sound_folder_is_called_sound_and_a_witness_is_confirmed_or_not() {
    let folder = with_two_revisions();
    let said = folder.succeeds(&["verify"]);
    assert!(said.ends_with("sound\n") && said.contains("model: 2 items, 0 unlike the ledger"), "{said}");
    let head = witness(&folder.succeeds(&["ledger", "head"]));
    assert!(folder.succeeds(&["verify", "--witness", &head]).contains("what was witnessed: confirmed"));
    let wrong = format!("2:{}", "0".repeat(64));
    let ran = folder.run(&["verify", "--witness", &wrong]);
    assert!(ran.code == 1 && ran.out.contains("NOT confirmed"), "{} {}", ran.code, ran.out);
    folder.fails(2, &["verify", "--witness", "nonsense"]);
}

#[test]
fn a_byte_flipped_in_both_copies_is_found() {
    let folder = with_two_revisions();
    assert!(flip(&folder.path("data"), &|path| path.to_string_lossy().contains("journal")) > 0);
    assert!(flip(&folder.path("data"), &|path| path.to_string_lossy().contains("second-")) > 0);
    let ran = folder.run(&["verify", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["sound"], false);
    assert!(report["ledger"]["problems"][0]["revision"] == 1, "{report:#}");
    // Nothing answers from such a folder either.
    let error = folder.fails(3, &["export"]);
    assert!(error.contains("revision 1"), "{error}");
}

#[test]
fn a_byte_flipped_in_one_copy_is_found_and_mended_by_opening() {
    let folder = with_two_revisions();
    let before = folder.succeeds(&["export"]);
    assert!(flip(&folder.path("data"), &|path| path.to_string_lossy().contains("journal")) > 0);
    let ran = folder.run(&["verify"]);
    assert!(ran.code == 1 && ran.out.contains("PROBLEM journal") && ran.out.contains("NOT SOUND"), "{}", ran.out);
    assert_eq!(folder.succeeds(&["export"]), before);
    folder.succeeds(&["verify"]);
}

#[test]
fn a_backup_restores_to_the_same_hash_and_the_same_model() {
    let folder = with_two_revisions();
    let backed_up = witness(&folder.succeeds(&["backup", "all.backup"]));
    assert_eq!(backed_up, witness(&folder.succeeds(&["ledger", "head"])));
    let restored = witness(&folder.succeeds(&["restore", "all.backup", "--data", "restored"]));
    assert_eq!(restored, backed_up);
    assert_eq!(folder.succeeds(&["export", "--data", "restored"]), folder.succeeds(&["export"]));
    folder.succeeds(&["verify", "--data", "restored", "--witness", &backed_up]);
}

#[test]
fn a_part_is_backed_up_and_restored_by_revision() {
    let folder = with_two_revisions();
    let first = witness(&folder.succeeds(&["backup", "first.backup", "--revision", "1"]));
    assert!(first.starts_with("1:"), "{first}");
    folder.succeeds(&["backup", "all.backup"]);
    let restored = witness(&folder.succeeds(&["restore", "all.backup", "--revision", "1", "--data", "restored"]));
    assert_eq!(restored, first);
    assert_eq!(folder.succeeds(&["export", "--data", "restored"]), folder.succeeds(&["export", "--revision", "1"]));
    folder.fails(1, &["backup", "no.backup", "--revision", "9"]);
    assert!(!folder.path("no.backup").exists());
}

#[test]
fn nothing_is_overwritten() {
    let folder = with_two_revisions();
    folder.write("there.backup", "precious");
    folder.fails(3, &["backup", "there.backup"]);
    assert_eq!(folder.read("there.backup"), "precious");
    folder.succeeds(&["backup", "all.backup"]);
    let error = folder.fails(1, &["restore", "all.backup"]);
    assert!(error.contains("not empty"), "{error}");
}

#[test]
fn a_changed_backup_is_refused() {
    let folder = with_two_revisions();
    folder.succeeds(&["backup", "all.backup"]);
    assert!(flip(&folder.path("."), &|path| path.ends_with("all.backup")) > 0);
    let ran = folder.run(&["restore", "all.backup", "--data", "restored"]);
    assert!(ran.code == 3, "{} {}{}", ran.code, ran.out, ran.err);
}

#[test]
fn an_export_of_the_ledger_can_be_read_and_restored() {
    let folder = with_two_revisions();
    folder.succeeds(&["ledger", "export", "--output", "ledger.ndjson"]);
    let text = folder.read("ledger.ndjson");
    assert_eq!(text.lines().count(), 3);
    assert!(text.contains(MARK));
    let restored = witness(&folder.succeeds(&["restore", "ledger.ndjson", "--data", "restored"]));
    assert_eq!(restored, witness(&folder.succeeds(&["ledger", "head"])));
}

#[test]
fn a_backup_goes_through_pipes() {
    let folder = with_two_revisions();
    let output = folder.command(&["backup", "-"]).output().expect("runs");
    assert!(output.status.success());
    folder.succeeds(&["backup", "all.backup"]);
    assert_eq!(output.stdout, fs::read(folder.path("all.backup")).expect("readable"));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("witness: 2:"));
}

#[test]
fn the_ledger_is_listed_and_shown() {
    let folder = with_two_revisions();
    let list: serde_json::Value =
        serde_json::from_str(&folder.succeeds(&["ledger", "list", "--format", "json"])).expect("JSON");
    assert_eq!((&list[0]["revision"], &list[1]["revision"]), (&2.into(), &1.into()));
    assert_eq!(list[0]["previous"], list[1]["hash"]);
    let one: serde_json::Value =
        serde_json::from_str(&folder.succeeds(&["ledger", "list", "--limit", "1", "--format", "json"])).expect("JSON");
    assert_eq!(one.as_array().map(Vec::len), Some(1));
    let shown: serde_json::Value = serde_json::from_str(&folder.succeeds(&["ledger", "show", "1"])).expect("JSON");
    assert_eq!(shown["payload"]["operations"][0]["name"], MARK);
    folder.fails(1, &["ledger", "show", "3"]);
}

#[test]
fn a_log_filter_that_is_none_is_told() {
    let folder = Folder::new();
    folder.write("a.yaml", "model: m\nsystems:\n- {id: sys-a, name: a}\n");
    let import = ["import", "a.yaml", "--yes"];
    let output = folder.command(&import).env("EZU_LOG", "ezu=loud").output().expect("the binary starts");
    let ran = Ran::of(&output);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("EZU_LOG=\"ezu=loud\" is not understood"), "{}", ran.err);
}
