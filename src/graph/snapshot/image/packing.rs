//! An image in little room: each piece of it is a member of one gzip file (RFC 1952 §2.2).
//!
//! The image of a large model is as large as the file it was imported from, and is made while that import still holds
//! its memory. Packed piece by piece it is a fifth of that, in memory and on the disk.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::ImageError;

/// How every packed image begins. One that is not packed begins with the number of its form.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// About how many times larger an image is than packed; only room that is set aside.
const TIMES: usize = 8;

/// A piece of an image, packed.
pub(super) fn packed(piece: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(piece.len() / 3), Compression::fast());
    // It is written into memory, which takes everything.
    let bytes = encoder.write_all(piece).and_then(|()| encoder.finish()).unwrap_or_default();
    debug_assert!(!bytes.is_empty(), "every member has a header");
    bytes
}

/// An image from its pieces, one behind the other; one that was never packed as it is.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ImageError> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes.into());
    }
    let mut image = Vec::with_capacity(bytes.len().saturating_mul(TIMES));
    let read = MultiGzDecoder::new(bytes).read_to_end(&mut image);
    read.map_err(|_| ImageError::Damaged("it cannot be unpacked"))?;
    Ok(image.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_unpack_as_one() {
        let long = vec![7; 100_000];
        let pieces: [&[u8]; 4] = [b"\x01head", b"", &long, b"end"];
        let bytes: Vec<u8> = pieces.iter().flat_map(|piece| packed(piece)).collect();
        assert!(bytes.len() < long.len() / 10);
        assert_eq!(unpacked(&bytes).expect("whole"), pieces.concat());
        for end in [bytes.len() - 1, bytes.len() / 2, 3] {
            assert!(unpacked(&bytes[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn an_image_that_was_never_packed_is_left_as_it_is() {
        assert!(matches!(unpacked(b"\x01\x02\x03"), Ok(Cow::Borrowed(b"\x01\x02\x03"))));
    }
}
