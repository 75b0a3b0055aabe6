//! What the fuzz targets share: the readers as an import uses them, on an empty model.

use std::sync::LazyLock;

use ezu::application::imports::{Format, ImportFile, ImportOptions, ReadFiles, Readers, read_files};
use ezu::graph::Snapshot;
use ezu::interchange::Limits;

static READERS: LazyLock<Readers> = LazyLock::new(|| Readers::new(limits()));
static MODEL: LazyLock<Snapshot> =
    LazyLock::new(|| Snapshot::empty(ezu::application::files::load_metamodel(None).expect("sound")));

/// Limits under which a single input cannot take long.
pub fn limits() -> Limits {
    Limits { cells: 100_000, unpacked_bytes: 16 << 20, items: 100_000, ..Limits::default() }
}

/// Reads one file; `None` when it is refused.
pub fn read(format: Option<Format>, name: &str, bytes: &[u8]) -> Option<ReadFiles> {
    read_all(format, vec![ImportFile { name: name.to_owned(), bytes: bytes.to_vec() }])
}

/// Reads files that belong together; `None` when they are refused. What is told of a problem can be said in words.
pub fn read_all(format: Option<Format>, files: Vec<ImportFile>) -> Option<ReadFiles> {
    match read_files(&READERS, &MODEL, files, format, &ImportOptions::default(), &|_| {}) {
        Ok(read) => Some(read),
        Err(unreadable) => {
            assert!(!unreadable.to_string().is_empty());
            None
        }
    }
}
