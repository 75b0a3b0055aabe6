//! What the law forbids to keep is removed for good.

use std::fs;
use std::path::Path;

use crate::support::Folder;

const NAME: &str = "花野太郎";

/// A name in four revisions: a value, a longer value, a name, and the reason of a change.
fn with_a_name() -> Folder {
    let folder = Folder::new();
    folder.write(
        "a.yaml",
        &format!("model: m\nsystems:\n- {{id: sys-a, name: 甲, source_note: \"担当は{NAME}（内線12）\"}}\n"),
    );
    folder.write("b.yaml", "model: m\nsystems:\n- {id: sys-b, name: 乙}\n");
    folder.write("c.yaml", &format!("model: m\nsystems:\n- {{id: sys-b, name: {NAME}の端末}}\n"));
    folder.write("d.yaml", "model: m\nsystems:\n- {id: sys-a, source_note: 担当は住民課}\n");
    folder.succeeds(&["import", "a.yaml", "--author", "sato"]);
    folder.succeeds(&["import", "b.yaml"]);
    folder.succeeds(&["import", "c.yaml"]);
    folder.succeeds(&["import", "d.yaml", "--message", &format!("{NAME}が異動")]);
    folder
}

/// The files below a folder that hold the name.
fn holding(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path));
        } else if fs::read(&path).expect("readable").windows(NAME.len()).any(|seen| seen == NAME.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_name_goes_from_every_byte_of_the_folder_and_from_every_revision() {
    let folder = with_a_name();
    let data = folder.path("data");
    // Where else it may lie: what a repair put aside, and an upload that nobody decided on yet.
    for place in ["quarantine", "staged/upload-1"] {
        fs::create_dir_all(data.join(place)).expect("a folder");
        fs::write(data.join(place).join("part"), NAME).expect("written");
    }
    folder.succeeds(&["backup", "before.backup"]);
    folder.succeeds(&["ledger", "export", "--output", "before.ndjson"]);
    let before = folder.succeeds(&["ledger", "list", "--format", "json"]);
    assert!(!holding(&data).is_empty());

    let tried = folder.succeeds(&["ledger", "redact", "--text", NAME, "--dry-run"]);
    assert!(tried.starts_with("to be removed from revision 1, 3, 4\n"), "{tried}");
    assert!(tried.contains("before.backup: delete it") && tried.contains("before.ndjson: delete it"), "{tried}");
    assert!(!holding(&data).is_empty(), "a dry run removes nothing");

    let done =
        folder.succeeds(&["ledger", "redact", "--text", NAME, "--reason", "誤入力", "--author", "joho", "--yes"]);
    assert!(done.ends_with("removed; recorded as revision 5, 6, 7\n"), "{done}");
    assert_eq!(holding(&data), [] as [String; 0]);

    // The chain is the same, and sound.
    let verified = folder.succeeds(&["verify"]);
    assert!(verified.contains("redacted: 3") && verified.ends_with("sound\n"), "{verified}");
    let after = folder.succeeds(&["ledger", "list", "--format", "json"]);
    let hashes = |text: &str| -> Vec<String> {
        let frames: serde_json::Value = serde_json::from_str(text).expect("JSON");
        frames
            .as_array()
            .expect("a list")
            .iter()
            .map(|frame| frame["hash"].as_str().expect("text").to_owned())
            .collect()
    };
    assert_eq!(hashes(&after)[3..], hashes(&before));

    // Every revision can be seen, without the name and with everything else.
    for revision in 1..=7 {
        let model = folder.succeeds(&["export", "--revision", &revision.to_string()]);
        assert!(!model.contains(NAME), "{model}");
    }
    assert!(folder.succeeds(&["export", "--revision", "1"]).contains("担当は■■■（内線12）"));
    assert!(folder.succeeds(&["export", "--revision", "2"]).contains("乙"));
    assert!(folder.succeeds(&["export"]).contains("■■■の端末"));
    assert!(folder.succeeds(&["export"]).contains("担当は住民課"));
    assert!(folder.succeeds(&["history"]).contains("■■■が異動"));
    // The act is recorded, with who, why, and what still holds it.
    let act: serde_json::Value = serde_json::from_str(&folder.succeeds(&["ledger", "show", "5"])).expect("JSON");
    assert_eq!((&act["payload"]["author"], &act["payload"]["reason"]), (&"joho".into(), &"誤入力".into()));
    let backups = &act["payload"]["redaction"]["backups"];
    assert!(backups[0]["written_to"].as_str().is_some_and(|to| to.ends_with("before.backup")), "{act:#}");

    // A new backup does not hold it, and restores to the same.
    folder.succeeds(&["backup", "after.backup"]);
    folder.succeeds(&["restore", "after.backup", "--data", "restored"]);
    assert_eq!(holding(&folder.path("restored")), [] as [String; 0]);
    assert_eq!(folder.succeeds(&["export", "--data", "restored"]), folder.succeeds(&["export"]));
    folder.succeeds(&["verify", "--data", "restored"]);
    // Writing goes on.
    folder.write("e.yaml", "model: m\nsystems:\n- {id: sys-c, name: 丙}\n");
    folder.succeeds(&["import", "e.yaml"]);
    folder.succeeds(&["verify"]);
}

#[test]
fn one_revision_alone_or_one_value_alone() {
    let folder = with_a_name();
    let done = folder.succeeds(&["ledger", "redact", "--text", NAME, "--revision", "3", "--yes"]);
    assert!(done.contains("stays in revision 1, 4"), "{done}");
    assert!(folder.succeeds(&["export"]).contains("■■■の端末"));
    assert!(folder.succeeds(&["export", "--revision", "1"]).contains(NAME));
    folder.succeeds(&["ledger", "redact", "--field", "sys-a:source_note", "--revision", "1", "--yes"]);
    assert!(!folder.succeeds(&["export", "--revision", "1"]).contains("source_note"));
    assert!(folder.succeeds(&["export"]).contains("担当は住民課"), "what a later revision says stays");
    folder.succeeds(&["verify"]);
}

#[test]
fn what_cannot_be_redacted_is_refused_and_nothing_is_lost() {
    let folder = with_a_name();
    let before = folder.succeeds(&["ledger", "head"]);
    for (code, arguments) in [
        (1, vec!["--text", "nobody", "--yes"]),
        (1, vec!["--text", NAME, "--revision", "2", "--yes"]),
        (1, vec!["--text", "sys-a", "--yes"]),
        (1, vec!["--text", NAME, "--reason", &format!("{NAME}を消す"), "--yes"]),
        (1, vec!["--text", " ", "--yes"]),
        (2, vec!["--field", "sys-a", "--yes"]),
        (2, vec!["--text", NAME]),
        (2, vec![]),
    ] {
        let all: Vec<&str> = ["ledger", "redact"].into_iter().chain(arguments).collect();
        folder.fails(code, &all);
    }
    assert_eq!(folder.succeeds(&["ledger", "head"]), before);
}

#[test]
fn a_payload_that_is_gone_without_an_act_is_tampering() {
    let folder = with_a_name();
    folder.succeeds(&["ledger", "redact", "--text", NAME, "--revision", "1", "--yes"]);
    // The act is cut off both copies, with the note of what was acknowledged.
    folder.succeeds(&["backup", "all.backup"]);
    let ran = folder.run(&["restore", "all.backup", "--revision", "4", "--data", "restored"]);
    assert!(ran.code == 3 && ran.err.contains("removed by revision 5"), "{} {}", ran.code, ran.err);
    let error = folder.fails(1, &["backup", "older.backup", "--revision", "4"]);
    assert!(error.contains("revision 1 was redacted by revision 5"), "{error}");
}
