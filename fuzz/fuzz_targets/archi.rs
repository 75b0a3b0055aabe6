//! Any bytes as a file of Archi, plain or zipped. What is read can be written, and what is written is read as the same
//! document: `cargo fuzz run archi -- -dict=fuzz/xml.dict`.
#![no_main]

use ezu::application::imports::Format;
use ezu::interchange::archimate::{read_archi, write_archi};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::Archi), "a.archimate", bytes);
    let limits = ezu_fuzz::limits();
    let Ok(read) = read_archi("a.archimate", bytes, &limits, &|_| {}) else { return };
    let Ok(first) = write_archi(&read.document) else { return };
    let again = read_archi("b.archimate", &first.bytes, &limits, &|_| {}).expect("what is written can be read");
    let second = write_archi(&again.document).expect("written before");
    assert!(first.bytes == second.bytes, "{}", String::from_utf8_lossy(&first.bytes));
});
