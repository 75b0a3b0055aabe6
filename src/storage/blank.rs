//! Zeros that are written ahead: overwriting what is written already costs a disk less than growing a file, which
//! makes every sync wait for the file system's own journal.

/// The least and the most that is written ahead, in bytes.
const LEAST: u64 = 16 << 10;
const MOST: u64 = 1 << 20;

/// Written as it is, so that nobody has to clear memory for it first.
static ZEROS: [u8; 256 << 10] = [0; 256 << 10];

/// Up to where zeros are written behind a file that has just grown to `end`: as much as the file is long, within
/// bounds, and never beyond `limit`.
pub(super) fn ahead(end: u64, limit: u64) -> u64 {
    end + end.clamp(LEAST, MOST).min(limit.saturating_sub(end))
}

/// So many zeros, or as many as can be written at a time.
pub(super) fn zeros(bytes: u64) -> &'static [u8] {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    &ZEROS[..bytes.min(ZEROS.len())]
}
