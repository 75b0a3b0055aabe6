//! A frame as bytes: the one format that the journal, the second copy and backups share.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "EZF" and the format version (1)
//!      4      4  length of the payload
//!      8      4  CRC-32C of the payload
//!     12      8  revision
//!     20      8  first revision of the batch that was written and synced together
//!     28      8  time, microseconds since 1970 (signed)
//!     36      8  the revision that this frame redacts, or 0
//!     44      8  the revision by which this frame was redacted, or 0
//!     52     16  salt (zero once redacted)
//!     68     32  hash of the frame before
//!    100     32  commitment: SHA-256 over salt and payload; stays when they are redacted
//!    132      4  CRC-32C of the 132 bytes before
//!    136      …  payload
//! ```
//! Integers are little-endian. The hash of a frame covers revision, time, the redacted revision, the
//! hash before and the commitment, and so does not change when the payload is lawfully removed.

use super::hash::Hash;
use super::types::{Act, Frame, Payload};

/// The length of a frame without its payload, in bytes.
pub(super) const HEADER_BYTES: usize = 136;
/// The first bytes of every frame of format version 1.
pub(super) const FRAME_MAGIC: [u8; 4] = *b"EZF\x01";

/// The fixed part of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub payload_bytes: u32,
    pub payload_crc: u32,
    pub revision: u64,
    pub batch: u64,
    pub time: i64,
    pub redacts: u64,
    pub redacted_by: u64,
    pub salt: [u8; 16],
    pub previous: Hash,
    pub commitment: Hash,
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrameFault {
    #[error("the bytes end inside the frame")]
    Short,
    #[error("there is no frame header")]
    Header,
    #[error("the checksum of the payload does not match")]
    Payload,
    #[error("the payload is not the one that was committed to")]
    Commitment,
    #[error("it holds another revision")]
    Revision,
}

impl Header {
    /// Reads the fixed part; its own checksum must match. O(1).
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameFault> {
        let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk().ok_or(FrameFault::Short)?;
        if bytes[..4] != FRAME_MAGIC || crc32c::crc32c(&bytes[..132]) != u32::from_le_bytes(part(bytes, 132)) {
            return Err(FrameFault::Header);
        }
        Ok(Self {
            payload_bytes: u32::from_le_bytes(part(bytes, 4)),
            payload_crc: u32::from_le_bytes(part(bytes, 8)),
            revision: u64::from_le_bytes(part(bytes, 12)),
            batch: u64::from_le_bytes(part(bytes, 20)),
            time: i64::from_le_bytes(part(bytes, 28)),
            redacts: u64::from_le_bytes(part(bytes, 36)),
            redacted_by: u64::from_le_bytes(part(bytes, 44)),
            salt: part(bytes, 52),
            previous: Hash::from_bytes(part(bytes, 68)),
            commitment: Hash::from_bytes(part(bytes, 100)),
        })
    }

    /// The fixed part as bytes.
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        let mut at = 0;
        let mut put = |piece: &[u8]| {
            bytes[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        };
        put(&FRAME_MAGIC);
        put(&self.payload_bytes.to_le_bytes());
        put(&self.payload_crc.to_le_bytes());
        put(&self.revision.to_le_bytes());
        put(&self.batch.to_le_bytes());
        put(&self.time.to_le_bytes());
        put(&self.redacts.to_le_bytes());
        put(&self.redacted_by.to_le_bytes());
        put(&self.salt);
        put(self.previous.as_bytes());
        put(self.commitment.as_bytes());
        let crc = crc32c::crc32c(&bytes[..132]);
        bytes[132..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The hash of the frame, which the next frame names.
    pub fn hash(&self) -> Hash {
        Hash::of(&[
            b"ezu frame 1",
            &self.revision.to_le_bytes(),
            &self.time.to_le_bytes(),
            &self.redacts.to_le_bytes(),
            self.previous.as_bytes(),
            self.commitment.as_bytes(),
        ])
    }

    /// The length of the whole frame in bytes.
    pub fn frame_bytes(&self) -> u64 {
        HEADER_BYTES as u64 + u64::from(self.payload_bytes)
    }

    /// Checks the payload against checksum and commitment. A tombstone has no payload to check.
    pub fn check_payload(&self, payload: &[u8]) -> Result<(), FrameFault> {
        if crc32c::crc32c(payload) != self.payload_crc {
            return Err(FrameFault::Payload);
        }
        if self.redacted_by == 0 && commitment(&self.salt, payload) != self.commitment {
            return Err(FrameFault::Commitment);
        }
        Ok(())
    }

    /// The same frame without payload and salt: what a redaction leaves.
    pub fn tombstone(&self, by: u64) -> Self {
        Self { payload_bytes: 0, payload_crc: crc32c::crc32c(&[]), redacted_by: by, salt: [0; 16], ..*self }
    }
}

/// The salted hash that binds a frame to its payload without revealing a guessable one.
pub(super) fn commitment(salt: &[u8; 16], payload: &[u8]) -> Hash {
    Hash::of(&[b"ezu payload 1", salt, payload])
}

/// Reads one whole frame from the start of `bytes` and checks it. O(length of the frame).
pub(super) fn decode(bytes: &[u8]) -> Result<(Header, &[u8]), FrameFault> {
    let header = Header::decode(bytes)?;
    let payload = bytes.get(HEADER_BYTES..HEADER_BYTES + header.payload_bytes as usize).ok_or(FrameFault::Short)?;
    header.check_payload(payload)?;
    Ok((header, payload))
}

/// The frame as callers see it.
pub(super) fn to_frame(header: &Header, payload: Vec<u8>) -> Frame {
    Frame {
        revision: header.revision,
        hash: header.hash(),
        previous: header.previous,
        time: header.time,
        act: if header.redacts == 0 { Act::Change } else { Act::Redaction { of: header.redacts } },
        payload: if header.redacted_by == 0 {
            Payload::Present(payload)
        } else {
            Payload::Redacted { by: header.redacted_by }
        },
    }
}

fn part<const N: usize>(bytes: &[u8; HEADER_BYTES], at: usize) -> [u8; N] {
    let mut piece = [0; N];
    piece.copy_from_slice(&bytes[at..at + N]);
    piece
}

/// The stored bytes of a revision, if they are exactly one valid frame of it.
pub(super) fn whole(bytes: &[u8], revision: u64) -> Result<(Header, &[u8]), FrameFault> {
    let (header, payload) = decode(bytes)?;
    if header.revision != revision || header.frame_bytes() != bytes.len() as u64 {
        return Err(FrameFault::Revision);
    }
    Ok((header, payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (Header, Vec<u8>) {
        let payload = b"a change".to_vec();
        let salt = [7; 16];
        let header = Header {
            payload_bytes: 8,
            payload_crc: crc32c::crc32c(&payload),
            revision: 3,
            batch: 2,
            time: -5,
            redacts: 0,
            redacted_by: 0,
            salt,
            previous: Hash::genesis(),
            commitment: commitment(&salt, &payload),
        };
        (header, payload)
    }

    #[test]
    fn a_frame_reads_back_as_it_was_written() {
        let (header, payload) = sample();
        let mut bytes = header.encode().to_vec();
        bytes.extend_from_slice(&payload);
        assert_eq!(decode(&bytes), Ok((header, payload.as_slice())));
    }

    #[test]
    fn every_single_bit_flip_is_noticed() {
        let (header, payload) = sample();
        let mut bytes = header.encode().to_vec();
        bytes.extend_from_slice(&payload);
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&bytes).is_err(), "bit {bit}");
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }

    #[test]
    fn redaction_keeps_the_hash_and_drops_the_salt() {
        let (header, _) = sample();
        let tombstone = header.tombstone(9);
        assert_eq!(tombstone.hash(), header.hash());
        assert_eq!(tombstone.salt, [0; 16]);
        assert_eq!(decode(&tombstone.encode()), Ok((tombstone, &[][..])));
    }
}
