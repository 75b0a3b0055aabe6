//! What the storage tests share: entries, a small random generator with a printable seed, folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ezu::storage::{Entry, Frame, Payload, SledKind, StorageOptions, Store};

/// Small segments, so that a few dozen entries already fill several, and an intake before sled that is soon full.
pub fn options() -> StorageOptions {
    StorageOptions {
        segment_bytes: 4096,
        reserve_bytes: 1 << 12,
        second_copy_deadline: Duration::from_secs(20),
        second_copy: Some(Arc::new(SledKind { intake_bytes: 16 << 10, ..SledKind::default() })),
        ..StorageOptions::default()
    }
}

/// A splitmix64 generator: good enough to choose test cases, and a seed brings a case back.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

/// The number in an environment variable, or a default: long runs are asked for by hand.
pub fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// An entry whose content tells which one it is and can be searched for in files.
pub fn entry(number: u64) -> Entry {
    let filler = "x".repeat(usize::try_from(number * 37 % 300).expect("small"));
    Entry {
        payload: format!("{{\"change\":\"number-{number:06}\",\"filler\":\"{filler}\"}}").into_bytes(),
        time: time(number),
    }
}

pub fn time(number: u64) -> i64 {
    1_700_000_000_000_000 + i64::try_from(number).expect("small")
}

/// All frames, or the first error.
pub fn all(store: &Store) -> Result<Vec<Frame>, ezu::storage::StorageError> {
    store.frames(1, u64::MAX).collect()
}

/// The payloads of all frames; `None` where redacted.
pub fn payloads(store: &Store) -> Vec<Option<Vec<u8>>> {
    let bytes = |frame: Frame| match frame.payload {
        Payload::Present(bytes) => Some(bytes),
        Payload::Redacted { .. } => None,
    };
    all(store).expect("every frame is readable").into_iter().map(bytes).collect()
}

/// Copies a folder and everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("create");
    for item in fs::read_dir(from).expect("list") {
        let item = item.expect("item");
        let target = to.join(item.file_name());
        if item.file_type().expect("type").is_dir() {
            copy_folder(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).expect("copy");
        }
    }
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).into_iter().flatten() {
        let path = item.expect("item").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The segments of the journal, sorted.
pub fn segments(folder: &Path) -> Vec<PathBuf> {
    files(&folder.join("journal"))
}

/// Whether any file below the folder contains the bytes.
pub fn contains(folder: &Path, wanted: &[u8]) -> bool {
    files(folder).iter().any(|path| fs::read(path).expect("read").windows(wanted.len()).any(|window| window == wanted))
}
