//! Any text is read as a query or refused at a place inside it: `cargo +nightly fuzz run query_parser`.

#![no_main]

use ezu::query::syntax::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = parse(text) {
        let place = error.span.expect("a syntax error has a place");
        assert!(text.get(place.start as usize..place.end as usize).is_some(), "{error:?}");
        assert!(!error.with_excerpt(text).is_empty());
    }
});
