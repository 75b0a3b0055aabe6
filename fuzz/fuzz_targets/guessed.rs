//! Any bytes in the form that they seem to have: `cargo fuzz run guessed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ezu_fuzz::read(None, "a", bytes);
});
