//! Somebody who knows the format changes history, and makes every checksum right again.

use std::fs;
use std::path::{Path, PathBuf};

use ezu::storage::{Hash, StorageOptions, Store, VerifyReport};

use super::support::{all, contains, copy_folder, entry, options, segments};

const HEADER: usize = 136;

/// The frames of a segment file, as the published format describes them.
fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut at = 64;
    while at < bytes.len() {
        let payload = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().expect("four"));
        let end = at + HEADER + payload as usize;
        frames.push(bytes[at..end].to_vec());
        at = end;
    }
    frames
}

/// Makes the checksums of a frame right.
fn seal(frame: &mut [u8]) {
    let payload = crc32c::crc32c(&frame[HEADER..]);
    frame[8..12].copy_from_slice(&payload.to_le_bytes());
    let header = crc32c::crc32c(&frame[..132]);
    frame[132..136].copy_from_slice(&header.to_le_bytes());
}

fn journal_alone() -> StorageOptions {
    StorageOptions { second_copy: None, segment_bytes: 1 << 20, ..options() }
}

fn original(folder: &Path) -> Vec<(u64, Hash)> {
    let (store, _) = Store::open(folder, &journal_alone()).expect("open");
    let receipts = store.append((1..=10).map(entry).collect::<Vec<_>>()).expect("append");
    receipts.iter().map(|receipt| (receipt.revision, receipt.hash)).collect()
}

fn segment(folder: &Path) -> PathBuf {
    segments(folder).remove(0)
}

fn rewrite(folder: &Path, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let path = segment(folder);
    let bytes = fs::read(&path).expect("read");
    let mut frames = split(&bytes);
    change(&mut frames);
    fs::write(path, [bytes[..64].to_vec(), frames.concat()].concat()).expect("write");
}

fn verify(folder: &Path, witness: Option<(u64, Hash)>) -> VerifyReport {
    Store::verify_folder(folder, &journal_alone(), witness).expect("verify")
}

#[test]
fn every_change_of_history_is_found() {
    type Change = fn(&mut Vec<Vec<u8>>);
    let changes: [(&str, u64, Change); 9] = [
        ("payload changed", 4, |frames| {
            frames[3][HEADER + 12] = b'X';
            seal(&mut frames[3]);
        }),
        ("time changed", 5, |frames| {
            frames[3][28] ^= 1;
            seal(&mut frames[3]);
        }),
        ("removed in the middle", 4, |frames| drop(frames.remove(3))),
        ("removed at the beginning", 1, |frames| {
            drop(frames.remove(0));
        }),
        ("two exchanged", 4, |frames| frames.swap(3, 6)),
        ("one doubled", 5, |frames| {
            frames.insert(4, frames[3].clone());
        }),
        ("one inserted and the rest renumbered", 5, |frames| {
            frames.insert(3, frames[3].clone());
            for (frame, revision) in frames.iter_mut().zip(1_u64..) {
                frame[12..20].copy_from_slice(&revision.to_le_bytes());
                seal(frame);
            }
        }),
        ("payload removed without an act", 4, |frames| {
            frames[3].truncate(HEADER);
            frames[3][4..8].fill(0);
            frames[3][44..52].copy_from_slice(&9_u64.to_le_bytes());
            frames[3][52..68].fill(0);
            seal(&mut frames[3]);
        }),
        ("cut at the end", 10, |frames| drop(frames.pop())),
    ];
    for (what, revision, change) in changes {
        let base = tempfile::tempdir().expect("folder");
        let receipts = original(base.path());
        assert!(verify(base.path(), None).sound, "before");
        rewrite(base.path(), change);
        let report = verify(base.path(), None);
        assert!(!report.sound, "{what}");
        let named = report.problems.iter().any(|problem| problem.revision == Some(revision));
        assert!(named, "{what}: revision {revision} is not named in {:?}", report.problems);
        // Frames that are only in the wrong place are put back; nothing else is accepted.
        if let Ok((store, _)) = Store::open(base.path(), &journal_alone()) {
            let found: Vec<_> = all(&store).expect(what).iter().map(|frame| (frame.revision, frame.hash)).collect();
            assert_eq!(found, receipts, "{what}: opened with another history");
        }
    }
}

#[test]
fn a_history_cut_with_all_its_traces_is_found_by_the_witness_alone() {
    let base = tempfile::tempdir().expect("folder");
    let whole = base.path().join("whole");
    let receipts = original(&whole);
    let cut = base.path().join("cut");
    copy_folder(&whole, &cut);
    rewrite(&cut, |frames| frames.truncate(7));
    fs::remove_file(cut.join("acknowledged")).expect("remove");
    assert!(verify(&cut, None).sound);
    assert!(verify(&cut, Some(receipts[6])).sound);
    let report = verify(&cut, Some(receipts[8]));
    assert_eq!((report.sound, report.witness_confirmed), (false, Some(false)));
}

#[test]
fn a_history_written_anew_is_found_by_the_witness() {
    let base = tempfile::tempdir().expect("folder");
    let receipts = original(&base.path().join("one"));
    original(&base.path().join("other"));
    assert!(verify(&base.path().join("other"), None).sound);
    assert!(!verify(&base.path().join("other"), Some(receipts[3])).sound);
}

#[test]
fn copies_with_different_histories_are_refused() {
    let base = tempfile::tempdir().expect("folder");
    let (one, other) = (base.path().join("one"), base.path().join("other"));
    for folder in [&one, &other] {
        let (store, _) = Store::open(folder, &options()).expect("open");
        store.append(&[entry(1), entry(2)]).expect("append");
    }
    fs::remove_dir_all(one.join("journal")).expect("remove");
    copy_folder(&other.join("journal"), &one.join("journal"));
    fs::remove_file(one.join("acknowledged")).expect("remove");
    assert!(Store::open(&one, &options()).is_err());
    assert!(!Store::verify_folder(&one, &options(), None).expect("verify").sound);
}

#[test]
fn a_redacted_text_is_nowhere_in_the_folder() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    let (store, _) = Store::open(&folder, &options()).expect("open");
    let secret = b"number-000013";
    store.append((1..=60).map(entry).collect::<Vec<_>>()).expect("append");
    store.put_checkpoint(40, b"a state that names number-000013").expect("checkpoint");
    // A damaged copy of the segment lies in quarantine, and the second copy has been replaced once.
    let path = segments(&folder).remove(0);
    let mut bytes = fs::read(&path).expect("read");
    bytes[300] ^= 1;
    fs::write(&path, bytes).expect("write");
    assert_eq!(store.scrub_step(u64::MAX).repaired.len(), 1);
    assert!(contains(&folder, secret));
    store.redact(13, &entry(61)).expect("redact");
    assert!(!contains(&folder, secret), "while open");
    store.append(&[entry(62)]).expect("append");
    drop(store);
    assert!(!contains(&folder, secret), "closed");
    let (store, report) = Store::open(&folder, &options()).expect("open");
    assert!(report.repairs.is_empty(), "{report:?}");
    assert!(!contains(&folder, secret), "opened again");
    assert!(store.verify(None).expect("verify").sound);
}

#[test]
fn a_redaction_that_was_interrupted_is_finished_at_the_next_opening() {
    let base = tempfile::tempdir().expect("folder");
    let (folder, before) = (base.path().join("data"), base.path().join("before"));
    let (store, _) = Store::open(&folder, &options()).expect("open");
    store.append((1..=60).map(entry).collect::<Vec<_>>()).expect("append");
    drop(store);
    copy_folder(&folder, &before);
    let (store, _) = Store::open(&folder, &options()).expect("open");
    store.redact(13, &entry(61)).expect("redact");
    drop(store);
    // As if only the act had been written: the old segment, the new last one, and the note.
    let first = segments(&before).remove(0);
    fs::copy(&first, folder.join("journal").join(first.file_name().expect("name"))).expect("copy");
    assert!(!Store::verify_folder(&folder, &options(), None).expect("verify").sound);
    fs::write(folder.join("redaction"), "13").expect("write");
    let (store, _) = Store::open(&folder, &options()).expect("open");
    assert!(!contains(&folder, b"number-000013"));
    assert!(!folder.join("redaction").exists());
    assert!(store.verify(None).expect("verify").sound);
}
