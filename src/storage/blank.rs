//! Zeros to write ahead with: overwriting what is written already costs a disk less than growing a file.

/// Written as it is, so that nobody has to clear memory for it first.
static ZEROS: [u8; 256 << 10] = [0; 256 << 10];

/// So many zeros, or as many as can be written at a time.
pub(super) fn zeros(bytes: u64) -> &'static [u8] {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    &ZEROS[..bytes.min(ZEROS.len())]
}
