//! One suite for every kind of store.

use ezu::storage::{Act, AppendError, Entry, Hash, Head, Health, Payload, StorageError, StorageOptions, Store};

use super::support::{entry, options, payloads, time};

/// A store, and the folder that must outlive it.
type Made = (Store, Option<tempfile::TempDir>);

fn memory() -> Made {
    (Store::memory(), None)
}

fn ledger() -> Made {
    on_disk(&options())
}

fn journal_alone() -> Made {
    on_disk(&StorageOptions { second_copy: None, ..options() })
}

fn on_disk(options: &StorageOptions) -> Made {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = Store::open(&folder.path().join("data"), options).expect("open");
    (store, Some(folder))
}

macro_rules! contract {
    ($($name:ident),* $(,)?) => {
        mod in_memory { $(#[test] fn $name() { super::$name(super::memory()); })* }
        mod in_two_copies { $(#[test] fn $name() { super::$name(super::ledger()); })* }
        mod in_the_journal_alone { $(#[test] fn $name() { super::$name(super::journal_alone()); })* }
    };
}

contract![
    an_empty_store_has_the_genesis_head,
    revisions_are_consecutive_and_receipts_match_frames,
    an_empty_batch_does_nothing,
    frames_are_linked_and_hashes_depend_on_everything_before,
    ranges_are_cut_to_what_exists,
    equal_payloads_have_different_hashes,
    large_and_empty_payloads_come_back,
    the_newest_of_at_most_three_checkpoints_is_given,
    a_checkpoint_needs_its_revision,
    redaction_removes_the_payload_and_keeps_the_chain,
    nothing_is_redacted_twice,
    parallel_appends_are_all_there_once,
    a_witness_is_confirmed_or_contradicted,
    metrics_count_what_was_acknowledged,
];

fn an_empty_store_has_the_genesis_head((store, _folder): Made) {
    assert_eq!(store.head(), Head { revision: 0, hash: Hash::genesis(), time: 0 });
    assert_eq!(store.frames(0, u64::MAX).count(), 0);
    assert!(store.frame(0).expect("read").is_none());
    assert!(store.frame(1).expect("read").is_none());
    assert!(store.newest_checkpoint().expect("read").is_none());
}

fn revisions_are_consecutive_and_receipts_match_frames((store, _folder): Made) {
    let mut receipts = store.append(&[entry(1), entry(2)]).expect("append");
    receipts.extend(store.append(&[entry(3)]).expect("append"));
    for (number, receipt) in (1..).zip(&receipts) {
        assert_eq!(receipt.revision, number);
        let frame = store.frame(number).expect("read").expect("present");
        assert_eq!((frame.revision, frame.hash, frame.time), (number, receipt.hash, time(number)));
        assert_eq!(frame.payload, Payload::Present(entry(number).payload));
        assert_eq!(frame.act, Act::Change);
    }
    assert_eq!(store.head(), Head { revision: 3, hash: receipts[2].hash, time: time(3) });
}

fn an_empty_batch_does_nothing((store, _folder): Made) {
    assert_eq!(store.append(&[]).expect("append"), []);
    assert_eq!(store.head().revision, 0);
}

fn frames_are_linked_and_hashes_depend_on_everything_before((store, _folder): Made) {
    for number in 1..=30 {
        store.append(&[entry(number)]).expect("append");
    }
    let mut previous = Hash::genesis();
    for frame in store.frames(1, 30) {
        let frame = frame.expect("read");
        assert_eq!(frame.previous, previous);
        previous = frame.hash;
    }
    assert_eq!(previous, store.head().hash);
}

fn ranges_are_cut_to_what_exists((store, _folder): Made) {
    store.append((1..=20).map(entry).collect::<Vec<_>>()).expect("append");
    let revisions =
        |from, to| -> Vec<u64> { store.frames(from, to).map(|frame| frame.expect("read").revision).collect() };
    assert_eq!(revisions(5, 7), [5, 6, 7]);
    assert_eq!(revisions(19, 90), [19, 20]);
    assert_eq!(revisions(0, 2), [1, 2]);
    assert!(revisions(8, 7).is_empty());
    assert!(revisions(21, 30).is_empty());
}

fn equal_payloads_have_different_hashes((store, _folder): Made) {
    // Otherwise whoever guesses a redacted payload could prove the guess.
    let same = Entry { payload: b"guess me".to_vec(), time: 0 };
    let one = store.append(std::slice::from_ref(&same)).expect("append")[0].hash;
    let other = Store::memory().append(&[same]).expect("append")[0].hash;
    assert_ne!(one, other);
}

fn large_and_empty_payloads_come_back((store, _folder): Made) {
    // 2,048 is where a payload begins to need another part in the second copy.
    let sizes = [0, 1, 1911, 1912, 1913, 2047, 2048, 2049, 100_000, 3_000_000];
    for size in sizes {
        store.append(&[Entry { payload: vec![b'z'; size], time: -1 }]).expect("append");
    }
    let lengths: Vec<usize> = payloads(&store).into_iter().map(|bytes| bytes.expect("present").len()).collect();
    assert_eq!(lengths, sizes);
    assert!(store.verify(None).expect("verify").sound);
}

fn the_newest_of_at_most_three_checkpoints_is_given((store, _folder): Made) {
    for number in 1..=6 {
        store.append(&[entry(number)]).expect("append");
        store.put_checkpoint(number, format!("state {number}").as_bytes()).expect("checkpoint");
    }
    assert_eq!(store.newest_checkpoint().expect("read"), Some((6, b"state 6".to_vec())));
    assert_eq!(store.verify(None).expect("verify").checkpoints, 3);
}

fn a_checkpoint_needs_its_revision((store, _folder): Made) {
    if matches!(store, Store::Memory(_)) {
        return;
    }
    assert!(matches!(store.put_checkpoint(1, b"state"), Err(StorageError::Request(_))));
}

fn redaction_removes_the_payload_and_keeps_the_chain((store, _folder): Made) {
    store.append((1..=9).map(entry).collect::<Vec<_>>()).expect("append");
    store.put_checkpoint(4, b"before").expect("checkpoint");
    store.put_checkpoint(6, b"after").expect("checkpoint");
    let before = store.frame(5).expect("read").expect("present");
    let receipt = store.redact(5, &entry(10)).expect("redact");
    assert_eq!(receipt.revision, 10);
    let after = store.frame(5).expect("read").expect("present");
    assert_eq!(after.payload, Payload::Redacted { by: 10 });
    assert_eq!((after.hash, after.previous, after.time), (before.hash, before.previous, before.time));
    let act = store.frame(10).expect("read").expect("present");
    assert_eq!(act.act, Act::Redaction { of: 5 });
    assert_eq!(act.payload, Payload::Present(entry(10).payload));
    // What was made of the payload goes too; what was made before it stays.
    assert_eq!(store.newest_checkpoint().expect("read"), Some((4, b"before".to_vec())));
    let report = store.verify(None).expect("verify");
    assert!(report.sound, "{report:?}");
    assert_eq!(report.redacted, 1);
    store.append(&[entry(11)]).expect("append");
    assert_eq!(store.frames(1, 11).flatten().count(), 11);
}

fn nothing_is_redacted_twice((store, _folder): Made) {
    store.append(&[entry(1)]).expect("append");
    store.redact(1, &entry(2)).expect("redact");
    assert!(matches!(store.redact(1, &entry(3)), Err(StorageError::Request(_))));
    assert!(matches!(store.redact(7, &entry(3)), Err(StorageError::Request(_))));
    assert_eq!(store.head().revision, 2);
}

fn parallel_appends_are_all_there_once((store, _folder): Made) {
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..25 {
                    let receipt = store.append(&[entry(writer * 100 + number)]).expect("append")[0];
                    let frame = store.frame(receipt.revision).expect("read").expect("present");
                    assert_eq!(frame.payload, Payload::Present(entry(writer * 100 + number).payload));
                }
            });
        }
    });
    let mut found: Vec<_> = payloads(&store).into_iter().flatten().collect();
    let mut expected: Vec<_> =
        (0..4).flat_map(|writer| (0..25).map(move |number| entry(writer * 100 + number).payload)).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

fn a_witness_is_confirmed_or_contradicted((store, _folder): Made) {
    let receipts = store.append(&[entry(1), entry(2)]).expect("append");
    let confirmed = |witness| {
        let report = store.verify(Some(witness)).expect("verify");
        assert_eq!(report.witness_confirmed, Some(report.sound));
        report.sound
    };
    assert!(confirmed((1, receipts[0].hash)));
    assert!(confirmed((0, Hash::genesis())));
    assert!(!confirmed((2, receipts[0].hash)));
    assert!(!confirmed((3, receipts[1].hash)));
}

fn metrics_count_what_was_acknowledged((store, _folder): Made) {
    store.append(&[entry(1), entry(2)]).expect("append");
    let metrics = store.metrics();
    assert_eq!(metrics.revision, 2);
    match &store {
        Store::Memory(_) => assert_eq!(store.health(), Health::Ready),
        Store::Ledger(_) => {
            assert_eq!((metrics.batches, metrics.entries), (1, 2));
            assert_eq!(metrics.sync_buckets.iter().sum::<u64>(), 1);
            let whole = metrics.copies == 2;
            assert_eq!(matches!(store.health(), Health::Ready), whole);
        }
    }
}

#[test]
fn a_payload_beyond_the_limit_is_refused_and_nothing_is_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let options = StorageOptions { largest_payload: 1000, ..options() };
    let (store, _) = Store::open(folder.path(), &options).expect("open");
    let refused = store.append(&[entry(1), Entry { payload: vec![0; 1001], time: 0 }]);
    assert!(matches!(refused, Err(AppendError::TooLarge { size: 1001, limit: 1000 })));
    assert_eq!(store.head().revision, 0);
    store.append(&[Entry { payload: vec![0; 1000], time: 0 }]).expect("append");
}

#[test]
fn a_folder_is_open_only_once() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = Store::open(folder.path(), &options()).expect("open");
    let refused = Store::open(folder.path(), &options()).map(|_| ()).expect_err("locked");
    assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
    drop(store);
    Store::open(folder.path(), &options()).expect("free again");
}

#[test]
fn an_orderly_end_leaves_nothing_to_repair() {
    let folder = tempfile::tempdir().expect("folder");
    for round in 0..4 {
        let (store, report) = Store::open(folder.path(), &options()).expect("open");
        assert_eq!(report.repairs, Vec::<String>::new());
        assert_eq!(report.closed_in_order, round > 0);
        assert_eq!(store.head().revision, round * 40);
        store.append((0..40).map(entry).collect::<Vec<_>>()).expect("append");
        store.put_checkpoint(store.head().revision, b"state").expect("checkpoint");
    }
    let (store, report) = Store::open(folder.path(), &options()).expect("open");
    assert!(report.read_from > 100, "only what follows the checkpoint is read: {report:?}");
    assert!(store.verify(None).expect("verify").sound);
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let (store, _) = Store::open(&data, &options()).expect("open");
    store.append(&[entry(1)]).expect("append");
    store.put_checkpoint(1, b"state").expect("checkpoint");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("journal")), 0o700);
    for file in super::support::files(&data) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_folder_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().expect("folder");
    drop(Store::open(folder.path(), &options()).expect("open"));
    std::fs::write(folder.path().join("format"), "{\"format\":\"ezu data folder\",\"version\":1000}").expect("write");
    assert!(matches!(Store::open(folder.path(), &options()), Err(StorageError::Format { .. })));
}
