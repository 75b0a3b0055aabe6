//! Idempotency keys: which request made which revision.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

/// The first sixteen bytes of a SHA-256 digest: neither keys nor requests themselves are kept.
type Digest = [u8; 16];

/// How many bytes one key takes in a checkpoint.
const RECORD: usize = 40;

/// A key, the request it was used for, and the revision that this made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct KeyRecord {
    key: Digest,
    request: Digest,
    revision: u64,
}

/// All keys that were ever used. A clone costs a few pointers.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    /// Those of the checkpoint, sorted.
    before: Arc<[KeyRecord]>,
    since: imbl::HashMap<Digest, KeyRecord>,
}

fn digest(text: &str) -> Digest {
    let mut first = Digest::default();
    first.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    first
}

impl Keys {
    /// Remembers a key.
    pub(super) fn insert(&mut self, key: &str, request: Option<&str>, revision: u64) {
        let record = KeyRecord { key: digest(key), request: digest(request.unwrap_or_default()), revision };
        self.since.insert(record.key, record);
    }

    /// Forgets a key whose request was not written after all.
    pub(super) fn remove(&mut self, key: &str) {
        self.since.remove(&digest(key));
    }

    /// The revision that a key made, and whether by this very request. O(log keys).
    pub(super) fn get(&self, key: &str, request: Option<&str>) -> Option<(u64, bool)> {
        let key = digest(key);
        let before = || self.before.binary_search_by_key(&key, |held| held.key).ok().map(|place| self.before[place]);
        let held = self.since.get(&key).copied().or_else(before)?;
        Some((held.revision, held.request == digest(request.unwrap_or_default())))
    }

    /// All keys as bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut all: Vec<KeyRecord> = self.before.iter().chain(self.since.values()).copied().collect();
        all.sort_unstable();
        let mut bytes = Vec::with_capacity(all.len() * RECORD);
        for record in all {
            bytes.extend_from_slice(&record.key);
            bytes.extend_from_slice(&record.request);
            bytes.extend_from_slice(&record.revision.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`Keys::to_bytes`] wrote; absent if it cannot have.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (records, rest) = bytes.as_chunks::<RECORD>();
        let read = |record: &[u8; RECORD]| {
            Some(KeyRecord {
                key: *record.first_chunk()?,
                request: *record[16..].first_chunk()?,
                revision: u64::from_le_bytes(*record[32..].first_chunk()?),
            })
        };
        let before: Arc<[KeyRecord]> = records.iter().map(read).collect::<Option<_>>()?;
        (rest.is_empty() && before.is_sorted()).then(|| Self { before, since: imbl::HashMap::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_a_checkpoint_and_tell_requests_apart() {
        let mut keys = Keys::default();
        (1..=100).for_each(|revision| keys.insert(&format!("key-{revision}"), Some("request"), revision));
        let mut read = Keys::from_bytes(&keys.to_bytes()).expect("its own bytes");
        read.insert("new", None, 101);
        assert_eq!(read.get("key-7", Some("request")), Some((7, true)));
        assert_eq!(read.get("key-7", Some("other")), Some((7, false)));
        assert_eq!((read.get("new", None), read.get("unknown", None)), (Some((101, true)), None));
        read.remove("new");
        assert_eq!(read.get("new", None), None);
        assert!(Keys::from_bytes(&[0; 41]).is_none());
    }
}
