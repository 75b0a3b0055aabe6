//! Any bytes as ezu's own model file (YAML or JSON): `cargo fuzz run native`.
#![no_main]

use ezu::application::imports::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::Native), "a.yaml", bytes);
});
