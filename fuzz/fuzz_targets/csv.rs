//! Any bytes as delimited text: `cargo fuzz run csv -- -dict=fuzz/ledger.dict`.
#![no_main]

use ezu::application::imports::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::Csv), "a.csv", bytes);
});
