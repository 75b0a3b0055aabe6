//! What a large import records is compressed; everything that reads the ledger reads it all the same.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::support::Folder;

const NAME: &str = "花野太郎";
const SYSTEMS: usize = 4_000;

/// One revision with more than a megabyte of JSON, and a small one behind it.
fn with_a_large_record() -> Folder {
    let folder = Folder::new();
    let note = "窓口と電話で受け付け、夕方に控えと突き合わせる。".repeat(4);
    let mut model = "model: m\nsystems:\n".to_owned();
    for number in 0..SYSTEMS {
        model += &format!("- {{id: sys-{number}, name: 仕組み{number}, source_note: \"{number} {note}\"}}\n");
    }
    model += &format!("- {{id: sys-last, name: 末尾, source_note: \"担当は{NAME}\"}}\n");
    folder.write("large.yaml", &model);
    folder.write("small.yaml", "model: m\nsystems:\n- {id: sys-0, name: 先頭}\n");
    folder.succeeds(&["import", "large.yaml"]);
    folder.succeeds(&["import", "small.yaml"]);
    folder
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).expect("JSON")
}

/// The payload of the first revision as the export of the ledger has it.
fn exported_payload(export: &str) -> Vec<u8> {
    let line = json(export.lines().nth(1).expect("the first revision"));
    let hex = line["payload_hex"].as_str().expect("it is no text").as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("a digit");
    hex.chunks(2).map(|pair| u8::try_from(digit(pair[0]) * 16 + digit(pair[1])).expect("a byte")).collect()
}

/// Whether some file below a folder holds these bytes.
fn holds(folder: &Path, wanted: &[u8]) -> bool {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).any(|path| {
        if path.is_dir() {
            holds(&path, wanted)
        } else {
            fs::read(&path).expect("readable").windows(wanted.len()).any(|seen| seen == wanted)
        }
    })
}

#[test]
fn a_large_record_takes_little_and_is_read_by_everything() {
    let folder = with_a_large_record();
    let shown = json(&folder.succeeds(&["ledger", "show", "1"]));
    let operations = shown["payload"]["operations"].as_array().expect("a list");
    assert_eq!(operations.len(), SYSTEMS + 1);
    let recorded = serde_json::to_vec(&shown["payload"]).expect("JSON").len() as u64;
    let stored = shown["bytes"].as_u64().expect("a number");
    assert!(recorded > 1 << 20 && stored * 4 < recorded, "{stored} bytes of {recorded}");
    let verified = folder.succeeds(&["verify"]);
    assert!(verified.ends_with("sound\n"), "{verified}");

    // Without the checkpoint it is read from the ledger.
    let model = folder.succeeds(&["export"]);
    fs::remove_dir_all(folder.path("data/checkpoints")).expect("removed");
    assert_eq!(folder.succeeds(&["export"]), model);
    assert!(folder.succeeds(&["export", "--revision", "1"]).contains("仕組み0"));

    // Out and back in.
    folder.succeeds(&["ledger", "export", "--output", "ledger.ndjson"]);
    folder.succeeds(&["restore", "ledger.ndjson", "--data", "restored"]);
    assert_eq!(folder.succeeds(&["export", "--data", "restored"]), model);
}

#[test]
fn a_name_goes_from_a_large_record_too() {
    let folder = with_a_large_record();
    folder.succeeds(&["ledger", "export", "--output", "before.ndjson"]);
    let payload = exported_payload(&folder.read("before.ndjson"));
    // The end of it, where the name is, less the length and checksum.
    let end = &payload[payload.len() - 72..payload.len() - 8];
    assert!(holds(&folder.path("data"), end));
    let done = folder.succeeds(&["ledger", "redact", "--text", NAME, "--reason", "誤入力", "--yes"]);
    assert!(done.ends_with("removed; recorded as revision 3\n"), "{done}");
    assert!(!holds(&folder.path("data"), end) && !holds(&folder.path("data"), NAME.as_bytes()));
    let model = folder.succeeds(&["export", "--revision", "1"]);
    assert!(model.contains("担当は■■■") && model.contains("仕組み3999") && !model.contains(NAME));
    assert!(folder.succeeds(&["verify"]).ends_with("sound\n"));
}
