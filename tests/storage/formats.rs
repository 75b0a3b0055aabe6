//! Ledgers that released versions wrote must be read for ever.

use std::path::PathBuf;

use ezu::storage::{Act, Head, Payload, Store};

use super::support::{copy_folder, entry, options};

/// What every fixture holds: ten entries, the third of them redacted by an eleventh.
const FRAMES: u64 = 11;

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
    store.append(&(1..=10).map(entry).collect::<Vec<_>>()).expect("append");
    store.redact(3, &entry(11)).expect("redact");
    store.put_checkpoint(10, b"the state at 10").expect("checkpoint");
    let target = fixture(1);
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

#[test]
fn a_ledger_of_version_1_opens() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    copy_folder(&fixture(1).join("data"), &folder);
    let (store, _) = Store::open(&folder, &options()).expect("open");
    is_the_fixture(&store);
    let checkpoint = store.newest_checkpoint().expect("read");
    assert_eq!(checkpoint, Some((10, b"the state at 10".to_vec())));
    assert!(store.verify(None).expect("verify").sound);
}

#[test]
fn a_backup_and_an_export_of_version_1_are_restored() {
    let base = tempfile::tempdir().expect("folder");
    let mut heads: Vec<Head> = Vec::new();
    for name in ["backup", "export.ndjson"] {
        let mut input = std::fs::File::open(fixture(1).join(name)).expect("fixture");
        let folder = base.path().join(name);
        heads.push(Store::restore(&mut input, &folder, &options(), None).expect("restore"));
        is_the_fixture(&Store::open(&folder, &options()).expect("open").0);
    }
    assert_eq!(heads[0], heads[1]);
}
