//! Ledgers that released versions wrote must be read for ever.

use std::path::{Path, PathBuf};

use ezu::storage::{Act, Head, Payload, Store};

use super::support::{copy_folder, entry, files, options};

/// What every fixture holds: ten entries, the third of them redacted by an eleventh.
const FRAMES: u64 = 11;
/// The version that is written now; there is a fixture of it and of each one before.
const NEWEST: u32 = 2;

fn fixture(version: u32) -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/storage");
    tests.join(format!("fixtures/version-{version}"))
}

fn is_the_fixture(store: &Store) {
    assert_eq!(store.head().revision, FRAMES);
    for frame in store.frames(1, FRAMES) {
        let frame = frame.expect("read");
        match frame.revision {
            3 => assert_eq!(frame.payload, Payload::Redacted { by: 11 }),
            11 => assert_eq!(frame.act, Act::Redaction { of: 3 }),
            number => assert_eq!(frame.payload, Payload::Present(entry(number).payload)),
        }
    }
}

/// Makes the fixture of the current version. Run by hand before a release that changes a format.
#[test]
#[ignore = "writes into the source tree"]
fn write_the_fixture_of_this_version() {
    let base = tempfile::tempdir().expect("folder");
    let data = base.path().join("data");
    let (store, _) = Store::open(&data, &options()).expect("open");
    store.append((1..=10).map(entry).collect::<Vec<_>>()).expect("append");
    store.redact(3, &entry(11)).expect("redact");
    store.put_checkpoint(10, b"the state at 10").expect("checkpoint");
    let target = fixture(NEWEST);
    let (mut backup, mut export) = (Vec::new(), Vec::new());
    store.backup(&mut backup, None).expect("backup");
    store.export_ndjson(&mut export).expect("export");
    drop(store);
    for part in ["journal", "checkpoints"] {
        copy_folder(&data.join(part), &target.join("data").join(part));
    }
    for file in ["format", "acknowledged"] {
        std::fs::copy(data.join(file), target.join("data").join(file)).expect("copy");
    }
    std::fs::write(target.join("backup"), backup).expect("write");
    std::fs::write(target.join("export.ndjson"), export).expect("write");
}

fn noted_version(folder: &Path) -> u64 {
    let note = std::fs::read(folder.join("format")).expect("the note");
    serde_json::from_slice::<serde_json::Value>(&note).expect("JSON")["version"].as_u64().expect("a number")
}

fn is_brought_forward(folder: &Path) {
    let (store, report) = Store::open(folder, &options()).expect("open");
    assert!(report.repairs.iter().all(|repair| repair.contains("second copy")), "{report:?}");
    is_the_fixture(&store);
    let checkpoint = store.newest_checkpoint().expect("read");
    assert_eq!(checkpoint, Some((10, b"the state at 10".to_vec())));
    assert!(store.verify(None).expect("verify").sound);
    drop(store);
    assert_eq!(noted_version(folder), u64::from(NEWEST));
    let left: Vec<_> = files(folder).into_iter().filter(|path| path.to_string_lossy().contains(".before-")).collect();
    assert_eq!(left, Vec::<PathBuf>::new(), "what was kept until the new form was verified");
    let (store, report) = Store::open(folder, &options()).expect("open again");
    assert_eq!((report.repairs.as_slice(), store.head().revision), (&[][..], FRAMES));
}

#[test]
fn a_ledger_of_every_version_opens() {
    for version in 1..=NEWEST {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        copy_folder(&fixture(version).join("data"), &folder);
        assert_eq!(noted_version(&folder), u64::from(version), "the fixture is what it says");
        is_brought_forward(&folder);
    }
}

/// Whatever moment a migration was interrupted at, the next opening goes on from there.
#[test]
fn a_migration_that_was_interrupted_is_begun_anew() {
    let checkpoint = "checkpoints/00000000000000000010.checkpoint";
    let finished = tempfile::tempdir().expect("folder");
    let finished = finished.path().join("data");
    copy_folder(&fixture(1).join("data"), &finished);
    drop(Store::open(&finished, &options()).expect("open"));
    let new = std::fs::read(finished.join(checkpoint)).expect("the new form");
    for moment in ["half written aside", "written aside", "the old one renamed", "the new one in place"] {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        copy_folder(&fixture(1).join("data"), &folder);
        let path = folder.join(checkpoint);
        let (aside, old) = (path.with_extension("checkpoint.migrating"), path.with_extension("checkpoint.before-1"));
        let written = if moment == "half written aside" { &new[..50] } else { &new[..] };
        std::fs::write(&aside, written).expect("write");
        if moment.contains("one") {
            std::fs::rename(&path, &old).expect("rename");
        }
        if moment == "the new one in place" {
            std::fs::rename(&aside, &path).expect("rename");
        }
        is_brought_forward(&folder);
    }
}

/// The note of the version comes last: a folder that says it is new holds nothing old.
#[test]
fn a_folder_of_an_unknown_newer_version_is_refused_and_left_alone() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    copy_folder(&fixture(NEWEST).join("data"), &folder);
    std::fs::write(folder.join("format"), r#"{"format":"ezu data folder","version":99}"#).expect("write");
    let refused = Store::open(&folder, &options()).map(|(_, report)| report).expect_err("refused").to_string();
    assert!(refused.contains("version 99") && refused.contains("newer program"), "{refused}");
    assert_eq!(noted_version(&folder), 99);
}

#[test]
fn a_backup_and_an_export_of_every_version_are_restored() {
    let mut heads: Vec<Head> = Vec::new();
    for (version, name) in (1..=NEWEST).flat_map(|version| [(version, "backup"), (version, "export.ndjson")]) {
        let base = tempfile::tempdir().expect("folder");
        let mut input = std::fs::File::open(fixture(version).join(name)).expect("fixture");
        let folder = base.path().join(name);
        heads.push(Store::restore(&mut input, &folder, &options(), None).expect("restore"));
        is_the_fixture(&Store::open(&folder, &options()).expect("open").0);
    }
    assert!(heads.chunks(2).all(|pair| pair[0] == pair[1]));
}
