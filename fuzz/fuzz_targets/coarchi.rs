//! Any texts as the files of a tree of coArchi. An input is a list of files: a line with `--- path`, then the content.
//! `cargo fuzz run coarchi -- -dict=fuzz/xml.dict`.
#![no_main]

use ezu::application::imports::{Format, ImportFile};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let files: Vec<ImportFile> = text
        .split("--- ")
        .skip(1)
        .map(|file| {
            let (name, content) = file.split_once('\n').unwrap_or((file, ""));
            ImportFile { name: name.trim().to_owned(), bytes: content.as_bytes().to_vec() }
        })
        .collect();
    ezu_fuzz::read_all(Some(Format::CoArchi), files);
});
