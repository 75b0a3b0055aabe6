//! Any bytes as a process diagram: `cargo fuzz run bpmn -- -dict=fuzz/xml.dict`.
#![no_main]

use ezu::application::imports::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::Bpmn), "a.bpmn", bytes);
});
