//! An image in little room: each piece of it is a member of one gzip file (RFC 1952 §2.2), the first of which says how
//! many bytes the others are.
//!
//! The image of a large model is as large as the file it was imported from, and is made while that import still holds
//! its memory. Packed piece by piece it is a fifth of that, in memory and on the disk.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::ImageError;
use crate::domain::gzip;

/// More than this is never made of a byte by unpacking it (RFC 1951: 258 bytes take at least two bits).
const MOST_TIMES: u64 = 1032;

/// Pieces that are packed as they come.
#[derive(Default)]
pub(super) struct Packer {
    pieces: Vec<Vec<u8>>,
    bytes: u64,
}

impl Packer {
    /// Packs a piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.pieces.push(gzip::compressed(piece));
        self.bytes += piece.len() as u64;
    }

    /// Adds the pieces of another.
    pub fn append(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
        self.bytes += other.bytes;
    }

    /// How many bytes were packed.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All pieces, for [`unpacked`].
    pub fn finish(self) -> Vec<Vec<u8>> {
        std::iter::once(gzip::compressed(&self.bytes.to_le_bytes())).chain(self.pieces).collect()
    }
}

/// An image from its pieces, one behind the other; one that was never packed as it is.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ImageError> {
    // What is not packed begins with the number of its form.
    if !gzip::is_gzip(bytes) {
        return Ok(bytes.into());
    }
    let damaged = || ImageError::Damaged("it cannot be unpacked");
    let mut unpacking = MultiGzDecoder::new(bytes);
    let mut length = [0; 8];
    unpacking.read_exact(&mut length).map_err(|_| damaged())?;
    let length = u64::from_le_bytes(length);
    if length / MOST_TIMES > bytes.len() as u64 {
        return Err(damaged());
    }
    let mut image = Vec::with_capacity(usize::try_from(length).map_err(|_| damaged())?);
    unpacking.take(length.saturating_add(1)).read_to_end(&mut image).map_err(|_| damaged())?;
    if image.len() as u64 == length { Ok(image.into()) } else { Err(damaged()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(pieces: &[&[u8]]) -> Vec<u8> {
        let mut packer = Packer::default();
        pieces.iter().for_each(|piece| packer.push(piece));
        packer.finish().concat()
    }

    #[test]
    fn pieces_unpack_as_one() {
        let long = vec![7; 100_000];
        let pieces: [&[u8]; 4] = [b"\x01head", b"", &long, b"end"];
        let bytes = packed(&pieces);
        assert!(bytes.len() < long.len() / 10);
        assert_eq!(unpacked(&bytes).expect("whole"), pieces.concat());
        for end in [bytes.len() - 1, bytes.len() / 2, 3] {
            assert!(unpacked(&bytes[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn a_length_that_is_not_the_one_of_the_pieces_is_damage() {
        for length in [0, 2, 4, u64::MAX] {
            let said = [gzip::compressed(&u64::to_le_bytes(length)), gzip::compressed(b"abc")].concat();
            assert!(unpacked(&said).is_err(), "{length}");
        }
        assert_eq!(unpacked(&packed(&[b"abc"])).expect("whole"), b"abc".as_slice());
    }

    #[test]
    fn an_image_that_was_never_packed_is_left_as_it_is() {
        assert!(matches!(unpacked(b"\x01\x02\x03"), Ok(Cow::Borrowed(b"\x01\x02\x03"))));
    }
}
