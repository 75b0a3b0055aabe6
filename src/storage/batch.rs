//! Turning a batch of entries into linked frames.

use super::codec::{HEADER_BYTES, Header, commitment};
use super::error::AppendError;
use super::types::{Entry, Head, Receipt};

/// Where one frame lies in the bytes of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    pub revision: u64,
    pub start: usize,
    pub end: usize,
}

/// A batch ready to be written: its frames back to back.
#[derive(Debug)]
pub(super) struct EncodedBatch {
    pub bytes: Vec<u8>,
    pub frames: Vec<Placed>,
    pub receipts: Vec<Receipt>,
    pub head: Head,
}

/// Links `entries` onto `head`. `redacts` is 0, or the revision that the (single) entry redacts.
/// O(bytes of the payloads).
pub(super) fn encode(head: Head, entries: &[Entry], redacts: u64, limit: u64) -> Result<EncodedBatch, AppendError> {
    let size = entries.iter().map(|entry| HEADER_BYTES + entry.payload.len()).sum();
    let mut batch = EncodedBatch {
        bytes: Vec::with_capacity(size),
        frames: Vec::with_capacity(entries.len()),
        receipts: Vec::with_capacity(entries.len()),
        head,
    };
    let salts = random_salts(entries.len())?;
    for (entry, salt) in entries.iter().zip(salts.as_chunks::<16>().0) {
        batch.push(entry, *salt, head.revision + 1, redacts, limit)?;
    }
    Ok(batch)
}

impl EncodedBatch {
    fn push(&mut self, entry: &Entry, salt: [u8; 16], first: u64, redacts: u64, limit: u64) -> Result<(), AppendError> {
        let size = entry.payload.len() as u64;
        let too_large = AppendError::TooLarge { size, limit };
        let payload_bytes = match u32::try_from(size) {
            Ok(bytes) if size <= limit => bytes,
            _ => return Err(too_large),
        };
        let header = Header {
            payload_bytes,
            payload_crc: crc32c::crc32c(&entry.payload),
            revision: self.head.revision + 1,
            batch: first,
            time: entry.time,
            redacts,
            redacted_by: 0,
            salt,
            previous: self.head.hash,
            commitment: commitment(&salt, &entry.payload),
        };
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&header.encode());
        self.bytes.extend_from_slice(&entry.payload);
        let hash = header.hash();
        self.frames.push(Placed { revision: header.revision, start, end: self.bytes.len() });
        self.receipts.push(Receipt { revision: header.revision, hash });
        self.head = Head { revision: header.revision, hash, time: entry.time };
        Ok(())
    }
}

/// Sixteen random bytes for each frame, in one call to the operating system.
fn random_salts(count: usize) -> Result<Vec<u8>, AppendError> {
    let mut salts = vec![0; count * 16];
    getrandom::fill(&mut salts).map_err(|error| AppendError::Io(std::io::Error::other(error.to_string())))?;
    Ok(salts)
}
