//! Turning a batch of entries into linked frames.

use std::borrow::Cow;

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
/// O(bytes of the payloads); an only entry that is given away is not copied, for it may be as large as a model.
pub(super) fn encode(
    head: Head,
    entries: Cow<'_, [Entry]>,
    redacts: u64,
    limit: u64,
) -> Result<EncodedBatch, AppendError> {
    let count = entries.len();
    let (frames, receipts) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut batch = EncodedBatch { bytes: Vec::new(), frames, receipts, head };
    let salts = random_salts(count)?;
    let salts = salts.as_chunks::<16>().0;
    let first = head.revision + 1;
    match entries {
        Cow::Owned(mut entries) if count == 1 => {
            let header = batch.link(&entries[0], salts[0], first, redacts, limit)?;
            batch.bytes = entries.swap_remove(0).payload;
            batch.bytes.splice(0..0, header.encode());
        }
        entries => {
            batch.bytes.reserve_exact(entries.iter().map(|entry| HEADER_BYTES + entry.payload.len()).sum());
            for (entry, salt) in entries.iter().zip(salts) {
                let header = batch.link(entry, *salt, first, redacts, limit)?;
                batch.bytes.extend_from_slice(&header.encode());
                batch.bytes.extend_from_slice(&entry.payload);
            }
        }
    }
    Ok(batch)
}

impl EncodedBatch {
    /// The header of the next entry, whose frame is to be put behind those before it.
    fn link(
        &mut self,
        entry: &Entry,
        salt: [u8; 16],
        first: u64,
        redacts: u64,
        limit: u64,
    ) -> Result<Header, AppendError> {
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
        let start = self.frames.last().map_or(0, |before| before.end);
        let hash = header.hash();
        let end = start + HEADER_BYTES + entry.payload.len();
        self.frames.push(Placed { revision: header.revision, start, end });
        self.receipts.push(Receipt { revision: header.revision, hash });
        self.head = Head { revision: header.revision, hash, time: entry.time };
        Ok(header)
    }
}

/// Sixteen random bytes for each frame, in one call to the operating system.
fn random_salts(count: usize) -> Result<Vec<u8>, AppendError> {
    let mut salts = vec![0; count * 16];
    getrandom::fill(&mut salts).map_err(|error| AppendError::Io(std::io::Error::other(error.to_string())))?;
    Ok(salts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::codec;

    #[test]
    fn entries_that_are_given_away_make_the_same_frames_as_those_that_are_lent() {
        let entry = |number: u8| Entry { payload: vec![number; 100 * usize::from(number)], time: i64::from(number) };
        for count in 1..=3 {
            let entries: Vec<Entry> = (1..=count).map(entry).collect();
            let lent = encode(Head::empty(), entries.as_slice().into(), 0, 1_000).expect("encoded");
            let given = encode(Head::empty(), entries.clone().into(), 0, 1_000).expect("encoded");
            for batch in [lent, given] {
                let mut previous = Head::empty().hash;
                for (placed, entry) in batch.frames.iter().zip(&entries) {
                    let (header, payload) = codec::decode(&batch.bytes[placed.start..placed.end]).expect("a frame");
                    assert_eq!(
                        (header.revision, header.previous, header.time),
                        (placed.revision, previous, entry.time)
                    );
                    assert!(payload == entry.payload.as_slice());
                    previous = header.hash();
                }
                assert_eq!(batch.frames.last().map(|placed| placed.end), Some(batch.bytes.len()));
                assert_eq!((batch.frames.len(), batch.head.hash), (entries.len(), previous));
            }
        }
    }

    #[test]
    fn what_is_too_large_is_refused_whoever_owns_it() {
        let entries = vec![Entry { payload: vec![0; 11], time: 0 }];
        for entries in [Cow::Borrowed(entries.as_slice()), Cow::Owned(entries.clone())] {
            let refused = encode(Head::empty(), entries, 0, 10);
            assert!(matches!(refused, Err(AppendError::TooLarge { size: 11, limit: 10 })));
        }
    }
}
