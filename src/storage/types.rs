//! What goes into the ledger and what comes out of it.

use serde::{Deserialize, Serialize};

use super::hash::Hash;

/// Something to be appended: bytes that the storage room does not look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The content.
    pub payload: Vec<u8>,
    /// When it was recorded, in microseconds since 1970-01-01T00:00:00Z, by the caller's clock.
    pub time: i64,
}

/// The acknowledgement of one entry: it is on stable storage, at this revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The revision that the entry was given; the first is 1.
    pub revision: u64,
    /// The hash of its frame, which covers everything before it too.
    pub hash: Hash,
}

/// The end of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The newest revision; 0 when the ledger is empty.
    pub revision: u64,
    /// The hash of the newest frame; [`Hash::genesis`] when the ledger is empty.
    pub hash: Hash,
    /// When the newest frame was recorded, in microseconds since 1970; 0 when the ledger is empty.
    pub time: i64,
}

impl Head {
    /// The head of an empty ledger.
    #[must_use]
    pub fn empty() -> Self {
        Self { revision: 0, hash: Hash::genesis(), time: 0 }
    }
}

/// One link of the ledger, as read back and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its place in the ledger.
    pub revision: u64,
    /// The hash over this frame, which the next one names as its `previous`.
    pub hash: Hash,
    /// The hash of the frame before.
    pub previous: Hash,
    /// When it was recorded, in microseconds since 1970.
    pub time: i64,
    /// What kind of act it records.
    pub act: Act,
    /// Its content, unless the law forbade to keep it.
    pub payload: Payload,
}

/// What a frame records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// An entry of the caller.
    Change,
    /// The removal of the payload of an earlier revision; the frame's payload is the caller's record of it.
    Redaction {
        /// The revision whose payload was removed.
        of: u64,
    },
}

/// The content of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// The bytes as they were given.
    Present(Vec<u8>),
    /// The bytes were removed, by a later frame that says so.
    Redacted {
        /// The revision of that later frame.
        by: u64,
    },
}

impl Payload {
    /// The bytes, or `None` when they were redacted.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Present(bytes) => Some(bytes),
            Self::Redacted { .. } => None,
        }
    }
}
