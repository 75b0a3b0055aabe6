//! gzip (RFC 1952) in memory: what is large is kept in it, and any other program reads it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// How everything compressed begins (RFC 1952 §2.3.1); neither JSON nor a number below 31 does.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Whether bytes are compressed.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Compresses what is written to it, quickly. The same bytes come out as the same.
pub fn encoder() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::fast())
}

/// Bytes as one member of a gzip file; members behind each other are read as one.
///
/// # Panics
/// Never: it is written into memory.
pub fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = encoder();
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes what is written into it")
}
