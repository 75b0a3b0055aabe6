//! Opening from a checkpoint: only what lies behind it is read, and nothing else is taken on trust.

use std::fs;

use ezu::storage::{Frame, Store};

use super::support::{all, copy_folder, entry, options, segments};

/// Sixty entries in one segment of 64 kB, or in several small ones, with a checkpoint at 50.
fn with_checkpoint(folder: &std::path::Path, segment_bytes: u64) -> (ezu::storage::StorageOptions, Vec<Frame>) {
    let options = ezu::storage::StorageOptions { segment_bytes, ..options() };
    let (store, _) = Store::open(folder, &options).expect("open");
    for start in (1..=60).step_by(5) {
        store.append((start..start + 5).map(entry).collect::<Vec<_>>()).expect("append");
        if start == 46 {
            store.put_checkpoint(50, b"the state at 50").expect("checkpoint");
        }
    }
    let frames = all(&store).expect("read");
    (options, frames)
}

#[test]
fn only_what_lies_behind_the_checkpoint_is_read() {
    for segment_bytes in [4096, 1 << 16] {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        let (options, expected) = with_checkpoint(&folder, segment_bytes);
        let (store, report) = Store::open(&folder, &options).expect("open");
        assert_eq!((report.read_from, report.repairs.as_slice()), (50, &[][..]));
        // What lies before is found all the same, in whatever order it is asked for.
        for revision in [60, 50, 49, 1, 55, 2] {
            let place = usize::try_from(revision - 1).expect("small");
            assert_eq!(store.frame(revision).expect("read").as_ref(), Some(&expected[place]));
        }
        store.append(&[entry(61)]).expect("append");
        assert_eq!(all(&store).expect("read")[..60], expected);
        assert!(store.verify(None).expect("verify").sound);
    }
}

#[test]
fn a_tail_that_was_torn_behind_the_checkpoint_is_cut() {
    let base = tempfile::tempdir().expect("folder");
    let (folder, copy) = (base.path().join("data"), base.path().join("copy"));
    let (options, expected) = with_checkpoint(&folder, 1 << 16);
    let (store, _) = Store::open(&folder, &options).expect("open");
    // As a kill finds it: not closed, with blanks ahead and the beginning of a frame.
    copy_folder(&folder, &copy);
    drop(store);
    let last = segments(&copy).pop().expect("a segment");
    let bytes = fs::read(&last).expect("read");
    fs::write(&last, [&bytes[..], &bytes[64..264]].concat()).expect("write");
    let (store, report) = Store::open(&copy, &options).expect("open");
    assert_eq!(report.read_from, 50, "{report:?}");
    assert!(report.repairs.iter().any(|repair| repair.contains("never acknowledged")), "{report:?}");
    assert_eq!(all(&store).expect("read"), expected);
}

#[test]
fn damage_before_the_checkpoint_is_left_to_the_scrub_and_behind_it_mended() {
    for (revision, at_opening) in [(20_usize, false), (55, true)] {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        let (options, expected) = with_checkpoint(&folder, 1 << 16);
        let path = segments(&folder).remove(0);
        let mut bytes = fs::read(&path).expect("read");
        let wanted = format!("number-{revision:06}");
        let place = bytes.windows(wanted.len()).position(|seen| seen == wanted.as_bytes()).expect("it is there");
        bytes[place] ^= 1;
        fs::write(&path, bytes).expect("write");
        let (store, report) = Store::open(&folder, &options).expect("open");
        assert_eq!(report.repaired_frames > 0, at_opening, "{report:?}");
        assert_eq!(store.frame(revision as u64).expect("read").as_ref(), Some(&expected[revision - 1]));
        store.scrub_step(u64::MAX);
        assert!(store.verify(None).expect("verify").sound, "revision {revision}");
        assert_eq!(all(&store).expect("read"), expected);
    }
}
