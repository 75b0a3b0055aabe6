//! Any bytes as a file of the exchange format. What is read can be written, and what is written is read as the same
//! document: `cargo fuzz run exchange -- -dict=fuzz/xml.dict`.
#![no_main]

use ezu::application::imports::Format;
use ezu::interchange::archimate::{read_exchange, write_exchange};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(Some(Format::ArchimateExchange), "a.xml", bytes);
    let limits = ezu_fuzz::limits();
    let Ok(read) = read_exchange("a.xml", bytes, &limits, &|_| {}) else { return };
    let first = write_exchange(&read.document).bytes;
    let again = read_exchange("b.xml", &first, &limits, &|_| {}).expect("what is written can be read");
    let second = write_exchange(&again.document).bytes;
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
});
