//! Backups, exports and restores.

use std::path::Path;

use ezu::storage::{Entry, Head, StorageError, Store};

use super::support::{all, entry, options, payloads};

fn filled(folder: &Path) -> Store {
    let (store, _) = Store::open(folder, &options()).expect("open");
    for number in 1..=40 {
        store.append(&[entry(number)]).expect("append");
    }
    for payload in
        [b"null".to_vec(), b"  1 ".to_vec(), b"[1,\n2]".to_vec(), vec![0, 255, 10], Vec::new(), "絵図".into()]
    {
        store.append(&[Entry { payload, time: -7 }]).expect("append");
    }
    store.redact(7, &entry(47)).expect("redact");
    store
}

fn restored(input: &[u8], folder: &Path, revision: Option<u64>) -> Result<Head, StorageError> {
    Store::restore(&mut &input[..], folder, &options(), revision)
}

#[test]
fn a_backup_and_an_export_bring_everything_back() {
    let folder = tempfile::tempdir().expect("folder");
    let store = filled(&folder.path().join("data"));
    let mut backup = Vec::new();
    let head = store.backup(&mut backup, None).expect("backup");
    assert_eq!(head, store.head());
    assert_eq!(store.backups().last().map(|record| (record.revision, record.hash)), Some((47, head.hash)));
    let mut export = Vec::new();
    assert_eq!(store.export_ndjson(&mut export).expect("export"), head);
    let text = String::from_utf8(export.clone()).expect("text");
    assert!(text.contains("\"payload\":{\"change\":\"number-000001\""), "a person can read it");
    assert!(!text.contains("number-000007"));
    for (name, bytes) in [("from_backup", &backup), ("from_export", &export)] {
        let target = folder.path().join(name);
        assert_eq!(restored(bytes, &target, None).expect(name), head);
        let (copy, report) = Store::open(&target, &options()).expect("open");
        assert!(report.repairs.is_empty());
        assert_eq!(all(&copy).expect("read"), all(&store).expect("read"));
        assert!(copy.verify(Some((head.revision, head.hash))).expect("verify").sound);
        let mut again = Vec::new();
        copy.export_ndjson(&mut again).expect("export");
        assert_eq!(again, export);
    }
}

#[test]
fn a_restore_may_stop_earlier_but_not_between_a_removal_and_its_act() {
    let folder = tempfile::tempdir().expect("folder");
    let store = filled(&folder.path().join("data"));
    let mut backup = Vec::new();
    store.backup(&mut backup, None).expect("backup");
    let head = restored(&backup, &folder.path().join("early"), Some(6)).expect("restore");
    assert_eq!((head.revision, Some(head.hash)), (6, store.frame(6).expect("read").map(|frame| frame.hash)));
    let (early, _) = Store::open(&folder.path().join("early"), &options()).expect("open");
    assert_eq!(payloads(&early), payloads(&store)[..6]);
    let between = restored(&backup, &folder.path().join("between"), Some(20));
    assert!(matches!(between, Err(StorageError::Refused { revision: 7, .. })), "{between:?}");
    assert!(matches!(store.backup(&mut Vec::new(), Some(20)), Err(StorageError::Request(_))));
    assert!(matches!(store.backup(&mut Vec::new(), Some(99)), Err(StorageError::Request(_))));
    let beyond = restored(&backup, &folder.path().join("beyond"), Some(99));
    assert!(matches!(beyond, Err(StorageError::Request(_))));
    let refused = Store::open(&folder.path().join("beyond"), &options());
    assert!(matches!(refused, Err(StorageError::Format { .. })), "a restore that failed is not a ledger");
}

#[test]
fn a_restore_needs_an_empty_folder() {
    let folder = tempfile::tempdir().expect("folder");
    let store = filled(&folder.path().join("data"));
    let mut backup = Vec::new();
    store.backup(&mut backup, Some(3)).expect("backup");
    drop(store);
    assert!(matches!(restored(&backup, &folder.path().join("data"), None), Err(StorageError::Request(_))));
}

#[test]
fn a_changed_or_cut_backup_is_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let store = filled(&folder.path().join("data"));
    let (mut backup, mut export) = (Vec::new(), Vec::new());
    store.backup(&mut backup, Some(5)).expect("backup");
    store.export_ndjson(&mut export).expect("export");
    let mut trial = 0;
    let mut refused = |bytes: &[u8], what: String| {
        trial += 1;
        let result = restored(bytes, &folder.path().join(format!("trial-{trial}")), None);
        assert!(result.is_err(), "{what} was accepted");
    };
    for place in (0..backup.len()).step_by(7) {
        let mut changed = backup.clone();
        changed[place] ^= 1;
        refused(&changed, format!("byte {place} changed"));
        refused(&backup[..place], format!("cut at {place}"));
    }
    refused(&[&backup[..], b"more"].concat(), "something behind the end".to_owned());
    let lines: Vec<&str> = std::str::from_utf8(&export).expect("text").lines().collect();
    for place in 0..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(place);
        refused(fewer.join("\n").as_bytes(), format!("without line {place}"));
    }
    let changed = String::from_utf8(export).expect("text").replace("number-000003", "number-000004");
    refused(changed.as_bytes(), "a changed payload".to_owned());
}

#[test]
fn a_backup_of_a_running_store_is_consistent() {
    let folder = tempfile::tempdir().expect("folder");
    let store = filled(&folder.path().join("data"));
    let backups = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 100..200 {
                store.append(&[entry(number)]).expect("append");
            }
        });
        let mut backups = Vec::new();
        while !writer.is_finished() || backups.is_empty() {
            let mut bytes = Vec::new();
            backups.push((store.backup(&mut bytes, None).expect("backup"), bytes));
        }
        backups
    });
    for (number, (head, bytes)) in backups.iter().enumerate().step_by(5) {
        let target = folder.path().join(format!("copy-{number}"));
        assert_eq!(restored(bytes, &target, None).expect("restore"), *head);
        assert_eq!(store.frame(head.revision).expect("read").expect("present").hash, head.hash);
    }
}

#[test]
fn a_backup_of_memory_can_be_restored_too() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::memory();
    store.append(&[entry(1), entry(2)]).expect("append");
    let mut bytes = Vec::new();
    let head = store.backup(&mut bytes, None).expect("backup");
    assert_eq!(restored(&bytes, &folder.path().join("data"), None).expect("restore"), head);
}
