//! Any bytes as a workbook: `cargo fuzz run workbook fuzz/corpus/workbook tests/imports/fixtures`.
#![no_main]

use ezu::application::imports::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::Workbook), "a.xlsx", bytes);
});
