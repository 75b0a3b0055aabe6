//! Any bytes as a workbook: `cargo +nightly fuzz run workbook fuzz/corpus/workbook tests/imports/fixtures`.
#![no_main]

use std::sync::LazyLock;

use ezu::application::imports::{Format, ImportFile, ImportOptions, Readers, read_files};
use ezu::graph::Snapshot;
use ezu::interchange::Limits;

static READERS: LazyLock<Readers> = LazyLock::new(|| Readers::new(Limits { cells: 100_000, ..Limits::default() }));
static MODEL: LazyLock<Snapshot> =
    LazyLock::new(|| Snapshot::empty(ezu::application::files::load_metamodel(None).expect("sound")));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let files = [ImportFile { name: "a.xlsx".to_owned(), bytes: bytes.to_vec() }];
    let _ = read_files(&READERS, &MODEL, &files, Some(Format::Workbook), &ImportOptions::default(), &|_| {});
});
