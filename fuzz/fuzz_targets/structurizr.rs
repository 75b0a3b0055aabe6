//! Any bytes as a Structurizr workspace: `cargo fuzz run structurizr`.
#![no_main]

use ezu::application::imports::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::Structurizr), "workspace.json", bytes);
});
